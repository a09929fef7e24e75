//! The configuration as a whole: a file, an environment and flags on one side, a target or a message on the other.

use std::time::Duration;

use clap::{Command, FromArgMatches as _};

use super::*;

const STAGING: &str = r#"
[targets.staging]
base_url = "https://bo.staging.example:8443/proftrading/rest/swagger-ui.html#"
login = "qa-certifier"
password = { env = "BO_PASSWORD" }
"#;

/// What a user has set up.
struct Given {
    file: String,
    variables: Vec<(&'static str, &'static str)>,
    flags: Vec<&'static str>,
    target: Option<&'static str>,
}

impl Given {
    /// The plain staging target, with these lines below it.
    fn staging(lines: &str) -> Self {
        Self {
            file: format!("{STAGING}{lines}"),
            variables: vec![("BO_PASSWORD", "hunter2")],
            flags: Vec::new(),
            target: Some("staging"),
        }
    }

    fn nothing() -> Self {
        Self {
            file: String::new(),
            variables: Vec::new(),
            flags: Vec::new(),
            target: None,
        }
    }

    fn file(file: &str) -> Self {
        Self {
            file: file.to_owned(),
            ..Self::nothing()
        }
    }

    fn config(&self) -> Result<Config, ConfigError> {
        let document = Document::parse("bo.toml".as_ref(), &self.file)?;
        Config::new(
            (!self.file.is_empty()).then_some(document),
            Environment::of(&self.variables),
        )
    }

    async fn resolve(&self) -> Result<Option<Resolved>, ConfigError> {
        let command = <Overrides as clap::Args>::augment_args(Command::new("test").no_binary_name(true));
        let matches = command
            .try_get_matches_from(&self.flags)
            .expect("flags that clap takes");
        let overrides = Overrides::from_arg_matches(&matches).expect("flags that clap takes");
        self.config()?
            .target(self.target, &overrides, &["REFRESH-1", "REFRESH-9", "OTT-2"])
            .await
    }

    async fn target(&self) -> Target {
        self.resolve()
            .await
            .expect("a good configuration")
            .expect("a target")
            .target
    }

    async fn problem(&self) -> String {
        self.resolve()
            .await
            .map(|_| ())
            .expect_err("something is wrong with it")
            .to_string()
    }
}

#[tokio::test]
async fn a_short_file_is_enough() {
    let resolved = Given::staging("")
        .resolve()
        .await
        .expect("a good configuration")
        .expect("a target");
    assert_eq!(resolved.name, "staging");
    assert_eq!((resolved.one_time, resolved.waivers), (None, Vec::new()));
    let target = resolved.target;
    assert_eq!(
        target.base_url.as_str(),
        "https://bo.staging.example:8443/proftrading/rest"
    );
    assert_eq!(
        (target.user.login.as_str(), target.user.password.expose()),
        ("qa-certifier", "hunter2")
    );
    assert_eq!(
        (target.pace.per_second.map(u32::from), target.pace.burst.get()),
        (Some(4), 8)
    );
    assert_eq!(
        (target.margin, target.max_wait),
        (Duration::from_millis(1_500), Duration::from_secs(120))
    );
    assert_eq!(target.network.request_timeout, Duration::from_secs(10));
    assert_eq!(target.short_lifetimes, None);
}

#[tokio::test]
async fn the_template_is_a_good_configuration_with_and_without_its_comments() {
    let given = Given {
        file: TEMPLATE.to_owned(),
        ..Given::staging("")
    };
    assert_eq!(given.target().await.user.login, "qa-certifier");

    let uncomment = |line: &str| match line.strip_prefix("# ") {
        Some(code) if code.starts_with('[') || code.contains(" = ") => code.trim_start_matches("# ").to_owned(),
        _ => line.to_owned(),
    };
    let whole: Vec<_> = TEMPLATE.lines().map(uncomment).collect();
    let document = Document::parse("bo.toml".as_ref(), &whole.join("\n")).expect("no unknown key and no slip");
    let staging = &document.targets["staging"];
    for key in keys::KEYS.iter().filter(|key| !key.path.contains("password.")) {
        assert!(
            staging.settings.contains_key(key.path),
            "the template explains {}",
            key.path
        );
    }
    assert_eq!((document.top.len(), staging.waivers.len()), (keys::TOP.len(), 1));
}

