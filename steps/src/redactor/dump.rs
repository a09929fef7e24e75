//! Text written as the numbers of its characters, as dumps of memory and lists of bytes have it: `65 79 4a`, `0x65, 0x79`, `[101, 121]`.
//! Finds such runs and reads them; whether the text is a secret is decided elsewhere. Long series and lines of dumps need no decision.

use std::{ops::Range, sync::LazyLock};

use regex::Regex;

use super::credential_form::is_ordinary;

/// Numbers of the shortest run.
const FEWEST: usize = 8;
/// Most bytes between two numbers of a run.
const WIDEST_GAP: usize = 4;
/// Elements of the shortest series that is no ordinary list, and most characters of an element.
const LONG_SERIES: usize = 16;
const LONGEST_ELEMENT: usize = 5;
/// Parts of the shortest spaced run, and most bytes between two of them.
const FEWEST_SPACED: usize = 12;
const WIDEST_SPACE: usize = 12;
/// Most bytes of the column of characters beside the numbers of a line.
const WIDEST_COLUMN: usize = 96;

/// A run of numbers, and the text that they stand for.
pub(super) struct Dump {
    /// Bytes of the text.
    pub(super) range: Range<usize>,
    pub(super) decoded: String,
}

/// Every run of hexadecimal, decimal, octal or binary numbers of bytes, most of which are visible characters.
pub(super) fn dumps(text: &str) -> Vec<Dump> {
    let mut found = dumps_of(text, hexadecimal);
    found.extend(dumps_of(text, decimal));
    found.extend(dumps_of(text, octal));
    found.extend(dumps_of(text, binary));
    found
}

fn dumps_of(text: &str, read: fn(&str) -> Option<Vec<u8>>) -> Vec<Dump> {
    let mut found: Vec<(Range<usize>, Vec<u8>)> = Vec::new();
    for (range, bytes) in numbers(text, read) {
        match found.last_mut() {
            Some((dump, read)) if joins(&text[dump.end..range.start]) => {
                dump.end = range.end;
                read.extend(bytes);
            }
            _ => found.push((range, bytes)),
        }
    }
    found.retain(|(_, bytes)| bytes.len() >= FEWEST && is_visible(bytes));
    found
        .into_iter()
        .map(|(range, bytes)| Dump { range, decoded: String::from_utf8_lossy(&bytes).into_owned() })
        .collect()
}

fn joins(gap: &str) -> bool {
    gap.len() <= WIDEST_GAP && !gap.contains(|c: char| c.is_alphanumeric())
}

fn is_visible(bytes: &[u8]) -> bool {
    let visible = bytes.iter().filter(|byte| byte.is_ascii_graphic() || **byte == b' ' || **byte >= 0xc2).count();
    visible * 4 >= bytes.len() * 3
}

/// Runs of letters and digits, with the bytes that `read` makes of them.
fn numbers(text: &str, read: fn(&str) -> Option<Vec<u8>>) -> impl Iterator<Item = (Range<usize>, Vec<u8>)> {
    elements(text).filter_map(move |range| read(&text[range.clone()]).map(|bytes| (range, bytes)))
}

fn elements(text: &str) -> impl Iterator<Item = Range<usize>> {
    let mut at = 0;
    text.split(|c: char| !c.is_ascii_alphanumeric()).filter_map(move |word| {
        let range = at..at + word.len();
        at = range.end + text[range.end..].chars().next().map_or(0, char::len_utf8);
        (!word.is_empty()).then_some(range)
    })
}

/// One byte or two.
fn hexadecimal(word: &str) -> Option<Vec<u8>> {
    let digits =
        word.trim_start_matches('0').strip_prefix(['x', 'X']).or(word.strip_prefix(['x', 'X'])).unwrap_or(word);
    let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
    if matches!(digits.len(), 2 | 4) { digits.as_bytes().chunks(2).map(byte).collect() } else { None }
}

fn decimal(word: &str) -> Option<Vec<u8>> {
    (1..=3).contains(&word.len()).then(|| word.parse().ok()).flatten().map(|byte| vec![byte])
}

fn octal(word: &str) -> Option<Vec<u8>> {
    let digits = word.trim_start_matches(['0', 'o']);
    (2..=3).contains(&digits.len()).then(|| u8::from_str_radix(digits, 8).ok()).flatten().map(|byte| vec![byte])
}

fn binary(word: &str) -> Option<Vec<u8>> {
    (word.len() == 8).then(|| u8::from_str_radix(word, 2).ok()).flatten().map(|byte| vec![byte])
}

