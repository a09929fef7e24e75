//! `GET` and `PATCH /connectors/settings`: how long tokens live that are issued from then on.

use std::time::Duration;

use serde_json::{Map, Value, json};

use super::{Answer, Endpoint, authorization};
use crate::{
    Lifetimes, Response,
    call::Call,
    refusal::{Mistake, Refusal},
    variations::{fault, freedom},
};

/// No lifetime may be longer, in seconds: ten years.
const LONGEST: u64 = 10 * 365 * 86_400;

/// The shortest lifetime of a server that wants one, in seconds.
const SHORTEST_WANTED: u64 = 2;

/// What a careless server puts into the place of lifetimes that a change does not name.
const FACTORY: Lifetimes = Lifetimes {
    access: Duration::from_secs(600),
    refresh: Duration::from_secs(7200),
    one_time: Duration::from_secs(60),
};

/// The settings that a request names.
#[derive(Clone, Copy, Default)]
struct Wanted {
    access: Option<Duration>,
    refresh: Option<Duration>,
    one_time: Option<Duration>,
}

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
    let Lifetimes {
        access,
        refresh,
        one_time,
    } = call.state.announced;
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

fn wanted(call: &Call<'_>) -> Result<Wanted, Refusal> {
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
    let shortest = if call.has(freedom::Settings::ShortestTwoSeconds) {
        SHORTEST_WANTED
    } else {
        1
    };
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

/// One second for every lifetime that is named, whatever was wanted.
fn nearest_sense(object: &Map<String, Value>) -> Wanted {
    let lifetime = |name| object.contains_key(name).then_some(Duration::from_secs(1));
    Wanted {
        access: lifetime("accessTokenLifeTime"),
        refresh: lifetime("refreshTokenLifeTime"),
        one_time: lifetime("ottLifeTime"),
    }
}

fn apply(call: &mut Call<'_>, wanted: Wanted) {
    call.state.reconfigured = true;
    let wanted = spread(call, wanted);
    let kept = without_ignored(call, wanted, &NOT_KEPT);
    let announced = without_ignored(call, wanted, &NOT_ANNOUNCED);
    call.state.kept = merged(call.state.kept, stretched(call, kept));
    call.state.announced = merged(call.state.announced, announced);
}

fn merged(before: Lifetimes, wanted: Wanted) -> Lifetimes {
    Lifetimes {
        access: wanted.access.unwrap_or(before.access),
        refresh: wanted.refresh.unwrap_or(before.refresh),
        one_time: wanted.one_time.unwrap_or(before.one_time),
    }
}

type Setting = fn(&mut Wanted) -> &mut Option<Duration>;

const ACCESS: Setting = |wanted| &mut wanted.access;
const REFRESH: Setting = |wanted| &mut wanted.refresh;
const ONE_TIME: Setting = |wanted| &mut wanted.one_time;

const NOT_KEPT: [(fault::Settings, Setting); 5] = [
    (fault::Settings::AccessIgnored, ACCESS),
    (fault::Settings::AccessOnlyTold, ACCESS),
    (fault::Settings::RefreshIgnored, REFRESH),
    (fault::Settings::RefreshOnlyTold, REFRESH),
    (fault::Settings::OneTimeIgnored, ONE_TIME),
];

const NOT_ANNOUNCED: [(fault::Settings, Setting); 4] = [
    (fault::Settings::AccessIgnored, ACCESS),
    (fault::Settings::AccessOnlyKept, ACCESS),
    (fault::Settings::RefreshIgnored, REFRESH),
    (fault::Settings::RefreshOnlyKept, REFRESH),
];

fn without_ignored(call: &Call<'_>, mut wanted: Wanted, faults: &[(fault::Settings, Setting)]) -> Wanted {
    faults
        .iter()
        .filter(|(fault, _)| call.has(*fault))
        .for_each(|(_, setting)| *setting(&mut wanted) = None);
    wanted
}

/// Lifetimes taken for minutes.
fn stretched(call: &Call<'_>, mut wanted: Wanted) -> Wanted {
    let faults = [
        (fault::Settings::AccessInMinutes, ACCESS),
        (fault::Settings::RefreshInMinutes, REFRESH),
        (fault::Settings::OneTimeInMinutes, ONE_TIME),
    ];
    faults
        .into_iter()
        .filter(|(fault, _)| call.has(*fault))
        .for_each(|(_, setting)| {
            *setting(&mut wanted) = setting(&mut wanted).map(|lifetime| lifetime * 60);
        });
    wanted
}

/// A change that goes further than it was asked to.
fn spread(call: &Call<'_>, wanted: Wanted) -> Wanted {
    let mut all = wanted;
    let slips = [
        (fault::Settings::AccessSetsRefresh, wanted.access, REFRESH),
        (fault::Settings::RefreshSetsAccess, wanted.refresh, ACCESS),
        (fault::Settings::OneTimeSetsAccess, wanted.one_time, ACCESS),
        (fault::Settings::OneTimeSetsRefresh, wanted.one_time, REFRESH),
        (
            fault::Settings::AccessSetsOneTime,
            wanted.access.map(|access| access / 10),
            ONE_TIME,
        ),
    ];
    for (_, value, setting) in slips
        .into_iter()
        .filter(|(fault, value, _)| value.is_some() && call.has(*fault))
    {
        *setting(&mut all) = value;
    }
    if call.has(fault::Settings::OthersReset) {
        let whole = merged(FACTORY, all);
        all = Wanted {
            access: Some(whole.access),
            refresh: Some(whole.refresh),
            one_time: Some(whole.one_time),
        };
    }
    all
}
