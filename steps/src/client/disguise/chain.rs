//! Chains of encodings. Independent of the redactor: each encoder is written anew.

use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};

use super::{credential::Credential, draw::Draw};

/// A credential, and how it is written.
pub(super) struct Disguise {
    pub(super) name: String,
    /// The credential, or the part of it that is taken, and the text after each encoding.
    pub(super) steps: Vec<String>,
    pub(super) is_password: bool,
    pub(super) is_ordinary_in_parts: bool,
}

impl Disguise {
    /// One of the credentials through a chain of up to three encodings.
    pub(super) fn of_one(all: &[Credential], draw: &mut Draw) -> Self {
        let Credential { text, is_password, is_ordinary_in_parts } = all[draw.below(all.len())].clone();
        let (mut names, mut steps) = (vec!["plain"], vec![text.clone()]);
        let mut encoders = &ENCODERS[..];
        if !is_ordinary_in_parts && draw.happens(15) {
            let (name, part) = part_of(&text, draw);
            (names, steps) = (vec![name], vec![part]);
            // The part itself is not known to anybody, so that only its form can give it away.
            encoders = &ENCODERS[TURNED..];
        }
        for _ in 0..draw.below(4) {
            let (name, encode) = encoders[draw.below(encoders.len())];
            let text = steps.last().map(String::as_str).unwrap_or_default();
            // Nobody writes a token so.
            if text.len() > 900 {
                break;
            }
            steps.push(encode(text, draw));
            names.push(name);
            // Lines that are turned round or written in another case are no lines of that kind any more.
            if matches!(name, "uuencode" | "xxd" | "hexdump") {
                break;
            }
        }
        Self { name: names.join(" "), steps, is_password, is_ordinary_in_parts }
    }

    /// As it is sent.
    pub(super) fn text(&self) -> &str {
        self.steps.last().map(String::as_str).unwrap_or_default()
    }
}

fn part_of(token: &str, draw: &mut Draw) -> (&'static str, String) {
    if let [_, payload, signature] = token.split('.').collect::<Vec<_>>()[..] {
        return ("jwt part", draw.one_of(&[payload, signature]).to_owned());
    }
    let most = token.len() * 3 / 4;
    if draw.happens(50) {
        ("beginning", token[..most].to_owned())
    } else {
        ("end", token[token.len() - most..].to_owned())
    }
}

type Encoder = fn(&str, &mut Draw) -> String;

/// How many of the encoders only turn letters round; they come first.
const TURNED: usize = 2;

const ENCODERS: [(&str, Encoder); 25] = [
    ("rot13", |text, _| text.chars().map(rot13).collect()),
    ("reversed", |text, _| text.chars().rev().collect()),
    ("json", json),
    ("html", html),
    ("percent", percent),
    ("percent-twice", |text, draw| percent(text, draw).replace('%', "%25")),
    ("hex", |text, _| joined(text, "", |byte| format!("{byte:02x}"))),
    ("HEX", |text, _| joined(text, "", |byte| format!("{byte:02X}"))),
    ("hex-separated", |text, draw| {
        let separator = draw.one_of(&[" ", ":", "-", ", ", ","]).to_owned();
        joined(text, &separator, |byte| format!("{byte:02x}"))
    }),
    ("hex-0x", |text, _| joined(text, ", ", |byte| format!("0x{byte:02x}"))),
    ("hex-escapes", |text, _| joined(text, "", |byte| format!("\\x{byte:02X}"))),
    ("xxd", xxd),
    ("hexdump", hexdump),
    ("base64", |text, _| STANDARD.encode(text)),
    ("base64url", |text, _| URL_SAFE_NO_PAD.encode(text)),
    ("base64-mime", |text, draw| {
        let width = if draw.happens(50) { 76 } else { 20 };
        wrapped(&STANDARD.encode(text), width, "\r\n")
    }),
    ("base64-offset", |text, draw| STANDARD.encode(format!("{}:{text}", &"trader1"[..1 + draw.below(6)]))),
    ("base32", |text, _| base32(text.as_bytes())),
    ("utf16le", |text, _| text.chars().flat_map(|c| [c, '\0']).collect()),
    ("utf16be", |text, _| text.chars().flat_map(|c| ['\0', c]).collect()),
    ("quoted-printable", quoted_printable),
    ("uuencode", |text, draw| {
        let lines = uuencode(text.as_bytes());
        if draw.happens(50) { format!("begin 644 data\n{lines}\n`\nend") } else { lines }
    }),
    ("decimal", |text, draw| {
        let separator = draw.one_of(&[", ", ",", " ", ";"]).to_owned();
        joined(text, &separator, |byte| byte.to_string())
    }),
    ("octal", |text, _| joined(text, " ", |byte| format!("{byte:o}"))),
    ("case", |text, draw| match draw.below(3) {
        0 => text.to_uppercase(),
        1 => text.to_lowercase(),
        _ => text.chars().map(swapped).collect(),
    }),
];

fn joined(text: &str, separator: &str, write: fn(u8) -> String) -> String {
    text.bytes().map(write).collect::<Vec<_>>().join(separator)
}

