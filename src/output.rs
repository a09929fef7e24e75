//! The only place that prints: results to standard output, errors to standard error.

use std::{
    cell::RefCell,
    io::{self, IsTerminal, Write},
};

use crate::{
    report::Paint,
    sanitize::{disarm, sanitize_lines},
};

/// Columns where nobody knows.
const USUAL_WIDTH: usize = 100;

/// Most bytes of one note.
const LONGEST_NOTE: usize = 64 * 1024;

/// Where results and errors go.
pub(crate) struct Output {
    colour: bool,
    /// Whom notes are about, where several are judged at once.
    about: Option<String>,
    /// The last error that was said.
    said: RefCell<Option<String>>,
}

impl Output {
    /// The standard streams. Colours on a terminal, or where `CLICOLOR_FORCE` asks for them, as CI services that show colours
    /// do (bixense.com/clicolors); never where `NO_COLOR` forbids them (no-color.org).
    pub(crate) fn standard() -> Self {
        let set_to = |name| std::env::var_os(name).filter(|value| !value.is_empty());
        let forced = set_to("CLICOLOR_FORCE").is_some_and(|value| value != "0");
        let colour = set_to("NO_COLOR").is_none() && (forced || io::stdout().is_terminal());
        Self { colour, about: None, said: RefCell::default() }
    }

    /// The same streams, with a name before every note.
    pub(crate) fn about(&self, name: &str) -> Self {
        Self { colour: self.colour, about: Some(name.to_owned()), said: RefCell::default() }
    }

    /// The last error that was said here.
    pub(crate) fn said(&self) -> Option<String> {
        self.said.borrow().clone()
    }

    /// Whether results are coloured.
    pub(crate) fn paint(&self) -> Paint {
        Paint::new(self.colour)
    }

    /// Columns of the terminal.
    pub(crate) fn width(&self) -> usize {
        console::Term::stdout().size_checked().map_or(USUAL_WIDTH, |(_, columns)| columns.into())
    }

    /// Prints a result.
    ///
    /// # Errors
    /// When standard output is gone; a reader that has read enough is no error.
    pub(crate) fn result(&self, text: &str) -> io::Result<()> {
        let mut out = io::stdout().lock();
        match out.write_all(disarm(text).as_bytes()).and_then(|()| out.flush()) {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
            other => other,
        }
    }

    /// Prints an error or a note. There is nowhere to say that this failed.
    pub(crate) fn note(&self, text: &str) {
        if let Some(error) = text.strip_prefix("error: ") {
            self.said.replace(Some(error.to_owned()));
        }
        let about = self.about.iter().map(|name| format!("{name}: ")).collect::<String>();
        let text = format!("{about}{}", sanitize_lines(bounded(text)));
        let _ = writeln!(io::stderr().lock(), "{}", disarm(&text));
    }
}

fn bounded(text: &str) -> &str {
    &text[..text.floor_char_boundary(LONGEST_NOTE)]
}
