//! Which parts of a text have the form of a credential: long and random, under any name in any place. Words, numbers, dates, dotted
//! codes, addresses and versions have not.

use std::ops::Range;

/// Random characters from which on a run counts as a credential.
const FEWEST: usize = 8;
/// Most characters without randomness between two random ones of the same credential.
const WIDEST_GAP: usize = 8;
/// Letters of the shortest word whose pairs of letters are compared with those of ordinary words.
const SHORTEST_WORD: usize = 8;
/// Letters from which on such a comparison alone decides.
const LONG_WORD: usize = 12;
/// Letters of a word that hardly any language has in one piece.
const LONGEST_WORD: usize = 28;
/// Characters from which on letters with digits among them are no name.
const LONG_MIXTURE: usize = 20;
/// Characters from which on the letters among digits are compared with those of words.
const MIDDLE_MIXTURE: usize = 12;
/// Characters of the shortest run that counts by its changes of case.
const LONG_RUN: usize = 24;
/// Hexadecimal digits of the shortest run with hyphens in it.
const LONG_HEX: usize = 14;
/// Characters of a group of a credential, and groups before the last.
const GROUP: std::ops::RangeInclusive<usize> = 4..=8;
const FEWEST_GROUPS: usize = 3;
/// Digits from which on a number is longer than any time, amount or id that people read.
const LONG_NUMBER: usize = 14;

/// The pairs of letters that make up most of ordinary text in European languages.
const PAIRS: &str = "ab ac ad ag ai ak al am an ap ar as at au av ay ba be bi bl bo br bu by ca cc ce ch ci ck cl co cr ct cu da \
                     dd de di do dr du ea ec ed ee ef ei el em en ep er es et eu ev ew ex ey fa fe ff fi fo fr fu ga ge gh gi gl go \
                     gr gu ha he hi ho ht ia ib ic id ie if ig il im in io ip ir is it iv iz ke ki la lb ld le li ll lo ls lt lu \
                     ly ma mb me mi mm mo mp ms mu na nc nd ne nf ng ni nk nl nn no ns nt nu nv ob oc od of og ok ol om on oo op \
                     or os ot ou ov ow pa pe ph pi pl po pp pr pt pu qu ra rc rd re rg ri rk rl rm rn ro rr rs rt ru rv ry sa sc \
                     se sh si sk sl sm so sp ss st su sw sy ta te th ti to tr ts tt tu tw ty ub uc ud ue ug ui ul um un up ur us \
                     ut va ve vi vo wa we wh wi wn wo wr ws xc xe xi xp xt ye yp ys yt ze";

/// The ranges of a text that have the form of a credential, in bytes.
pub(super) fn credential_ranges(text: &str) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    let mut cluster: Option<(Range<usize>, usize)> = None;
    for atom in atoms(text.as_bytes()) {
        let weight = weight(&text[atom.clone()]);
        if weight == 0 {
            continue;
        }
        cluster = match cluster.take() {
            Some((range, sum)) if joins(text, range.end..atom.start) => Some((range.start..atom.end, sum + weight)),
            before => {
                found.extend(finished(text, before));
                Some((atom, weight))
            }
        };
    }
    found.extend(finished(text, cluster));
    found.extend(mixed_runs(text));
    found.extend(hexadecimal_runs(text));
    found.extend(grouped_runs(text));
    merged(found)
}

/// The ranges in order, those that overlap as one.
pub(super) fn merged(mut found: Vec<Range<usize>>) -> Vec<Range<usize>> {
    found.sort_by_key(|range| range.start);
    found.dedup_by(|next, before| {
        let overlaps = next.start < before.end;
        if overlaps {
            before.end = before.end.max(next.end);
        }
        overlaps
    });
    found
}

/// Runs of base64url that its own `-` and `_` cut into atoms too short to judge: long, with digits, and changing between upper and
/// lower case far more often than names such as `X-Content-Type` do.
fn mixed_runs(text: &str) -> impl Iterator<Item = Range<usize>> {
    let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_~+".contains(byte);
    runs(text, is_part).filter(|run| run.len() >= LONG_RUN && is_mixed(&text.as_bytes()[run.clone()]))
}

/// Runs of hexadecimal digits that hyphens cut into atoms too short to judge, such as the beginning of a UUID.
fn hexadecimal_runs(text: &str) -> impl Iterator<Item = Range<usize>> {
    let is_part = |byte: &u8| byte.is_ascii_hexdigit() || *byte == b'-';
    let is_random = |run: &[u8]| {
        let digits = run.iter().filter(|byte| byte.is_ascii_digit()).count();
        let letters = run.iter().filter(|byte| byte.is_ascii_alphabetic()).count();
        digits + letters >= LONG_HEX && digits >= 3 && letters >= 1
    };
    runs(text, is_part).filter(move |run| is_random(&text.as_bytes()[run.clone()]))
}

