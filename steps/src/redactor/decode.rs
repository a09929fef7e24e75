//! Decodes text as a reader could: the escapes of JSON, HTML, URLs and quoted-printable, UTF-16 read as bytes, and the base64 and
//! hexadecimal runs within it. Secrets are compared with decoded text, so that no encoding hides them.

use base64::{
    Engine,
    alphabet::{STANDARD, URL_SAFE},
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};

/// Most encodings on top of each other that are decoded.
const DEPTH: usize = 4;
/// Most decoded texts of one text.
const MOST_FORMS: usize = 40;
/// Most bytes of all decoded texts, as a multiple of the text, and at least this many.
const MOST_BYTES: usize = 1 << 16;
/// Characters of the shortest base64 run that is decoded.
const SHORTEST_BASE64: usize = 6;
/// Digits of the shortest hexadecimal run that is decoded.
const SHORTEST_HEX: usize = 8;

const LENIENT: GeneralPurposeConfig = GeneralPurposeConfig::new()
    .with_decode_allow_trailing_bits(true)
    .with_decode_padding_mode(DecodePaddingMode::Indifferent);
const BASE64: [GeneralPurpose; 2] = [GeneralPurpose::new(&STANDARD, LENIENT), GeneralPurpose::new(&URL_SAFE, LENIENT)];

/// The text in every decoded form, the text itself not included. Decoded forms are decoded again, up to a fixed depth and size.
pub(crate) fn decoded_forms(text: &str) -> Vec<String> {
    let mut forms: Vec<String> = Vec::new();
    let mut budget = text.len().saturating_mul(8).max(MOST_BYTES);
    let mut level = vec![text.to_owned()];
    for _ in 0..DEPTH {
        let mut next = Vec::new();
        for form in DECODERS.iter().flat_map(|decode| level.iter().filter_map(|text| decode(text))) {
            if form == text || forms.contains(&form) {
                continue;
            }
            if forms.len() == MOST_FORMS || budget < form.len() {
                return forms;
            }
            budget -= form.len();
            forms.push(form.clone());
            next.push(form);
        }
        level = next;
    }
    forms
}

/// Gives `None` where there is nothing to decode.
pub(super) type Decoder = fn(&str) -> Option<String>;

pub(super) const DECODERS: [Decoder; 9] =
    [utf16, json, html, percent, quoted_printable, |text| base64(text, 0), |text| base64(text, 1), hex, spaced_hex];

/// UTF-16 read as bytes leaves a zero beside each ASCII character.
fn utf16(text: &str) -> Option<String> {
    let text = text.replace("\\u0000", "\0");
    text.contains('\0').then(|| text.replace('\0', ""))
}

/// Replaces the sequences that begin with `lead` and that `read` understands: it gets what follows the lead, and gives the bytes
/// that stand for it and how much of the text they take.
fn unescape(text: &str, lead: char, read: impl Fn(&str) -> Option<(Vec<u8>, usize)>) -> Option<String> {
    let mut rest = text;
    let mut decoded = Vec::with_capacity(text.len());
    let mut changed = false;
    while let Some(at) = rest.find(lead) {
        let after = &rest[at + lead.len_utf8()..];
        decoded.extend_from_slice(&rest.as_bytes()[..at]);
        rest = match read(after) {
            Some((bytes, taken)) => {
                decoded.extend(bytes);
                changed = true;
                &after[taken..]
            }
            None => {
                decoded.extend_from_slice(lead.encode_utf8(&mut [0; 4]).as_bytes());
                after
            }
        };
    }
    decoded.extend_from_slice(rest.as_bytes());
    changed.then(|| String::from_utf8_lossy(&decoded).into_owned())
}

