//! `POST /external/token/verify`: fresh one-time tokens from the source, and their verification.

use serde_json::json;

use super::endpoint::{Api, VERIFY_PATH};
use crate::{
    Secret, StepError,
    client::Trouble,
    interference::GrantKind,
    lifetimes::LifetimeKind,
    message::{Answer, Call, Request},
    pace::Pause,
    redactor::SecretKind,
    tokens::{Issued, OneTime},
};

impl Api {
    /// A fresh one-time token of this user from the source.
    ///
    /// # Errors
    /// Skips the scenario without a source; a source that fails makes it inconclusive, with the source's own message.
    pub(crate) async fn mint(&self, login: &str) -> Result<OneTime, StepError> {
        let Some(source) = &self.site.one_time else {
            return Err(StepError::skipped("no source of one-time tokens is configured (`ott`)"));
        };
        self.client.journal.progress().pause(Pause::Source);
        let minted = source.mint(login).await.map_err(|error| {
            StepError::inconclusive(format!(
                "the source gave no one-time token: {}",
                self.site.redactor.mask(&error.to_string())
            ))
        })?;
        self.site.redactor.keep(&minted.token, SecretKind::OneTimeToken);
        self.site.grants.record(GrantKind::OneTime, login, self.client.journal.id(), self.site.clock.now());
        let latest = self.site.clock.now();
        let issued = Issued { earliest: latest.saturating_sub(minted.age), latest };
        let lifetime = self.site.target.one_time.as_ref().and_then(|users| users.lifetime);
        let lifetime = self.site.lifetimes.shortened(LifetimeKind::OneTime).or(lifetime);
        let is_second_user = self.site.target.one_time.as_ref().is_some_and(|users| users.login != login);
        let progress = self.client.journal.progress();
        progress.born(&minted.token, LifetimeKind::OneTime, issued.earliest, is_second_user);
        if let Some(lifetime) = lifetime {
            self.site.lives.record(&minted.token, issued.earliest + lifetime);
        }
        Ok(OneTime { token: minted.token, login: login.to_owned(), lifetime, issued, used: false })
    }

    /// The login that the source makes one-time tokens for.
    pub(crate) fn one_time_login(&self) -> Result<String, StepError> {
        let users = self.site.target.one_time.as_ref();
        users
            .map(|users| users.login.clone())
            .ok_or_else(|| StepError::skipped("no source of one-time tokens is configured (`ott`)"))
    }

    /// Verifies a token, with an access token beside it where the server needs one.
    pub(crate) async fn verify(&self, token: &Secret) -> Result<Answer, StepError> {
        self.verification(verify_request(token)).await
    }

    /// Sends a verification, right or wrong, with an access token beside it where the server needs one.
    pub(crate) async fn verification(&self, request: Request) -> Result<Answer, StepError> {
        let request = self.with_access_token_if_needed(request).await?;
        Ok(self.client.send(Call::Verify, request).await?)
    }

    /// Adds an access token to a verification where the server needs one.
    pub(crate) async fn with_access_token_if_needed(&self, request: Request) -> Result<Request, StepError> {
        if self.site.one_time.is_some() && self.verify_needs_access_token().await? {
            return Ok(request.bearer(&self.shared_pair().await?.access));
        }
        Ok(request)
    }

    /// Verifies a fresh token without an access token and, if the server refuses that, with one.
    pub(crate) async fn probe_verification(&self) -> Result<bool, StepError> {
        if self.site.behaviour.verify_is_missing.get() == Some(&true) {
            self.ensure_verify_is_no_unknown_path().await?;
        }
        let one_time = self.mint(&self.one_time_login()?).await?;
        let mut answer = self.verify_bare(&one_time.token).await?;
        let is_guarded = answer.status == 401;
        if is_guarded {
            let with = verify_request(&one_time.token).bearer(&self.fresh_pair().await?.access);
            answer = self.client.send(Call::Verify, with).await?;
        }
        if answer.status == 404 {
            self.ensure_verify_is_no_unknown_path().await?;
        }
        Ok(is_guarded && answer.is_success())
    }

    /// Verifies a token with nothing beside it.
    pub(crate) async fn verify_bare(&self, token: &Secret) -> Result<Answer, Trouble> {
        self.client.send(Call::Verify, verify_request(token)).await
    }
}

/// The verification of a token as the contract describes it.
pub(crate) fn verify_request(token: &Secret) -> Request {
    Request::new("POST", VERIFY_PATH).json(&json!({ "token": token.expose() })).carrying(token)
}
