//! The API of one site for one scenario, and the paths of its endpoints.

use std::sync::Arc;

use crate::{
    Secret,
    client::{Client, Trouble},
    journal::Journal,
    message::{Answer, Call, Request},
    redactor::SecretKind,
    site::Site,
};

pub(crate) const TOKEN_PATH: &str = "/auth/token";
pub(crate) const REFRESH_PATH: &str = "/auth/token/refresh";
pub(crate) const VERIFY_PATH: &str = "/external/token/verify";
pub(crate) const SETTINGS_PATH: &str = "/connectors/settings";
pub(crate) const ERRORS_PATH: &str = "/methods/errors";

/// The API of one site, for one scenario.
#[derive(Clone)]
pub(crate) struct Api {
    pub(crate) site: Arc<Site>,
    pub(crate) client: Client,
}

impl Api {
    pub(crate) fn new(site: Arc<Site>, journal: Journal) -> Self {
        Self { client: Client::new(site.clone(), journal), site }
    }

    /// The same on one node, by its place in the configuration.
    pub(crate) fn on_node(&self, node: usize) -> Self {
        Self { site: self.site.clone(), client: self.client.on_node(node) }
    }

    /// Sends a request that belongs to no endpoint of the contract.
    pub(crate) async fn call(&self, request: Request) -> Result<Answer, Trouble> {
        self.client.send(Call::Other, request).await
    }

    /// Registers a token that the harness made up or altered, so that it is masked like a real one.
    pub(crate) fn made_up(&self, token: String) -> Secret {
        let token = Secret::new(token);
        self.site.redactor.keep(&token, SecretKind::MadeUpToken);
        token
    }
}