fn json(text: &str) -> Option<String> {
    unescape(text, '\\', |after| {
        let kind = after.chars().next()?;
        let one = |c: char| Some((c.to_string().into_bytes(), 1));
        match kind {
            'u' | 'U' if after[1..].starts_with('{') => {
                let end = after.find('}')?;
                let character = char::from_u32(u32::from_str_radix(after.get(2..end)?, 16).ok()?)?;
                Some((character.to_string().into_bytes(), end + 1))
            }
            'u' | 'U' => utf16_unit(after),
            'x' | 'X' => Some((vec![u8::from_str_radix(after.get(1..3)?, 16).ok()?], 3)),
            'n' => one('\n'),
            'r' => one('\r'),
            't' => one('\t'),
            'b' => one('\u{8}'),
            'f' => one('\u{c}'),
            c if c.is_ascii_punctuation() => one(c),
            _ => None,
        }
    })
}

/// One `uXXXX`, or two that are a surrogate pair.
fn utf16_unit(after: &str) -> Option<(Vec<u8>, usize)> {
    let unit = |from: usize| u16::from_str_radix(after.get(from..from + 4)?, 16).ok();
    let first = unit(1)?;
    let second = if after.get(5..7) == Some("\\u") { unit(7) } else { None };
    let pair = second.filter(|_| (0xd800..0xdc00).contains(&first));
    let units = [Some(first), pair].into_iter().flatten();
    let text: String = char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect();
    Some((text.into_bytes(), if pair.is_some() { 11 } else { 5 }))
}

fn html(text: &str) -> Option<String> {
    unescape(text, '&', |after| {
        if let Some(number) = after.strip_prefix('#') {
            let (digits, radix, before) = match number.strip_prefix(['x', 'X']) {
                Some(digits) => (digits, 16, 2),
                None => (number, 10, 1),
            };
            let length = digits.bytes().take(8).take_while(|byte| char::from(*byte).is_digit(radix)).count();
            let character = char::from_u32(u32::from_str_radix(&digits[..length], radix).ok()?)?;
            let semicolon = usize::from(digits[length..].starts_with(';'));
            return Some((character.to_string().into_bytes(), before + length + semicolon));
        }
        NAMED
            .iter()
            .find_map(|(name, character)| after.starts_with(name).then(|| (character.as_bytes().to_vec(), name.len())))
    })
}

/// The named characters of HTML that passwords and tokens are likely to have.
const NAMED: [(&str, &str); 35] = [
    ("amp;", "&"),
    ("lt;", "<"),
    ("gt;", ">"),
    ("quot;", "\""),
    ("apos;", "'"),
    ("nbsp;", "\u{a0}"),
    ("excl;", "!"),
    ("num;", "#"),
    ("dollar;", "$"),
    ("percnt;", "%"),
    ("lpar;", "("),
    ("rpar;", ")"),
    ("ast;", "*"),
    ("plus;", "+"),
    ("comma;", ","),
    ("period;", "."),
    ("sol;", "/"),
    ("colon;", ":"),
    ("semi;", ";"),
    ("equals;", "="),
    ("quest;", "?"),
    ("commat;", "@"),
    ("lsqb;", "["),
    ("lbrack;", "["),
    ("bsol;", "\\"),
    ("rsqb;", "]"),
    ("rbrack;", "]"),
    ("Hat;", "^"),
    ("lowbar;", "_"),
    ("UnderBar;", "_"),
    ("grave;", "`"),
    ("lcub;", "{"),
    ("verbar;", "|"),
    ("vert;", "|"),
    ("rcub;", "}"),
];

fn hex_byte(after: &str) -> Option<(Vec<u8>, usize)> {
    let digits = after.get(..2).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()))?;
    Some((vec![u8::from_str_radix(digits, 16).ok()?], 2))
}

fn percent(text: &str) -> Option<String> {
    let spaced = if text.contains('%') { text.replace('+', " ") } else { text.to_owned() };
    let kept = unescape(text, '%', hex_byte)?;
    // In forms `+` is a blank; both readings count.
    let form = unescape(&spaced, '%', hex_byte)?;
    Some(if form == kept { kept } else { format!("{kept}\n{form}") })
}

fn quoted_printable(text: &str) -> Option<String> {
    unescape(text, '=', |after| {
        let soft_break = ["\r\n", "\n", "\\r\\n", "\\n"].iter().find(|end| after.starts_with(**end));
        soft_break.map(|end| (Vec::new(), end.len())).or_else(|| hex_byte(after))
    })
}

