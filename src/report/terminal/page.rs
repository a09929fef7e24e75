//! A page of text of a given width, filled line by line.

use std::ops::RangeInclusive;

use super::{
    paint::{Paint, Role},
    view::{Detail, ReportLink},
};
use crate::sanitize::sanitize;

/// Narrowest and widest page. Narrower columns hold single words; longer lines are hard to follow.
const WIDTHS: RangeInclusive<usize> = 60..=120;

/// Text on its way to a terminal.
pub(super) struct TextPage {
    paint: Paint,
    width: usize,
    detail: Detail,
    text: String,
}

impl TextPage {
    /// An empty page with lines of about this many characters.
    pub(super) fn new(paint: Paint, width: usize) -> Self {
        let width = width.clamp(*WIDTHS.start(), *WIDTHS.end());
        Self { paint, width, detail: Detail::Usual, text: String::new() }
    }

    /// The same page with so much detail.
    pub(super) fn with_detail(self, detail: Detail) -> Self {
        Self { detail, ..self }
    }

    /// How much is shown.
    pub(super) fn detail(&self) -> Detail {
        self.detail
    }

    /// The finished text.
    pub(super) fn into_text(self) -> String {
        self.text
    }

    /// An empty line, except at the top and after another one.
    pub(super) fn gap(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with("\n\n") {
            self.text.push('\n');
        }
    }

    /// The heading of a section.
    pub(super) fn heading(&mut self, text: &str) {
        self.gap();
        self.line(0, &[(Role::Strong, text)]);
    }

    /// One line of several pieces, never wrapped.
    pub(super) fn line(&mut self, indent: usize, pieces: &[(Role, &str)]) {
        self.text.push_str(&" ".repeat(indent));
        for (role, text) in pieces {
            self.text.push_str(&self.paint.text(*role, &sanitize(text)));
        }
        self.text.push('\n');
    }

    /// A label and a text that is wrapped at words; all its lines begin in one column.
    pub(super) fn labelled(&mut self, indent: usize, label: (Role, &str), text: (Role, &str)) {
        let within = indent + label.1.chars().count();
        for (position, line) in wrap(&sanitize(text.1), self.width.saturating_sub(within)).iter().enumerate() {
            if position == 0 {
                self.line(indent, &[label, (text.0, line)]);
            } else {
                self.line(within, &[(text.0, line)]);
            }
        }
    }

    /// A label and the beginning of a text, in one line.
    pub(super) fn clipped(&mut self, indent: usize, label: (Role, &str), text: (Role, &str)) {
        let room = self.width.saturating_sub(indent + label.1.chars().count());
        let mut lines = wrap(text.1, room.saturating_sub(1)).into_iter();
        let first = lines.next().unwrap_or_default();
        let rest = if lines.next().is_some() { "…" } else { "" };
        self.line(indent, &[label, (text.0, &format!("{first}{rest}"))]);
    }

    /// The first of these ids, and how many there are besides.
    pub(super) fn ids(&self, ids: &[&str]) -> String {
        let (shown, rest) = ids.split_at(ids.len().min(self.detail.ids()));
        match rest.len() {
            0 => shown.join(" "),
            more => format!("{} and {more} more", shown.join(" ")),
        }
    }

    /// A label and the path of a file, as a hyperlink (OSC 8) where the terminal opens one.
    pub(super) fn link(&mut self, label: &str, link: &ReportLink) {
        let path = sanitize(&link.path);
        let path = match &link.url {
            Some(url) => format!("\u{1b}]8;;{}\u{1b}\\{path}\u{1b}]8;;\u{1b}\\", sanitize(url)),
            None => path.into_owned(),
        };
        let label = self.paint.text(Role::Quiet, label);
        self.text.push_str(&format!("{label}{path}\n"));
    }

    /// A line, broken where it is too long; every part follows the same mark.
    pub(super) fn marked(&mut self, indent: usize, mark: &str, text: &str) {
        let room = self.width.saturating_sub(indent + mark.chars().count() + 1);
        for part in split_at_pauses(text, room) {
            let line = format!("{mark} {part}");
            self.line(indent, &[(Role::Quiet, line.trim_end())]);
        }
    }
}

/// Splits the text into at least one piece of at most so many characters, after a comma or blank if one is near.
fn split_at_pauses(text: &str, most: usize) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut left = text;
    while let Some((end, _)) = left.char_indices().nth(most.max(1)) {
        let near = left[..end].rfind([',', ' ', '&']).map_or(end, |at| at + 1);
        let (part, rest) = left.split_at(if near > end / 2 { near } else { end });
        parts.push(part);
        left = rest;
    }
    parts.push(left);
    parts
}

/// Wraps the text into at least one line of at most so many characters; a longer word has a line of its own.
fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut room = width;
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        let length = word.chars().count();
        match lines.last_mut() {
            Some(line) if line.is_empty() => {
                line.push_str(word);
                room = width.saturating_sub(length);
            }
            Some(line) if length < room => {
                line.push(' ');
                line.push_str(word);
                room -= length + 1;
            }
            _ => {
                lines.push(word.to_owned());
                room = width.saturating_sub(length);
            }
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_filled_up_to_the_width() {
        assert_eq!(wrap("one two three", 7), ["one two", "three"]);
        assert_eq!(wrap("one two three", 6), ["one", "two", "three"]);
        assert_eq!(wrap("verylongword is it", 5), ["verylongword", "is it"]);
        assert_eq!(wrap("grün blau", 9), ["grün blau"]);
        assert_eq!(wrap("", 9), [""]);
    }

    #[test]
    fn text_of_a_server_cannot_control_the_terminal() {
        let mut page = TextPage::new(Paint::new(false), 80);
        page.labelled(2, (Role::Plain, "answered "), (Role::Plain, "200\u{1b}[2J\nOK"));
        page.line(0, &[(Role::Plain, "\r")]);
        assert_eq!(page.into_text(), "  answered 200\\u{1b}[2J\\nOK\n\\r\n");
    }

    #[test]
    fn every_part_of_a_long_line_has_the_mark() {
        let mut page = TextPage::new(Paint::new(false), 80);
        page.marked(4, ">", &"x".repeat(200));
        page.marked(4, ">", "");
        let text = page.into_text();
        assert!(text.lines().all(|line| line.starts_with("    >") && line.chars().count() <= 80), "{text}");
        assert_eq!((text.matches('x').count(), text.lines().count()), (200, 4));
        assert!(text.ends_with("    >\n"));
    }

    #[test]
    fn parts_lose_no_text_and_end_at_pauses() {
        for (text, expected) in [
            ("abc", &["abc"][..]),
            ("", &[""]),
            ("abcdefghij", &["abcdefgh", "ij"]),
            ("abcdef,ghij", &["abcdef,", "ghij"]),
            ("a,bcdefghij", &["a,bcdefg", "hij"]),
            ("‹‹‹‹‹‹‹‹‹‹", &["‹‹‹‹‹‹‹‹", "‹‹"]),
        ] {
            assert_eq!(split_at_pauses(text, 8), expected);
        }
    }

    #[test]
    fn gaps_are_single() {
        let mut page = TextPage::new(Paint::new(false), 80);
        page.gap();
        page.line(0, &[(Role::Plain, "a")]);
        page.gap();
        page.gap();
        page.line(0, &[(Role::Plain, "b")]);
        assert_eq!(page.into_text(), "a\n\nb\n");
    }
}
