//! Steps about lifetimes that pass.

use super::words::{Moment, Token};
use crate::{
    Mismatch, StepError, World,
    lifetimes::LifetimeKind,
    world::{Life, announced},
};

/// When the life of a token began, and how long it is.
fn life(world: &World, token: Token) -> Result<Life, StepError> {
    match token {
        Token::Access | Token::EarlierAccess => {
            let pair = if token == Token::Access { world.pair()? } else { world.earlier_pair()? };
            let lifetime = announced(pair.access_lifetime, "an access token", "ISSUE-4")?;
            Ok(Life { kind: LifetimeKind::Access, issued: pair.issued, lifetime })
        }
        Token::Refresh | Token::EarlierRefresh => {
            let pair = if token == Token::Refresh { world.pair()? } else { world.earlier_pair()? };
            let lifetime = world.refresh_lifetime(pair);
            let lifetime = announced(lifetime, "a refresh token", "ISSUE-5")?;
            Ok(Life { kind: LifetimeKind::Refresh, issued: pair.issued, lifetime })
        }
        Token::OneTime => {
            let token = world.one_time()?;
            let unknown = || StepError::skipped("how long a one-time token lives is not configured (`ott.lifetime`)");
            let lifetime = token.lifetime.ok_or_else(unknown)?;
            Ok(Life { kind: LifetimeKind::OneTime, issued: token.issued, lifetime })
        }
        _ => Err(StepError::inconclusive("the lifetime of this token is not known")),
    }
}

pub(super) async fn lifetime_passes(world: &mut World, token: Token, moment: Moment) -> Result<(), StepError> {
    world.wait_for(moment, life(world, token)?).await
}

pub(super) async fn refresh_token_outlives(world: &mut World) -> Result<(), StepError> {
    let access = life(world, Token::Access)?.lifetime;
    let refresh = world.refresh_lifetime(world.pair()?);
    if refresh.is_some_and(|refresh| refresh <= access + world.site().target.margin * 2) {
        return Err(StepError::skipped("the refresh token does not outlive the access token (see ISSUE-5)"));
    }
    Ok(())
}

pub(super) async fn use_until_the_end(world: &mut World, token: Token) -> Result<(), StepError> {
    let life = life(world, token)?;
    let token = world.token(token)?;
    for part in [0.25, 0.5, 0.75] {
        world.wait_for_part(part, life).await?;
        world.api.use_token(&token).await?;
    }
    world.wait_for(Moment::NearlyOver, life).await?;
    world.api.use_token(&token).await?;
    world.wait_for(Moment::Passed, life).await
}

/// The earlier access token has not been used. Where it lives on too, nothing follows for the used one.
pub(super) async fn use_does_not_prolong(world: &mut World) -> Result<(), StepError> {
    let unused = world.api.use_token(&world.earlier_pair()?.access).await?;
    world.judges(&unused);
    if unused.is_success() {
        let reason = "an access token that was not used is accepted after its lifetime too (see EXPIRY-2)";
        return Err(StepError::inconclusive(reason));
    }
    let used = world.api.use_token(&world.pair()?.access).await?;
    world.judges(&used);
    if used.is_success() {
        let answered = "it is accepted, and one that was not used is refused";
        return Err(Mismatch::new("the used token to be refused after its lifetime", answered)
            .at(used.exchange)
            .into());
    }
    Ok(())
}

/// How many milliseconds are a second.
const MILLISECONDS: u32 = 1_000;