/// Series of short mixtures of digits and letters with the same text between them, and whether they are longer than any ordinary list.
/// Addresses, versions and prices have points.
pub(super) fn series(text: &str) -> Vec<(Range<usize>, bool)> {
    let (mut found, mut run, mut gap): (_, Vec<Range<usize>>, Option<&str>) = (Vec::new(), Vec::new(), None);
    for element in elements(text) {
        let between = run.last().map(|last| text[last.end..element.start].trim());
        let is_short = element.len() <= LONGEST_ELEMENT && !is_utf16_unit(&text[element.clone()]);
        let joins = between.filter(|between| is_short && between.len() <= WIDEST_GAP && !between.contains('.'));
        if joins.is_none() || gap.is_some_and(|gap| joins != Some(gap)) {
            found.extend(long_series(text, &run));
            let last = run.pop().filter(|_| joins.is_some());
            run.clear();
            run.extend(last);
        }
        gap = if run.is_empty() { None } else { joins };
        run.extend(is_short.then_some(element));
    }
    found.extend(long_series(text, &run));
    found
}

/// Runs of at least so many letters and digits of which hardly two are neighbours, and that together have the form of a credential.
pub(super) fn spaced(text: &str) -> Vec<Range<usize>> {
    let (mut found, mut run): (_, Vec<Range<usize>>) = (Vec::new(), Vec::new());
    let finish = |run: &mut Vec<Range<usize>>| {
        let word: String = run.iter().map(|element| &text[element.clone()]).collect();
        let has = |kind: fn(&u8) -> bool| word.bytes().any(|byte| kind(&byte));
        let range = run.first().zip(run.last()).map(|(first, last)| first.start..last.end);
        let is_random = run.len() >= FEWEST_SPACED
            && has(u8::is_ascii_digit)
            && has(u8::is_ascii_alphabetic)
            && !is_ordinary(&word);
        run.clear();
        range.filter(|_| is_random)
    };
    for element in elements(text) {
        let joins = run.last().is_none_or(|last| element.start - last.end <= WIDEST_SPACE);
        if element.len() > 2 || !joins {
            found.extend(finish(&mut run));
        }
        run.extend((element.len() <= 2).then_some(element));
    }
    found.extend(finish(&mut run));
    found
}

/// `u044f` of an escape in JSON.
fn is_utf16_unit(element: &str) -> bool {
    element.len() == 5 && element.starts_with('u')
}

fn long_series(text: &str, run: &[Range<usize>]) -> Option<(Range<usize>, bool)> {
    let has_digit = |element: &&Range<usize>| text[(*element).clone()].bytes().any(|byte| byte.is_ascii_digit());
    let is_long = run.len() >= FEWEST && run.iter().filter(has_digit).count() * 3 >= run.len() * 2;
    is_long.then(|| Some((run.first()?.start..run.last()?.end, run.len() >= LONG_SERIES))).flatten()
}

/// The offset and the numbers of a line.
static LINE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(?:[0-9a-f]{8}:?|[0-9a-f]{4,7}:)[ \t]{1,4}(?:[0-9a-f]{2}|[0-9a-f]{4})(?:[ \t]{1,2}(?:[0-9a-f]{4}|[0-9a-f]{2})\b){3,16}").ok()
});
/// The same of the last line, which may have few numbers.
static LAST_LINE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)^(?:\r?\n|(?:\\r)?\\n)[ \t]*[0-9a-f]{4,8}:?[ \t]{1,4}[0-9a-f]{2}(?:[0-9a-f]{2})?(?:[ \t]{1,2}(?:[0-9a-f]{4}|[0-9a-f]{2})\b){0,16}").ok()
});

/// The lines of dumps of memory, with the column of characters.
pub(super) fn lines(text: &str) -> Vec<Range<usize>> {
    let (Some(line), Some(last)) = (LINE.as_ref(), LAST_LINE.as_ref()) else { return Vec::new() };
    let mut found: Vec<Range<usize>> = Vec::new();
    for next in line.find_iter(text) {
        if found.last().is_some_and(|found| next.start() < found.end) {
            continue;
        }
        let mut range = next.start()..end_of_line(text, next.end());
        while let Some(more) = last.find(&text[range.end..]) {
            range.end = end_of_line(text, range.end + more.end());
        }
        found.push(range);
    }
    found
}

