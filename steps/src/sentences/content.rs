//! Steps that judge what an answer carries, and what it must not.

use serde_json::{Map, Value};

use super::words::{Content, Part};
use crate::{
    Mismatch, Secret, StepError, World,
    check::{
        internals, repeated, tokens_in,
        verification::{self, Verified},
    },
    message::Answer,
    schema::SchemaProblem,
    target::Pointer,
};

pub(super) async fn is_absent(world: &mut World, content: Content) -> Result<(), StepError> {
    match content {
        Content::Token => {
            for answer in world.judged()? {
                tokens_in::none(&world.api, answer).await?;
            }
            Ok(())
        }
        Content::Password => world.each(|answer| repeated::none_of(&world.sent, "the password", answer)),
        Content::Internals => world.each(|answer| {
            repeated::none_of(&world.sent, "a token or password", answer)?;
            internals::none_in(answer)
        }),
        Content::User => names_no_user(world),
    }
}

/// Only refusals are judged: an accepted token names its user.
fn names_no_user(world: &World) -> Result<(), StepError> {
    let logins: Vec<_> = world.one_time.iter().map(|token| Secret::new(token.login.as_str())).collect();
    let dialect = &world.site().target.dialect;
    world.each(|answer| match verification::read(answer, dialect) {
        Verified::Good(_) => Ok(()),
        Verified::Refused | Verified::Unclear => repeated::none_of(&logins, "the login of a refused token", answer),
    })
}

const PARTS: [Part; 4] = [Part::Access, Part::Refresh, Part::AccessLifetime, Part::RefreshLifetime];

impl Part {
    /// Its name in the schema of token answers.
    fn property(self) -> &'static str {
        match self {
            Self::Access | Self::All => "accessToken",
            Self::Refresh => "refreshToken",
            Self::AccessLifetime => "accessTokenLifeTime",
            Self::RefreshLifetime => "refreshTokenLifeTime",
        }
    }

    fn pointer(self, world: &World) -> &Pointer {
        let dialect = &world.site().target.dialect;
        match self {
            Self::Access | Self::All => &dialect.access_token,
            Self::Refresh => &dialect.refresh_token,
            Self::AccessLifetime => &dialect.access_lifetime,
            Self::RefreshLifetime => &dialect.refresh_lifetime,
        }
    }
}

pub(super) async fn carries(world: &mut World, part: Part) -> Result<(), StepError> {
    let answer = world.answer()?;
    if !answer.is_success() || answer.json.is_none() {
        let refused = Mismatch::new("a token answer", answer.status_text()).at(answer.exchange);
        return Err(refused.requirement("ISSUE-1").as_inconclusive());
    }
    let canonical = canonical(world, answer);
    let problems = world.site().shared.schemas.problems("token-answer", &canonical);
    let problems = problems.map_err(|error| StepError::inconclusive(error.to_string()))?;
    for part in parts(world, part) {
        let about = |problem: &&SchemaProblem| problem.property.as_deref() == Some(part.property());
        let missing = canonical.get(part.property()).is_none().then(|| "the answer has none".to_owned());
        if let Some(problem) = problems.iter().find(about).map(|problem| problem.message.clone()).or(missing) {
            let expected = format!("the {} at {}", part.property(), part.pointer(world));
            return Err(Mismatch::new(expected, problem).at(answer.exchange).into());
        }
    }
    Ok(())
}

/// The refresh lifetime is only asked for where the login announced it.
fn parts(world: &World, part: Part) -> Vec<Part> {
    let announced = world.pairs.first().is_some_and(|login| login.refresh_lifetime.is_some());
    match part {
        Part::All if announced => PARTS.to_vec(),
        Part::All => vec![Part::Access, Part::Refresh, Part::AccessLifetime],
        part => vec![part],
    }
}

/// The answer with the names that the schema uses, wherever this deployment puts them.
fn canonical(world: &World, answer: &Answer) -> Value {
    let found =
        |part: Part| Some((part.property().to_owned(), part.pointer(world).find(answer.json.as_ref()?)?.clone()));
    Value::Object(PARTS.into_iter().filter_map(found).collect::<Map<_, _>>())
}
