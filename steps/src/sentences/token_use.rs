//! Steps that use, present or verify a token: as documented, or in a way that the server must refuse.

use serde_json::{Value as Json, json};

use super::words::{Action, Change, Connection, Token, Variation};
use crate::{
    Mismatch, Secret, StepError, World,
    api::{Api, REFRESH_PATH, VERIFY_PATH, verify_request},
    client,
    fake::{Alteration, altered},
    message::{Answer, Call, Request},
};

/// How many calls in turn show that a token is accepted again and again.
const ENOUGH: usize = 20;

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
        self.send_over(client::Connection::Usual, api, request).await
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
    for done in 0..times {
        // A slow server answers fewer calls within the lifetime of a token than are wanted, and so does one that has to be asked slowly.
        if done >= ENOUGH && world.api.client.is_nearly_over(&request) {
            break;
        }
        let answer = action.send_over(over, &world.api, request.clone()).await?;
        world.answers.push(answer);
    }
    if world.answers.len() < times {
        let note = format!(
            "it was used {} times instead of {times}, until shortly before its end, at this pace",
            world.answers.len()
        );
        world.journal.note(world.site().redactor.mask(&note));
    }
    Ok(())
}

pub(super) async fn act_changed(
    world: &mut World,
    token: Token,
    action: Action,
    change: Change,
) -> Result<(), StepError> {
    let original = world.token(token)?;
    // The verification of one-time tokens is asked for letter by letter; of others, case counts only where it carries meaning.
    let is_caseless = change == Change::Recased && action != Action::Verify && !mixes_case(&original);
    // In its place another change is tried, so that the requirement is judged.
    let change = if is_caseless { Change::End } else { change };
    let mut changed = change.apply(&original, world)?;
    if change == Change::Scattered {
        changed = world.draw("places of a token", changed, action as usize, FEW_PLACES);
    }
    world.answers.clear();
    for token in changed {
        let answer = action.send(&world.api, action.request(&world.api, Some(&token))?).await?;
        world.answers.push(answer);
    }
    Ok(())
}

fn mixes_case(token: &Secret) -> bool {
    let has = |class: fn(&char) -> bool| token.expose().chars().any(|c| class(&c));
    has(char::is_ascii_lowercase) && has(char::is_ascii_uppercase)
}

/// Most characters of a token that are changed one by one, and on a deployment.
const SCATTERED: (usize, usize) = (32, 6);
/// Places where a token is changed and spellings of a path where requests are dear.
const FEW_PLACES: usize = 2;
const FEW_SPELLINGS: usize = 4;

impl Change {
    /// The token changed in this way, once for each of its parts, and known to the redactor.
    ///
    /// # Errors
    /// Skips the scenario when nothing of this token can be changed in this way.
    pub(super) fn apply(self, token: &Secret, world: &World) -> Result<Vec<Secret>, StepError> {
        let alterations = self.alterations(world.site().target.thorough);
        let changed = alterations.into_iter().flat_map(|how| altered(token, how));
        let changed: Vec<Secret> = changed.map(|other| world.api.made_up(other)).collect();
        if changed.is_empty() {
            return Err(StepError::skipped("the token has nothing that could be changed in this way"));
        }
        Ok(changed)
    }
}

impl Change {
    fn alterations(self, thorough: bool) -> Vec<Alteration> {
        vec![match self {
            Self::Start => Alteration::Start,
            Self::Middle => Alteration::Middle,
            Self::End => Alteration::End,
            Self::WithoutPart => Alteration::WithoutPart,
            Self::Half => Alteration::Half,
            Self::HalfOfLastPart => Alteration::HalfOfLastPart,
            Self::Longer => Alteration::Longer,
            Self::Recased => Alteration::Recased,
            Self::Scattered => Alteration::Scattered(if thorough { SCATTERED.0 } else { SCATTERED.1 }),
            Self::Every if thorough => {
                return vec![
                    Alteration::Start,
                    Alteration::Middle,
                    Alteration::End,
                    Alteration::WithoutPart,
                    Alteration::Half,
                    Alteration::Longer,
                ];
            }
            Self::Every => return vec![Alteration::Scattered(2), Alteration::Half],
        }]
    }
}

pub(super) async fn act_varied(
    world: &mut World,
    token: Token,
    action: Action,
    variation: Variation,
) -> Result<(), StepError> {
    let token = world.token(token)?;
    let request = match variation {
        Variation::Cookie => {
            if world.answers.is_empty() {
                let user = world.user();
                world.log_in(&user).await?;
            }
            with_cookies_of_login(world, action.request(&world.api, None)?)?
        }
        _ => variation.request(action, &world.api, &token)?,
    };
    let answer = match variation {
        Variation::UnknownPath => world.api.call(request).await?,
        Variation::OtherCase => action.send_over(client::Connection::Capitalized, &world.api, request).await?,
        _ => action.send(&world.api, request).await?,
    };
    world.answered(answer);
    Ok(())
}

/// The request with the cookies that the login set, and without its token.
fn with_cookies_of_login(world: &World, request: Request) -> Result<Request, StepError> {
    let cookies = world.answer()?.headers_named("set-cookie").filter_map(|cookie| cookie.split(';').next());
    let cookies: Vec<&str> = cookies.map(str::trim).collect();
    // Without a cookie the call has nothing that could open it.
    if cookies.is_empty() {
        return Ok(request);
    }
    Ok(request.secret_header("Cookie", &Secret::new(cookies.join("; "))))
}

