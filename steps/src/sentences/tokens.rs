//! Steps that compare tokens and lifetimes with each other.

use super::words::{Member, Token};
use crate::{Mismatch, Secret, StepError, World, check::guessing, message::Call, tokens::Pair};

/// Tokens that are made of the time are the same when they are made in one second, so two of one second are compared.
pub(super) async fn differ(world: &mut World, one: Token, other: Token) -> Result<(), StepError> {
    let is_pair_after_pair =
        matches!((one, other), (Token::Access, Token::EarlierAccess) | (Token::Refresh, Token::EarlierRefresh));
    if is_pair_after_pair {
        repeat_within_a_second(world, one, other).await?;
    }
    if world.token(one)? != world.token(other)? {
        return Ok(());
    }
    let exchange = world.answer()?.exchange;
    Err(Mismatch::new("two different tokens", "they are the same").at(exchange).into())
}

/// How many pairs of one second are compared: the second in which a token is made may end before that of its answer begins.
const IN_ONE_SECOND: usize = 2;
/// Most repetitions, on a server that is too slow, or paced too slowly, for two answers in one second.
const MOST_REPETITIONS: usize = 6;

/// Repeats what gave the newest two pairs until two answers came in one second of the server's clock, or the tokens are the same.
/// Without a clock in the answers there is nothing to wait for.
async fn repeat_within_a_second(world: &mut World, one: Token, other: Token) -> Result<(), StepError> {
    let mut compared = 0;
    for _ in 0..=MOST_REPETITIONS {
        let (earlier, newest) = (world.earlier_pair()?.clone(), world.pair()?.clone());
        if newest.origin.date.is_none() || world.token(one)? == world.token(other)? {
            return Ok(());
        }
        compared += usize::from(earlier.origin.date == newest.origin.date);
        if compared == IN_ONE_SECOND {
            return Ok(());
        }
        let (user, known) = (world.user(), world.pairs.len());
        world.log_in(&user).await?;
        let is_refresh = newest.origin.call == Call::Refresh;
        if is_refresh && world.pairs.len() > known {
            world.refresh().await?;
        }
        if world.pairs.len() < known + 1 + usize::from(is_refresh) {
            return Err(world.expect_pairs().err().unwrap_or_else(|| StepError::inconclusive("no pair of tokens")));
        }
    }
    Ok(())
}

pub(super) async fn refresh_token_lives_longer(world: &mut World) -> Result<(), StepError> {
    let Pair { access_lifetime, refresh_lifetime, .. } = world.pair()?;
    let (Some(access), Some(refresh)) = (access_lifetime, refresh_lifetime) else {
        return Err(StepError::inconclusive("the answer does not announce both lifetimes (see ISSUE-4)"));
    };
    if refresh >= access {
        return Ok(());
    }
    let answered = format!("{} s against {} s", refresh.as_secs_f64(), access.as_secs_f64());
    Err(Mismatch::new("a refresh lifetime not below the access lifetime", answered).at(world.answer()?.exchange).into())
}

pub(super) async fn differ_by_bits(world: &mut World, member: Member, bits: u32) -> Result<(), StepError> {
    let tokens: Vec<Secret> = match member {
        Member::Access => world.pairs.iter().map(|pair| pair.access.clone()).collect(),
        Member::Refresh => world.pairs.iter().map(|pair| pair.refresh.clone()).collect(),
        Member::OneTime => world.one_time.iter().map(|token| token.token.clone()).collect(),
    };
    let tokens: Vec<&str> = tokens.iter().map(|token| token.expose()).collect();
    if tokens.len() < 8 {
        let no_pairs = world.expect_pairs().err().filter(|_| member != Member::OneTime);
        return Err(no_pairs.unwrap_or_else(|| StepError::inconclusive("too few tokens")));
    }
    let found = guessing::bits_of_change(&tokens);
    if found >= f64::from(bits) {
        return Ok(());
    }
    let answered = format!("{found:.0} bits change over {} tokens", tokens.len());
    Err(Mismatch::new(format!("at least {bits} bits of change from token to token"), answered).into())
}

/// A lifetime that is a thousand times the other is announced in another unit.
pub(super) async fn have_the_unit_of_the_login(world: &mut World) -> Result<(), StepError> {
    let answer = world.answer()?;
    let login = world.pairs.first().and_then(|pair| pair.access_lifetime);
    let refreshed = world.api.pair(answer, "").ok().and_then(|pair| pair.access_lifetime);
    let (Some(login), Some(refreshed)) = (login, refreshed) else {
        return Err(StepError::inconclusive("not both answers announce the access lifetime (see ISSUE-4)"));
    };
    let ratio = refreshed.as_secs_f64() / login.as_secs_f64().max(f64::MIN_POSITIVE);
    if (ratio / 1000.0 - 1.0).abs() > 0.01 && (ratio * 1000.0 - 1.0).abs() > 0.01 {
        return Ok(());
    }
    let answered = format!("the login announces {} and the refresh {}", login.as_secs_f64(), refreshed.as_secs_f64());
    Err(Mismatch::new("lifetimes in one unit", answered).at(answer.exchange).into())
}

#[cfg(test)]
mod tests {
    use std::time::{SystemTime, UNIX_EPOCH};

    use super::*;
    use crate::{
        Journal,
        test_server::{TestServer, answer},
    };

    /// A server whose access tokens are made of the second in which they are issued.
    async fn server_with_tokens_of_the_second() -> TestServer {
        TestServer::start(|request| {
            let second = SystemTime::now().duration_since(UNIX_EPOCH).expect("it is after 1970").as_secs();
            let user = if request.starts_with("POST ") { "login" } else { "refresh" };
            let body =
                format!(r#"{{"accessToken":"access-{second}","refreshToken":"{user}","accessTokenLifeTime":300}}"#);
            answer(200, &format!("Content-Type: application/json\r\nDate: {second}\r\n"), &body)
        })
        .await
    }

    #[tokio::test]
    async fn equal_tokens_of_one_second_are_found_every_time() {
        for refreshes in [false, true] {
            for _ in 0..20 {
                let api = server_with_tokens_of_the_second().await.api();
                let mut world = World::on(api.site.clone(), Journal::default());
                let user = world.user();
                world.log_in(&user).await.expect("a pair");
                if refreshes { world.refresh().await } else { world.log_in(&user).await }.expect("a pair");
                let compared = differ(&mut world, Token::Access, Token::EarlierAccess).await;
                assert!(matches!(compared, Err(StepError::Failed(_))), "{compared:?}");
            }
        }
    }
}
