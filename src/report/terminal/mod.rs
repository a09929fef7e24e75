//! What a run says on a terminal: what is broken first, then what could not be judged and why, then what is worth knowing, and
//! last the verdict in one line.

mod broken;
mod drift;
mod page;
mod paint;
mod remarks;
mod summary;
mod unjudged;

pub(crate) use drift::drift;
use page::Page;
pub(crate) use paint::Paint;
use paint::Role;

use crate::results::Results;

/// The whole text, for a terminal with so many columns. Nothing in it that came from a server can steer the terminal.
pub(crate) fn terminal(results: &Results, paint: Paint, width: usize) -> String {
    let mut page = Page::new(paint, width);
    summary::opening(&mut page, results);
    broken::violations(&mut page, results);
    broken::warnings(&mut page, results);
    unjudged::inconclusive(&mut page, results);
    unjudged::skipped(&mut page, results);
    broken::waived(&mut page, results);
    remarks::notes(&mut page, results);
    remarks::observations(&mut page, results);
    drift::section(&mut page, results);
    summary::verdict(&mut page, results);
    page.into_text()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

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
    fn a_run_that_could_not_judge_everything() {
        insta::assert_snapshot!(plain(&sample::inconclusive()));
    }

    #[test]
    fn a_narrow_terminal_gets_narrow_text() {
        let text = terminal(&sample::failing(), Paint::new(false), 72);
        let last = text.lines().count() - 1;
        let wide: Vec<&str> = text.lines().take(last).filter(|line| line.chars().count() > 72).collect();
        assert_eq!(
            wide,
            ["bo-conformance 0.1.0 · staging at https://bo.staging.example:8443/proftrading/rest · profile documented"]
        );
    }

    #[test]
    fn colours_change_nothing_but_colours() {
        for results in sample::all() {
            let coloured = terminal(&results, Paint::new(true), 100);
            let mut pieces = coloured.split('\u{1b}');
            let before = pieces.next().unwrap_or_default().to_owned();
            let bare = pieces.filter_map(|piece| piece.split_once('m')).fold(before, |bare, (_, text)| bare + text);
            assert!(coloured.len() > bare.len() + 10, "nothing is coloured");
            assert_eq!(bare, plain(&results));
        }
    }

    #[test]
    fn many_failures_are_told_in_full_only_at_first() {
        let mut results = sample::failing();
        let first = results.scenarios[0].clone();
        results.scenarios.splice(0..1, vec![first; 40]);
        let text = plain(&results);
        assert_eq!(text.matches("FAIL  ").count(), 25);
        let place = "features/one-time/single-use.feature:33";
        assert_eq!(text.matches(place).count(), 40, "each is named");
        assert!(text.contains("and 15 more\n"), "{text}");
    }

    #[test]
    fn the_last_line_is_the_verdict_with_all_counts() {
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
