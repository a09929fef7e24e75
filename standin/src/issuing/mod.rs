//! Issues pairs and one-time tokens and stores their records. Whether a presented token is accepted is decided by the endpoints.

mod generate;
mod lifetime;

use std::time::Duration;

use crate::{
    call::CallContext,
    tokens::{AccessRecord, OneTimeRecord, PairOrigin, RefreshRecord, TokenGrant, TokenOwner, TokenText},
    variations::{IssueFault, OneTimeVariant, RefreshFault, SessionVariant},
};

/// Issues a pair and stores its records.
pub(crate) fn issue_pair(call: &mut CallContext<'_>, owner: TokenOwner, origin: &PairOrigin) -> TokenGrant {
    let access = choose_access_token(call, owner, origin);
    let refresh = choose_refresh_token(call, owner, origin);
    let (access_expires, refresh_expires) =
        (lifetime::access_expiry(call, origin), lifetime::refresh_expiry(call, origin));
    let unstored = matches!(origin, PairOrigin::Refresh(..)) && call.has(RefreshFault::DeadAccessToken);
    if !unstored {
        store_access(call, owner, origin, &access, access_expires);
    }
    let record = RefreshRecord {
        owner,
        expires: refresh_expires,
        generation: origin.generation(),
        spent: None,
        spent_on: call.node,
        replays: 0,
        access: TokenText::clone(&access),
    };
    call.state.refresh.insert(&refresh, record, refresh_expires, call.now);
    let pair = TokenGrant { access, refresh, refresh_lifetime: lifetime::announced_refresh_lifetime(call, origin) };
    call.state.latest = Some((owner.user, pair.clone()));
    pair
}

fn store_access(
    call: &mut CallContext<'_>,
    owner: TokenOwner,
    origin: &PairOrigin,
    token: &TokenText,
    expires: Duration,
) {
    let from_login = matches!(origin, PairOrigin::Login);
    let record = AccessRecord { owner, issued: call.now, expires, calls: 0, from_login, node: call.node };
    call.state.access.insert(token, record, expires, call.now);
}

fn choose_access_token(call: &CallContext<'_>, owner: TokenOwner, origin: &PairOrigin) -> TokenText {
    let reused = match origin {
        PairOrigin::Refresh(_, spent) if call.has(RefreshFault::SameAccessToken) => {
            Some(TokenText::clone(&spent.access))
        }
        PairOrigin::Login if call.has(IssueFault::SameAccessToken) => {
            latest_pair(call, owner.user).map(|pair| pair.access)
        }
        _ => None,
    };
    reused.unwrap_or_else(|| generate::access_token(call, owner, origin))
}

fn choose_refresh_token(call: &CallContext<'_>, owner: TokenOwner, origin: &PairOrigin) -> TokenText {
    let reused = match origin {
        PairOrigin::Refresh(spent, _) if call.has(SessionVariant::RefreshTokenStays) => Some(TokenText::clone(spent)),
        PairOrigin::Login if call.has(IssueFault::SameRefreshToken) => {
            latest_pair(call, owner.user).map(|pair| pair.refresh)
        }
        _ => None,
    };
    reused.unwrap_or_else(|| generate::refresh_token(call, origin))
}

/// The pair issued last, if it belongs to this user.
fn latest_pair(call: &CallContext<'_>, user: usize) -> Option<TokenGrant> {
    call.state.latest.clone().filter(|(owner, _)| *owner == user).map(|(_, pair)| pair)
}

/// Issues a one-time token for a user.
pub(crate) fn mint(call: &mut CallContext<'_>, user: usize) -> String {
    let token = generate::one_time_token(call);
    let expires = lifetime::one_time_expiry(call);
    if call.has(OneTimeVariant::NewestOnly) {
        call.state.one_time.records_mut().filter(|other| other.user == user).for_each(|other| other.uses = 1);
    }
    call.state.one_time.insert(&token, OneTimeRecord { user, expires, uses: 0, used_on: None }, expires, call.now);
    token.to_string()
}
