//! Holds an answer against the one that is wanted. Returns the first thing that is wrong with it, in plain words; whether it is worth a
//! report is decided by the walk.

use std::collections::HashSet;

use super::{
    compose::Parts,
    expect::{Expectation, Want},
    input::{Odd, WORDS},
    operation::{Act, Call, Deviation, Field, PathSpelling, Trusted},
    wire::{Answer, Facts},
};

/// Something that the contract forbids.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Violation {
    pub(crate) requirement: &'static str,
    /// What was wanted and what came, without secrets.
    pub(crate) text: String,
}

impl Violation {
    pub(crate) fn new(requirement: &'static str, text: impl Into<String>) -> Self {
        Self { requirement, text: text.into() }
    }

    /// What was wanted: the same for two violations of one kind, even where they fall under different requirements by what came before.
    pub(crate) fn wanted(&self) -> &str {
        self.text.split([',', ';']).next().unwrap_or_default()
    }
}

/// Requirements that are recommendations: what breaks one is a warning.
const RECOMMENDED: [&str; 13] = [
    "ISSUE-5",
    "ISSUE-8",
    "ISSUE-15",
    "ISSUE-19",
    "ISSUE-21",
    "USE-7",
    "USE-8",
    "USE-9",
    "USE-12",
    "REFRESH-9",
    "REFRESH-12",
    "REFRESH-17",
    "REFRESH-18",
];

/// Whether the documentation promises what this requirement states.
pub(crate) fn is_promised(requirement: &str) -> bool {
    !RECOMMENDED.contains(&requirement) && requirement != "OTT-17"
}

/// The statuses that the documentation knows for mistakes of clients.
const DOCUMENTED: [u16; 6] = [400, 401, 404, 405, 406, 429];

/// Secrets shorter than this may be part of any text.
const TELLING: usize = 8;

/// What is wrong with an answer, if anything is.
pub(crate) fn judge(
    act: Act,
    parts: &Parts,
    expectation: Expectation,
    answer: &Answer,
    facts: &Facts,
    logins: &[String],
) -> Option<Violation> {
    let Expectation { want, requirement, .. } = expectation;
    let wrong = |text: String| Some(Violation::new(requirement, text));
    let status = answer.status;
    if status >= 500 {
        let requirement = if requirement == "OTT-4" { "OTT-5" } else { requirement };
        return Some(Violation::new(requirement, format!("the answer is {status}, an error of the server's own")));
    }
    if status == 304 && act.deviation == Deviation::Trusted(Trusted::Conditions) {
        return wrong("a refusal is wanted, the answer is 304, as for a caller who may see it".to_owned());
    }
    if (300..400).contains(&status) {
        // From another spelling of a path to the usual one: that opens nothing.
        if matches!(act.deviation, Deviation::Path(_)) && act.call != Call::Nowhere {
            return None;
        }
        return Some(Violation::new("ERROR-1", format!("the answer is {status}, a redirect")));
    }
    let given = gives(act, answer, facts);
    match want {
        Want::Pair(_) if status != 200 => return wrong(format!("a new pair is wanted, the answer is {status}")),
        Want::Pair(_) => return incomplete_pair(requirement, answer, facts),
        Want::Access(user) => return wrong_access(requirement, user, answer, facts, logins),
        Want::NamedOrRefused(user) if answer.is_success() && given.is_some() => {
            return wrong_name(requirement, user, answer, facts, logins);
        }
        Want::Named(user) => return wrong_name(requirement, user, answer, facts, logins),
        Want::Changed if status == 401 => {
            return Some(Violation::new("USE-2", "a change with a good access token is answered 401"));
        }
        Want::Changed if !answer.is_success() => return wrong(format!("a change is wanted, the answer is {status}")),
        Want::Changed => return None,
        Want::Unauthorized if answer.is_success() => return wrong(format!("401 is wanted, the answer is {status}")),
        Want::Unauthorized if status != 401 && !expectation.any_refusal => {
            return wrong(format!("401 is wanted, the answer is {status}"));
        }
        Want::Refused if answer.is_success() => return wrong(format!("a refusal is wanted, the answer is {status}")),
        Want::Unknown if answer.is_success() => return wrong(format!("404 is wanted, the answer is {status}")),
        // A page for whatever a server does not know is no answer of the protected call.
        Want::NotGranted if act.call == Call::Use && is_page(act, answer) => return None,
        Want::NotGranted if matches!(act.call, Call::Use | Call::Change) && answer.is_success() => {
            return wrong(format!("a refusal is wanted, the answer is {status}"));
        }
        Want::Refused | Want::Negative | Want::NotGranted | Want::Unauthorized if given.is_some() => {
            return wrong(format!("a refusal is wanted, the answer carries {}", given.unwrap_or_default()));
        }
        _ => {}
    }
    if answer.is_success() {
        return None;
    }
    refusal(act, parts, expectation, answer)
}

