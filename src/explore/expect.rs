//! Which answers are right: from an act and what the model knows to the answer that the contract wants, with the requirement that asks for
//! it. Levels are those of the catalogue.

use std::time::Duration;

use super::{
    compose::{Parts, bad_value, is_right_after_all},
    input::{Alphabet, BadBody, Text, decode_alike},
    model::{Model, OneTime, Pair, Standing},
    operation::{Act, Call, Deviation, Field, Kind, PathSpelling, Place, Scheme, Spelling, Subject},
};

/// What an answer has to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Want {
    /// A new pair of this user.
    Pair(usize),
    /// The protected call's answer for this user.
    Access(usize),
    /// The login of this user.
    Named(usize),
    /// The login of this user, or a refusal.
    NamedOrRefused(usize),
    /// A change is carried out.
    Changed,
    /// A change is carried out or refused.
    MayChange,
    /// 401.
    Unauthorized,
    /// A client error without a token.
    Refused,
    /// A client error, or an answer that says that the token is not valid; in no case a login.
    Negative,
    /// Anything but what the request was after.
    NotGranted,
    /// 404 or, of a server that hides its paths, 401.
    Unknown,
    /// Nothing but an error of the server's own is wrong.
    Open,
}

/// The answer that is wanted and the requirement that wants it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Expectation {
    pub(crate) want: Want,
    pub(crate) requirement: &'static str,
    /// Whether statuses and bodies of the HTTP layer in front are as good as the API's own.
    pub(crate) any_refusal: bool,
}

impl Expectation {
    fn new(want: Want, requirement: &'static str) -> Self {
        Self { want, requirement, any_refusal: false }
    }

    fn or_any_refusal(self, any_refusal: bool) -> Self {
        Self { any_refusal, ..self }
    }
}

/// The answer that is wanted for an act that was sent and answered at these moments.
pub(crate) fn expect(act: Act, parts: &Parts, model: &Model, sent: Duration, received: Duration) -> Expectation {
    let act = if is_right_after_all(act, parts) { act.with(Deviation::None) } else { act };
    let huge = matches!(act.deviation, Deviation::Text(_, text) if text.is_huge());
    let expectation = match act.call {
        Call::Login => login(act, parts, model),
        Call::Use => access(act, parts, model, sent, received),
        Call::Refresh => refresh(act, parts, model, sent, received),
        Call::Verify => verification(act, parts, model, sent, received),
        Call::Change => change(act, parts, model, sent, received),
        Call::ReadSettings => Expectation::new(Want::Open, "ERROR-1").or_any_refusal(true),
        Call::Nowhere => Expectation::new(Want::Unknown, "ERROR-3").or_any_refusal(is_layered(act)),
    };
    let any_refusal = expectation.any_refusal || huge;
    expectation.or_any_refusal(any_refusal)
}

/// Whether an unknown path is written so that what stands before the API may refuse it.
fn is_layered(act: Act) -> bool {
    match act.deviation {
        Deviation::Path(PathSpelling::Static(_) | PathSpelling::SlashBehind | PathSpelling::Extension) => false,
        Deviation::Path(_) | Deviation::Method(_) => true,
        _ => false,
    }
}

