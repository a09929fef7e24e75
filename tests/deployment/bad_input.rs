//! Mistakes of users, each with its exact message: where, what, and what to do next.

use crate::support::{ProgramRun, Workplace};

const CONFIGURATION: &str =
    "[targets.staging]\nbase_url = \"https://bo.example/rest\"\nlogin = \"qa\"\npassword = { env = \"BO_PASSWORD\" }\n";

fn staging() -> Workplace {
    Workplace::new().with_file("bo-conformance.toml", CONFIGURATION)
}

/// Runs with an own feature.
fn with_feature(text: &str) -> ProgramRun {
    Workplace::new().with_file("own/a.feature", text).run(&["run", "--features", "own"])
}

/// A feature whose only scenario has these lines.
fn scenario(tag: &str, lines: &str) -> ProgramRun {
    with_feature(&format!("Feature: Own\n\n  {tag}\n  Scenario: Mine\n{lines}"))
}

#[track_caller]
fn assert_error(run: ProgramRun, message: &str) {
    let run = run.expect_code(2);
    assert_eq!((run.stdout.as_str(), run.stderr.as_str()), ("", format!("error: {message}\n").as_str()));
}

#[test]
fn a_target_that_is_not_configured() {
    assert_error(
        staging().run(&["run", "--target", "stagging"]),
        "unknown target `stagging` in bo-conformance.toml; did you mean `staging`? its targets are staging",
    );
}

#[test]
fn a_target_without_any_configuration() {
    assert_error(
        Workplace::new().run(&["run", "--target", "staging"]),
        "target `staging` is not known: no bo-conformance.toml in HERE nor in a folder above it; name it with \
         --config FILE, write one with `bo-conformance init`, or describe the target with --base-url and --login",
    );
}

#[test]
fn a_configuration_file_that_is_not_there() {
    assert_error(
        Workplace::new().run(&["run", "--config", "live.toml"]),
        "cannot find the configuration file `live.toml`; check the path, or write one with `bo-conformance init`",
    );
}

#[test]
fn an_unknown_key() {
    let workplace = Workplace::new().with_file("bo-conformance.toml", &format!("{CONFIGURATION}max_wiat = \"2m\"\n"));
    assert_error(
        workplace.run(&["run", "--target", "staging"]),
        "bo-conformance.toml:5:1: unknown key `max_wiat` in [targets.staging]; did you mean `max_wait`?\n  |\n\
         5 | max_wiat = \"2m\"\n  | ^^^^^^^^",
    );
}

#[test]
fn a_password_that_is_not_set() {
    assert_error(
        staging().run(&["run", "--target", "staging"]),
        "bo-conformance.toml:4:20: the environment variable BO_PASSWORD with the password is not set; set it \
         with `export BO_PASSWORD=…`",
    );
}

#[test]
fn a_password_in_the_file() {
    let configuration = CONFIGURATION.replace("{ env = \"BO_PASSWORD\" }", "\"Canary-4711\"");
    let ended = Workplace::new().with_file("bo-conformance.toml", &configuration).run(&["run", "--target", "staging"]);
    assert!(!ended.stderr.contains("Canary"), "{}", ended.stderr);
    assert_error(
        ended,
        "bo-conformance.toml:4:12: a password does not belong in the file; write `password = { env = \
         \"BO_PASSWORD\" }` and set that variable, or `password = { file = \"…\" }`, or `password = { command = [\"…\"] }`",
    );
}

#[test]
fn a_file_without_gherkin() {
    assert_error(
        scenario("@ISSUE-1", "    When the user logs in\n    Than every answer is 200\n"),
        "own/a.feature:6: not Gherkin: a Feature, Rule, Scenario, step or table row cannot begin with `Than every \
         answer is 200`",
    );
}

#[test]
fn a_scenario_that_is_only_description() {
    assert_error(
        with_feature("Feature: Own\n\n  Scenariu: Mine\n    When the user logs in\n    Then every answer is 200\n"),
        "own/a.feature:1: `Scenariu: Mine` is description; did you mean `Scenario:`?\nown/a.feature:1: the feature \"Own\" has \
         no scenarios",
    );
}

#[test]
fn an_undefined_step() {
    assert_error(
        scenario("@ISSUE-1", "    When the user loggs in\n    Then every answer is 200\n"),
        "own/a.feature:5: undefined step: no definition matches `When the user loggs in`; did you mean `When {user} logs in`?",
    );
}

#[test]
fn a_scenario_without_steps() {
    assert_error(scenario("@ISSUE-1", ""), "own/a.feature:4: the scenario \"Mine\" has no steps");
}

#[test]
fn a_scenario_that_checks_nothing() {
    assert_error(
        scenario("@ISSUE-1", "    When the user logs in\n"),
        "own/a.feature:4: the scenario \"Mine\" checks nothing: it has no Then",
    );
}

