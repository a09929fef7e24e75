//! The configured protected GET: using an access token, or what looks like one.

use serde_json::Value;

use super::endpoint::Api;
use crate::{
    Secret, StepError,
    client::Trouble,
    message::{Answer, Call, Request},
};

impl Api {
    /// The protected call, without any token.
    ///
    /// # Errors
    /// Skips the scenario when no probe is configured.
    pub(crate) fn probe_request(&self) -> Result<Request, StepError> {
        match &self.site.target.probe {
            Some(probe) => Ok(Request::new("GET", probe.path.as_str())),
            None => Err(StepError::skipped("no protected call is configured (`probe`)")),
        }
    }

    /// Uses a token as the contract describes for access tokens.
    pub(crate) async fn use_token(&self, token: &Secret) -> Result<Answer, StepError> {
        Ok(self.probe(self.probe_request()?.bearer(token)).await?)
    }

    /// Sends a protected call, right or wrong.
    pub(crate) async fn probe(&self, request: Request) -> Result<Answer, Trouble> {
        self.client.send(Call::Probe, request).await
    }

    /// The user that the protected call's answer names, where a place for it is configured.
    pub(crate) fn named_user(&self, answer: &Answer) -> Option<String> {
        let place = self.site.target.probe.as_ref()?.login.as_ref()?;
        answer.json.as_ref().and_then(|json| place.find(json)).map(|name| match name {
            Value::String(name) => name.clone(),
            other => other.to_string(),
        })
    }
}
