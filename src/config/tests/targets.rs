//! Valid configurations and their targets.

use std::{path::PathBuf, time::Duration};

use super::given::{Given, STAGING};
use crate::{
    config::{document::ConfigDocument, keys, render_template},
    results::Profile,
};

#[test]
fn three_keys_make_a_target() {
    let resolved = Given::staging("").resolve().expect("a good configuration").expect("a target");
    assert_eq!(resolved.name, "staging");
    assert!(resolved.one_time.is_none() && resolved.waivers.is_empty());
    let target = resolved.target;
    assert_eq!(target.base_url.as_str(), "https://bo.staging.example:8443/proftrading/rest");
    assert_eq!((target.user.login.as_str(), target.user.password.expose()), ("qa-certifier", "hunter2"));
    assert_eq!((target.pace.per_second, target.pace.burst.get()), (Some(4.0), 8));
    assert_eq!((target.margin, target.max_wait), (Duration::from_millis(1_500), Duration::from_secs(120)));
    assert_eq!(target.network.request_timeout, Duration::from_secs(10));
    assert_eq!(target.short_lifetimes, None);
    assert_eq!(target.refresh_grace, Duration::ZERO);
}

#[test]
fn a_grace_of_spent_refresh_tokens_is_declared_or_none() {
    for (grace, seconds) in [("0s", 0), ("60s", 60), ("1m", 60), ("500ms", 0)] {
        let target = Given::staging(&format!("refresh_grace = '{grace}'")).target();
        assert_eq!(target.refresh_grace.as_secs(), seconds, "{grace}");
    }
}

#[test]
fn the_template_is_valid_with_and_without_its_comments() {
    let given = Given { file: render_template(), ..Given::staging("") };
    assert_eq!(given.target().user.login, "qa-certifier");

    let uncomment = |line: &str| match line.strip_prefix("# ") {
        Some(code) if code.starts_with('[') || code.contains(" = ") => code.trim_start_matches("# ").to_owned(),
        _ => line.to_owned(),
    };
    let whole: Vec<_> = render_template().lines().map(uncomment).collect();
    let document =
        ConfigDocument::parse("bo.toml".as_ref(), "".as_ref(), &whole.join("\n")).expect("no unknown key and no slip");
    let staging = &document.targets["staging"];
    for key in keys::TARGET.iter().filter(|key| !key.path.contains("password.")) {
        assert!(staging.settings.contains_key(key.path), "the template explains {}", key.path);
    }
    assert_eq!((document.top.len(), staging.waivers.len()), (keys::TOP.len(), 1));
}

#[test]
fn every_value_of_the_file_reaches_the_target() {
    let target = Given {
        variables: vec![("BO_PASSWORD", "hunter2"), ("BO_PASSWORD_2", "hunter3")],
        ..Given::staging(
            r#"
            probe = "/accounts?limit=1"
            probe_login = "/0/owner"
            requests_per_second = 0
            max_wait = "90s"
            margin = "500ms"
            request_timeout = "3s"
            allow_settings_change = true
            short_lifetimes = { access = "2s", refresh = "5s", ott = "3s" }
            insecure_tls = true
            proxy = "http://proxy.example:3128"
            second_user = { login = "qa-second", password = { env = "BO_PASSWORD_2" } }
            dialect = { access_token = "/data/token", error_code = "/error/code", refresh_header = "X-Refresh" }
            [targets.staging.ott]
            command = ["mint", "{login}"]
            login = "trader1"
            second_login = "trader2"
            lifetime = "30s"
            "#,
        )
    }
    .target();
    let shown = format!("{target:#?}");
    for expected in [
        "path: \"/accounts?limit=1\"",
        "per_second: None,\n        burst: 20",
        "max_wait: 90s",
        "margin: 500ms",
        "access: 2s,\n            refresh: 5s,\n            one_time: 3s",
        "request_timeout: 3s",
        "insecure_tls: true",
        "\"http://proxy.example:3128\"",
        "login: \"qa-second\",\n            password: ‹secret›",
        "access_token: Pointer(\n            \"/data/token\"",
        "refresh_token: Pointer(\n            \"/refreshToken\"",
        "\"/error/code\"",
        "refresh_header: \"X-Refresh\"",
        "second_login: Some(\n                \"trader2\"",
        "lifetime: Some(\n                30s",
        "\"/0/owner\"",
    ] {
        assert!(shown.contains(expected), "{expected} is not in {shown}");
    }
}

