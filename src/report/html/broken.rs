//! What is broken, told in full before anything else: violations, recommendations, and what waivers cover.

use serde::Serialize;

use super::{
    scenario::{Numbers, place},
    wire::Wire,
};
use crate::{
    report::{
        exchange,
        standing::{Requirements, Standing},
    },
    results::{Outcome, Results, Scenario},
};

/// Most failures of one kind that are told in full; the others are named and told with their requirement.
const MOST: usize = 50;

/// Every failure by what it means.
#[derive(Serialize)]
pub(super) struct Broken<'a> {
    kinds: [Kind<'a>; 3],
}

#[derive(Serialize)]
struct Kind<'a> {
    id: &'static str,
    title: &'static str,
    explained: &'static str,
    verdict: &'static str,
    count: usize,
    failures: Vec<Told<'a>>,
    more: Vec<Link<'a>>,
    more_count: usize,
}

#[derive(Serialize)]
struct Link<'a> {
    number: usize,
    name: &'a str,
}

#[derive(Serialize)]
struct Told<'a> {
    number: usize,
    name: &'a str,
    place: String,
    requirements: Vec<Judged<'a>>,
    mismatches: Vec<Mismatch<'a>>,
}

#[derive(Serialize)]
struct Judged<'a> {
    id: &'a str,
    level: String,
    statement: &'a str,
    reason: Option<&'a str>,
    waiver: Option<String>,
}

#[derive(Serialize)]
struct Mismatch<'a> {
    step: String,
    expected: &'a str,
    answered: &'a str,
    exchange: Option<Wire<'a>>,
}

impl<'a> Broken<'a> {
    pub(super) fn of(results: &'a Results, requirements: &Requirements<'a>, numbers: &Numbers<'a>) -> Self {
        let kinds = [
            (Standing::Violation, "broken", "Broken", "fail", "The server's answers contradict these requirements."),
            (
                Standing::Warning,
                "warnings",
                "Recommendations not followed",
                "warn",
                "These answers go against good practice. They do not decide the verdict.",
            ),
            (
                Standing::Waived,
                "waived",
                "Waived",
                "waived",
                "Known deviations that somebody answers for, until the day that is given.",
            ),
        ];
        let kinds = kinds.map(|(standing, id, title, verdict, explained)| {
            let failed = results.scenarios.iter().filter(|scenario| scenario.verdict == Outcome::Failed);
            let of_kind: Vec<&Scenario> = failed.filter(|it| requirements.standing(it) == standing).collect();
            let link = |it: &&'a Scenario| Link { number: numbers.number(&it.id), name: &it.name };
            Kind {
                id,
                title,
                explained,
                verdict,
                count: of_kind.len(),
                failures: of_kind.iter().take(MOST).map(|it| told(it, requirements, numbers)).collect(),
                more: of_kind.iter().skip(MOST).map(link).collect(),
                more_count: of_kind.len().saturating_sub(MOST),
            }
        });
        Self { kinds }
    }
}

fn told<'a>(scenario: &'a Scenario, requirements: &Requirements<'a>, numbers: &Numbers<'a>) -> Told<'a> {
    let judged = requirements.judged_by(scenario).map(|requirement| Judged {
        id: &requirement.id,
        level: requirement.level.to_string(),
        statement: &requirement.statement,
        reason: requirement.reason.as_deref(),
        waiver: requirement.waived.as_ref().map(|it| format!("{}: {}, until {}", it.owner, it.reason, it.expires)),
    });
    let mismatches = scenario.steps.iter().filter_map(|step| {
        let failure = step.failure.as_ref()?;
        Some(Mismatch {
            step: format!("{} {}", step.keyword, step.text),
            expected: &failure.expected,
            answered: &failure.answered,
            exchange: exchange::of_failure(scenario, failure).map(Wire::of),
        })
    });
    Told {
        number: numbers.number(&scenario.id),
        name: &scenario.name,
        place: place(scenario),
        requirements: judged.collect(),
        mismatches: mismatches.collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{Format, sample};

    #[test]
    fn failures_beyond_the_most_are_named() {
        let mut results = sample::failing();
        let failed = results.scenarios.iter().find(|scenario| scenario.verdict == Outcome::Failed).cloned();
        let failed = failed.expect("the sample has one");
        results.scenarios.extend((0..MOST + 2).map(|at| Scenario { id: format!("again {at}"), ..failed.clone() }));
        let mut page = Vec::new();
        Format::Html.render(&results, &mut page).expect("memory takes it");
        let page = String::from_utf8(page).expect("it is text");
        assert!(page.contains("<h3>And 3 more</h3>"), "{page}");
    }
}
