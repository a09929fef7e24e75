//! The three kinds of token: what the server knows of each, and how new ones come into being. Whether a token that
//! somebody shows is good is decided where it is shown.

mod forge;
mod lifespan;
pub(crate) mod likeness;
mod store;

use std::time::Duration;

pub(crate) use store::{Store, Text};

use crate::{
    call::Call,
    variations::{fault, freedom},
};

/// Whose a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Owner {
    /// The user's place in the server's list.
    pub(crate) user: usize,
    /// The session, the same through all refreshes.
    pub(crate) session: u64,
}

/// What the server knows of an access token.
#[derive(Clone)]
pub(crate) struct Access {
    pub(crate) owner: Owner,
    pub(crate) issued: Duration,
    pub(crate) expires: Duration,
    /// How often it opened the protected call.
    pub(crate) calls: u32,
    /// Whether it came from a login, not from a refresh.
    pub(crate) from_login: bool,
}

/// What the server knows of a refresh token.
#[derive(Clone)]
pub(crate) struct Refresh {
    pub(crate) owner: Owner,
    pub(crate) expires: Duration,
    /// How many refreshes lie between the login and this token.
    pub(crate) generation: u32,
    /// When it was exchanged for a new pair.
    pub(crate) spent: Option<Duration>,
    /// How often it was shown after that.
    pub(crate) replays: u32,
    /// The access token that came with it.
    pub(crate) access: Text,
}

/// What the server knows of a one-time token.
#[derive(Clone)]
pub(crate) struct OneTime {
    pub(crate) user: usize,
    pub(crate) expires: Duration,
    /// How often it was shown and good, or would have been but for earlier uses.
    pub(crate) uses: u32,
}

/// An access token and the refresh token beside it, as they are given out.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Pair {
    pub(crate) access: Text,
    pub(crate) refresh: Text,
    /// How long the refresh token will live from now on, as the server tells it.
    pub(crate) refresh_lifetime: Duration,
}

/// What a pair is given out for.
#[derive(Clone)]
pub(crate) enum Origin {
    /// A login.
    Login,
    /// A refresh with this token.
    Refresh(Text, Refresh),
}

impl Origin {
    fn generation(&self) -> u32 {
        match self {
            Self::Login => 0,
            Self::Refresh(_, spent) => spent.generation + 1,
        }
    }
}

/// Makes a pair and keeps what the server must know of it.
pub(crate) fn issue(call: &mut Call<'_>, owner: Owner, origin: &Origin) -> Pair {
    let access = access_text(call, owner, origin);
    let refresh = refresh_text(call, owner, origin);
    let (access_ends, refresh_ends) = (lifespan::access(call, origin), lifespan::refresh(call, origin));
    if !is_stillborn(call, origin) {
        keep_access(call, owner, origin, &access, access_ends);
    }
    let record = Refresh {
        owner,
        expires: refresh_ends,
        generation: origin.generation(),
        spent: None,
        replays: 0,
        access: Text::clone(&access),
    };
    call.state.refresh.insert(&refresh, record, refresh_ends, call.now);
    let pair = Pair { access, refresh, refresh_lifetime: lifespan::told_of_refresh(call, origin) };
    call.state.latest = Some((owner.user, pair.clone()));
    pair
}

fn keep_access(call: &mut Call<'_>, owner: Owner, origin: &Origin, text: &Text, expires: Duration) {
    let from_login = matches!(origin, Origin::Login);
    let record = Access { owner, issued: call.now, expires, calls: 0, from_login };
    call.state.access.insert(text, record, expires, call.now);
}

/// Whether the access token is given out but never kept.
fn is_stillborn(call: &Call<'_>, origin: &Origin) -> bool {
    matches!(origin, Origin::Refresh(..)) && call.has(fault::Refresh::DeadAccessToken)
}

fn access_text(call: &Call<'_>, owner: Owner, origin: &Origin) -> Text {
    match origin {
        Origin::Refresh(_, spent) if call.has(fault::Refresh::SameAccessToken) => Text::clone(&spent.access),
        Origin::Login if call.has(fault::Issue::SameAccessToken) => {
            earlier(call, owner.user).map_or_else(|| forge::access(call, owner, origin), |pair| pair.access)
        }
        _ => forge::access(call, owner, origin),
    }
}

fn refresh_text(call: &Call<'_>, owner: Owner, origin: &Origin) -> Text {
    match origin {
        Origin::Refresh(spent, _) if call.has(freedom::Session::RefreshTokenStays) => Text::clone(spent),
        Origin::Login if call.has(fault::Issue::SameRefreshToken) => {
            earlier(call, owner.user).map_or_else(|| forge::refresh(call, origin), |pair| pair.refresh)
        }
        _ => forge::refresh(call, origin),
    }
}

/// The pair given out last, if it was this user's.
fn earlier(call: &Call<'_>, user: usize) -> Option<Pair> {
    call.state.latest.clone().filter(|(owner, _)| *owner == user).map(|(_, pair)| pair)
}

/// Makes a one-time token for a user.
pub(crate) fn mint(call: &mut Call<'_>, user: usize) -> String {
    let text = forge::one_time(call);
    let expires = lifespan::one_time(call);
    if call.has(freedom::OneTime::NewestOnly) {
        call.state.one_time.records_mut().filter(|other| other.user == user).for_each(|other| other.uses = 1);
    }
    call.state.one_time.insert(&text, OneTime { user, expires, uses: 0 }, expires, call.now);
    text.to_string()
}
