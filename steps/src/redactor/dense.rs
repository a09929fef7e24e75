//! Runs that change between upper and lower case, digits and marks nearly everywhere, as text in base85 or another dense encoding does.
//! Words, markup, code and patterns do not.

use std::{collections::HashSet, ops::Range};

use super::credential_form::merged;

/// Characters that are judged together, and changes of kind between them from which on they are no ordinary text.
const WINDOW: usize = 20;
const FEWEST_CHANGES: usize = 13;
/// Different characters of such a window.
const FEWEST_CHARACTERS: usize = 13;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Lower,
    Upper,
    Digit,
    Mark,
}

/// The dense parts of a text: what is within a window of a dense place, and not beyond blanks and quotes.
pub(super) fn runs(text: &str) -> Vec<Range<usize>> {
    let is_part = |byte: &u8| byte.is_ascii_graphic() && *byte != b'"';
    let dense_parts = |run: &[u8]| {
        let start = run.as_ptr().addr() - text.as_ptr().addr();
        let dense = run.windows(WINDOW).enumerate().filter(|(_, window)| is_dense(window));
        let around = |(at, _)| start + usize::saturating_sub(at, WINDOW)..start + (at + 2 * WINDOW).min(run.len());
        dense.map(around).collect::<Vec<_>>()
    };
    let runs = text.as_bytes().split(|byte| !is_part(byte)).filter(|run| run.len() >= WINDOW);
    merged(runs.flat_map(dense_parts).collect())
}

fn is_dense(window: &[u8]) -> bool {
    let count = |wanted: Kind| window.iter().filter(|byte| kind(**byte) == wanted).count();
    let changes = window.windows(2).filter(|pair| kind(pair[0]) != kind(pair[1])).count();
    changes >= FEWEST_CHANGES
        && [Kind::Lower, Kind::Upper].into_iter().all(|kind| count(kind) >= 2)
        && count(Kind::Digit) + count(Kind::Mark) >= 3
        && window.iter().collect::<HashSet<_>>().len() >= FEWEST_CHARACTERS
}

fn kind(byte: u8) -> Kind {
    match byte {
        b'a'..=b'z' => Kind::Lower,
        b'A'..=b'Z' => Kind::Upper,
        b'0'..=b'9' => Kind::Digit,
        _ => Kind::Mark,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dense_encodings_are_found() {
        for text in [
            "GBjc_H)LdDVly#fIb~%xWMeWkVK+2nIW;pjI59S1G&V3XWj",
            "<~GVWkd11E'o2e'L!@q@PV1hJO'3&>#'3AiNL0f1[C2IU0/1,EBM1c",
            "CWSsnv>?L9whDqaf!)e(h!1NLvkht7v{}wOw))A7h.WcDi5-MCi5teavk",
            "~%4cK4EaIrKbK4EbdxIvd4qw}7{2n%",
        ] {
            assert!(!runs(&format!("the token {text} is wrong")).is_empty(), "{text}");
        }
    }

    #[test]
    fn code_markup_and_patterns_are_not() {
        for text in [
            "org.springframework.web.servlet.FrameworkServlet$1.doGet(FrameworkServlet.java:903)",
            "^[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\\.[A-Za-z]{2,}$",
            "%d/%b/%Y:%H:%M:%S",
            "Map<String,List<Map<Integer,UserDTO>>>",
            "https://bo.staging.example:8443/proftrading/rest/auth/token?limit=1&lang=en#top",
            "font:14px/1.5'Helvetica_Neue',Arial;color:#333;background:url(/img/a.png)",
            "2026-11-25T08:00:00.123Z,2026-11-25T08:00:01.456Z",
            "ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384",
        ] {
            assert!(runs(text).is_empty(), "{text}");
        }
    }
}
