//! `POST /auth/token`: right credentials buy a pair of tokens and begin a session.

use std::time::Duration;

use super::{Answer, credentials, token_answer};
use crate::{
    Response,
    call::Call,
    refusal::{Mistake, Refusal},
    state::Change,
    tokens::{self, Origin, Owner, Pair},
    variations::{fault, freedom},
};

/// How long sessions of one user live beside each other where only one is wanted, by the server's clock: logins at the
/// same moment are not each other's enemies.
const OVERLAP: Duration = Duration::from_secs(1);

/// Logs in.
pub(super) fn answer(call: &mut Call<'_>) -> Answer {
    let user = credentials::user(call)?;
    let pair = match met(call, user)? {
        Some(pair) => pair,
        None => begin(call, user),
    };
    remember_race(call, user, &pair);
    Ok(told(call, token_answer::render(call, &Origin::Login, &pair)))
}

fn begin(call: &mut Call<'_>, user: usize) -> Pair {
    if call.has(freedom::Session::OnlyNewest) {
        end_all_sessions(call, user);
    }
    if call.has(freedom::Session::OnePerUser) {
        end_earlier_sessions(call, user);
    }
    let owner = Owner { user: owner_of_login(call, user), session: call.state.begin_session() };
    tokens::issue(call, owner, &Origin::Login)
}

/// Whose the pair will be: the user's who logged in.
fn owner_of_login(call: &Call<'_>, user: usize) -> usize {
    if call.has(fault::Refresh::LoginGivesForeignPair) { (user + 1) % call.core.users.len() } else { user }
}

fn end_all_sessions(call: &mut Call<'_>, user: usize) {
    let now = call.now;
    let access = call.state.access.records_mut().filter(|old| old.owner.user == user);
    access.for_each(|old| old.expires = now);
    let refresh = call.state.refresh.records_mut().filter(|old| old.owner.user == user);
    refresh.for_each(|old| old.expires = now);
}

fn end_earlier_sessions(call: &mut Call<'_>, user: usize) {
    let now = call.now;
    let earlier = |issued: Duration| issued + OVERLAP < now;
    call.state.access.records_mut().filter(|old| old.owner.user == user && earlier(old.issued)).for_each(|old| {
        old.expires = now;
    });
}

/// What a race makes of a login that meets another one on its way.
fn met(call: &mut Call<'_>, user: usize) -> Result<Option<Pair>, Refusal> {
    let Some((whose, pair)) = call.state.in_flight().find_map(|change| match change {
        Change::FinishLogin(whose, pair) => Some((*whose, pair.clone())),
        _ => None,
    }) else {
        return Ok(None);
    };
    if call.has(fault::Race::LoginsCollide) {
        return Err(Refusal::crash(Mistake::UnknownLogin));
    }
    if call.has(fault::Race::LoginsLoseUpdates) {
        call.state.access.get_mut(&pair.access).into_iter().for_each(|lost| lost.expires = lost.issued);
    }
    let shared = (call.has(fault::Race::LoginsShareVariable) && whose == user)
        || (call.has(fault::Race::UsersShareVariable) && whose != user);
    Ok(shared.then_some(pair))
}

fn remember_race(call: &mut Call<'_>, user: usize, pair: &Pair) {
    const RACES: [fault::Race; 4] = [
        fault::Race::LoginsCollide,
        fault::Race::LoginsLoseUpdates,
        fault::Race::LoginsShareVariable,
        fault::Race::UsersShareVariable,
    ];
    if RACES.iter().any(|race| call.has(*race)) {
        call.hold_back(Change::FinishLogin(user, pair.clone()));
    }
}

/// The answer to a login, as this server tells it.
fn told(call: &Call<'_>, response: Response) -> Response {
    const CACHING: [(fault::Issue, &str); 3] = [
        (fault::Issue::CacheHeaderMissing, ""),
        (fault::Issue::CachePublic, "public, max-age=60"),
        (fault::Issue::CachePrivate, "private"),
    ];
    const CONTENT_TYPES: [(fault::Issue, &str); 3] = [
        (fault::Issue::ContentTypeText, "text/plain"),
        (fault::Issue::ContentTypeHtml, "text/html; charset=utf-8"),
        (fault::Issue::ContentTypeMissing, ""),
    ];
    let response = token_answer::relabelled(response, "Cache-Control", call.first(&CACHING));
    let mut response = token_answer::relabelled(response, "Content-Type", call.first(&CONTENT_TYPES));
    if call.has(fault::Issue::Status201) {
        response.status = 201;
    }
    response
}
