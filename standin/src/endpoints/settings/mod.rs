//! `GET` and `PATCH /connectors/settings`: how long tokens live that are issued from then on.

mod slips;
mod wanted;

use serde_json::{Value, json};

use self::wanted::{Wanted, nearest_sense, wanted};
use super::{Answer, Endpoint, authorization};
use crate::{
    Lifetimes, Response,
    call::Call,
    refusal::{Mistake, Refusal},
    variations::{fault, freedom},
};

/// Tells or changes the settings.
pub(super) fn answer(call: &mut Call<'_>) -> Answer {
    if let Err(refused) = authorization::owner(call, Endpoint::Settings) {
        unauthorized(call, refused)?;
    }
    if call.request.method != "PATCH" {
        return Ok(told(call));
    }
    let wanted = wanted(call).or_else(|refused| not_wanted(call, refused))?;
    apply(call, wanted);
    Ok(changed(call))
}

fn told(call: &Call<'_>) -> Response {
    let Lifetimes { access, refresh, one_time } = call.state.announced;
    let told = json!({
        "accessTokenLifeTime": access.as_secs(),
        "refreshTokenLifeTime": refresh.as_secs(),
        "ottLifeTime": one_time.as_secs(),
    });
    Response::json(200, &told)
}

fn changed(call: &Call<'_>) -> Response {
    if call.has(freedom::Settings::NoContent) {
        Response::empty(204)
    } else if call.has(freedom::Settings::EmptyAnswer) {
        Response::empty(200)
    } else {
        told(call)
    }
}

/// A change without a good access token: refused, unless something is wrong.
fn unauthorized(call: &mut Call<'_>, refused: Refusal) -> Result<(), Refusal> {
    let open = match refused.mistake {
        Mistake::NoToken(_) => call.has(fault::Settings::OpenWithoutToken),
        _ => call.has(fault::Settings::OpenWithAnyToken),
    };
    if open {
        return Ok(());
    }
    if call.has(fault::Settings::ChangedBeforeRefusal)
        && let Ok(wanted) = wanted(call)
    {
        apply(call, wanted);
    }
    let status = call.has(fault::Settings::NoTokenForbidden).then_some(403);
    Err(Refusal { status, ..refused })
}

/// A change to something that is no lifetime: refused and without effect, unless something is wrong.
fn not_wanted(call: &mut Call<'_>, refused: Refusal) -> Result<Wanted, Refusal> {
    let text = call.object().is_ok_and(|object| object.values().any(Value::is_string));
    if call.has(fault::Settings::RefusedButStored) {
        let stored = nearest_sense(&call.object().unwrap_or_default());
        apply(call, stored);
    }
    if call.has(fault::Settings::BadValueIgnored) && refused.mistake == Mistake::SettingsValue {
        return Ok(Wanted::default());
    }
    let status = (text && call.has(fault::Settings::TextCrashes)).then_some(500);
    Err(Refusal { status, ..refused })
}

fn apply(call: &mut Call<'_>, wanted: Wanted) {
    call.state.reconfigured = true;
    let wanted = slips::spread(call, wanted);
    call.state.kept = slips::kept(call, wanted).over(call.state.kept);
    call.state.announced = slips::announced(call, wanted).over(call.state.announced);
}
