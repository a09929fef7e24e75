//! The first lines: who was judged and how. The last lines: notes, observations, and the verdict with all counts.

use std::collections::HashMap;

use super::{failures::pad_id, page::TextPage, paint::Role, view::ReportLink};
use crate::{
    report::{
        format::{duration, plural},
        headline,
    },
    results::{ExplorationInfo, RequirementVerdict, Results, Verdict},
};

/// Writes the build, the target and the profile, and what weakens the judgement.
pub(super) fn write_header(page: &mut TextPage, results: &Results) {
    let target = match &results.target.base_url {
        Some(url) => format!("{} at {url}", results.target.name),
        None => results.target.name.clone(),
    };
    let profile = results.profile;
    let tool = format!("{} {}", results.tool.name, results.tool.version);
    page.line(0, &[(Role::Strong, &tool), (Role::Plain, &format!(" · {target} · profile {profile}"))]);
    if let Some(score) = &results.suite.score {
        page.labelled(0, (Role::Plain, ""), (Role::Quiet, &score.to_string()));
    }
    if results.target.insecure_tls {
        page.line(0, &[(Role::Doubtful, "certificates were not checked: this could have been any server")]);
    }
    if let Some(part) = headline::part_only(results) {
        page.labelled(0, (Role::Doubtful, "a part only: "), (Role::Plain, &part));
    }
}

/// Writes reasons at requirements that are kept, and notes of steps.
pub(super) fn write_notes(page: &mut TextPage, results: &Results) {
    let hold = [RequirementVerdict::Pass, RequirementVerdict::Observed];
    let kept = results.requirements.iter().filter(|requirement| hold.contains(&requirement.verdict));
    let of_requirements =
        kept.filter_map(|requirement| Some((requirement.id.as_str(), requirement.reason.as_deref()?)));
    let of_steps = results.scenarios.iter().flat_map(|scenario| {
        let id = scenario.requirements.first().map(String::as_str).unwrap_or_default();
        scenario.steps.iter().filter_map(move |step| Some((id, step.note.as_deref()?)))
    });
    write_list(page, ("notes", Role::Plain), most_entries(page, results), of_requirements.chain(of_steps));
}

/// Writes what the server does where the contract leaves a choice.
pub(super) fn write_observations(page: &mut TextPage, results: &Results) {
    let answers: Vec<String> = results.observations.iter().map(|it| format!("{} {}", it.question, it.answer)).collect();
    let ids = results.observations.iter().map(|observation| observation.requirement.as_str());
    let texts = answers.iter().map(String::as_str);
    write_list(page, ("observed", Role::Quiet), most_entries(page, results), ids.zip(texts));
}

/// Fewer where something is broken: that is read first.
fn most_entries(page: &TextPage, results: &Results) -> usize {
    match results.verdict {
        Verdict::Nonconformant => page.detail().notes(),
        Verdict::Conformant | Verdict::Inconclusive => page.detail().listed(),
    }
}

/// Writes texts with their ids, equal texts once.
fn write_list<'a>(
    page: &mut TextPage,
    (title, role): (&str, Role),
    most: usize,
    items: impl Iterator<Item = (&'a str, &'a str)>,
) {
    let mut places: HashMap<&str, usize> = HashMap::new();
    let mut listed: Vec<(Vec<&str>, &str)> = Vec::new();
    for (id, text) in items {
        let at = *places.entry(text).or_insert(listed.len());
        match listed.get_mut(at) {
            Some((ids, _)) if ids.contains(&id) => {}
            Some((ids, _)) => ids.push(id),
            None => listed.push((vec![id], text)),
        }
    }
    if !listed.is_empty() {
        page.heading(title);
    }
    for (ids, text) in listed.iter().take(most) {
        page.labelled(2, (Role::Strong, &pad_id(ids.first().copied().unwrap_or_default())), (role, text));
        if let Some(others) = ids.get(1..).filter(|others| !others.is_empty()) {
            page.labelled(2, (Role::Plain, &pad_id("")), (Role::Quiet, &format!("also {}", page.ids(others))));
        }
    }
    if listed.len() > most {
        page.line(2, &[(Role::Quiet, &format!("and {} more; the reports and -v list all", listed.len() - most))]);
    }
}

/// Writes the lifetimes that the run may have left changed, with the command that restores them.
pub(super) fn write_not_restored(page: &mut TextPage, results: &Results) {
    if !results.settings_not_restored.is_empty() {
        page.heading("settings left changed");
    }
    for left in &results.settings_not_restored {
        page.labelled(2, (Role::Plain, ""), (Role::Bad, &left.to_string()));
    }
}

/// Writes what is known of the nodes of a cluster, and how much was explored.
pub(super) fn write_extent(page: &mut TextPage, results: &Results) {
    if let Some(cluster) = &results.cluster {
        page.gap();
        page.line(0, &[(Role::Quiet, &format!("cluster: {}", cluster.summary()))]);
        for deviation in cluster.deviations() {
            page.line(2, &[(Role::Quiet, &deviation)]);
        }
    }
    if let Some(explored) = &results.exploration {
        page.gap();
        page.line(0, &[(Role::Quiet, &exploration(explored))]);
    }
}

/// Writes the report to read on in, the verdict and all counts.
pub(super) fn write_verdict(page: &mut TextPage, results: &Results, report: Option<&ReportLink>) {
    let role = match results.verdict {
        Verdict::Conformant => Role::Good,
        Verdict::Nonconformant => Role::Bad,
        Verdict::Inconclusive => Role::Doubtful,
    };
    let scenarios = plural(results.scenarios.len() as u64, "scenario");
    let rest =
        [requirement_counts(results), scenarios, duration(results.duration_ms), traffic_counts(results)].join(" · ");
    page.gap();
    if let Some(report) = report {
        page.link("report  ", report);
    }
    if let Some(part) = headline::part_only(results) {
        page.labelled(0, (Role::Doubtful, "a part only: "), (Role::Plain, &part));
    }
    if results.interrupted.is_some() {
        page.line(0, &[(Role::Doubtful, &headline::because(results))]);
    } else if nothing_was_judged(results) {
        page.line(0, &[(Role::Doubtful, "nothing was judged: all of it was skipped, inconclusive or only recorded")]);
    }
    page.line(0, &[(role, &results.verdict.to_string()), (Role::Plain, &format!(": {rest}"))]);
}

/// What exploring came to.
fn exploration(explored: &ExplorationInfo) -> String {
    format!(
        "explored: {}, {} of the model, {} of input, seed {}, {}",
        plural(explored.operations, "operation"),
        plural(explored.transitions as u64, "transition"),
        plural(explored.input_classes as u64, "kind"),
        explored.seed,
        plural(explored.findings as u64, "finding"),
    )
}

fn nothing_was_judged(results: &Results) -> bool {
    let counts = &results.counts.requirements;
    counts.pass + counts.fail + counts.warn == 0
}

fn requirement_counts(results: &Results) -> String {
    let counts = &results.counts.requirements;
    let waived = if counts.waived > 0 { format!(" ({} waived)", counts.waived) } else { String::new() };
    format!(
        "{}: {} pass, {} fail, {} warn{waived}, {} observed, {} skip, {} inconclusive",
        plural(results.requirements.len() as u64, "requirement"),
        counts.pass,
        counts.fail,
        counts.warn,
        counts.observed,
        counts.skip,
        counts.inconclusive
    )
}

fn traffic_counts(results: &Results) -> String {
    let traffic = &results.traffic;
    format!("{}, {}", plural(traffic.requests, "request"), plural(traffic.failed_logins, "failed login"))
}
