//! `GET /auth/token/refresh`: a good refresh token buys a new pair, and is spent.

use std::time::Duration;

use super::{Answer, Endpoint, authorization, token_answer};
use crate::{
    Response,
    call::{Call, Telltale},
    refusal::{Mistake, Refusal},
    state::Change,
    tokens::{
        self, Origin, Owner, Refresh, Text,
        likeness::{self, Likeness},
    },
    variations::{fault, freedom},
};

/// How long after the exchange showing a spent token is taken for a client's second try, where it is held against
/// the whole session later on. By the server's clock.
const SECOND_TRY: Duration = Duration::from_secs(5);

/// How long a spent token stays good where it does so shortly.
const SHORTLY: Duration = Duration::from_secs(60);

/// Exchanges a refresh token.
pub(super) fn answer(call: &mut Call<'_>) -> Answer {
    if call.has(fault::Refresh::AuthorizationNeeded) {
        authorization::owner(call, Endpoint::Refresh)?;
    }
    let (text, record) = good_token(call)?;
    refuse_while_cleaning(call, &record)?;
    let owner = owner_of_refresh(call, record.owner);
    let met = spend(call, &text, &record)?;
    let origin = Origin::Refresh(text, record);
    let pair = tokens::issue(call, owner, &origin);
    if met && call.has(fault::Race::RefreshedPairsDie) {
        end(call, &pair.access);
    }
    Ok(told(call, token_answer::render(call, &origin, &pair)))
}

fn told(call: &Call<'_>, response: Response) -> Response {
    const CACHING: [(fault::Refresh, &str); 2] = [
        (fault::Refresh::CacheHeaderMissing, ""),
        (fault::Refresh::CachePublic, "public, max-age=60"),
    ];
    const CONTENT_TYPES: [(fault::Refresh, &str); 2] = [
        (fault::Refresh::ContentTypeText, "text/plain"),
        (fault::Refresh::ContentTypeMissing, ""),
    ];
    let response = token_answer::relabelled(response, "Cache-Control", call.first(&CACHING));
    let mut response = token_answer::relabelled(response, "Content-Type", call.first(&CONTENT_TYPES));
    if call.has(fault::Refresh::Status201) {
        response.status = 201;
    }
    response
}

fn owner_of_refresh(call: &Call<'_>, owner: Owner) -> Owner {
    let latest = call.state.latest.as_ref().map_or(owner.user, |(user, _)| *user);
    if call.has(fault::Refresh::ForeignPair) {
        Owner {
            user: (owner.user + 1) % call.core.users.len(),
            ..owner
        }
    } else if call.has(fault::Refresh::PairOfLatestUser) {
        Owner { user: latest, ..owner }
    } else {
        owner
    }
}

/// The refresh token in the request, as the server knows it.
fn good_token(call: &mut Call<'_>) -> Result<(Text, Refresh), Refusal> {
    let Some(shown) = presented(call) else {
        return newest_if(call, fault::Refresh::MissingAccepted).ok_or(Mistake::RefreshMissing.into());
    };
    if shown.is_empty() {
        return newest_if(call, fault::Refresh::EmptyAccepted).ok_or(Mistake::RefreshEmpty.into());
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
    if record.generation >= generations(call) {
        Err(Mistake::RefreshUnknown.into())
    } else {
        Ok((text, record))
    }
}

fn presented(call: &Call<'_>) -> Option<String> {
    let in_body = || {
        let object = call
            .object()
            .ok()
            .filter(|_| call.has(freedom::Session::RefreshTokenInBody))?;
        ["token", "refreshToken"]
            .iter()
            .find_map(|name| object.get(*name)?.as_str().map(str::to_owned))
    };
    call.request.header("token").map(str::to_owned).or_else(in_body)
}

fn newest_if(call: &Call<'_>, fault: fault::Refresh) -> Option<(Text, Refresh)> {
    let newest = call.state.refresh.texts().next().filter(|_| call.has(fault))?;
    Some((Text::clone(newest), call.state.refresh.get(newest)?.clone()))
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
        faulty
            .then(|| store.texts().find(|known| call.takes(&CARELESS, shown, known)).cloned())
            .flatten()
    };
    store.text(shown).or_else(careless)
}

