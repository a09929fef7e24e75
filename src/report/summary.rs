//! `summary.md`: the run on half a page of Markdown, for a CI service that shows such pages beside its jobs.

use std::io;

use super::{
    drift,
    figures::{duration, plural},
    headline,
    standing::{Requirements, Standing},
};
use crate::{
    results::{Outcome, Results, Scenario},
    sanitize::sanitize,
};

/// Most failures of one kind, and most reasons, that are listed.
const MOST: usize = 20;

/// Writes the page.
pub(super) fn render(results: &Results, out: &mut dyn io::Write) -> io::Result<()> {
    writeln!(out, "## {}: {}\n", headline::heading(results.verdict), plain(&results.target.name))?;
    writeln!(out, "{}\n", plain(&headline::because(results)))?;
    for alarm in headline::alarms(results) {
        writeln!(out, "> **{}**\n", plain(&alarm))?;
    }
    counts(results, out)?;
    let requirements = Requirements::of(results);
    for (standing, title) in [
        (Standing::Violation, "Broken"),
        (Standing::Warning, "Recommendations not followed"),
        (Standing::Waived, "Waived"),
    ] {
        failures(results, &requirements, (standing, title), out)?;
    }
    since_the_baseline(results, out)?;
    reasons(results, (Outcome::Inconclusive, "Could not be judged"), out)?;
    reasons(results, (Outcome::Skipped, "Not tested here"), out)?;
    foot(results, out)
}

fn counts(results: &Results, out: &mut dyn io::Write) -> io::Result<()> {
    let counts = &results.counts.requirements;
    writeln!(out, "| fail | warn | inconclusive | skip | pass | observed |\n|--:|--:|--:|--:|--:|--:|")?;
    let (fail, warn, inconclusive) = (counts.fail, counts.warn, counts.inconclusive);
    writeln!(out, "| {fail} | {warn} | {inconclusive} | {} | {} | {} |\n", counts.skip, counts.pass, counts.observed)
}

fn failures<'a>(
    results: &'a Results,
    requirements: &Requirements<'a>,
    (standing, title): (Standing, &str),
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let failed = results.scenarios.iter().filter(|it| it.verdict == Outcome::Failed);
    let failed: Vec<&Scenario> = failed.filter(|it| requirements.standing(it) == standing).collect();
    if !failed.is_empty() {
        writeln!(out, "### {title}\n")?;
    }
    for scenario in failed.iter().take(MOST) {
        let ids: Vec<String> = scenario.requirements.iter().map(|id| plain(id)).collect();
        let reason = scenario.reason.as_deref().unwrap_or_default();
        writeln!(out, "- **{}** {}<br>{}", ids.join(", "), plain(&scenario.name), plain(reason))?;
    }
    rest(failed.len(), out)
}

fn since_the_baseline(results: &Results, out: &mut dyn io::Write) -> io::Result<()> {
    let Some(drift) = &results.drift else { return Ok(()) };
    writeln!(out, "### Since the baseline\n\n{}.\n", plain(&drift::sentence(drift)))?;
    for it in drift.differences.iter().take(MOST) {
        let (before, after) = (it.before.as_deref().unwrap_or("nothing"), it.after.as_deref().unwrap_or("nothing"));
        let ids = plain(&drift::looked_at_by(it));
        let (class, what) = (it.class, plain(&it.what));
        writeln!(out, "- **{class}** {what} {ids}<br>{} → {}", plain(before), plain(after))?;
    }
    rest(drift.differences.len(), out)
}

fn reasons(results: &Results, (outcome, title): (Outcome, &str), out: &mut dyn io::Write) -> io::Result<()> {
    let mut reasons: Vec<&str> = results
        .scenarios
        .iter()
        .filter(|scenario| scenario.verdict == outcome)
        .map(|scenario| scenario.reason.as_deref().unwrap_or("no reason is given"))
        .collect();
    reasons.sort_unstable();
    let groups: Vec<&[&str]> = reasons.chunk_by(|one, next| one == next).collect();
    if !groups.is_empty() {
        writeln!(out, "### {title}\n")?;
    }
    for group in groups.iter().take(MOST) {
        let reason = group.first().copied().unwrap_or_default();
        writeln!(out, "- {} ({})", plain(reason), plural(group.len() as u64, "scenario"))?;
    }
    rest(groups.len(), out)
}

/// What a list leaves out, and the empty line that ends it.
fn rest(all: usize, out: &mut dyn io::Write) -> io::Result<()> {
    if all > MOST {
        writeln!(out, "- and {} more", all - MOST)?;
    }
    if all > 0 { writeln!(out) } else { Ok(()) }
}

fn foot(results: &Results, out: &mut dyn io::Write) -> io::Result<()> {
    let (tool, suite) = (&results.tool, &results.suite);
    let score = suite.score.as_ref().map(|score| format!("; {score}")).unwrap_or_default();
    writeln!(
        out,
        "{} in {} by {} {}{}. Suite `{}`.",
        plural(results.traffic.requests, "request"),
        duration(results.duration_ms),
        plain(&tool.name),
        plain(&tool.version),
        plain(&score),
        sanitize(&suite.digest).replace('`', "'")
    )
}

/// The text as text: whatever would mean something in Markdown or HTML, or become a link, is escaped.
fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for character in sanitize(text).chars() {
        if matches!(character, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '&' | '|' | '~' | '#' | ':' | '$' | '@')
        {
            plain.push('\\');
        }
        plain.push(character);
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{Format, sample};

    fn written(results: &Results) -> String {
        sample::written(Format::Summary, results)
    }

    #[test]
    fn a_failing_run() {
        insta::assert_snapshot!(written(&sample::failing()));
    }

    #[test]
    fn a_run_that_could_not_judge_everything() {
        insta::assert_snapshot!(written(&sample::inconclusive()));
    }

    #[test]
    fn text_stays_text() {
        assert_eq!(plain("<b> [x](http://y) *a*_b_ `c` |\n@d"), r"\<b\> \[x\](http\://y) \*a\*\_b\_ \`c\` \|\\n\@d");
    }

    #[test]
    fn a_page_stays_short_whatever_happens() {
        let mut results = sample::failing();
        let failed = results.scenarios[0].clone();
        results.scenarios = vec![failed; 3_000];
        let text = written(&results);
        assert!(text.contains("\n- and 2980 more\n"), "{text}");
        assert!(text.len() < 10_000, "{}", text.len());
    }
}
