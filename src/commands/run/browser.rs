//! Opens a report in the browser of the desktop.

use std::{
    io,
    path::Path,
    process::{Command, Stdio},
};

/// Opens a file with the program that the desktop has for it, and does not wait for it.
///
/// # Errors
/// When the desktop has no such program.
pub(super) fn open_in_browser(file: &Path) -> io::Result<()> {
    let file = std::path::absolute(file)?;
    let mut command = opener();
    command.arg(file).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().map(drop)
}

fn opener() -> Command {
    if cfg!(windows) {
        Command::new("explorer")
    } else {
        Command::new(if cfg!(target_os = "macos") { "open" } else { "xdg-open" })
    }
}
