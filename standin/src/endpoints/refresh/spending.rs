//! The end of a refresh token: it is spent by its use, and what becomes of a spent one that is shown again.

use std::time::Duration;

use crate::{
    call::Call,
    refusal::{Mistake, Refusal},
    state::Change,
    tokens::{Refresh, Text},
    variations::{fault, freedom},
};

/// How long after the exchange showing a spent token is taken for a client's second try, where it is held against
/// the whole session later on. By the server's clock.
const SECOND_TRY: Duration = Duration::from_secs(5);

/// How long a spent token stays good where it does so shortly.
const SHORTLY: Duration = Duration::from_secs(60);

/// A spent token is shown again.
pub(super) fn replayed(call: &mut Call<'_>, text: &Text) -> Result<(), Refusal> {
    let now = call.now;
    let Some(record) = call.state.refresh.get_mut(text) else {
        return Err(Mistake::RefreshUnknown.into());
    };
    record.replays = record.replays.saturating_add(1);
    let (spent, replays, session) = (record.spent.unwrap_or(now), record.replays, record.owner.session);
    let tolerated = call.has(freedom::Session::SpentTokenStays)
        || call.has(fault::Refresh::SpentAccepted)
        || (call.has(fault::Refresh::SpentAcceptedShortly) && now < spent + SHORTLY)
        || (call.has(fault::Refresh::SpentAcceptedOnce) && replays == 1);
    if tolerated {
        return Ok(());
    }
    let raced = call.has(fault::Race::RefreshRevokesFamily) && is_in_flight(call, text);
    let late = call.has(freedom::Session::ReplayEndsAll) && now >= spent + SECOND_TRY;
    if raced || late || call.has(freedom::Session::ReplayEndsAtOnce) {
        end_session(call, session);
    }
    Err(Mistake::RefreshSpent.into())
}

fn end_session(call: &mut Call<'_>, session: u64) {
    let now = call.now;
    call.state.access.records_mut().filter(|old| old.owner.session == session).for_each(|old| old.expires = now);
    call.state.refresh.records_mut().filter(|old| old.owner.session == session).for_each(|old| old.expires = now);
}

/// Takes the token out of use. Tells whether, on a server with a race, it met another exchange of itself.
pub(super) fn spend(call: &mut Call<'_>, text: &Text, record: &Refresh) -> Result<bool, Refusal> {
    let met = is_in_flight(call, text);
    if met && call.has(fault::Race::RefreshesCollide) {
        return Err(Refusal::crash(Mistake::RefreshSpent));
    }
    if met && call.has(fault::Race::LastRefreshWins) {
        call.state.latest.clone().into_iter().for_each(|(_, pair)| end(call, &pair.access));
    }
    const RACES: [fault::Race; 3] =
        [fault::Race::RefreshesCollide, fault::Race::RefreshedPairsDie, fault::Race::LastRefreshWins];
    let raced = RACES.iter().any(|race| call.has(*race));
    if raced || call.has(fault::Race::RefreshRevokesFamily) {
        call.hold_back(Change::SpendRefresh(Text::clone(text)));
    }
    if !raced && let Some(kept) = call.state.refresh.get_mut(text) {
        kept.spent.get_or_insert(call.now);
    }
    if call.has(freedom::Session::RefreshEndsAccessToken) {
        end(call, &record.access);
    }
    Ok(met)
}

fn is_in_flight(call: &Call<'_>, text: &Text) -> bool {
    call.state.in_flight().any(|change| matches!(change, Change::SpendRefresh(other) if other == text))
}

pub(super) fn end(call: &mut Call<'_>, access: &str) {
    let now = call.now;
    call.state.access.get_mut(access).into_iter().for_each(|old| old.expires = now);
}

/// Sessions whose access token has run out must be refreshable; servers that tidy them up too eagerly lose them.
pub(super) fn refuse_while_cleaning(call: &Call<'_>, record: &Refresh) -> Result<(), Refusal> {
    let ended = call.state.access.get(&record.access).map_or(call.now, |access| access.expires);
    let since = call.now.checked_sub(ended);
    if since.is_some() && call.has(fault::Refresh::LiveAccessTokenNeeded) {
        return Err(Mistake::RefreshUnknown.into());
    }
    let cleaning = since.is_some_and(|since| since < Duration::from_secs(60));
    if cleaning && call.has(fault::Refresh::LockedAfterExpiry) {
        return Err(Refusal::crash(Mistake::RefreshUnknown));
    }
    Ok(())
}
