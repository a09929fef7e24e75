//! Identifies the caller by the access token in the `Authorization` header of a protected call.

use crate::{
    api::Endpoint,
    call::{CallContext, FaultStatus},
    cluster,
    lax_compare::{self, LaxComparison},
    refusal::{Mistake, Refusal},
    tokens::{TokenOwner, TokenText},
    variations::{ExpiryFault, OneTimeFault, SessionVariant, UseFault},
};

/// The owner of the presented access token, and the token as it is stored: `None` if a fault accepted an unknown one.
pub(super) fn authorize(
    call: &mut CallContext<'_>,
    endpoint: Endpoint,
) -> Result<(TokenOwner, Option<TokenText>), Refusal> {
    let presented = presented_token(call).ok_or_else(|| missing_token(call, endpoint))?;
    let Some(token) = call.lookup(&call.state.access, &LAX_COMPARISONS, &presented) else {
        return handle_unknown(call, &presented, endpoint).map(|owner| (owner, None));
    };
    let Some(record) = call.state.access.get(&token) else {
        return Err(Mistake::BadToken(endpoint).into());
    };
    if !cluster::knows_access(call, record.node, record.issued) {
        return Err(Mistake::BadToken(endpoint).into());
    }
    let (owner, expired) = (record.owner, record.expires <= call.now);
    if expired {
        return Err(Mistake::ExpiredToken(endpoint).into());
    }
    prolong(call, &token);
    Ok((owner, Some(token)))
}

/// A header without a token is a bad token; without a header the token is missing.
fn missing_token(call: &CallContext<'_>, endpoint: Endpoint) -> Mistake {
    let header = call.request.header("authorization");
    header.map_or(Mistake::NoToken(endpoint), |_| Mistake::BadToken(endpoint))
}

const IN_QUERY: [(UseFault, &str); 3] = [
    (UseFault::QueryAccessTokenAccepted, "access_token"),
    (UseFault::QueryCamelCaseAccepted, "accessToken"),
    (UseFault::QueryTokenAccepted, "token"),
];

/// The access token that the request presents.
fn presented_token(call: &CallContext<'_>) -> Option<String> {
    let in_header = call.request.header("authorization").and_then(|value| token_after_scheme(call, value));
    let in_own_header = || call.request.header("x-auth-token").filter(|_| call.has(SessionVariant::OwnHeaderAccepted));
    let in_query =
        || IN_QUERY.iter().filter(|(fault, _)| call.has(*fault)).find_map(|(_, name)| call.request.parameter(name));
    let in_cookie = || {
        let cookie = call.request.header("cookie").filter(|_| call.has(UseFault::CookieAccepted))?;
        cookie.split("; ").find_map(|cookie| cookie.strip_prefix("session=")).map(str::to_owned)
    };
    in_header.or_else(in_own_header).map(str::to_owned).or_else(in_query).or_else(in_cookie)
}

fn token_after_scheme<'a>(call: &CallContext<'_>, value: &'a str) -> Option<&'a str> {
    let value = value.trim();
    let bare = call.has(UseFault::BareTokenAccepted).then_some(value);
    let Some((scheme, token)) = value.split_once(' ') else {
        return bare;
    };
    let exact = call.has(SessionVariant::SchemeInExactCase);
    let is_bearer = call.has(UseFault::AnySchemeAccepted)
        || if exact { scheme == "Bearer" } else { scheme.eq_ignore_ascii_case("Bearer") };
    if is_bearer { Some(token.trim_start()).filter(|token| !token.is_empty()) } else { bare }
}

const LAX_COMPARISONS: [(UseFault, LaxComparison); 9] = [
    (UseFault::HalfSignatureCompared, lax_compare::same_but_for_last_half),
    (UseFault::CaseIgnored, lax_compare::same_but_for_case),
    (UseFault::SignatureUnchecked, lax_compare::same_first_part),
    (UseFault::PayloadUnchecked, lax_compare::same_last_part),
    (UseFault::UnsignedAccepted, lax_compare::unsigned),
    (UseFault::CutShortAccepted, lax_compare::prefix_of_stored),
    (UseFault::LongerAccepted, lax_compare::extension_of_stored),
    (UseFault::BeginningCompared, lax_compare::same_beginning),
    (UseFault::EndCompared, lax_compare::same_end),
];

const FAULT_STATUSES: [FaultStatus<UseFault>; 9] = [
    (UseFault::UndefinedCrashes, |_, presented| presented == "undefined", 500),
    (UseFault::ThreePartsCrash, |_, presented| presented.split('.').count() == 3, 500),
    (UseFault::ShortTokenCrashes, |_, presented| presented.len() < 24, 500),
    (UseFault::WrongSignatureCrashes, has_wrong_signature, 500),
    (UseFault::WrongSignatureForbidden, has_wrong_signature, 403),
    (UseFault::WrongSignatureBadRequest, has_wrong_signature, 400),
    (UseFault::RefreshTokenCrashes, is_refresh_token, 500),
    (UseFault::RefreshTokenForbidden, is_refresh_token, 403),
    (UseFault::RefreshTokenBadRequest, is_refresh_token, 400),
];

fn has_wrong_signature(call: &CallContext<'_>, presented: &str) -> bool {
    call.state.access.texts().any(|stored| lax_compare::same_first_part(presented, stored))
}

fn is_refresh_token(call: &CallContext<'_>, presented: &str) -> bool {
    call.state.refresh.get(presented).is_some()
}

/// Refuses an unknown token, unless a fault accepts it.
fn handle_unknown(call: &CallContext<'_>, presented: &str, endpoint: Endpoint) -> Result<TokenOwner, Refusal> {
    if call.has(UseFault::RefreshTokenAccepted)
        && let Some(refresh) = call.state.refresh.get(presented)
    {
        return Ok(refresh.owner);
    }
    if call.has(OneTimeFault::AcceptedAsAccess)
        && let Some(one_time) = call.state.one_time.get(presented)
    {
        return Ok(TokenOwner { user: one_time.user, session: 0 });
    }
    if call.has(UseFault::LoginAccepted)
        && let Some(user) = call.config.users.iter().position(|user| user.login == presented)
    {
        return Ok(TokenOwner { user, session: 0 });
    }
    let unchecked = (call.has(UseFault::NullAccepted) && presented == "null")
        || (call.has(UseFault::ThreePartsAccepted) && presented.split('.').count() == 3)
        || (call.has(UseFault::ShortTokenAccepted) && presented.len() < 24);
    if unchecked && !call.config.users.is_empty() {
        return Ok(TokenOwner { user: 0, session: 0 });
    }
    let status = call.fault_status(&FAULT_STATUSES, presented).filter(|_| endpoint == Endpoint::Accounts);
    Err(Refusal { status, ..Mistake::BadToken(endpoint).into() })
}

/// Extends the lifetime of a token on use; only faults do that.
fn prolong(call: &mut CallContext<'_>, token: &str) {
    let (now, lifetime) = (call.now, call.state.effective.access);
    let (always, late_only) = (call.has(ExpiryFault::UseProlongs), call.has(ExpiryFault::LateUseProlongs));
    if call.state.reconfigured || !(always || late_only) {
        return;
    }
    if let Some(record) = call.state.access.get_mut(token) {
        let late = now.saturating_sub(record.issued) * 2 >= lifetime;
        if always || late {
            record.expires = record.expires.max(now + lifetime);
        }
    }
}
