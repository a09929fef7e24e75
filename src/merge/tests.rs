//! Merging of runs made by hand over the embedded suite.

use std::{path::PathBuf, sync::LazyLock};

use jiff::{SignedDuration, civil::date};

use super::{
    MergeError, SavedRun, merge,
    saved_run::{align_times, joint_duration, renumber_masks},
    terms::{join_selections, join_waivers},
};
use crate::{
    catalogue::Catalogue,
    results::{
        EXPLORED, Outcome, Results, ScenarioResult, SelectionInfo, ShardInfo, Verdict, Waiver, WaiverTerms, sample,
    },
    suite::{Selection, Suite},
};

static SUITE: LazyLock<Suite> =
    LazyLock::new(|| Suite::load(Catalogue::embedded().expect("it can be read"), None).expect("it has no mistakes"));

/// A run of these requirements, every scenario passed.
fn run(file: &str, requirements: &[&str], shard: Option<(usize, usize)>) -> SavedRun {
    let shard = shard.map(|(number, of)| ShardInfo { number, of });
    let requirements = requirements.iter().map(|id| (*id).to_owned()).collect();
    let selection = SelectionInfo { requirements, shard, ..SelectionInfo::default() };
    let selected = Selection::from_results(&SUITE, &selection).expect("it selects something");
    let base = sample::passing();
    let scenarios = SUITE.scenarios().filter(|it| selected.takes(it)).map(|it| ScenarioResult {
        id: it.id.clone(),
        tags: it.tags.clone(),
        requirements: it.requirements.iter().map(ToString::to_string).collect(),
        exchanges: vec![sample::verification()],
        ..base.scenarios[0].clone()
    });
    let mut results = Results { selection, scenarios: scenarios.collect(), observations: Vec::new(), ..base };
    results.suite.digest.clone_from(&SUITE.digest);
    SavedRun { file: PathBuf::from(file), results }
}

fn with_outcome(mut run: SavedRun, outcome: Outcome) -> SavedRun {
    for scenario in &mut run.results.scenarios {
        scenario.verdict = outcome;
        scenario.reason = (outcome != Outcome::Passed).then(|| "why".into());
    }
    run
}

fn waiver(requirement: &str, expires: jiff::civil::Date) -> Waiver {
    let terms = WaiverTerms { reason: "comes with 4.2".to_owned(), owner: "auth team".to_owned(), expires };
    Waiver { requirement: requirement.parse().expect("it is an id"), terms }
}

fn refusal(runs: Vec<SavedRun>) -> MergeError {
    merge(runs, &SUITE).expect_err("they cannot be merged")
}

#[test]
fn times_count_from_the_first_run() {
    let (first, mut second) = (run("one", &["OTT-2"], None), run("two", &["OTT-2"], None));
    second.results.started_at += SignedDuration::from_millis(60_500);
    let mut runs = [second, first];
    assert_eq!(joint_duration(&runs), 60_500 + 1_234);
    align_times(&mut runs);
    let times = |run: &SavedRun| {
        let scenario = &run.results.scenarios[0];
        (scenario.started_ms, scenario.exchanges[0].at_ms)
    };
    assert_eq!((times(&runs[0]), times(&runs[1])), ((60_510.0, 60_512.5), (10.0, 12.5)));
}

#[test]
fn a_run_within_another_does_not_lengthen_it() {
    let (mut long, mut short) = (run("one", &["OTT-2"], None), run("two", &["OTT-2"], None));
    long.results.duration_ms = 100_000;
    short.results.started_at += SignedDuration::from_secs(10);
    assert_eq!(joint_duration(&[long, short]), 100_000);
}

#[test]
fn masks_of_later_runs_continue_the_numbers_of_their_kind() {
    let mut runs = [
        "‹access token #2› ‹password #1›",
        "‹access token #1› ‹access token #3›",
        "‹access token #1› ‹one-time token #1›",
    ]
    .map(|reason| {
        let mut run = run("file", &["OTT-2"], None);
        run.results.scenarios.truncate(1);
        run.results.scenarios[0].exchanges.clear();
        run.results.scenarios[0].reason = Some(reason.into());
        run
    });
    renumber_masks(&mut runs).expect("they are results");
    let reasons = runs.each_ref().map(|run| run.results.scenarios[0].reason.clone().unwrap_or_default());
    assert_eq!(
        reasons,
        [
            "‹access token #2› ‹password #1›",
            "‹access token #3› ‹access token #5›",
            "‹access token #6› ‹one-time token #1›"
        ]
    );
}

#[test]
fn a_missing_shard_is_named_with_its_scenarios() {
    let shard = |number| run(&format!("{number}.json"), &["OTT-5"], Some((number, 3)));
    let all: Vec<SavedRun> = (1..=3).map(shard).collect();
    let full = all.iter().position(|run| !run.results.scenarios.is_empty()).expect("one has scenarios");
    let expected: Vec<String> = all[full].results.scenarios.iter().map(|it| it.id.clone()).collect();
    let mut rest = all.clone();
    rest.remove(full);
    match refusal(rest) {
        MergeError::Missing { numbers, of, scenarios } => {
            assert_eq!((numbers, of, scenarios), (vec![full + 1], 3, expected));
        }
        other => panic!("{other}"),
    }
    let merged = merge(all, &SUITE).expect("all shards are there").results;
    assert_eq!((merged.verdict, merged.selection.shard), (Verdict::Conformant, None));
}

