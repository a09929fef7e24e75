//! What is read in ten seconds: the verdict, who was judged by what, what weakens the judgement, and all requirements at a
//! glance.

use serde::Serialize;

use super::words::{self, VERDICTS};
use crate::{
    report::figures::{duration, plural},
    results::{Profile, Requirement, RequirementVerdict, Results, Verdict},
};

/// Most ids that the verdict is explained with; the rest is counted.
const MOST_IDS: usize = 8;

/// The head of the report.
#[derive(Serialize)]
pub(super) struct Opening<'a> {
    title: String,
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
        let (verdict, headline) = match results.verdict {
            Verdict::Conformant => ("conformant", "Conformant"),
            Verdict::Nonconformant => ("nonconformant", "Not conformant"),
            Verdict::Inconclusive => ("inconclusive", "Inconclusive"),
        };
        let count = |verdict| results.requirements.iter().filter(|it| it.verdict == verdict).count();
        Self {
            title: format!("{headline} · {}", results.target.name),
            verdict,
            headline,
            because: because(results),
            alarms: alarms(results),
            facts: facts(results),
            counts: VERDICTS.map(|verdict| Count { word: words::verdict(verdict), count: count(verdict) }).into(),
            glance: glance(&results.requirements),
        }
    }
}

/// The verdict in a sentence.
fn because(results: &Results) -> String {
    let all = plural(results.requirements.len() as u64, "requirement");
    let broken = ids(results, |it| it.verdict == RequirementVerdict::Fail && it.waived.is_none());
    let unclear = ids(results, |it| it.verdict == RequirementVerdict::Inconclusive);
    let counts = &results.counts.requirements;
    match results.verdict {
        Verdict::Nonconformant => format!("Of {all}, the server breaks {broken}."),
        Verdict::Inconclusive if unclear.is_empty() => format!("Of {all}, none could be judged."),
        Verdict::Inconclusive => format!("Of {all}, it is unclear whether the server keeps {unclear}."),
        Verdict::Conformant => {
            let skipped = match counts.skip {
                0 => String::new(),
                skipped => format!(" {skipped} could not be tested on this target."),
            };
            format!(
                "Of {all}, the server breaks none{}.{skipped}",
                if counts.waived > 0 { " that is not waived" } else { "" }
            )
        }
    }
}

/// Ids of requirements, cut where there are many.
fn ids(results: &Results, which: impl Fn(&Requirement) -> bool) -> String {
    let ids: Vec<&str> = results.requirements.iter().filter(|it| which(it)).map(|it| it.id.as_str()).collect();
    match ids.split_at_checked(MOST_IDS) {
        Some((first, rest)) if !rest.is_empty() => format!("{} and {} more", first.join(", "), rest.len()),
        _ => ids.join(", "),
    }
}

/// What weakens the judgement, or is about to end.
fn alarms(results: &Results) -> Vec<String> {
    let mut alarms = Vec::new();
    if results.target.insecure_tls {
        alarms.push("Certificates were not checked: what answered could have been any server.".to_owned());
    }
    if !results.selection.complete {
        alarms.push(format!("Only a part of the suite was run: {}.", selection(results)));
    }
    let waived = ids(results, |requirement| requirement.waived.is_some());
    if !waived.is_empty() {
        alarms.push(format!("Known deviations are waived: {waived}."));
    }
    alarms
}

fn selection(results: &Results) -> String {
    let tags = results.selection.tags.iter().map(|tags| format!("tags {tags}"));
    let ids = results.selection.requirements.iter().map(|id| format!("requirement {id}"));
    tags.chain(ids).collect::<Vec<_>>().join(", ")
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
    vec![
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
    ]
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
