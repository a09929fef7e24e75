//! Where in the configuration file something stands, and how that line is shown. A line that may hold a password is never
//! shown.

use std::{
    fmt,
    ops::Range,
    path::{Path, PathBuf},
    sync::Arc,
};

/// The text of a configuration file and where it came from.
pub(super) struct Source<'a> {
    pub(super) path: &'a Path,
    pub(super) text: &'a str,
}

/// A place in a configuration file; shows as `FILE:LINE:COLUMN`, both counted from 1. Cheap to clone, and small in errors.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Place(Arc<Spot>);

#[derive(Debug, PartialEq, Eq)]
struct Spot {
    file: PathBuf,
    line: usize,
    column: usize,
    excerpt: String,
}

impl Source<'_> {
    /// The place of these bytes of the text.
    pub(super) fn place(&self, span: Range<usize>) -> Place {
        let start = self.text.floor_char_boundary(span.start);
        let before = &self.text[..start];
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        let line = self.text[line_start..].lines().next().unwrap_or_default();
        let number = before.matches('\n').count() + 1;
        let left = &self.text[line_start..start];
        let excerpt = if self.may_hold_a_password(line_start, line) {
            String::new()
        } else {
            let wanted = span.end.saturating_sub(span.start).min(line.len().saturating_sub(left.len()));
            let marked = &self.text[start..self.text.floor_char_boundary(start + wanted)];
            excerpt(number, line, left, marked.chars().count().max(1))
        };
        Place(Arc::new(Spot { file: self.path.to_owned(), line: number, column: left.chars().count() + 1, excerpt }))
    }

    /// Whether the line, or the assignment that it continues, looks as if somebody had written a password there.
    fn may_hold_a_password(&self, line_start: usize, line: &str) -> bool {
        let assignment = if line.contains('=') || line.trim_start().starts_with('[') {
            None
        } else {
            self.text[..line_start].rfind('=')
        };
        let begins = assignment.map_or(line_start, |at| self.text[..at].rfind('\n').map_or(0, |end| end + 1));
        let shown = self.text[begins..line_start + line.len()].to_lowercase();
        ["pas", "pw", "secret", "credential", "@"].iter().any(|sign| shown.contains(sign))
    }
}

impl Place {
    /// The file.
    pub(super) fn file(&self) -> &Path {
        &self.0.file
    }

    /// The line with a caret below, beginning with a line break; empty where the line may not be shown.
    pub(super) fn excerpt(&self) -> &str {
        &self.0.excerpt
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.0.file.display(), self.0.line, self.0.column)
    }
}

fn excerpt(number: usize, line: &str, left: &str, carets: usize) -> String {
    let gutter = " ".repeat(number.to_string().len());
    let indent: String = left.chars().map(|c| if c == '\t' { '\t' } else { ' ' }).collect();
    format!("\n{gutter} |\n{number} | {line}\n{gutter} | {indent}{}", "^".repeat(carets))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place_of(text: &str, marked: &str) -> Place {
        let start = text.find(marked).expect("the marked text is in the text");
        Source { path: Path::new("bo.toml"), text }.place(start..start + marked.len())
    }

    #[test]
    fn a_place_names_line_and_column_and_points_at_the_text() {
        let place = place_of("a = 1\nbürst = 8\n", "8");
        assert_eq!(place.to_string(), "bo.toml:2:9");
        assert_eq!(place.excerpt(), "\n  |\n2 | bürst = 8\n  |         ^");
    }

    #[test]
    fn a_line_that_may_hold_a_password_is_not_shown() {
        for (text, marked) in [
            ("pasword = \"hunter2\"", "pasword"),
            ("password = hunter2", "hunter2"),
            ("password = \"\"\"\nhunter2\n\"\"\"", "hunter2"),
            ("base_url = \"https://me:hunter2@bo.example\"", "base_url"),
        ] {
            assert_eq!(place_of(text, marked).excerpt(), "", "{text}");
        }
    }

    #[test]
    fn the_end_of_the_text_is_a_place_too() {
        let source = Source { path: Path::new("bo.toml"), text: "a = " };
        assert_eq!(source.place(4..4).to_string(), "bo.toml:1:5");
    }
}
