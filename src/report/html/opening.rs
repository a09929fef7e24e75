//! What is read in ten seconds: the verdict, who was judged by what, what weakens the judgement, and all requirements at a
//! glance.

use serde::Serialize;

use super::words::{self, VERDICTS};
use crate::{
    report::{
        figures::{duration, plural},
        headline, server,
    },
    results::{Profile, Requirement, Results, Verdict},
};

/// The head of the report.
#[derive(Serialize)]
pub(super) struct Opening<'a> {
    verdict: &'static str,
    headline: &'static str,
    because: String,
    alarms: Vec<String>,
    facts: Vec<Fact<'a>>,
    counts: Vec<Count>,
    glance: Vec<Strip<'a>>,
}

#[derive(Serialize)]
struct Fact<'a> {
    name: &'a str,
    value: String,
    more: Option<String>,
}

#[derive(Serialize)]
struct Count {
    word: &'static str,
    count: usize,
}

#[derive(Serialize)]
struct Strip<'a> {
    title: &'a str,
    id: String,
    requirements: Vec<Dot<'a>>,
}

#[derive(Serialize)]
struct Dot<'a> {
    id: &'a str,
    number: &'a str,
    verdict: &'static str,
}

impl<'a> Opening<'a> {
    pub(super) fn of(results: &'a Results) -> Self {
        let headline = headline::heading(results.verdict);
        let count = |verdict| results.requirements.iter().filter(|it| it.verdict == verdict).count();
        Self {
            verdict: class(results.verdict),
            headline,
            because: headline::because(results),
            alarms: headline::alarms(results),
            facts: facts(results),
            counts: VERDICTS.map(|verdict| Count { word: words::verdict(verdict), count: count(verdict) }).into(),
            glance: glance(&results.requirements),
        }
    }
}

/// The verdict in the word of the style sheet.
fn class(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Conformant => "conformant",
        Verdict::Nonconformant => "nonconformant",
        Verdict::Inconclusive => "inconclusive",
    }
}

fn facts(results: &Results) -> Vec<Fact<'_>> {
    let (target, suite, traffic) = (&results.target, &results.suite, &results.traffic);
    let fact = |name, value: String, more: Option<String>| Fact { name, value, more };
    let where_it_is = target.base_url.clone().unwrap_or_else(|| "embedded in the program; no deployment".to_owned());
    let profile = match results.profile {
        Profile::Documented => ("documented", "recommendations only warn"),
        Profile::Hardened => ("hardened", "recommendations count like promises"),
    };
    let began = results.started_at.strftime("%Y-%m-%d %H:%M:%S UTC").to_string();
    let sizes =
        format!("{}, {}", plural(suite.requirements as u64, "requirement"), plural(suite.scenarios as u64, "scenario"));
    let requests =
        format!("{}, {}", plural(traffic.requests, "request"), plural(traffic.failed_logins, "failed login"));
    let mut facts = vec![
        fact("Target", target.name.clone(), Some(where_it_is)),
        fact("Profile", profile.0.to_owned(), Some(profile.1.to_owned())),
        fact("Run", began, Some(format!("took {}", duration(results.duration_ms)))),
        fact(
            "Build",
            format!("{} {}", results.tool.name, results.tool.version),
            suite.score.as_ref().map(ToString::to_string),
        ),
        fact("Suite", sizes, Some(suite.digest.clone())),
        fact("Cost", requests, Some(cost(results))),
    ];
    let certificate = server::certificate(results);
    facts.extend(server::software(results).map(|software| fact("Server", software, None)));
    facts.extend(server::encryption(results).map(|agreed| fact("Encryption", agreed, certificate)));
    facts
}

fn cost(results: &Results) -> String {
    let (target, traffic) = (&results.target, &results.traffic);
    format!(
        "at most {} in a second; lifetimes judged to within {} s",
        plural(traffic.peak_per_second, "request"),
        target.margin_seconds
    )
}

fn glance(requirements: &[Requirement]) -> Vec<Strip<'_>> {
    let areas = requirements.chunk_by(|one, next| words::area(&one.id) == words::area(&next.id));
    let strip = |requirements: &'_ [Requirement]| -> String {
        requirements.first().map(|it| words::area(&it.id)).unwrap_or_default().to_lowercase()
    };
    areas
        .map(|requirements| Strip {
            title: requirements.first().map(|it| words::title(words::area(&it.id))).unwrap_or_default(),
            id: strip(requirements),
            requirements: requirements.iter().map(dot).collect(),
        })
        .collect()
}

fn dot(requirement: &Requirement) -> Dot<'_> {
    let number = requirement.id.rsplit_once('-').map_or(requirement.id.as_str(), |(_, number)| number);
    let verdict = if requirement.waived.is_some() { "waived" } else { words::verdict(requirement.verdict) };
    Dot { id: &requirement.id, number, verdict }
}
