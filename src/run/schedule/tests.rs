//! Timetables of made-up scenarios at random paces.

use std::time::Duration;

use proptest::prelude::*;
use steps::{LifetimeKind, PaceQueue, TraceEvent, Until};

use super::*;

fn sent(carries: &[usize]) -> TraceEvent {
    TraceEvent::Sent { requests: 1, carries: carries.to_vec(), is_failed_login: false }
}

fn pair() -> [TraceEvent; 3] {
    [sent(&[]), born(LifetimeKind::Access), born(LifetimeKind::Refresh)]
}

fn born(kind: LifetimeKind) -> TraceEvent {
    TraceEvent::Born { kind, is_second_user: false }
}

fn waited(token: usize, until: Until) -> TraceEvent {
    TraceEvent::Waited { token, until, lifetime: Duration::ZERO }
}

fn scenario(trace: impl IntoIterator<Item = TraceEvent>) -> ScenarioTrace {
    ScenarioTrace { trace: trace.into_iter().collect(), runs_alone: false }
}

/// A login whose pair is raced for, and whose outcome is tried.
fn race_of_refreshes(racers: u32) -> ScenarioTrace {
    let mut trace = vec![TraceEvent::Held { permits: racers + 1 }];
    trace.extend(pair());
    trace.push(TraceEvent::Sent { requests: racers, carries: vec![1], is_failed_login: false });
    trace.extend([
        born(LifetimeKind::Access),
        born(LifetimeKind::Refresh),
        TraceEvent::Released,
        sent(&[2]),
        sent(&[3]),
    ]);
    ScenarioTrace { trace, runs_alone: true }
}

fn race_of_verifications(racers: u32) -> ScenarioTrace {
    let race = TraceEvent::Sent { requests: racers, carries: vec![0], is_failed_login: false };
    scenario([TraceEvent::Held { permits: racers }, born(LifetimeKind::OneTime), race, TraceEvent::Released])
}

/// The kinds of scenarios that the features have.
fn kinds(burst: u32) -> Vec<ScenarioTrace> {
    let access = |until, carries: &[usize]| scenario(pair().into_iter().chain([waited(0, until), sent(carries)]));
    let one_time = |until| scenario([born(LifetimeKind::OneTime), waited(0, until), sent(&[0])]);
    vec![
        scenario([sent(&[])]),
        scenario([TraceEvent::SharedSession, sent(&[]), sent(&[])]),
        scenario(pair().into_iter().chain([sent(&[0])])),
        scenario(pair().into_iter().chain((0..6).map(|_| sent(&[0])))),
        scenario(pair().into_iter().chain([
            sent(&[1]),
            born(LifetimeKind::Access),
            born(LifetimeKind::Refresh),
            sent(&[2]),
        ])),
        access(Until::NearlyOver, &[0]),
        access(Until::Passed, &[0]),
        access(Until::Part(0.5), &[1]),
        scenario(pair().into_iter().chain([waited(1, Until::NearlyOver), sent(&[1])])),
        scenario(pair().into_iter().chain([waited(1, Until::Passed), sent(&[1])])),
        one_time(Until::NearlyOver),
        one_time(Until::Passed),
        scenario([born(LifetimeKind::OneTime), sent(&[0]), sent(&[0]), sent(&[0])]),
        race_of_verifications(20.min(burst)),
        race_of_refreshes(20.min(burst)),
    ]
}

fn conditions(rate: f64, burst: u32, latency: u64) -> Conditions {
    Conditions {
        rate: Some(rate),
        burst,
        round_trip: Duration::from_millis(latency),
        minting: Duration::from_millis(100),
        lifetimes: ExpectedLifetimes::default(),
        margin: Duration::from_millis(1500),
        max_wait: Duration::from_secs(600),
        concurrency: 8,
    }
}

fn seconds(access: u64, refresh: u64, one_time: u64) -> ExpectedLifetimes {
    let seconds = |time| Some(Duration::from_secs(time));
    ExpectedLifetimes { access: seconds(access), refresh: seconds(refresh), one_time: seconds(one_time) }
}

#[test]
fn waits_are_filled_with_the_rest_of_the_run() {
    let mut scenarios: Vec<_> = (0..100).map(|_| scenario([sent(&[])])).collect();
    let wait = scenario(pair().into_iter().chain([waited(0, Until::NearlyOver), sent(&[0])]));
    scenarios.extend(vec![wait; 5]);
    let lifetimes = seconds(20, 40, 10);
    let timetable = plan(&Conditions { lifetimes, ..conditions(4.0, 8, 20) }, &scenarios);
    assert_eq!((timetable.requests, timetable.late.len()), (110, 0));
    assert!(timetable.length < Duration::from_secs(30), "{:?}", timetable.length);
    assert!(timetable.begins[..5].iter().all(|(position, _)| *position >= 100), "the waits begin first");
}

/// Changes this lifetime, and waits under it.
fn wait_under_a_change(kind: LifetimeKind, token: usize) -> ScenarioTrace {
    let mut trace = vec![sent(&[]), born(LifetimeKind::Access), born(LifetimeKind::Refresh)];
    trace.extend([sent(&[0]), TraceEvent::Changed(Some(kind))]);
    trace.extend([waited(token, Until::NearlyOver), sent(&[token])]);
    trace.extend([sent(&[]), sent(&[]), TraceEvent::Changed(Some(kind))]);
    ScenarioTrace { trace, runs_alone: true }
}

