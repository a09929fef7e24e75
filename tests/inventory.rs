//! Features, catalogue, steps, schemas, the program and the README agree: an addition in one place that is missing in another
//! fails here.

mod support;

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use regex::Regex;
use serde_json::Value;
use support::{REPOSITORY, Workplace, catalogue, files_below};

fn repository(path: &str) -> PathBuf {
    Path::new(REPOSITORY).join(path)
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The files below a folder of the repository that end like this.
fn files(folder: &str, ending: &str) -> Vec<PathBuf> {
    let all = files_below(&repository(folder)).into_iter();
    all.filter(|path| path.to_string_lossy().ends_with(ending)).collect()
}

/// What a pattern's first group finds in a text.
fn found(pattern: &str, text: &str) -> BTreeSet<String> {
    let pattern = Regex::new(pattern).expect("it is a pattern");
    pattern.captures_iter(text).map(|found| found[1].to_owned()).collect()
}

#[test]
fn every_requirement_has_a_scenario_and_every_tag_a_requirement() {
    let tagged: BTreeSet<String> =
        files("features", ".feature").iter().flat_map(|file| found(r"@([A-Z]+-[0-9]+)\b", &read(file))).collect();
    assert_eq!(tagged, catalogue::ids().into_iter().collect());
}

#[test]
fn every_scenario_has_an_id_of_its_own() {
    let workplace = Workplace::new();
    workplace.run(&["run"]).expect_code(0);
    let results = workplace.results();
    let scenarios = results["scenarios"].as_array().expect("scenarios are listed");
    let ids: BTreeSet<_> = scenarios.iter().filter_map(|scenario| scenario["id"].as_str()).collect();
    assert_eq!(ids.len(), scenarios.len());
    let judging = |scenario: &Value| scenario["requirements"].as_array().is_some_and(|ids| !ids.is_empty());
    assert!(scenarios.iter().all(judging));
}

#[test]
fn every_scenario_that_is_written_is_run() {
    let written: usize = files("features", ".feature").iter().map(|file| scenarios_written(&read(file))).sum();
    let workplace = Workplace::new();
    workplace.run(&["run"]).expect_code(0);
    assert_eq!(workplace.results()["scenarios"].as_array().map(Vec::len), Some(written));
}

/// Scenarios, and for each outline the rows below the headings of its examples, counted without a parser.
fn scenarios_written(text: &str) -> usize {
    let (mut written, mut rows) = (0, None::<usize>);
    for line in text.lines().map(str::trim).chain([""]) {
        match (line.starts_with('|'), &mut rows) {
            (true, Some(rows)) => *rows += 1,
            (false, Some(counted)) if *counted > 0 => {
                written += *counted - 1;
                rows = None;
            }
            _ => {}
        }
        if line.starts_with("Examples:") {
            rows = Some(0);
        }
        written += usize::from(line.starts_with("Scenario:"));
    }
    written
}

#[test]
fn every_step_is_used() {
    let listed = Workplace::new().run(&["list", "--steps"]).expect_code(0).stdout;
    let counts = found(r"(?m)^ +([0-9]+) ×", &listed);
    assert_eq!(listed.matches("own features: ").count(), 3, "{listed}");
    assert!(listed.matches('×').count() > 50 && !counts.contains("0"), "{listed}");
}

#[test]
fn every_schema_is_checked_against() {
    let sources: String = files("steps/src", ".rs").iter().map(|file| read(file)).collect();
    for file in files("schemas", ".schema.json") {
        let name = file.file_name().and_then(|name| name.to_str()).expect("it has a name");
        let name = name.trim_end_matches(".schema.json");
        // The schema of the results is what `main_job.rs` holds them against.
        assert!(name == "results-v1" || sources.contains(&format!("\"{name}\"")), "nothing is checked against {name}");
    }
}

#[test]
fn every_snapshot_is_compared_with() {
    let features: String = files("features", ".feature").iter().map(|file| read(file)).collect();
    let compared = found("snapshot \"([^\"]+)\"", &features);
    let compared: BTreeSet<String> = compared.iter().map(|name| format!("{}.snap", name.replace(' ', "-"))).collect();
    let reviewed = files("features/snapshots", "").into_iter();
    let reviewed: BTreeSet<String> = reviewed.filter_map(|file| Some(file.file_name()?.to_str()?.to_owned())).collect();
    assert_eq!(compared, reviewed);
}

#[test]
fn the_program_carries_every_file_of_the_suite() {
    let program = fs::read(assert_cmd::cargo::cargo_bin!("bo-conformance")).expect("it is built");
    let program = String::from_utf8_lossy(&program);
    for file in files("features", "").into_iter().chain(files("schemas", "")) {
        assert!(program.contains(&read(&file)), "{} is not embedded as it is", file.display());
    }
}

#[test]
fn steps_and_stand_in_meet_on_the_wire_only() {
    let listed = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--no-deps", "--offline"])
        .current_dir(REPOSITORY)
        .output()
        .expect("cargo is there");
    let metadata: Value = serde_json::from_slice(&listed.stdout).expect("metadata is JSON");
    let needs = |name: &str| -> BTreeSet<String> {
        let packages = metadata["packages"].as_array().expect("packages are listed");
        let package = packages.iter().find(|package| package["name"] == name).expect("it is in the workspace");
        let dependencies = package["dependencies"].as_array().expect("dependencies are listed");
        dependencies.iter().filter_map(|needed| needed["name"].as_str().map(str::to_owned)).collect()
    };
    assert!(needs("bo-conformance").is_superset(&["steps".to_owned(), "standin".to_owned()].into()));
    for (crate_, other) in [("steps", "standin"), ("standin", "steps")] {
        assert!(!needs(crate_).contains(other), "{crate_} depends on {other}");
        assert!(!needs(crate_).contains("bo-conformance"), "{crate_} depends on the program");
    }
}

#[test]
fn the_readme_lists_the_commands_that_there_are() {
    let help = Workplace::new().run(&["--help"]).expect_code(0).stdout;
    let (_, commands) = help.split_once("Commands:\n").expect("commands are listed");
    let mut there_are = found(r"(?m)^  ([a-z-]+) ", commands.split("\n\n").next().unwrap_or_default());
    there_are.remove("help");
    assert_eq!(found(r"(?m)^\| `([a-z-]+)` \|", &read(&repository("README.md"))), there_are);
}

#[test]
fn the_readme_lists_the_reports_that_are_written() {
    let workplace = Workplace::new();
    workplace.run(&["run", "--requirement", "OTT-2"]).expect_code(0);
    let written: BTreeSet<String> = files_below(&workplace.path("reports"))
        .iter()
        .filter_map(|file| Some(file.file_name()?.to_str()?.to_owned()))
        .collect();
    assert_eq!(found(r"(?m)^\| `([a-z]+(?:\.[a-z]+)+)` \|", &read(&repository("README.md"))), written);
}

#[test]
fn the_exit_codes_of_the_readme_are_those_of_the_help() {
    let readme = read(&repository("README.md"));
    let help = Workplace::new().run(&["--help"]).expect_code(0).stdout.replace('\n', " ");
    let rows = Regex::new(r"(?m)^\| ([0-9]) \| ([^|;]+?)(?:;[^|]*)? \|").expect("it is a pattern");
    let documented: Vec<String> = rows.captures_iter(&readme).map(|row| format!("{} {}", &row[1], &row[2])).collect();
    assert_eq!(documented.len(), 4);
    assert!(help.contains(&documented.join(" · ")), "{documented:?}\n{help}");
}

#[test]
fn everything_that_a_page_points_at_is_there() {
    for page in ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md"] {
        let text = read(&repository(page));
        for place in found(r"\]\(([^)#]+)\)", &text).iter().filter(|place| !place.contains("://")) {
            assert!(repository(place).exists(), "{page} points at {place}");
        }
    }
}
