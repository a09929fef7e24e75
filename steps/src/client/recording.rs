//! Records an exchange, masked. Registers the tokens of the answer with the redactor first.

use std::time::{Duration, Instant};

use serde_json::Value;

use super::{body::RawAnswer, learn, trouble::Trouble};
use crate::{
    Masked, Site,
    journal::{AnswerRecord, ExchangeRecord},
    message::Request,
    target::BaseUrl,
};

/// Longest body kept in the record, in bytes.
const LONGEST_RECORD: usize = 16 * 1024;
/// Longest value of a header kept in the record, in bytes.
const LONGEST_HEADER: usize = 4 * 1024;
/// Bytes that are masked beyond what is kept.
const OVERLAP: usize = 4 * 1024;

/// When and how an exchange took place.
pub(super) struct Recording {
    pub(super) began: Instant,
    pub(super) took: Duration,
    pub(super) paced: Duration,
    pub(super) race: bool,
}

impl Recording {
    /// The record of what was received; `json` is its body, if it is JSON.
    pub(super) fn masked(
        self,
        site: &Site,
        base_url: &BaseUrl,
        request: &Request,
        received: &Result<RawAnswer, Trouble>,
        json: Option<&Value>,
    ) -> ExchangeRecord {
        if let Ok((_, headers, body)) = received {
            learn::learn(site, headers, body, json);
        }
        let url = site.redactor.mask(&base_url.join(&request.path));
        let request_body =
            request.body.as_ref().map(|body| shown_body(body.bytes.as_ref(), |text| site.redactor.mask(text)));
        let sent = format!("{url} {}", request_body.as_deref().unwrap_or_default());
        let received_text = |text: &str| site.redactor.mask_received(text, &sent);
        ExchangeRecord {
            step: 0,
            sent: self.began,
            took: self.took,
            paced: self.paced,
            race: self.race,
            method: request.method,
            request_headers: request
                .headers
                .iter()
                .map(|(name, value)| (site.redactor.mask(name), site.redactor.mask(value)))
                .collect(),
            answer: match received {
                Ok((status, headers, body)) => Ok(AnswerRecord {
                    status: *status,
                    headers: headers.iter().map(|(name, value)| shown_header(name, value, received_text)).collect(),
                    body: shown_body(body, received_text),
                }),
                Err(trouble) => Err(received_text(&trouble.to_string())),
            },
            url,
            request_body,
            judged: None,
        }
    }
}

/// Masks somewhat more than is shown, and cuts then: a cut within a secret would leave a part that is not recognised. The rest costs
/// nothing, however long it is.
fn shown_body(body: &[u8], mask: impl Fn(&str) -> Masked) -> Masked {
    let window = &body[..body.len().min(LONGEST_RECORD + OVERLAP)];
    mask(&String::from_utf8_lossy(window)).shortened_of(LONGEST_RECORD, body.len())
}

fn shown_header(name: &str, value: &str, mask: impl Fn(&str) -> Masked) -> (Masked, Masked) {
    let window = &value[..value.floor_char_boundary(LONGEST_HEADER + OVERLAP)];
    let masked = mask(window);
    // In every form, the value of a cookie is a credential, and so short that it cannot be masked elsewhere.
    let shown = if name.eq_ignore_ascii_case("set-cookie") { masked.with_hidden_cookie() } else { masked };
    (mask(name), shown.shortened_of(LONGEST_HEADER, value.len()))
}
