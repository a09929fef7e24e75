//! Shards of a run, and `report merge`, which makes one run of several: everything that is in the whole run is in the merged
//! one, and runs that do not belong together are refused.

use std::{collections::BTreeSet, fs};

use crate::support::{Workplace, requirements};
use regex::Regex;
use serde_json::{Value, json};

/// Something that is broken, so that there is more to merge than what holds.
const FAULTY: [&str; 2] = ["--fault", "one-time-reusable"];

/// Runs all shards of so many into folders of their own and gives the files, in order.
fn shards(workplace: &Workplace, of: usize, more: &[&str]) -> Vec<String> {
    (1..=of).map(|number| shard(workplace, number, of, more)).collect()
}

fn shard(workplace: &Workplace, number: usize, of: usize, more: &[&str]) -> String {
    let (folder, which) = (format!("of-{of}/{number}"), format!("{number}/{of}"));
    let arguments = [&["run", "--shard", &which, "--reports", &folder, "--format", "json"], more].concat();
    let ended = workplace.run(&arguments);
    assert!(matches!(ended.code, Some(0 | 1)), "{ended:?}");
    format!("{folder}/results.json")
}

fn read(workplace: &Workplace, file: &str) -> Value {
    serde_json::from_str(&fs::read_to_string(workplace.path(file)).expect("it is there")).expect("it is JSON")
}

/// Merges files into `merged/` and gives the merged results.
fn merged(workplace: &Workplace, files: &[&str], code: i32) -> Value {
    let arguments = [&["report", "merge", "--reports", "merged", "--format", "json"], files].concat();
    workplace.run(&arguments).expect_code(code);
    read(workplace, "merged/results.json")
}

/// Without what is different in every run: times, traffic, ports, and what went over the wire.
fn timeless(results: &Value) -> Value {
    let ports = Regex::new(r"127\.0\.0\.1:\d+").expect("it is a pattern");
    let text = results.to_string();
    let mut results: Value = serde_json::from_str(&ports.replace_all(&text, "HERE")).expect("it is still JSON");
    for name in ["startedAt", "durationMs", "traffic", "seed"] {
        results[name] = Value::Null;
    }
    for scenario in results["scenarios"].as_array_mut().expect("they are listed") {
        scenario["startedMs"] = Value::Null;
        scenario["durationMs"] = Value::Null;
        scenario["exchanges"] = json!(scenario["exchanges"].as_array().is_some_and(|all| !all.is_empty()));
        for step in scenario["steps"].as_array_mut().expect("they are listed") {
            step["durationMs"] = Value::Null;
            if let Some(failure) = step.get_mut("failure") {
                failure["exchange"] = Value::Null;
            }
        }
    }
    results
}

fn ids(results: &Value) -> BTreeSet<String> {
    let scenarios = results["scenarios"].as_array().expect("they are listed");
    scenarios.iter().map(|scenario| scenario["id"].as_str().expect("ids are text").to_owned()).collect()
}

fn refused(workplace: &Workplace, files: &[&str], code: i32) -> String {
    let arguments = [&["report", "merge", "--reports", "refused"], files].concat();
    let ended = workplace.run(&arguments).expect_code(code);
    assert!(!workplace.path("refused").exists(), "something was written");
    ended.stderr
}

/// A copy of a file in which something is changed.
fn altered(workplace: &Workplace, file: &str, alter: impl FnOnce(&mut Value)) -> String {
    let mut results = read(workplace, file);
    alter(&mut results);
    fs::write(workplace.path("altered.json"), results.to_string()).expect("it can be written");
    "altered.json".to_owned()
}

/// Something done to results after a run.
type Alteration = fn(&mut Value);

#[test]
fn shards_merged_in_any_order_are_the_whole_run() {
    let workplace = Workplace::new();
    workplace.run(&["run", "--fault", "one-time-reusable", "--format", "json"]).expect_code(1);
    let whole = workplace.results();
    for of in [1, 2, 3, 7] {
        let files = shards(&workplace, of, &FAULTY);
        let sets: Vec<BTreeSet<String>> = files.iter().map(|file| ids(&read(&workplace, file))).collect();
        assert_eq!(sets.iter().map(BTreeSet::len).sum::<usize>(), ids(&whole).len(), "{of} shards");
        let mut files: Vec<&str> = files.iter().map(String::as_str).collect();
        let together = merged(&workplace, &files, 1);
        assert_eq!(timeless(&together), timeless(&whole), "{of} shards");
        files.rotate_left(of / 2);
        files.reverse();
        assert_eq!(merged(&workplace, &files, 1), together, "{of} shards in another order");
    }
}

#[test]
fn one_complete_run_merged_is_the_same_again() {
    let workplace = Workplace::new();
    workplace.run(&["run", "--fault", "one-time-reusable", "--format", "json"]).expect_code(1);
    assert_eq!(merged(&workplace, &["reports/results.json"], 1), workplace.results());
    let ended = workplace.run(&["report", "merge", "reports/results.json", "--reports", "reports"]).expect_code(2);
    assert!(ended.stderr.contains("reports/results.json would be overwritten"), "{}", ended.stderr);
}

