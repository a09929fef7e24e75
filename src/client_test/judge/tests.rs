//! The rules and the catalogue name the same requirements, and rules over evidence that no program of the tests gives.

use std::time::Duration;

use standin::{ApiRequest, ApiResponse};

use super::*;
use crate::{
    catalogue::Catalogue,
    client_test::{evidence::CallKind, phase::PhaseProgress},
};

#[test]
fn every_requirement_of_clients_has_a_rule_and_every_recommendation_beside_one() {
    let catalogue = Catalogue::for_clients().expect("the catalogue can be read");
    let expected: Vec<(String, bool)> = catalogue
        .iter()
        .flat_map(|requirement| {
            let beside = requirement.also.is_some().then(|| (requirement.id.to_string(), true));
            [(requirement.id.to_string(), false)].into_iter().chain(beside)
        })
        .collect();
    let rules: Vec<(String, bool)> = RULES.iter().map(|rule| (rule.id.to_owned(), rule.is_beside)).collect();
    assert_eq!(rules, expected);
}

#[test]
fn a_run_without_evidence_keeps_nothing() {
    for rule in &RULES {
        assert_ne!((rule.judge)(&Evidence::default()), Finding::Kept, "{}", rule.id);
    }
}

#[test]
fn a_selection_runs_the_phases_that_it_needs() {
    let id = |text: &str| text.parse::<RequirementId>().expect("it is an id");
    assert_eq!(phases_for(&[id("CLIENT-8")]), [Phase::Start, Phase::Expiry]);
    assert_eq!(phases_for(&[id("CLIENT-18")]), [Phase::Start, Phase::Quiet, Phase::TooMany]);
    assert_eq!(phases_for(&[]), Phase::ALL);
}

fn millis(time: u64) -> Duration {
    Duration::from_millis(time)
}

/// A request of a client that names itself, with this status; 0 is a lost answer.
fn call(phase: Phase, kind: CallKind, at: u64, status: u16) -> Call {
    let headers = vec![("User-Agent".to_owned(), "client/1".to_owned())];
    Call {
        at: millis(at),
        answered: millis(at + 1),
        phase,
        kind,
        request: ApiRequest { headers, ..ApiRequest::default() },
        response: (status > 0).then(|| ApiResponse { status, ..ApiResponse::default() }),
        access_of: None,
        refresh_of: (kind == CallKind::Refresh).then_some(0),
        issued: None,
    }
}

/// What is known of a phase that failed the first of these calls.
fn evidence(phase: Phase, ended: u64, calls: Vec<Call>) -> Evidence {
    let failed_at = calls.first().map(|first| first.at);
    let progress = PhaseProgress { failed_at, ..PhaseProgress::default() };
    Evidence {
        phases: vec![PhaseRun { phase, begun: millis(0), ended: millis(ended), progress }],
        calls,
        ..Evidence::default()
    }
}

fn is_broken(finding: &Finding) -> bool {
    matches!(finding, Finding::Broken { .. })
}

#[test]
fn a_client_that_does_not_call_again_after_a_429_is_found() {
    let refused = call(Phase::TooMany, CallKind::Probe, 1000, 429);
    assert!(is_broken(&backing_off::from_429(&evidence(Phase::TooMany, 19_000, vec![refused.clone()]))));
    // It calls so seldom that the phase ended before.
    assert_eq!(backing_off::from_429(&evidence(Phase::TooMany, 9000, vec![refused.clone()])), Finding::Kept);
    let late = call(Phase::TooMany, CallKind::Probe, 18_000, 200);
    assert_eq!(backing_off::from_429(&evidence(Phase::TooMany, 19_000, vec![refused, late])), Finding::Kept);
}

#[test]
fn a_lost_refresh_is_repeated_a_few_times_and_no_more() {
    let lost = |times: u64| (0..times).map(|at| call(Phase::Lost, CallKind::Refresh, 100 * at, 0)).collect();
    assert_eq!(renewing::lost_not_repeated(&evidence(Phase::Lost, 2000, lost(4))), Finding::Kept);
    assert!(is_broken(&renewing::lost_not_repeated(&evidence(Phase::Lost, 2000, lost(5)))));
}

#[test]
fn a_client_is_named_by_its_calls_where_it_has_made_any() {
    let nameless = |kind| Call { request: ApiRequest::default(), ..call(Phase::Start, kind, 0, 200) };
    let named = call(Phase::Start, CallKind::Probe, 10, 200);
    let names = |calls| program::names_itself(&evidence(Phase::Start, 1000, calls));
    assert_eq!(names(vec![nameless(CallKind::Login), named.clone()]), Finding::Kept);
    assert!(is_broken(&names(vec![named, nameless(CallKind::Probe)])));
    assert!(is_broken(&names(vec![nameless(CallKind::Login)])));
}
