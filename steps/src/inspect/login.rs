//! What a right login is answered, and how much of it the dialect finds.

use std::time::Duration;

use serde::Serialize;
use serde_json::Value;

use super::{Proposal, proposal};
use crate::{
    Masked, Secret, Site,
    client::Answer,
    target::{Credentials, Pointer},
    tokens::seconds,
};

/// The answer to a login with the right password, as far as is known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Login {
    /// Who logged in.
    pub login: String,
    /// The status of the answer.
    pub status: u16,
    /// What its body is.
    pub shape: Shape,
    /// Where a redirect leads.
    pub leads_to: Option<Masked>,
    /// Whether the access token is where the dialect says.
    pub has_access_token: bool,
    /// Whether the refresh token is where the dialect says.
    pub has_refresh_token: bool,
    /// The access token's lifetime, if the answer tells it.
    pub access_lifetime: Option<Duration>,
    /// The refresh token's lifetime, if the answer tells it.
    pub refresh_lifetime: Option<Duration>,
    /// Other places, for what is not where the dialect says.
    pub proposal: Option<Proposal>,
}

/// What the body of an answer is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Shape {
    /// JSON of any kind.
    Json,
    /// A page for a browser.
    WebPage,
    /// Nothing, or something else.
    Other,
}

impl Login {
    /// Whether the server took login and password.
    #[must_use]
    pub fn is_accepted(&self) -> bool {
        (200..300).contains(&self.status)
    }
}

/// Reads an answer, and the access token in it.
pub(super) fn read(answer: &Answer, user: &Credentials, site: &Site) -> (Login, Option<Secret>) {
    let dialect = &site.target.dialect;
    let json = answer.json.as_ref().filter(|_| answer.is_success());
    let token = |place: &Pointer| {
        let text = json.and_then(|json| place.find(json)).and_then(Value::as_str);
        text.filter(|text| !text.is_empty()).map(Secret::new)
    };
    let lifetime = |place: &Pointer| json.and_then(|json| place.find(json)).and_then(seconds);
    let access = token(&dialect.access_token);
    let login = Login {
        login: user.login.clone(),
        status: answer.status,
        shape: shape(answer),
        leads_to: answer.header("location").map(|place| site.redactor.mask(place)),
        has_access_token: access.is_some(),
        has_refresh_token: token(&dialect.refresh_token).is_some(),
        access_lifetime: lifetime(&dialect.access_lifetime),
        refresh_lifetime: lifetime(&dialect.refresh_lifetime),
        proposal: json.and_then(|json| proposal::propose(json, dialect)),
    };
    (login, access)
}

fn shape(answer: &Answer) -> Shape {
    let is_page = || answer.text().trim_start().to_ascii_lowercase().starts_with('<');
    match &answer.json {
        Some(_) => Shape::Json,
        None if is_page() => Shape::WebPage,
        None => Shape::Other,
    }
}
