//! `GET /auth/token/refresh`: presenting a refresh token, or what looks like one.

use super::endpoint::{Api, REFRESH_PATH};
use crate::{
    Secret,
    client::Trouble,
    message::{Answer, Call, Request},
};

impl Api {
    /// Presents a token where the contract expects the refresh token.
    pub(crate) async fn present(&self, token: &Secret) -> Result<Answer, Trouble> {
        self.client.send(Call::Refresh, self.refresh_request("GET", token)).await
    }

    /// The request that presents a token, with any method.
    pub(crate) fn refresh_request(&self, method: &'static str, token: &Secret) -> Request {
        Request::new(method, REFRESH_PATH).secret_header(&self.site.target.dialect.refresh_header, token)
    }
}
