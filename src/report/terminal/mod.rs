//! The text of a run for a terminal: failures first, then what could not be judged and why, then notes, and the verdict in the
//! last line.

mod drift;
mod failures;
mod page;
mod paint;
mod summary;
mod unjudged;

pub(crate) use drift::drift;
pub(crate) use paint::Paint;

use crate::results::Results;
use page::TextPage;

/// The whole text, for a terminal with so many columns. Text of a server in it cannot control the terminal.
pub(crate) fn terminal(results: &Results, paint: Paint, width: usize) -> String {
    let mut page = TextPage::new(paint, width);
    summary::write_header(&mut page, results);
    failures::write_violations(&mut page, results);
    failures::write_warnings(&mut page, results);
    unjudged::write_inconclusive(&mut page, results);
    unjudged::write_skipped(&mut page, results);
    failures::write_waived(&mut page, results);
    summary::write_notes(&mut page, results);
    summary::write_observations(&mut page, results);
    drift::write_drift(&mut page, results);
    summary::write_not_restored(&mut page, results);
    summary::write_verdict(&mut page, results);
    page.into_text()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::results::sample;

    fn plain(results: &Results) -> String {
        terminal(results, Paint::new(false), 100)
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
        let text = terminal(&sample::failing(), Paint::new(false), 72);
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
            let coloured = terminal(&results, Paint::new(true), 100);
            let mut pieces = coloured.split('\u{1b}');
            let before = pieces.next().unwrap_or_default().to_owned();
            let bare = pieces.filter_map(|piece| piece.split_once('m')).fold(before, |bare, (_, text)| bare + text);
            assert!(coloured.len() > bare.len() + 10, "the text has no colours");
            assert_eq!(bare, plain(&results));
        }
    }

    #[test]
    fn only_the_first_failures_are_shown_in_full() {
        let mut results = sample::failing();
        let first = results.scenarios[0].clone();
        results.scenarios.splice(0..1, vec![first; 40]);
        let text = plain(&results);
        assert_eq!(text.matches("FAIL  ").count(), 25);
        let place = "features/one-time/single-use.feature:33";
        assert_eq!(text.matches(place).count(), 40, "each is listed");
        assert!(text.contains("and 15 more\n"), "{text}");
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