/// Groups of equally many letters and digits with hyphens between them, as licences and recovery codes are written.
fn grouped_runs(text: &str) -> impl Iterator<Item = Range<usize>> {
    let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'-';
    let is_random = |run: &str| {
        let groups: Vec<&str> = run.split('-').collect();
        let length = groups[0].len();
        let (last, others) = groups.split_last().unwrap_or((&"", &[]));
        others.len() >= FEWEST_GROUPS
            && GROUP.contains(&length)
            && last.len() <= length
            && others.iter().all(|group| group.len() == length)
            && weight(&groups.concat()) > 0
    };
    runs(text, is_part).filter(move |run| text.get(run.clone()).is_some_and(is_random))
}

fn runs(text: &str, is_part: impl Fn(&u8) -> bool) -> impl Iterator<Item = Range<usize>> {
    text.as_bytes().split(move |byte| !is_part(byte)).map(|run| {
        let start = run.as_ptr().addr() - text.as_ptr().addr();
        start..start + run.len()
    })
}

fn is_mixed(run: &[u8]) -> bool {
    let letters = run.iter().filter(|byte| byte.is_ascii_alphabetic()).count();
    let is_flip = |pair: &&[u8]| {
        pair.iter().all(u8::is_ascii_alphabetic) && pair[0].is_ascii_uppercase() != pair[1].is_ascii_uppercase()
    };
    let flips = run.windows(2).filter(is_flip).count();
    run.iter().any(u8::is_ascii_digit) && flips * 4 >= letters
}

/// Whether no part of the text has the form of a credential.
pub(crate) fn is_ordinary(text: &str) -> bool {
    credential_ranges(text).is_empty()
}

fn finished(text: &str, cluster: Option<(Range<usize>, usize)>) -> Option<Range<usize>> {
    let (range, sum) = cluster?;
    (sum >= FEWEST).then(|| extended(text.as_bytes(), range))
}

/// The range with what belongs to the same token: characters of tokens on both sides, and padding.
pub(super) fn extended(text: &[u8], range: Range<usize>) -> Range<usize> {
    let is_part = |byte: &&u8| byte.is_ascii_alphanumeric() || b"-_.~+".contains(byte);
    let before = text[..range.start].iter().rev().take_while(is_part).count();
    let after = text[range.end..].iter().take_while(is_part).count();
    let (mut start, mut end) = (range.start - before, range.end + after);
    while let Some(next) = odd_neighbour(text[..start].iter().rev()) {
        start -= next;
    }
    while let Some(next) = odd_neighbour(text[end..].iter()) {
        end += next;
    }
    end += text[end..].iter().take_while(|byte| **byte == b'=').count();
    // A full stop ends a sentence.
    while end > range.end && text[end - 1] == b'.' {
        end -= 1;
    }
    start..end
}

/// Bytes of a separator of base64 or of pairs and of the atom after it, where that is no word: it belongs to the same credential.
fn odd_neighbour<'a>(mut bytes: impl Iterator<Item = &'a u8>) -> Option<usize> {
    bytes.next().filter(|byte| b"/:+".contains(byte))?;
    let atom: Vec<u8> = bytes.copied().take_while(u8::is_ascii_alphanumeric).collect();
    let has = |kind: fn(&u8) -> bool| atom.iter().any(kind);
    let pairs = atom.windows(2).filter(|pair| pair.iter().all(u8::is_ascii_alphabetic));
    let (all, usual) = (pairs.clone().count(), pairs.filter(|pair| is_usual(pair)).count());
    let is_odd = has(u8::is_ascii_digit) && has(u8::is_ascii_alphabetic) || usual * 2 < all;
    (atom.len() >= 4 && is_odd).then_some(atom.len() + 1)
}

/// Whether what is between two random atoms belongs to the same credential.
fn joins(text: &str, gap: Range<usize>) -> bool {
    gap.len() <= WIDEST_GAP
        && text[gap].bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.~+/=\\%&#;:".contains(&byte))
}

/// Runs of letters and digits.
fn atoms(text: &[u8]) -> impl Iterator<Item = Range<usize>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        at += text[at..].iter().take_while(|byte| !byte.is_ascii_alphanumeric()).count();
        let start = at;
        at += text[at..].iter().take_while(|byte| byte.is_ascii_alphanumeric()).count();
        (at > start).then_some(start..at)
    })
}

