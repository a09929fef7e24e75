//! The calls of the token API as the contract describes them, in the target's dialect. Composes and sends; whether an answer
//! is right is decided by the checks. One file for each endpoint.

mod issue;
mod refresh;
mod settings;
mod use_token;
mod verify;

use std::sync::Arc;

pub(crate) use issue::{credentials_request, issue_request};
pub(crate) use settings::Setting;
pub(crate) use verify::verify_request;

use crate::{
    Mismatch, Secret, StepError,
    client::{Answer, Call, Client, Request, Trouble},
    journal::Journal,
    redactor::Kind,
    site::Site,
    tokens::Pair,
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

    /// Sends a request that belongs to no endpoint of the contract.
    pub(crate) async fn call(&self, request: Request) -> Result<Answer, Trouble> {
        self.client.send(Call::Other, request).await
    }

    /// Makes sure that a token made up or altered by the harness is masked like a real one.
    pub(crate) fn made_up(&self, token: String) -> Secret {
        let token = Secret::new(token);
        self.site.redactor.keep(&token, Kind::MadeUpToken);
        token
    }

    /// A pair from a login of the certifier's user, for when the pair itself is not what is judged.
    pub(crate) async fn fresh_pair(&self) -> Result<Pair, StepError> {
        let user = &self.site.target.user;
        let answer = self.issue(user).await?;
        self.pair(&answer, &user.login).map_err(|mismatch| mismatch.requirement("ISSUE-1").as_inconclusive())
    }

    /// The next pair after this one, for when the refresh itself is not what is judged.
    pub(crate) async fn refreshed(&self, pair: &Pair) -> Result<Pair, StepError> {
        let answer = self.present(&pair.refresh).await?;
        self.pair(&answer, &pair.login).map_err(|mismatch| mismatch.requirement("REFRESH-1").as_inconclusive())
    }

    /// Reads the pair of a token answer.
    pub(crate) fn pair(&self, answer: &Answer, login: &str) -> Result<Pair, Mismatch> {
        Pair::read(answer, login, &self.site.target.dialect)
    }
}
