//! `POST /external/token/verify`: a one-time token names its user, once.

mod shown;
mod spending;

use serde_json::{Value, json};

use super::{Answer, Endpoint, authorization, token_answer};
use crate::{
    Response,
    call::Call,
    tokens::{self, Origin, Owner},
    variations::{fault, freedom},
};

/// Verifies a one-time token.
pub(super) fn answer(call: &mut Call<'_>) -> Answer {
    if call.has(freedom::OneTime::AuthorizationNeeded) {
        authorization::owner(call, Endpoint::Verify)?;
    }
    shown::refuse_while_locked(call)?;
    let token = shown::presented(call)?;
    let user = match shown::recognised(call, &token) {
        Some(text) => spending::use_up(call, &text)?,
        None => shown::stranger(call, &token)?,
    };
    call.state.refused_in_a_row = 0;
    Ok(told(call, user))
}

fn told(call: &mut Call<'_>, user: usize) -> Response {
    let mut answer = json!({"login": call.user(named(call, user)).login});
    if call.has(freedom::OneTime::IndicatorsBeside) {
        answer["valid"] = Value::Bool(true);
        answer["isExpired"] = Value::Bool(false);
    }
    if call.has(freedom::OneTime::PairBeside) {
        let owner = Owner { user, session: call.state.begin_session() };
        let pair = tokens::issue(call, owner, &Origin::Login);
        answer["accessToken"] = json!(&*pair.access);
        answer["refreshToken"] = json!(&*pair.refresh);
    }
    const CONTENT_TYPES: [(fault::OneTime, &str); 2] =
        [(fault::OneTime::ContentTypeText, "text/plain"), (fault::OneTime::ContentTypeMissing, "")];
    let status = if call.has(fault::OneTime::Status201) { 201 } else { 200 };
    let response = Response::json(status, &answer).with("Cache-Control", "no-store");
    token_answer::relabelled(response, "Content-Type", call.first(&CONTENT_TYPES))
}

/// Whom the answer names.
fn named(call: &Call<'_>, user: usize) -> usize {
    let store = &call.state.one_time;
    let newest = store.texts().next().and_then(|text| store.get(text)).map_or(user, |record| record.user);
    if call.has(fault::OneTime::FirstUserNamed) {
        0
    } else if call.has(fault::OneTime::LatestUserNamed) {
        newest
    } else {
        user
    }
}
