//! `GET /accounts`: a protected call. Its response names the owner of the access token.

use std::time::Duration;

use serde_json::{Value, json};

use super::authorization;
use crate::{
    api::{BASE_PATH, Endpoint},
    call::CallContext,
    refusal::{EndpointResult, Mistake, Refusal},
    response::ApiResponse,
    state::PendingChange,
    tokens::{TokenOwner, TokenText},
    variations::{RaceFault, RefreshFault, UseFault},
};

/// How long a new token is refused by the fault `use-not-yet-valid`.
const ACTIVATION_LAG: Duration = Duration::from_secs(2);

/// Lists the caller's accounts.
pub(super) fn answer(call: &mut CallContext<'_>) -> EndpointResult {
    if call.has(UseFault::OpenToAll) && call.request.header("authorization").is_none() {
        return Ok(ApiResponse::json(200, &json!([])));
    }
    let (owner, token) = authorization::authorize(call, Endpoint::Accounts)?;
    if let Some(token) = token {
        count_use(call, &token)?;
    }
    Ok(ApiResponse::json(200, &accounts(call, named_user(call, owner))))
}

/// The user that the response names: the token's, unless a fault confuses users.
fn named_user(call: &CallContext<'_>, owner: TokenOwner) -> usize {
    match &call.state.latest {
        Some((latest, _)) if call.has(RefreshFault::LatestUserRemembered) => *latest,
        _ => owner.user,
    }
}

fn accounts(call: &CallContext<'_>, user: usize) -> Value {
    let login = &call.user(user).login;
    json!([{"id": 1001 + user, "owner": login, "name": format!("{login} 1"), "currency": "USD", "type": "TRADING"}])
}

const OPEN_SPELLINGS: [(UseFault, &str); 6] = [
    (UseFault::SlashAtEndOpen, "/accounts/"),
    (UseFault::DoubledSlashOpen, "//accounts"),
    (UseFault::EncodedPathOpen, "/%61ccounts"),
    (UseFault::UpperCasePathOpen, "/ACCOUNTS"),
    (UseFault::ParameterPathOpen, "/accounts;x=1"),
    (UseFault::ExtensionOpen, "/accounts.json"),
];

/// The accounts of the first user under another spelling of the path, which only faults answer.
pub(super) fn answer_other_spelling(call: &CallContext<'_>) -> Option<ApiResponse> {
    let path = call.request.path.strip_prefix(BASE_PATH)?;
    let is_open = OPEN_SPELLINGS.iter().any(|(fault, spelling)| *spelling == path && call.has(*fault));
    (is_open && !call.config.users.is_empty()).then(|| ApiResponse::json(200, &accounts(call, 0)))
}

fn count_use(call: &mut CallContext<'_>, token: &TokenText) -> Result<(), Refusal> {
    let refused = Err(Mistake::BadToken(Endpoint::Accounts).into());
    if call.has(RaceFault::UsesRefused) && is_crowded(call, token) {
        return refused;
    }
    let (limit, lags, now) = (use_limit(call), call.has(UseFault::NotYetValid), call.now);
    let Some(record) = call.state.access.get_mut(token) else {
        return refused;
    };
    record.calls = record.calls.saturating_add(1);
    let too_early = lags && record.from_login && now < record.issued + ACTIVATION_LAG;
    if too_early || record.calls > limit { refused } else { Ok(()) }
}

/// Uses that overlap without a refusal by the fault `race-uses-refused`.
const MOST_OVERLAPPING: usize = 6;
/// Uses of one token that are delayed so that others overlap with them.
const DELAYED_USES: u32 = 25;

fn is_crowded(call: &mut CallContext<'_>, token: &TokenText) -> bool {
    if call.state.pending().filter(|change| **change == PendingChange::FinishUse).count() >= MOST_OVERLAPPING {
        return true;
    }
    if call.state.access.get(token).is_some_and(|record| record.calls < DELAYED_USES) {
        call.delay_change(PendingChange::FinishUse);
    }
    false
}

fn use_limit(call: &CallContext<'_>) -> u32 {
    let limits = [(UseFault::GoodOnce, 1), (UseFault::GoodThreeTimes, 3), (UseFault::GoodFiveTimes, 5)];
    call.first(&limits).unwrap_or(u32::MAX)
}
