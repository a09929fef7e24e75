//! `init` writes a configuration that the program reads, and overwrites none.

use std::fs;

use assert_cmd::Command;

fn init(folder: &std::path::Path, arguments: &[&str]) -> (Option<i32>, String, String) {
    let mut command = Command::cargo_bin("bo-conformance").expect("it is built");
    let output = command.current_dir(folder).arg("init").args(arguments).output().expect("it runs");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code(), text(&output.stdout), text(&output.stderr))
}

#[test]
fn the_file_is_read_by_the_next_command() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (code, _, err) = init(folder.path(), &[]);
    assert_eq!(code, Some(0), "{err}");
    let doctor = Command::cargo_bin("bo-conformance")
        .expect("it is built")
        .current_dir(folder.path())
        .env_remove("BO_PASSWORD")
        .args(["doctor", "--target", "staging"])
        .output()
        .expect("it runs");
    // All that is missing is what must not stand in the file.
    assert_eq!(doctor.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&doctor.stderr).contains("BO_PASSWORD"), "{:?}", doctor.stderr);
}

#[test]
fn a_file_that_is_there_is_left_as_it_is() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("bo-conformance.toml");
    fs::write(&file, "# mine\n").expect("a file");
    let (code, out, err) = init(folder.path(), &[]);
    assert_eq!((code, out.as_str()), (Some(2), ""));
    assert!(err.starts_with("error: bo-conformance.toml is there already"), "{err}");
    assert_eq!(fs::read_to_string(file).expect("it is there"), "# mine\n");
}

#[test]
fn it_can_be_printed_without_touching_anything() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (code, out, _) = init(folder.path(), &["--stdout"]);
    assert_eq!(code, Some(0));
    assert!(out.contains("[targets.staging]"), "{out}");
    assert_eq!(fs::read_dir(folder.path()).expect("it is there").count(), 0);
}
