//! Reads the answer to a request, up to a limit.

use std::time::Duration;

use reqwest::Response;

use super::trouble::Trouble;

/// Status, headers in the order received, and body.
pub(super) type RawAnswer = (u16, Vec<(String, String)>, Vec<u8>);

/// Reads the answer.
///
/// # Errors
/// When it is longer than `most` bytes, or breaks off.
pub(super) async fn read(mut answer: Response, most: usize, patience: Duration) -> Result<RawAnswer, Trouble> {
    let status = answer.status().as_u16();
    let headers = answer
        .headers()
        .iter()
        .map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
        .collect();
    let mut body = Vec::new();
    while let Some(part) = answer.chunk().await.map_err(|error| Trouble::from_reqwest(&error, patience))? {
        body.extend_from_slice(&part);
        if body.len() > most {
            return Err(Trouble::TooLong(most));
        }
    }
    Ok((status, headers, body))
}
