//! Spends a refresh token, and decides what a spent one does when it is presented again.

use std::time::Duration;

use crate::{
    call::CallContext,
    refusal::{Mistake, Refusal},
    state::PendingChange,
    tokens::{RefreshRecord, TokenText},
    variations::{RaceFault, RefreshFault, SessionVariant},
};

/// How long after the exchange a replay counts as a client's retry and does not end the session, by the server's clock.
const RETRY_WINDOW: Duration = Duration::from_secs(5);

/// How long a spent token still works with the fault `refresh-spent-accepted-shortly`.
const SPENT_GRACE: Duration = Duration::from_secs(60);

/// How long a session answers 500 with the fault `refresh-locked-after-expiry`.
const CLEANUP: Duration = Duration::from_secs(60);

/// Handles a spent token that is presented again.
pub(super) fn replay(call: &mut CallContext<'_>, token: &TokenText) -> Result<(), Refusal> {
    let now = call.now;
    let Some(record) = call.state.refresh.get_mut(token) else {
        return Err(Mistake::RefreshUnknown.into());
    };
    record.replays = record.replays.saturating_add(1);
    let (spent, replays, session) = (record.spent.unwrap_or(now), record.replays, record.owner.session);
    let tolerated = call.has(SessionVariant::SpentTokenStays)
        || call.has(RefreshFault::SpentAccepted)
        || (call.has(RefreshFault::SpentAcceptedShortly) && now < spent + SPENT_GRACE)
        || (call.has(RefreshFault::SpentAcceptedOnce) && replays == 1);
    if tolerated {
        return Ok(());
    }
    let raced = call.has(RaceFault::RefreshRevokesFamily) && is_being_spent(call, token);
    let late = call.has(SessionVariant::ReplayEndsAll) && now >= spent + RETRY_WINDOW;
    if raced || late || call.has(RefreshFault::ReplayEndsAtOnce) {
        end_session(call, session);
    }
    Err(Mistake::RefreshSpent.into())
}

fn end_session(call: &mut CallContext<'_>, session: u64) {
    let now = call.now;
    call.state.access.records_mut().filter(|old| old.owner.session == session).for_each(|old| old.expires = now);
    call.state.refresh.records_mut().filter(|old| old.owner.session == session).for_each(|old| old.expires = now);
}

/// Spends the token. Returns whether another exchange of it is pending, which only race faults cause.
pub(super) fn spend(call: &mut CallContext<'_>, token: &TokenText, record: &RefreshRecord) -> Result<bool, Refusal> {
    let overlapped = is_being_spent(call, token);
    if overlapped && call.has(RaceFault::RefreshesCollide) {
        return Err(Refusal::crash(Mistake::RefreshSpent));
    }
    if overlapped && call.has(RaceFault::LastRefreshWins) {
        call.state.latest.clone().into_iter().for_each(|(_, pair)| end_access_token(call, &pair.access));
    }
    const RACES: [RaceFault; 4] = [
        RaceFault::RefreshesCollide,
        RaceFault::RefreshedPairsDie,
        RaceFault::LastRefreshWins,
        RaceFault::RefreshedByAll,
    ];
    let raced = RACES.iter().any(|race| call.has(*race));
    if raced || call.has(RaceFault::RefreshRevokesFamily) {
        call.delay_change(PendingChange::SpendRefresh(TokenText::clone(token)));
    }
    if !raced && let Some(stored) = call.state.refresh.get_mut(token) {
        if stored.spent.is_none() {
            stored.spent_on = call.node;
        }
        stored.spent.get_or_insert(call.now);
    }
    if call.has(SessionVariant::RefreshEndsAccessToken) {
        end_access_token(call, &record.access);
    }
    Ok(overlapped)
}

fn is_being_spent(call: &CallContext<'_>, token: &TokenText) -> bool {
    call.state.pending().any(|change| matches!(change, PendingChange::SpendRefresh(other) if other == token))
}

pub(super) fn end_access_token(call: &mut CallContext<'_>, access: &str) {
    let now = call.now;
    call.state.access.get_mut(access).into_iter().for_each(|old| old.expires = now);
}

/// Refuses sessions whose access token has expired, with faults that clean sessions up too early.
pub(super) fn check_session(call: &CallContext<'_>, record: &RefreshRecord) -> Result<(), Refusal> {
    let expiry = call.state.access.get(&record.access).map_or(call.now, |access| access.expires);
    let since_expiry = call.now.checked_sub(expiry);
    if since_expiry.is_some() && call.has(RefreshFault::LiveAccessTokenNeeded) {
        return Err(Mistake::RefreshUnknown.into());
    }
    let cleaning = since_expiry.is_some_and(|since| since < CLEANUP);
    if cleaning && call.has(RefreshFault::LockedAfterExpiry) {
        return Err(Refusal::crash(Mistake::RefreshUnknown));
    }
    Ok(())
}