const TELLTALES: [Telltale<fault::Refresh>; 5] = [
    (
        fault::Refresh::AccessTokenCrashes,
        |call, shown| call.state.access.get(shown).is_some(),
        500,
    ),
    (
        fault::Refresh::AccessTokenRedirected,
        |call, shown| call.state.access.get(shown).is_some(),
        302,
    ),
    (fault::Refresh::ShortTokenCrashes, |_, shown| shown.len() < 24, 500),
    (
        fault::Refresh::ThreePartsCrash,
        |_, shown| shown.split('.').count() == 3,
        500,
    ),
    (
        fault::Refresh::TamperedCrashes,
        |call, shown| {
            call.state
                .refresh
                .texts()
                .any(|known| likeness::same_first_part(shown, known))
        },
        500,
    ),
];

/// What becomes of a token that is no refresh token: it is refused, unless something is wrong.
fn stranger(call: &Call<'_>, shown: &str) -> Result<(Text, Refresh), Refusal> {
    let access = call
        .state
        .access
        .get(shown)
        .filter(|_| call.has(fault::Refresh::AccessTokenAccepted));
    let one_time = call
        .state
        .one_time
        .get(shown)
        .filter(|_| call.has(fault::OneTime::AcceptedAsRefresh));
    let undecoded = (call.has(fault::Refresh::ThreePartsAccepted) && shown.split('.').count() == 3)
        || (call.has(fault::Refresh::ShortTokenAccepted) && shown.len() < 24);
    let owner = access
        .map(|access| access.owner)
        .or(one_time.map(|one_time| Owner {
            user: one_time.user,
            session: 0,
        }))
        .or((undecoded && !call.core.users.is_empty()).then_some(Owner { user: 0, session: 0 }));
    let status = call.telltale(&TELLTALES, shown);
    owner
        .map(|owner| (Text::from(shown), adopted(call, owner, shown)))
        .ok_or(Refusal {
            status,
            ..Mistake::RefreshUnknown.into()
        })
}

/// A record for a token that never was a refresh token.
fn adopted(call: &Call<'_>, owner: Owner, shown: &str) -> Refresh {
    let expires = call.now + call.state.kept.refresh;
    Refresh {
        owner,
        expires,
        generation: 0,
        spent: None,
        replays: 0,
        access: Text::from(shown),
    }
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

/// A spent token is shown again.
fn replayed(call: &mut Call<'_>, text: &Text) -> Result<(), Refusal> {
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
    if raced || (call.has(freedom::Session::ReplayEndsAll) && now >= spent + SECOND_TRY) {
        end_session(call, session);
    }
    Err(Mistake::RefreshSpent.into())
}

fn end_session(call: &mut Call<'_>, session: u64) {
    let now = call.now;
    call.state
        .access
        .records_mut()
        .filter(|old| old.owner.session == session)
        .for_each(|old| old.expires = now);
    call.state
        .refresh
        .records_mut()
        .filter(|old| old.owner.session == session)
        .for_each(|old| old.expires = now);
}

/// Takes the token out of use. Tells whether, on a server with a race, it met another exchange of itself.
fn spend(call: &mut Call<'_>, text: &Text, record: &Refresh) -> Result<bool, Refusal> {
    let met = is_in_flight(call, text);
    if met && call.has(fault::Race::RefreshesCollide) {
        return Err(Refusal::crash(Mistake::RefreshSpent));
    }
    if met && call.has(fault::Race::LastRefreshWins) {
        call.state
            .latest
            .clone()
            .into_iter()
            .for_each(|(_, pair)| end(call, &pair.access));
    }
    const RACES: [fault::Race; 3] = [
        fault::Race::RefreshesCollide,
        fault::Race::RefreshedPairsDie,
        fault::Race::LastRefreshWins,
    ];
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
    call.state
        .in_flight()
        .any(|change| matches!(change, Change::SpendRefresh(other) if other == text))
}

fn end(call: &mut Call<'_>, access: &str) {
    let now = call.now;
    call.state
        .access
        .get_mut(access)
        .into_iter()
        .for_each(|old| old.expires = now);
}

/// Sessions whose access token has run out must be refreshable; servers that tidy them up too eagerly lose them.
fn refuse_while_cleaning(call: &Call<'_>, record: &Refresh) -> Result<(), Refusal> {
    let ended = call
        .state
        .access
        .get(&record.access)
        .map_or(call.now, |access| access.expires);
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
