//! Finds the one-time token of a request: presented in the body, looked up among the stored tokens.

use crate::{
    call::{CallContext, FaultStatus},
    json_body::{BadField, BodyError, TextField},
    lax_compare::{self, LaxComparison},
    refusal::{Mistake, Refusal},
    tokens::TokenText,
    variations::OneTimeFault,
};

/// The token in the body of the request.
pub(super) fn presented_token(call: &mut CallContext<'_>) -> Result<String, Refusal> {
    let (in_query, in_header) = (call.request.parameter("token"), call.request.header("token").map(str::to_owned));
    let accepted = in_query
        .clone()
        .filter(|_| call.has(OneTimeFault::QueryAccepted))
        .or(in_header.clone().filter(|_| call.has(OneTimeFault::HeaderAccepted)));
    if let Some(token) = accepted {
        return Ok(token);
    }
    let in_body = call
        .object()
        .map_err(Mistake::OneTimeBody)
        .and_then(|object| TextField::Token.read(&object).map(str::to_owned).map_err(Mistake::OneTimeField));
    in_body.map_err(|mistake| {
        spend_misplaced(call, in_query, in_header);
        let status = call.fault_status(&BODY_CRASHES, "").or_else(|| field_crash(call, mistake));
        Refusal { status, ..mistake.into() }
    })
}

/// Spends a token that is not in the body; only faults do that.
fn spend_misplaced(call: &mut CallContext<'_>, in_query: Option<String>, in_header: Option<String>) {
    let spent = in_query
        .filter(|_| call.has(OneTimeFault::SpentFromQuery))
        .or(in_header.filter(|_| call.has(OneTimeFault::SpentFromHeader)));
    if let Some(record) = spent.and_then(|token| call.state.one_time.get_mut(&token)) {
        record.uses += 1;
    }
}

const BODY_CRASHES: [FaultStatus<OneTimeFault>; 2] = [
    (OneTimeFault::EmptyBodyCrashes, |call, _| call.object() == Err(BodyError::Empty), 500),
    (OneTimeFault::MalformedBodyCrashes, |call, _| call.object() == Err(BodyError::Malformed), 500),
];

fn field_crash(call: &CallContext<'_>, mistake: Mistake) -> Option<u16> {
    let Mistake::OneTimeField(bad) = mistake else {
        return None;
    };
    let fault = match bad {
        BadField::Missing => OneTimeFault::MissingCrashes,
        BadField::Empty => OneTimeFault::EmptyCrashes,
        BadField::Null => OneTimeFault::NullCrashes,
        BadField::Number => OneTimeFault::NumberCrashes,
        BadField::Boolean => OneTimeFault::BooleanCrashes,
        BadField::List => OneTimeFault::ListCrashes,
        BadField::Object => OneTimeFault::ObjectCrashes,
    };
    call.has(fault).then_some(500)
}

const LAX_COMPARISONS: [(OneTimeFault, LaxComparison); 7] = [
    (OneTimeFault::HalfSignatureCompared, lax_compare::same_but_for_last_half),
    (OneTimeFault::SecondPartUnchecked, lax_compare::same_first_part),
    (OneTimeFault::FirstPartUnchecked, lax_compare::same_last_part),
    (OneTimeFault::CutShortAccepted, lax_compare::prefix_of_stored),
    (OneTimeFault::LongerAccepted, lax_compare::extension_of_stored),
    (OneTimeFault::CaseIgnored, lax_compare::same_but_for_case),
    (OneTimeFault::BeginningCompared, lax_compare::same_beginning),
];

/// The stored token that matches the presented one.
pub(super) fn lookup(call: &CallContext<'_>, presented: &str) -> Option<TokenText> {
    call.lookup(&call.state.one_time, &LAX_COMPARISONS, presented)
}

/// Refuses an unknown token, unless a fault accepts it.
pub(super) fn handle_unknown(call: &mut CallContext<'_>, presented: &str) -> Result<usize, Refusal> {
    let access = call.state.access.get(presented).filter(|_| call.has(OneTimeFault::AccessTokenAccepted));
    let refresh = call.state.refresh.get(presented).filter(|_| call.has(OneTimeFault::RefreshTokenAccepted));
    if let Some(owner) = access.map(|access| access.owner).or(refresh.map(|refresh| refresh.owner)) {
        return Ok(owner.user);
    }
    call.state.refused_in_a_row += 1;
    let spends = call.has(OneTimeFault::FailureSpends)
        || (call.has(OneTimeFault::ThreeFailuresSpend) && call.state.refused_in_a_row >= 3);
    if spends {
        call.state.one_time.records_mut().for_each(|valid| valid.uses += 1);
    }
    Err(Mistake::OneTimeUnknown.into())
}

/// Refuses every token while a fault locks verification.
pub(super) fn check_lock(call: &CallContext<'_>) -> Result<(), Refusal> {
    let locked = call.has(OneTimeFault::ThreeFailuresLock) && call.state.refused_in_a_row >= 3;
    if locked { Err(Mistake::OneTimeUnknown.into()) } else { Ok(()) }
}