/// Whether another path is answered with something that is no answer of the API.
fn is_page(act: Act, answer: &Answer) -> bool {
    let head = Deviation::Path(PathSpelling::Head);
    let elsewhere = matches!(
        act.deviation,
        Deviation::Path(_) | Deviation::Trusted(_) | Deviation::Below | Deviation::Unguarded(_)
    );
    let elsewhere = elsewhere && act.deviation != head;
    elsewhere && answer.is_success() && answer.json.is_none()
}

/// What of value an answer carries.
fn gives(act: Act, answer: &Answer, facts: &Facts) -> Option<&'static str> {
    let dialect = &facts.dialect;
    if answer.text_at(&dialect.access_token).is_some() {
        return Some("an access token");
    }
    if answer.text_at(&dialect.refresh_token).is_some() {
        return Some("a refresh token");
    }
    let names = act.call == Call::Verify && answer.text_at(&dialect.ott_login).is_some();
    names.then_some("a login")
}

fn incomplete_pair(requirement: &'static str, answer: &Answer, facts: &Facts) -> Option<Violation> {
    let dialect = &facts.dialect;
    let (access, refresh) = (answer.text_at(&dialect.access_token), answer.text_at(&dialect.refresh_token));
    let login = requirement.starts_with("ISSUE");
    if access.is_none() || refresh.is_none() {
        let asked = if !login {
            requirement
        } else if access.is_none() {
            "ISSUE-2"
        } else {
            "ISSUE-3"
        };
        return Some(Violation::new(asked, "a new pair is wanted, and a token is missing"));
    }
    if access == refresh {
        return Some(Violation::new(
            if login { "ISSUE-3" } else { "REFRESH-1" },
            "access and refresh token are the same",
        ));
    }
    if !is_json(answer) {
        return Some(Violation::new(requirement, "the pair is not declared as application/json"));
    }
    None
}

fn wrong_access(
    requirement: &'static str,
    user: usize,
    answer: &Answer,
    facts: &Facts,
    logins: &[String],
) -> Option<Violation> {
    if !answer.is_success() {
        return Some(Violation::new(requirement, format!("a good access token is answered {}", answer.status)));
    }
    let place = facts.probe.as_ref().and_then(|(_, place)| place.as_ref())?;
    let named = place.find(answer.json.as_ref()?)?;
    let named = named.as_str().map_or_else(|| named.to_string(), str::to_owned);
    let own = logins.get(user)?;
    let other = logins.contains(&named);
    (named != *own && other).then(|| Violation::new("REFRESH-15", "the access token opens the call for another user"))
}

fn wrong_name(
    requirement: &'static str,
    user: usize,
    answer: &Answer,
    facts: &Facts,
    logins: &[String],
) -> Option<Violation> {
    if answer.status != 200 {
        return Some(Violation::new(requirement, format!("a good one-time token is answered {}", answer.status)));
    }
    match (answer.text_at(&facts.dialect.ott_login), logins.get(user)) {
        (None, _) => Some(Violation::new(requirement, "a good one-time token is answered 200 without a login")),
        (Some(named), Some(own)) if named == own => None,
        _ => Some(Violation::new("OTT-9", "a one-time token gives the login of somebody else")),
    }
}

