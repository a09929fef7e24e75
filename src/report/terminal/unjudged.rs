//! What was not judged and why, by reason.

use super::{page::TextPage, paint::Role};
use crate::{
    report::reasons::group_by_reason,
    results::{Outcome, Results},
};

/// Writes what was inconclusive.
pub(super) fn write_inconclusive(page: &mut TextPage, results: &Results) {
    write_groups(page, results, Outcome::Inconclusive, (Role::Doubtful, "inconclusive"));
}

/// Writes what the target does not offer.
pub(super) fn write_skipped(page: &mut TextPage, results: &Results) {
    write_groups(page, results, Outcome::Skipped, (Role::Plain, "skipped"));
}

fn write_groups(page: &mut TextPage, results: &Results, outcome: Outcome, (role, title): (Role, &str)) {
    let groups = group_by_reason(results, outcome);
    if !groups.is_empty() {
        page.heading(title);
    }
    let most = page.detail().listed();
    for group in groups.iter().take(most) {
        page.labelled(2, (Role::Plain, ""), (role, group.reason));
        let count = match group.scenarios.as_slice() {
            [only] => format!("{}:{}", only.feature, only.line),
            many => format!("{} scenarios", many.len()),
        };
        let judged = format!("{} · {count}", page.ids(&group.requirements()));
        page.labelled(4, (Role::Plain, ""), (Role::Quiet, &judged));
    }
    let rest = groups.get(most..).unwrap_or_default();
    if !rest.is_empty() {
        let scenarios: usize = rest.iter().map(|group| group.scenarios.len()).sum();
        page.line(2, &[(role, &format!("{scenarios} more, for {} other reasons", rest.len()))]);
    }
}

#[cfg(test)]
mod tests {
    use steps::Redactor;

    use super::*;
    use crate::{
        report::terminal::Paint,
        results::{ScenarioResult, sample},
    };

    fn skips(reasons: usize) -> String {
        let mut results = sample::inconclusive();
        let skip = results.scenarios.pop().expect("the sample has scenarios");
        let reason = |number: usize| Redactor::default().mask(&format!("reason {}", number % reasons));
        let with = |number: usize| ScenarioResult { reason: Some(reason(number)), ..skip.clone() };
        results.scenarios = (0..60).map(with).collect();
        let mut page = TextPage::new(Paint::new(false), 80);
        write_skipped(&mut page, &results);
        page.into_text()
    }

    #[test]
    fn a_reason_occurs_once_for_all_its_scenarios() {
        assert_eq!(skips(1), "skipped\n  reason 0\n    OTT-11 · 60 scenarios\n");
    }

    #[test]
    fn further_reasons_are_counted() {
        let text = skips(30);
        assert!(text.contains("  reason 9\n    OTT-11 · 2 scenarios\n"), "{text}");
        assert!(text.ends_with("  40 more, for 20 other reasons\n"), "{text}");
        assert!(skips(10).ends_with("  reason 9\n    OTT-11 · 6 scenarios\n"));
    }
}
