//! Reports of saved results, and the choice of formats.

use std::fs;

use crate::support::{Workplace, files_below};

/// Every file that a run writes.
const FILES: [&str; 7] =
    ["cucumber.json", "cucumber.ndjson", "junit.xml", "report.html", "results.json", "results.json.seal", "summary.md"];

fn names(workplace: &Workplace, folder: &str) -> Vec<String> {
    let files = files_below(&workplace.path(folder));
    files.iter().filter_map(|file| Some(file.file_name()?.to_str()?.to_owned())).collect()
}

#[test]
fn a_saved_run_renders_to_the_same_files_byte_for_byte() {
    let workplace = Workplace::new();
    workplace.run(&["run", "--fault", "expiry-access-twice"]).expect_code(1);
    assert_eq!(names(&workplace, "reports"), FILES);
    let ended = workplace.run(&["report", "render", "reports/results.json", "--reports", "again"]).expect_code(0);
    assert_eq!(ended.stdout.lines().count(), 5);
    for name in names(&workplace, "again") {
        let read = |folder: &str| fs::read(workplace.path(folder).join(&name)).expect("it is there");
        assert!(read("reports") == read("again"), "{name} differs");
    }
    assert_eq!(
        names(&workplace, "again"),
        FILES.into_iter().filter(|name| !name.starts_with("results.json")).collect::<Vec<_>>()
    );
}

#[test]
fn reports_of_saved_results_appear_beside_them_and_leave_them_alone() {
    let workplace = Workplace::new();
    workplace.run(&["run", "--requirement", "ISSUE-1", "--format", "json"]).expect_code(0);
    let before = fs::read(workplace.path("reports/results.json")).expect("it is there");
    let ended = workplace.run(&["report", "render", "reports/results.json", "--format", "html"]).expect_code(0);
    assert_eq!(ended.stdout, "reports/report.html\n");
    assert_eq!(names(&workplace, "reports"), ["report.html", "results.json", "results.json.seal"]);
    assert_eq!(fs::read(workplace.path("reports/results.json")).expect("it is there"), before);
}

#[test]
fn only_the_formats_asked_for_are_written() {
    let workplace = Workplace::new();
    workplace.run(&["run", "--requirement", "ISSUE-1", "--format", "junit", "--format", "summary"]).expect_code(0);
    assert_eq!(names(&workplace, "reports"), ["junit.xml", "summary.md"]);
    let ended = workplace.run(&["run", "--format", "pdf"]).expect_code(2);
    assert!(
        ended.stderr.contains("[possible values: json, html, summary, junit, messages, classic, code-quality]"),
        "{}",
        ended.stderr
    );
}

#[test]
fn a_ci_service_gets_the_summary_added_to_its_page() {
    let workplace = Workplace::new().with_file("page.md", "before\n").with_variable("GITHUB_STEP_SUMMARY", "page.md");
    workplace.run(&["run", "--requirement", "ISSUE-1", "--format", "json"]).expect_code(0);
    let page = fs::read_to_string(workplace.path("page.md")).expect("it is there");
    assert!(page.starts_with("before\n## A part only: Conformant: stand-in\n"), "{page}");
    assert!(!workplace.path("reports/summary.md").exists());
}

#[test]
fn a_feature_that_is_gone_is_told_as_it_ran() {
    let own = "Feature: Own\n\n  @ISSUE-1\n  Scenario: Logging in\n    When the user logs in\n    Then every answer is 200 with a JSON object\n";
    let workplace = Workplace::new().with_file("own/own.feature", own);
    workplace.run(&["run", "--features", "own", "--requirement", "ISSUE-1"]).expect_code(0);
    let source = |folder: &str| {
        let messages = fs::read_to_string(workplace.path(folder).join("cucumber.ndjson")).expect("it is there");
        let messages =
            messages.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).expect("it is JSON"));
        let mut sources = messages.filter_map(|message| message.get("source").cloned());
        sources.find(|source| source["uri"] == "own/own.feature").expect("it is a source")["data"].clone()
    };
    assert_eq!(source("reports"), own);
    fs::remove_file(workplace.path("own/own.feature")).expect("it was there");
    workplace.run(&["report", "render", "reports/results.json", "--reports", "later"]).expect_code(0);
    let made_up = own.replace("Feature: Own", "Feature: own/own.feature");
    assert_eq!(source("later"), made_up);
}

#[test]
fn what_is_no_results_file_is_refused() {
    let workplace = Workplace::new().with_file("other.json", "{\"format\":\"other\"}");
    let ended = workplace.run(&["report", "render", "other.json"]).expect_code(2);
    assert_eq!(
        ended.stderr,
        "error: other.json is not a bo-conformance/results/v1 file: its format is \"other\"; give the results.json of a run\n"
    );
    assert_eq!(names(&workplace, "."), ["other.json"]);
}
