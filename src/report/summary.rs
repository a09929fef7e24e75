//! `summary.md`: the run on half a page of Markdown, for CI services that show such pages beside their jobs.

use std::io;

use super::{
    class::{FailureClass, RequirementIndex},
    drift,
    format::{duration, plural},
    headline,
    reasons::group_by_reason,
};
use crate::{
    results::{Outcome, Results},
    sanitize::sanitize,
};

/// Most failures of one kind, and most reasons, that are listed.
const MOST: usize = 20;

/// Writes the page.
pub(super) fn render(results: &Results, out: &mut dyn io::Write) -> io::Result<()> {
    writeln!(out, "## {}: {}\n", headline::heading(results), escape(&results.target.name))?;
    writeln!(out, "{}\n", escape(&headline::because(results)))?;
    for warning in headline::warnings(results) {
        writeln!(out, "> **{}**\n", escape(&warning))?;
    }
    write_counts(results, out)?;
    let requirements = RequirementIndex::new(results);
    for (class, title) in [
        (FailureClass::Violation, "Broken"),
        (FailureClass::Warning, "Recommendations not followed"),
        (FailureClass::Waived, "Waived"),
    ] {
        write_failures(results, &requirements, (class, title), out)?;
    }
    write_nodes(results, out)?;
    write_drift(results, out)?;
    write_reasons(results, (Outcome::Inconclusive, "Could not be judged"), out)?;
    write_reasons(results, (Outcome::Skipped, "Not tested here"), out)?;
    write_footer(results, out)
}

fn write_counts(results: &Results, out: &mut dyn io::Write) -> io::Result<()> {
    let counts = &results.counts.requirements;
    writeln!(out, "| fail | warn | inconclusive | skip | pass | observed |\n|--:|--:|--:|--:|--:|--:|")?;
    let (fail, warn, inconclusive) = (counts.fail, counts.warn, counts.inconclusive);
    writeln!(out, "| {fail} | {warn} | {inconclusive} | {} | {} | {} |\n", counts.skip, counts.pass, counts.observed)
}

fn write_failures<'a>(
    results: &'a Results,
    requirements: &RequirementIndex<'a>,
    (class, title): (FailureClass, &str),
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let failed = requirements.failures(results, class);
    if !failed.is_empty() {
        writeln!(out, "### {title}\n")?;
    }
    for scenario in failed.iter().take(MOST) {
        let ids: Vec<String> = scenario.requirements.iter().map(|id| escape(id)).collect();
        let reason = scenario.reason.as_deref().unwrap_or_default();
        writeln!(out, "- **{}** {}<br>{}", ids.join(", "), escape(&scenario.name), escape(reason))?;
    }
    write_rest(failed.len(), out)
}

/// The nodes by number, and as a matrix what each kept of what another promised.
fn write_nodes(results: &Results, out: &mut dyn io::Write) -> io::Result<()> {
    let Some(cluster) = &results.cluster else { return Ok(()) };
    writeln!(out, "### Nodes\n\n{}.\n", escape(&cluster.summary()))?;
    let matrix = cluster.matrix();
    if matrix.is_empty() {
        return Ok(());
    }
    for (number, node) in (1..).zip(&cluster.nodes) {
        writeln!(out, "{number}. {}", escape(&node.url))?;
    }
    let heads: String = (1..=cluster.nodes.len()).map(|number| format!(" node {number} |")).collect();
    writeln!(out, "\n| after |{heads}\n|---|{}", "---|".repeat(cluster.nodes.len()))?;
    for (number, row) in (1..).zip(matrix) {
        let cells = row.iter().map(|cell| match cell.deviates {
            true => format!(" **{}** |", escape(&cell.text)),
            false => format!(" {} |", escape(&cell.text)),
        });
        writeln!(out, "| node {number} |{}", cells.collect::<String>())?;
    }
    writeln!(out)
}