fn of_ott_5(results: &Value) -> Value {
    let all = results["requirements"].as_array().expect("they are listed");
    all.iter().find(|requirement| requirement["id"] == "OTT-5").expect("it is judged").clone()
}

#[test]
fn a_shard_says_that_it_is_one_and_an_empty_one_is_no_failure() {
    let workplace = Workplace::new();
    let few = ["--requirement", "OTT-2"];
    let files = shards(&workplace, 9, &few);
    let sizes: Vec<usize> = files.iter().map(|file| ids(&read(&workplace, file)).len()).collect();
    let empty = sizes.iter().position(|size| *size == 0).expect("there are more shards than scenarios");
    assert!(sizes.iter().any(|size| *size > 0));
    let results = read(&workplace, &files[empty]);
    assert_eq!(results["selection"]["shard"], json!({ "number": empty + 1, "of": 9 }));
    assert_eq!((&results["verdict"], &results["selection"]["complete"]), (&json!("inconclusive"), &json!(false)));
    let files: Vec<&str> = files.iter().map(String::as_str).collect();
    let together = merged(&workplace, &files, 0);
    assert_eq!(together["verdict"], "conformant");
    // OTT-5 has more scenarios than one shard takes.
    let parts = shards(&workplace, 3, &["--requirement", "OTT-5"]);
    let partial = parts.iter().map(|file| read(&workplace, file)).find(|it| !ids(it).is_empty()).expect("one has some");
    let reason = of_ott_5(&partial)["reason"].to_string();
    assert!(reason.contains(" scenarios are in this shard"), "{reason}");
    for bad in ["0/3", "4/3", "x"] {
        workplace.run(&["run", "--shard", bad]).expect_code(2);
    }
}

#[test]
fn masks_of_different_runs_are_not_confused() {
    let workplace = Workplace::new();
    let select = ["--requirement", "OTT-2", "ISSUE-1", "REFRESH-1"];
    let files = shards(&workplace, 3, &select);
    let masks = |results: &Value| -> BTreeSet<String> {
        let text = results.to_string();
        let pattern = Regex::new("‹[a-z -]+ #[0-9]+›").expect("it is a pattern");
        pattern.find_iter(&text).map(|mask| mask.as_str().to_owned()).collect()
    };
    let apart: usize = files.iter().map(|file| masks(&read(&workplace, file)).len()).sum();
    let files: Vec<&str> = files.iter().map(String::as_str).collect();
    assert_eq!(masks(&merged(&workplace, &files, 0)).len(), apart);
}

#[test]
fn times_of_merged_runs_are_told_from_the_first() {
    let workplace = Workplace::new();
    let files = shards(&workplace, 2, &["--requirement", "ISSUE-1", "OTT-2"]);
    let later = altered(&workplace, &files[1], |results| {
        let started = read(&workplace, &files[0])["startedAt"].as_str().expect("it is text").to_owned();
        let started: jiff::Timestamp = started.parse().expect("it is a time");
        results["startedAt"] = json!((started + jiff::SignedDuration::from_secs(60)).to_string());
        results["durationMs"] = json!(5_000);
    });
    let together = merged(&workplace, &[&later, &files[0]], 0);
    assert_eq!(together["durationMs"], 65_000);
    assert_eq!(together["startedAt"], read(&workplace, &files[0])["startedAt"]);
    let late = ids(&read(&workplace, &files[1]));
    for scenario in together["scenarios"].as_array().expect("they are listed") {
        let is_late = late.contains(scenario["id"].as_str().expect("ids are text"));
        assert_eq!(scenario["startedMs"].as_f64() >= Some(60_000.0), is_late, "{}", scenario["id"]);
        let exchange = &scenario["exchanges"][0]["atMs"];
        assert_eq!(exchange.as_f64() >= Some(60_000.0), is_late, "{}", scenario["id"]);
    }
}

#[test]
fn a_scenario_counts_as_its_worst_and_the_strictest_profile_for_all() {
    let workplace = Workplace::new();
    let fault = ["run", "--fault", "issue-cache-header-missing", "--format", "json", "--reports"];
    workplace.run(&[&fault[..], &["documented"]].concat()).expect_code(0);
    workplace.run(&["run", "--profile", "hardened", "--format", "json", "--reports", "hardened"]).expect_code(0);
    let warned = requirements(&read(&workplace, "documented/results.json"), "warn");
    assert!(!warned.is_empty());
    let together = merged(&workplace, &["hardened/results.json", "documented/results.json"], 1);
    assert_eq!(requirements(&together, "fail"), warned);
    let failed = together["scenarios"].as_array().expect("listed").iter().find(|it| it["verdict"] == "failed");
    let reason = failed.expect("one failed")["reason"].as_str().expect("there is a reason").to_owned();
    assert!(reason.ends_with("; another run of it passed"), "{reason}");
    assert_eq!(together["selection"]["complete"], true);
}