#[test]
fn a_shard_that_is_given_twice_is_refused() {
    let one = run("one.json", &["OTT-2"], Some((1, 2)));
    let again = SavedRun { file: "again.json".into(), ..one.clone() };
    let error = refusal(vec![one, run("two.json", &["OTT-2"], Some((2, 2))), again]);
    assert!(matches!(error, MergeError::Double { number: 1, of: 2, .. }), "{error}");
}

#[test]
fn files_with_other_scenarios_than_selected_are_refused() {
    let mut lacking = run("a.json", &["OTT-2"], None);
    lacking.results.scenarios.pop();
    let mut twice = run("a.json", &["OTT-2"], None);
    twice.results.scenarios.push(twice.results.scenarios[0].clone());
    let mut surplus = run("a.json", &["OTT-2"], None);
    surplus.results.scenarios.extend(run("b.json", &["ISSUE-1"], None).results.scenarios.pop());
    for (run, problem) in [(lacking, "it lacks "), (twice, "is in it twice"), (surplus, "it did not select ")] {
        let error = refusal(vec![run]).to_string();
        assert!(error.starts_with("a.json was altered or cut: ") && error.contains(problem), "{error}");
    }
}

#[test]
fn the_worst_run_of_a_scenario_counts_in_any_order() {
    use Outcome::{Failed, Inconclusive, Passed, Skipped};
    for (one, other, worst, reason) in [
        (Passed, Failed, Failed, Some("why; another run of it passed")),
        (Inconclusive, Failed, Failed, Some("why; another run of it was inconclusive")),
        (Passed, Inconclusive, Inconclusive, Some("why; another run of it passed")),
        (Skipped, Passed, Passed, None),
        (Skipped, Failed, Failed, Some("why")),
        (Failed, Failed, Failed, Some("why")),
    ] {
        let whole = |outcome, file| with_outcome(run(file, &["OTT-2"], None), outcome);
        for runs in [vec![whole(one, "a"), whole(other, "b")], vec![whole(other, "a"), whole(one, "b")]] {
            let merged = merge(runs, &SUITE).expect("they belong together").results;
            let scenario = &merged.scenarios[0];
            assert_eq!((scenario.verdict, scenario.reason.as_deref()), (worst, reason), "{one:?} and {other:?}");
        }
    }
}

#[test]
fn selections_become_one() {
    let select = |tags: Option<&str>, ids: &[&str]| {
        let mut run = run("file", &["OTT-2"], None);
        let requirements = ids.iter().map(|id| (*id).to_owned()).collect();
        run.results.selection =
            SelectionInfo { tags: tags.map(str::to_owned), requirements, ..SelectionInfo::default() };
        run
    };
    let joined = |runs: &[SavedRun]| {
        let SelectionInfo { tags, requirements, complete, .. } = join_selections(runs);
        (tags.unwrap_or_default(), requirements.join(" "), complete)
    };
    let two = [select(None, &["OTT-2", "USE-1"]), select(None, &["USE-1", "ISSUE-1"])];
    assert_eq!(joined(&two), (String::new(), "OTT-2 USE-1 ISSUE-1".to_owned(), false));
    let mixed = [select(None, &["OTT-2"]), select(Some("@alone"), &["USE-1"])];
    assert_eq!(joined(&mixed), ("((@OTT-2)) or ((@alone) and (@USE-1))".to_owned(), String::new(), false));
    assert_eq!(joined(&[select(None, &["OTT-2"]), select(None, &[])]), (String::new(), String::new(), true));
}

#[test]
fn waivers_are_joined_and_must_be_valid_throughout() {
    let day = run("one", &["OTT-2"], None).results.day();
    let mut first = run("one", &["OTT-2"], None);
    first.results.waivers = vec![waiver("OTT-2", day)];
    let mut second = run("two", &["OTT-2"], None);
    second.results.requirements[0].waived = Some(waiver("OTT-2", date(2030, 1, 1)).terms);
    let joined = join_waivers(&[first.clone(), second.clone()], &SUITE.catalogue).expect("they are valid");
    assert_eq!(joined, [waiver("OTT-2", day), waiver("OTT-2", date(2030, 1, 1))]);
    second.results.started_at += SignedDuration::from_hours(24);
    let error = join_waivers(&[first.clone(), second], &SUITE.catalogue).expect_err("one expired in between");
    assert!(matches!(error, MergeError::WaiverEnded { .. }), "{error}");
    first.results.waivers = vec![waiver("OTT-999", day)];
    let error = join_waivers(&[first], &SUITE.catalogue).expect_err("it is unknown").to_string();
    assert!(error.contains("it waives OTT-999, which is not in the catalogue"), "{error}");
}

#[test]
fn a_violation_that_one_run_found_by_exploring_stays() {
    let runs = || vec![run("one.json", &["OTT-2"], None), run("two.json", &["OTT-2"], None)];
    let mut found = runs();
    let explored = ScenarioResult {
        id: format!("{EXPLORED}:OTT-2 1"),
        feature: EXPLORED.to_owned(),
        requirements: vec!["OTT-2".to_owned()],
        verdict: Outcome::Failed,
        ..found[1].results.scenarios[0].clone()
    };
    found[1].results.scenarios.push(explored.clone());
    let merged = merge(found, &SUITE).expect("they belong together").results;
    assert_eq!(merged.verdict, Verdict::Nonconformant);
    assert_eq!(merged.scenarios.last().map(|it| &it.id), Some(&explored.id));
    assert_ne!(merge(runs(), &SUITE).expect("they belong together").results.verdict, Verdict::Nonconformant);
}
