//! In which form the server takes a refresh token: as the dialect has it, or else in one of the forms that are common elsewhere.

use serde::Serialize;
use serde_json::json;

use super::{dialect_suggestion::DialectSuggestion, no_answer::NoAnswer};
use crate::{
    Secret,
    api::{Api, REFRESH_PATH},
    client::Trouble,
    message::{Call, Request},
    target::WireForms,
};

/// Members of a body, and headers, that carry the refresh token elsewhere.
const MEMBERS: [&str; 4] = ["refreshToken", "refresh_token", "token", "refresh"];
const HEADERS: [&str; 3] = ["refreshToken", "X-Refresh-Token", "refresh-token"];

/// The answer to a refresh.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RefreshFindings {
    /// The status in the form of the dialect.
    pub status: u16,
    /// Whether the answer has a pair.
    pub gives_pair: bool,
    /// Settings of the dialect for the form in which the server gives a pair.
    pub suggestion: Option<DialectSuggestion>,
}

/// Presents a refresh token once, and in other forms where that gives no pair and the dialect has the form of the contract.
pub(super) async fn inspect_refresh(api: &Api, refresh: &Secret) -> Result<RefreshFindings, NoAnswer> {
    present(api, refresh).await.map_err(|trouble| NoAnswer::new(api, &trouble))
}

async fn present(api: &Api, refresh: &Secret) -> Result<RefreshFindings, Trouble> {
    let answer = api.present(refresh).await?;
    let gives_pair = api.pair(&answer, "").is_ok();
    let mut findings = RefreshFindings { status: answer.status, gives_pair, suggestion: None };
    // A refusal may be right where the dialect names a form; a failure of the server is judged.
    if gives_pair || !answer.is_client_error() || has_own_form(api) {
        return Ok(findings);
    }
    for (keys, request) in other_forms(api, refresh) {
        let answer = api.client.send(Call::Refresh, request).await?;
        if api.pair(&answer, "").is_ok() {
            findings.suggestion = Some(DialectSuggestion(keys));
            break;
        }
    }
    Ok(findings)
}

fn has_own_form(api: &Api) -> bool {
    let (wire, usual) = (&api.site.target.dialect.wire, WireForms::default());
    wire.refresh_method != usual.refresh_method
        || wire.refresh_prefix != usual.refresh_prefix
        || wire.refresh_body != usual.refresh_body
}

/// Requests in other forms, each with the settings of the dialect for it.
fn other_forms(api: &Api, refresh: &Secret) -> Vec<(Vec<(&'static str, String)>, Request)> {
    let post = || Request::new("POST", REFRESH_PATH);
    let get = || Request::new("GET", REFRESH_PATH);
    let header = api.site.target.dialect.refresh_header.as_str();
    let mut forms = vec![(vec![("refresh_method", "POST".to_owned())], post().secret_header(header, refresh))];
    for member in MEMBERS {
        let body = post().json(&json!({ member: refresh.expose() })).carrying(refresh);
        forms.push((vec![("refresh_body", member.to_owned())], body));
    }
    let bearer = vec![("refresh_prefix", "Bearer ".to_owned()), ("refresh_header", "Authorization".to_owned())];
    forms.push((bearer, get().bearer(refresh)));
    for header in HEADERS {
        forms.push((vec![("refresh_header", header.to_owned())], get().secret_header(header, refresh)));
    }
    forms
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_server::{TestServer, answer, header, token_answer};

    /// Whether a server gives a pair for a request.
    type Takes = fn(&str) -> bool;

    /// What is suggested for a server that gives a pair for such requests only.
    async fn suggested(takes: Takes) -> (RefreshFindings, usize) {
        let server =
            TestServer::start(
                move |request| {
                    if takes(request) { token_answer("access-2", "refresh-2") } else { answer(405, "", "") }
                },
            )
            .await;
        let found = inspect_refresh(&server.api(), &Secret::new("refresh-1")).await.expect("answers");
        (found, server.requests())
    }

    #[tokio::test]
    async fn a_server_that_takes_the_form_of_the_contract_gets_one_request() {
        let (found, requests) = suggested(|request| header(request, "token") == Some("refresh-1")).await;
        assert_eq!((found.gives_pair, found.suggestion, requests), (true, None, 1));
    }

    #[tokio::test]
    async fn another_form_that_gives_a_pair_is_suggested() {
        let forms: [(Takes, &str); 5] = [
            (
                |request| request.starts_with("POST") && request.contains("token: refresh-1"),
                "refresh_method = \"POST\"",
            ),
            (|request| request.contains(r#"{"refreshToken":"refresh-1"}"#), "refresh_body = \"refreshToken\""),
            (|request| request.contains(r#"{"refresh":"refresh-1"}"#), "refresh_body = \"refresh\""),
            (
                |request| header(request, "authorization") == Some("Bearer refresh-1"),
                "refresh_prefix = \"Bearer \"\nrefresh_header = \"Authorization\"",
            ),
            (|request| header(request, "x-refresh-token") == Some("refresh-1"), "refresh_header = \"X-Refresh-Token\""),
        ];
        for (takes, expected) in forms {
            let (found, _) = suggested(takes).await;
            assert_eq!(found.suggestion.map(|found| found.to_string()).as_deref(), Some(expected));
        }
        assert_eq!(suggested(|_| false).await.0.suggestion, None);
    }
}