/// What is wrong with the form of a refusal.
fn refusal(act: Act, parts: &Parts, expectation: Expectation, answer: &Answer) -> Option<Violation> {
    let status = answer.status;
    if expectation.any_refusal {
        return leak(act, parts, answer);
    }
    // The status that HTTP has for content of another kind is as good.
    let is_content = status == 415 && matches!(act.deviation, Deviation::Content(_));
    if !DOCUMENTED.contains(&status) && !is_content {
        return Some(Violation::new("ERROR-1", format!("a refusal is answered {status}, which is not documented")));
    }
    if !answer.body.is_empty() && (answer.json.is_none() || !is_json(answer)) {
        return Some(Violation::new(
            "ERROR-2",
            "the body of a refusal is not JSON, or is not declared as application/json",
        ));
    }
    leak(act, parts, answer)
}

fn leak(act: Act, parts: &Parts, answer: &Answer) -> Option<Violation> {
    if answer.body.len() < TELLING {
        return None;
    }
    let body = String::from_utf8_lossy(&answer.body);
    let shows = |secret: &str| {
        let telling = |text: &str| text.len() >= TELLING && body.contains(text);
        telling(secret) || plain_part(secret).is_some_and(telling)
    };
    let secrets: &[&str] = match act.call {
        Call::Login => &[&parts.password],
        _ => &[&parts.token],
    };
    if secrets.iter().any(|secret| shows(secret)) && !parts.login.contains(parts.token.as_str()) {
        return Some(Violation::new("ERROR-4", "a refusal repeats a password or a token"));
    }
    if act.call == Call::Login && sent_password(act, parts).is_some_and(|sent| shows(&sent)) {
        return Some(Violation::new("ISSUE-16", "a refusal repeats what was sent as the password"));
    }
    if let Some(what) = steps::exposed_internals(&answer.body) {
        return Some(Violation::new("ERROR-4", format!("a refusal shows {what}")));
    }
    let refused_one_time = act.call == Call::Verify && matches!(act.deviation, Deviation::None | Deviation::Spelled(_));
    (refused_one_time && shows(&parts.login))
        .then(|| Violation::new("OTT-11", "a refused one-time token names its user"))
}

/// The longest part of a secret that no encoding of text changes, if it is unlike words.
fn plain_part(secret: &str) -> Option<&str> {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "+/=_.~-".contains(c);
    let longest = secret.split(|c| !is_plain(c)).max_by_key(|part| part.len())?;
    let mixed = longest.contains(|c: char| c.is_ascii_digit()) && longest.contains(|c: char| c.is_ascii_alphabetic());
    Some(longest).filter(|part| mixed && part.len() < secret.len())
}

/// What a login sent as a password that was not the right one, if it is unlike what errors are made of.
fn sent_password(act: Act, parts: &Parts) -> Option<String> {
    const DISTINCT: usize = 4;
    let sent = match act.deviation {
        Deviation::Text(Field::Password, _) => parts.shown(Field::Password, act.deviation),
        Deviation::Json(Field::Password, odd @ Odd::Number) => odd.render(""),
        _ => return None,
    };
    let distinct: HashSet<char> = sent.chars().filter(char::is_ascii_alphanumeric).collect();
    Some(sent).filter(|sent| {
        distinct.len() >= DISTINCT && !WORDS.iter().any(|word| word.len() >= DISTINCT && sent.contains(word))
    })
}

fn is_json(answer: &Answer) -> bool {
    let media = answer.header("content-type").unwrap_or_default();
    let media = media.split(';').next().unwrap_or_default().trim();
    media.eq_ignore_ascii_case("application/json") || media.ends_with("+json")
}

