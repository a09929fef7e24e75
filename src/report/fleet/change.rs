//! What is different from the run before.

use std::collections::BTreeMap;

use serde::Serialize;

use super::Target;
use crate::{
    report::{headline, html::words, server},
    results::{RequirementVerdict, Results},
};

/// What changed at one target.
#[derive(Serialize)]
pub(super) struct Change<'a> {
    name: &'a str,
    since: String,
    what: Vec<Difference>,
}

#[derive(Serialize)]
struct Difference {
    class: &'static str,
    text: String,
}

impl<'a> Change<'a> {
    /// What changed; `None` where nothing did, or there is nothing to compare.
    pub(super) fn of(target: &'a Target) -> Option<Self> {
        let before = target.previous.as_ref()?;
        let what = match target.state.results() {
            Some(now) => differences(before, now),
            None => vec![difference(
                "inconclusive",
                format!("{} before; not judged now", headline::heading(before.verdict)),
            )],
        };
        let since = before.started_at.strftime("%Y-%m-%d %H:%M").to_string();
        (!what.is_empty()).then_some(Self { name: &target.name, since, what })
    }
}

fn differences(before: &Results, now: &Results) -> Vec<Difference> {
    let mut what = Vec::new();
    if before.verdict != now.verdict {
        let class = if now.verdict == crate::results::Verdict::Conformant { "pass" } else { "fail" };
        what.push(difference(class, format!("{} → {}", before.verdict, now.verdict)));
    }
    what.extend(requirements(before, now));
    if before.suite.digest != now.suite.digest {
        what.push(difference("observed", "judged by another suite".to_owned()));
    }
    let (old, new) = (server::software(before), server::software(now));
    if old != new {
        let told = |software: Option<String>| software.unwrap_or_else(|| "no software named".to_owned());
        what.push(difference("observed", format!("{} → {}", told(old), told(new))));
    }
    what.extend(observations(before, now));
    what
}

fn requirements(before: &Results, now: &Results) -> Vec<Difference> {
    let old: BTreeMap<&str, RequirementVerdict> =
        before.requirements.iter().map(|it| (it.id.as_str(), it.verdict)).collect();
    let changed = now.requirements.iter().filter_map(|it| {
        let old = *old.get(it.id.as_str())?;
        let text = || format!("{}: {} → {}", it.id, words::verdict(old), words::verdict(it.verdict));
        (old != it.verdict).then(|| difference(words::verdict(it.verdict), text()))
    });
    changed.collect()
}

/// Only where both runs have one answer to a question: others may come in any order.
fn observations(before: &Results, now: &Results) -> Vec<Difference> {
    let answer = |results: &Results, question: &str| {
        let mut answers = results.observations.iter().filter(|it| it.question == question);
        let only = answers.next().map(|it| it.answer.clone());
        if answers.next().is_some() { None } else { only }
    };
    let changed = now.observations.iter().filter_map(|it| {
        let (old, new) = (answer(before, &it.question)?, answer(now, &it.question)?);
        let text = || format!("{}: {} {old} → {new}", it.requirement, it.question);
        (old != new).then(|| difference("observed", text()))
    });
    changed.collect()
}

fn difference(class: &'static str, text: String) -> Difference {
    Difference { class, text }
}
