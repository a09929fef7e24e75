//! The first lines and the last one: who was judged, by what, how good that is; and the verdict with all counts.

use super::{Page, Role};
use crate::report::figures::{duration, plural};
use crate::results::{Profile, Results, Verdict};

/// Who was judged, by which build, how strictly; and loudly what weakens the judgement.
pub(super) fn opening(page: &mut Page, results: &Results) {
    let target = match &results.target.base_url {
        Some(url) => format!("{} at {url}", results.target.name),
        None => results.target.name.clone(),
    };
    let profile = match results.profile {
        Profile::Documented => "documented",
        Profile::Hardened => "hardened",
    };
    let tool = format!("{} {}", results.tool.name, results.tool.version);
    page.line(0, &[(Role::Strong, &tool), (Role::Plain, &format!(" · {target} · profile {profile}"))]);
    if let Some(score) = &results.suite.score {
        page.labelled(0, (Role::Plain, ""), (Role::Quiet, &score.to_string()));
    }
    if results.target.insecure_tls {
        page.line(0, &[(Role::Doubtful, "certificates were not checked: this could have been any server")]);
    }
    if results.selection.tags.is_some() || !results.selection.requirements.is_empty() {
        page.line(0, &[(Role::Doubtful, "a part of the suite only: "), (Role::Plain, &selection(results))]);
    }
    if let Some(shard) = results.selection.shard {
        let told = format!("only shard {} of {}; `report merge` joins all of them", shard.number, shard.of);
        page.line(0, &[(Role::Doubtful, &told)]);
    }
}

fn selection(results: &Results) -> String {
    let tags = results.selection.tags.iter().map(|tags| format!("--tags \"{tags}\""));
    let ids = results.selection.requirements.iter().map(|id| format!("--requirement {id}"));
    tags.chain(ids).collect::<Vec<_>>().join(" ")
}

/// The verdict and everything it was counted from.
pub(super) fn verdict(page: &mut Page, results: &Results) {
    let role = match results.verdict {
        Verdict::Conformant => Role::Good,
        Verdict::Nonconformant => Role::Bad,
        Verdict::Inconclusive => Role::Doubtful,
    };
    let scenarios = plural(results.scenarios.len() as u64, "scenario");
    let rest = [requirements(results), scenarios, duration(results.duration_ms), traffic(results)].join(" · ");
    page.gap();
    if nothing_was_judged(results) {
        page.line(0, &[(Role::Doubtful, "nothing was judged: all of it was skipped, inconclusive or only recorded")]);
    }
    page.line(0, &[(role, &results.verdict.to_string()), (Role::Plain, &format!(": {rest}"))]);
}

fn nothing_was_judged(results: &Results) -> bool {
    let counts = &results.counts.requirements;
    counts.pass + counts.fail + counts.warn == 0
}

fn requirements(results: &Results) -> String {
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

fn traffic(results: &Results) -> String {
    let traffic = &results.traffic;
    format!("{}, {}", plural(traffic.requests, "request"), plural(traffic.failed_logins, "failed login"))
}
