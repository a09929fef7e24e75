//! Whether an answer that should carry no token carries one anywhere. Tries at the server what looks like a token, because only
//! what works is one: a trace id is not held against the server.

use serde_json::Value;

use crate::{Mismatch, Secret, StepError, api::Api, message::Answer, redactor::SecretKind};

/// Most candidates of one answer to try.
const MOST_TRIED: usize = 4;
/// Characters of the shortest candidate.
const SHORTEST: usize = 16;
/// Characters of the longest: servers take no longer header.
const LONGEST: usize = 16_384;

/// Checks that an answer carries no token.
///
/// # Errors
/// When there is a text where a token answer has its tokens, or a text elsewhere works as a token.
pub(crate) async fn none(api: &Api, answer: &Answer) -> Result<(), StepError> {
    in_its_place(api, answer)?;
    for candidate in candidates(answer).into_iter().take(MOST_TRIED) {
        api.site.redactor.suspect(&candidate, SecretKind::Unknown);
        if works(api, &candidate).await? {
            let found = "it carries a text that the server accepts as one";
            return Err(Mismatch::new("an answer without a token", found).at(answer.exchange).into());
        }
    }
    Ok(())
}

fn in_its_place(api: &Api, answer: &Answer) -> Result<(), Mismatch> {
    let Some(json) = &answer.json else { return Ok(()) };
    let dialect = &api.site.target.dialect;
    for (place, name) in [(&dialect.access_token, "an access token"), (&dialect.refresh_token, "a refresh token")] {
        if place.find(json).and_then(Value::as_str).is_some_and(|text| !text.is_empty()) {
            let answered = format!("{} and carries {name} at {place}", answer.status_text());
            return Err(Mismatch::new("an answer without a token", answered).at(answer.exchange));
        }
    }
    Ok(())
}

async fn works(api: &Api, candidate: &Secret) -> Result<bool, StepError> {
    if api.site.target.probe.is_some() && api.use_token(candidate).await?.is_success() {
        return Ok(true);
    }
    let refreshed = api.present(candidate).await?;
    Ok(api.pair(&refreshed, "").is_ok())
}

fn candidates(answer: &Answer) -> Vec<Secret> {
    let mut found = Vec::new();
    for (_, value) in answer.headers.iter().filter(|(name, _)| !is_ordinary(name)) {
        words(value, &mut found);
    }
    match &answer.json {
        Some(json) => texts(json, &mut found),
        None => words(&answer.text(), &mut found),
    }
    found.dedup();
    // An answer that repeats the request gives no token out; another check finds that.
    found.retain(|candidate| !answer.was_asked_with(candidate.expose()));
    found
}

fn is_ordinary(header: &str) -> bool {
    ["content-type", "content-length", "date", "server", "connection", "allow", "etag", "cache-control", "vary"]
        .iter()
        .any(|known| header.eq_ignore_ascii_case(known))
}

fn texts(value: &Value, found: &mut Vec<Secret>) {
    match value {
        Value::Object(fields) => fields.values().for_each(|value| texts(value, found)),
        Value::Array(items) => items.iter().for_each(|item| texts(item, found)),
        Value::String(text) => words(text, found),
        _ => {}
    }
}

fn words(text: &str, found: &mut Vec<Secret>) {
    let part = |c: char| c.is_ascii_alphanumeric() || "-_.~+/=".contains(c);
    let is_candidate = |word: &&str| {
        (SHORTEST..=LONGEST).contains(&word.len())
            && word.bytes().any(|b| b.is_ascii_digit())
            && word.bytes().any(|b| b.is_ascii_alphabetic())
    };
    // A cookie has the form name=value; base64 may end in `=`.
    let bare = |word: &str| {
        word.split_once('=').map_or(word, |(_, value)| if value.len() >= SHORTEST { value } else { word }).to_owned()
    };
    found.extend(text.split(|c| !part(c)).filter(is_candidate).map(|word| Secret::new(bare(word))));
}
