//! What changed since the run before, and what expires soon or has expired: certificates of servers, and waivers.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::Serialize;

use super::found::FleetEntry;
use crate::{
    report::{class::verdict_class, headline, server},
    results::{RequirementVerdict, Results, Verdict},
};

/// What changed at one target.
#[derive(Serialize)]
pub(super) struct TargetChange<'a> {
    name: &'a str,
    since: String,
    what: Vec<ChangeItem>,
}

#[derive(Serialize)]
struct ChangeItem {
    class: &'static str,
    text: String,
}

impl<'a> TargetChange<'a> {
    /// `None` where nothing changed or no earlier results exist.
    pub(super) fn new(target: &'a FleetEntry) -> Option<Self> {
        let before = target.previous.as_ref()?;
        let what = match target.state.results() {
            Some(now) => changes(before, now),
            None => vec![change_item("inconclusive", format!("{} before; not judged now", headline::heading(before)))],
        };
        let since = before.started_at.strftime("%Y-%m-%d %H:%M").to_string();
        (!what.is_empty()).then_some(Self { name: &target.name, since, what })
    }
}

fn changes(before: &Results, now: &Results) -> Vec<ChangeItem> {
    let mut what = Vec::new();
    if before.verdict != now.verdict {
        let class = if now.verdict == Verdict::Conformant { "pass" } else { "fail" };
        what.push(change_item(class, format!("{} → {}", before.verdict, now.verdict)));
    }
    what.extend(changed_requirements(before, now));
    if before.suite.digest != now.suite.digest {
        what.push(change_item("observed", "judged by another suite".to_owned()));
    }
    let (old, new) = (server::software(before), server::software(now));
    if old != new {
        let name = |software: Option<String>| software.unwrap_or_else(|| "no software named".to_owned());
        what.push(change_item("observed", format!("{} → {}", name(old), name(new))));
    }
    what.extend(changed_observations(before, now));
    what
}

fn changed_requirements(before: &Results, now: &Results) -> Vec<ChangeItem> {
    let old: BTreeMap<&str, RequirementVerdict> =
        before.requirements.iter().map(|it| (it.id.as_str(), it.verdict)).collect();
    let changed = now.requirements.iter().filter_map(|it| {
        let old = *old.get(it.id.as_str())?;
        let text = || format!("{}: {} → {}", it.id, verdict_class(old), verdict_class(it.verdict));
        (old != it.verdict).then(|| change_item(verdict_class(it.verdict), text()))
    });
    changed.collect()
}

/// Only questions with one answer in both runs: several answers may come in any order.
fn changed_observations(before: &Results, now: &Results) -> Vec<ChangeItem> {
    let answer = |results: &Results, question: &str| {
        let mut answers = results.observations.iter().filter(|it| it.question == question);
        let only = answers.next().map(|it| it.answer.clone());
        if answers.next().is_some() { None } else { only }
    };
    let changed = now.observations.iter().filter_map(|it| {
        let (old, new) = (answer(before, &it.question)?, answer(now, &it.question)?);
        let text = || format!("{}: {} {old} → {new}", it.requirement, it.question);
        (old != new).then(|| change_item("observed", text()))
    });
    changed.collect()
}

fn change_item(class: &'static str, text: String) -> ChangeItem {
    ChangeItem { class, text }
}

/// Something that expires.
#[derive(Serialize)]
pub(super) struct Expiry<'a> {
    expires: String,
    name: &'a str,
    what: String,
    class: &'static str,
    when: String,
}

/// Everything that has expired or expires within so many days, the earliest first.
pub(super) fn find_expiries(targets: &[FleetEntry], today: Date, days: i64) -> Vec<Expiry<'_>> {
    let judged = targets.iter().filter_map(|target| Some((target.name.as_str(), target.state.results()?)));
    let mut all: Vec<Expiry<'_>> = judged
        .flat_map(|(name, results)| expiry_dates(results).into_iter().map(move |(expires, what)| (name, expires, what)))
        .filter_map(|(name, expires, what)| {
            let left = today.until(expires.parse::<Date>().ok()?).ok()?.get_days().into();
            let class = if left < 0 { "fail" } else { "warn" };
            (left <= days).then(|| Expiry { expires, name, what, class, when: days_left(left) })
        })
        .collect();
    all.sort_by(|one, other| (&one.expires, one.name).cmp(&(&other.expires, other.name)));
    all
}

fn days_left(left: i64) -> String {
    match left {
        0 => "today".to_owned(),
        1 => "tomorrow".to_owned(),
        -1 => "yesterday".to_owned(),
        left if left < 0 => format!("{} days ago", -left),
        left => format!("in {left} days"),
    }
}

fn expiry_dates(results: &Results) -> Vec<(String, String)> {
    let certificate = results.target.server.as_ref().and_then(|server| server.tls.as_ref()?.certificate.as_ref());
    let certificate = certificate.map(|it| (it.expires.clone(), format!("TLS certificate of {}", it.subject)));
    let waivers = results.waivers.iter().map(|it| {
        let what = format!("waiver of {} by {}: {}", it.requirement, it.terms.owner, it.terms.reason);
        (it.terms.expires.to_string(), what)
    });
    certificate.into_iter().chain(waivers).collect()
}
