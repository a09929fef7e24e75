//! Servers that answer a spent refresh token for some time, and what is measured and judged of them.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
    time::Duration,
};

use super::{refresh, words::User};
use crate::{
    Clock, Journal, StepError, World,
    api::Api,
    interference::GrantKind,
    target::Target,
    test_server::{ImpatientClock, TestServer, answer, header, token_answer},
};

/// How many seconds a spent token is answered, and how often in all.
#[derive(Clone, Copy)]
struct Grace(u64, usize);

const FOR_EVER: Grace = Grace(u64::MAX, usize::MAX);

/// A server with this grace, whose target declares another one.
async fn api(grace: Grace, declared: u64) -> Api {
    let clock = Arc::new(ImpatientClock::default());
    let (time, spent) = (clock.clone(), Mutex::new(HashMap::new()));
    let issued = Mutex::new(0);
    let server = TestServer::start(move |request| {
        let mut issued = issued.lock().expect("no test panics here");
        *issued += 1;
        let pair = token_answer(&format!("access-{issued}"), &format!("refresh-{issued}"));
        if request.starts_with("POST ") {
            return pair;
        }
        let now = time.now();
        let token = header(request, "token").unwrap_or_default().to_owned();
        let mut spent = spent.lock().expect("no test panics here");
        let (since, uses) = spent.entry(token).and_modify(|(_, uses)| *uses += 1).or_insert((now, 0_usize));
        let is_good = *uses == 0 || (*uses <= grace.1 && (now - *since).as_secs() < grace.0);
        if is_good { pair } else { answer(401, "", "") }
    });
    let declare = |target: &mut Target| target.refresh_grace = Duration::from_secs(declared);
    server.await.api_of(clock, declare)
}

/// How REFRESH-9 ends on a server with this grace.
async fn judged(grace: Grace, declared: u64) -> Result<(), String> {
    let api = api(grace, declared).await;
    let mut world = World::on(api.site.clone(), Journal::default());
    let user = world.user();
    world.log_in(&user).await.expect("a pair");
    world.refresh().await.expect("a pair");
    judge_spent(&mut world).await.map_err(|error| error.reason().expose().to_owned())
}

async fn judge_spent(world: &mut World) -> Result<(), StepError> {
    refresh::grace_has_passed(world).await?;
    let answer = world.api.present(&world.earlier_pair()?.refresh.clone()).await?;
    world.answered(answer);
    refresh::spent_is_refused(world).await
}

#[tokio::test]
async fn an_undeclared_grace_is_measured_and_told() {
    let refused =
        |told: &str| Err(format!("expected the spent refresh token to be refused, but the answer is 200; {told}"));
    assert_eq!(judged(Grace(0, 0), 0).await, Ok(()));
    let declare = |seconds: u64| format!("if this grace is intended, declare it: `refresh_grace = \"{seconds}s\"`");
    let ten = format!("it works 8 s after it was spent and is refused after 10 s; {}", declare(10));
    assert_eq!(judged(Grace(10, usize::MAX), 0).await, refused(&ten));
    let fifty = format!("it works 45 s after it was spent and is refused after 60 s; {}", declare(60));
    assert_eq!(judged(Grace(50, usize::MAX), 0).await, refused(&fifty));
    assert_eq!(judged(FOR_EVER, 0).await, refused("it still works 60 s after it was spent"));
    assert_eq!(judged(Grace(60, 1), 0).await, refused("it works once more and is refused then"));
}

#[tokio::test]
async fn a_declared_grace_is_no_violation_and_a_longer_one_is() {
    assert_eq!(judged(Grace(10, usize::MAX), 10).await, Ok(()));
    assert_eq!(judged(Grace(0, 0), 10).await, Ok(()));
    let longer = judged(Grace(30, usize::MAX), 10).await;
    assert!(longer.as_ref().is_err_and(|told| told.contains("is refused after 30 s")), "{longer:?}");
}

/// A server that refuses to refresh the first pair and refreshes every other.
async fn server_that_ends_the_first_pair() -> TestServer {
    let issued = Mutex::new(0);
    TestServer::start(move |request| {
        let mut issued = issued.lock().expect("no test panics here");
        if header(request, "token") == Some("refresh-1") {
            return answer(401, "", "");
        }
        *issued += 1;
        token_answer(&format!("access-{issued}"), &format!("refresh-{issued}"))
    })
    .await
}

#[tokio::test]
async fn a_precondition_that_other_logins_may_have_ended_is_tried_again() {
    for others in [false, true] {
        let api = server_that_ends_the_first_pair().await.api();
        let mut world = World::on(api.site.clone(), Journal::default());
        let user = world.user();
        world.log_in(&user).await.expect("a pair");
        if others {
            let elsewhere = Journal::default().id();
            api.site.grants.record(GrantKind::Session, &user.login, elsewhere, api.site.clock.now());
        }
        match refresh::refreshed_pair(&mut world, User::First).await {
            Err(StepError::Failed(mismatch)) => assert_eq!(mismatch.may_be_interference, others),
            other => panic!("{other:?}"),
        }
    }
}
