//! A baseline as operators use it: recorded before an upgrade, compared after it, reviewed, accepted; on the stand-in and on a
//! server of another project.

use std::{collections::BTreeMap, fs, path::Path};

use crate::support::{
    Workplace,
    bo_server::{BoServer, LOGIN, NO_WAITING, PASSWORD, SECOND_LOGIN},
    files_below,
};
use regex::Regex;

/// Every file of a baseline but the latency, which is never the same twice.
fn recorded(folder: &Path) -> BTreeMap<String, String> {
    let snapshots = files_below(folder).into_iter().filter(|file| file.extension().is_some_and(|it| it == "snap"));
    snapshots
        .map(|file| {
            (file.file_name().expect("it has a name").display().to_string(), fs::read_to_string(&file).expect("text"))
        })
        .collect()
}

fn on_stand_in() -> Workplace {
    let workplace = Workplace::new();
    workplace.run(&["baseline", "record"]).expect_code(0);
    workplace
}

/// The classes that a comparison counted, as `breaking notable compatible`.
fn counts(stdout: &str) -> Option<[usize; 3]> {
    let pattern =
        Regex::new("([0-9]+) breaking, ([0-9]+) notable, ([0-9]+) compatible differences").expect("a pattern");
    let found = pattern.captures(stdout)?;
    Some([1, 2, 3].map(|at| found[at].parse().expect("it is a number")))
}

/// The worst class that a comparison found.
fn worst(stdout: &str) -> &'static str {
    match counts(stdout) {
        None => "none",
        Some([0, 0, _]) => "compatible",
        Some([0, ..]) => "notable",
        Some(_) => "breaking",
    }
}

#[test]
fn identical_servers_give_no_difference_at_any_concurrency_and_identical_files() {
    let workplace = on_stand_in();
    let first = recorded(&workplace.path("baselines/stand-in"));
    assert!(first.len() > 15 && workplace.path("baselines/stand-in/latency.json").exists());
    for (repetition, concurrency) in ["1", "3", "8", "50"].iter().cycle().take(8).enumerate() {
        let ended = workplace.run(&["baseline", "compare", "--concurrency", concurrency]).expect_code(0);
        assert!(ended.stdout.contains(": no difference in "), "{repetition}, {concurrency}: {}", ended.stdout);
    }
    workplace.run(&["baseline", "record", "--replace", "--concurrency", "50"]).expect_code(0);
    assert_eq!(recorded(&workplace.path("baselines/stand-in")), first);
}

#[test]
fn a_server_in_another_language_gives_no_difference_to_itself_after_a_restart() {
    let server = BoServer::start(&[]);
    let workplace = server.workplace(NO_WAITING);
    workplace.run(&["baseline", "record", "--target", "foreign"]).expect_code(0);
    let folder = workplace.path("baselines/foreign");
    let first = recorded(&folder);
    let port = Regex::new("127\\.0\\.0\\.1|:[0-9]{4,5}\\b|20[0-9]{2}-[0-9]{2}-[0-9]{2}").expect("it is a pattern");
    for (file, text) in &first {
        for secret in [PASSWORD, LOGIN, SECOND_LOGIN] {
            assert!(!text.contains(secret), "{file} reveals {secret}");
        }
        assert!(!port.is_match(text) && !text.contains('#'), "{file} has an address, a date or a number of a token");
    }
    let again = BoServer::start(&[]);
    let elsewhere = again.workplace(NO_WAITING);
    let folder = folder.to_str().expect("it is UTF-8");
    for (repetition, concurrency) in ["1", "3", "8", "50"].iter().cycle().take(8).enumerate() {
        let compare =
            ["baseline", "compare", "--target", "foreign", "--baseline", folder, "--concurrency", concurrency];
        let ended = elsewhere.run(&compare).expect_code(0);
        assert!(ended.stdout.contains(": no difference in "), "{repetition}, {concurrency}: {}", ended.stdout);
    }
    workplace.run(&["baseline", "record", "--target", "foreign", "--replace"]).expect_code(0);
    assert_eq!(recorded(Path::new(folder)), first);
}

