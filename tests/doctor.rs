//! `doctor` says what is there, what can be judged, and what a run will cost; and a run costs about that.

mod deployment;
mod program;

use std::{fs, path::Path};

use deployment::Certifier;
use program::{REPOSITORY, foreign::Running};
use serde_json::Value;

fn everything(server: &Running) -> Certifier {
    let mint = Path::new(REPOSITORY).join("tests/foreign/mint_ott.py").display().to_string();
    Certifier::of(&server.base_url).but("/accounts?limit=1\"", "/accounts?limit=1\"\nprobe_login = \"/0/owner\"").with(
        &format!(
            "[targets.t.second_user]\nlogin = \"bob\"\npassword = {{ env = \"BOB\" }}\n[targets.t.ott]\n\
         command = [\"python3\", \"{mint}\", \"{}\", \"{{login}}\"]\nlogin = \"alice\"\nsecond_login = \"bob\"\n\
         lifetime = \"4s\"",
            server.base_url
        ),
    )
}

/// The number before these words.
fn number(text: &str, words: &str) -> f64 {
    let before = text.split(words).next().expect("there is something before");
    let number = before.rsplit(|c: char| !c.is_ascii_digit() && c != '.').find(|part| !part.is_empty());
    number.and_then(|number| number.parse().ok()).unwrap_or_else(|| panic!("no number before {words}: {text}"))
}

#[test]
fn without_a_target_the_stand_in_is_looked_at() {
    let ended = Certifier::of("http://127.0.0.1:1").but("default_target = \"t\"", "").runs(&["doctor"]);
    assert_eq!(ended.code, Some(0), "{}", ended.err);
    assert!(ended.out.contains("79 requirements can be judged, 0 cannot"), "{}", ended.out);
}

#[test]
fn findings_are_told_and_what_is_missing_comes_with_advice() {
    let server = deployment::start(&["--access-lifetime", "300", "--refresh-lifetime", "3600"]);
    let ended = Certifier::of(&server.base_url).runs(&["doctor"]);
    assert_eq!(ended.code, Some(0), "{}", ended.err);
    for finding in [
        "connection        127.0.0.1:",
        "login             alice: answered 200\n",
        "lifetimes         access token 5 min, refresh token 60 min\n",
        "probe             /accounts?limit=1 is answered 200 with an access token, 401 without\n",
        "one-time tokens   no source is configured\n",
        "settings          lifetimes are not changed\n",
        "clock             as here\n",
        "software          server: foreign-bo/1\n",
        "  EXPIRY-4\n    a refresh token lives 3600 s, and `max_wait` is 120 s: raise it, or set ",
        "  REFRESH-15\n    there is no second user: add `[targets.NAME.second_user]`",
    ] {
        assert!(ended.out.contains(finding), "{finding}\nis not in\n{}", ended.out);
    }
}

#[test]
fn a_look_costs_few_requests_and_changes_nothing() {
    let server = deployment::start(&[]);
    let certifier =
        everything(&server).but("requests_per_second = 0", "requests_per_second = 0\nallow_settings_change = true");
    let before = stats(&server);
    let ended = certifier.runs(&["doctor"]);
    assert_eq!(ended.code, Some(0), "{}", ended.err);
    let after = stats(&server);
    assert_eq!(after["lifetimes"], before["lifetimes"]);
    let requests =
        after["requests"].as_u64().expect("they are counted") - before["requests"].as_u64().expect("they are");
    assert!((3..=5).contains(&requests), "{requests} requests");
}

fn stats(server: &Running) -> Value {
    let output = std::process::Command::new("python3")
        .args(["-c", "import sys, urllib.request as r; print(r.urlopen(sys.argv[1]).read().decode())"])
        .arg(format!("{}/_stats", server.base_url))
        .output()
        .expect("python3 is there");
    serde_json::from_slice(&output.stdout).expect("it answers JSON")
}

#[test]
fn a_run_costs_about_what_was_said() {
    let server = deployment::start(&[]);
    let certifier = everything(&server);
    let said = certifier.runs(&["doctor"]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    let ran = certifier.runs(&["run"]);
    assert_eq!(ran.code, Some(0), "{}{}", ran.out, ran.err);
    let results = fs::read_to_string(certifier.folder.path().join("reports/results.json")).expect("there are results");
    let traffic = serde_json::from_str::<Value>(&results).expect("they are JSON")["traffic"].clone();
    for (words, counted) in [(" requests (", "requests"), (" failed logins", "failedLogins")] {
        let (said, counted) = (number(&said.out, words), traffic[counted].as_f64().expect("it is counted"));
        assert!((said - counted).abs() <= counted / 20.0, "said{words}: {said}, counted: {counted}");
    }
    let (_, wait) = said.out.rsplit_once("longest single wait").expect("it is told");
    let (wait, waited) = (number(wait, " s"), traffic["waitedMs"].as_f64().expect("it is counted") / 1000.0);
    // Waits overlap; what begins later on a busy machine ends later.
    assert!((wait * 0.9..wait * 2.0).contains(&waited), "said {wait} s, waited {waited} s");
}

#[test]
fn a_wrong_configuration_is_told_after_what_was_found() {
    let server = deployment::start(&[]);
    let ended = Certifier::of(&server.base_url).but("env = \"ALICE\"", "env = \"WRONG\"").runs(&["doctor"]);
    assert_eq!(ended.code, Some(3));
    assert!(ended.out.contains("login             alice: answered 401\n"), "{}", ended.out);
    assert!(ended.err.starts_with("\nno run can start: the server refuses the login `alice`"), "{}", ended.err);
    let mistake = Certifier::of(&server.base_url).but("login = \"alice\"", "logn = \"alice\"").runs(&["doctor"]);
    assert_eq!(mistake.code, Some(2), "{}", mistake.err);
}