fn json(text: &str, draw: &mut Draw) -> String {
    let share = [20, 100][draw.below(2)];
    let write = |c: char| {
        if c == '"' || c == '\\' || (c as u32) < 0x20 || draw.happens(share) {
            let mut units = [0; 2];
            c.encode_utf16(&mut units).iter().map(|unit| format!("\\u{unit:04x}")).collect()
        } else if c == '/' {
            "\\/".to_owned()
        } else {
            c.to_string()
        }
    };
    text.chars().map(write).collect()
}

fn html(text: &str, draw: &mut Draw) -> String {
    let share = [20, 100][draw.below(2)];
    let write = |c: char| match c {
        '&' => "&amp;".to_owned(),
        '<' => "&lt;".to_owned(),
        '"' => "&quot;".to_owned(),
        '+' => "&plus;".to_owned(),
        c if draw.happens(share) => match draw.below(3) {
            0 => format!("&#{};", c as u32),
            1 => format!("&#x{:x};", c as u32),
            _ => format!("&#X{:04X};", c as u32),
        },
        c => c.to_string(),
    };
    text.chars().map(write).collect()
}

fn percent(text: &str, draw: &mut Draw) -> String {
    let (share, upper) = ([20, 100][draw.below(2)], draw.happens(50));
    let write = |byte: u8| {
        if !byte.is_ascii_alphanumeric() && !b"-._~".contains(&byte) || draw.happens(share) {
            if upper { format!("%{byte:02X}") } else { format!("%{byte:02x}") }
        } else {
            char::from(byte).to_string()
        }
    };
    text.bytes().map(write).collect()
}

fn printable(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| if byte.is_ascii_graphic() { char::from(*byte) } else { '.' }).collect()
}

fn xxd(text: &str, _: &mut Draw) -> String {
    let line = |(number, bytes): (usize, &[u8])| {
        let pairs: Vec<String> =
            bytes.chunks(2).map(|pair| pair.iter().map(|byte| format!("{byte:02x}")).collect()).collect();
        format!("{:08x}: {:39}  {}", number * 16, pairs.join(" "), printable(bytes))
    };
    text.as_bytes().chunks(16).enumerate().map(line).collect::<Vec<_>>().join("\n")
}

fn hexdump(text: &str, _: &mut Draw) -> String {
    let line = |(number, bytes): (usize, &[u8])| {
        let bytes_shown: Vec<String> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        format!("{:08x}  {:49} |{}|", number * 16, bytes_shown.join(" "), printable(bytes))
    };
    text.as_bytes().chunks(16).enumerate().map(line).collect::<Vec<_>>().join("\n")
}

fn wrapped(text: &str, width: usize, end: &str) -> String {
    let lines: Vec<String> =
        text.as_bytes().chunks(width).map(|line| String::from_utf8_lossy(line).into_owned()).collect();
    lines.join(end)
}

fn base32(bytes: &[u8]) -> String {
    const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let bits: Vec<u8> = bytes.iter().flat_map(|byte| (0..8).rev().map(move |at| byte >> at & 1)).collect();
    let mut text: String = bits
        .chunks(5)
        .map(|five| {
            let number = five.iter().fold(0, |number, bit| number << 1 | usize::from(*bit)) << (5 - five.len());
            char::from(ALPHABET[number])
        })
        .collect();
    while !text.len().is_multiple_of(8) {
        text.push('=');
    }
    text
}

fn quoted_printable(text: &str, draw: &mut Draw) -> String {
    let share = [5, 100][draw.below(2)];
    let mut written = String::new();
    let mut column = 0;
    for byte in text.bytes() {
        let shown = if byte == b'=' || !byte.is_ascii_graphic() || draw.happens(share) {
            format!("={byte:02X}")
        } else {
            char::from(byte).to_string()
        };
        if column + shown.len() > 40 {
            written.push_str("=\r\n");
            column = 0;
        }
        column += shown.len();
        written.push_str(&shown);
    }
    written
}

fn rot13(c: char) -> char {
    let turned = |from: u8| char::from((c as u8 - from + 13) % 26 + from);
    match c {
        'a'..='z' => turned(b'a'),
        'A'..='Z' => turned(b'A'),
        c => c,
    }
}

fn swapped(c: char) -> char {
    if c.is_ascii_lowercase() { c.to_ascii_uppercase() } else { c.to_ascii_lowercase() }
}

fn uuencode(bytes: &[u8]) -> String {
    let character = |six: u8| if six == 0 { '`' } else { char::from(six + 32) };
    let line = |bytes: &[u8]| {
        let groups = bytes.chunks(3).flat_map(|three| {
            let at = |index: usize| three.get(index).copied().unwrap_or(0);
            let (a, b, c) = (at(0), at(1), at(2));
            [a >> 2, (a & 3) << 4 | b >> 4, (b & 15) << 2 | c >> 6, c & 63].map(character)
        });
        std::iter::once(character(bytes.len() as u8)).chain(groups).collect::<String>()
    };
    bytes.chunks(45).map(line).collect::<Vec<_>>().join("\n")
}
