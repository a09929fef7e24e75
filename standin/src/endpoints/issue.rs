//! `POST /auth/token`: valid credentials begin a session and return a pair of tokens.

use std::time::Duration;

use super::{credentials, token_answer};
use crate::{
    call::CallContext,
    issuing,
    refusal::{EndpointResult, Mistake, Refusal},
    response::ApiResponse,
    state::PendingChange,
    tokens::{PairOrigin, TokenGrant, TokenOwner},
    variations::{IssueFault, RaceFault, RefreshFault, SessionVariant, UseFault},
};

/// The age up to which sessions survive a new login with the variant `session-one-per-user`, by the server's clock: logins
/// at the same moment do not end each other's tokens.
const OVERLAP: Duration = Duration::from_secs(1);

/// How long the fault `issue-known-login-slower` takes to compare a password.
const PASSWORD_CHECK: Duration = Duration::from_millis(25);

/// Logs in.
pub(super) fn answer(call: &mut CallContext<'_>) -> EndpointResult {
    let user = credentials::authenticate(call).inspect_err(|refused| {
        let is_slow = refused.mistake == Mistake::WrongPassword && call.has(IssueFault::KnownLoginSlower);
        call.delay = is_slow.then_some(PASSWORD_CHECK);
    })?;
    let pair = match overlapping_login(call, user)? {
        Some(pair) => pair,
        None => begin_session(call, user),
    };
    record_pending_login(call, user, &pair);
    let response = with_faults(call, token_answer::render(call, &PairOrigin::Login, &pair));
    let cookie = format!("session={}; Path=/; HttpOnly", &*pair.access);
    Ok(if call.has(UseFault::CookieAccepted) { response.with("Set-Cookie", &cookie) } else { response })
}

fn begin_session(call: &mut CallContext<'_>, user: usize) -> TokenGrant {
    if call.has(SessionVariant::OnlyNewest) {
        end_all_sessions(call, user);
    }
    if call.has(SessionVariant::OnePerUser) {
        end_earlier_sessions(call, user);
    }
    let owner = TokenOwner { user: new_owner(call, user), session: call.state.begin_session() };
    issuing::issue_pair(call, owner, &PairOrigin::Login)
}

/// The owner of the new pair: the user who logs in, unless a fault confuses users.
fn new_owner(call: &CallContext<'_>, user: usize) -> usize {
    if call.has(RefreshFault::LoginGivesForeignPair) { (user + 1) % call.config.users.len() } else { user }
}

fn end_all_sessions(call: &mut CallContext<'_>, user: usize) {
    let now = call.now;
    let access = call.state.access.records_mut().filter(|old| old.owner.user == user);
    access.for_each(|old| old.expires = now);
    let refresh = call.state.refresh.records_mut().filter(|old| old.owner.user == user);
    refresh.for_each(|old| old.expires = now);
}

fn end_earlier_sessions(call: &mut CallContext<'_>, user: usize) {
    let now = call.now;
    let access = call.state.access.records_mut();
    let earlier = access.filter(|old| old.owner.user == user && old.issued + OVERLAP < now);
    earlier.for_each(|old| old.expires = now);
}

/// What race faults do to a login that overlaps another one: refuse it, or return the other one's pair.
fn overlapping_login(call: &mut CallContext<'_>, user: usize) -> Result<Option<TokenGrant>, Refusal> {
    let Some((other, pair)) = call.state.pending().find_map(|change| match change {
        PendingChange::FinishLogin(other, pair) => Some((*other, pair.clone())),
        _ => None,
    }) else {
        return Ok(None);
    };
    if call.has(RaceFault::LoginsCollide) {
        return Err(Refusal::crash(Mistake::UnknownLogin));
    }
    if call.has(RaceFault::LoginsLoseUpdates) {
        call.state.access.get_mut(&pair.access).into_iter().for_each(|lost| lost.expires = lost.issued);
    }
    let shared = (call.has(RaceFault::LoginsShareVariable) && other == user)
        || (call.has(RaceFault::UsersShareVariable) && other != user);
    Ok(shared.then_some(pair))
}

fn record_pending_login(call: &mut CallContext<'_>, user: usize, pair: &TokenGrant) {
    const RACES: [RaceFault; 4] = [
        RaceFault::LoginsCollide,
        RaceFault::LoginsLoseUpdates,
        RaceFault::LoginsShareVariable,
        RaceFault::UsersShareVariable,
    ];
    if RACES.iter().any(|race| call.has(*race)) {
        call.delay_change(PendingChange::FinishLogin(user, pair.clone()));
    }
}

fn with_faults(call: &CallContext<'_>, response: ApiResponse) -> ApiResponse {
    const CACHING: [(IssueFault, &str); 3] = [
        (IssueFault::CacheHeaderMissing, ""),
        (IssueFault::CachePublic, "public, max-age=60"),
        (IssueFault::CachePrivate, "private"),
    ];
    const CONTENT_TYPES: [(IssueFault, &str); 3] = [
        (IssueFault::ContentTypeText, "text/plain"),
        (IssueFault::ContentTypeHtml, "text/html; charset=utf-8"),
        (IssueFault::ContentTypeMissing, ""),
    ];
    let response = token_answer::with_header(response, "Cache-Control", call.first(&CACHING));
    let mut response = token_answer::with_header(response, "Content-Type", call.first(&CONTENT_TYPES));
    if call.has(IssueFault::Status201) {
        response.status = 201;
    }
    response
}