#[test]
fn waits_under_settings_that_do_not_touch_each_other_overlap() {
    let lifetimes = seconds(20, 40, 10);
    let conditions = Conditions { lifetimes, ..conditions(4.0, 8, 20) };
    let access = wait_under_a_change(LifetimeKind::Access, 0);
    let refresh = wait_under_a_change(LifetimeKind::Refresh, 1);
    let race = race_of_refreshes(8);
    let refused = ScenarioTrace { trace: vec![sent(&[]), TraceEvent::Changed(None)], runs_alone: true };
    assert!(access.may_meet(&refresh) && access.may_meet(&race) && race.may_meet(&refresh));
    assert!(
        !access.may_meet(&access) && !race.may_meet(&race) && !refused.may_meet(&access) && !refused.may_meet(&race)
    );
    let timetable = plan(&conditions, &[race.clone(), access, race, refresh, refused]);
    assert!(timetable.late.is_empty() && timetable.length < Duration::from_secs(45), "{:?}", timetable.length);
    let begins: std::collections::HashMap<usize, Duration> = timetable.begins.iter().copied().collect();
    assert!(begins[&4] > Duration::from_secs(35), "what changes settings waits for what waits under them");
}

#[test]
fn a_token_too_short_lived_for_the_pace_is_said_beforehand() {
    let uses = scenario(pair().into_iter().chain((0..12).map(|_| sent(&[0]))));
    let timetable =
        plan(&Conditions { lifetimes: seconds(6, 12, 6), ..conditions(1.0, 4, 20) }, std::slice::from_ref(&uses));
    assert_eq!(timetable.late, [0]);
    let chosen = choose(&conditions(1.0, 4, 20), &[uses], None);
    assert!(chosen.timetable.late.is_empty(), "{:?}", chosen.lifetimes);
}

#[test]
fn a_lifetime_beyond_the_longest_wait_is_named() {
    let lifetimes = seconds(3600, 7200, 30);
    let timetable = plan(&Conditions { lifetimes, ..conditions(4.0, 8, 20) }, &kinds(8));
    assert!(timetable.unwaitable.contains(&(5, LifetimeKind::Access)));
    assert!(timetable.unwaitable.iter().all(|(_, kind)| *kind != LifetimeKind::OneTime));
    assert!(timetable.late.is_empty());
}

#[test]
fn chosen_lifetimes_leave_other_clients_in_peace_where_there_is_time() {
    let mut scenarios = kinds(8);
    scenarios.extend((0..300).map(|_| scenario([sent(&[])])));
    let chosen = choose(&conditions(4.0, 8, 20), &scenarios, None);
    assert!(chosen.lifetimes.access >= Some(Duration::from_secs(31)), "{:?}", chosen.lifetimes);
    assert!(chosen.lifetimes.refresh > chosen.lifetimes.access);
    let traffic = chosen.timetable.requests as f64 / 4.0;
    assert!(chosen.timetable.length.as_secs_f64() < traffic * 1.15, "{:?}", chosen.timetable.length);
}

#[test]
fn nothing_begins_beside_a_scenario_that_waits_for_more_than_there_is() {
    let (given, race) = (conditions(4.0, 8, 10), [TraceEvent::Held { permits: 8 }, sent(&[]), TraceEvent::Released]);
    for (burst, held, begins) in [(8, 4, true), (2, 4, false)] {
        let active = ActiveScenario { rest: &race, births: Vec::new(), passed: Duration::ZERO, held, pause: None };
        let queue = PaceQueue::new(Some(4.0), burst);
        let admitted = admits(&given, &queue, Duration::from_secs(9), None, &[active], &[sent(&[])]);
        assert_eq!(admitted, begins, "a burst of {burst}");
    }
}

/// A selection of the kinds, many times over.
fn selection() -> impl Strategy<Value = Vec<usize>> {
    prop::collection::vec(0_usize..15, 1..16)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(5_000))]

    /// Where lifetimes may be chosen, nothing is late at any pace.
    #[test]
    fn with_chosen_lifetimes_nothing_is_late(
        rate in 0.5..100.0_f64, burst in 1_u32..32, latency in 0_u64..500, selection in selection(),
    ) {
        let scenarios: Vec<_> = selection.into_iter().map(|kind| kinds(burst)[kind].clone()).collect();
        let chosen = choose(&conditions(rate, burst, latency), &scenarios, None);
        prop_assert!(chosen.timetable.late.is_empty(), "{:?} {:?}", chosen.lifetimes, chosen.timetable.late);
        prop_assert!(chosen.timetable.unwaitable.is_empty());
        prop_assert_eq!(chosen.timetable.begins.len(), scenarios.len());
    }

    /// Where they may not, only what would be late alone on an idle server is late, and that is said.
    #[test]
    fn with_given_lifetimes_only_what_cannot_be_kept_is_late(
        rate in 0.5..100.0_f64, burst in 1_u32..32, latency in 0_u64..500, selection in selection(),
        access in 4_u64..60, one_time in 4_u64..60,
    ) {
        let scenarios: Vec<_> = selection.into_iter().map(|kind| kinds(burst)[kind].clone()).collect();
        let lifetimes = seconds(access, access * 2, one_time);
        let conditions = Conditions { lifetimes, ..conditions(rate, burst, latency) };
        for late in plan(&conditions, &scenarios).late {
            let alone = plan(&conditions, &scenarios[late..=late]);
            prop_assert_eq!(alone.late, [0], "scenario {} is late only beside others", late);
        }
    }
}
