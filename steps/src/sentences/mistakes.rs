//! Steps that make a client's mistake, and look up the code of the error that comes back.

use serde_json::json;

use super::{login::unknown_login, words::Mistake};
use crate::{
    Secret, SecretKind, StepError, World, answer_summary,
    api::{ERRORS_PATH, REFRESH_PATH, TOKEN_PATH, VERIFY_PATH, credentials_request, verify_request},
    fake,
    message::{Answer, Call, Request},
};

pub(super) async fn make(world: &mut World, mistake: Mistake) -> Result<(), StepError> {
    let secret = world.api.made_up(fake::text(43));
    let (call, request) = mistake.request(world, &secret)?;
    let answer = match call {
        Call::Issue => world.api.attempt("", request).await?,
        Call::Verify => world.api.verification(request).await?,
        call => world.api.client.send(call, request).await?,
    };
    world.sent = vec![secret];
    world.answered(answer);
    Ok(())
}

impl Mistake {
    /// Those that a node and another are compared by.
    pub(super) const ALL: [Self; 14] = [
        Self::UnknownLogin,
        Self::NoPassword,
        Self::NoJson,
        Self::LoginMethod,
        Self::NoToken,
        Self::MadeUpToken,
        Self::MadeUpRefresh,
        Self::NoRefresh,
        Self::RefreshMethod,
        Self::MadeUpOneTime,
        Self::NoOneTime,
        Self::VerificationNoJson,
        Self::VerificationMethod,
        Self::UnknownPath,
    ];

    /// The request that makes it; `secret` goes wherever the mistake carries one.
    pub(super) fn request(self, world: &World, secret: &Secret) -> Result<(Call, Request), StepError> {
        let api = &world.api;
        let malformed = |path| {
            let text = format!("{{\"login\":{},\"password\":\"{}\"", json!(unknown_login(world)), secret.expose());
            Request::new("POST", path).text("application/json", text).carrying(secret)
        };
        Ok(match self {
            Self::UnknownLogin => {
                world.site().redactor.keep(secret, SecretKind::Password);
                (Call::Issue, credentials_request(&unknown_login(world), secret))
            }
            Self::NoPassword => {
                (Call::Issue, Request::new("POST", TOKEN_PATH).json(&json!({ "login": unknown_login(world) })))
            }
            Self::NoJson => (Call::Issue, malformed(TOKEN_PATH)),
            Self::LoginMethod => (Call::Issue, Request::new("GET", TOKEN_PATH)),
            Self::NoToken => (Call::Probe, api.probe_request()?),
            Self::MadeUpToken => (Call::Probe, api.probe_request()?.bearer(secret)),
            Self::MadeUpRefresh => (Call::Refresh, api.refresh_request("GET", secret)),
            Self::NoRefresh => (Call::Refresh, Request::new("GET", REFRESH_PATH)),
            Self::RefreshMethod => (Call::Refresh, api.refresh_request("POST", secret)),
            Self::MadeUpOneTime => (Call::Verify, verify_request(secret)),
            Self::NoOneTime => (Call::Verify, Request::new("POST", VERIFY_PATH).json(&json!({}))),
            Self::VerificationNoJson => (Call::Verify, malformed(VERIFY_PATH)),
            Self::VerificationMethod => (Call::Verify, Request::new("GET", VERIFY_PATH)),
            Self::UnknownPath => (Call::Other, Request::new("GET", fake::unknown_path())),
        })
    }
}

/// The error code of an answer, if it has one.
pub(super) fn error_code(world: &World, answer: &Answer) -> Option<String> {
    answer_summary::error_code(answer.json.as_ref()?, &world.site().target.dialect)
}

pub(super) async fn error_code_of(world: &mut World, mistake: Mistake) -> Result<(), StepError> {
    make(world, mistake).await?;
    world.error_code = error_code(world, world.answer()?);
    Ok(())
}

pub(super) async fn look_up(world: &mut World) -> Result<(), StepError> {
    let Some(code) = world.error_code.clone() else {
        return Err(StepError::skipped("the server's errors carry no code to look up"));
    };
    let request = Request::new("GET", ERRORS_PATH).query("errorId", &code).bearer(&world.pair()?.access);
    let answer = world.api.call(request).await?;
    world.answered(answer);
    Ok(())
}
