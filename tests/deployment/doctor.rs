//! `doctor` reports what the server offers, what can be judged and what a run will cost; a run costs about that.

use crate::support::{
    Workplace,
    bo_server::{BoServer, SECOND_LOGIN, SECOND_PASSWORD, workplace_for},
};

/// A target with everything that a run can use.
fn complete_target(server: &BoServer) -> Workplace {
    workplace_for(&server.base_url)
        .with_replaced("/accounts?limit=1\"", "/accounts?limit=1\"\nprobe_login = \"/0/owner\"")
        .with_lines(&server.one_time_source(4))
        .with_lines(&format!(
            "second_user = {{ login = \"{SECOND_LOGIN}\", password = {{ file = \"second.password\" }} }}"
        ))
        .with_file("second.password", SECOND_PASSWORD)
}

/// The number before these words.
fn number(text: &str, words: &str) -> f64 {
    let before = text.split(words).next().expect("there is something before");
    let number = before.rsplit(|c: char| !c.is_ascii_digit() && c != '.').find(|part| !part.is_empty());
    number.and_then(|number| number.parse().ok()).unwrap_or_else(|| panic!("no number before {words}: {text}"))
}

#[test]
fn without_a_target_the_stand_in_is_inspected() {
    let run = Workplace::new().run(&["doctor"]).expect_code(0);
    assert!(run.stdout.contains("99 requirements can be judged, 0 cannot"), "{}", run.stdout);
}

#[test]
fn findings_are_listed_with_advice_on_what_is_missing() {
    let server = BoServer::start(&["--access-lifetime", "300", "--refresh-lifetime", "3600"]);
    let run = workplace_for(&server.base_url).run(&["doctor"]).expect_code(0);
    for finding in [
        "connection        127.0.0.1:",
        "login             qa-certifier: answered 200\n",
        "lifetimes         access token 5 min, refresh token 60 min\n",
        "probe             /accounts?limit=1 is answered 200 with an access token, 401 without\n",
        "refresh           answered 200 with a pair\n",
        "one-time tokens   no source is configured\n",
        "settings          lifetimes are not changed\n",
        "clock             as here\n",
        "software          server: foreign-bo/1\n",
        "  EXPIRY-4\n    a refresh token lives 3600 s, and `max_wait` is 120 s: raise it, or set ",
        "  REFRESH-15\n    no second user is configured: add `[targets.NAME.second_user]`",
    ] {
        assert!(run.stdout.contains(finding), "{finding}\nis not in\n{}", run.stdout);
    }
}

#[test]
fn an_inspection_takes_few_requests_and_changes_nothing() {
    let server = BoServer::start(&[]);
    let workplace = complete_target(&server)
        .with_replaced("requests_per_second = 0", "requests_per_second = 0\nallow_settings_change = true");
    let before = server.statistics();
    workplace.run(&["doctor"]).expect_code(0);
    let after = server.statistics();
    assert_eq!(after["lifetimes"], before["lifetimes"]);
    let requests =
        after["requests"].as_u64().expect("they are counted") - before["requests"].as_u64().expect("they are");
    assert!((3..=5).contains(&requests), "{requests} requests");
}

#[test]
fn lifetimes_that_are_not_given_are_chosen_from_the_pace() {
    let server = BoServer::start(&["--access-lifetime", "300", "--refresh-lifetime", "3600", "--ott-lifetime", "30"]);
    let doctor = |lines: &str| {
        let lines = format!("allow_settings_change = true\n{lines}");
        let workplace = complete_target(&server).with_replaced("requests_per_second = 0", &lines);
        workplace.run(&["doctor"]).expect_code(0).stdout
    };
    let chosen = doctor("requests_per_second = 4");
    assert!(chosen.contains("it sets the lifetimes to 35 s, 70 s"), "{chosen}");
    assert!(!chosen.contains("log in for every call"), "{chosen}");
    let short = "short_lifetimes = { access = \"6s\", refresh = \"12s\", ott = \"10s\" }";
    // Fast enough for a hundred uses within 6 s.
    let given = doctor(&format!("requests_per_second = 40\n{short}"));
    assert!(given.contains("it sets the lifetimes to 6 s, 12 s and 10 s"), "{given}");
    assert!(given.contains("other clients of the server log in for every call"), "{given}");
    // At a request a second a token of 6 s would end before a scenario has used it.
    let slow = doctor(&format!("requests_per_second = 1\n{short}"));
    assert!(slow.contains("instead of `short_lifetimes`"), "{slow}");
}

#[test]
fn a_run_costs_about_the_estimate() {
    let server = BoServer::start(&[]);
    let workplace = complete_target(&server);
    let estimate = workplace.run(&["doctor"]).expect_code(0).stdout;
    workplace.run(&["run"]).expect_code(0);
    let traffic = workplace.results()["traffic"].clone();
    for (words, counted) in [(" requests (", "requests"), (" failed logins", "failedLogins")] {
        let (estimated, counted) = (number(&estimate, words), traffic[counted].as_f64().expect("it is counted"));
        assert!((estimated - counted).abs() <= counted / 20.0, "estimated{words}: {estimated}, counted: {counted}");
    }
    let (_, wait) = estimate.rsplit_once("longest single wait").expect("it is estimated");
    let (wait, waited) = (number(wait, " s"), traffic["waitedMs"].as_f64().expect("it is counted") / 1000.0);
    // Waits overlap; what begins later on a busy machine ends later.
    assert!((wait * 0.9..wait * 2.0).contains(&waited), "estimated {wait} s, waited {waited} s");
}

#[test]
fn a_wrong_configuration_is_reported_after_the_findings() {
    let server = BoServer::start(&[]);
    let run = workplace_for(&server.base_url)
        .with_variable("FIRST_PASSWORD", "no-such-password")
        .run(&["doctor"])
        .expect_code(3);
    assert!(run.stdout.contains("login             qa-certifier: answered 401\n"), "{}", run.stdout);
    assert!(
        run.stderr.starts_with("\nno run can start: the server refuses the login `qa-certifier`"),
        "{}",
        run.stderr
    );
    let mistake = workplace_for(&server.base_url).with_replaced("login = \"qa-certifier\"", "logn = \"qa-certifier\"");
    mistake.run(&["doctor"]).expect_code(2);
}
