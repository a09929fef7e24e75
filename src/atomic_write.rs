//! Files that appear whole or not at all, even if the program is killed. The disk is not waited for: what a power failure takes
//! can be had again.

use std::{
    fs::{self, File},
    io::{self, BufWriter, Write},
    path::Path,
    process,
};

/// Bytes that are handed to the system at once.
const BUFFER: usize = 1 << 16;

/// Writes a file. An earlier one of this name stays as it was until the new one is complete.
///
/// # Errors
/// When it cannot be filled, or cannot take the place of an earlier one. Nothing of it is left then.
pub(crate) fn write(file: &Path, fill: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    // Of this process alone, and hidden.
    let unfinished = file.with_file_name(format!(".{name}.{}", process::id()));
    let filled = File::create(&unfinished).map(|file| BufWriter::with_capacity(BUFFER, file)).and_then(|mut out| {
        fill(&mut out)?;
        out.flush()
    });
    filled.and_then(|()| fs::rename(&unfinished, file)).inspect_err(|_| {
        // What is half written is of no use; that it cannot be removed either says nothing new.
        let _ = fs::remove_file(&unfinished);
    })
}

/// Writes a text as [`write`] does.
///
/// # Errors
/// As [`write`].
pub(crate) fn write_text(file: &Path, text: &str) -> io::Result<()> {
    write(file, |out| out.write_all(text.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_cannot_be_completed_leaves_the_earlier_one() {
        let home = tempfile::tempdir().expect("there is room");
        let file = home.path().join("page.html");
        write_text(&file, "earlier").expect("it can be written");
        let broken = write(&file, |out| out.write_all(b"half").and_then(|()| Err(io::Error::other("no more"))));
        assert_eq!(broken.map_err(|error| error.to_string()), Err("no more".to_owned()));
        assert_eq!(fs::read_to_string(&file).expect("it is there"), "earlier");
        assert_eq!(fs::read_dir(home.path()).expect("it can be read").count(), 1);
    }
}
