//! The first command of the README: the whole contract on the embedded stand-in.

mod support;

use std::{fs, path::Path};

use serde_json::Value;
use support::{REPOSITORY, Workplace, catalogue, requirements};

#[test]
fn the_stand_in_is_conformant_and_every_requirement_is_judged() {
    let workplace = Workplace::new();
    let ended = workplace.run(&["run"]).expect_code(0);
    assert!(ended.verdict_line().starts_with("conformant: "), "{}", ended.stdout);
    assert_eq!(ended.stderr, "");

    let results = workplace.results();
    let judged: Vec<_> = ["pass", "observed"].iter().flat_map(|verdict| requirements(&results, verdict)).collect();
    let mut expected = catalogue::ids();
    expected.retain(|id| !judged.contains(id));
    assert_eq!(expected, [""; 0], "these were neither passed nor observed");
    for verdict in ["fail", "warn", "skip", "inconclusive"] {
        assert_eq!(requirements(&results, verdict), [""; 0], "{verdict}");
    }
    assert_eq!(results["verdict"], "conformant");
}

#[test]
fn every_scenario_passes_and_no_snapshot_is_merely_recorded() {
    let workplace = Workplace::new();
    let ended = workplace.run(&["run"]).expect_code(0);
    assert!(!ended.stdout.contains("recorded:"), "{}", ended.stdout);
    let results = workplace.results();
    for scenario in results["scenarios"].as_array().expect("scenarios are listed") {
        assert_eq!(scenario["verdict"], "passed", "{}", scenario["id"]);
        assert!(scenario["steps"].as_array().is_some_and(|steps| steps.len() > 1), "{}", scenario["id"]);
        assert!(scenario["exchanges"].as_array().is_some_and(|exchanges| !exchanges.is_empty()), "{}", scenario["id"]);
    }
}

#[test]
fn results_are_what_their_schema_says() {
    let workplace = Workplace::new();
    for arguments in [&["run"][..], &["run", "--fault", "one-time-reusable"]] {
        let ended = workplace.run(arguments);
        assert!(matches!(ended.code, Some(0 | 1)), "{ended:?}");
        let results = workplace.results();
        let problems: Vec<String> = schema().iter_errors(&results).map(|problem| problem.to_string()).collect();
        assert_eq!(problems, [""; 0], "{arguments:?}");
    }
}

fn schema() -> jsonschema::Validator {
    let text = fs::read_to_string(Path::new(REPOSITORY).join("schemas/results-v1.schema.json")).expect("it is there");
    let schema: Value = serde_json::from_str(&text).expect("it is JSON");
    let options = jsonschema::options().should_validate_formats(true).should_ignore_unknown_formats(false);
    options.build(&schema).expect("it is a schema")
}

#[test]
fn junit_has_a_test_case_for_every_scenario_and_is_red_when_the_verdict_is() {
    let workplace = Workplace::new();
    for (arguments, code) in [(&["run"][..], 0), (&["run", "--fault", "one-time-reusable"], 1)] {
        workplace.run(arguments).expect_code(code);
        let report = junit(&workplace);
        let results = workplace.results();
        assert_eq!(Some(report.tests), results["scenarios"].as_array().map(Vec::len));
        assert_eq!(report.failures > 0, code == 1, "{} failures", report.failures);
        assert_eq!(report.errors, results["counts"]["scenarios"]["inconclusive"]);
        let judges =
            |case: &quick_junit::TestCase| case.system_out.as_ref().is_some_and(|out| out.contains(" judges "));
        assert!(report.test_suites.iter().flat_map(|suite| &suite.test_cases).all(judges));
    }
}

fn junit(workplace: &Workplace) -> quick_junit::Report {
    let text = fs::read_to_string(workplace.path("reports/junit.xml")).expect("there is a report");
    quick_junit::Report::deserialize_from_str(&text).expect("it is JUnit's XML")
}

#[test]
fn an_answer_that_differs_from_its_snapshot_fails_and_the_difference_is_shown() {
    let own = "Feature: Own\n  @ISSUE-6\n  Scenario: A refusal is no token answer\n    When the user logs in with a wrong password\n    \
               Then the answer matches the snapshot \"token answer\"\n";
    let workplace = Workplace::new().with_file("own/snapshot.feature", own);
    let ended = workplace.run(&["run", "--features", "own", "--requirement", "ISSUE-6"]).expect_code(1);
    assert_eq!(requirements(&workplace.results(), "fail"), ["ISSUE-6"]);
    for line in ["-    \"accessToken\": \"[access token]\",\n", "-  \"status\": 200\n", "+  \"status\": 401\n"] {
        assert!(ended.stdout.contains(line), "no {line:?} in\n{}", ended.stdout);
    }
}

