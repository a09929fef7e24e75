//! What a change means to clients; nothing else decides that. The first rule that applies counts.
//!
//! | what | changes | class |
//! |---|---|---|
//! | verdict | a promise of the contract is broken that was kept | breaking |
//! | | a recommendation is not followed any more | notable |
//! | | what was not kept is kept now | compatible |
//! | status | of another class, as 401 to 200, where only good practice is judged | notable |
//! | | of another class | breaking |
//! | | another of the same class, as 401 to 400 | notable |
//! | lifetime | by the factor between two units of time, and nowhere announced as before | breaking |
//! | | is not announced any more | breaking |
//! | | otherwise | notable |
//! | token | does not fit a header any more | breaking |
//! | | another form: clients treat tokens as opaque | compatible |
//! | | whether a refresh gives another refresh token | notable |
//! | body of a success | a field is gone, or of another type | breaking |
//! | | another kind of number or another boolean | notable |
//! | | a new field | compatible |
//! | body of a refusal | a text with blanks, which is a message | compatible |
//! | | a new field | compatible |
//! | | otherwise: fields and codes; clients go by the status first | notable |
//! | content type | of a success | breaking |
//! | | of a refusal | notable |
//! | charset, Allow, a new cookie | | compatible |
//! | other headers, error codes | | notable |
//! | observation | something is needed that was not | breaking |
//! | | otherwise: rotation, sessions, codes | notable |
//! | server | what it calls its software | compatible |
//! | | encryption and certificate | notable |
//! | latency | see `latency` | notable |

use super::{
    facts::NONE,
    snapshot::{BROKEN, KEPT, NOT_FOLLOWED},
};
use crate::results::Class;