#[test]
fn selections_add_up() {
    let workplace = Workplace::new();
    for (folder, more) in [("a", ["--requirement", "OTT-2"]), ("b", ["--tags", "@ISSUE-1"])] {
        workplace.run(&[&["run", "--format", "json", "--reports", folder], &more[..]].concat()).expect_code(0);
    }
    let together = merged(&workplace, &["b/results.json", "a/results.json"], 0);
    let tags = together["selection"]["tags"].as_str().expect("it has an expression").to_owned();
    workplace.run(&["run", "--format", "json", "--tags", &tags]).expect_code(0);
    assert_eq!(ids(&workplace.results()), ids(&together), "{tags}");
}

#[test]
fn what_a_file_says_of_its_verdicts_is_not_believed() {
    let workplace = Workplace::new();
    workplace
        .run(&["run", "--requirement", "OTT-2", "--format", "json", "--fault", "one-time-reusable"])
        .expect_code(1);
    let lie = altered(&workplace, "reports/results.json", |results| {
        results["verdict"] = json!("conformant");
        results["requirements"][0]["verdict"] = json!("pass");
    });
    assert_eq!(merged(&workplace, &[&lie], 1), workplace.results());
}

#[test]
fn observations_that_contradict_each_other_are_told_with_both_answers() {
    let workplace = Workplace::new();
    workplace.run(&["run", "--requirement", "ISSUE-20", "--format", "json"]);
    let question = workplace.results()["observations"][0]["question"].clone();
    let other = altered(&workplace, "reports/results.json", |results| {
        results["observations"][0]["answer"] = json!("something else");
    });
    let ended = workplace.run(&["report", "merge", "reports/results.json", &other, "--reports", "merged"]);
    assert!(ended.stderr.starts_with("warning: the runs contradict each other: ISSUE-20: "), "{}", ended.stderr);
    let together = read(&workplace, "merged/results.json");
    let observations = together["observations"].as_array().expect("they are listed");
    let told: Vec<&Value> = observations.iter().filter(|it| it["question"] == question).collect();
    assert_eq!(told.len(), 1);
    assert!(told[0]["answer"].as_str().is_some_and(|answer| answer.contains("; in another run: ")), "{}", told[0]);
}

#[test]
fn what_is_missing_or_does_not_belong_together_is_refused_by_name() {
    let workplace = Workplace::new();
    let files = shards(&workplace, 3, &["--requirement", "OTT-2"]);
    let (one, two, three) = (files[0].as_str(), files[1].as_str(), files[2].as_str());

    let missing = refused(&workplace, &[one, three], 3);
    assert!(missing.starts_with("error: shard 2 of 3 is missing, and with it "), "{missing}");
    let double = refused(&workplace, &[one, two, three, two], 2);
    assert!(double.starts_with(&format!("error: shard 2 of 3 is there twice, in {two} and in {two}; ")), "{double}");

    let cases: [(&str, Alteration); 5] = [
        ("only runs of one target can be merged: it is ", |it| it["target"]["name"] = json!("other")),
        ("only runs of one suite can be merged: it is ", |it| {
            it["suite"]["digest"] = json!(format!("sha256:{}", "0".repeat(64)));
        }),
        ("only runs of one version of the program can be merged: it is ", |it| it["tool"]["version"] = json!("0.0.9")),
        ("altered.json was altered or cut: it lacks ", |it| it["scenarios"] = json!([])),
        ("altered.json was altered or cut: it did not select ", |it| {
            it["selection"]["requirements"] = json!(["ISSUE-1"]);
        }),
    ];
    // The shard with most scenarios, so that there is something to take out.
    let full = files.iter().max_by_key(|file| ids(&read(&workplace, file)).len()).expect("there are three").as_str();
    for (message, alter) in cases {
        let other = altered(&workplace, full, alter);
        let with: Vec<&str> = files.iter().map(|file| if file == full { other.as_str() } else { file }).collect();
        let said = refused(&workplace, &with, 2);
        assert!(said.contains(message), "{message}: {said}");
        assert!(said.contains("altered.json"), "{said}");
    }
    let garbled = workplace.path("garbled.json");
    let half = fs::read_to_string(workplace.path(full)).expect("it is there");
    fs::write(garbled, &half[..half.len() / 2]).expect("it can be written");
    let said = refused(&workplace, &[one, "garbled.json"], 2);
    assert!(said.starts_with("error: garbled.json is not a bo-conformance/results/v1 file: "), "{said}");
}

#[test]
fn a_suite_that_this_program_does_not_have_is_refused() {
    let workplace = Workplace::new();
    workplace.run(&["run", "--requirement", "OTT-2", "--format", "json"]).expect_code(0);
    let other = altered(&workplace, "reports/results.json", |it| {
        it["suite"]["digest"] = json!(format!("sha256:{}", "0".repeat(64)));
    });
    let said = refused(&workplace, &[&other], 2);
    assert!(said.contains("altered.json was judged by the suite sha256:000"), "{said}");
    assert!(said.contains("and with the same --features DIR as the run"), "{said}");
}