/// How many of its characters count as random; 0 for an ordinary atom.
fn weight(atom: &str) -> usize {
    if atom.len() < 4 {
        return 0;
    }
    let digits = atom.bytes().filter(u8::is_ascii_digit).count();
    let random = match digits {
        0 => is_random_word(atom),
        digits if digits == atom.len() => is_random_number(atom),
        _ => is_random_mixture(atom),
    };
    if random { atom.len() } else { 0 }
}

/// Times in milliseconds, microseconds and nanoseconds, and dates written without separators, are ordinary.
fn is_random_number(digits: &str) -> bool {
    let is_time = matches!(digits.len(), 16 | 19) && digits.starts_with('1');
    let is_date = matches!(digits.len(), 14 | 17) && digits.starts_with("20");
    digits.len() >= LONG_NUMBER && !is_time && !is_date
}

fn is_random_word(letters: &str) -> bool {
    if letters.len() < SHORTEST_WORD {
        return false;
    }
    let bytes = letters.as_bytes();
    let flips = bytes.windows(2).filter(|pair| pair[0].is_ascii_uppercase() != pair[1].is_ascii_uppercase()).count();
    let mixes_cases = flips * 5 >= letters.len() * 2;
    // The beginning of a word within a word, as in `accessToken`, may be any pair.
    let begins = |pair: &[u8]| !mixes_cases && pair[0].is_ascii_lowercase() && pair[1].is_ascii_uppercase();
    let usual = bytes.windows(2).filter(|pair| begins(pair) || is_usual(pair)).count();
    let pairs = bytes.len() - 1;
    // Nearly all pairs of an ordinary word are usual, and a third of those of random letters; more letters show that more clearly.
    let is_unusual = if letters.len() >= LONGEST_WORD { usual * 4 < pairs * 3 } else { usual * 5 < pairs * 3 };
    if letters.len() >= LONG_WORD || mixes_cases { is_unusual } else { usual * 4 < pairs }
}

fn is_usual(pair: &[u8]) -> bool {
    let index = |byte: u8| usize::from(byte.to_ascii_lowercase().wrapping_sub(b'a'));
    USUAL.get(index(pair[0]) * 26 + index(pair[1])).copied().unwrap_or(false)
}

static USUAL: [bool; 26 * 26] = usual_pairs();

const fn usual_pairs() -> [bool; 26 * 26] {
    let (mut usual, text, mut at) = ([false; 26 * 26], PAIRS.as_bytes(), 0);
    while at + 1 < text.len() {
        if text[at] == b' ' {
            at += 1;
        } else {
            usual[(text[at] - b'a') as usize * 26 + (text[at + 1] - b'a') as usize] = true;
            at += 2;
        }
    }
    usual
}

/// Letters and digits. `rfc7231`, `sha256`, `MD5withRSA` and `20261124T080000Z` are ordinary.
fn is_random_mixture(atom: &str) -> bool {
    let changes =
        atom.as_bytes().windows(2).filter(|pair| pair[0].is_ascii_digit() != pair[1].is_ascii_digit()).count();
    let word = |part: &str| (part.len() >= 3 || changes <= 2) && !is_random_word(part);
    let words = atom.split(|c: char| c.is_ascii_digit()).filter(|part| !part.is_empty());
    let numbers = atom.split(|c: char| c.is_ascii_alphabetic()).filter(|part| !part.is_empty());
    match changes {
        1 => {
            let longest = numbers.map(str::len).max().unwrap_or_default();
            longest > FEWEST || words.into_iter().any(is_random_word)
        }
        _ if is_stamp(atom) => false,
        _ if atom.len() >= LONG_MIXTURE => true,
        _ if atom.len() >= MIDDLE_MIXTURE && has_random_letters(atom) => true,
        2..=3 => !(words.into_iter().all(word) && numbers.map(str::len).all(|length| length <= 4)),
        _ => true,
    }
}

/// Whether the letters of a mixture change their case more often than names do, or too few of their pairs are usual.
fn has_random_letters(atom: &str) -> bool {
    let pairs = || atom.as_bytes().windows(2).filter(|pair| pair.iter().all(u8::is_ascii_alphabetic));
    let is_flip = |pair: &&[u8]| pair[0].is_ascii_uppercase() != pair[1].is_ascii_uppercase();
    // The beginning of a word within a name may be any pair.
    let inner = || pairs().filter(|pair| !(pair[0].is_ascii_lowercase() && pair[1].is_ascii_uppercase()));
    let (all, flips) = (pairs().count(), pairs().filter(is_flip).count());
    let (inside, usual) = (inner().count(), inner().filter(|pair| is_usual(pair)).count());
    flips * 5 >= all * 2 && flips >= 3 || inside >= 4 && usual * 3 < inside * 2
}