#[test]
fn an_upgrade_of_a_server_in_another_language_is_classed_by_what_clients_notice() {
    let before = BoServer::start(&[]);
    let recording = before.workplace(NO_WAITING);
    recording.run(&["baseline", "record", "--target", "foreign"]).expect_code(0);
    let folder = recording.path("baselines/foreign");
    let folder = folder.to_str().expect("it is UTF-8");
    for (options, class) in [
        (["--defect", "lifetime-as-text"], "breaking"),
        (["--defect", "case-blind-password"], "breaking"),
        (["--defect", "made-up-token-403"], "breaking"),
        (["--freedom", "no-refresh-lifetime"], "breaking"),
        (["--freedom", "no-cache-headers"], "notable"),
        (["--freedom", "other-statuses"], "notable"),
        (["--freedom", "error-array"], "notable"),
        (["--freedom", "no-rotation"], "notable"),
        (["--freedom", "charset"], "compatible"),
        (["--freedom", "session-cookie"], "compatible"),
        (["--freedom", "error-trace"], "compatible"),
        (["--freedom", "base64-tokens"], "compatible"),
        (["--freedom", "chunked"], "none"),
        (["--freedom", "lowercase-headers"], "none"),
    ] {
        let upgraded = BoServer::start(&options);
        let elsewhere = upgraded.workplace(NO_WAITING);
        let ended = elsewhere.run(&["baseline", "compare", "--target", "foreign", "--baseline", folder]);
        assert_eq!(worst(&ended.stdout), class, "{options:?}: {}{}", ended.stdout, ended.stderr);
        assert_eq!(ended.code, Some(i32::from(class == "breaking")), "{options:?}: {}", ended.stderr);
        let results = elsewhere.results();
        assert_eq!(results["drift"]["differences"].as_array().is_some_and(Vec::is_empty), class == "none");
    }
}

#[test]
fn a_reviewer_reads_in_the_folder_what_changed_and_accepts_it_by_name() {
    let workplace = on_stand_in();
    let folder = workplace.path("baselines/stand-in");
    let before = recorded(&folder);
    workplace.run(&["baseline", "compare", "--fault", "issue-cache-public"]).expect_code(0);
    workplace.run(&["baseline", "compare", "--fault", "issue-cache-public", "--fail-on", "notable"]).expect_code(1);
    assert_eq!(recorded(&folder), before, "nothing is taken over by itself");
    let ended = workplace.run(&["baseline", "accept", "issue-token-answer"]).expect_code(0);
    assert!(ended.stdout.starts_with("accepted issue-token-answer\n"), "{}", ended.stdout);
    let after = recorded(&folder);
    let changed: Vec<&String> = before.keys().filter(|name| before[*name] != after[*name]).collect();
    assert_eq!(changed, ["issue-token-answer.snap"]);
    let lines = |text: &str| text.lines().map(|line| line.trim().to_owned()).collect::<Vec<_>>();
    let (old, new) = (lines(&before["issue-token-answer.snap"]), lines(&after["issue-token-answer.snap"]));
    assert_eq!(old.len(), new.len(), "one fact a line");
    let pairs = old.iter().zip(&new).filter(|(old, new)| old != new);
    for (old, new) in pairs {
        let change = (old.trim_end_matches(','), new.trim_end_matches(','));
        let expected = [
            ("\"header cache-control\": \"no-store\"", "\"header cache-control\": \"max-age=60, public\""),
            ("\"verdict\": \"kept\"", "\"verdict\": \"recommendation not followed\""),
        ];
        assert!(expected.contains(&change), "{change:?}");
    }
    workplace.run(&["baseline", "accept"]).expect_code(0);
    let again = workplace.run(&["baseline", "compare", "--fault", "issue-cache-public", "--fail-on", "compatible"]);
    assert!(again.expect_code(0).stdout.contains(": no difference in "));
    assert_eq!(
        workplace.run(&["baseline", "accept"]).expect_code(0).stdout,
        "nothing waits to be accepted in baselines/stand-in\n"
    );
}

#[test]
fn no_variable_of_insta_makes_a_difference_pass() {
    let workplace = on_stand_in()
        .with_variable("INSTA_FORCE_PASS", "1")
        .with_variable("INSTA_UPDATE", "always")
        .with_variable("INSTA_WORKSPACE_ROOT", "/");
    let before = recorded(&workplace.path("baselines/stand-in"));
    workplace.run(&["baseline", "compare", "--fault", "issue-status-201"]).expect_code(1);
    assert_eq!(recorded(&workplace.path("baselines/stand-in")), before);
}

#[test]
fn two_recordings_are_compared_without_a_server() {
    let workplace = on_stand_in();
    workplace.run(&["run", "--reports", "friday"]).expect_code(0);
    workplace.run(&["run", "--reports", "saturday", "--fault", "one-time-reusable"]).expect_code(1);
    let (friday, saturday) = ("friday/results.json", "saturday/results.json");
    let same = workplace.run(&["baseline", "compare", "baselines/stand-in", friday]).expect_code(0);
    assert!(same.stdout.contains("compared with baselines/stand-in: no difference in "), "{}", same.stdout);
    for before in ["baselines/stand-in", friday] {
        let changed = workplace.run(&["baseline", "compare", before, saturday]).expect_code(1);
        assert!(
            changed.stdout.contains("BREAKING  verdict: a promise of the contract is broken"),
            "{}",
            changed.stdout
        );
        assert!(changed.stdout.contains("OTT-2"), "{}", changed.stdout);
    }
    // A violation that is gone after the upgrade is no breaking change.
    let repaired = workplace.run(&["baseline", "compare", saturday, friday, "--fail-on", "notable"]);
    assert!(repaired.stdout.contains("COMPATIBLE  verdict: what was not kept is kept now"), "{}", repaired.stdout);
}

