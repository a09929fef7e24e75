//! `POST /external/token/verify`: a one-time token names its user, once.

use std::time::Duration;

use serde_json::{Value, json};

use super::{Answer, Endpoint, Field, FieldState, authorization, token_answer};
use crate::{
    Response,
    call::{BadBody, Call},
    refusal::{Mistake, Refusal},
    state::Change,
    tokens::{
        self, OneTime, Origin, Owner, Text,
        likeness::{self, Likeness},
    },
    variations::{fault, freedom},
};

/// How long a used token stays good where it does so shortly, by the server's clock.
const SHORTLY: Duration = Duration::from_secs(3);

/// Verifies a one-time token.
pub(super) fn answer(call: &mut Call<'_>) -> Answer {
    if call.has(freedom::OneTime::AuthorizationNeeded) {
        authorization::owner(call, Endpoint::Verify)?;
    }
    refuse_while_locked(call)?;
    let shown = presented(call)?;
    let user = match recognised(call, &shown) {
        Some(text) => use_up(call, &text)?,
        None => stranger(call, &shown)?,
    };
    call.state.refused_in_a_row = 0;
    Ok(told(call, user))
}

/// The token in the body of the request.
fn presented(call: &mut Call<'_>) -> Result<String, Refusal> {
    let elsewhere = (
        call.request.parameter("token"),
        call.request.header("token").map(str::to_owned),
    );
    let (query, header) = (
        elsewhere.0.clone().filter(|_| call.has(fault::OneTime::QueryAccepted)),
        elsewhere.1.clone().filter(|_| call.has(fault::OneTime::HeaderAccepted)),
    );
    if let Some(token) = query.or(header) {
        return Ok(token);
    }
    let in_body = call.object().map_err(Mistake::OneTimeBody).and_then(|object| {
        Field::Token
            .of(&object)
            .map(str::to_owned)
            .map_err(Mistake::OneTimeField)
    });
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
    Refusal {
        status: crash,
        ..mistake.into()
    }
}

const BODY_CRASHES: [crate::call::Telltale<fault::OneTime>; 2] = [
    (
        fault::OneTime::EmptyBodyCrashes,
        |call, _| call.object() == Err(BadBody::Empty),
        500,
    ),
    (
        fault::OneTime::MalformedBodyCrashes,
        |call, _| call.object() == Err(BadBody::Malformed),
        500,
    ),
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

fn recognised(call: &Call<'_>, shown: &str) -> Option<Text> {
    let store = &call.state.one_time;
    let careless = || {
        let faulty = CARELESS.iter().any(|(fault, _)| call.has(*fault));
        faulty
            .then(|| store.texts().find(|known| call.takes(&CARELESS, shown, known)).cloned())
            .flatten()
    };
    store.text(shown).or_else(careless)
}

/// Whose the token is, if it is good; then it is good no more.
fn use_up(call: &mut Call<'_>, text: &Text) -> Result<usize, Refusal> {
    let Some(record) = call.state.one_time.get(text).cloned() else {
        return Err(Mistake::OneTimeUnknown.into());
    };
    if record.expires <= call.now {
        return Err(Refusal {
            owner: Some(record.user),
            ..Mistake::OneTimeExpired.into()
        });
    }
    if record.uses > 0 && !is_reusable(call, &record) {
        count(call, text);
        return Err(Refusal {
            owner: Some(record.user),
            ..Mistake::OneTimeUsed.into()
        });
    }
    let spending = Change::SpendOneTime(Text::clone(text));
    let met = call.state.in_flight().filter(|change| **change == spending).count();
    if met >= 2 && call.has(fault::Race::VerifiedByTwo) {
        return Err(Mistake::OneTimeUsed.into());
    }
    if call.has(fault::Race::VerifiedByAll) || call.has(fault::Race::VerifiedByTwo) {
        call.hold_back(spending);
    } else {
        count(call, text);
    }
    spend_others(call, text, record.user);
    Ok(record.user)
}

fn count(call: &mut Call<'_>, text: &str) {
    if let Some(record) = call.state.one_time.get_mut(text) {
        record.uses = record.uses.saturating_add(1);
    }
}

fn is_reusable(call: &Call<'_>, record: &OneTime) -> bool {
    let issued = record.expires.saturating_sub(call.state.kept.one_time);
    call.has(fault::OneTime::Reusable)
        || (call.has(fault::OneTime::ReusableShortly) && call.now < issued + SHORTLY)
        || (call.has(fault::OneTime::ThirdTimeWorks) && record.uses == 2)
}

fn spend_others(call: &mut Call<'_>, text: &Text, user: usize) {
    let older: Vec<Text> = call
        .state
        .one_time
        .texts()
        .skip_while(|other| *other != text)
        .skip(1)
        .cloned()
        .collect();
    if call.has(fault::OneTime::UsersOthersSpent) {
        call.state
            .one_time
            .records_mut()
            .filter(|other| other.user == user)
            .for_each(|other| other.uses += 1);
    }
    if call.has(fault::OneTime::OlderSpent) {
        older.iter().for_each(|other| count(call, other));
    }
}

/// What becomes of a token that is no one-time token: it is refused, unless something is wrong.
fn stranger(call: &mut Call<'_>, shown: &str) -> Result<usize, Refusal> {
    let access = call
        .state
        .access
        .get(shown)
        .filter(|_| call.has(fault::OneTime::AccessTokenAccepted));
    let refresh = call
        .state
        .refresh
        .get(shown)
        .filter(|_| call.has(fault::OneTime::RefreshTokenAccepted));
    if let Some(owner) = access
        .map(|access| access.owner)
        .or(refresh.map(|refresh| refresh.owner))
    {
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

fn refuse_while_locked(call: &Call<'_>) -> Result<(), Refusal> {
    let locked = call.has(fault::OneTime::ThreeFailuresLock) && call.state.refused_in_a_row >= 3;
    if locked {
        Err(Mistake::OneTimeUnknown.into())
    } else {
        Ok(())
    }
}

fn told(call: &mut Call<'_>, user: usize) -> Response {
    let mut answer = json!({"login": call.user(named(call, user)).login});
    if call.has(freedom::OneTime::IndicatorsBeside) {
        answer["valid"] = Value::Bool(true);
        answer["isExpired"] = Value::Bool(false);
    }
    if call.has(freedom::OneTime::PairBeside) {
        let owner = Owner {
            user,
            session: call.state.begin_session(),
        };
        let pair = tokens::issue(call, owner, &Origin::Login);
        answer["accessToken"] = json!(&*pair.access);
        answer["refreshToken"] = json!(&*pair.refresh);
    }
    const CONTENT_TYPES: [(fault::OneTime, &str); 2] = [
        (fault::OneTime::ContentTypeText, "text/plain"),
        (fault::OneTime::ContentTypeMissing, ""),
    ];
    let status = if call.has(fault::OneTime::Status201) { 201 } else { 200 };
    let response = Response::json(status, &answer).with("Cache-Control", "no-store");
    token_answer::relabelled(response, "Content-Type", call.first(&CONTENT_TYPES))
}

/// Whom the answer names.
fn named(call: &Call<'_>, user: usize) -> usize {
    let store = &call.state.one_time;
    let newest = store
        .texts()
        .next()
        .and_then(|text| store.get(text))
        .map_or(user, |record| record.user);
    if call.has(fault::OneTime::FirstUserNamed) {
        0
    } else if call.has(fault::OneTime::LatestUserNamed) {
        newest
    } else {
        user
    }
}
