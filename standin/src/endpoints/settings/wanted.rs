//! The change that a request asks for: lifetimes in whole, positive seconds.

use std::time::Duration;

use serde_json::{Map, Value};

use crate::{
    Lifetimes,
    call::Call,
    refusal::{Mistake, Refusal},
    variations::{fault, freedom},
};

/// No lifetime may be longer, in seconds: ten years.
const LONGEST: u64 = 10 * 365 * 86_400;

/// The shortest lifetime of a server that wants one, in seconds.
const SHORTEST_WANTED: u64 = 2;

/// The settings that a request names.
#[derive(Clone, Copy, Default)]
pub(super) struct Wanted {
    pub(super) access: Option<Duration>,
    pub(super) refresh: Option<Duration>,
    pub(super) one_time: Option<Duration>,
}

impl Wanted {
    /// The lifetimes after this change.
    pub(super) fn over(self, before: Lifetimes) -> Lifetimes {
        Lifetimes {
            access: self.access.unwrap_or(before.access),
            refresh: self.refresh.unwrap_or(before.refresh),
            one_time: self.one_time.unwrap_or(before.one_time),
        }
    }
}

/// The change in the body of the request.
pub(super) fn wanted(call: &Call<'_>) -> Result<Wanted, Refusal> {
    let object = call.object().map_err(|_| Mistake::SettingsBody)?;
    let lifetime = |name| match object.get(name) {
        None => Ok(None),
        Some(value) => seconds(call, value).map(|wanted| Some(Duration::from_secs(wanted))),
    };
    Ok(Wanted {
        access: lifetime("accessTokenLifeTime")?,
        refresh: lifetime("refreshTokenLifeTime")?,
        one_time: lifetime("ottLifeTime")?,
    })
}

fn seconds(call: &Call<'_>, value: &Value) -> Result<u64, Refusal> {
    let shortest = if call.has(freedom::Settings::ShortestTwoSeconds) { SHORTEST_WANTED } else { 1 };
    match value.as_u64() {
        Some(seconds) if (shortest..=LONGEST).contains(&seconds) => Ok(seconds),
        _ => misread(call, value).ok_or(Mistake::SettingsValue.into()),
    }
}

/// The seconds that a careless server reads where none are.
fn misread(call: &Call<'_>, value: &Value) -> Option<u64> {
    let negative = value.as_i64().filter(|seconds| *seconds < 0).map(i64::unsigned_abs);
    negative
        .filter(|_| call.has(fault::Settings::NegativeAccepted))
        .or((value.as_u64() == Some(0) && call.has(fault::Settings::ZeroAccepted)).then_some(0))
        .or((value.is_string() && call.has(fault::Settings::TextAccepted)).then_some(1))
        .map(|seconds| seconds.min(LONGEST))
}

/// One second for every lifetime that is named, whatever was wanted.
pub(super) fn nearest_sense(object: &Map<String, Value>) -> Wanted {
    let lifetime = |name| object.contains_key(name).then_some(Duration::from_secs(1));
    Wanted {
        access: lifetime("accessTokenLifeTime"),
        refresh: lifetime("refreshTokenLifeTime"),
        one_time: lifetime("ottLifeTime"),
    }
}
