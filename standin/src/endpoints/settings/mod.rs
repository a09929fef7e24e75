//! `GET` and `PATCH /connectors/settings`: the lifetimes of tokens issued from then on.

mod change;
mod settings_faults;

use serde_json::{Value, json};

use self::change::{SettingsChange, good_half, one_second_each, parse_change};
use super::authorization;
use crate::{
    api::Endpoint,
    call::CallContext,
    json_body::BodyError,
    options::TokenLifetimes,
    refusal::{EndpointResult, Mistake, Refusal},
    response::ApiResponse,
    variations::{SettingsFault, SettingsVariant},
};

/// Reads or changes the settings.
pub(super) fn answer(call: &mut CallContext<'_>) -> EndpointResult {
    if let Err(refused) = authorization::authorize(call, Endpoint::Settings) {
        handle_unauthorized(call, refused)?;
    }
    if call.request.method != "PATCH" {
        return Ok(render(call));
    }
    let change = parse_change(call).or_else(|refused| handle_bad_change(call, refused))?;
    apply(call, change);
    Ok(render_changed(call))
}

fn render(call: &CallContext<'_>) -> ApiResponse {
    let TokenLifetimes { access, refresh, one_time } = call.state.announced;
    let settings = json!({
        "accessTokenLifeTime": access.as_secs(),
        "refreshTokenLifeTime": refresh.as_secs(),
        "ottLifeTime": one_time.as_secs(),
    });
    ApiResponse::json(200, &settings)
}

fn render_changed(call: &CallContext<'_>) -> ApiResponse {
    if call.has(SettingsVariant::NoContent) {
        ApiResponse::empty(204)
    } else if call.has(SettingsVariant::EmptyAnswer) {
        ApiResponse::empty(200)
    } else {
        render(call)
    }
}

/// Refuses a call without a valid access token, unless a fault accepts it.
fn handle_unauthorized(call: &mut CallContext<'_>, refused: Refusal) -> Result<(), Refusal> {
    let open = match refused.mistake {
        Mistake::NoToken(_) => call.has(SettingsFault::OpenWithoutToken),
        _ => call.has(SettingsFault::OpenWithAnyToken),
    };
    if open {
        return Ok(());
    }
    if call.has(SettingsFault::ChangedBeforeRefusal)
        && let Ok(change) = parse_change(call)
    {
        apply(call, change);
    }
    let status = call.has(SettingsFault::NoTokenForbidden).then_some(403);
    Err(Refusal { status, ..refused })
}

/// Refuses a change to an invalid value without applying it, unless a fault does otherwise.
fn handle_bad_change(call: &mut CallContext<'_>, refused: Refusal) -> Result<SettingsChange, Refusal> {
    let has_text = call.object().is_ok_and(|object| object.values().any(Value::is_string));
    if call.has(SettingsFault::RefusedButStored) {
        let change = one_second_each(&call.object().unwrap_or_default());
        apply(call, change);
    }
    if call.has(SettingsFault::HalfStored) {
        let change = good_half(&call.object().unwrap_or_default());
        apply(call, change);
    }
    if call.has(SettingsFault::BadValueIgnored) && refused.mistake == Mistake::SettingsValue {
        return Ok(SettingsChange::default());
    }
    let is_malformed = call.object() == Err(BodyError::Malformed);
    let crashes = (has_text && call.has(SettingsFault::TextCrashes))
        || (is_malformed && call.has(SettingsFault::MalformedCrashes));
    let status = crashes.then_some(500);
    Err(Refusal { status, ..refused })
}

fn apply(call: &mut CallContext<'_>, change: SettingsChange) {
    call.state.reconfigured = true;
    let change = settings_faults::spread(call, change);
    call.state.effective = settings_faults::effective(call, change).apply_to(call.state.effective);
    call.state.announced = settings_faults::announced(call, change).apply_to(call.state.announced);
}