fn write_drift(results: &Results, out: &mut dyn io::Write) -> io::Result<()> {
    let Some(drift) = &results.drift else { return Ok(()) };
    writeln!(out, "### Since the baseline\n\n{}.\n", escape(&drift::drift_sentence(drift)))?;
    for it in drift.differences.iter().take(MOST) {
        let (before, after) = (it.before.as_deref().unwrap_or("nothing"), it.after.as_deref().unwrap_or("nothing"));
        let ids = escape(&drift::list_requirements(it));
        let (class, what) = (it.class, escape(&it.what));
        writeln!(out, "- **{class}** {what} {ids}<br>{} → {}", escape(before), escape(after))?;
    }
    write_rest(drift.differences.len(), out)
}

fn write_reasons(results: &Results, (outcome, title): (Outcome, &str), out: &mut dyn io::Write) -> io::Result<()> {
    let mut groups = group_by_reason(results, outcome);
    groups.sort_unstable_by_key(|group| group.reason);
    if !groups.is_empty() {
        writeln!(out, "### {title}\n")?;
    }
    for group in groups.iter().take(MOST) {
        let count = plural(group.scenarios.len() as u64, "scenario");
        writeln!(out, "- {} ({count})", escape(group.reason))?;
    }
    write_rest(groups.len(), out)
}

/// The number of omitted items, and the empty line that ends a list.
fn write_rest(all: usize, out: &mut dyn io::Write) -> io::Result<()> {
    if all > MOST {
        writeln!(out, "- and {} more", all - MOST)?;
    }
    if all > 0 { writeln!(out) } else { Ok(()) }
}

fn write_footer(results: &Results, out: &mut dyn io::Write) -> io::Result<()> {
    let (tool, suite) = (&results.tool, &results.suite);
    let score = suite.score.as_ref().map(|score| format!("; {score}")).unwrap_or_default();
    writeln!(
        out,
        "{} in {} by {} {}{}. Suite `{}`.",
        plural(results.traffic.requests, "request"),
        duration(results.duration_ms),
        escape(&tool.name),
        escape(&tool.version),
        escape(&score),
        sanitize(&suite.digest).replace('`', "'")
    )
}

/// Escapes everything that has a meaning in Markdown or HTML, or becomes a link.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in sanitize(text).chars() {
        if matches!(character, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '&' | '|' | '~' | '#' | ':' | '$' | '@')
        {
            escaped.push('\\');
        }
        escaped.push(character);
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::results::sample;

    fn written(results: &Results) -> String {
        sample::rendered(render, results)
    }

    #[test]
    fn a_failing_run() {
        insta::assert_snapshot!(written(&sample::failing()));
    }

    #[test]
    fn an_inconclusive_run() {
        insta::assert_snapshot!(written(&sample::inconclusive()));
    }

    #[test]
    fn markup_is_escaped() {
        assert_eq!(escape("<b> [x](http://y) *a*_b_ `c` |\n@d"), r"\<b\> \[x\](http\://y) \*a\*\_b\_ \`c\` \|\\n\@d");
    }

    #[test]
    fn nodes_are_a_matrix_with_lags() {
        let nodes = ["http://a", "http://b"].map(|url| serde_json::json!({ "url": url }));
        let late = serde_json::json!([{ "what": "accepts a spent token", "lagSeconds": 0.21 }]);
        let pairs = [(0, 1, serde_json::json!([])), (1, 0, late)]
            .map(|(from, to, deviations)| serde_json::json!({ "from": from, "to": to, "tried": 4, "deviations": deviations }));
        let cluster = serde_json::json!({ "seen": 2, "nodes": nodes, "pairs": pairs });
        let cluster = Some(serde_json::from_value(cluster).expect("it is right"));
        let text = written(&Results { cluster, ..sample::passing() });
        let matrix = "| after | node 1 | node 2 |\n|---|---|---|\n| node 1 | – | 4 kept |\n\
                      | node 2 | **accepts a spent token, 0.21 s late** | – |\n";
        assert!(text.contains(matrix), "{text}");
    }

    #[test]
    fn long_lists_are_cut() {
        let mut results = sample::failing();
        let failed = results.scenarios[0].clone();
        results.scenarios = vec![failed; 3_000];
        let text = written(&results);
        assert!(text.contains("\n- and 2980 more\n"), "{text}");
        assert!(text.len() < 10_000, "{}", text.len());
    }
}
