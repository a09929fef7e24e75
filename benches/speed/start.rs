//! From start to exit on the stand-in: the version, a list, one scenario, the whole suite.

use anyhow::Result;

use crate::{process::Subject, record::Record};

const ROUNDS: usize = 20;

/// Measures and adds rows.
pub(crate) fn measure(record: &mut Record) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let commands: [(&str, &[&str]); 5] = [
        ("start-up: `--version`", &["--version"]),
        ("`list`", &["list"]),
        ("`list --requirement OTT-2`", &["list", "--requirement", "OTT-2"]),
        ("one scenario: `run --requirement USE-3`", &["run", "--requirement", "USE-3"]),
        ("the whole suite: `run`", &["run"]),
    ];
    let subjects = commands.map(|(name, arguments)| Subject::program(name, folder.path(), arguments));
    for (subject, timed) in subjects.iter().zip(record.in_turn(&subjects, ROUNDS)?) {
        record.row(&subject.name, timed.shown(), timed.memory(), String::new());
    }
    Ok(())
}
