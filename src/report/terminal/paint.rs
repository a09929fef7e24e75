//! Colours for terminals that have them.

use anstyle::{AnsiColor, Style};

/// Whether and how text is coloured.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Paint {
    colour: bool,
}

/// The role of a piece of text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// Breaks conformance.
    Bad,
    /// Deserves a look.
    Doubtful,
    /// As it should be.
    Good,
    /// What a reader should see first.
    Strong,
    /// Details.
    Quiet,
    /// Everything else.
    Plain,
}

impl Paint {
    /// With or without colours.
    pub(crate) fn new(colour: bool) -> Self {
        Self { colour }
    }

    /// The text in the colour of its role.
    pub(super) fn text(self, role: Role, text: &str) -> String {
        let style = role.style();
        if !self.colour || text.is_empty() || style == Style::new() {
            return text.to_owned();
        }
        format!("{style}{text}{style:#}")
    }
}

impl Role {
    fn style(self) -> Style {
        let coloured = |colour: AnsiColor| Style::new().fg_color(Some(colour.into()));
        match self {
            Self::Bad => coloured(AnsiColor::Red).bold(),
            Self::Doubtful => coloured(AnsiColor::Yellow).bold(),
            Self::Good => coloured(AnsiColor::Green).bold(),
            Self::Strong => Style::new().bold(),
            Self::Quiet => Style::new().dimmed(),
            Self::Plain => Style::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_coloured_only_on_request() {
        assert_eq!(Paint::new(true).text(Role::Bad, "FAIL"), "\u{1b}[1m\u{1b}[31mFAIL\u{1b}[0m");
        assert_eq!(Paint::new(true).text(Role::Plain, "text"), "text");
        assert_eq!(Paint::new(false).text(Role::Bad, "FAIL"), "FAIL");
    }
}
