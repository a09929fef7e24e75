//! The change of settings in a request: lifetimes in whole, positive seconds.

use std::time::Duration;

use serde_json::{Map, Value};

use crate::{
    call::CallContext,
    json_body::{BodyError, parse_object},
    options::TokenLifetimes,
    refusal::{Mistake, Refusal},
    variations::{SettingsFault, SettingsVariant},
};

/// The longest lifetime that can be set, in seconds: ten years.
const MAX_SECONDS: u64 = 10 * 365 * 86_400;

/// The shortest lifetime that the variant `settings-shortest-two-seconds` accepts, in seconds.
const RAISED_MIN_SECONDS: u64 = 2;

/// The lifetimes that a request changes.
#[derive(Clone, Copy, Default)]
pub(super) struct SettingsChange {
    pub(super) access: Option<Duration>,
    pub(super) refresh: Option<Duration>,
    pub(super) one_time: Option<Duration>,
}

impl SettingsChange {
    /// The lifetimes after this change.
    pub(super) fn apply_to(self, before: TokenLifetimes) -> TokenLifetimes {
        TokenLifetimes {
            access: self.access.unwrap_or(before.access),
            refresh: self.refresh.unwrap_or(before.refresh),
            one_time: self.one_time.unwrap_or(before.one_time),
        }
    }
}

/// Parses the change in the body of the request.
pub(super) fn parse_change(call: &CallContext<'_>) -> Result<SettingsChange, Refusal> {
    let object = call.object().or_else(|bad| lenient_object(call, bad)).map_err(|_| Mistake::SettingsBody)?;
    let lifetime = |name| match object.get(name) {
        None => Ok(None),
        Some(value) => parse_seconds(call, value).map(|seconds| Some(Duration::from_secs(seconds))),
    };
    Ok(SettingsChange {
        access: lifetime("accessTokenLifeTime")?,
        refresh: lifetime("refreshTokenLifeTime")?,
        one_time: lifetime("ottLifeTime")?,
    })
}

/// What a fault reads from a body other than an object.
fn lenient_object(call: &CallContext<'_>, bad: BodyError) -> Result<Map<String, Value>, BodyError> {
    let body = &call.request.body;
    match bad {
        BodyError::Empty if call.has(SettingsFault::EmptyAccepted) => Ok(Map::new()),
        BodyError::List if call.has(SettingsFault::ListTaken) => {
            let list: Vec<Map<String, Value>> = serde_json::from_slice(body).unwrap_or_default();
            list.into_iter().next().ok_or(bad)
        }
        BodyError::Text if call.has(SettingsFault::TextTaken) => {
            let text: String = serde_json::from_slice(body).unwrap_or_default();
            parse_object(text.as_bytes())
        }
        _ => Err(bad),
    }
}

/// The good ones among the lifetimes of a change.
pub(super) fn good_half(object: &Map<String, Value>) -> SettingsChange {
    let lifetime = |name| object.get(name).and_then(Value::as_u64).filter(|it| *it > 0).map(Duration::from_secs);
    SettingsChange {
        access: lifetime("accessTokenLifeTime"),
        refresh: lifetime("refreshTokenLifeTime"),
        one_time: lifetime("ottLifeTime"),
    }
}

fn parse_seconds(call: &CallContext<'_>, value: &Value) -> Result<u64, Refusal> {
    let min = if call.has(SettingsVariant::ShortestTwoSeconds) { RAISED_MIN_SECONDS } else { 1 };
    match value.as_u64() {
        Some(seconds) if (min..=MAX_SECONDS).contains(&seconds) => Ok(seconds),
        _ => misread_seconds(call, value).ok_or(Mistake::SettingsValue.into()),
    }
}

/// The seconds that a fault reads from an invalid value.
fn misread_seconds(call: &CallContext<'_>, value: &Value) -> Option<u64> {
    let negative = value.as_i64().filter(|seconds| *seconds < 0).map(i64::unsigned_abs);
    negative
        .filter(|_| call.has(SettingsFault::NegativeAccepted))
        .or((value.as_u64() == Some(0) && call.has(SettingsFault::ZeroAccepted)).then_some(0))
        .or((value.is_string() && call.has(SettingsFault::TextAccepted)).then_some(1))
        .map(|seconds| seconds.min(MAX_SECONDS))
}

/// One second for every lifetime that the request names.
pub(super) fn one_second_each(object: &Map<String, Value>) -> SettingsChange {
    let lifetime = |name| object.contains_key(name).then_some(Duration::from_secs(1));
    SettingsChange {
        access: lifetime("accessTokenLifeTime"),
        refresh: lifetime("refreshTokenLifeTime"),
        one_time: lifetime("ottLifeTime"),
    }
}
