//! What a run prints for people and for CI services.

use std::fs;

use serde_json::Value;

use crate::support::Workplace;

/// Breaks one requirement; only that one is run.
const FAILING: [&str; 5] = ["run", "--fault", "one-time-reusable", "--requirement", "OTT-2"];

fn with(options: &[&'static str]) -> Vec<&'static str> {
    FAILING.iter().chain(options).copied().collect()
}

#[test]
fn the_end_of_a_run_names_what_is_broken_the_report_and_the_verdict() {
    let ended = Workplace::new().run(&with(&["--quiet"])).expect_code(1);
    let lines: Vec<&str> = ended.stdout.lines().collect();
    assert!(lines.len() <= 10, "{}", ended.stdout);
    assert_eq!(lines[0], "1 requirement broken");
    assert!(lines[1].starts_with("  OTT-2 "), "{}", ended.stdout);
    assert!(lines.contains(&"report  reports/report.html"), "{}", ended.stdout);
    assert!(lines.contains(&"a part only: requirement OTT-2"), "{}", ended.stdout);
    assert!(ended.verdict_line().starts_with("not conformant: "), "{}", ended.stdout);
}

#[test]
fn colours_are_as_the_user_chooses() {
    let always = Workplace::new().run(&with(&["--color", "always"])).expect_code(1);
    assert!(always.stdout.contains("\u{1b}[31m"), "{}", always.stdout);
    let never = Workplace::new().with_variable("CLICOLOR_FORCE", "1").run(&with(&["--color", "never"])).expect_code(1);
    assert!(!never.stdout.contains('\u{1b}'), "{}", never.stdout);
}

#[test]
fn ci_services_get_annotations_at_the_scenario_which_list_prints() {
    let workplace = Workplace::new().with_variable("GITHUB_ACTIONS", "true").with_variable("GITLAB_CI", "true");
    let ended = workplace.run(&FAILING).expect_code(1);
    let annotation = ended.stdout.lines().find(|line| line.starts_with("::error file=")).expect("there is one");
    let file = fs::read_to_string(workplace.path("reports/gl-code-quality-report.json")).expect("it is written");
    let findings: Value = serde_json::from_str(&file).expect("it is JSON");
    let (path, line) = (&findings[0]["location"]["path"], &findings[0]["location"]["lines"]["begin"]);
    let path = path.as_str().expect("it is a path");
    assert!(annotation.starts_with(&format!("::error file={path},line={line},title=OTT-2::")), "{annotation}");

    let shown = workplace.run(&["list", "--scenario", &format!("{path}:{line}")]).expect_code(0);
    assert!(shown.stdout.contains("\nScenario: ") && shown.stdout.contains("\n  Then "), "{}", shown.stdout);
}

#[cfg(unix)]
#[test]
fn the_report_opens_in_the_browser_where_asked_for() {
    use std::{os::unix::fs::PermissionsExt as _, thread, time::Duration};

    let workplace =
        Workplace::new().with_file("bin/xdg-open", "#!/bin/sh\necho \"$1\" > opened.part && mv opened.part opened\n");
    let browser = workplace.path("bin/xdg-open");
    fs::set_permissions(&browser, fs::Permissions::from_mode(0o755)).expect("it is ours");
    let search = format!("{}:/usr/bin:/bin", workplace.path("bin").display());
    let workplace = workplace.with_variable("PATH", &search);
    workplace.run(&with(&["--open"])).expect_code(1);
    // The program does not wait for the browser.
    let opened = (0..100).find_map(|_| {
        thread::sleep(Duration::from_millis(50));
        fs::read_to_string(workplace.path("opened")).ok()
    });
    let report = workplace.path("reports/report.html");
    assert_eq!(opened.expect("the browser is started").trim_end(), report.display().to_string());

    let without = workplace.with_variable("PATH", "/nowhere").run(&with(&["--open"])).expect_code(1);
    assert!(without.stderr.contains("open reports/report.html yourself"), "{}", without.stderr);
}
