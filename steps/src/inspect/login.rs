//! The answer to a login with the right password, and what of it the dialect finds.

use std::time::Duration;

use serde::Serialize;
use serde_json::Value;

use super::{
    dialect_suggestion::{DialectSuggestion, suggest, suggest_login_fields},
    in_between::{InBetween, recognize},
    no_answer::NoAnswer,
};
use crate::{
    Masked, Secret, Site,
    api::Api,
    message::Answer,
    target::{Credentials, Pointer},
};

/// The answer to a login with the right password, as far as is known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LoginFindings {
    /// Who logged in.
    pub login: String,
    /// The status of the answer.
    pub status: u16,
    /// What its body is.
    pub shape: BodyShape,
    /// The target of a redirect.
    pub leads_to: Option<Masked>,
    /// Whether the access token is where the dialect expects it.
    pub has_access_token: bool,
    /// Whether the refresh token is where the dialect expects it.
    pub has_refresh_token: bool,
    /// The access token's lifetime, if the answer has it.
    pub access_lifetime: Option<Duration>,
    /// The refresh token's lifetime, if the answer has it.
    pub refresh_lifetime: Option<Duration>,
    /// What answered in place of the API, if the answer shows it.
    pub in_between: Option<InBetween>,
    /// Settings for what is not where the dialect expects it.
    pub suggestion: Option<DialectSuggestion>,
}

/// The kind of body of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum BodyShape {
    /// JSON of any kind.
    Json,
    /// A page for a browser.
    WebPage,
    /// Nothing, or something else.
    Other,
}

impl LoginFindings {
    /// Whether the server accepted login and password.
    #[must_use]
    pub fn is_accepted(&self) -> bool {
        (200..300).contains(&self.status)
    }
}

/// Logs in once, and returns the access token and the refresh token of the answer too. Does not repeat a wrong password.
pub(super) async fn log_in(api: &Api, user: &Credentials) -> Result<(LoginFindings, [Option<Secret>; 2]), NoAnswer> {
    let answer = api.issue(user).await.map_err(|trouble| NoAnswer::new(api, &trouble))?;
    Ok(read(&answer, user, &api.site))
}

fn read(answer: &Answer, user: &Credentials, site: &Site) -> (LoginFindings, [Option<Secret>; 2]) {
    let dialect = &site.target.dialect;
    let json = answer.json.as_ref().filter(|_| answer.is_success());
    let token = |place: &Pointer| {
        let text = json.and_then(|json| place.find(json)).and_then(Value::as_str);
        text.filter(|text| !text.is_empty()).map(Secret::new)
    };
    let lifetime = |place: &Pointer| dialect.lifetime_unit.read(place.find(json?)?, answer.header("date"));
    let [access, refresh] = [&dialect.access_token, &dialect.refresh_token].map(token);
    let login = LoginFindings {
        login: user.login.clone(),
        status: answer.status,
        shape: shape(answer),
        leads_to: answer.header("location").map(|place| site.redactor.mask_received(place, "")),
        has_access_token: access.is_some(),
        has_refresh_token: refresh.is_some(),
        access_lifetime: lifetime(&dialect.access_lifetime),
        refresh_lifetime: lifetime(&dialect.refresh_lifetime),
        in_between: recognize(answer, &site.redactor),
        suggestion: match &answer.json {
            Some(answered) if answer.is_success() => suggest(answered, dialect),
            // Only a request that is malformed misses a member.
            Some(refusal) if matches!(answer.status, 400 | 422) => suggest_login_fields(refusal, dialect),
            _ => None,
        },
    };
    (login, [access, refresh])
}

fn shape(answer: &Answer) -> BodyShape {
    let is_page = || answer.text().trim_start().to_ascii_lowercase().starts_with('<');
    match &answer.json {
        Some(_) => BodyShape::Json,
        None if is_page() => BodyShape::WebPage,
        None => BodyShape::Other,
    }
}
