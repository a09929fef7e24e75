//! The status of a refusal. The documentation knows 400, 401, 404, 405 and 406 for mistakes of clients; which goes with
//! which mistake differs between deployments.

mod rules;

use self::rules::{FREEDOMS, OF_ERRORS, OF_EXPIRY, OF_ISSUE, OF_ONE_TIME, OF_REFRESH, OF_USE, Rule};
use super::{Mistake, Refusal, groups};
use crate::{
    call::Call,
    variations::{Seed, freedom},
};

/// The status of a refusal.
pub(super) fn of(call: &Call<'_>, refusal: &Refusal) -> u16 {
    let mistake = refusal.mistake;
    refusal
        .status
        .or_else(|| ruled(call, &OF_ISSUE, mistake))
        .or_else(|| ruled(call, &OF_USE, mistake))
        .or_else(|| ruled(call, &OF_EXPIRY, mistake).filter(|_| !call.state.reconfigured))
        .or_else(|| ruled(call, &OF_REFRESH, mistake))
        .or_else(|| ruled(call, &OF_ONE_TIME, mistake))
        .or_else(|| ruled(call, &OF_ERRORS, mistake))
        .or_else(|| ruled(call, &FREEDOMS, mistake))
        .or_else(|| guarded_path(call, mistake))
        .unwrap_or_else(|| documented(mistake))
}

fn ruled<S: Seed>(call: &Call<'_>, rules: &[Rule<S>], mistake: Mistake) -> Option<u16> {
    rules.iter().find(|(seed, concerns, _)| concerns(mistake) && call.has(*seed)).map(|(.., status)| *status)
}

fn documented(mistake: Mistake) -> u16 {
    match mistake {
        Mistake::LoginBody(_) | Mistake::OneTimeBody(_) | Mistake::SettingsBody | Mistake::TooLarge => 400,
        Mistake::UnknownLogin | Mistake::WrongPassword => 401,
        Mistake::NoToken(_) | Mistake::BadToken(_) | Mistake::ExpiredToken(_) => 401,
        Mistake::RefreshUnknown | Mistake::RefreshSpent | Mistake::RefreshExpired => 401,
        Mistake::OneTimeUnknown | Mistake::OneTimeUsed | Mistake::OneTimeExpired => 401,
        Mistake::UnknownPath | Mistake::UnknownCode => 404,
        Mistake::WrongMethod(_) => 405,
        Mistake::LoginField(..) | Mistake::OneTimeField(_) | Mistake::SettingsValue => 406,
        Mistake::RefreshMissing | Mistake::RefreshEmpty => 406,
    }
}

/// Some servers let nobody without a token know which paths there are.
fn guarded_path(call: &Call<'_>, mistake: Mistake) -> Option<u16> {
    let hidden = call.has(freedom::Refusal::PathsHidden) && call.request.header("authorization").is_none();
    (hidden && groups::unknown_path(mistake)).then_some(401)
}