fn login(act: Act, parts: &Parts, model: &Model) -> Expectation {
    let Subject::User(user) = act.subject else { return Expectation::new(Want::Open, "ERROR-1") };
    let refused = |requirement| Expectation::new(Want::Refused, requirement);
    match act.deviation {
        Deviation::Spelled(Spelling::MoreMembers | Spelling::OtherMembers | Spelling::OtherBearer) => {
            Expectation::new(Want::Open, "ISSUE-17")
        }
        Deviation::None | Deviation::Spelled(_) => Expectation::new(Want::Pair(user), "ISSUE-1"),
        Deviation::Text(Field::Login, text) if is_open_login(text, parts, model) => {
            Expectation::new(Want::Open, "ISSUE-17")
        }
        Deviation::Text(Field::Login, Text::Spoilt { .. } | Text::Others) => refused("ISSUE-7"),
        Deviation::Text(Field::Password, Text::Spoilt { .. } | Text::Others) => refused("ISSUE-12"),
        Deviation::Text(_, Text::Made { alphabet: Alphabet::Own, length: 0, .. }) => {
            refused(if matches!(act.deviation, Deviation::Text(Field::Login, _)) { "ISSUE-7" } else { "ISSUE-6" })
        }
        Deviation::Text(..) => refused("ISSUE-17"),
        Deviation::Json(..) | Deviation::Absent(_) => refused("ISSUE-9"),
        Deviation::Browser => refused("ISSUE-9"),
        Deviation::Body(bad) if bad.may_be_read() => Expectation::new(Want::Open, "ISSUE-17").or_any_refusal(true),
        Deviation::Body(_) => refused("ISSUE-10").or_any_refusal(false),
        Deviation::Method(_) => Expectation::new(Want::NotGranted, "ISSUE-14"),
        Deviation::Beside(_) => Expectation::new(Want::Open, "ERROR-1").or_any_refusal(true),
        Deviation::Below => Expectation::new(Want::NotGranted, "ERROR-3").or_any_refusal(true),
        Deviation::Place(Place::Form) => Expectation::new(Want::Open, "ISSUE-11").or_any_refusal(true),
        Deviation::Place(_) => Expectation::new(Want::NotGranted, "ISSUE-11"),
        _ => Expectation::new(Want::Open, "ERROR-1"),
    }
}

/// Whether the server may take this for the login that it resembles.
fn is_open_login(text: Text, parts: &Parts, model: &Model) -> bool {
    let shown = text.render(&parts.login, parts.other.as_deref());
    let trimmed = shown.trim();
    let same = |known: &str| {
        known == trimmed || (model.behaviour.login_any_case && known.to_lowercase() == trimmed.to_lowercase())
    };
    let blank_matters = trimmed.len() != shown.len() && !model.behaviour.login_trimmed;
    !blank_matters && same(&parts.login)
}

fn access(act: Act, parts: &Parts, model: &Model, sent: Duration, received: Duration) -> Expectation {
    let refused = |requirement| Expectation::new(Want::Unauthorized, requirement);
    let pair = if let Subject::Pair(id) = act.subject { model.pair(id) } else { None };
    if model.behaviour.lenient.contains(&act.deviation) {
        return Expectation::new(Want::Open, "ERROR-1");
    }
    let any = |requirement| Expectation::new(Want::NotGranted, requirement).or_any_refusal(true);
    match act.deviation {
        Deviation::None | Deviation::Spelled(_) => {
            let Some(pair) = pair else { return Expectation::new(Want::Open, "USE-1") };
            match model.access_standing(pair, sent, received) {
                Standing::Good => Expectation::new(Want::Access(pair.user), good_access(act, pair, model, received)),
                Standing::Expired if pair.generation > 0 && model.changes > 0 => refused("SETTINGS-7"),
                Standing::Expired => refused("EXPIRY-2"),
                _ => Expectation::new(Want::Open, "ERROR-1"),
            }
        }
        Deviation::Absent(_) | Deviation::Browser => refused("USE-3"),
        Deviation::Trusted(_) => any("USE-3"),
        Deviation::Text(_, text) => token_text(text, parts, "USE-4", "USE-5", Want::Unauthorized),
        Deviation::OtherKind(_, Kind::OneTime) => refused("OTT-10"),
        Deviation::OtherKind(..) => refused("USE-6"),
        Deviation::Scheme(Scheme::Lower) => Expectation::new(Want::Open, "USE-10"),
        Deviation::Scheme(Scheme::Empty | Scheme::OnlyName | Scheme::Login) => refused("USE-4"),
        Deviation::Scheme(Scheme::Bare) => any("USE-7"),
        Deviation::Scheme(Scheme::Twice | Scheme::WithMore | Scheme::Comma | Scheme::Glued) => any("USE-7"),
        Deviation::Scheme(_) => any("USE-12"),
        Deviation::Place(Place::Query(_)) => any("USE-8"),
        Deviation::Unguarded(_) => any("USE-3"),
        Deviation::Place(_) => any("USE-12"),
        Deviation::Path(PathSpelling::Long) => any("ERROR-3"),
        Deviation::Path(_) => any("USE-11"),
        Deviation::Below => any("ERROR-3"),
        Deviation::Beside(_) => Expectation::new(Want::Open, "ERROR-1").or_any_refusal(true),
        _ => Expectation::new(Want::Open, "ERROR-1"),
    }
}

