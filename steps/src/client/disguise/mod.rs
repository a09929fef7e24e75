//! A server that writes its live credentials in another way: through random chains of encodings, into random places of random answers.
//! Hardly any of them may be readable in what is recorded: what is left are pieces of tokens, and dumps whose letters are turned round.
//! `BO_LEAK_CASES` and `BO_LEAK_SEED` ask for more cases, and for others.

mod chain;
mod credential;
mod draw;
mod place;

use std::{
    collections::BTreeMap,
    env,
    time::{Duration, Instant},
};

use super::{recording::Recording, *};
use crate::{AnswerRecord, Secret, redactor::SecretKind, test_server::TestServer};
use chain::Disguise;
use credential::Credential;
use draw::Draw;

/// Cases of the test that always runs.
const CASES: usize = 400;
/// One in so many cases may show a piece of a credential.
const MOST_LEAKS: usize = 100;
/// Cases that share a site, as the answers of one run do.
const CASES_OF_A_SITE: usize = 100;

fn number(variable: &str) -> Option<usize> {
    env::var(variable).ok()?.parse().ok()
}

/// Records one answer and gives everything of it that reports may show.
fn recorded(site: &Site, (headers, body): (Vec<(String, String)>, Vec<u8>)) -> String {
    let (json, _) = read_json(&body);
    let received = Ok((401, headers, body));
    let recording = Recording { began: Instant::now(), took: Duration::ZERO, paced: Duration::ZERO, race: false };
    let base_url = &site.target.base_url;
    let record = recording.masked(site, base_url, &Request::new("GET", "/accounts"), &received, json.as_ref());
    let AnswerRecord { headers, body, .. } = record.answer.expect("an answer was received");
    let headers: String = headers.iter().map(|(name, value)| format!("{name}: {value}\n")).collect();
    format!("{headers}\n{body}")
}

/// Why the text gives the credential away, if it does: a good part of any step of its disguise can be read.
fn leak(shown: &str, disguise: &Disguise) -> Option<String> {
    disguise.steps.iter().find_map(|text| {
        let parts = if disguise.is_ordinary_in_parts { 2 } else { 4 };
        let characters: Vec<char> = text.chars().collect();
        let length = characters.len() / parts;
        let pieces = characters.chunks(length.max(6)).filter(|piece| piece.len() >= 6);
        pieces.map(|piece| piece.iter().collect::<String>()).find(|piece| shown.contains(piece.as_str()))
    })
}

#[tokio::test]
async fn hardly_any_disguise_shows_a_live_credential() {
    let (cases, seed) = (number("BO_LEAK_CASES").unwrap_or(CASES), number("BO_LEAK_SEED").unwrap_or(1));
    let server = TestServer::start(|_| String::new()).await;
    let mut leaks: BTreeMap<String, (usize, String)> = BTreeMap::new();
    let mut site = server.api().site;
    let mut credentials: Vec<Credential> = Vec::new();
    for case in 0..cases {
        let mut draw = Draw::new(seed * 1_000_003 + case);
        if case % CASES_OF_A_SITE == 0 {
            site = server.api().site;
            credentials = Credential::some(&mut draw);
            for credential in &credentials {
                let kind = if credential.is_password { SecretKind::Password } else { SecretKind::AccessToken };
                site.redactor.keep(&Secret::new(credential.text.as_str()), kind);
            }
        }
        let disguise = Disguise::of_one(&credentials, &mut draw);
        let (place, answer) = place::answer_with(&disguise, &mut draw);
        let body = String::from_utf8_lossy(&answer.1).into_owned();
        let head = format!("{:?}", answer.0);
        let shown = recorded(&site, answer);
        if let Some(piece) = leak(&shown, &disguise) {
            let of = if disguise.is_password { "password" } else { "token" };
            let entry = leaks.entry(format!("{of} {} in {place}", disguise.name)).or_default();
            entry.0 += 1;
            entry.1 =
                format!("case {case}: {piece:?} of {:?}\n  received {head} {body}\n  shown {shown}", disguise.steps);
        }
    }
    let count: usize = leaks.values().map(|(count, _)| count).sum();
    let listed: Vec<String> =
        leaks.iter().map(|(name, (count, example))| format!("{count} x {name}: {example}")).collect();
    assert!(count * MOST_LEAKS <= cases, "{count} of {cases} cases show a credential\n{}", listed.join("\n"));
}
