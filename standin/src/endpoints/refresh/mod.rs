//! `GET /auth/token/refresh`: exchanges a valid refresh token for a new pair and spends it.

mod consume;
mod lookup;

use super::{authorization, token_answer};
use crate::{
    api::Endpoint,
    call::CallContext,
    issuing,
    refusal::EndpointResult,
    response::ApiResponse,
    tokens::{PairOrigin, TokenOwner},
    variations::{RaceFault, RefreshFault},
};

/// Exchanges a refresh token.
pub(super) fn answer(call: &mut CallContext<'_>) -> EndpointResult {
    if call.has(RefreshFault::AuthorizationNeeded) {
        authorization::authorize(call, Endpoint::Refresh)?;
    }
    let (token, record) = lookup::valid_token(call)?;
    consume::check_session(call, &record)?;
    let owner = new_owner(call, record.owner);
    let overlapped = consume::spend(call, &token, &record)?;
    let origin = PairOrigin::Refresh(token, record);
    let pair = issuing::issue_pair(call, owner, &origin);
    if overlapped && call.has(RaceFault::RefreshedPairsDie) {
        consume::end_access_token(call, &pair.access);
    }
    Ok(with_faults(call, token_answer::render(call, &origin, &pair)))
}

fn with_faults(call: &CallContext<'_>, response: ApiResponse) -> ApiResponse {
    const CACHING: [(RefreshFault, &str); 2] =
        [(RefreshFault::CacheHeaderMissing, ""), (RefreshFault::CachePublic, "public, max-age=60")];
    const CONTENT_TYPES: [(RefreshFault, &str); 2] =
        [(RefreshFault::ContentTypeText, "text/plain"), (RefreshFault::ContentTypeMissing, "")];
    let response = token_answer::with_header(response, "Cache-Control", call.first(&CACHING));
    let mut response = token_answer::with_header(response, "Content-Type", call.first(&CONTENT_TYPES));
    if call.has(RefreshFault::Status201) {
        response.status = 201;
    }
    response
}

/// The owner of the new pair: the token's, unless a fault confuses users.
fn new_owner(call: &CallContext<'_>, owner: TokenOwner) -> TokenOwner {
    let latest = call.state.latest.as_ref().map_or(owner.user, |(user, _)| *user);
    if call.has(RefreshFault::ForeignPair) {
        TokenOwner { user: (owner.user + 1) % call.config.users.len(), ..owner }
    } else if call.has(RefreshFault::PairOfLatestUser) {
        TokenOwner { user: latest, ..owner }
    } else {
        owner
    }
}
