//! The head of the report: the verdict, who was judged and how, what weakens the judgement, and all requirements at a glance.

use serde::Serialize;

use super::requirements::{area_title, by_area};
use crate::{
    report::{
        class::{VERDICTS, verdict_class},
        format::{duration, plural},
        headline, server,
    },
    results::{Profile, RequirementResult, Results, Verdict},
};

/// The head of the report.
#[derive(Serialize)]
pub(super) struct Header<'a> {
    verdict: &'static str,
    headline: String,
    because: String,
    warnings: Vec<String>,
    facts: Vec<HeaderFact<'a>>,
    counts: Vec<VerdictCount>,
    glance: Vec<AreaStrip<'a>>,
}

#[derive(Serialize)]
struct HeaderFact<'a> {
    name: &'a str,
    value: String,
    more: Option<String>,
}

#[derive(Serialize)]
struct VerdictCount {
    word: &'static str,
    count: usize,
}

#[derive(Serialize)]
struct AreaStrip<'a> {
    title: &'a str,
    id: String,
    requirements: Vec<RequirementDot<'a>>,
}

#[derive(Serialize)]
struct RequirementDot<'a> {
    id: &'a str,
    number: &'a str,
    verdict: &'static str,
}

impl<'a> Header<'a> {
    pub(super) fn new(results: &'a Results) -> Self {
        let count = |verdict| results.requirements.iter().filter(|it| it.verdict == verdict).count();
        let strips = by_area(&results.requirements).map(|(area, requirements)| AreaStrip {
            title: area_title(area),
            id: area.to_lowercase(),
            requirements: requirements.iter().map(RequirementDot::new).collect(),
        });
        Self {
            verdict: run_class(results.verdict),
            headline: headline::heading(results),
            because: headline::because(results),
            warnings: headline::warnings(results),
            facts: facts(results),
            counts: VERDICTS.map(|verdict| VerdictCount { word: verdict_class(verdict), count: count(verdict) }).into(),
            glance: strips.collect(),
        }
    }
}

impl<'a> RequirementDot<'a> {
    fn new(requirement: &'a RequirementResult) -> Self {
        let number = requirement.id.rsplit_once('-').map_or(requirement.id.as_str(), |(_, number)| number);
        let verdict = if requirement.waived.is_some() { "waived" } else { verdict_class(requirement.verdict) };
        Self { id: &requirement.id, number, verdict }
    }
}

/// The class of the run's verdict in the style sheet.
fn run_class(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Conformant => "conformant",
        Verdict::Nonconformant => "nonconformant",
        Verdict::Inconclusive => "inconclusive",
    }
}

fn facts(results: &Results) -> Vec<HeaderFact<'_>> {
    let (target, suite, traffic) = (&results.target, &results.suite, &results.traffic);
    let fact = |name, value: String, more: Option<String>| HeaderFact { name, value, more };
    let address = match (&target.base_url, &results.client) {
        (Some(base_url), _) => base_url.clone(),
        (None, Some(client)) => client.to_string(),
        (None, None) => "embedded in the program; no deployment".to_owned(),
    };
    let meaning = match results.profile {
        Profile::Documented => "recommendations only warn",
        Profile::Hardened => "recommendations count like promises",
    };
    let began = results.started_at.strftime("%Y-%m-%d %H:%M:%S UTC").to_string();
    let sizes =
        format!("{}, {}", plural(suite.requirements as u64, "requirement"), plural(suite.scenarios as u64, "scenario"));
    let requests =
        format!("{}, {}", plural(traffic.requests, "request"), plural(traffic.failed_logins, "failed login"));
    let cost = format!(
        "at most {} in a second; lifetimes judged to within {} s",
        plural(traffic.peak_per_second, "request"),
        target.margin_seconds
    );
    let build = format!("{} {}", results.tool.name, results.tool.version);
    let mut facts = vec![
        fact("Target", target.name.clone(), Some(address)),
        fact("Profile", results.profile.to_string(), Some(meaning.to_owned())),
        fact("Run", began, Some(format!("took {}", duration(results.duration_ms)))),
        fact("Build", build, suite.score.as_ref().map(ToString::to_string)),
        fact("Suite", sizes, Some(suite.digest.clone())),
        fact("Cost", requests, results.client.is_none().then_some(cost)),
    ];
    facts.extend(server::software(results).map(|software| fact("Server", software, None)));
    facts.extend(server::encryption(results).map(|agreed| fact("Encryption", agreed, server::certificate(results))));
    facts
}