/// The requirement that a good access token falls under, by what happened to it.
fn good_access(act: Act, pair: &Pair, model: &Model, now: Duration) -> &'static str {
    let old = pair.access_life.is_some_and(|life| now > pair.issued.latest + life / 2);
    match act.deviation {
        Deviation::Spelled(_) if !old && is_renamed(act) => "USE-13",
        _ if model.changed_since(pair) => "SETTINGS-8",
        _ if old && pair.generation > 0 => "REFRESH-6",
        _ if old => "EXPIRY-1",
        _ if pair.uses > 0 || model.failures > pair.failures => "USE-2",
        _ if pair.generation > 0 => "REFRESH-2",
        _ => "USE-1",
    }
}

/// Whether names of headers are written in another case.
fn is_renamed(act: Act) -> bool {
    matches!(act.deviation, Deviation::Spelled(Spelling::HeaderLower | Spelling::HeaderUpper | Spelling::HeaderMixed))
}

/// What a text other than a token gets.
fn token_text(text: Text, parts: &Parts, made: &'static str, spoilt: &'static str, want: Want) -> Expectation {
    let token = &parts.token;
    // What is no token by its characters is a malformed request, too (RFC 6750, section 3.1).
    let is_malformed = want == Want::Unauthorized && !is_token68(&text.render(token, None));
    let Text::Spoilt { how, .. } = text else { return Expectation::new(want, made).or_any_refusal(is_malformed) };
    let caseless = !token.chars().any(|c| c.is_ascii_lowercase()) || !token.chars().any(|c| c.is_ascii_uppercase());
    // What follows the last bits of base64, and blanks that HTTP takes away, may mean nothing.
    let rendered = text.render(token, None);
    let padding_only = token.ends_with('=') && rendered.starts_with(token.trim_end_matches('='));
    let meaningless = padding_only || decode_alike(token, &rendered);
    let blank = how.is_blank_around() && want == Want::Unauthorized;
    if (how.is_case_only() && caseless) || meaningless || blank {
        Expectation::new(Want::Open, spoilt)
    } else {
        Expectation::new(want, spoilt).or_any_refusal(is_malformed)
    }
}

/// Whether a text has the characters of a token (RFC 9110, section 11.2).
fn is_token68(text: &str) -> bool {
    let body = text.trim_end_matches('=');
    !body.is_empty() && body.chars().all(|c| c.is_ascii_alphanumeric() || "-._~+/".contains(c))
}

fn refresh(act: Act, parts: &Parts, model: &Model, sent: Duration, received: Duration) -> Expectation {
    let refused = |requirement| Expectation::new(Want::Refused, requirement);
    let pair = if let Subject::Pair(id) = act.subject { model.pair(id) } else { None };
    match act.deviation {
        Deviation::Spelled(Spelling::OtherBearer) => Expectation::new(Want::Open, "REFRESH-5"),
        Deviation::None | Deviation::Spelled(_) => {
            let Some(pair) = pair else { return Expectation::new(Want::Open, "REFRESH-1") };
            match model.refresh_standing(pair, sent, received) {
                Standing::Good => Expectation::new(Want::Pair(pair.user), good_refresh(act, pair, model, received)),
                Standing::Spent => refused("REFRESH-9"),
                Standing::Expired => refused("EXPIRY-4"),
                Standing::Open => Expectation::new(Want::Open, "REFRESH-1"),
            }
        }
        Deviation::Absent(_) | Deviation::Browser => refused("REFRESH-7"),
        Deviation::Text(_, Text::Spoilt { how, .. }) if how.is_blank_around() => {
            Expectation::new(Want::Open, "REFRESH-7")
        }
        Deviation::Text(_, text) => token_text(text, parts, "REFRESH-7", "REFRESH-7", Want::Refused),
        Deviation::OtherKind(_, Kind::OneTime) => refused("OTT-10"),
        Deviation::OtherKind(..) => refused("REFRESH-8"),
        Deviation::Method(_) => Expectation::new(Want::NotGranted, "REFRESH-11"),
        Deviation::Beside(_) => Expectation::new(Want::Open, "ERROR-1").or_any_refusal(true),
        Deviation::Below => Expectation::new(Want::NotGranted, "ERROR-3").or_any_refusal(true),
        Deviation::Place(Place::Query(_)) if !model.behaviour.lenient.contains(&act.deviation) => {
            Expectation::new(Want::NotGranted, "REFRESH-18")
        }
        _ => Expectation::new(Want::Open, "REFRESH-13"),
    }
}