/// `20261124T080000Z`.
fn is_stamp(atom: &str) -> bool {
    let Some((date, time)) = atom.split_once('T') else { return false };
    let is_number = |text: &str, length: usize| text.len() == length && text.bytes().all(|byte| byte.is_ascii_digit());
    is_number(date, 8) && is_number(time.trim_end_matches('Z'), 6)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn credentials_are_recognised_wherever_they_are() {
        for credential in [
            "0f8fad5b-d9cb-469f-a165-70867728950e",
            "be199137-e59e-4ba4-8",
            "f2f8c6c0b7d94bb1",
            "33a64df551425fcc55e4d42a148795d9f25f89d4",
            "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl",
            "s%3Aq1W2e3R4t5Y6u7I8",
            "tok_live_51HqLyjWDarjtT1zdp7dc",
            "qzXkWvTbRmNpLdGhJfKc",
            "xkqzvwjhtbnmpfgdrlcs",
            "QUFBQUFBQUFBQUFBQUFBQUFBQUFB",
            "83920174650192837465",
            "aB3/dE5fG7+hI9jK1lM3==",
            "PAYDS-MBVMJ-RTEML-FGYYW",
        ] {
            for text in
                [credential.to_owned(), format!("the token {credential}, and more"), format!("\"{credential}\":1")]
            {
                let ranges = credential_ranges(&text);
                let covered: usize = ranges.iter().map(|range| range.len()).sum();
                assert!(covered + 4 >= credential.len(), "{text}: {ranges:?}");
            }
        }
    }

    #[test]
    fn ordinary_text_is_no_credential() {
        for text in [
            "Login or password is wrong",
            "2026-11-24T08:00:00.123Z",
            "Tue, 24 Nov 2026 08:00:00 GMT",
            "1.2.0.11",
            "application/json;charset=utf-8",
            "org.springframework.security.authentication.BadCredentialsException: Bad credentials",
            "at com.example.auth.TokenServiceImpl.refreshAccessToken(TokenServiceImpl.java:1234)",
            "nginx/1.25.3 (Ubuntu) OpenSSL/3.0.2",
            "https://tools.ietf.org/html/rfc7231#section-6.5.1",
            "{\"accessTokenLifeTime\":300,\"timestamp\":1795000000123}",
            "max-age=31536000; includeSubDomains",
            "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
            "X-Content-Type-Options: nosniff",
            "MD5withRSA, sha256, ed25519, utf8, x86_64, base64url",
            "10.0.0.12:8443",
            "Bundesversicherungsanstalt, Datenschutzgrundverordnung, Rechtsschutzversicherung",
            "JsonWebTokenError HttpMessageNotReadableException MethodArgumentNotValid",
            "20261124T080000Z 20261124080000",
            "X-RateLimit-Remaining-Per-Minute-V2 Strict-Transport-Security-Max-Age-365",
            "BoConformance-TokenService-Endpoint-V2_Beta1",
        ] {
            let ranges = credential_ranges(text);
            let shown: Vec<&str> = ranges.into_iter().map(|range| &text[range]).collect();
            assert_eq!(shown, [""; 0], "{text}");
        }
    }

    /// Characters drawn uniformly, as a server draws them; proptest prefers the small ranges of a class.
    fn draw(alphabet: &str, length: usize, state: &mut u64) -> String {
        let next = || {
            *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            char::from(alphabet.as_bytes()[(*state >> 33) as usize % alphabet.len()])
        };
        std::iter::repeat_with(next).take(length).collect()
    }

    /// Random letters look like a word now and then; the same tokens are drawn in every run.
    #[test]
    fn hardly_any_random_token_is_taken_for_a_word() {
        const LOWER: &str = "abcdefghijklmnopqrstuvwxyz";
        let alphanumeric = format!("{LOWER}{}0123456789", LOWER.to_uppercase());
        let base64url = format!("{alphanumeric}-_");
        let mut state = 1;
        for (alphabet, length, most_missed) in
            [(alphanumeric.as_str(), 24, 3), ("0123456789abcdef", 32, 0), (base64url.as_str(), 43, 1), (LOWER, 32, 20)]
        {
            let tokens = (0..5_000).map(|_| draw(alphabet, length, &mut state));
            let missed = tokens.filter(|token| is_ordinary(token)).count();
            assert!(missed <= most_missed, "{missed} of 5,000 {alphabet}");
        }
    }

    proptest! {
        #[test]
        fn ranges_are_ordered_and_within_the_text(text in "\\PC{0,80}") {
            let mut end = 0;
            for range in credential_ranges(&text) {
                prop_assert!(range.start >= end && text.get(range.clone()).is_some());
                end = range.end;
            }
        }
    }
}