/// A lifetime as announced at this place, in seconds.
pub(crate) fn announced(
    answer: &Answer,
    unit: steps::target::LifetimeUnit,
    place: &steps::target::Pointer,
) -> Option<std::time::Duration> {
    unit.read(place.find(answer.json.as_ref()?)?, answer.header("date"))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use serde_json::{Value, json};

    use super::*;
    use crate::explore::operation::{Field, Subject};

    fn answer(status: u16, body: &Value) -> Answer {
        Answer {
            status,
            headers: vec![("Content-Type".to_owned(), "application/json".to_owned())],
            body: body.to_string().into_bytes(),
            json: Some(body.clone()),
            sent: Duration::ZERO,
            received: Duration::ZERO,
        }
    }

    fn facts() -> Facts {
        Facts {
            users: Vec::new(),
            minting: Vec::new(),
            one_time_lifetime: None,
            probe: Some(("/accounts".to_owned(), steps::target::Pointer::parse("/0/owner").ok())),
            dialect: steps::target::Dialect::default(),
            margin: Duration::from_secs(1),
            settings: true,
            turned: true,
            max_wait: Duration::ZERO,
            burst: 20,
            is_unlimited: true,
            nowhere: "/reports/daily".to_owned(),
        }
    }

    fn judged(call: Call, deviation: Deviation, want: Want, answer: &Answer) -> Option<&'static str> {
        let act = Act::right(call, Subject::User(0)).with(deviation);
        let parts = Parts {
            login: "trader-one".into(),
            password: "swordfish-9".into(),
            token: "tok.en-abcdef".into(),
            ..Parts::default()
        };
        let expectation = Expectation { want, requirement: "X-1", any_refusal: false };
        let logins = ["trader-one".to_owned(), "trader-two".to_owned()];
        judge(act, &parts, expectation, answer, &facts(), &logins).map(|violation| violation.requirement)
    }

    #[test]
    fn a_right_answer_is_not_blamed() {
        let refusal = answer(401, &json!({"errorId": "1.2.0.11"}));
        let absent = Deviation::Absent(Field::Token);
        assert_eq!(judged(Call::Use, absent, Want::Unauthorized, &refusal), None);
        assert_eq!(judged(Call::Verify, absent, Want::Negative, &answer(200, &json!({"valid": false}))), None);
        assert_eq!(
            judged(Call::Use, Deviation::None, Want::Access(0), &answer(200, &json!([{"owner": "trader-one"}]))),
            None
        );
    }

    #[test]
    fn a_redirect_is_right_only_from_another_spelling_of_a_known_path() {
        let spelled = Deviation::Path(PathSpelling::SlashBehind);
        let redirect = answer(308, &json!(null));
        assert_eq!(judged(Call::Use, spelled, Want::NotGranted, &redirect), None);
        assert_eq!(judged(Call::Nowhere, spelled, Want::Unknown, &redirect), Some("ERROR-1"));
        assert_eq!(judged(Call::Use, Deviation::None, Want::NotGranted, &redirect), Some("ERROR-1"));
    }

    #[test]
    fn what_the_contract_forbids_is_blamed() {
        let absent = Deviation::Absent(Field::Token);
        assert_eq!(judged(Call::Use, absent, Want::Unauthorized, &answer(200, &json!([]))), Some("X-1"));
        assert_eq!(
            judged(Call::Login, absent, Want::Refused, &answer(400, &json!({"accessToken": "abc"}))),
            Some("X-1")
        );
        assert_eq!(judged(Call::Login, absent, Want::Refused, &answer(500, &json!({}))), Some("X-1"));
        assert_eq!(judged(Call::Login, absent, Want::Refused, &answer(422, &json!({}))), Some("ERROR-1"));
        assert_eq!(
            judged(Call::Login, absent, Want::Refused, &answer(400, &json!({"m": "swordfish-9"}))),
            Some("ERROR-4")
        );
        assert_eq!(
            judged(Call::Use, Deviation::None, Want::Access(0), &answer(200, &json!([{"owner": "trader-two"}]))),
            Some("REFRESH-15")
        );
        assert_eq!(
            judged(Call::Verify, Deviation::None, Want::Named(0), &answer(200, &json!({"login": "trader-two"}))),
            Some("OTT-9")
        );
    }
}
