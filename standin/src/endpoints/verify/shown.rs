//! The one-time token that a request shows: in the body where it belongs, and as the server knows it.

use crate::{
    call::{BadBody, Call, Telltale},
    endpoints::{Field, FieldState},
    refusal::{Mistake, Refusal},
    tokens::{
        Text,
        likeness::{self, Likeness},
    },
    variations::fault,
};

/// The token in the body of the request.
pub(super) fn presented(call: &mut Call<'_>) -> Result<String, Refusal> {
    let elsewhere = (call.request.parameter("token"), call.request.header("token").map(str::to_owned));
    let (query, header) = (
        elsewhere.0.clone().filter(|_| call.has(fault::OneTime::QueryAccepted)),
        elsewhere.1.clone().filter(|_| call.has(fault::OneTime::HeaderAccepted)),
    );
    if let Some(token) = query.or(header) {
        return Ok(token);
    }
    let in_body = call
        .object()
        .map_err(Mistake::OneTimeBody)
        .and_then(|object| Field::Token.of(&object).map(str::to_owned).map_err(Mistake::OneTimeField));
    in_body.map_err(|mistake| misplaced(call, elsewhere, mistake))
}

/// No token in the body: one in another place is left alone, unless something is wrong.
fn misplaced(call: &mut Call<'_>, (query, header): (Option<String>, Option<String>), mistake: Mistake) -> Refusal {
    let spent = query
        .filter(|_| call.has(fault::OneTime::SpentFromQuery))
        .or(header.filter(|_| call.has(fault::OneTime::SpentFromHeader)));
    if let Some(record) = spent.and_then(|token| call.state.one_time.get_mut(&token)) {
        record.uses += 1;
    }
    let crash = call.telltale(&BODY_CRASHES, "").or_else(|| field_crash(call, mistake));
    Refusal { status: crash, ..mistake.into() }
}

const BODY_CRASHES: [Telltale<fault::OneTime>; 2] = [
    (fault::OneTime::EmptyBodyCrashes, |call, _| call.object() == Err(BadBody::Empty), 500),
    (fault::OneTime::MalformedBodyCrashes, |call, _| call.object() == Err(BadBody::Malformed), 500),
];

fn field_crash(call: &Call<'_>, mistake: Mistake) -> Option<u16> {
    use fault::OneTime as Fault;
    let Mistake::OneTimeField(state) = mistake else {
        return None;
    };
    let fault = match state {
        FieldState::Missing => Fault::MissingCrashes,
        FieldState::Empty => Fault::EmptyCrashes,
        FieldState::Null => Fault::NullCrashes,
        FieldState::Number => Fault::NumberCrashes,
        FieldState::Boolean => Fault::BooleanCrashes,
        FieldState::List => Fault::ListCrashes,
        FieldState::Object => Fault::ObjectCrashes,
    };
    call.has(fault).then_some(500)
}

const CARELESS: [(fault::OneTime, Likeness); 6] = [
    (fault::OneTime::SecondPartUnchecked, likeness::same_first_part),
    (fault::OneTime::FirstPartUnchecked, likeness::same_last_part),
    (fault::OneTime::CutShortAccepted, likeness::cut_short),
    (fault::OneTime::LongerAccepted, likeness::with_more_behind),
    (fault::OneTime::CaseIgnored, likeness::same_but_for_case),
    (fault::OneTime::BeginningCompared, likeness::same_beginning),
];

pub(super) fn recognised(call: &Call<'_>, shown: &str) -> Option<Text> {
    let store = &call.state.one_time;
    let careless = || {
        let faulty = CARELESS.iter().any(|(fault, _)| call.has(*fault));
        faulty.then(|| store.texts().find(|known| call.takes(&CARELESS, shown, known)).cloned()).flatten()
    };
    store.text(shown).or_else(careless)
}

/// What becomes of a token that is no one-time token: it is refused, unless something is wrong.
pub(super) fn stranger(call: &mut Call<'_>, shown: &str) -> Result<usize, Refusal> {
    let access = call.state.access.get(shown).filter(|_| call.has(fault::OneTime::AccessTokenAccepted));
    let refresh = call.state.refresh.get(shown).filter(|_| call.has(fault::OneTime::RefreshTokenAccepted));
    if let Some(owner) = access.map(|access| access.owner).or(refresh.map(|refresh| refresh.owner)) {
        return Ok(owner.user);
    }
    call.state.refused_in_a_row += 1;
    let spends = call.has(fault::OneTime::FailureSpends)
        || (call.has(fault::OneTime::ThreeFailuresSpend) && call.state.refused_in_a_row >= 3);
    if spends {
        call.state.one_time.records_mut().for_each(|good| good.uses += 1);
    }
    Err(Mistake::OneTimeUnknown.into())
}

pub(super) fn refuse_while_locked(call: &Call<'_>) -> Result<(), Refusal> {
    let locked = call.has(fault::OneTime::ThreeFailuresLock) && call.state.refused_in_a_row >= 3;
    if locked { Err(Mistake::OneTimeUnknown.into()) } else { Ok(()) }
}
