//! The rules and the catalogue name the same requirements.

use super::*;
use crate::catalogue::Catalogue;

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