/// Other ways to write the path of the protected call. Dot segments are resolved by the client before they are sent.
fn path_spellings(path: &str) -> Vec<String> {
    let (path, query) = path.split_once('?').map_or((path, String::new()), |(path, query)| (path, format!("?{query}")));
    let name = path.trim_matches('/');
    let encoded = name
        .bytes()
        .next()
        .map_or_else(String::new, |first| format!("/%{first:02x}{}", name.get(1..).unwrap_or_default()));
    let all = [
        format!("/{name}/"),
        format!("//{name}"),
        encoded,
        format!("/x/..%2f{name}"),
        format!("/{}", name.to_ascii_uppercase()),
        format!("/{name};x=1"),
        format!("/{name}.json"),
        format!("/{name}%20"),
    ];
    all.into_iter().filter(|other| other != path).map(|other| other + &query).collect()
}

/// Sends the protected call under other spellings of its path, without a token.
pub(super) async fn call_other_spellings(world: &mut World) -> Result<(), StepError> {
    let request = world.api.probe_request()?;
    // A shared session may have been ended by later ones.
    let pair = world.api.unused_pair().await?;
    let genuine = world.api.use_token(&pair.access).await?;
    if !genuine.is_success() {
        let refused = Mismatch::new("the call to be accepted with its token", genuine.status_text());
        return Err(refused.requirement("USE-1").as_inconclusive());
    }
    world.answers.clear();
    for path in world.draw("spellings of the path", path_spellings(&request.path), 0, FEW_SPELLINGS) {
        let answer = world.api.probe(Request { path, ..request.clone() }).await?;
        world.answers.push(answer);
    }
    world.genuine = Some(genuine);
    Ok(())
}

/// A page for everything that a server does not know is not an answer to the call: only what looks like that answer counts.
pub(super) async fn opens_nothing(world: &mut World) -> Result<(), StepError> {
    let Some(genuine) = &world.genuine else {
        return Err(StepError::inconclusive("no genuine answer to compare with"));
    };
    world.each(|answer| {
        if answer.is_success() && resembles(answer, genuine) {
            let answered = format!("{} without a token, as with one", answer.status_text());
            return Err(Mismatch::new("no spelling of the path to open the call", answered).at(answer.exchange));
        }
        Ok(())
    })
}

fn resembles(answer: &Answer, genuine: &Answer) -> bool {
    match (&answer.json, &genuine.json) {
        (Some(Json::Object(one)), Some(Json::Object(other))) => one.keys().any(|key| other.contains_key(key)),
        (Some(Json::Array(_)), Some(Json::Array(_))) => true,
        (Some(_), _) | (_, Some(_)) => false,
        (None, None) => answer.media_type() == genuine.media_type() && answer.body == genuine.body,
    }
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
        let with_body = |body: String| Ok(bare()?.text("application/json", body).carrying(token));
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
            Self::BasicScheme => with_scheme("Basic "),
            Self::TokenScheme => with_scheme("Token "),
            Self::OtherCase => action.request(api, Some(token)),
            Self::Cookie => bare(),
            Self::CutOff => with_body(format!("{{\"token\":{}", json!(token.expose()))),
            Self::InList => with_body(format!("[{{\"token\":{}}}]", json!(token.expose()))),
            // The protected call need not be configured for this.
            Self::UnknownPath if action == Action::Use => {
                Ok(Request::new("GET", crate::fake::unknown_path()).bearer(token))
            }
            Self::UnknownPath => Ok(Request { path: crate::fake::unknown_path(), ..action.request(api, Some(token))? }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        Journal,
        test_server::{TestServer, answer, token_answer},
    };

    /// The status of a call whose header has a name in other case, on a server that reads it in this way.
    async fn status_in_other_case(reads: fn(&str) -> bool) -> u16 {
        let server = TestServer::start(move |request| {
            if request.starts_with("POST ") {
                return token_answer("access-1", "refresh-1");
            }
            answer(if reads(request) { 200 } else { 401 }, "", "")
        });
        let api = server.await.api();
        let mut world = World::on(api.site.clone(), Journal::default());
        let user = world.user();
        world.log_in(&user).await.expect("a pair");
        act(&mut world, Token::Access, Action::Use).await.expect("an answer");
        assert_eq!(world.answers[0].status, 200, "in lower case every server reads it");
        act_varied(&mut world, Token::Access, Action::Use, Variation::OtherCase).await.expect("an answer");
        world.answers[0].status
    }

    #[tokio::test]
    async fn a_server_that_reads_headers_in_one_case_only_is_found() {
        assert_eq!(status_in_other_case(|request| request.contains("\r\nauthorization: Bearer ")).await, 401);
        let reads = |request: &str| request.to_lowercase().contains("\r\nauthorization: bearer ");
        assert_eq!(status_in_other_case(reads).await, 200);
    }

    #[test]
    fn other_spellings_keep_the_query_and_are_not_the_path() {
        for path in ["/accounts?limit=1", "/users/me"] {
            let spellings = path_spellings(path);
            assert!(spellings.len() >= 7 && !spellings.iter().any(|other| other == path), "{spellings:?}");
            assert!(spellings.iter().all(|other| other.contains('?') == path.contains('?')), "{spellings:?}");
        }
    }
}
