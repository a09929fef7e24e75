//! Whether the configured protected call exists, accepts an access token, and requires one.

use serde::Serialize;

use super::no_answer::NoAnswer;
use crate::{
    Masked, Secret,
    api::Api,
    client::Trouble,
    fake,
    message::{Answer, Request},
};

/// The answers of the protected call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ProbeFindings {
    /// Path and query.
    pub path: String,
    /// The status with a fresh access token.
    pub with_token: u16,
    /// The status without any.
    pub without_token: u16,
    /// The status with a made-up one; only where the call is answered without any.
    pub with_made_up_token: Option<u16>,
    /// Whether the answer names the user.
    pub identity: ProbeIdentity,
}

/// Whether the probe's answer names the user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum ProbeIdentity {
    /// No place for the name is configured.
    NotConfigured,
    /// The name at that place.
    Named(Masked),
    /// The answer has nothing at that place.
    Missing,
}

impl ProbeFindings {
    /// Whether the call is answered with any token and without one, so that it is not protected.
    #[must_use]
    pub fn is_public(&self) -> bool {
        is_success(self.without_token) && self.with_made_up_token.is_some_and(is_success)
    }

    /// Whether the call is answered with a good token.
    #[must_use]
    pub fn is_answered(&self) -> bool {
        is_success(self.with_token)
    }
}

fn is_success(status: u16) -> bool {
    (200..300).contains(&status)
}

/// Makes the protected call with the token, without one and, where the server answers that, with a made-up one. `None` without
/// a configured call.
pub(super) async fn inspect_probe(api: &Api, access: &Secret) -> Option<Result<ProbeFindings, NoAnswer>> {
    let request = api.probe_request().ok()?;
    Some(send_probes(api, request, access).await.map_err(|trouble| NoAnswer::new(api, &trouble)))
}

async fn send_probes(api: &Api, request: Request, access: &Secret) -> Result<ProbeFindings, Trouble> {
    let answered = api.probe(request.clone().bearer(access)).await?;
    let without = api.probe(request.clone()).await?;
    let made_up = if without.is_success() {
        let token = api.made_up(fake::like(access));
        Some(api.probe(request.clone().bearer(&token)).await?.status)
    } else {
        None
    };
    Ok(ProbeFindings {
        path: request.path,
        with_token: answered.status,
        without_token: without.status,
        with_made_up_token: made_up,
        identity: identity(api, &answered),
    })
}

fn identity(api: &Api, answer: &Answer) -> ProbeIdentity {
    let place = api.site.target.probe.as_ref().and_then(|probe| probe.login.as_ref());
    match (place, api.named_user(answer)) {
        (None, _) => ProbeIdentity::NotConfigured,
        (Some(_), Some(name)) => ProbeIdentity::Named(api.site.redactor.mask(&name)),
        (Some(_), None) => ProbeIdentity::Missing,
    }
}
