//! Whether the configured call is there, takes an access token, and wants one.

use serde::Serialize;

use super::{NoAnswer, Scouting};
use crate::{
    Masked, Secret,
    client::{Answer, Request, Trouble},
    fake,
};

/// What the protected call answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Probe {
    /// Path and query.
    pub path: String,
    /// The status with a fresh access token.
    pub with_token: u16,
    /// The status without any.
    pub without_token: u16,
    /// The status with a made-up one; only asked when nothing at all was good enough.
    pub with_made_up_token: Option<u16>,
    /// Whether the answer names the user.
    pub identity: Identity,
}

/// Whether the probe's answer names the user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum Identity {
    /// No place for the name is configured.
    NotConfigured,
    /// The name at that place.
    Named(Masked),
    /// There is nothing at that place.
    Missing,
}

impl Probe {
    /// Whether the call is answered whatever a client shows: then it is no protected one.
    #[must_use]
    pub fn is_public(&self) -> bool {
        is_success(self.without_token) && self.with_made_up_token.is_some_and(is_success)
    }

    /// Whether the call is answered for a good token.
    #[must_use]
    pub fn is_answered(&self) -> bool {
        is_success(self.with_token)
    }
}

fn is_success(status: u16) -> bool {
    (200..300).contains(&status)
}

impl Scouting {
    /// Makes the protected call with the token, without one and, where that is answered, with one that nobody issued.
    pub(super) async fn try_probe(&self, access: Option<&Secret>) -> Option<Result<Probe, NoAnswer>> {
        let request = self.api.probe_request().ok()?;
        let probed = self.probe_answers(request, access?).await;
        Some(probed.map_err(|trouble| self.no_answer(&trouble)))
    }

    async fn probe_answers(&self, request: Request, access: &Secret) -> Result<Probe, Trouble> {
        let answered = self.api.probe(request.clone().bearer(access)).await?;
        let without = self.api.probe(request.clone()).await?;
        let made_up = if without.is_success() {
            let token = self.api.made_up(fake::like(access));
            Some(self.api.probe(request.clone().bearer(&token)).await?.status)
        } else {
            None
        };
        Ok(Probe {
            path: request.path,
            with_token: answered.status,
            without_token: without.status,
            with_made_up_token: made_up,
            identity: self.identity(&answered),
        })
    }

    fn identity(&self, answer: &Answer) -> Identity {
        let place = self.api.site.target.probe.as_ref().and_then(|probe| probe.login.as_ref());
        match (place, self.api.named_user(answer)) {
            (None, _) => Identity::NotConfigured,
            (Some(_), Some(name)) => Identity::Named(self.api.site.redactor.mask(&name)),
            (Some(_), None) => Identity::Missing,
        }
    }
}