#[tokio::test]
async fn every_value_of_the_file_reaches_the_target() {
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
    .target()
    .await;
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

#[tokio::test]
async fn flags_and_variables_override_the_file() {
    let given = Given {
        variables: vec![
            ("BO_PASSWORD", "old"),
            ("BO_CONFORMANCE_PASSWORD", "new"),
            ("BO_CONFORMANCE_MAX_WAIT", "3s"),
        ],
        flags: vec![
            "--max-wait",
            "7s",
            "--dialect",
            "access_token=/t",
            "--short-lifetimes",
            "5s,9s,6s",
        ],
        ..Given::staging("max_wait = '1s'\nallow_settings_change = true\nshort_lifetimes.access = '4s'")
    };
    let target = given.target().await;
    assert_eq!(target.max_wait, Duration::from_secs(7));
    assert_eq!(target.user.password.expose(), "new");
    assert_eq!(target.dialect.access_token.to_string(), "/t");
    assert_eq!(
        target.short_lifetimes.map(|short| short.access),
        Some(Duration::from_secs(5))
    );
}

#[tokio::test]
async fn a_target_needs_no_file() {
    let by_flags = Given {
        variables: vec![("PW", "hunter2")],
        flags: vec![
            "--base-url",
            "http://127.0.0.1:8080/rest",
            "--login",
            "qa",
            "--password-env",
            "PW",
        ],
        ..Given::nothing()
    };
    let resolved = by_flags.resolve().await.expect("good flags").expect("a target");
    assert_eq!(
        (resolved.name.as_str(), resolved.target.user.login.as_str()),
        ("127.0.0.1:8080", "qa")
    );

    let by_variables = Given {
        variables: vec![
            ("BO_CONFORMANCE_BASE_URL", "https://bo.example/rest"),
            ("BO_CONFORMANCE_LOGIN", "qa"),
            ("BO_CONFORMANCE_PASSWORD", "hunter2"),
        ],
        ..Given::nothing()
    };
    assert_eq!(by_variables.target().await.base_url.as_str(), "https://bo.example/rest");
}

#[tokio::test]
async fn without_any_target_the_stand_in_is_meant() {
    let given = Given {
        target: None,
        ..Given::staging("")
    };
    assert!(given.resolve().await.expect("a good configuration").is_none());
    let default = Given {
        file: format!("default_target = 'staging'\n{STAGING}"),
        ..given
    };
    assert_eq!(
        default
            .resolve()
            .await
            .expect("a good configuration")
            .expect("a target")
            .name,
        "staging"
    );
    let flag = Given {
        flags: vec!["--max-wait", "5s"],
        ..Given::nothing()
    };
    let expected = "--max-wait describes a target, and none is chosen; add --target NAME or --base-url URL";
    assert_eq!(flag.problem().await, expected);
}

#[tokio::test]
async fn flags_with_a_base_url_never_send_the_password_of_the_default_target() {
    let given = Given {
        file: format!("default_target = 'staging'\n{STAGING}"),
        flags: vec!["--base-url", "https://elsewhere.example/rest", "--login", "qa"],
        target: None,
        ..Given::staging("")
    };
    assert_eq!(
        given.problem().await,
        "the target of the flags: `password` is missing; give --password-env VARIABLE or set BO_CONFORMANCE_PASSWORD_ENV"
    );
}

#[tokio::test]
async fn a_target_that_does_not_exist_is_answered_with_those_that_do() {
    let file = format!("{STAGING}[targets.live]\n");
    let given = |target| Given {
        target: Some(target),
        ..Given::file(&file)
    };
    assert_eq!(
        given("stagging").problem().await,
        "there is no target `stagging` in bo.toml; did you mean `staging`? its targets are live, staging"
    );
    let expected = "there is no target `demo` in bo.toml; its targets are live, staging";
    assert_eq!(given("demo").problem().await, expected);
    let without_file = Given {
        target: Some("demo"),
        ..Given::nothing()
    }
    .problem()
    .await;
    assert!(
        without_file.starts_with("target `demo` is wanted, but there is no bo-conformance.toml in /")
            && without_file.ends_with(
                "nor in a folder above it; name it with --config FILE, write one with `bo-conformance init`, or describe \
                 the target with --base-url and --login"
            ),
        "{without_file}"
    );
}

#[tokio::test]
async fn no_toml_is_shown_with_line_and_caret() {
    let expected = "bo.toml:2:12: extra value\n  |\n2 | login = qa staging\n";
    let problem = Given::file("[targets.staging]\nlogin = qa staging\n").problem().await;
    assert!(problem.starts_with("bo.toml:2:"), "{problem}\n{expected}");
    assert!(problem.contains("\n2 | login = qa staging\n  |         ^"), "{problem}");
}

#[tokio::test]
async fn unknown_keys_are_found_at_every_level() {
    for (lines, expected) in [
        (
            "brust = 8",
            "bo.toml:6:1: unknown key `brust` in [targets.staging]; did you mean `burst`?\n  |\n6 | brust = 8\n  | ^^^^^",
        ),
        (
            "dialect.acess_token = '/t'",
            "bo.toml:6:9: unknown key `acess_token` in [targets.staging.dialect]; did you mean `access_token`?\n  |\n6 | \
             dialect.acess_token = '/t'\n  |         ^^^^^^^^^^^",
        ),
        (
            "ott = { comand = ['x'] }",
            "bo.toml:6:9: unknown key `comand` in [targets.staging.ott]; did you mean `command`?\n  |\n6 | ott = { comand = \
             ['x'] }\n  |         ^^^^^^",
        ),
        (
            "second_user.password.envv = 'X'",
            "bo.toml:6:22: unknown key `envv` in [targets.staging.second_user.password]; did you mean `env`?",
        ),
        (
            "[[targets.staging.waivers]]\nreasn = 'x'",
            "bo.toml:7:1: unknown key `reasn` in [[targets.staging.waivers]]; did you mean `reason`?\n  |\n7 | reasn = 'x'\n  \
             | ^^^^^",
        ),
        (
            "[short]\nx = 1",
            "bo.toml:6:2: unknown key `short` in the top of the file; known are default_target, profile, reports, \
             targets\n  |\n6 | [short]\n  |  ^^^^^",
        ),
    ] {
        assert_eq!(Given::staging(lines).problem().await, expected);
    }
}

#[tokio::test]
async fn values_of_the_wrong_kind_say_what_is_wanted() {
    for (line, expected) in [
        (
            "burst = '8'",
            "bo.toml:6:9: `burst` wants a whole number without quotes, and this is a string\n  |\n6 | burst = '8'\n  |         ^^^",
        ),
        (
            "burst = 0",
            "bo.toml:6:9: `burst` wants a whole number from 1 to 200, and this is 0\n  |\n6 | burst = 0\n  |         ^",
        ),
        (
            "max_wait = 90",
            "bo.toml:6:12: `max_wait` has no unit; write \"90s\" for seconds, or \"90ms\" for milliseconds\n  |\n6 | max_wait = 90\n  |            ^^",
        ),
        (
            "margin = '0s'",
            "bo.toml:6:10: `margin` must be longer than nothing, and `0s` is not\n  |\n6 | margin = '0s'\n  |          ^^^^",
        ),
        (
            "probe = 'accounts'",
            "bo.toml:6:9: `probe` wants a path below the base URL that begins with a slash, like \"/accounts?limit=1\", and this is `accounts`\n  |\n6 | probe = 'accounts'\n  |         ^^^^^^^^^^",
        ),
        (
            "probe = '/a'\nprobe_login = 'owner'",
            "bo.toml:7:15: `probe_login` cannot be used: `owner` is not a JSON pointer; it begins with a slash, like `/accessToken` or `/0/owner`\n  |\n7 | probe_login = 'owner'\n  |               ^^^^^^^",
        ),
        (
            "short_lifetimes.access = '3s'",
            "bo.toml:6:26: `short_lifetimes.access` must be longer than twice the margin of 1500 ms, to be tried on both sides of its end; make it longer or lower `margin`\n  |\n6 | short_lifetimes.access = '3s'\n  |                          ^^^^",
        ),
        (
            "short_lifetimes.ott = '4500ms'",
            "bo.toml:6:23: `short_lifetimes.ott` wants whole seconds, as lifetimes are set in seconds\n  |\n6 | short_lifetimes.ott = '4500ms'\n  |                       ^^^^^^^^",
        ),
        (
            "ott = 'mint'",
            "bo.toml:6:7: `ott` in [targets.staging] is a table; write `ott = { command = [\"./mint-ott\", \"{login}\"] }`\n  |\n6 | ott = 'mint'\n  |       ^^^^^^",
        ),
        (
            "dialect.refresh_header = 'my token'",
            "bo.toml:6:26: `dialect.refresh_header` wants the name of a request header, like \"token\", and this is `my token`\n  |\n6 | dialect.refresh_header = 'my token'\n  |                          ^^^^^^^^^^",
        ),
        (
            "proxy = 'http://me:pw@proxy'",
            "bo.toml:6:9: `proxy` wants a URL like \"http://proxy.example:3128\", without a login or password in it",
        ),
    ] {
        assert_eq!(Given::staging(line).problem().await, expected);
    }
}

#[tokio::test]
async fn a_bad_value_from_outside_names_the_flag_or_the_variable() {
    let flag = Given {
        flags: vec!["--burst", "many"],
        ..Given::staging("")
    };
    assert_eq!(
        flag.problem().await,
        "--burst: `burst` wants a whole number from 1 to 200, and this is `many`"
    );
    let mut variable = Given::staging("");
    variable.variables.push(("BO_CONFORMANCE_BASE_URL", "bo.example"));
    assert_eq!(
        variable.problem().await,
        "environment variable BO_CONFORMANCE_BASE_URL: `base_url` cannot be used: `bo.example` is not a URL; write it \
         like https://HOST:8443/proftrading/rest"
    );
}

#[tokio::test]
async fn a_password_in_the_file_is_refused_and_not_shown() {
    let advice = "a password does not belong in the file; write `password = { env = \"BO_PASSWORD\" }` and set that \
                  variable, or `password = { file = \"…\" }`, or `password = { command = [\"…\"] }`";
    let inline = Given::file("[targets.staging]\npassword = 'hunter2'");
    assert_eq!(inline.problem().await, format!("bo.toml:2:12: {advice}"));
    let second = Given::file("[targets.staging.second_user]\npassword = 'hunter2'");
    assert_eq!(second.problem().await, format!("bo.toml:2:12: {advice}"));
    for slip in [
        "password = hunter2",
        "pasword = 'hunter2'",
        "password = { env = 'X', hunter2 }",
        "password = 'hunter2",
    ] {
        let problem = Given::file(&format!("[targets.staging]\n{slip}")).problem().await;
        assert!(!problem.contains("hunter2") || slip.contains(", hunter2"), "{problem}");
    }
}

#[tokio::test]
async fn a_password_that_cannot_be_had_says_where_it_was_looked_for() {
    let unset = Given {
        variables: Vec::new(),
        ..Given::staging("")
    };
    assert_eq!(
        unset.problem().await,
        "bo.toml:5:20: the password is looked for in the environment variable BO_PASSWORD, which is not set; set it with \
         `export BO_PASSWORD=…`"
    );
    let command = Given {
        flags: vec!["--password-command", "false"],
        ..Given::staging("")
    };
    assert_eq!(
        command.problem().await,
        "--password-command: the password command gave no password: `false` failed (exit status: 1)"
    );
    let file = Given {
        flags: vec!["--password-file", "/no/such/file"],
        ..Given::staging("")
    };
    let problem = file.problem().await;
    let expected = "--password-file: the password file /no/such/file cannot be read: No such file";
    assert!(problem.starts_with(expected), "{problem}");
    let printed = Given {
        flags: vec!["--password-command", "echo swordfish"],
        ..Given::staging("")
    };
    assert_eq!(printed.target().await.user.password.expose(), "swordfish");
}

#[tokio::test]
async fn what_is_missing_or_does_not_go_together_is_said() {
    for (lines, expected) in [
        (
            "probe_login = '/0/owner'",
            "target `staging`: `probe` is missing; write `probe = \"/accounts?limit=1\"` in [targets.staging] of bo.toml, \
             or give --probe PATH or set BO_CONFORMANCE_PROBE",
        ),
        (
            "ott.login = 'trader1'",
            "target `staging`: `ott.command` is missing; write `command = [\"./mint-ott\", \"{login}\"]` in \
             [targets.staging.ott] of bo.toml, or give --ott-command COMMAND or set BO_CONFORMANCE_OTT_COMMAND",
        ),
        (
            "ott = { file = 'tokens', listen = '127.0.0.1:0', login = 'trader1' }",
            "bo.toml:6:33: both `ott.file` and `ott.listen` are given; keep one of them",
        ),
        (
            "ott = { file = 'tokens', login = 'trader1', second_login = 'trader2' }",
            "bo.toml:6:60: with `ott.second_login` the source must know whose token is wanted; put {login} into \
             `ott.file`, where the login is to stand",
        ),
        (
            "second_user = { login = 'qa-certifier', password = { env = 'BO_PASSWORD' } }",
            "bo.toml:6:25: `second_user.login` is the login of the first user; name another user or leave it out",
        ),
        (
            "ca_certificate = '/dev/null'",
            "bo.toml:6:18: `ca_certificate` names /dev/null, which cannot be used: there is no `-----BEGIN \
             CERTIFICATE-----` in it; give a PEM file",
        ),
    ] {
        assert_eq!(Given::staging(lines).problem().await, expected);
    }
}

#[tokio::test]
async fn waivers_are_read_and_held_to_the_catalogue() {
    let waiver = |requirement: &str, expires: &str| {
        Given::staging(&format!(
            "[[targets.staging.waivers]]\nrequirement = '{requirement}'\nreason = 'later'\nowner = 'auth'\n{expires}"
        ))
    };
    let good = waiver("REFRESH-9", "expires = 2027-03-31")
        .resolve()
        .await
        .expect("good")
        .expect("a target");
    assert_eq!(
        good.waivers,
        [Waiver {
            requirement: "REFRESH-9".to_owned(),
            reason: "later".to_owned(),
            owner: "auth".to_owned(),
            expires: jiff::civil::date(2027, 3, 31),
        }]
    );
    let quoted = waiver("REFRESH-9", "expires = '2027-03-31'").problem().await;
    let expected = "bo.toml:10:11: `expires` wants a date without quotes, like 2027-03-31, and this is a string";
    assert!(quoted.starts_with(expected), "{quoted}");
    let unknown = waiver("refresh-99", "expires = 2027-03-31").problem().await;
    let expected = "bo.toml:7:15: there is no requirement `refresh-99`; did you mean `REFRESH-9`? `bo-conformance list` \
                    shows them all\n  |\n7 | requirement = 'refresh-99'\n  |               ^^^^^^^^^^^^";
    assert_eq!(unknown, expected);
    let missing = waiver("REFRESH-9", "").problem().await;
    let expected = "bo.toml:6:1: a waiver of target `staging`: `expires` is missing; a waiver has requirement, reason, \
                    owner, expires, like `expires = 2027-03-31`";
    assert_eq!(missing, expected);
}

#[test]
fn profile_and_reports_come_from_environment_or_file() {
    let given = |variables| {
        Given {
            variables,
            ..Given::file("profile = 'hardened'\nreports = 'out'")
        }
        .config()
    };
    let file = given(Vec::new()).expect("a good file");
    assert_eq!(file.profile().expect("a profile"), Some(Profile::Hardened));
    assert_eq!(file.reports().expect("a path"), Some(PathBuf::from("out")));
    let variable = given(vec![("BO_CONFORMANCE_PROFILE", "strict")]).expect("a good file");
    assert_eq!(
        variable.profile().expect_err("there is no such profile").to_string(),
        "environment variable BO_CONFORMANCE_PROFILE: `profile` wants \"documented\" or \"hardened\", and this is `strict`"
    );
}
