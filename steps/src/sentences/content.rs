//! Steps that judge what an answer carries, and what it must not.

use serde_json::{Map, Value};

use super::words::{Content, Part};
use crate::{
    Mismatch, Secret, StepError, World,
    check::{
        internals, repeated, tokens_in,
        verification::{self, Verified},
    },
    jwt,
    message::Answer,
    schema::SchemaProblem,
    target::{LifetimeUnit, Pointer},
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
    if part == Part::AccessLifetime { is_in_seconds(&canonical, answer) } else { Ok(()) }
}

/// A token that names its own span shows a lifetime in another unit.
fn is_in_seconds(canonical: &Value, answer: &Answer) -> Result<(), StepError> {
    let announced = &canonical[Part::AccessLifetime.property()];
    let claimed = canonical[Part::Access.property()].as_str().and_then(jwt::claimed_lifetime);
    let other = claimed.and_then(|claimed| Some((claimed, jwt::other_unit(announced, claimed)?)));
    other.map_or(Ok(()), |(claimed, unit)| {
        let found = format!(
            "{announced}, where the token itself claims {claimed} s: it counts {unit}; if that is meant, set \
             `lifetime_unit = \"{unit}\"` in the target's `dialect`"
        );
        Err(Mismatch::new("the access token's lifetime in seconds", found).at(answer.exchange).into())
    })
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
    let found = |part: Part| {
        let value = part.pointer(world).find(answer.json.as_ref()?)?;
        Some((part.property().to_owned(), in_seconds(world, answer, part, value).unwrap_or_else(|| value.clone())))
    };
    Value::Object(PARTS.into_iter().filter_map(found).collect::<Map<_, _>>())
}

/// A lifetime in another unit than seconds, in seconds.
fn in_seconds(world: &World, answer: &Answer, part: Part, value: &Value) -> Option<Value> {
    let unit = world.site().target.dialect.lifetime_unit;
    let is_lifetime = matches!(part, Part::AccessLifetime | Part::RefreshLifetime);
    if !is_lifetime || unit == LifetimeUnit::Seconds {
        return None;
    }
    let lifetime = unit.read(value, answer.header("date"))?;
    Some(if lifetime.subsec_nanos() == 0 { lifetime.as_secs().into() } else { lifetime.as_secs_f64().into() })
}