fn good_refresh(act: Act, pair: &Pair, model: &Model, now: Duration) -> &'static str {
    let past = |life: Option<Duration>, part: u32| life.is_some_and(|life| now > pair.issued.latest + life / part);
    match act.deviation {
        _ if past(pair.refresh_life, 2) => "EXPIRY-4",
        Deviation::Spelled(_) if is_renamed(act) => "USE-13",
        _ if past(pair.access_life, 1) => "REFRESH-4",
        _ if model.changed_since(pair) => "SETTINGS-8",
        _ if pair.generation > 0 => "REFRESH-3",
        _ => "REFRESH-1",
    }
}

fn verification(act: Act, parts: &Parts, model: &Model, sent: Duration, received: Duration) -> Expectation {
    let negative = |requirement| Expectation::new(Want::Negative, requirement);
    if model.behaviour.no_verification {
        return Expectation::new(Want::Open, "OTT-15").or_any_refusal(true);
    }
    let one = if let Subject::OneTime(id) = act.subject { model.one_time(id) } else { None };
    match act.deviation {
        Deviation::Spelled(Spelling::MoreMembers | Spelling::OtherMembers | Spelling::OtherBearer)
        | Deviation::Beside(_)
            if one.is_some_and(|one| model.one_time_standing(one, sent, received) == Standing::Good) =>
        {
            let layered = matches!(act.deviation, Deviation::Beside(_));
            Expectation::new(Want::NamedOrRefused(one.map_or(0, |one| one.user)), "OTT-1").or_any_refusal(layered)
        }
        Deviation::None | Deviation::Spelled(_) => {
            let Some(one) = one else { return Expectation::new(Want::Open, "OTT-1") };
            match model.one_time_standing(one, sent, received) {
                Standing::Good => Expectation::new(Want::Named(one.user), good_one_time(one, model, received)),
                Standing::Spent => negative(if received > one.spent.unwrap_or_default() { "OTT-16" } else { "OTT-2" }),
                Standing::Expired => negative("EXPIRY-5"),
                Standing::Open => Expectation::new(Want::Open, "OTT-1"),
            }
        }
        Deviation::Text(_, text) => token_text(text, parts, "OTT-4", "OTT-4", Want::Negative),
        Deviation::OtherKind(..) => negative("OTT-10"),
        Deviation::Json(..) | Deviation::Absent(_) | Deviation::Browser => negative("OTT-5"),
        Deviation::Body(bad) if bad.may_be_read() => Expectation::new(Want::Open, "OTT-5").or_any_refusal(true),
        Deviation::Body(_) => negative("OTT-5"),
        Deviation::Method(_) => Expectation::new(Want::NotGranted, "OTT-15"),
        Deviation::Below => Expectation::new(Want::NotGranted, "ERROR-3").or_any_refusal(true),
        Deviation::Beside(_) => Expectation::new(Want::Open, "ERROR-1").or_any_refusal(true),
        Deviation::Place(Place::Form) => Expectation::new(Want::Open, "OTT-6").or_any_refusal(true),
        Deviation::Place(_) => negative("OTT-6"),
        _ => Expectation::new(Want::Open, "ERROR-1"),
    }
}

fn good_one_time(one: &OneTime, model: &Model, now: Duration) -> &'static str {
    let old = one.life.is_some_and(|life| now > one.issued.latest + life / 2);
    match () {
        () if old => "EXPIRY-6",
        () if one.refused_change.is_some() => one.refused_change.unwrap_or("SETTINGS-5"),
        () if model.failures > one.failures => "OTT-7",
        () if model.one_times.iter().any(|other| other.spent > Some(one.issued.earliest)) => "OTT-8",
        () => "OTT-1",
    }
}

/// Seconds that every server must be able to take for a lifetime.
const SETTABLE: std::ops::RangeInclusive<u64> = 4..=100_000;

