//! Who is calling: the access token in the `Authorization` header of a protected call.

use super::Endpoint;
use crate::{
    call::{Call, Telltale},
    refusal::{Mistake, Refusal},
    tokens::{
        Owner, Text,
        likeness::{self, Likeness},
    },
    variations::{fault, freedom},
};

/// Whose access token the call carries, and the token itself as the server keeps it.
pub(super) fn owner(call: &mut Call<'_>, guarded: Endpoint) -> Result<(Owner, Option<Text>), Refusal> {
    let shown = presented(call).ok_or_else(|| nothing_to_believe(call, guarded))?;
    let Some(known) = recognised(call, &shown) else {
        return stranger(call, &shown, guarded).map(|owner| (owner, None));
    };
    let Some(record) = call.state.access.get(&known) else {
        return Err(Mistake::BadToken(guarded).into());
    };
    let (owner, expired) = (record.owner, record.expires <= call.now);
    if expired {
        return Err(Mistake::ExpiredToken(guarded).into());
    }
    prolong(call, &known);
    Ok((owner, Some(known)))
}

/// A header that says nothing is another mistake than none.
fn nothing_to_believe(call: &Call<'_>, guarded: Endpoint) -> Mistake {
    let header = call.request.header("authorization");
    header.map_or(Mistake::NoToken(guarded), |_| Mistake::BadToken(guarded))
}

const IN_QUERY: [(fault::Use, &str); 3] = [
    (fault::Use::QueryAccessTokenAccepted, "access_token"),
    (fault::Use::QueryCamelCaseAccepted, "accessToken"),
    (fault::Use::QueryTokenAccepted, "token"),
];

/// The access token that the request shows, in the one place where it counts.
fn presented(call: &Call<'_>) -> Option<String> {
    let header = call.request.header("authorization").and_then(|value| after_scheme(call, value));
    let beside = || call.request.header("x-auth-token").filter(|_| call.has(freedom::Session::OwnHeaderAccepted));
    let asked =
        || IN_QUERY.iter().filter(|(fault, _)| call.has(*fault)).find_map(|(_, name)| call.request.parameter(name));
    header.or_else(beside).map(str::to_owned).or_else(asked)
}

fn after_scheme<'a>(call: &Call<'_>, value: &'a str) -> Option<&'a str> {
    let value = value.trim();
    let bare = call.has(fault::Use::BareTokenAccepted).then_some(value);
    let Some((scheme, token)) = value.split_once(' ') else {
        return bare;
    };
    let exact = call.has(freedom::Session::SchemeInExactCase);
    let named = if exact { scheme == "Bearer" } else { scheme.eq_ignore_ascii_case("Bearer") };
    if named { Some(token.trim_start()).filter(|token| !token.is_empty()) } else { bare }
}

const CARELESS: [(fault::Use, Likeness); 7] = [
    (fault::Use::SignatureUnchecked, likeness::same_first_part),
    (fault::Use::PayloadUnchecked, likeness::same_last_part),
    (fault::Use::UnsignedAccepted, likeness::unsigned),
    (fault::Use::CutShortAccepted, likeness::cut_short),
    (fault::Use::LongerAccepted, likeness::with_more_behind),
    (fault::Use::BeginningCompared, likeness::same_beginning),
    (fault::Use::EndCompared, likeness::same_end),
];

fn recognised(call: &Call<'_>, shown: &str) -> Option<Text> {
    let store = &call.state.access;
    let careless = || {
        let faulty = CARELESS.iter().any(|(fault, _)| call.has(*fault));
        faulty.then(|| store.texts().find(|known| call.takes(&CARELESS, shown, known)).cloned()).flatten()
    };
    store.text(shown).or_else(careless)
}

const TELLTALES: [Telltale<fault::Use>; 8] = [
    (fault::Use::ThreePartsCrash, |_, shown| shown.split('.').count() == 3, 500),
    (fault::Use::ShortTokenCrashes, |_, shown| shown.len() < 24, 500),
    (fault::Use::WrongSignatureCrashes, is_signed_wrongly, 500),
    (fault::Use::WrongSignatureForbidden, is_signed_wrongly, 403),
    (fault::Use::WrongSignatureBadRequest, is_signed_wrongly, 400),
    (fault::Use::RefreshTokenCrashes, is_refresh_token, 500),
    (fault::Use::RefreshTokenForbidden, is_refresh_token, 403),
    (fault::Use::RefreshTokenBadRequest, is_refresh_token, 400),
];

fn is_signed_wrongly(call: &Call<'_>, shown: &str) -> bool {
    call.state.access.texts().any(|known| likeness::same_first_part(shown, known))
}

fn is_refresh_token(call: &Call<'_>, shown: &str) -> bool {
    call.state.refresh.get(shown).is_some()
}

/// What becomes of a token that is no access token: it is refused, unless something is wrong.
fn stranger(call: &Call<'_>, shown: &str, guarded: Endpoint) -> Result<Owner, Refusal> {
    if call.has(fault::Use::RefreshTokenAccepted)
        && let Some(refresh) = call.state.refresh.get(shown)
    {
        return Ok(refresh.owner);
    }
    if call.has(fault::OneTime::AcceptedAsAccess)
        && let Some(one_time) = call.state.one_time.get(shown)
    {
        return Ok(Owner { user: one_time.user, session: 0 });
    }
    let undecoded = (call.has(fault::Use::ThreePartsAccepted) && shown.split('.').count() == 3)
        || (call.has(fault::Use::ShortTokenAccepted) && shown.len() < 24);
    if undecoded && !call.core.users.is_empty() {
        return Ok(Owner { user: 0, session: 0 });
    }
    let status = call.telltale(&TELLTALES, shown).filter(|_| guarded == Endpoint::Accounts);
    Err(Refusal { status, ..Mistake::BadToken(guarded).into() })
}

/// What use does to a token's end: nothing, unless something is wrong.
fn prolong(call: &mut Call<'_>, known: &str) {
    let (now, life) = (call.now, call.state.kept.access);
    let (sliding, once) = (call.has(fault::Expiry::UseProlongs), call.has(fault::Expiry::LateUseProlongs));
    if call.state.reconfigured || !(sliding || once) {
        return;
    }
    if let Some(record) = call.state.access.get_mut(known) {
        let late = now.saturating_sub(record.issued) * 2 >= life;
        if sliding || late {
            record.expires = record.expires.max(now + life);
        }
    }
}