#[test]
fn a_run_tells_in_every_report_what_changed_and_fails_on_what_breaks() {
    let workplace = on_stand_in();
    let run = ["run", "--baseline", "baselines/stand-in"];
    let ended = workplace.run(&run).expect_code(0);
    assert!(ended.stdout.contains("compared with baselines/stand-in: no difference in "), "{}", ended.stdout);
    let upgraded = [&run[..], &["--fault", "answer-refresh-lifetime-untold"]].concat();
    let ended = workplace.run(&upgraded).expect_code(1);
    assert!(ended.verdict_line().starts_with("conformant: "), "{}", ended.stdout);
    assert!(ended.stdout.contains("BREAKING  body /refreshTokenLifeTime"), "{}", ended.stdout);
    let read = |file: &str| fs::read_to_string(workplace.path(file)).expect("it is written");
    assert!(read("reports/summary.md").contains("### Since the baseline"));
    assert!(read("reports/report.html").contains("<h2 id=\"drift\">Since the baseline</h2>"));
    let first = &workplace.results()["drift"]["differences"][0];
    assert_eq!(
        (first["class"].as_str(), first["requirements"].as_array().map(Vec::is_empty)),
        (Some("breaking"), Some(false))
    );
}

#[test]
fn what_was_not_judged_is_said_and_no_difference() {
    let workplace = on_stand_in();
    let ended = workplace.run(&["baseline", "compare", "--requirement", "ISSUE-1"]).expect_code(0);
    assert!(ended.stdout.contains(" recorded, but not judged this time: "), "{}", ended.stdout);
    assert!(ended.stdout.contains(": no difference in "), "{}", ended.stdout);
    let narrow = Workplace::new();
    narrow.run(&["baseline", "record", "--requirement", "ISSUE-1"]).expect_code(0);
    let nothing = narrow.run(&["baseline", "compare", "--requirement", "OTT-2", "--baseline", "baselines/stand-in"]);
    assert!(nothing.stdout.contains(" judged, but not recorded before: "), "{}", nothing.stdout);
}

#[test]
fn a_server_that_is_not_there_is_neither_recorded_nor_compared() {
    let workplace = BoServer::start(&[]).workplace(NO_WAITING);
    let ended = workplace.run(&["baseline", "record", "--target", "foreign"]).expect_code(3);
    assert!(ended.stderr.contains("error: "), "{}", ended.stderr);
    assert!(!workplace.path("baselines").exists());
}

#[test]
fn mistakes_say_what_to_do_instead() {
    let workplace = on_stand_in();
    for (arguments, said) in [
        (
            &["baseline", "record"][..],
            "error: baselines/stand-in has a baseline already; compare with it, or record it anew with --replace\n",
        ),
        (
            &["baseline", "compare", "--baseline", "none"],
            "error: none has no baseline; make one with `bo-conformance baseline record`\n",
        ),
        (
            &["run", "--baseline", "none"],
            "error: none has no baseline; make one with `bo-conformance baseline record`\n",
        ),
        (
            &["baseline", "compare", "baselines/stand-in", "gone.json"],
            "error: gone.json cannot be read: No such file or directory (os error 2)\n",
        ),
    ] {
        assert_eq!(workplace.run(arguments).expect_code(2).stderr, said, "{arguments:?}");
    }
    workplace.run(&["baseline", "compare", "--fault", "issue-status-201"]).expect_code(1);
    let unknown = workplace.run(&["baseline", "accept", "issue-tokens"]).expect_code(2).stderr;
    assert!(unknown.starts_with("error: no pending snapshot is called issue-tokens; pending are: "), "{unknown}");
    let file = workplace.path("baselines/stand-in/server.snap");
    fs::write(&file, "---\ndescription: x\n---\n{\n  \"servers\": {}\n}\n").expect("it can be written");
    let spoilt = workplace.run(&["baseline", "compare"]).expect_code(2).stderr;
    let begins = "error: baselines/stand-in/server.snap: line 5, column 11: unknown field `servers`";
    assert!(spoilt.starts_with(begins), "{spoilt}");
}
