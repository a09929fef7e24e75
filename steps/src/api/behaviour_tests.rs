//! Probes of behaviour against small servers that differ in one policy each.

use std::sync::Mutex;

use crate::{
    server_behaviour::RefreshBehaviour,
    test_server::{TestServer, answer, header, token_answer},
};

/// What a login or a refresh does to the tokens before it. Tokens are numbered; a session has the numbers of its pairs.
#[derive(Clone, Copy, Default)]
struct Policy {
    /// A login ends all earlier pairs.
    one_session: bool,
    /// A refresh ends the old access token.
    ends_old_access: bool,
    /// Reuse of a spent refresh token ends everything.
    reuse_revokes: bool,
    /// A new refresh token is refused.
    no_second_refresh: bool,
}

#[derive(Default)]
struct Tokens {
    next: u64,
    access: Vec<u64>,
    refresh: Vec<u64>,
    refreshed: bool,
}

impl Tokens {
    fn issue(&mut self) -> String {
        self.next += 1;
        self.access.push(self.next);
        self.refresh.push(self.next);
        token_answer(&format!("access-{}", self.next), &format!("refresh-{}", self.next))
    }
}

async fn server(policy: Policy) -> TestServer {
    let tokens = Mutex::new(Tokens::default());
    TestServer::start(move |request| {
        let mut tokens = tokens.lock().expect("no test panics here");
        respond(policy, &mut tokens, request)
    })
    .await
}

fn respond(policy: Policy, tokens: &mut Tokens, request: &str) -> String {
    let number = |text: Option<&str>| text.and_then(|text| text.rsplit('-').next()?.parse::<u64>().ok());
    if request.starts_with("POST /auth/token ") {
        if policy.one_session {
            (tokens.access, tokens.refresh) = Default::default();
        }
        return tokens.issue();
    }
    if request.starts_with("GET /accounts ") {
        let known = number(header(request, "authorization")).is_some_and(|number| tokens.access.contains(&number));
        return answer(if known { 200 } else { 401 }, "", "[]");
    }
    let Some(presented) = number(header(request, "token")).filter(|number| tokens.refresh.contains(number)) else {
        if policy.reuse_revokes {
            (tokens.access, tokens.refresh) = Default::default();
        }
        return answer(401, "", "{}");
    };
    if policy.no_second_refresh && tokens.refreshed {
        return answer(401, "", "{}");
    }
    tokens.refreshed = true;
    tokens.refresh.retain(|number| *number != presented);
    if policy.ends_old_access {
        tokens.access.retain(|number| *number != presented);
    }
    tokens.issue()
}

#[tokio::test]
async fn sessions_are_probed_once_with_one_login_after_another() {
    for one_session in [false, true] {
        let server = server(Policy { one_session, ..Policy::default() }).await;
        let api = server.api();
        assert_eq!(api.many_sessions().await.ok(), Some(!one_session));
        assert_eq!(api.site.behaviour.keeps_one_session(), one_session);
        let requests = server.requests();
        assert_eq!(api.many_sessions().await.ok(), Some(!one_session));
        assert_eq!(server.requests(), requests, "the second call sends nothing");
    }
}

#[tokio::test]
async fn a_refresh_is_probed_for_what_it_does_to_earlier_tokens() {
    let usual = RefreshBehaviour { keeps_access: true, chainable: true, reuse_revokes: false };
    for (policy, expected) in [
        (Policy::default(), usual),
        (Policy { ends_old_access: true, ..Policy::default() }, RefreshBehaviour { keeps_access: false, ..usual }),
        (Policy { reuse_revokes: true, ..Policy::default() }, RefreshBehaviour { reuse_revokes: true, ..usual }),
        (Policy { no_second_refresh: true, ..Policy::default() }, RefreshBehaviour { chainable: false, ..usual }),
    ] {
        let api = server(policy).await.api();
        assert_eq!(api.refresh_behaviour().await.ok(), Some(expected));
        assert!(api.ensure_refresh_works().await.is_ok() != policy.no_second_refresh);
    }
}

#[tokio::test]
async fn a_refresh_without_a_new_refresh_token_leaves_the_old_one_and_its_lifetimes() {
    let server = TestServer::start(|request| {
        if request.starts_with("POST /auth/token ") {
            return token_answer("access-1", "refresh-1");
        }
        answer(200, "Content-Type: application/json\r\n", r#"{"accessToken":"access-2"}"#)
    })
    .await;
    let api = server.api();
    let first = api.fresh_pair().await.expect("a pair");
    let second = api.refreshed(&first).await.expect("an access token is enough to go on");
    assert_eq!((second.access.expose(), second.refresh.expose()), ("access-2", "refresh-1"));
    assert_eq!(second.access_lifetime, first.access_lifetime);
}

#[tokio::test]
async fn a_server_without_pairs_makes_probes_inconclusive() {
    let server = TestServer::start(|_| answer(500, "", "")).await;
    let api = server.api();
    assert!(matches!(api.many_sessions().await, Err(crate::StepError::Inconclusive(_))));
    assert!(matches!(api.refresh_behaviour().await, Err(crate::StepError::Inconclusive(_))));
}

#[tokio::test]
async fn the_shared_session_is_one_login_unless_the_server_keeps_one_session() {
    for one_session in [false, true] {
        let server = server(Policy { one_session, ..Policy::default() }).await;
        let api = server.api();
        api.many_sessions().await.expect("it can be probed");
        let before = server.requests();
        for _ in 0..3 {
            api.shared_pair().await.expect("a pair");
        }
        assert_eq!(server.requests() - before, if one_session { 3 } else { 1 });
    }
}

/// A server where each use of a refresh token ends the pair of the use before.
async fn superseding_server() -> TestServer {
    let newest = Mutex::new(0_u64);
    TestServer::start(move |request| {
        let mut newest = newest.lock().expect("no test panics here");
        if request.starts_with("GET /accounts ") {
            let is_newest = header(request, "authorization").is_some_and(|it| it.ends_with(&format!("-{newest}")));
            return answer(if is_newest { 200 } else { 401 }, "", "[]");
        }
        *newest += 1;
        token_answer(&format!("access-{newest}"), "refresh-0")
    })
    .await
}

#[tokio::test]
async fn a_pair_that_the_next_use_of_its_refresh_token_ends_is_superseded() {
    let api = superseding_server().await.api();
    let expected = crate::server_behaviour::Superseded { access: true, refresh: false };
    assert_eq!(api.superseded_by_reuse().await.ok(), Some(expected));
    let api = server(Policy::default()).await.api();
    assert_eq!(api.superseded_by_reuse().await.ok(), Some(crate::server_behaviour::Superseded::default()));
}

#[tokio::test]
async fn a_verification_path_that_is_answered_like_no_path_is_no_endpoint() {
    for (unknown_token, exists) in [(404, false), (401, true), (400, true)] {
        let server = TestServer::start(move |request| {
            if request.starts_with("POST /auth/token ") {
                return token_answer("access-1", "refresh-1");
            }
            let is_verify = request.starts_with("POST /external/token/verify ");
            answer(if is_verify { unknown_token } else { 404 }, "", "")
        })
        .await;
        let ensured = server.api().ensure_verify_exists().await;
        assert_eq!(ensured.is_ok(), exists, "{unknown_token}");
        assert!(exists || matches!(ensured, Err(crate::StepError::Skipped(_))));
    }
}
