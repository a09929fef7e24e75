//! Exploring as part of a run: walks on the backend once its scenarios are done, while lifetimes are still short.

use std::time::Duration;

use steps::{Masked, Redactor};

use crate::{
    backend::Backend,
    catalogue::Catalogue,
    config::ExploreExtent,
    explore::{Budget, Exploration, Finding, Local, Remote, explore},
    results::{ExplorationInfo, Observation, ScenarioResult, explored_scenario},
};

/// How long the stand-in is explored.
const STAND_IN: Duration = Duration::from_millis(250);
/// Actors of the walks of a run.
const ACTORS: usize = 3;
/// After so many different findings exploring ends.
const FINDINGS: usize = 20;

/// What exploring adds to the results.
pub(crate) struct Explored {
    pub(crate) info: ExplorationInfo,
    pub(crate) scenarios: Vec<ScenarioResult>,
    pub(crate) observations: Vec<Observation>,
}

/// Explores a backend to this extent; the stand-in as long as [`STAND_IN`], whatever the number of requests. A server that limits requests is
/// not surveyed.
pub(crate) async fn explore_backend(
    backend: &Backend,
    extent: ExploreExtent,
    catalogue: &Catalogue,
) -> Option<Explored> {
    if extent == ExploreExtent::default() {
        return None;
    }
    let seed = steps::run_seed();
    let (survey, requests) = (u64::from(extent.survey), u64::from(extent.walks));
    let budget = Budget { survey, requests, seed, actors: ACTORS, time: None, findings: FINDINGS };
    let exploration = match backend {
        Backend::Embedded(embedded) => {
            let budget = Budget { requests: u64::MAX, time: Some(STAND_IN), ..budget };
            explore(&mut Local::new(embedded.variations()), budget).await
        }
        Backend::Deployment(deployment) if extent.walks == 0 && deployment.site().found_rate().is_some() => {
            return None;
        }
        Backend::Deployment(deployment) => explore(&mut Remote::new(deployment.site(), false, seed), budget).await,
    };
    Some(explored(&exploration, catalogue))
}

fn explored(exploration: &Exploration, catalogue: &Catalogue) -> Explored {
    let redactor = Redactor::default();
    let mask = |text: &str| redactor.mask(text);
    let findings = exploration.findings.iter().enumerate();
    let scenarios = findings.filter_map(|(at, finding)| scenario(finding, at + 1, catalogue, mask)).collect();
    let observations = exploration.behaviour.observations.iter().map(|(requirement, question, answer)| Observation {
        requirement: (*requirement).to_owned(),
        question: (*question).to_owned(),
        answer: mask(answer),
        scenario: None,
    });
    Explored { info: exploration.info.clone(), scenarios, observations: observations.collect() }
}

fn scenario(
    finding: &Finding,
    number: usize,
    catalogue: &Catalogue,
    mask: impl Fn(&str) -> Masked,
) -> Option<ScenarioResult> {
    let violation = &finding.violation;
    let requirement = known(violation.requirement, catalogue)?;
    let (wanted, answered) = (mask(violation.wanted()), mask(&violation.text));
    Some(explored_scenario(requirement, number, &finding.lines(), wanted, answered, &finding.frequency(), mask))
}

/// The requirement, or the one beside it where this catalogue has none of that id.
fn known(requirement: &'static str, catalogue: &Catalogue) -> Option<&'static str> {
    const BESIDE: [(&str, &str); 10] = [
        ("USE-11", "USE-3"),
        ("USE-12", "USE-7"),
        ("USE-13", "USE-1"),
        ("REFRESH-17", "REFRESH-9"),
        ("REFRESH-18", "REFRESH-9"),
        ("OTT-16", "OTT-2"),
        ("OTT-17", "OTT-1"),
        ("SETTINGS-7", "SETTINGS-1"),
        ("SETTINGS-8", "SETTINGS-1"),
        ("SETTINGS-10", "SETTINGS-5"),
    ];
    let beside = BESIDE.iter().find(|(id, _)| *id == requirement).map(|(_, beside)| *beside);
    [Some(requirement), beside].into_iter().flatten().find(|id| catalogue.find(id).is_some())
}
