//! Deployments whose requests differ from the contract's.

use super::given::Given;

#[test]
fn a_deployment_with_other_requests_is_described() {
    let given = Given {
        variables: vec![("BO_PASSWORD", "hunter2"), ("GATEWAY_KEY", "k-4711")],
        ..Given::staging(
            r#"
            headers = { "X-Api-Key" = { env = "GATEWAY_KEY" }, "X-Env" = "staging" }
            login_fields = { tenant = "main", remember = false }
            [targets.staging.dialect]
            lifetime_unit = "moment"
            login_field = "username"
            password_field = "secret"
            token_path = "/v2/login"
            refresh_body = "refreshToken"
            refresh_prefix = "Bearer "
            settings_access_lifetime = "/auth/access"
            "#,
        )
    };
    let target = given.target();
    let headers: Vec<_> =
        target.network.headers.iter().map(|(name, value)| format!("{name}: {}", value.expose())).collect();
    assert_eq!(headers, ["X-Api-Key: k-4711", "X-Env: staging"]);
    assert!(!format!("{target:?}").contains("4711"));
    let wire = &target.dialect.wire;
    assert_eq!((wire.login_field.as_str(), wire.password_field.as_str()), ("username", "secret"));
    assert_eq!((wire.token_path.as_str(), wire.refresh_path.as_str()), ("/v2/login", "/auth/token/refresh"));
    assert_eq!((wire.refresh_method, wire.refresh_prefix.as_str()), ("POST", "Bearer "));
    assert_eq!(serde_json::json!(wire.login_fields), serde_json::json!([["remember", false], ["tenant", "main"]]));
    assert_eq!(target.dialect.lifetime_unit, steps::target::LifetimeUnit::Moment);
}

#[test]
fn flags_describe_headers_by_their_variables() {
    let given = Given {
        variables: vec![("BO_PASSWORD", "hunter2"), ("KEY", "k-1")],
        flags: vec!["--headers", "X-A=KEY,X-B=KEY", "--login-fields", "tenant=main"],
        ..Given::staging("")
    };
    let target = given.target();
    assert_eq!(target.network.headers.len(), 2);
    assert_eq!(target.dialect.wire.login_fields, [("tenant".to_owned(), serde_json::json!("main"))]);
}

#[test]
fn mistakes_name_the_key_and_what_it_takes() {
    for (line, expected) in [
        ("headers = { Authorization = \"x\" }", "`headers` must be the names of further headers"),
        ("headers = { \"X-A\" = 5 }", "`headers` must be a table like"),
        (
            "headers = { \"X-A\" = { env = \"NOT_SET\" } }",
            "`headers` must be set: export the variable NOT_SET (got nothing)",
        ),
        ("headers = \"X-A\"", "`headers` must be a table like"),
        ("login_fields = { a = [1] }", "`login_fields` must be a table of texts"),
        ("dialect.lifetime_unit = \"hours\"", "\"seconds\", \"milliseconds\", \"minutes\" or \"moment\" (got `hours`)"),
        ("dialect.token_path = \"login\"", "begins with a slash"),
        ("dialect.refresh_method = \"FETCH\"", "GET, POST, PUT or PATCH (got `FETCH`)"),
    ] {
        let problem = Given::staging(line).problem();
        assert!(problem.contains(expected), "{line}: {problem}");
    }
}
