//! The first lines and the last one: who was judged, by what, how good that is; and the verdict with all counts.

use super::{Page, Role};
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
    if !results.selection.complete {
        page.line(0, &[(Role::Doubtful, "a part of the suite only: "), (Role::Plain, &selection(results))]);
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

fn plural(count: u64, noun: &str) -> String {
    let ending = if count == 1 { "" } else { "s" };
    format!("{} {noun}{ending}", grouped(count))
}

/// With a comma at the thousands.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() * 4 / 3);
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && (digits.len() - position).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Tenths of a second below a minute, whole seconds above.
fn duration(milliseconds: u64) -> String {
    let tenths = (milliseconds + 50) / 100;
    if tenths < 600 {
        return format!("{}.{} s", tenths / 10, tenths % 10);
    }
    let seconds = (milliseconds + 500) / 1_000;
    format!("{} min {:02} s", seconds / 60, seconds % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_well() {
        for (number, text) in [(0, "0"), (999, "999"), (1_932, "1,932"), (12_345_678, "12,345,678")] {
            assert_eq!(grouped(number), text);
        }
        assert_eq!((plural(1, "failed login"), plural(0, "request")), ("1 failed login".into(), "0 requests".into()));
    }

    #[test]
    fn times_are_as_fine_as_they_are_short() {
        for (milliseconds, text) in [
            (0, "0.0 s"),
            (49, "0.0 s"),
            (1_234, "1.2 s"),
            (59_949, "59.9 s"),
            (59_950, "1 min 00 s"),
            (125_400, "2 min 05 s"),
        ] {
            assert_eq!(duration(milliseconds), text);
        }
    }
}
