//! Consumes a one-time token: the first valid verification spends it, and nothing else does.

use std::time::Duration;

use crate::{
    call::CallContext,
    cluster,
    refusal::{Mistake, Refusal},
    state::PendingChange,
    tokens::{OneTimeRecord, TokenText},
    variations::{OneTimeFault, RaceFault},
};

/// How long a used token still works with the fault `one-time-reusable-shortly`, by the server's clock.
const REUSE_WINDOW: Duration = Duration::from_secs(3);

/// Spends a valid token and returns its user.
pub(super) fn consume(call: &mut CallContext<'_>, token: &TokenText) -> Result<usize, Refusal> {
    let Some(record) = call.state.one_time.get(token).cloned() else {
        return Err(Mistake::OneTimeUnknown.into());
    };
    if record.expires <= call.now {
        return Err(Refusal { owner: Some(record.user), ..Mistake::OneTimeExpired.into() });
    }
    let is_known = record.used_on.is_none_or(|(node, at)| cluster::knows_used_one_time(call, node, at));
    if record.uses > 0 && is_known && !is_reusable(call, &record) {
        count_use(call, token);
        return Err(Refusal { owner: Some(record.user), ..Mistake::OneTimeUsed.into() });
    }
    let spending = PendingChange::SpendOneTime(TokenText::clone(token));
    let overlapping = call.state.pending().filter(|change| **change == spending).count();
    if overlapping >= 2 && call.has(RaceFault::VerifiedByTwo) {
        return Err(Mistake::OneTimeUsed.into());
    }
    if call.has(RaceFault::VerifiedByAll) || call.has(RaceFault::VerifiedByTwo) {
        call.delay_change(spending);
    } else {
        count_use(call, token);
    }
    let (node, now) = (call.node, call.now);
    call.state.one_time.get_mut(token).into_iter().for_each(|record| record.used_on = Some((node, now)));
    spend_others(call, token, record.user);
    Ok(record.user)
}

fn count_use(call: &mut CallContext<'_>, token: &str) {
    if let Some(record) = call.state.one_time.get_mut(token) {
        record.uses = record.uses.saturating_add(1);
    }
}

fn is_reusable(call: &CallContext<'_>, record: &OneTimeRecord) -> bool {
    let issued = record.expires.saturating_sub(call.state.effective.one_time);
    call.has(OneTimeFault::Reusable)
        || (call.has(OneTimeFault::ReusableShortly) && call.now < issued + REUSE_WINDOW)
        || (call.has(OneTimeFault::ThirdTimeWorks) && record.uses == 2)
}

fn spend_others(call: &mut CallContext<'_>, token: &TokenText, user: usize) {
    if call.has(OneTimeFault::UsersOthersSpent) {
        call.state.one_time.records_mut().filter(|other| other.user == user).for_each(|other| other.uses += 1);
    }
    if call.has(OneTimeFault::OlderSpent) {
        let older = call.state.one_time.texts().skip_while(|other| *other != token).skip(1);
        let older: Vec<TokenText> = older.cloned().collect();
        older.iter().for_each(|other| count_use(call, other));
    }
}
