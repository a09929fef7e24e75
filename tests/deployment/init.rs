//! `init` writes a configuration that the program can read, and overwrites none.

use std::fs;

use crate::support::Workplace;

#[test]
fn the_next_command_reads_the_file() {
    let workplace = Workplace::new();
    workplace.run(&["init"]).expect_code(0);
    // Only the password is missing, which does not belong in the file.
    let run = workplace.run(&["doctor", "--target", "staging"]).expect_code(2);
    assert!(run.stderr.contains("BO_PASSWORD"), "{}", run.stderr);
}

#[test]
fn an_existing_file_is_left_unchanged() {
    let workplace = Workplace::new().with_file("bo-conformance.toml", "# mine\n");
    let run = workplace.run(&["init"]).expect_code(2);
    assert_eq!(run.stdout, "");
    assert!(run.stderr.starts_with("error: bo-conformance.toml is there already"), "{}", run.stderr);
    assert_eq!(fs::read_to_string(workplace.path("bo-conformance.toml")).expect("it exists"), "# mine\n");
}

#[test]
fn the_file_can_be_printed_instead() {
    let workplace = Workplace::new();
    let run = workplace.run(&["init", "--stdout"]).expect_code(0);
    assert!(run.stdout.contains("[targets.staging]"), "{}", run.stdout);
    assert_eq!(workplace.files().len(), 0);
}