/// Another call of the API, and a schema for its answer.
const OTHER_CALL: &str = r#"Feature: Own
  @SHOP-1
  Scenario: The list of accounts
    Given a new login of the user
    When the access token is used for GET "/accounts?limit=1"
    Then every answer is 200
    And the answer matches the schema "accounts"
    When the access token is used for POST "/no-such-call" with the JSON '{"symbol": "EURUSD"}'
    Then every answer is 404
"#;

#[test]
fn own_features_make_other_calls_and_bring_their_schemas() {
    let own = "[[requirement]]\nid = \"SHOP-1\"\nlevel = \"must\"\nstatement = \"Accounts have owners.\"\nsource = \"Team\"\n";
    let schema = r#"{ "type": "array", "items": { "type": "object", "required": ["owner"] } }"#;
    let run = ["run", "--features", "own", "--requirement", "SHOP-1"];
    let workplace = Workplace::new().with_file("own/requirements.toml", own).with_file("own/a.feature", OTHER_CALL);
    let ended = workplace.run(&run).expect_code(2);
    assert!(ended.stderr.contains("own/a.feature:7: there is no schema \"accounts\""), "{}", ended.stderr);

    let workplace = workplace.with_file("own/schemas/accounts.schema.json", schema);
    workplace.run(&run).expect_code(0);
    let workplace = workplace.with_file("own/schemas/accounts.schema.json", &schema.replace("owner", "balance"));
    let ended = workplace.run(&run).expect_code(1);
    assert!(ended.stdout.contains("\"balance\" is a required property"), "{}", ended.stdout);

    let workplace =
        workplace.with_file("own/a.feature", &OTHER_CALL.replace("\"/accounts", "\"//other.example/accounts"));
    let ended = workplace.run(&run).expect_code(2);
    assert!(ended.stderr.contains("is no path below the base URL"), "{}", ended.stderr);
}

#[test]
fn editors_get_the_sentences_and_every_value_of_their_parameters() {
    let workplace = Workplace::new().with_file(".vscode/settings.json", r#"{ "editor.tabSize": 2 }"#);
    workplace.run(&["list", "--editor", "."]).expect_code(0);
    let read = |name| fs::read_to_string(workplace.path(name)).expect("it is written");
    let settings: Value = serde_json::from_str(&read(".vscode/settings.json")).expect("it is JSON");
    assert_eq!(settings["editor.tabSize"], 2);
    let types = settings["cucumber.parameterTypes"].as_array().expect("they are a list");
    let sentences = read(".vscode/bo-conformance-steps.js");
    for name in ["user", "token", "method"] {
        assert!(types.iter().any(|kind| kind["name"] == name), "{name}: {types:?}");
    }
    assert!(sentences.contains("When(\"{user} logs in with {password}\", () => {});"), "{sentences}");
}

#[test]
fn own_features_judge_own_requirements() {
    let own = "[[requirement]]\nid = \"SHOP-1\"\nlevel = \"must\"\nstatement = \"A login is answered with 200.\"\nsource = \"Team\"\n";
    let feature =
        "Feature: Own\n  @SHOP-1\n  Scenario: A login\n    When the user logs in\n    Then every answer is 200\n";
    let run = ["run", "--features", "own", "--requirement", "SHOP-1"];
    let workplace = Workplace::new().with_file("own/requirements.toml", own).with_file("own/a.feature", feature);
    workplace.run(&run).expect_code(0);
    assert_eq!(requirements(&workplace.results(), "pass"), ["SHOP-1"]);
    let listed = workplace.run(&["list", "--features", "own", "--requirement", "SHOP-1"]).expect_code(0);
    assert!(listed.stdout.contains("A login is answered with 200."), "{}", listed.stdout);

    let workplace = workplace.with_file("own/a.feature", &feature.replace("200", "201"));
    workplace.run(&run).expect_code(1);
    assert_eq!(requirements(&workplace.results(), "fail"), ["SHOP-1"]);

    let workplace = workplace.with_file("own/requirements.toml", &own.replace("must", "maybe"));
    let ended = workplace.run(&run).expect_code(2);
    assert!(ended.stderr.contains("own/requirements.toml:3:9: unknown variant `maybe`"), "{}", ended.stderr);
}
