//! `GET /auth/token/refresh`: a good refresh token buys a new pair, and is spent.

mod shown;
mod spending;

use super::{Answer, Endpoint, authorization, token_answer};
use crate::{
    Response,
    call::Call,
    tokens::{self, Origin, Owner},
    variations::fault,
};

/// Exchanges a refresh token.
pub(super) fn answer(call: &mut Call<'_>) -> Answer {
    if call.has(fault::Refresh::AuthorizationNeeded) {
        authorization::owner(call, Endpoint::Refresh)?;
    }
    let (text, record) = shown::good_token(call)?;
    spending::refuse_while_cleaning(call, &record)?;
    let owner = owner_of_refresh(call, record.owner);
    let met = spending::spend(call, &text, &record)?;
    let origin = Origin::Refresh(text, record);
    let pair = tokens::issue(call, owner, &origin);
    if met && call.has(fault::Race::RefreshedPairsDie) {
        spending::end(call, &pair.access);
    }
    Ok(told(call, token_answer::render(call, &origin, &pair)))
}

fn told(call: &Call<'_>, response: Response) -> Response {
    const CACHING: [(fault::Refresh, &str); 2] =
        [(fault::Refresh::CacheHeaderMissing, ""), (fault::Refresh::CachePublic, "public, max-age=60")];
    const CONTENT_TYPES: [(fault::Refresh, &str); 2] =
        [(fault::Refresh::ContentTypeText, "text/plain"), (fault::Refresh::ContentTypeMissing, "")];
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
        Owner { user: (owner.user + 1) % call.core.users.len(), ..owner }
    } else if call.has(fault::Refresh::PairOfLatestUser) {
        Owner { user: latest, ..owner }
    } else {
        owner
    }
}
