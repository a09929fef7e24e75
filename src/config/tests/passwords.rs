//! Sources of passwords, and that no message shows one.

use super::given::{Given, STAGING};

#[test]
fn flags_with_a_base_url_never_send_the_password_of_the_default_target() {
    let given = Given {
        file: format!("default_target = 'staging'\n{STAGING}"),
        flags: vec!["--base-url", "https://elsewhere.example/rest", "--login", "qa"],
        target: None,
        ..Given::staging("")
    };
    assert_eq!(
        given.problem(),
        "the target of the flags: `password` is missing; give --password-env VARIABLE or set BO_CONFORMANCE_PASSWORD_ENV"
    );
}

#[test]
fn a_password_in_the_file_is_refused_and_not_shown() {
    let advice = "a password does not belong in the file; write `password = { env = \"BO_PASSWORD\" }` and set that \
                  variable, or `password = { file = \"…\" }`, or `password = { command = [\"…\"] }`";
    let inline = Given::file("[targets.staging]\npassword = 'hunter2'");
    assert_eq!(inline.problem(), format!("bo.toml:2:12: {advice}"));
    let second = Given::file("[targets.staging.second_user]\npassword = 'hunter2'");
    assert_eq!(second.problem(), format!("bo.toml:2:12: {advice}"));
    for slip in
        ["password = hunter2", "pasword = 'hunter2'", "password = { env = 'X', hunter2 }", "password = 'hunter2"]
    {
        let problem = Given::file(&format!("[targets.staging]\n{slip}")).problem();
        assert!(!problem.contains("hunter2"), "{problem}");
    }
}

#[test]
fn a_missing_password_names_its_source() {
    let unset = Given { variables: Vec::new(), ..Given::staging("") };
    assert_eq!(
        unset.problem(),
        "bo.toml:5:20: the environment variable BO_PASSWORD with the password is not set; set it with `export \
         BO_PASSWORD=…`"
    );
    let command = Given { flags: vec!["--password-command", "false"], ..Given::staging("") };
    assert_eq!(command.problem(), "--password-command: the password command failed: `false` failed (exit status: 1)");
    let file = Given { flags: vec!["--password-file", "/no/such/file"], ..Given::staging("") };
    let problem = file.problem();
    let expected = "--password-file: the password file /no/such/file cannot be read: No such file";
    assert!(problem.starts_with(expected), "{problem}");
    let printed = Given { flags: vec!["--password-command", "echo swordfish"], ..Given::staging("") };
    assert_eq!(printed.target().user.password.expose(), "swordfish");
}
