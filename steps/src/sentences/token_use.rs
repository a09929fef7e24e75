//! Steps that use, present or verify a token: as documented, or in a way that the server must refuse.

use serde_json::json;

use super::words::{Action, Change, Connection, Token, Variation};
use crate::{
    Secret, StepError, World,
    api::{Api, NOWHERE, REFRESH_PATH, VERIFY_PATH, verify_request},
    client,
    fake::{Alteration, altered},
    message::{Answer, Call, Request},
};

impl Token {
    /// `None` for no token at all.
    pub(super) fn secret(self, world: &World) -> Result<Option<Secret>, StepError> {
        if self == Self::None { Ok(None) } else { world.token(self).map(Some) }
    }
}

impl Action {
    fn call(self) -> Call {
        match self {
            Self::Use => Call::Probe,
            Self::Present => Call::Refresh,
            Self::Verify => Call::Verify,
        }
    }

    /// The request as documented.
    ///
    /// # Errors
    /// Skips the scenario when no protected call is configured.
    pub(super) fn request(self, api: &Api, token: Option<&Secret>) -> Result<Request, StepError> {
        Ok(match (self, token) {
            (Self::Use, Some(token)) => api.probe_request()?.bearer(token),
            (Self::Use, None) => api.probe_request()?,
            (Self::Present, Some(token)) => api.refresh_request("GET", token),
            (Self::Present, None) => Request::new("GET", REFRESH_PATH),
            (Self::Verify, Some(token)) => verify_request(token),
            (Self::Verify, None) => Request::new("POST", VERIFY_PATH).json(&json!({})),
        })
    }

    pub(super) async fn send(self, api: &Api, request: Request) -> Result<Answer, StepError> {
        self.send_over(client::Connection::Kept, api, request).await
    }

    async fn send_over(self, over: client::Connection, api: &Api, request: Request) -> Result<Answer, StepError> {
        let request = if self == Self::Verify {
            api.ensure_verify_exists().await?;
            api.with_access_token_if_needed(request).await?
        } else {
            request
        };
        Ok(api.client.send_over(over, self.call(), request).await?)
    }
}

pub(super) async fn act(world: &mut World, token: Token, action: Action) -> Result<(), StepError> {
    let request = action.request(&world.api, token.secret(world)?.as_ref())?;
    let answer = action.send(&world.api, request).await?;
    world.answered(answer);
    Ok(())
}

pub(super) async fn act_repeatedly(
    world: &mut World,
    token: Token,
    action: Action,
    times: usize,
    connection: Connection,
) -> Result<(), StepError> {
    let request = action.request(&world.api, token.secret(world)?.as_ref())?;
    let over = match connection {
        Connection::One => client::Connection::Kept,
        Connection::New => client::Connection::Fresh,
    };
    world.answers.clear();
    for _ in 0..times {
        let answer = action.send_over(over, &world.api, request.clone()).await?;
        world.answers.push(answer);
    }
    Ok(())
}

pub(super) async fn act_changed(
    world: &mut World,
    token: Token,
    action: Action,
    change: Change,
) -> Result<(), StepError> {
    let changed = change.apply(&world.token(token)?, world)?;
    world.answers.clear();
    for token in changed {
        let answer = action.send(&world.api, action.request(&world.api, Some(&token))?).await?;
        world.answers.push(answer);
    }
    Ok(())
}

impl Change {
    /// The token changed in this way, once for each of its parts, and known to the redactor.
    ///
    /// # Errors
    /// Skips the scenario when nothing of this token can be changed in this way.
    fn apply(self, token: &Secret, world: &World) -> Result<Vec<Secret>, StepError> {
        let how = match self {
            Self::Start => Alteration::Start,
            Self::Middle => Alteration::Middle,
            Self::WithoutPart => Alteration::WithoutPart,
            Self::Half => Alteration::Half,
            Self::Longer => Alteration::Longer,
            Self::Recased => Alteration::Recased,
        };
        let changed: Vec<Secret> = altered(token, how).into_iter().map(|other| world.api.made_up(other)).collect();
        if changed.is_empty() {
            return Err(StepError::skipped("the token has nothing that could be changed in this way"));
        }
        Ok(changed)
    }
}

pub(super) async fn act_varied(
    world: &mut World,
    token: Token,
    action: Action,
    variation: Variation,
) -> Result<(), StepError> {
    let token = world.token(token)?;
    let request = variation.request(action, &world.api, &token)?;
    let answer = match variation {
        Variation::UnknownPath => world.api.call(request).await?,
        _ => action.send(&world.api, request).await?,
    };
    world.answered(answer);
    Ok(())
}

impl Variation {
    fn request(self, action: Action, api: &Api, token: &Secret) -> Result<Request, StepError> {
        let bare = || action.request(api, None);
        let with_method = |method| Ok(Request { method, ..action.request(api, Some(token))? });
        let with_scheme = |scheme: &str| {
            if action != Action::Use {
                return Err(StepError::inconclusive("only a token that is used comes with the word Bearer"));
            }
            Ok(bare()?.header("Authorization", format!("{scheme}{}", token.expose())).carrying(token))
        };
        match self {
            Self::Get => with_method("GET"),
            Self::Post => with_method("POST"),
            Self::Put => with_method("PUT"),
            Self::Delete => with_method("DELETE"),
            Self::Query | Self::QueryToken => Ok(bare()?.secret_query("token", token)),
            Self::QueryUnderscored => Ok(bare()?.secret_query("access_token", token)),
            Self::QueryCamel => Ok(bare()?.secret_query("accessToken", token)),
            Self::Header => Ok(bare()?.secret_header("token", token)),
            Self::Body => Ok(bare()?.json(&json!({ "token": token.expose() })).carrying(token)),
            Self::NoScheme => with_scheme(""),
            Self::LowerCaseScheme => with_scheme("bearer "),
            // The protected call need not be configured for this.
            Self::UnknownPath if action == Action::Use => Ok(Request::new("GET", NOWHERE).bearer(token)),
            Self::UnknownPath => Ok(Request { path: NOWHERE.to_owned(), ..action.request(api, Some(token))? }),
        }
    }
}
