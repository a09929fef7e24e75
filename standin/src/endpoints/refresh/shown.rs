//! The refresh token that a request shows: in the header where it belongs, and as the server knows it.

use super::spending::replayed;
use crate::{
    call::{Call, Telltale},
    refusal::{Mistake, Refusal},
    tokens::{
        Owner, Refresh, Text,
        likeness::{self, Likeness},
    },
    variations::{fault, freedom},
};

/// The refresh token in the request, as the server knows it.
pub(super) fn good_token(call: &mut Call<'_>) -> Result<(Text, Refresh), Refusal> {
    let Some(shown) = presented(call) else {
        return first_user_if(call, fault::Refresh::MissingAccepted).ok_or(Mistake::RefreshMissing.into());
    };
    if shown.is_empty() {
        return first_user_if(call, fault::Refresh::EmptyAccepted).ok_or(Mistake::RefreshEmpty.into());
    }
    let Some(text) = recognised(call, &shown) else {
        return stranger(call, &shown);
    };
    let Some(record) = call.state.refresh.get(&text).cloned() else {
        return Err(Mistake::RefreshUnknown.into());
    };
    if record.spent.is_some() {
        replayed(call, &text)?;
    }
    if record.expires <= call.now {
        return Err(Mistake::RefreshExpired.into());
    }
    if record.generation >= generations(call) { Err(Mistake::RefreshUnknown.into()) } else { Ok((text, record)) }
}

fn presented(call: &Call<'_>) -> Option<String> {
    let in_body = || {
        let object = call.object().ok().filter(|_| call.has(freedom::Session::RefreshTokenInBody))?;
        ["token", "refreshToken"].iter().find_map(|name| object.get(*name)?.as_str().map(str::to_owned))
    };
    call.request.header("token").map(str::to_owned).or_else(in_body)
}

/// The session that a server makes up which takes nothing for something.
fn first_user_if(call: &Call<'_>, fault: fault::Refresh) -> Option<(Text, Refresh)> {
    let taken = call.has(fault) && !call.core.users.is_empty();
    taken.then(|| (Text::from(""), adopted(call, Owner { user: 0, session: 0 }, "")))
}

const CARELESS: [(fault::Refresh, Likeness); 6] = [
    (fault::Refresh::SecondPartUnchecked, likeness::same_first_part),
    (fault::Refresh::FirstPartUnchecked, likeness::same_last_part),
    (fault::Refresh::CutShortAccepted, likeness::cut_short),
    (fault::Refresh::LongerAccepted, likeness::with_more_behind),
    (fault::Refresh::BeginningCompared, likeness::same_beginning),
    (fault::Refresh::EndCompared, likeness::same_end),
];

fn recognised(call: &Call<'_>, shown: &str) -> Option<Text> {
    let store = &call.state.refresh;
    let careless = || {
        let faulty = CARELESS.iter().any(|(fault, _)| call.has(*fault));
        faulty.then(|| store.texts().find(|known| call.takes(&CARELESS, shown, known)).cloned()).flatten()
    };
    store.text(shown).or_else(careless)
}

const TELLTALES: [Telltale<fault::Refresh>; 5] = [
    (fault::Refresh::AccessTokenCrashes, |call, shown| call.state.access.get(shown).is_some(), 500),
    (fault::Refresh::AccessTokenRedirected, |call, shown| call.state.access.get(shown).is_some(), 302),
    (fault::Refresh::ShortTokenCrashes, |_, shown| shown.len() < 24, 500),
    (fault::Refresh::ThreePartsCrash, |_, shown| shown.split('.').count() == 3, 500),
    (
        fault::Refresh::TamperedCrashes,
        |call, shown| call.state.refresh.texts().any(|known| likeness::same_first_part(shown, known)),
        500,
    ),
];

/// What becomes of a token that is no refresh token: it is refused, unless something is wrong.
fn stranger(call: &Call<'_>, shown: &str) -> Result<(Text, Refresh), Refusal> {
    let access = call.state.access.get(shown).filter(|_| call.has(fault::Refresh::AccessTokenAccepted));
    let one_time = call.state.one_time.get(shown).filter(|_| call.has(fault::OneTime::AcceptedAsRefresh));
    let undecoded = (call.has(fault::Refresh::ThreePartsAccepted) && shown.split('.').count() == 3)
        || (call.has(fault::Refresh::ShortTokenAccepted) && shown.len() < 24);
    let owner = access
        .map(|access| access.owner)
        .or(one_time.map(|one_time| Owner { user: one_time.user, session: 0 }))
        .or((undecoded && !call.core.users.is_empty()).then_some(Owner { user: 0, session: 0 }));
    let status = call.telltale(&TELLTALES, shown);
    owner
        .map(|owner| (Text::from(shown), adopted(call, owner, shown)))
        .ok_or(Refusal { status, ..Mistake::RefreshUnknown.into() })
}

/// A record for a token that never was a refresh token.
fn adopted(call: &Call<'_>, owner: Owner, shown: &str) -> Refresh {
    let expires = call.now + call.state.kept.refresh;
    Refresh { owner, expires, generation: 0, spent: None, replays: 0, access: Text::from(shown) }
}

/// How many generations of refresh tokens work.
fn generations(call: &Call<'_>) -> u32 {
    let limits = [
        (fault::Refresh::SecondGenerationDies, 1),
        (fault::Refresh::ThirdGenerationDies, 2),
        (fault::Refresh::FourthGenerationDies, 3),
    ];
    call.first(&limits).unwrap_or(u32::MAX)
}
