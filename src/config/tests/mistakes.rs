//! Mistakes in the configuration, with their messages.

use super::given::{Given, STAGING};

#[test]
fn an_unknown_target_is_answered_with_the_known_ones() {
    let file = format!("{STAGING}[targets.live]\n");
    let given = |target| Given { target: Some(target), ..Given::file(&file) };
    assert_eq!(
        given("stagging").problem(),
        "unknown target `stagging` in bo.toml; did you mean `staging`? its targets are live, staging"
    );
    let expected = "unknown target `demo` in bo.toml; its targets are live, staging";
    assert_eq!(given("demo").problem(), expected);
    let without_file = Given { target: Some("demo"), ..Given::nothing() }.problem();
    assert!(
        without_file.starts_with("target `demo` is not known: no bo-conformance.toml in /")
            && without_file.ends_with(
                "nor in a folder above it; name it with --config FILE, write one with `bo-conformance init`, or describe \
                 the target with --base-url and --login"
            ),
        "{without_file}"
    );
}

#[test]
fn a_syntax_error_has_its_line_and_a_caret() {
    assert_eq!(
        Given::file("[targets.staging]\nlogin = qa staging\n").problem(),
        "bo.toml:2:9: string values must be quoted, expected literal string\n  |\n2 | login = qa staging\n  |         ^^^^^^^^^^"
    );
    assert_eq!(
        Given::file("[targets.staging]\nlogin = 'a'\nlogin = 'b'\n").problem(),
        "bo.toml:3:1: duplicate key\n  |\n3 | login = 'b'\n  | ^^^^^"
    );
}

#[test]
fn unknown_keys_are_refused_at_every_level() {
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
            "bo.toml:6:2: unknown key `short` at the top of the file; known are default_target, profile, reports, journal, \
             targets\n  |\n6 | [short]\n  |  ^^^^^",
        ),
    ] {
        assert_eq!(Given::staging(lines).problem(), expected);
    }
}

#[test]
fn values_of_another_type_are_answered_with_the_right_one() {
    for (line, expected) in [
        (
            "burst = '8'",
            "bo.toml:6:9: `burst` must be a whole number without quotes (got a string)\n  |\n6 | burst = '8'\n  |         ^^^",
        ),
        (
            "burst = 0",
            "bo.toml:6:9: `burst` must be a whole number from 1 to 200 (got 0)\n  |\n6 | burst = 0\n  |         ^",
        ),
        (
            "max_wait = 90",
            "bo.toml:6:12: `max_wait` has no unit; write \"90s\" for seconds, or \"90ms\" for milliseconds\n  |\n6 | max_wait = 90\n  |            ^^",
        ),
        (
            "margin = '0s'",
            "bo.toml:6:10: `margin` must be greater than zero (got `0s`)\n  |\n6 | margin = '0s'\n  |          ^^^^",
        ),
        (
            "refresh_grace = '61s'",
            "bo.toml:6:17: `refresh_grace` must be at most 60s, as a longer grace takes a waiver of REFRESH-9 (got `61s`)\n  |\n6 | refresh_grace = '61s'\n  |                 ^^^^^",
        ),
        (
            "probe = 'accounts'",
            "bo.toml:6:9: `probe` must be a path below the base URL that begins with a slash, like \"/accounts?limit=1\" (got `accounts`)\n  |\n6 | probe = 'accounts'\n  |         ^^^^^^^^^^",
        ),
        (
            "probe = '/a'\nprobe_login = 'owner'",
            "bo.toml:7:15: `probe_login` cannot be used: `owner` is not a JSON pointer; it begins with a slash, like `/accessToken` or `/0/owner`\n  |\n7 | probe_login = 'owner'\n  |               ^^^^^^^",
        ),
        (
            "short_lifetimes.access = '3s'",
            "bo.toml:6:26: `short_lifetimes.access` must be longer than twice the margin of 1500 ms, so that both sides of its end can be tried; make it longer or lower `margin`\n  |\n6 | short_lifetimes.access = '3s'\n  |                          ^^^^",
        ),
        (
            "short_lifetimes.ott = '4500ms'",
            "bo.toml:6:23: `short_lifetimes.ott` must be in whole seconds, the unit in which servers take lifetimes\n  |\n6 | short_lifetimes.ott = '4500ms'\n  |                       ^^^^^^^^",
        ),
        (
            "ott = 'mint'",
            "bo.toml:6:7: `ott` in [targets.staging] is a table; write `ott = { command = [\"./mint-ott\", \"{login}\"] }`\n  |\n6 | ott = 'mint'\n  |       ^^^^^^",
        ),
        (
            "dialect.refresh_header = 'my token'",
            "bo.toml:6:26: `dialect.refresh_header` must be the name of a request header, like \"token\" (got `my token`)\n  |\n6 | dialect.refresh_header = 'my token'\n  |                          ^^^^^^^^^^",
        ),
        (
            "proxy = 'http://me:pw@proxy'",
            "bo.toml:6:9: `proxy` must be a URL like \"http://proxy.example:3128\", without a login or password in it; those go into `proxy_login`",
        ),
    ] {
        assert_eq!(Given::staging(line).problem(), expected);
    }
}

#[test]
fn a_bad_value_of_a_flag_or_variable_names_it() {
    let flag = Given { flags: vec!["--burst", "many"], ..Given::staging("") };
    assert_eq!(flag.problem(), "--burst: `burst` must be a whole number from 1 to 200 (got `many`)");
    let mut variable = Given::staging("");
    variable.variables.push(("BO_CONFORMANCE_BASE_URL", "bo.example"));
    assert_eq!(
        variable.problem(),
        "environment variable BO_CONFORMANCE_BASE_URL: `base_url` cannot be used: `bo.example` is not a URL; write it \
         like https://HOST:8443/proftrading/rest"
    );
}

#[test]
fn missing_and_exclusive_keys_are_explained() {
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
            "bo.toml:6:35: both `ott.file` and `ott.listen` are given; keep one of them",
        ),
        (
            "ott = { file = 'tokens', login = 'trader1', second_login = 'trader2' }",
            "bo.toml:6:60: `ott.second_login` needs a source that can choose the user; put {login} into \
             `ott.file`, in place of the login",
        ),
        (
            "second_user = { login = 'qa-certifier', password = { env = 'BO_PASSWORD' } }",
            "bo.toml:6:25: `second_user.login` is the login of the first user; name another user or leave it out",
        ),
        (
            "allow_settings_change = true\nmargin = '3s'\nshort_lifetimes = { access = '4s' }",
            "bo.toml:8:30: `short_lifetimes.access` must be longer than twice the margin of 3000 ms, so that both sides \
             of its end can be tried; make it longer or lower `margin`\n  |\n8 | short_lifetimes = { access = '4s' }\n  \
             |                              ^^^^",
        ),
        (
            "ca_certificate = '/dev/null'",
            "bo.toml:6:18: `ca_certificate` names /dev/null, which cannot be used: it has no `-----BEGIN \
             CERTIFICATE-----`; give a PEM file",
        ),
    ] {
        assert_eq!(Given::staging(lines).problem(), expected);
    }
}
