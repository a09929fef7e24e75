//! The text of a run for a terminal: failures by cause first, then what could not be judged and why, then notes; at the end what is
//! broken, where to read on, and the verdict in the last line.

mod drift;
mod failures;
mod page;
mod paint;
mod summary;
mod unjudged;
mod view;

pub(crate) use drift::drift;
pub(crate) use paint::Paint;
pub(crate) use view::{Detail, ReportLink, TerminalView};

use crate::results::Results;
use page::TextPage;

/// The whole text. Text of a server in it cannot control the terminal.
pub(crate) fn terminal(results: &Results, view: &TerminalView) -> String {
    let mut page = TextPage::new(view.paint, view.width).with_detail(view.detail);
    if view.detail != Detail::Quiet {
        write_details(&mut page, results);
    }
    summary::write_not_restored(&mut page, results);
    summary::write_extent(&mut page, results);
    failures::write_broken(&mut page, results);
    summary::write_verdict(&mut page, results, view.report.as_ref());
    page.into_text()
}

fn write_details(page: &mut TextPage, results: &Results) {
    summary::write_header(page, results);
    failures::write_violations(page, results);
    failures::write_warnings(page, results);
    unjudged::write_inconclusive(page, results);
    unjudged::write_skipped(page, results);
    failures::write_waived(page, results);
    summary::write_notes(page, results);
    summary::write_observations(page, results);
    drift::write_drift(page, results);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::results::sample;

    fn plain(results: &Results) -> String {
        terminal(results, &TerminalView::new(Paint::new(false), 100))
    }

    #[test]
    fn a_passing_run() {
        insta::assert_snapshot!(plain(&sample::passing()));
    }

    #[test]
    fn a_failing_run() {
        insta::assert_snapshot!(plain(&sample::failing()));
    }

    #[test]
    fn an_inconclusive_run() {
        insta::assert_snapshot!(plain(&sample::inconclusive()));
    }

    #[test]
    fn lines_fit_a_narrow_terminal() {
        let text = terminal(&sample::failing(), &TerminalView::new(Paint::new(false), 72));
        let last = text.lines().count() - 1;
        let wide: Vec<&str> = text.lines().take(last).filter(|line| line.chars().count() > 72).collect();
        assert_eq!(
            wide,
            ["bo-conformance 0.1.0 · staging at https://bo.staging.example:8443/proftrading/rest · profile documented"]
        );
    }

    #[test]
    fn colours_do_not_change_the_text() {
        for results in sample::all() {
            let coloured = terminal(&results, &TerminalView::new(Paint::new(true), 100));
            let mut pieces = coloured.split('\u{1b}');
            let before = pieces.next().unwrap_or_default().to_owned();
            let bare = pieces.filter_map(|piece| piece.split_once('m')).fold(before, |bare, (_, text)| bare + text);
            assert!(coloured.len() > bare.len() + 10, "the text has no colours");
            assert_eq!(bare, plain(&results));
        }
    }

    /// What a server that answers everything with 500 gives.
    fn everything_fails() -> Results {
        let mut results = sample::failing();
        results.scenarios[0].exchanges.iter_mut().filter_map(|it| it.answer.as_mut()).for_each(|it| it.status = 500);
        let first = results.scenarios[0].clone();
        results.scenarios.splice(0..1, vec![first; 40]);
        let broken = results.requirements.iter().find(|it| it.id == "OTT-2").cloned().expect("it is in the sample");
        results.requirements.splice(0..0, vec![broken; 60]);
        results
    }

    #[test]
    fn failures_of_one_cause_have_one_block_and_the_text_fits_two_screens() {
        let text = plain(&everything_fails());
        assert_eq!(text.matches("FAIL  ").count(), 1);
        assert!(text.contains("FAIL  40 scenarios with one cause\n"), "{text}");
        assert_eq!(text.matches("features/one-time/single-use.feature:33").count(), 4, "the first, and three more");
        assert!(text.contains("      and 36 more\n"), "{text}");
        assert!(text.lines().count() <= 85, "with the differences from a baseline: {text}");
    }

    #[test]
    fn full_detail_lists_every_scenario() {
        let view = TerminalView { detail: Detail::Full, ..TerminalView::new(Paint::new(false), 100) };
        let text = terminal(&everything_fails(), &view);
        assert_eq!(text.matches("features/one-time/single-use.feature:33").count(), 40);
    }

    #[test]
    fn the_last_ten_lines_have_what_is_broken_and_where_to_read_on() {
        let link = ReportLink { path: "reports/report.html".to_owned(), url: Some("file:///r/report.html".to_owned()) };
        for detail in [Detail::Quiet, Detail::Usual, Detail::Full] {
            let view = TerminalView { detail, report: Some(link.clone()), ..TerminalView::new(Paint::new(false), 120) };
            let text = terminal(&everything_fails(), &view);
            let lines: Vec<&str> = text.lines().collect();
            let last = lines[lines.len().saturating_sub(10)..].join("\n");
            for part in [
                "OTT-2       A one-time token",
                "\u{1b}]8;;file:///r/report.html\u{1b}\\reports/report.html",
                "a part only",
            ] {
                assert!(last.contains(part), "{part} is not in {last}");
            }
        }
    }

    #[test]
    fn quiet_text_has_no_blocks() {
        let view = TerminalView { detail: Detail::Quiet, ..TerminalView::new(Paint::new(false), 100) };
        let text = terminal(&sample::failing(), &view);
        assert!(text.starts_with("1 requirement broken\n  OTT-2 "), "{text}");
        assert!(!text.contains("FAIL  "), "{text}");
    }

    #[test]
    fn the_last_line_has_the_verdict_and_all_counts() {
        let text = plain(&sample::failing());
        assert_eq!(
            text.lines().last(),
            Some(
                "not conformant: 4 requirements: 1 pass, 2 fail, 1 warn (1 waived), 0 observed, 0 skip, \
                 0 inconclusive · 4 scenarios · 1.2 s · 1,932 requests, 41 failed logins"
            )
        );
    }
}