#[test]
fn a_first_step_that_is_only_description() {
    assert_error(
        scenario(
            "@ISSUE-1",
            "    Givn a new login of the user\n    When the user logs in\n    Then every answer is 200\n",
        ),
        "own/a.feature:4: `Givn a new login of the user` is description, not a step; did you mean `Given`?",
    );
}

#[test]
fn an_argument_that_no_step_takes() {
    let doc_string =
        "    When the user logs in\n      \"\"\"\n      text\n      \"\"\"\n    Then every answer is 200\n";
    let data_table = "    When the user logs in\n    Then every answer is 200\n      | a |\n";
    assert_error(
        scenario("@ISSUE-1", doc_string),
        "own/a.feature:5: `When the user logs in`: argument: this step takes no doc string; remove it",
    );
    assert_error(
        scenario("@ISSUE-1", data_table),
        "own/a.feature:6: `Then every answer is 200`: argument: this step takes no data table; remove it",
    );
    assert_error(
        with_feature(
            "Feature: Own\n\n  @ISSUE-1\n  Scenario Outline: Mine\n    When the user logs in\n    Then every answer is <status>\n\n    \
             Examples:\n      | status | note |\n      | 200    | a    |\n",
        ),
        "own/a.feature:8: argument: no step of \"Mine\" uses the column `note` of these examples",
    );
}

#[test]
fn an_outline_without_rows() {
    assert_error(
        with_feature(
            "Feature: Own\n\n  @ISSUE-1\n  Scenario Outline: Mine\n    When the user logs in\n    Then every answer is <status>\n\n    \
             Examples:\n      | status |\n",
        ),
        "own/a.feature:4: the outline \"Mine\" has no rows\nown/a.feature:8: these examples of \"Mine\" have no rows",
    );
}

#[test]
fn a_tag_of_no_requirement() {
    assert_error(
        scenario("@ISSUE1", "    When the user logs in\n    Then every answer is 200\n"),
        "own/a.feature:4: @ISSUE1 is not in the catalogue; did you mean @ISSUE-1?\nown/a.feature:4: the scenario \
         \"Mine\" carries no requirement id",
    );
}

#[test]
fn a_folder_without_features() {
    assert_error(
        Workplace::new().with_file("own/README.md", "").run(&["run", "--features", "own"]),
        "own: this folder has no .feature file",
    );
    assert_error(
        Workplace::new().run(&["run", "--features", "own"]),
        "own: cannot be read: No such file or directory (os error 2)",
    );
}

#[test]
fn a_requirement_that_does_not_exist() {
    assert_error(
        Workplace::new().run(&["run", "--requirement", "OTT2"]),
        "--requirement OTT2: unknown requirement, did you mean OTT-2?; `bo-conformance list` shows all",
    );
}

#[test]
fn an_invalid_tag_expression() {
    assert_error(
        Workplace::new().run(&["run", "--tags", "@ISSUE-1 andd @should"]),
        "--tags \"@ISSUE-1 andd @should\": not a tag expression at column 13: expected \"(\" or \"@\" or \"not\"; write it \
         like \"@OTT-2 or (@should and not @alone)\"",
    );
}

#[test]
fn an_empty_selection_exits_3() {
    for command in ["run", "list"] {
        let ended = Workplace::new().run(&[command, "--tags", "@ISSUE-1 and @OTT-2"]).expect_code(3);
        let message = "error: the selection matches no scenario (--tags \"@ISSUE-1 and @OTT-2\"); `bo-conformance list` shows \
                       what there is\n";
        assert_eq!((ended.stdout.as_str(), ended.stderr.as_str()), ("", message));
    }
}

#[test]
fn a_reports_folder_that_cannot_be_written() {
    let workplace = Workplace::new().with_file("taken", "a file");
    assert_error(
        workplace.run(&["run", "--reports", "taken"]),
        "reports cannot be written into taken: File exists (os error 17); choose another folder with --reports",
    );
}

#[test]
fn a_fault_that_does_not_exist() {
    assert_error(
        Workplace::new().run(&["run", "--fault", "one-time-reusabl"]),
        "the stand-in has no variation `one-time-reusabl`; the nearest is `one-time-reusable`",
    );
}

#[test]
fn a_command_or_a_flag_that_does_not_exist() {
    for (arguments, hint) in [(&["runn"][..], "'run'"), (&["run", "--reqirement", "OTT-2"], "'--requirement'")] {
        let ended = Workplace::new().run(arguments).expect_code(2);
        assert_eq!(ended.stdout, "");
        assert!(ended.stderr.contains(hint), "{}", ended.stderr);
    }
}

#[test]
fn mistakes_are_found_before_anything_is_run_or_written() {
    let workplace = Workplace::new().with_file("own/a.feature", "Feature: Own\n");
    workplace.run(&["run", "--features", "own", "--requirement", "OTT2"]).expect_code(2);
    assert!(!workplace.path("reports").exists());
}
