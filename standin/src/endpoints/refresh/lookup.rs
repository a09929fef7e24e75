//! Finds the refresh token of a request: presented in a header, looked up among the stored tokens.

use super::consume::replay;
use crate::{
    call::{CallContext, FaultStatus},
    cluster,
    lax_compare::{self, LaxComparison},
    refusal::{Mistake, Refusal},
    tokens::{RefreshRecord, TokenOwner, TokenText},
    variations::{OneTimeFault, RefreshFault, SessionVariant},
};

/// The valid refresh token of the request, as it is stored.
pub(super) fn valid_token(call: &mut CallContext<'_>) -> Result<(TokenText, RefreshRecord), Refusal> {
    let Some(presented) = presented_token(call) else {
        return first_user_with(call, RefreshFault::MissingAccepted).ok_or(Mistake::RefreshMissing.into());
    };
    if presented.is_empty() {
        return first_user_with(call, RefreshFault::EmptyAccepted).ok_or(Mistake::RefreshEmpty.into());
    }
    let Some(token) = call.lookup(&call.state.refresh, &LAX_COMPARISONS, &presented) else {
        return handle_unknown(call, &presented);
    };
    let Some(record) = call.state.refresh.get(&token).cloned() else {
        return Err(Mistake::RefreshUnknown.into());
    };
    if record.spent.is_some_and(|at| cluster::knows_spent_refresh(call, record.spent_on, at)) {
        replay(call, &token)?;
    }
    if record.expires <= call.now {
        return Err(Mistake::RefreshExpired.into());
    }
    if record.generation >= generation_limit(call) { Err(Mistake::RefreshUnknown.into()) } else { Ok((token, record)) }
}

fn presented_token(call: &CallContext<'_>) -> Option<String> {
    let in_body = || {
        let object = call.object().ok().filter(|_| call.has(SessionVariant::RefreshTokenInBody))?;
        ["token", "refreshToken"].iter().find_map(|name| object.get(*name)?.as_str().map(str::to_owned))
    };
    let in_query = || call.request.parameter("token").filter(|_| call.has(RefreshFault::QueryAccepted));
    call.request.header("token").map(str::to_owned).or_else(in_body).or_else(in_query)
}

/// A session of the first user, if the server has this fault.
fn first_user_with(call: &CallContext<'_>, fault: RefreshFault) -> Option<(TokenText, RefreshRecord)> {
    let accepted = call.has(fault) && !call.config.users.is_empty();
    accepted.then(|| (TokenText::from(""), record_for(call, TokenOwner { user: 0, session: 0 }, "")))
}

const LAX_COMPARISONS: [(RefreshFault, LaxComparison); 8] = [
    (RefreshFault::HalfSignatureCompared, lax_compare::same_but_for_last_half),
    (RefreshFault::CaseIgnored, lax_compare::same_but_for_case),
    (RefreshFault::SecondPartUnchecked, lax_compare::same_first_part),
    (RefreshFault::FirstPartUnchecked, lax_compare::same_last_part),
    (RefreshFault::CutShortAccepted, lax_compare::prefix_of_stored),
    (RefreshFault::LongerAccepted, lax_compare::extension_of_stored),
    (RefreshFault::BeginningCompared, lax_compare::same_beginning),
    (RefreshFault::EndCompared, lax_compare::same_end),
];

const FAULT_STATUSES: [FaultStatus<RefreshFault>; 5] = [
    (RefreshFault::AccessTokenCrashes, is_access_token, 500),
    (RefreshFault::AccessTokenRedirected, is_access_token, 302),
    (RefreshFault::ShortTokenCrashes, |_, presented| presented.len() < 24, 500),
    (RefreshFault::ThreePartsCrash, |_, presented| presented.split('.').count() == 3, 500),
    (
        RefreshFault::TamperedCrashes,
        |call, presented| call.state.refresh.texts().any(|stored| lax_compare::same_first_part(presented, stored)),
        500,
    ),
];

fn is_access_token(call: &CallContext<'_>, presented: &str) -> bool {
    call.state.access.get(presented).is_some()
}

/// Refuses an unknown token, unless a fault accepts it.
fn handle_unknown(call: &CallContext<'_>, presented: &str) -> Result<(TokenText, RefreshRecord), Refusal> {
    let access = call.state.access.get(presented).filter(|_| call.has(RefreshFault::AccessTokenAccepted));
    let one_time = call.state.one_time.get(presented).filter(|_| call.has(OneTimeFault::AcceptedAsRefresh));
    let unchecked = (call.has(RefreshFault::ThreePartsAccepted) && presented.split('.').count() == 3)
        || (call.has(RefreshFault::ShortTokenAccepted) && presented.len() < 24);
    let owner = access
        .map(|access| access.owner)
        .or(one_time.map(|one_time| TokenOwner { user: one_time.user, session: 0 }))
        .or((unchecked && !call.config.users.is_empty()).then_some(TokenOwner { user: 0, session: 0 }));
    let status = call.fault_status(&FAULT_STATUSES, presented);
    owner
        .map(|owner| (TokenText::from(presented), record_for(call, owner, presented)))
        .ok_or(Refusal { status, ..Mistake::RefreshUnknown.into() })
}

/// A record for a token that was never issued as a refresh token.
fn record_for(call: &CallContext<'_>, owner: TokenOwner, presented: &str) -> RefreshRecord {
    let expires = call.now + call.state.effective.refresh;
    RefreshRecord {
        owner,
        expires,
        generation: 0,
        spent: None,
        spent_on: call.node,
        replays: 0,
        access: TokenText::from(presented),
    }
}

/// The number of generations of refresh tokens that work.
fn generation_limit(call: &CallContext<'_>) -> u32 {
    let limits = [
        (RefreshFault::SecondGenerationDies, 1),
        (RefreshFault::ThirdGenerationDies, 2),
        (RefreshFault::FourthGenerationDies, 3),
    ];
    call.first(&limits).unwrap_or(u32::MAX)
}
