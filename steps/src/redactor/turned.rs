//! Ways to turn letters round that no encoder needs, and base32.

/// Letters of the shortest base32 run that is decoded.
const SHORTEST_BASE32: usize = 8;

/// The text from its end.
pub(super) fn reversed(text: &str) -> String {
    text.chars().rev().collect()
}

/// Each letter of ASCII moved by half the alphabet.
pub(super) fn rot13(text: &str) -> String {
    let moved = |byte: u8, first: u8| char::from((byte - first + 13) % 26 + first);
    let turn = |c: char| match c {
        'a'..='z' => moved(c as u8, b'a'),
        'A'..='Z' => moved(c as u8, b'A'),
        c => c,
    };
    text.chars().map(turn).collect()
}

/// The base32 runs of a text (RFC 4648), decoded, one a line.
pub(super) fn base32(text: &str) -> Option<String> {
    let runs = text.split(|c: char| !matches!(c, 'A'..='Z' | 'a'..='z' | '2'..='7'));
    let lines: Vec<String> = runs.filter(|run| run.len() >= SHORTEST_BASE32).filter_map(base32_run).collect();
    (!lines.is_empty()).then(|| lines.join("\n"))
}

/// `None` where the run is no text in base32.
fn base32_run(run: &str) -> Option<String> {
    let (mut bytes, mut bits, mut count) = (Vec::with_capacity(run.len()), 0_u32, 0);
    for byte in run.bytes() {
        let five = match byte {
            b'2'..=b'7' => byte - b'2' + 26,
            letter => letter.to_ascii_lowercase() - b'a',
        };
        bits = (bits << 5 | u32::from(five)) & 0xfff;
        count += 5;
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count) as u8);
        }
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn turned_twice_it_is_the_same_again() {
        for text in ["Canary+one/7Qw&%äß!", "eyJhbGciOiJIUzI1NiJ9"] {
            assert_eq!((rot13(&rot13(text)).as_str(), reversed(&reversed(text)).as_str()), (text, text));
        }
        assert_eq!((rot13("Uryyb, 123").as_str(), reversed("abc").as_str()), ("Hello, 123", "cba"));
    }

    #[test]
    fn base32_is_decoded_within_a_text() {
        for text in ["token=INQW4YLSPEVW63TF;", "INQW4YLSPEVW63TF======", "inqw4ylspevw63tf"] {
            assert_eq!(base32(text).as_deref(), Some("Canary+one"), "{text}");
        }
        assert_eq!(base32("no such run"), None);
    }
}
