//! Whether an answer repeats a secret that was sent to it.

use crate::{Mismatch, Secret, message::Answer, redactor};

/// Characters below which a secret matches by chance; then only a whole JSON string counts as a repetition.
const SHORTEST: usize = 6;

/// Checks that neither body nor headers contain one of these secrets, plain or encoded.
///
/// # Errors
/// Names the kind of secret that the answer repeats, never its value.
pub(crate) fn none_of(sent: &[Secret], what: &str, answer: &Answer) -> Result<(), Mismatch> {
    let body = answer.text();
    let headers = answer.headers.iter().map(|(_, value)| value.as_str());
    for text in headers.chain([body.as_str()]) {
        if sent.iter().any(|secret| repeats(text, secret)) {
            return Err(Mismatch::new(format!("{what} not to come back"), "the answer repeats it").at(answer.exchange));
        }
    }
    Ok(())
}

fn repeats(text: &str, secret: &Secret) -> bool {
    if secret.is_empty() {
        return false;
    }
    if secret.expose().len() < SHORTEST {
        return text.contains(&format!("\"{}\"", secret.expose()));
    }
    redactor::encodings(secret.expose()).iter().any(|encoded| text.contains(encoded))
}
