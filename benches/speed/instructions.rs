//! Counts the instructions of the shortest commands with callgrind: they do not vary with the machine's load.

use std::{path::Path, process::Stdio};

use anyhow::Result;

use crate::{process::Subject, record::Record};

/// Measures and adds rows; none without valgrind.
pub(crate) fn measure(record: &mut Record) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let commands: [&[&str]; 3] =
        [&["--version"], &["list", "--requirement", "OTT-2"], &["run", "--requirement", "USE-3"]];
    for arguments in commands {
        let subject = Subject::program(arguments.join(" "), folder.path(), arguments);
        let Some(count) = counted(&subject)? else {
            eprintln!("instructions are not counted: valgrind is not installed");
            return Ok(());
        };
        record.raw(&subject.name, &subject.line(), "instructions", &[count]);
        let value = format!("{:.2} million instructions", count / 1e6);
        record.row(&format!("`{}`", subject.name), value, String::new(), String::new());
    }
    Ok(())
}

fn counted(subject: &Subject) -> Result<Option<f64>> {
    let mut command = subject.within(Path::new("valgrind"));
    command.args(["--tool=callgrind", "--callgrind-out-file=/dev/null"]).args(subject.words()).stderr(Stdio::piped());
    let Ok(ended) = command.output() else { return Ok(None) };
    let said = String::from_utf8_lossy(&ended.stderr).into_owned();
    let count = said.lines().find_map(|line| line.split_once("Collected : ")).map(|(_, count)| count.trim().parse());
    Ok(count.transpose()?)
}
