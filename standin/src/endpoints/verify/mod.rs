//! `POST /external/token/verify`: a one-time token identifies its user, once.

mod consume;
mod lookup;

use serde_json::{Value, json};

use super::{authorization, token_answer};
use crate::{
    api::Endpoint,
    call::CallContext,
    issuing,
    refusal::EndpointResult,
    response::ApiResponse,
    tokens::{PairOrigin, TokenOwner},
    variations::{OneTimeFault, OneTimeVariant},
};

/// Verifies a one-time token.
pub(super) fn answer(call: &mut CallContext<'_>) -> EndpointResult {
    if call.has(OneTimeVariant::AuthorizationNeeded) {
        authorization::authorize(call, Endpoint::Verify)?;
    }
    lookup::check_lock(call)?;
    let presented = lookup::presented_token(call)?;
    let user = match lookup::lookup(call, &presented) {
        Some(token) => consume::consume(call, &token)?,
        None => lookup::handle_unknown(call, &presented)?,
    };
    call.state.refused_in_a_row = 0;
    Ok(render(call, user))
}

fn render(call: &mut CallContext<'_>, user: usize) -> ApiResponse {
    let mut body = json!({"login": call.user(named_user(call, user)).login});
    if call.has(OneTimeVariant::IndicatorsBeside) {
        body["valid"] = Value::Bool(true);
        body["isExpired"] = Value::Bool(false);
    }
    if call.has(OneTimeVariant::PairBeside) {
        let owner = TokenOwner { user, session: call.state.begin_session() };
        let pair = issuing::issue_pair(call, owner, &PairOrigin::Login);
        body["accessToken"] = json!(&*pair.access);
        body["refreshToken"] = json!(&*pair.refresh);
    }
    const CONTENT_TYPES: [(OneTimeFault, &str); 2] =
        [(OneTimeFault::ContentTypeText, "text/plain"), (OneTimeFault::ContentTypeMissing, "")];
    let status = if call.has(OneTimeFault::Status201) { 201 } else { 200 };
    let response = ApiResponse::json(status, &body).with("Cache-Control", "no-store");
    token_answer::with_header(response, "Content-Type", call.first(&CONTENT_TYPES))
}

/// The user that the response names: the token's, unless a fault confuses users.
fn named_user(call: &CallContext<'_>, user: usize) -> usize {
    let store = &call.state.one_time;
    let newest = store.texts().next().and_then(|text| store.get(text)).map_or(user, |record| record.user);
    if call.has(OneTimeFault::FirstUserNamed) {
        0
    } else if call.has(OneTimeFault::LatestUserNamed) {
        newest
    } else {
        user
    }
}
