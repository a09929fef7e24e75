//! Whether an answer repeats a secret that was sent to it.

use crate::{Mismatch, Secret, client::Answer, redactor};

/// Below this length a secret is found everywhere by chance; only a whole JSON text is then a repetition.
const SHORTEST: usize = 6;

/// Finds any of these secrets, plain or encoded, in body or headers.
///
/// # Errors
/// Says which kind of thing came back, never its value.
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
    redactor::spellings_of(secret.expose()).iter().any(|spelling| text.contains(spelling))
}