/// An opaque token does not show its lifetime, so the oldest of the run is tried. Later logins may have ended it too; a new one, with
/// no login after it, then shows whether it lives a thousandth of what is announced.
pub(super) async fn is_not_in_milliseconds(world: &mut World) -> Result<(), StepError> {
    let Some(oldest) = world.site().oldest.0.get().cloned() else { return Ok(()) };
    let Some(announced) = oldest.access_lifetime else { return Ok(()) };
    let (margin, max_wait) = (world.site().target.margin, world.site().target.max_wait);
    let age = world.site().clock.now().saturating_sub(oldest.issued.earliest);
    // What is young by any unit shows nothing, and what has ended as announced is not to be used.
    if age <= announced / MILLISECONDS || age + margin * 2 >= announced {
        return Ok(());
    }
    if world.api.use_token(&oldest.access).await?.is_success() {
        return Ok(());
    }
    // Lifetimes may have been changed since.
    let pair = world.api.fresh_pair().await?;
    let Some(announced) = pair.access_lifetime else { return Ok(()) };
    let meant = announced / MILLISECONDS;
    if meant <= margin * 2 || meant > max_wait {
        return Ok(());
    }
    let life = Life { kind: LifetimeKind::Access, issued: pair.issued, lifetime: meant };
    world.wait_for(Moment::NearlyOver, life).await?;
    let before = world.api.use_token(&pair.access).await?;
    world.wait_for(Moment::Passed, life).await?;
    let after = world.api.use_token(&pair.access).await?;
    if !before.is_success() || after.is_success() {
        return Ok(());
    }
    let answered = format!(
        "{} s are announced, and a token ends {} s after its login: the lifetime counts milliseconds; if that is meant, set \
         `lifetime_unit = \"milliseconds\"` in the target's `dialect`",
        announced.as_secs_f64(),
        meant.as_secs_f64()
    );
    Err(Mismatch::new("the access token's lifetime in seconds", answered).at(after.exchange).into())
}

#[cfg(test)]
mod tests {
    use std::{
        collections::HashMap,
        sync::{Arc, Mutex},
        time::Duration,
    };

    use super::*;
    use crate::{
        Clock, Journal,
        test_server::{ImpatientClock, TestServer, answer, header},
    };

    /// What is held against a server that announces 60,000 for opaque tokens, which live so many seconds, and of which a user has at
    /// most `kept`, when the oldest token of the run is 100 s old and there were other logins.
    async fn judged(lives: u64, kept: usize) -> Result<(), String> {
        let clock = Arc::new(ImpatientClock::default());
        let (time, issued) = (clock.clone(), Mutex::new(HashMap::new()));
        let server = TestServer::start(move |request| {
            let mut issued = issued.lock().expect("no test panics here");
            let number = issued.len() + 1;
            if request.starts_with("POST ") {
                issued.insert(format!("Bearer access-{number}"), (number, time.now()));
                let body = format!(
                    r#"{{"accessToken":"access-{number}","refreshToken":"refresh-{number}","accessTokenLifeTime":60000}}"#
                );
                return answer(200, "Content-Type: application/json\r\n", &body);
            }
            let found = header(request, "authorization").and_then(|token| issued.get(token));
            let is_good = found.is_some_and(|(one, since)| {
                one + kept > issued.len() && time.now() - *since < Duration::from_secs(lives)
            });
            answer(if is_good { 200 } else { 401 }, "", "")
        });
        let api = server.await.api_of(clock.clone(), |_| ());
        let mut world = World::on(api.site.clone(), Journal::default());
        for _ in 0..3 {
            api.fresh_pair().await.expect("a pair");
        }
        clock.pass(Duration::from_secs(100)).await;
        is_not_in_milliseconds(&mut world).await.map_err(|error| error.reason().expose().to_owned())
    }

    #[tokio::test]
    async fn opaque_tokens_that_live_a_thousandth_of_their_lifetime_are_found() {
        let found = judged(60, 100).await.expect_err("it counts milliseconds");
        assert!(found.contains("60000 s are announced, and a token ends 60 s after its login"), "{found}");
        for (lives, kept) in [(60_000, 100), (60_000, 2), (30, 100), (90, 100)] {
            assert_eq!(judged(lives, kept).await, Ok(()), "{lives} s, {kept} sessions");
        }
    }
}
