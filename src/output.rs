//! The only place that prints: results to standard output, errors to standard error.

use std::{
    env,
    fmt::Display,
    io::{self, IsTerminal, Write},
    path::Path,
};

use crate::{
    report::{Paint, ReportLink, TerminalView},
    sanitize::{disarm, sanitize_lines},
};

/// Columns to assume where the width is unknown.
const USUAL_WIDTH: usize = 100;

/// Most bytes of one note.
const LONGEST_NOTE: usize = 64 * 1024;

/// Where results and errors go.
pub(crate) struct Output {
    colour: bool,
    /// Whom notes are about, where several are judged at once.
    about: Option<String>,
}

impl Output {
    /// The standard streams. Colours on a terminal, or where `CLICOLOR_FORCE` asks for them, as CI services that show colours
    /// do (bixense.com/clicolors); never where `NO_COLOR` forbids them (no-color.org).
    pub(crate) fn standard() -> Self {
        let set_to = |name| env::var_os(name).filter(|value| !value.is_empty());
        let forced = set_to("CLICOLOR_FORCE").is_some_and(|value| value != "0");
        let colour = set_to("NO_COLOR").is_none() && (forced || io::stdout().is_terminal());
        Self { colour, about: None }
    }

    /// Follows what the user chose instead of what the terminal and the environment suggest.
    pub(crate) fn choose_colour(&mut self, choice: clap::ColorChoice) {
        match choice {
            clap::ColorChoice::Auto => {}
            clap::ColorChoice::Always => self.colour = true,
            clap::ColorChoice::Never => self.colour = false,
        }
    }

    /// The same streams, with a name before every note.
    pub(crate) fn about(&self, name: &str) -> Self {
        Self { colour: self.colour, about: Some(name.to_owned()) }
    }

    /// Whether results are coloured.
    pub(crate) fn paint(&self) -> Paint {
        Paint::new(self.colour)
    }

    /// Columns of the terminal.
    pub(crate) fn width(&self) -> usize {
        console::Term::stdout().size_checked().map_or(USUAL_WIDTH, |(_, columns)| columns.into())
    }

    /// How the text of a run is laid out here.
    pub(crate) fn view(&self) -> TerminalView {
        TerminalView::new(self.paint(), self.width())
    }

    /// A file to read on in; a hyperlink on terminals that are known to open one.
    pub(crate) fn link(&self, file: &Path) -> ReportLink {
        let opens = self.colour && io::stdout().is_terminal() && opens_links();
        let url = std::path::absolute(file).ok().filter(|_| opens).map(|file| file_url(&file));
        ReportLink { path: file.display().to_string(), url }
    }

    /// Prints workflow commands for GitHub Actions. The one place that prints commands: their text is escaped already.
    ///
    /// # Errors
    /// When standard output is gone.
    pub(crate) fn workflow_commands(&self, commands: &[String]) -> io::Result<()> {
        let mut out = io::stdout().lock();
        commands.iter().try_for_each(|command| writeln!(out, "{command}"))
    }

    /// Prints a result.
    ///
    /// # Errors
    /// When standard output is gone; a reader that has read enough is not an error.
    pub(crate) fn result(&self, text: &str) -> io::Result<()> {
        let mut out = io::stdout().lock();
        match out.write_all(disarm(text).as_bytes()).and_then(|()| out.flush()) {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
            other => other,
        }
    }

    /// Prints an error.
    pub(crate) fn error(&self, error: &dyn Display) {
        self.note(&format!("error: {error}"));
    }

    /// Prints a note. There is no other place to report that this failed.
    pub(crate) fn note(&self, text: &str) {
        let about = self.about.iter().map(|name| format!("{name}: ")).collect::<String>();
        let text = format!("{about}{}", sanitize_lines(bounded(text)));
        let _ = writeln!(io::stderr().lock(), "{}", disarm(&text));
    }
}

/// Whether the terminal opens hyperlinks (OSC 8), by the variables that such terminals set.
fn opens_links() -> bool {
    let variable = |name| env::var(name).unwrap_or_default();
    let programs = ["iTerm.app", "WezTerm", "vscode", "Hyper", "ghostty", "Tabby", "rio"];
    let terminals = ["kitty", "alacritty", "ghostty", "foot"];
    programs.contains(&variable("TERM_PROGRAM").as_str())
        || terminals.iter().any(|name| variable("TERM").contains(name))
        || ["WT_SESSION", "KONSOLE_VERSION", "DOMTERM"].iter().any(|name| !variable(name).is_empty())
        || variable("VTE_VERSION").parse().is_ok_and(|version: u32| version >= 5_000)
}

fn file_url(file: &Path) -> String {
    let parts = file.components().filter_map(|part| match part {
        std::path::Component::Normal(name) => Some(steps::percent_encode(&name.to_string_lossy())),
        std::path::Component::Prefix(prefix) => Some(prefix.as_os_str().to_string_lossy().into_owned()),
        _ => None,
    });
    format!("file:///{}", parts.collect::<Vec<_>>().join("/"))
}

fn bounded(text: &str) -> &str {
    &text[..text.floor_char_boundary(LONGEST_NOTE)]
}
