//! A span of the configuration file: its position and an excerpt for messages. Lines that may hold a password have no
//! excerpt.

use std::{
    fmt,
    ops::Range,
    path::{Path, PathBuf},
    sync::Arc,
};

/// The text of a configuration file, to make spans of it.
pub(super) struct SourceText<'a> {
    pub(super) path: &'a Path,
    /// The folder that paths in the file are relative to.
    pub(super) folder: &'a Path,
    pub(super) text: &'a str,
}

/// A span of a configuration file; shows as `FILE:LINE:COLUMN`, both counted from 1. Cheap to clone, and small in errors.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Span(Arc<SpanParts>);

#[derive(Debug, PartialEq, Eq)]
struct SpanParts {
    file: PathBuf,
    folder: PathBuf,
    line: usize,
    column: usize,
    excerpt: String,
}

impl SourceText<'_> {
    /// The span of these bytes of the text.
    pub(super) fn span(&self, span: Range<usize>) -> Span {
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
        let (file, folder) = (self.path.to_owned(), self.folder.to_owned());
        Span(Arc::new(SpanParts { file, folder, line: number, column: left.chars().count() + 1, excerpt }))
    }

    /// Whether the line, or the assignment that it continues, looks like one with a password.
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

impl Span {
    /// The folder that paths in the file are relative to.
    pub(super) fn folder(&self) -> &Path {
        &self.0.folder
    }

    /// The line with carets below, after a line break; empty where the line may hold a password.
    pub(super) fn excerpt(&self) -> &str {
        &self.0.excerpt
    }
}

impl fmt::Display for Span {
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

    fn span_of(text: &str, marked: &str) -> Span {
        let start = text.find(marked).expect("the marked text is in the text");
        SourceText { path: Path::new("bo.toml"), folder: Path::new(""), text }.span(start..start + marked.len())
    }

    #[test]
    fn a_span_names_line_and_column_and_points_at_the_text() {
        let span = span_of("a = 1\nbürst = 8\n", "8");
        assert_eq!(span.to_string(), "bo.toml:2:9");
        assert_eq!(span.excerpt(), "\n  |\n2 | bürst = 8\n  |         ^");
    }

    #[test]
    fn a_line_that_may_hold_a_password_is_not_shown() {
        for (text, marked) in [
            ("pasword = \"hunter2\"", "pasword"),
            ("password = hunter2", "hunter2"),
            ("password = \"\"\"\nhunter2\n\"\"\"", "hunter2"),
            ("base_url = \"https://me:hunter2@bo.example\"", "base_url"),
        ] {
            assert_eq!(span_of(text, marked).excerpt(), "", "{text}");
        }
    }

    #[test]
    fn the_end_of_the_text_has_a_span() {
        let source = SourceText { path: Path::new("bo.toml"), folder: Path::new(""), text: "a = " };
        assert_eq!(source.span(4..4).to_string(), "bo.toml:1:5");
    }
}
