//! Walks on the stand-in: nothing is found on a correct one with any freedom, and its faults are.

use futures::executor::block_on;
use standin::{Variations, variations};

use super::{Budget, Exploration, Local, explore};

fn explored(names: &[&str], requests: u64, seed: u64) -> Exploration {
    let variations = Variations::from_names(names).expect("there are such variations");
    let budget = Budget { survey: 0, requests, seed, actors: 3, time: None, findings: 1 };
    block_on(explore(&mut Local::new(variations), budget))
}

/// With a survey, which meets every succession of two requests and every two calls at once.
fn surveyed(names: &[&str], survey: u64, seed: u64) -> Exploration {
    let variations = Variations::from_names(names).expect("there are such variations");
    let budget = Budget { survey, requests: 0, seed, actors: 1, time: None, findings: 1 };
    block_on(explore(&mut Local::new(variations), budget))
}

fn told(exploration: &Exploration) -> String {
    let one =
        |finding: &super::Finding| format!("{}\n{}", finding.violation.text, finding.scenario(exploration.info.seed));
    exploration.findings.iter().map(one).collect::<Vec<_>>().join("\n")
}

#[test]
fn nothing_is_found_on_the_correct_stand_in() {
    for seed in 0..4 {
        let exploration = explored(&[], 5_000, seed);
        assert!(exploration.findings.is_empty(), "{}", told(&exploration));
    }
}

#[test]
fn a_survey_tries_many_classes_and_finds_nothing_on_the_correct_stand_in() {
    let exploration = surveyed(&[], 6_500, 3);
    assert!(exploration.findings.is_empty(), "{}", told(&exploration));
    assert!(exploration.info.input_classes > 1_000, "{} classes", exploration.info.input_classes);
}

#[test]
fn no_freedom_is_blamed() {
    // The contract promises a refreshed pair a full lifetime of its own; this one does not give it.
    let promised = ["session-fixed-end"];
    for freedom in variations::variants().iter().filter(|freedom| !promised.contains(&freedom.name)) {
        let exploration = explored(&[freedom.name], 1_500, 11);
        assert!(exploration.findings.is_empty(), "{}\n{}", freedom.name, told(&exploration));
    }
}

#[test]
fn a_survey_finds_nothing_on_a_correct_server() {
    let odd = [
        "session-one-per-user",
        "session-refresh-token-stays",
        "one-time-newest-only",
        "settings-shortest-two-seconds",
    ];
    for names in std::iter::once(&[][..]).chain(odd.iter().map(std::slice::from_ref)) {
        let exploration = surveyed(names, 2_600, 5);
        assert!(exploration.findings.is_empty(), "{names:?}\n{}", told(&exploration));
    }
}

#[test]
fn what_one_request_leaves_behind_for_another_is_found_by_a_survey() {
    for fault in [
        "history-failed-login-mixes-users",
        "history-wrong-method-spends",
        "history-expired-on-second-try",
        "history-change-cuts-access",
    ] {
        assert!(!surveyed(&[fault], 2_600, 5).findings.is_empty(), "{fault}");
    }
}

/// Not run by default: a minute and more.
#[test]
#[ignore = "takes a minute: a survey of every freedom"]
fn a_survey_blames_no_freedom() {
    let promised = ["session-fixed-end"];
    for freedom in variations::variants().iter().filter(|freedom| !promised.contains(&freedom.name)) {
        let exploration = surveyed(&[freedom.name], 2_600, 3);
        assert!(exploration.findings.is_empty(), "{}\n{}", freedom.name, told(&exploration));
    }
}

#[test]
fn the_same_seed_gives_the_same_walk() {
    let counts = |seed| {
        let exploration = explored(&[], 1_000, seed);
        (exploration.info.operations, exploration.info.transitions, exploration.info.input_classes)
    };
    assert_eq!(counts(5), counts(5));
}

/// Not run by default: how many of the unforeseen faults are found, with how many seeds. `OUT` names the file that gets it.
#[test]
#[ignore = "a measurement"]
fn measure_unforeseen() {
    use std::fmt::Write;
    let number = |name: &str, usual: u64| std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(usual);
    let (seeds, requests) = (number("SEEDS", 3), number("REQUESTS", 5_000));
    let only = std::env::var("ONLY").unwrap_or_default();
    let mut out = String::new();
    for fault in variations::unforeseen().iter().filter(|fault| fault.name.contains(&only)) {
        let runs: Vec<Exploration> = (0..seeds).map(|seed| explored(&[fault.name], requests, seed)).collect();
        let found: Vec<&Exploration> = runs.iter().filter(|run| !run.findings.is_empty()).collect();
        let steps: Vec<usize> = found.iter().map(|run| run.findings[0].steps.len()).collect();
        let ids: Vec<&str> = found.iter().map(|run| run.findings[0].violation.requirement).collect();
        let most = found.iter().map(|run| run.info.operations).max();
        let (count, caught_by) = (found.len(), fault.caught_by);
        let _ = writeln!(out, "{:45} {count}/{seeds} {most:?} {steps:?} {ids:?} {caught_by:?}", fault.name);
        if !only.is_empty() {
            found.iter().for_each(|run| out.push_str(&told(run)));
        }
    }
    std::fs::write(std::env::var("OUT").expect("it names a file"), out).expect("it can be written");
}
