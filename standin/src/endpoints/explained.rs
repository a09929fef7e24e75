//! `GET /methods/errors?errorId=…`: what an error code means.

use serde_json::json;

use super::Answer;
use crate::{
    Response,
    call::Call,
    refusal::{Mistake, explanation},
    variations::freedom,
};

/// Explains a code.
pub(super) fn answer(call: &Call<'_>) -> Answer {
    let code = call.request.parameter("errorId").filter(|_| !call.has(freedom::Refusal::CodesUnexplained));
    let known = code.and_then(|code| explanation(&code).map(|meaning| (code, meaning)));
    let (code, meaning) = known.ok_or(Mistake::UnknownCode)?;
    Ok(Response::json(200, &json!({"errorId": code, "message": meaning})))
}
