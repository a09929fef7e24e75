//! Whether an answer repeats a secret that was sent to it.

use crate::{Mismatch, Secret, message::Answer, redactor};

/// Characters from which on a secret other than a mere word counts as repeated in any case.
const SHORTEST_IN_ANY_CASE: usize = 8;
/// Characters below which a secret matches by chance; then only a whole JSON string counts as a repetition.
const SHORTEST: usize = 6;

/// Checks that neither body nor headers contain one of these secrets, plain or encoded.
///
/// # Errors
/// Names the kind of secret that the answer repeats, never its value.
pub(crate) fn none_of(sent: &[Secret], what: &str, answer: &Answer) -> Result<(), Mismatch> {
    let body = answer.text();
    let headers = answer.headers.iter().flat_map(|(name, value)| [name.as_str(), value.as_str()]);
    for text in headers.chain([body.as_str()]).filter(|text| !text.is_empty()) {
        let forms = redactor::decoded_forms(text);
        if sent.iter().any(|secret| repeats(text, &forms, secret)) {
            return Err(Mismatch::new(format!("{what} not to come back"), "the answer repeats it").at(answer.exchange));
        }
    }
    Ok(())
}

/// Whether the text or one of its decoded forms has the secret in it.
fn repeats(text: &str, forms: &[String], secret: &Secret) -> bool {
    let secret = secret.expose();
    if secret.is_empty() {
        return false;
    }
    let texts = || forms.iter().map(String::as_str).chain([text]);
    if secret.len() < SHORTEST {
        return texts().any(|text| text.contains(&format!("\"{secret}\"")));
    }
    let is_word = secret.bytes().all(|byte| byte.is_ascii_alphabetic());
    let folded = secret.to_ascii_lowercase();
    texts().any(|text| text.contains(secret))
        || redactor::encodings(secret).iter().any(|encoded| text.contains(encoded))
        || !is_word
            && secret.len() >= SHORTEST_IN_ANY_CASE
            && texts().any(|text| text.to_ascii_lowercase().contains(&folded))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn comes_back(text: &str, password: &str) -> bool {
        repeats(text, &redactor::decoded_forms(text), &Secret::new(password))
    }

    #[test]
    fn a_password_is_recognised_in_any_encoding() {
        for text in [
            r#"{"echo":"Can\u0026ary\u002F7Qw"}"#,
            r#"{"echo":"\u0043an&ary\/7Qw"}"#,
            "Can%26ary%2F7Qw",
            "Can&amp;ary&#47;7Qw",
            "Can=26ary=2F7Qw",
            "CAN&ARY/7QW",
            "Q2FuJmFyeS83UXc=",
            "43616e266172792f375177",
            r#"{"echo":"Q2Fu\u004amFyeS83UXc"}"#,
        ] {
            assert!(comes_back(text, "Can&ary/7Qw"), "{text}");
        }
    }

    #[test]
    fn other_text_is_no_repetition() {
        for text in ["Login or password is wrong", "Can%26ary", "Swordfish is a fish", "{\"login\":\"a\"}"] {
            assert!(
                !comes_back(text, "Can&ary/7Qw") && !comes_back(text, "swordfish") && !comes_back(text, "a1"),
                "{text}"
            );
        }
    }
}
