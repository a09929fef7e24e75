//! `GET /methods/errors?errorId=…`: the meaning of an error code.

use serde_json::json;

use crate::{
    call::CallContext,
    refusal::{EndpointResult, Mistake, code_meaning},
    response::ApiResponse,
    variations::RefusalVariant,
};

/// Explains a code.
pub(super) fn answer(call: &CallContext<'_>) -> EndpointResult {
    let code = call.request.parameter("errorId").filter(|_| !call.has(RefusalVariant::CodesUnexplained));
    let known = code.and_then(|code| code_meaning(&code).map(|meaning| (code, meaning)));
    let (code, meaning) = known.ok_or(Mistake::UnknownCode)?;
    Ok(ApiResponse::json(200, &json!({"errorId": code, "message": meaning})))
}
