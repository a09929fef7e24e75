//! The calls of the contract as an operator makes them, in the target's dialect, with what a client reads from the answers.

use std::time::{Duration, SystemTime};

use super::Operator;
use crate::{
    Journal, Masked, Secret, StepError,
    api::{Api, issue_request, verify_request},
    check::verification::{self, Verified},
    client::Trouble,
    message::{Answer, Call, Request},
    redactor::SecretKind,
    target::Credentials,
    tokens::Pair,
};

/// A call with the token that it presents.
#[derive(Clone, Copy)]
pub enum TokenCall<'a> {
    /// Logs in.
    LogIn(&'a Credentials),
    /// Uses an access token for the protected call.
    Use(&'a Secret),
    /// Presents a refresh token.
    Refresh(&'a Secret),
    /// Verifies a one-time token, with an access token beside it if there is one.
    Verify(&'a Secret, Option<&'a Secret>),
}

/// What a client reads from an answer. It carries tokens, so it cannot be shown.
pub struct CallAnswer {
    /// The status code.
    pub status: u16,
    /// Whether the call was accepted: a token answer, a success, a login for a one-time token.
    pub is_accepted: bool,
    /// The pair of a token answer.
    pub pair: Option<TokenPair>,
    /// The user that the answer names.
    pub user: Option<String>,
    /// The server's time, to the second.
    pub date: Option<SystemTime>,
}

/// A pair as it is announced.
#[derive(Clone)]
pub struct TokenPair {
    /// The access token.
    pub access: Secret,
    /// The refresh token.
    pub refresh: Secret,
    /// The announced lifetime of the access token.
    pub access_lifetime: Option<Duration>,
    /// The announced lifetime of the refresh token.
    pub refresh_lifetime: Option<Duration>,
}

/// A one-time token of the source.
pub struct MintedToken {
    /// The token.
    pub token: Secret,
    /// How long it lives, where that is configured.
    pub lifetime: Option<Duration>,
    /// How long ago it was made, at most.
    pub age: Duration,
}

/// Why a call has no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CallError {
    /// No connection.
    Refused,
    /// The connection broke before the answer was complete.
    Broken,
    /// No answer in time.
    Silent,
    /// The request cannot be sent, or the answer cannot be read.
    Unusable,
}

impl Operator {
    /// Whether the server answered that it was asked too fast.
    #[must_use]
    pub fn is_slowed(&self) -> bool {
        self.site.found_rate().is_some()
    }

    /// Makes a call, and again after a pause as long as the server asks to wait. `None` where no protected call is configured.
    ///
    /// # Errors
    /// Why no answer came.
    pub async fn call(&self, call: TokenCall<'_>) -> Result<CallAnswer, Masked> {
        let (kind, request) = self.request(call);
        let answer = self.client().send(kind, request).await;
        answer.map(|answer| self.read_answer(&answer, call)).map_err(|it| self.site.redactor.mask(&it.to_string()))
    }

    /// Makes a call once, over a connection of its own and without waiting for a turn. The caller keeps the pace.
    ///
    /// # Errors
    /// Why no answer came.
    pub async fn call_once(&self, call: TokenCall<'_>) -> Result<CallAnswer, CallError> {
        self.call_once_on(None, call).await
    }

    /// The same on one of the configured nodes, by its place; through the base URL without one.
    ///
    /// # Errors
    /// Why no answer came.
    pub async fn call_once_on(&self, node: Option<usize>, call: TokenCall<'_>) -> Result<CallAnswer, CallError> {
        let (kind, request) = self.request(call);
        let client = node.map_or_else(|| self.client(), |node| self.client().on_node(node));
        let answer = client.send_once(kind, request).await;
        answer.map(|answer| self.read_answer(&answer, call)).map_err(|trouble| match trouble {
            Trouble::Connect(_) => CallError::Refused,
            Trouble::Timeout(_) => CallError::Silent,
            Trouble::Broken(_) => CallError::Broken,
            _ => CallError::Unusable,
        })
    }

    /// A fresh one-time token of this user, with its lifetime.
    ///
    /// # Errors
    /// Why there is none.
    pub async fn mint_token(&self, login: &str) -> Result<MintedToken, Masked> {
        let reason = |error: StepError| match error {
            StepError::Skipped(reason) | StepError::Inconclusive(reason) => self.site.redactor.mask(reason.expose()),
            StepError::Failed(mismatch) => self.site.redactor.mask(mismatch.answered.expose()),
        };
        let minted = Api::new(self.site.clone(), Journal::default()).mint(login).await.map_err(reason)?;
        let age = minted.issued.latest.saturating_sub(minted.issued.earliest);
        Ok(MintedToken { token: minted.token, lifetime: minted.lifetime, age })
    }

    /// Masks a token that was not seen in an answer of this run.
    pub fn keep_token(&self, token: &Secret) {
        self.site.redactor.keep(token, SecretKind::MadeUpToken);
    }

    fn request(&self, call: TokenCall<'_>) -> (Call, Request) {
        let api = Api::new(self.site.clone(), Journal::default());
        match call {
            TokenCall::LogIn(user) => (Call::Issue, issue_request(user)),
            TokenCall::Refresh(token) => (Call::Refresh, api.refresh_request("GET", token)),
            TokenCall::Verify(token, None) => (Call::Verify, verify_request(token)),
            TokenCall::Verify(token, Some(access)) => (Call::Verify, verify_request(token).bearer(access)),
            TokenCall::Use(token) => {
                let path = self.site.target.probe.as_ref().map_or("/", |probe| probe.path.as_str());
                (Call::Probe, Request::new("GET", path).bearer(token))
            }
        }
    }

    fn read_answer(&self, answer: &Answer, call: TokenCall<'_>) -> CallAnswer {
        let dialect = &self.site.target.dialect;
        let pair = matches!(call, TokenCall::LogIn(_) | TokenCall::Refresh(_))
            .then(|| Pair::read(answer, "", dialect).ok())
            .flatten()
            .map(|Pair { access, refresh, access_lifetime, refresh_lifetime, .. }| TokenPair {
                access,
                refresh,
                access_lifetime,
                refresh_lifetime,
            });
        let verified = match (call, verification::read(answer, dialect)) {
            (TokenCall::Verify(..), Verified::Good(login)) => Some(login),
            _ => None,
        };
        let is_accepted = match call {
            TokenCall::LogIn(_) | TokenCall::Refresh(_) => pair.is_some(),
            TokenCall::Use(_) => answer.is_success(),
            TokenCall::Verify(..) => verified.is_some(),
        };
        let api = Api::new(self.site.clone(), Journal::default());
        let named = || matches!(call, TokenCall::Use(_)).then(|| api.named_user(answer)).flatten();
        CallAnswer {
            status: answer.status,
            is_accepted,
            pair,
            user: verified.or_else(named),
            date: answer.header("date").and_then(|date| httpdate::parse_http_date(date).ok()),
        }
    }
}
