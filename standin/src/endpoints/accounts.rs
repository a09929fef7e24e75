//! `GET /accounts`: a protected call. It names the owner of the access token that opened it.

use std::time::Duration;

use serde_json::{Value, json};

use super::{Answer, Endpoint, authorization};
use crate::{
    Response,
    call::Call,
    refusal::{Mistake, Refusal},
    tokens::{Owner, Text},
    variations::fault,
};

/// How long a token is not good yet on a server whose parts learn of it late.
const LAG: Duration = Duration::from_secs(2);

/// Lists the accounts of whoever calls.
pub(super) fn answer(call: &mut Call<'_>) -> Answer {
    if call.has(fault::Use::OpenToAll) && call.request.header("authorization").is_none() {
        return Ok(Response::json(200, &json!([])));
    }
    let (owner, token) = authorization::owner(call, Endpoint::Accounts)?;
    if let Some(token) = token {
        count_use(call, &token)?;
    }
    Ok(Response::json(200, &accounts_of(call, named(call, owner))))
}

/// Whom the answer names.
fn named(call: &Call<'_>, owner: Owner) -> usize {
    match &call.state.latest {
        Some((latest, _)) if call.has(fault::Refresh::LatestUserRemembered) => *latest,
        _ => owner.user,
    }
}

fn accounts_of(call: &Call<'_>, user: usize) -> Value {
    let login = &call.user(user).login;
    json!([{"id": 1001 + user, "owner": login, "name": format!("{login} 1"), "currency": "USD", "type": "TRADING"}])
}

fn count_use(call: &mut Call<'_>, token: &Text) -> Result<(), Refusal> {
    let refused = Err(Mistake::BadToken(Endpoint::Accounts).into());
    let (most, lagging, now) = (most_uses(call), call.has(fault::Use::NotYetValid), call.now);
    let Some(record) = call.state.access.get_mut(token) else {
        return refused;
    };
    record.calls = record.calls.saturating_add(1);
    let not_yet = lagging && record.from_login && now < record.issued + LAG;
    if not_yet || record.calls > most { refused } else { Ok(()) }
}

fn most_uses(call: &Call<'_>) -> u32 {
    let limits = [(fault::Use::GoodOnce, 1), (fault::Use::GoodThreeTimes, 3), (fault::Use::GoodFiveTimes, 5)];
    call.first(&limits).unwrap_or(u32::MAX)
}