/// The decoded runs of an alphabet, one a line.
fn runs(text: &str, is_part: impl Fn(char) -> bool, decode: impl Fn(&str) -> Option<Vec<u8>>) -> Option<String> {
    let decoded = text.split(|c| !is_part(c)).filter_map(decode);
    let text = |bytes: Vec<u8>| Some(String::from_utf8_lossy(&bytes).into_owned()).filter(|line| is_mostly_text(line));
    let lines: Vec<String> = decoded.filter_map(text).collect();
    (!lines.is_empty()).then(|| lines.join("\n"))
}

/// Whether hardly any character of it is what decoding something else gives. Zeros are those of UTF-16.
fn is_mostly_text(line: &str) -> bool {
    let is_garbage = |c: &char| *c == char::REPLACEMENT_CHARACTER || c.is_control() && !"\0\r\n\t".contains(*c);
    line.chars().filter(is_garbage).count() * 6 <= line.chars().count()
}

fn base64(text: &str, engine: usize) -> Option<String> {
    let other = if engine == 0 { "+/" } else { "-_" };
    // Lines of mail are wrapped.
    let text = if text.contains('\n') { text.replace("\r\n", "").replace('\n', "") } else { text.to_owned() };
    runs(
        &text,
        |c| c.is_ascii_alphanumeric() || other.contains(c),
        |run| {
            // One character alone encodes nothing.
            let run = &run[..run.len() - usize::from(run.len() % 4 == 1)];
            if run.len() < SHORTEST_BASE64 { None } else { BASE64[engine].decode(run).ok() }
        },
    )
}

fn hex(text: &str) -> Option<String> {
    runs(text, |c| c.is_ascii_hexdigit(), hex_run)
}

/// Digits in pairs with one separator between them, as dumps have them.
fn spaced_hex(text: &str) -> Option<String> {
    let mut joined = String::with_capacity(text.len());
    let mut pairs = 0;
    for pair in text.split([' ', ':', '-', ',']) {
        let pair = pair.trim_start_matches("0x").trim_start_matches("\\x");
        if pair.len() == 2 && pair.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            pairs += 1;
        } else {
            joined.push(' ');
        }
        joined.push_str(pair);
    }
    if pairs * 2 < SHORTEST_HEX { None } else { hex(&joined) }
}

fn hex_run(run: &str) -> Option<Vec<u8>> {
    let pairs = run.as_bytes().chunks_exact(2);
    let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
    if run.len() < SHORTEST_HEX { None } else { pairs.map(byte).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_encoding_and_chains_of_them_are_decoded() {
        let wanted = "Can+ary/7Q&w!";
        for text in [
            r"\u0043an\u002bary\/7Q\u0026w!",
            r"\x43an+ary/7Q&w!",
            "Can&#43;ary&#x2F;7Q&amp;w&excl;",
            "Can%2Bary%2f7Q%26w!",
            "C=61n+ary/7Q&w=21",
            "C\0a\0n\0+\0a\0r\0y\0/\x007\0Q\0&\0w\0!\0",
            "Q2FuK2FyeS83USZ3IQ==",
            "43616e2b6172792f3751267721",
            "43 61 6E 2b 61 72 79 2f 37 51 26 77 21",
            "Q2FuK2FyeS83USZ3%49Q",
            "51324675%4b3246%35 NTEzMjQ2NzU0YjMyNDY3OTY1NTMzODMzNTU1MzVhMzM0OTUx",
            r"Can%252Bary\u00252f7Q%26amp;w!",
        ] {
            let found = decoded_forms(text).iter().any(|form| form.contains(wanted));
            assert!(found, "{text} gives {:?}", decoded_forms(text));
        }
    }

    #[test]
    fn ordinary_text_has_few_forms_and_a_bomb_stays_small() {
        assert_eq!(decoded_forms("no, it is 12:30"), [""; 0]);
        let bomb = "%25".repeat(100_000);
        assert!(decoded_forms(&bomb).iter().map(String::len).sum::<usize>() <= bomb.len() * 8);
    }
}