#[test]
fn flags_and_variables_override_the_file() {
    let given = Given {
        variables: vec![("BO_PASSWORD", "old"), ("BO_CONFORMANCE_PASSWORD", "new"), ("BO_CONFORMANCE_MAX_WAIT", "3s")],
        flags: vec!["--max-wait", "7s", "--dialect", "access_token=/t", "--short-lifetimes", "5s,9s,6s"],
        ..Given::staging("max_wait = '1s'\nallow_settings_change = true\nshort_lifetimes.access = '4s'")
    };
    let target = given.target();
    assert_eq!(target.max_wait, Duration::from_secs(7));
    assert_eq!(target.user.password.expose(), "new");
    assert_eq!(target.dialect.access_token.to_string(), "/t");
    assert_eq!(target.short_lifetimes.map(|short| short.access), Some(Duration::from_secs(5)));
}

#[test]
fn flags_or_variables_alone_describe_a_target() {
    let by_flags = Given {
        variables: vec![("PW", "hunter2")],
        flags: vec!["--base-url", "http://127.0.0.1:8080/rest", "--login", "qa", "--password-env", "PW"],
        ..Given::nothing()
    };
    let resolved = by_flags.resolve().expect("good flags").expect("a target");
    assert_eq!((resolved.name.as_str(), resolved.target.user.login.as_str()), ("127.0.0.1:8080", "qa"));

    let by_variables = Given {
        variables: vec![
            ("BO_CONFORMANCE_BASE_URL", "https://bo.example/rest"),
            ("BO_CONFORMANCE_LOGIN", "qa"),
            ("BO_CONFORMANCE_PASSWORD", "hunter2"),
        ],
        ..Given::nothing()
    };
    assert_eq!(by_variables.target().base_url.as_str(), "https://bo.example/rest");
}

#[test]
fn the_stand_in_is_selected_only_where_the_file_names_no_target() {
    assert!(Given::nothing().resolve().expect("a good configuration").is_none());
    let given = Given { target: None, ..Given::staging("") };
    let name = |given: &Given| given.resolve().expect("a good configuration").expect("a target").name;
    assert_eq!(name(&given), "staging", "it is the only one");
    let second = STAGING.replace("targets.staging", "targets.second");
    let several = Given { file: format!("{STAGING}{second}"), ..given };
    let expected = "bo.toml names several targets and none is selected; add --target with one of second, staging, set \
                    `default_target`, or add --stand-in for the embedded stand-in";
    assert_eq!(several.problem(), expected);
    let default = Given { file: format!("default_target = 'second'\n{STAGING}{second}"), ..several };
    assert_eq!(name(&default), "second");
    let flag = Given { flags: vec!["--max-wait", "5s"], ..Given::nothing() };
    let expected = "--max-wait describes a target, but none is selected; add --target NAME or --base-url URL";
    assert_eq!(flag.problem(), expected);
}

#[test]
fn profile_and_reports_come_from_environment_or_file() {
    let given = |variables| Given { variables, ..Given::file("profile = 'hardened'\nreports = 'out'") }.config();
    let file = given(Vec::new()).expect("a good file");
    assert_eq!(file.profile().expect("a profile"), Some(Profile::Hardened));
    assert_eq!(file.reports().expect("a path"), Some(PathBuf::from("out")));
    let variable = given(vec![("BO_CONFORMANCE_PROFILE", "strict")]).expect("a good file");
    assert_eq!(
        variable.profile().expect_err("there is no such profile").to_string(),
        "environment variable BO_CONFORMANCE_PROFILE: `profile` must be \"documented\" or \"hardened\" (got `strict`)"
    );
}
