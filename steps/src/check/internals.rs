//! Whether an error exposes internals of the server: exception classes, stack frames, SQL, file paths.

use std::sync::LazyLock;

use regex::bytes::{Regex, RegexBuilder};

use crate::{Mismatch, message::Answer};

/// What an error must not contain, and the pattern that matches it.
static INTERNALS: LazyLock<Vec<(&'static str, Regex)>> = LazyLock::new(|| {
    [
        ("an exception class", r"\b[\w$.]*[a-z]Exception\b"),
        ("a class of the server", r"\b(java|javax|jakarta|kotlin|scala|org|com|net|io)(\.[a-z_]\w*)+\.[A-Z]\w*\b"),
        ("a Java stack frame", r"\bat [\w$.]+\([\w$]+\.(java|kt|scala):\d+\)"),
        ("a Java stack frame", r"\bat (java|javax|jakarta|org|com|net|sun)\.[\w$.]+\("),
        ("a Python stack trace", r"Traceback \(most recent call last\)|File .{1,200}, line \d+"),
        ("a JavaScript stack frame", r"\bat .{0,80}\.(js|ts):\d+:\d+"),
        (".NET internals", r"\bat [\w.]+\(.{0,120}\) in .{1,120}:line \d+|System\.[A-Z]\w+\.\w+"),
        ("a Go or Rust panic", r"goroutine \d+ \[|panicked at"),
        ("an SQL statement", r"\bSELECT\s.{1,200}\sFROM\s|\bINSERT INTO\s|\bUPDATE\s.{1,80}\sSET\s|\bDELETE FROM\s"),
        ("an SQL statement", r"(?i)\bselect\s+\*\s+from\b|\bselect\s.{1,200}\sfrom\s+\S+\s+where\b"),
        ("an SQL error", r"SQLSTATE|\bORA-\d{4,5}\b|(?i:syntax error at or near|duplicate key value)"),
        ("a database address", r"\b(jdbc:|(postgres|postgresql|mysql|mongodb|redis|amqp)(\+\w+)?://)"),
        ("a file path", r"(^|[^\w.])/(usr|home|var|opt|etc|srv|root|tmp|app)/[\w.-]+"),
        ("a file path", r"\b[A-Z]:\\{1,2}[\w.-]+"),
    ]
    .into_iter()
    // Internals are ASCII; Unicode classes would take longer to compile than the suite takes to read.
    .filter_map(|(what, pattern)| Some((what, RegexBuilder::new(pattern).unicode(false).build().ok()?)))
    .collect()
});

/// Checks that an error exposes no internals.
///
/// # Errors
/// Names the kind of internals found.
pub(crate) fn none_in(answer: &Answer) -> Result<(), Mismatch> {
    if answer.is_success() {
        return Ok(());
    }
    match INTERNALS.iter().find(|(_, pattern)| pattern.is_match(&answer.body)) {
        Some((what, _)) => {
            Err(Mismatch::new("an error without internal details", format!("it shows {what}")).at(answer.exchange))
        }
        None => Ok(()),
    }
}

/// What kind of internals a text exposes, file paths apart: an error may repeat the path of its request.
#[must_use]
pub fn exposed_internals(text: &[u8]) -> Option<&'static str> {
    INTERNALS.iter().find(|(what, pattern)| *what != "a file path" && pattern.is_match(text)).map(|(what, _)| *what)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finds(text: &str) -> bool {
        INTERNALS.iter().any(|(_, pattern)| pattern.is_match(text.as_bytes()))
    }

    #[test]
    fn internals_are_found() {
        for leak in [
            "java.lang.NullPointerException: null",
            "Cannot deserialize value of type `java.lang.String` from Object value",
            "at com.te.auth.TokenService.issue(TokenService.java:42)",
            "Traceback (most recent call last):\n File \"x.py\", line 3",
            "PSQLException: syntax error at or near",
            "SELECT * FROM users WHERE login='x'",
            "/opt/te/conf/server.xml not found",
            "jdbc:oracle:thin:@10.0.0.5:1521/BO",
            "C:\\\\TE\\\\server.log",
            "thread 'main' panicked at src/main.rs",
        ] {
            assert!(finds(leak), "{leak}");
        }
    }

    #[test]
    fn ordinary_errors_are_left_alone() {
        for error in [
            r#"{"errorId":"1.2.0.11","message":"Wrong login or password"}"#,
            r#"{"timestamp":"2026-11-23T20:00:00Z","status":404,"error":"Not Found","path":"/proftrading/rest/auth/token"}"#,
            r#"{"type":"about:blank","title":"Unauthorized","detail":"Select another user from the list"}"#,
            "an exception to the rule",
        ] {
            assert!(!finds(error), "{error}");
        }
    }
}
