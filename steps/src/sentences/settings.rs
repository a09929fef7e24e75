//! Steps that change lifetimes, and judge what a login announces of them.

use std::time::Duration;

use serde_json::{Value as Json, json};

use super::words::{Adjustment, Announcement, Lifetime, SettingValue, Token};
use crate::{
    Mismatch, StepError, World, fake,
    lifetimes::LifetimeKind,
    tokens::Pair,
    world::{ChangeToken, announced},
};

impl Lifetime {
    pub(super) fn setting(self) -> LifetimeKind {
        match self {
            Self::Access => LifetimeKind::Access,
            Self::Refresh => LifetimeKind::Refresh,
            Self::OneTime => LifetimeKind::OneTime,
        }
    }

    /// What a login announces of it.
    pub(super) fn announced(self, pair: &Pair) -> Result<Duration, StepError> {
        match self {
            Self::Access => announced(pair.access_lifetime, "an access token", "ISSUE-4"),
            Self::Refresh => announced(pair.refresh_lifetime, "a refresh token", "ISSUE-5"),
            Self::OneTime => Err(StepError::skipped("no answer announces the lifetime of one-time tokens")),
        }
    }
}

pub(super) async fn has_been_adjusted(
    world: &mut World,
    lifetime: Lifetime,
    adjustment: Adjustment,
) -> Result<(), StepError> {
    match adjustment {
        Adjustment::Shortened => shorten(world, lifetime).await,
        Adjustment::Changed => world.change_lifetime(lifetime.setting()).await,
    }
}

/// Once for all scenarios at the same server.
pub(super) async fn shorten(world: &mut World, lifetime: Lifetime) -> Result<(), StepError> {
    world.api.shorten(lifetime.setting()).await.map(drop)
}

pub(super) async fn change_with(world: &mut World, lifetime: Lifetime, token: Token) -> Result<(), StepError> {
    let token = token.secret(world)?;
    world.try_change(lifetime.setting(), &json!(fake::lifetime()), ChangeToken::This(token)).await
}

pub(super) async fn set_to(world: &mut World, lifetime: Lifetime, value: SettingValue) -> Result<(), StepError> {
    world.try_change(lifetime.setting(), &value.json(), ChangeToken::Good).await
}

impl SettingValue {
    fn json(self) -> Json {
        match self {
            Self::Zero => json!(0),
            Self::Negative => json!(-60),
            Self::Text => json!("ten"),
        }
    }
}

/// One message, of which the half could be taken.
pub(super) async fn set_beside_good(
    world: &mut World,
    lifetime: Lifetime,
    value: SettingValue,
    good: Lifetime,
) -> Result<(), StepError> {
    let mut message = world.api.settings_message(good.setting(), &json!(fake::lifetime()));
    if let (Some(both), Json::Object(bad)) =
        (message.as_object_mut(), world.api.settings_message(lifetime.setting(), &value.json()))
    {
        both.extend(bad);
    }
    let answer = world.try_settings(message.to_string().into_bytes()).await?;
    world.answered(answer);
    Ok(())
}

pub(super) async fn is_announced(
    world: &mut World,
    lifetime: Lifetime,
    announcement: Announcement,
) -> Result<(), StepError> {
    let exchange = world.answer()?.exchange;
    match announcement {
        Announcement::Changed => {
            let Some(to) = world.change.as_ref().and_then(|change| change.to) else {
                return Err(StepError::inconclusive("no lifetime was changed"));
            };
            compare(to, lifetime.announced(world.pair()?)?, exchange)
        }
        Announcement::Before => is_as_before(world, lifetime, world.pair()?, exchange),
        Announcement::Shortened => {
            let Some(short) = world.site().lifetimes.shortened(lifetime.setting()) else {
                return Err(StepError::inconclusive("no lifetime was shortened"));
            };
            compare(short, lifetime.announced(world.pair()?)?, exchange)
        }
    }
}

/// A lifetime that no answer announces cannot be compared; the access lifetime always is.
pub(super) async fn new_login_announces_as_before(world: &mut World) -> Result<(), StepError> {
    let refused = world.answer()?.exchange;
    let now = world.api.fresh_pair().await?;
    let mut compared = is_as_before(world, Lifetime::Access, &now, refused);
    if compared.is_ok() && now.refresh_lifetime.is_some() {
        compared = is_as_before(world, Lifetime::Refresh, &now, refused);
    }
    if compared.is_ok() {
        world.api.leave_pair(now);
    } else {
        world.may_be_changed = true;
    }
    compared
}

