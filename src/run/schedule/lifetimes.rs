//! The lifetimes that a run sets: long enough for every token to be used in time at this pace, short enough to be waited for while
//! the rest of the run goes on, and different from each other, so that none is taken for another.

use std::time::Duration;

use super::{Conditions, ExpectedLifetimes, ScenarioTrace, Timetable, plan};

/// Tries before the best that was found is taken.
const TRIES: usize = 12;
/// How much longer lifetimes become when something would be late.
const GROWTH: f64 = 1.35;
/// The shortest access lifetime that is chosen, in seconds.
const SHORTEST: f64 = 6.0;
/// The shortest that leaves other clients of the server in peace: they refresh half a minute before the announced end.
const FRIENDLY: f64 = 35.0;
/// How much of the time that requests take may be spent waiting.
const SHARE: f64 = 0.85;

/// Lifetimes with the run that they lead to.
#[derive(Clone, Debug)]
pub(crate) struct LifetimeChoice {
    pub(crate) lifetimes: ExpectedLifetimes,
    pub(crate) timetable: Timetable,
}

/// Chooses lifetimes, none below `at_least` and none above `max_wait`. The best found when something is late with all.
pub(crate) fn choose(
    conditions: &Conditions,
    scenarios: &[ScenarioTrace],
    at_least: Option<ExpectedLifetimes>,
) -> LifetimeChoice {
    let least = at_least.unwrap_or_else(|| first_guess(conditions, scenarios));
    let mut best: Option<LifetimeChoice> = None;
    let mut factor = 1.0;
    for _ in 0..TRIES {
        let lifetimes = lengthened(least, factor, conditions);
        let timetable = plan(&Conditions { lifetimes, ..conditions.clone() }, scenarios);
        let is_better = |best: &LifetimeChoice| faults(&timetable) < faults(&best.timetable);
        let is_perfect = faults(&timetable) == 0;
        if best.as_ref().is_none_or(is_better) {
            best = Some(LifetimeChoice { lifetimes, timetable });
        }
        let is_longest = lifetimes == lengthened(least, factor * GROWTH, conditions);
        if is_perfect || is_longest {
            break;
        }
        factor *= GROWTH;
    }
    best.unwrap_or(LifetimeChoice { lifetimes: least, timetable: Timetable::default() })
}

fn faults(timetable: &Timetable) -> usize {
    timetable.late.len() + timetable.unwaitable.len()
}

/// Lifetimes whose ends can be waited for while the other requests are made.
fn first_guess(conditions: &Conditions, scenarios: &[ScenarioTrace]) -> ExpectedLifetimes {
    let everlasting = ExpectedLifetimes { access: None, refresh: None, one_time: None };
    let untimed = plan(&Conditions { lifetimes: everlasting, ..conditions.clone() }, scenarios);
    let room = untimed.length.as_secs_f64() * SHARE;
    let least = SHORTEST.max(conditions.margin.as_secs_f64() * 3.0);
    // The longest wait is for the end of a refresh token, which lives twice as long as an access token.
    let access = (room / 2.0 - conditions.margin.as_secs_f64()).clamp(least, FRIENDLY).floor().max(least);
    let seconds = |time: f64| Some(Duration::from_secs_f64(time.ceil()).min(conditions.max_wait));
    // Half as long as access tokens: a source may take seconds to give one.
    let one_time = (access / 2.0).max(least + 2.0);
    ExpectedLifetimes { access: seconds(access), refresh: seconds(access * 2.0), one_time: seconds(one_time) }
}

/// The same, that many times as long, in whole seconds.
fn lengthened(lifetimes: ExpectedLifetimes, factor: f64, conditions: &Conditions) -> ExpectedLifetimes {
    let longest = Duration::from_secs(conditions.max_wait.as_secs()).max(Duration::from_secs(1));
    let longer = |lifetime: Option<Duration>| {
        lifetime.map(|lifetime| {
            if factor == 1.0 {
                lifetime
            } else {
                let longer = Duration::from_secs_f64((lifetime.as_secs_f64() * factor).ceil());
                longer.min(longest).max(lifetime)
            }
        })
    };
    let access = longer(lifetimes.access);
    // A refresh token that did not outlive the access token could not be distinguished from it.
    let refresh = longer(lifetimes.refresh);
    let access = match (access, refresh) {
        (Some(access), Some(refresh)) if refresh == longest => {
            let most = Duration::from_secs(refresh.saturating_sub(conditions.margin * 4).as_secs());
            Some(access.min(most.max(lifetimes.access.unwrap_or(access))))
        }
        _ => access,
    };
    ExpectedLifetimes { access, refresh, one_time: longer(lifetimes.one_time) }
}