/// The end of the line, or of the string that it is in, of a line whose numbers end here.
fn end_of_line(text: &str, from: usize) -> usize {
    let rest = &text[from..];
    let blanks = rest.len() - rest.trim_start_matches([' ', '\t']).len();
    let window = &rest[..rest.floor_char_boundary(blanks + WIDEST_COLUMN)];
    let ends = |end: &str| window.find(end).unwrap_or(window.len());
    let string = window.match_indices('"').find(|(at, _)| {
        let after = window[at + 1..].chars().next();
        !window[..*at].ends_with('\\') && after.is_none_or(|c| ",}]:;/>) \r\n".contains(c))
    });
    from + ends("\n").min(ends("\\n")).min(ends("\\r")).min(ends(" --")).min(string.map_or(window.len(), |(at, _)| at))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(text: &str) -> Vec<String> {
        dumps(text).into_iter().map(|dump| dump.decoded).collect()
    }

    #[test]
    fn bytes_are_read_however_they_are_separated() {
        let bytes = "eyJhbGciOiJ".bytes();
        let join = |write: fn(u8) -> String, by: &str| bytes.clone().map(write).collect::<Vec<_>>().join(by);
        let hex = |byte: u8| format!("{byte:02x}");
        for text in [
            join(hex, " "),
            join(hex, ":"),
            join(hex, "-"),
            join(|byte| format!("0x{byte:02X}"), ", "),
            format!("\\x{}", join(hex, "\\x")),
            join(|byte| byte.to_string(), ","),
            join(|byte| byte.to_string(), ",\n  "),
        ] {
            assert!(decoded(&format!("the token [{text}] is wrong")).contains(&"eyJhbGciOiJ".to_owned()), "{text}");
        }
    }

    #[test]
    fn bytes_of_other_alphabets_and_pairs_of_bytes_are_read() {
        for (text, expected) in [
            ("5a, c3, bc, 72, 69, 63, 68, 20, 31", "Zürich 1"),
            ("90 195 188 114 105 99 104 32 49", "Zürich 1"),
            ("6579 4a68 6247 6369", "eyJhbGci"),
        ] {
            assert!(decoded(text).contains(&expected.to_owned()), "{text}: {:?}", decoded(text));
        }
    }

    #[test]
    fn octal_numbers_are_read() {
        assert!(decoded("103 141 156 141 162 171 53 157").contains(&"Canary+o".to_owned()));
    }

    #[test]
    fn binary_numbers_are_read() {
        let text: Vec<String> = "Canary+o".bytes().map(|byte| format!("{byte:08b}")).collect();
        assert!(decoded(&text.join(" ")).contains(&"Canary+o".to_owned()));
    }

    #[test]
    fn ordinary_numbers_are_no_dump() {
        for text in ["2026-11-25T08:58:30.123Z", "00:1b:44:11:3a:b7", "10.0.0.12:8443", "1, 2, 3, 4, 5, 6, 7, 8, 9"] {
            assert_eq!(decoded(text), [""; 0], "{text}");
        }
    }

    #[test]
    fn long_series_are_found_and_ordinary_lists_are_not() {
        let written = |write: fn(u8) -> String| "Canary+one/7Qw&%".bytes().map(write).collect::<Vec<_>>();
        for text in [
            written(|byte| format!("0k{byte:02x}")).join(", "),
            written(|byte| byte.to_string()).join(";\n      "),
            written(|byte| format!("{byte:o}")).join(" "),
        ] {
            let whole = format!("the token [{text}] is wrong");
            assert_eq!(series(&whole), [(11..11 + text.len(), true)], "{text}");
        }
        for text in [
            "10.0.0.1, 10.0.0.2, 10.0.0.3, 10.0.0.4, 10.0.0.5",
            "1.25,3.50,4.75,5.00,6.25,7.50,8.75,9.00,9.25,9.50",
            "a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r",
            r"\u041d\u0435\u0432\u0435\u0440\u043d\u044b\u0439\u041d\u0435\u0432\u0435\u0440\u043d\u044b\u0439\u041d\u0435\u0432",
            "8=FIX|9=118|35=5|34=2|49=BO|52=2026|56=QA|58=No|10=131|11=1|12=2|13=3|14=4",
            "2026-11-25 08:58:30 2026-11-25 08:58:31 2026-11-25 08:58:32 2026-11-25",
        ] {
            assert!(!series(text).iter().any(|(_, is_long)| *is_long), "{text}");
        }
    }

    #[test]
    fn spaced_credentials_are_found_and_small_numbers_are_not() {
        let token = "x14f8d6cb95eb44bcf894284b";
        for separator in ["\u{ad}", "\t", "\", \"", "\u{332}", " . "] {
            let text: Vec<String> = token.chars().map(String::from).collect();
            let text = format!("the token [{}] is wrong", text.join(separator));
            assert!(spaced(&text).iter().any(|run| run.start == 11 && run.end >= text.len() - 10), "{text}");
        }
        for text in [
            "1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13",
            "it is as if I am to do so, or we go by it",
            "00:1b:44:11:3a:b7",
        ] {
            assert!(spaced(text).is_empty(), "{text}");
        }
    }

    #[test]
    fn lines_of_a_dump_are_found_whole() {
        let xxd = "00000000: 4361 6e61 7279 2b6f 6e65 2f37 5177 2625  Canary+one/7Qw&%\n00000010: 21                                       !";
        assert_eq!(lines(&format!("before\n{xxd}\nafter")).first(), Some(&(7..7 + xxd.len())));
        let in_json = xxd.replace('\n', "\\n");
        assert_eq!(lines(&format!("{{\"a\":\"{in_json}\",\"b\":1}}")).first(), Some(&(6..6 + in_json.len())));
        assert!(lines("at 2026 11 25 08 58 30, 1200 of them").is_empty());
    }
}
