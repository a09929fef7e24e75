//! The end of a one-time token: the first good verification spends it, and nothing else does.

use std::time::Duration;

use crate::{
    call::Call,
    refusal::{Mistake, Refusal},
    state::Change,
    tokens::{OneTime, Text},
    variations::fault,
};

/// How long a used token stays good where it does so shortly, by the server's clock.
const SHORTLY: Duration = Duration::from_secs(3);

/// Whose the token is, if it is good; then it is good no more.
pub(super) fn use_up(call: &mut Call<'_>, text: &Text) -> Result<usize, Refusal> {
    let Some(record) = call.state.one_time.get(text).cloned() else {
        return Err(Mistake::OneTimeUnknown.into());
    };
    if record.expires <= call.now {
        return Err(Refusal { owner: Some(record.user), ..Mistake::OneTimeExpired.into() });
    }
    if record.uses > 0 && !is_reusable(call, &record) {
        count(call, text);
        return Err(Refusal { owner: Some(record.user), ..Mistake::OneTimeUsed.into() });
    }
    let spending = Change::SpendOneTime(Text::clone(text));
    let met = call.state.in_flight().filter(|change| **change == spending).count();
    if met >= 2 && call.has(fault::Race::VerifiedByTwo) {
        return Err(Mistake::OneTimeUsed.into());
    }
    if call.has(fault::Race::VerifiedByAll) || call.has(fault::Race::VerifiedByTwo) {
        call.hold_back(spending);
    } else {
        count(call, text);
    }
    spend_others(call, text, record.user);
    Ok(record.user)
}

fn count(call: &mut Call<'_>, text: &str) {
    if let Some(record) = call.state.one_time.get_mut(text) {
        record.uses = record.uses.saturating_add(1);
    }
}

fn is_reusable(call: &Call<'_>, record: &OneTime) -> bool {
    let issued = record.expires.saturating_sub(call.state.kept.one_time);
    call.has(fault::OneTime::Reusable)
        || (call.has(fault::OneTime::ReusableShortly) && call.now < issued + SHORTLY)
        || (call.has(fault::OneTime::ThirdTimeWorks) && record.uses == 2)
}

fn spend_others(call: &mut Call<'_>, text: &Text, user: usize) {
    if call.has(fault::OneTime::UsersOthersSpent) {
        call.state.one_time.records_mut().filter(|other| other.user == user).for_each(|other| other.uses += 1);
    }
    if call.has(fault::OneTime::OlderSpent) {
        let older = call.state.one_time.texts().skip_while(|other| *other != text).skip(1);
        let older: Vec<Text> = older.cloned().collect();
        older.iter().for_each(|other| count(call, other));
    }
}