fn is_as_before(world: &World, lifetime: Lifetime, pair: &Pair, exchange: usize) -> Result<(), StepError> {
    let Some(change) = &world.change else {
        return Err(StepError::inconclusive("no lifetime was changed"));
    };
    let (before, now) = (lifetime.announced(&change.before)?, lifetime.announced(pair)?);
    // Each of the two may be rounded off.
    if before.abs_diff(now) <= ROUNDED_OFF { Ok(()) } else { Err(differs(before, now, " as before", exchange)) }
}

/// How much less than it was set to a lifetime may be announced: a server may announce the whole seconds that are left.
const ROUNDED_OFF: Duration = Duration::from_secs(2);

fn compare(set: Duration, announced: Duration, exchange: usize) -> Result<(), StepError> {
    let is_right = announced <= set && announced + ROUNDED_OFF >= set;
    if is_right { Ok(()) } else { Err(differs(set, announced, "", exchange)) }
}

fn differs(expected: Duration, announced: Duration, remark: &str, exchange: usize) -> StepError {
    let expected = format!("a login to announce {} s{remark}", expected.as_secs_f64());
    Mismatch::new(expected, format!("it announces {} s", announced.as_secs_f64())).at(exchange).into()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::{
        Journal,
        api::Api,
        lifetimes::Lifetimes,
        test_server::{ImpatientClock, TestServer, answer, token_answer},
    };

    /// A server that answers every change with this status.
    async fn api(status: u16) -> Api {
        api_with(status, Some(Duration::from_secs(300))).await
    }

    /// The same with this access lifetime in the configuration.
    async fn api_with(status: u16, known: Option<Duration>) -> Api {
        let server = TestServer::start(move |request| match request.split(' ').next() {
            Some("POST") => token_answer("access-1", "refresh-1"),
            Some("PATCH") => answer(status, "", ""),
            _ => answer(404, "", ""),
        });
        let seconds = Duration::from_secs;
        let short = Lifetimes { access: seconds(4), refresh: seconds(8), one_time: seconds(4) };
        server.await.api_of(Arc::new(ImpatientClock::default()), |target| {
            target.short_lifetimes = Some(short);
            target.known_lifetimes.access = known;
        })
    }

    /// What becomes of a good change and of a wrong one.
    async fn outcomes(api: &Api) -> [Result<(), StepError>; 2] {
        let mut world = World::on(api.site.clone(), Journal::default());
        let wrong = change_with(&mut world, Lifetime::Access, Token::MadeUp).await;
        [shorten(&mut world, Lifetime::Access).await, wrong]
    }

    #[tokio::test]
    async fn settings_that_nobody_may_change_are_skipped_whatever_the_status() {
        for status in [400, 401, 403, 404, 405, 409, 422, 501] {
            let api = api(status).await;
            for outcome in outcomes(&api).await {
                let Err(StepError::Skipped(reason)) = outcome else { panic!("{status}: {outcome:?}") };
                let expected = format!(
                    "the server does not let the access lifetime be changed: whatever it is set to is refused with {status}"
                );
                assert_eq!(reason.expose(), expected);
            }
            assert!(api.restore_lifetimes().await.is_empty(), "{status}: nothing was changed");
        }
    }

    #[tokio::test]
    async fn settings_that_are_not_there_are_skipped_though_their_values_are_unknown() {
        for status in [403, 404, 405, 501] {
            let outcomes = outcomes(&api_with(status, None).await).await;
            assert!(outcomes.iter().all(|it| matches!(it, Err(StepError::Skipped(_)))), "{status}: {outcomes:?}");
        }
        let [good, _] = outcomes(&api_with(400, None).await).await;
        assert!(matches!(good, Err(StepError::Inconclusive(_))), "{good:?}");
    }

    #[tokio::test]
    async fn a_server_that_fails_at_every_change_is_blamed() {
        let [good, wrong] = outcomes(&api(500).await).await;
        assert!(matches!(good, Err(StepError::Failed(_))) && wrong.is_ok(), "{good:?} {wrong:?}");
    }

    #[test]
    fn what_is_left_of_a_lifetime_may_be_announced_in_whole_seconds() {
        for (announced, is_right) in [(4.0, true), (3.0, true), (2.0, true), (3.99, true), (1.9, false), (4.1, false)] {
            let compared = compare(Duration::from_secs(4), Duration::from_secs_f64(announced), 0);
            assert_eq!(compared.is_ok(), is_right, "{announced} s");
        }
    }
}