/// A class and the reason for it.
pub(super) type Ruling = (Class, &'static str);

/// Factors between units of time of a lifetime: milliseconds, minutes, hours.
const UNITS: [f64; 4] = [60.0, 1_000.0, 3_600.0, 60_000.0];

/// A verdict that changed.
pub(super) fn verdict(before: &str, after: &str) -> Ruling {
    match (before, after) {
        (_, BROKEN) => (Class::Breaking, "a promise of the contract is broken that was kept"),
        (KEPT, NOT_FOLLOWED) => (Class::Notable, "a recommendation is not followed any more"),
        _ => (Class::Compatible, "what was not kept is kept now"),
    }
}

/// Statuses that changed, within their classes or not.
pub(super) fn status(same_classes: bool, recommendation: bool) -> Ruling {
    match (same_classes, recommendation) {
        (true, _) => (Class::Notable, "another status of the same class"),
        (false, true) => (Class::Notable, "a status of another class, where good practice is judged"),
        (false, false) => (Class::Breaking, "a status of another class"),
    }
}

/// A fact of answers with this status.
pub(super) fn fact(what: &str, status: &str, before: Option<&str>, after: Option<&str>) -> Ruling {
    let success = !status.starts_with(['4', '5']);
    match what {
        "refresh token" => (Class::Notable, "rotation of refresh tokens"),
        "error code" => (Class::Notable, "an error code"),
        "content type" if success => (Class::Breaking, "the content type of a success"),
        "content type" => (Class::Notable, "the content type of a refusal"),
        "charset" => (Class::Compatible, "JSON is always UTF-8"),
        "header allow" => (Class::Compatible, "an announcement only, not what is allowed"),
        "header set-cookie" if before.is_none() => (Class::Compatible, "a cookie that clients need not keep"),
        _ if what.starts_with("header ") => (Class::Notable, "a header that clients go by"),
        _ if success => of_success(before, after),
        _ => of_refusal(before, after),
    }
}

/// A lifetime. Where other answers still announce the value before, its unit is the same.
pub(super) fn lifetime(before: Option<&str>, after: Option<&str>, still_announced: bool) -> Ruling {
    let number = |value: Option<&str>| value.and_then(|value| value.parse::<f64>().ok());
    match (number(before), number(after)) {
        (Some(before), Some(after)) if !still_announced && (is_unit(before / after) || is_unit(after / before)) => {
            (Class::Breaking, "the unit of a lifetime")
        }
        (Some(_), None) => (Class::Breaking, "a lifetime that clients read is not announced any more"),
        _ => (Class::Notable, "a lifetime"),
    }
}

fn is_unit(factor: f64) -> bool {
    UNITS.iter().any(|unit| (factor - unit).abs() < 1e-6 * unit)
}

fn of_success(before: Option<&str>, after: Option<&str>) -> Ruling {
    match (before, after) {
        (None, _) => (Class::Compatible, "a new field"),
        (_, None) => (Class::Breaking, "a field that clients may read is gone"),
        (Some(before), Some(after)) if same_type(before, after) => (Class::Notable, "another kind of value"),
        _ => (Class::Breaking, "a field that clients may read is of another type"),
    }
}

fn same_type(before: &str, after: &str) -> bool {
    let is_number = |value: &str| value.contains("number");
    let is_boolean = |value: &str| matches!(value, "true" | "false" | "false | true");
    (is_number(before) && is_number(after)) || (is_boolean(before) && is_boolean(after))
}

fn of_refusal(before: Option<&str>, after: Option<&str>) -> Ruling {
    match (before, after) {
        (None, _) => (Class::Compatible, "a new field"),
        (Some(before), Some(after)) if is_message(before) && is_message(after) => {
            (Class::Compatible, "the text of a message")
        }
        _ => (Class::Notable, "the form of a refusal"),
    }
}

/// A text with blanks in it is for people.
fn is_message(value: &str) -> bool {
    value.strip_prefix("text “").is_some_and(|text| text.trim().contains(' '))
}

/// A fact about tokens.
pub(super) fn token(what: &str, after: Option<&str>) -> Ruling {
    match after {
        Some(after) if what.ends_with("fits a header") && after != "yes" => {
            (Class::Breaking, "a token that does not fit a header")
        }
        _ => (Class::Compatible, "tokens are opaque to clients"),
    }
}

/// A choice of the server.
pub(super) fn observation(question: &str, after: Option<&str>) -> Ruling {
    if question.contains(" need ") && after.is_some_and(|answer| answer.starts_with("yes")) {
        (Class::Breaking, "something is needed that was not")
    } else {
        (Class::Notable, "a choice that the contract leaves to the server")
    }
}

/// A fact about the server.
pub(super) fn server(what: &str) -> Ruling {
    if what.starts_with("software ") {
        (Class::Compatible, "what the server calls itself")
    } else {
        (Class::Notable, "encryption")
    }
}

/// Whether a value means that there is none.
pub(super) fn is_nothing(value: Option<&String>) -> bool {
    value.is_none_or(|value| value == NONE)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn class(what: &str, status: &str, before: &str, after: &str) -> Class {
        let some = |value: &'static str| Some(value).filter(|value| !value.is_empty());
        fact(what, status, some(before.to_owned().leak()), some(after.to_owned().leak())).0
    }

    #[test]
    fn every_rule_has_a_pair_that_it_fits_and_one_that_it_does_not() {
        use Class::{Breaking, Compatible, Notable};
        for (what, status, before, after, expected) in [
            ("body /accessToken", "200", "text", "", Breaking),
            ("body /accessToken", "200", "text", "object", Breaking),
            ("body /accessTokenLifeTime", "200", "whole number", "number with a fraction", Notable),
            ("body /more", "200", "", "text", Compatible),
            ("body /message", "401", "text “No such user”", "text “Wrong password”", Compatible),
            ("body /code", "401", "text “1.2”", "text “1.3”", Notable),
            ("body /code", "401", "text “1.2”", "", Notable),
            ("content type", "200", "application/json", "text/html", Breaking),
            ("content type", "401", "application/json", "text/html", Notable),
            ("charset", "200", "", "utf-8", Compatible),
            ("header set-cookie", "200", "", "LB", Compatible),
            ("header set-cookie", "200", "LB", "", Notable),
            ("header cache-control", "200", "no-store", "", Notable),
        ] {
            assert_eq!(class(what, status, before, after), expected, "{what} {before} {after}");
        }
        assert_eq!(token("access token fits a header", Some("no: it is too long")).0, Breaking);
        assert_eq!(token("access token form", Some("parts 1")).0, Compatible);
        assert_eq!(observation("Does a verification need an access token?", Some("yes")).0, Breaking);
        assert_eq!(observation("Does a verification need an access token?", Some("no")).0, Notable);
        assert_eq!((verdict(KEPT, BROKEN).0, verdict(BROKEN, KEPT).0), (Breaking, Compatible));
        let statuses = [status(true, false), status(false, true), status(false, false)];
        assert_eq!(statuses.map(|ruling| ruling.0), [Notable, Notable, Breaking]);
        for (after, still_announced, expected) in [
            (Some("300000"), false, Breaking),
            (Some("5"), false, Breaking),
            (Some("5"), true, Notable),
            (Some("600"), false, Notable),
            (None, false, Breaking),
        ] {
            assert_eq!(lifetime(Some("300"), after, still_announced).0, expected, "{after:?}");
        }
    }
}