fn change(act: Act, parts: &Parts, model: &Model, sent: Duration, received: Duration) -> Expectation {
    let Subject::Setting { pair, setting, .. } = act.subject else { return Expectation::new(Want::Open, "ERROR-1") };
    if model.behaviour.no_settings {
        return Expectation::new(Want::Open, "SETTINGS-4").or_any_refusal(true);
    }
    let unauthorized = Expectation::new(Want::Unauthorized, "SETTINGS-4");
    let standing = model.pair(pair).map_or(Standing::Open, |pair| model.access_standing(pair, sent, received));
    match act.deviation {
        Deviation::Absent(_) | Deviation::OtherKind(..) | Deviation::Text(Field::Token, Text::Made { .. }) => {
            unauthorized
        }
        Deviation::Text(Field::Token, text) => token_text(text, parts, "SETTINGS-4", "SETTINGS-4", Want::Unauthorized),
        // Where other calls take it so, that is a recommendation not followed.
        _ if model.behaviour.lenient.contains(&act.deviation) => Expectation::new(Want::Open, "ERROR-1"),
        // A header of the server's own may be taken beside the usual one.
        Deviation::Place(Place::Header(_)) => Expectation::new(Want::NotGranted, "USE-12").or_any_refusal(true),
        Deviation::Place(_) => unauthorized,
        Deviation::Scheme(Scheme::Bare | Scheme::Glued) => {
            Expectation::new(Want::NotGranted, "USE-7").or_any_refusal(true)
        }
        Deviation::Scheme(_) => Expectation::new(Want::NotGranted, "USE-12").or_any_refusal(true),
        Deviation::Content(_) => Expectation::new(Want::Open, "SETTINGS-10").or_any_refusal(true),
        Deviation::Beside(_) if standing == Standing::Good => {
            Expectation::new(Want::MayChange, "ERROR-1").or_any_refusal(true)
        }
        Deviation::Beside(_) => Expectation::new(Want::Open, "ERROR-1").or_any_refusal(true),
        Deviation::Path(_) | Deviation::Unguarded(_) => {
            Expectation::new(Want::NotGranted, "SETTINGS-4").or_any_refusal(true)
        }
        Deviation::Method(_) => Expectation::new(Want::Open, "SETTINGS-4").or_any_refusal(true),
        _ if standing == Standing::Expired => unauthorized,
        _ if standing != Standing::Good => Expectation::new(Want::Open, "SETTINGS-1"),
        Deviation::Value(_) if bad_value(act).is_some_and(super::operation::BadValue::is_open) => {
            Expectation::new(Want::Open, "SETTINGS-10")
        }
        Deviation::Value(_) | Deviation::HalfBad => Expectation::new(Want::Refused, "SETTINGS-5"),
        Deviation::Text(..) | Deviation::Json(..) => Expectation::new(Want::Refused, "SETTINGS-5"),
        // What names no setting may be left unread.
        Deviation::Body(BadBody::Renamed) => Expectation::new(Want::Open, "SETTINGS-10").or_any_refusal(true),
        Deviation::Body(bad) if bad.may_be_read() => Expectation::new(Want::Open, "SETTINGS-10").or_any_refusal(true),
        Deviation::Body(_) => Expectation::new(Want::Refused, "SETTINGS-10"),
        // A server may have a least and a longest lifetime: between two that it took it takes every other.
        _ if parts.setting.is_some_and(|(_, value)| !SETTABLE.contains(&value) || !model.has_taken(setting, value)) => {
            Expectation::new(Want::MayChange, "SETTINGS-1")
        }
        _ => Expectation::new(Want::Changed, ["SETTINGS-1", "SETTINGS-2", "SETTINGS-3"][setting.place()]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::explore::input::{Alphabet, Tamper};

    #[test]
    fn a_spoilt_token_that_no_header_can_carry_may_be_a_malformed_request() {
        let parts = Parts { token: "tok.en-abcdef".into(), ..Parts::default() };
        let any_refusal =
            |how| token_text(Text::Spoilt { how, seed: 1 }, &parts, "USE-4", "USE-5", Want::Unauthorized).any_refusal;
        assert!(any_refusal(Tamper::Behind(Alphabet::Sql)) && !any_refusal(Tamper::CutLast));
    }
}
