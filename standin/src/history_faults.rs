//! What the faults of `variations::fault::history` do: before an endpoint answers, and to the tokens that a refused request carried.

use std::time::Duration;

use serde_json::Value;

use crate::{
    api::Endpoint,
    call::CallContext,
    options::TokenLifetimes,
    refusal::{Mistake, Refusal},
    tokens::TokenText,
    variations::{HistoryFault as Fault, VariationKey},
};

/// Characters of a copy that name its original.
const COPIED: usize = 16;
/// How long a change is remembered by the fault `change-forgotten`.
const REMEMBERED: Duration = Duration::from_secs(30);

/// What a request brings: its endpoint, and the text in each place where a token may be.
struct Brought {
    endpoint: Option<Endpoint>,
    method: String,
    bearer: Option<String>,
    bare: Option<String>,
    header: Option<String>,
    query: Option<String>,
    body: Option<String>,
    raw: String,
    login: Option<String>,
}

fn brought(call: &CallContext<'_>) -> Brought {
    let request = call.request;
    let member = |name: &str| call.object().ok()?.get(name).and_then(Value::as_str).map(str::to_owned);
    let authorization = request.header("authorization");
    Brought {
        endpoint: Endpoint::from_path(&request.path),
        method: request.method.clone(),
        bearer: authorization.and_then(|value| value.strip_prefix("Bearer ")).map(str::to_owned),
        bare: authorization.filter(|value| !value.contains(' ')).map(str::to_owned),
        header: request.header("token").map(str::to_owned),
        query: request.parameter("token"),
        body: member("token"),
        raw: String::from_utf8_lossy(&request.body).into_owned(),
        login: member("login"),
    }
}

/// Refuses by chance, and forgets changes.
pub(crate) fn before(call: &mut CallContext<'_>) -> Result<(), Refusal> {
    forget_change(call);
    let brought = brought(call);
    let known = |text: &Option<String>, is_known: &dyn Fn(&str) -> bool| text.as_deref().is_some_and(is_known);
    let (fault, one_in, mistake) = match brought.endpoint {
        Some(Endpoint::Accounts) if known(&brought.bearer, &|text| call.state.access.get(text).is_some()) => {
            (Fault::UseRefusedByChance, 20, Mistake::BadToken(Endpoint::Accounts))
        }
        Some(Endpoint::Refresh) if known(&brought.header, &|text| call.state.refresh.get(text).is_some()) => {
            (Fault::RefreshRefusedByChance, 10, Mistake::RefreshUnknown)
        }
        Some(Endpoint::Verify) if known(&brought.body, &|text| call.state.one_time.get(text).is_some()) => {
            (Fault::VerificationRefusedByChance, 4, Mistake::OneTimeUnknown)
        }
        _ => return Ok(()),
    };
    if call.has(fault) && is_chosen(call, one_in) {
        return Err(mistake.into());
    }
    Ok(())
}

/// Whether chance picks this request: the same ones on each server.
fn is_chosen(call: &mut CallContext<'_>, one_in: u32) -> bool {
    let count = call.state.memory.count("chance");
    let mixed = count.wrapping_mul(0x9e37_79b9).rotate_left(13).wrapping_mul(0x85eb_ca6b);
    (mixed >> 8).is_multiple_of(one_in)
}

fn forget_change(call: &mut CallContext<'_>) {
    if call.has(Fault::ChangeForgotten) && call.state.changed_at.is_some_and(|at| call.now > at + REMEMBERED) {
        let start = TokenLifetimes::default();
        (call.state.effective, call.state.announced, call.state.changed_at) = (start, start, None);
    }
}

/// The effect of a request that has been answered.
pub(crate) fn after(call: &mut CallContext<'_>, is_success: bool) {
    let brought = brought(call);
    if is_success { after_success(call, &brought) } else { after_refusal(call, &brought) }
}

fn after_success(call: &mut CallContext<'_>, brought: &Brought) {
    let revives = match brought.endpoint {
        Some(Endpoint::Token) => call.has(Fault::RevivedByLogin),
        Some(Endpoint::Refresh) => call.has(Fault::RevivedByRefresh),
        Some(Endpoint::Settings) => call.request.method == "PATCH" && call.has(Fault::RevivedByChange),
        Some(Endpoint::Verify) => {
            call.has(Fault::RevivedByVerifications) && call.state.memory.count("verified").is_multiple_of(4)
        }
        _ => false,
    };
    if revives {
        let last = brought.body.as_deref().and_then(|text| call.state.one_time.text(text));
        let texts: Vec<TokenText> =
            call.state.one_time.texts().filter(|text| Some(*text) != last.as_ref()).cloned().collect();
        for text in texts {
            call.state.one_time.get_mut(&text).into_iter().for_each(|record| record.uses = 0);
        }
    }
    if brought.endpoint == Some(Endpoint::Settings) && call.request.method == "PATCH" {
        after_change(call);
    }
    if brought.endpoint == Some(Endpoint::Accounts) && call.has(Fault::HundredUses) {
        let now = call.now;
        let token = brought.bearer.as_deref().and_then(|text| call.state.access.get_mut(text));
        token.into_iter().filter(|record| record.calls >= 50).for_each(|record| record.expires = now);
    }
}

fn after_change(call: &mut CallContext<'_>) {
    let (now, lives) = (call.now, call.state.effective);
    call.state.changed_at = Some(now);
    let object = call.object().unwrap_or_default();
    let names = |name: &str| object.contains_key(name);
    let (ends_access, cuts_access) = (call.has(Fault::ChangeEndsAccess), call.has(Fault::ChangeCutsAccess));
    if names("accessTokenLifeTime") && (ends_access || cuts_access) {
        for record in call.state.access.records_mut() {
            let end = if ends_access { now } else { record.issued + lives.access };
            record.expires = record.expires.min(end);
        }
    }
    let (ends_refresh, cuts_refresh) = (call.has(Fault::ChangeEndsRefresh), call.has(Fault::ChangeCutsRefresh));
    if names("refreshTokenLifeTime") && (ends_refresh || cuts_refresh) {
        for record in call.state.refresh.records_mut() {
            record.expires = record.expires.min(if ends_refresh { now } else { now + lives.refresh });
        }
    }
    if names("ottLifeTime") && call.has(Fault::ChangeEndsOneTime) {
        call.state.one_time.records_mut().for_each(|record| record.expires = now);
    }
}

/// A fault, and the text that it takes for a token where it does not belong.
type Misplaced<'a> = [(Fault, bool, Option<&'a String>); 6];

fn after_refusal(call: &mut CallContext<'_>, brought: &Brought) {
    let at = |endpoint| brought.endpoint == Some(endpoint);
    let is_bearer_at = |fault, is_here| (fault, is_here, brought.bearer.as_ref());
    let access: Misplaced<'_> = [
        (Fault::AccessPresentedEnds, at(Endpoint::Refresh), brought.header.as_ref()),
        (Fault::AccessVerifiedEnds, at(Endpoint::Verify), brought.body.as_ref()),
        (Fault::AccessBareEnds, at(Endpoint::Accounts), brought.bare.as_ref()),
        is_bearer_at(Fault::AccessNowhereEnds, brought.endpoint.is_none()),
        is_bearer_at(Fault::AccessCopyEnds, at(Endpoint::Accounts)),
        (Fault::AccessCopyEnds, false, None),
    ];
    let refresh: Misplaced<'_> = [
        is_bearer_at(Fault::RefreshUsedEnds, at(Endpoint::Accounts)),
        (Fault::RefreshPostedEnds, at(Endpoint::Refresh) && brought.method == "POST", brought.header.as_ref()),
        (Fault::RefreshQueryEnds, at(Endpoint::Refresh), brought.query.as_ref()),
        (Fault::RefreshVerifiedEnds, at(Endpoint::Verify), brought.body.as_ref()),
        (Fault::RefreshCopyEnds, at(Endpoint::Refresh), brought.header.as_ref()),
        (Fault::RefreshCopyEnds, false, None),
    ];
    let is_get = brought.method == "GET";
    let raw = raw_token(&brought.raw);
    let one_time: Misplaced<'_> = [
        is_bearer_at(Fault::OneTimeUsedSpends, at(Endpoint::Accounts)),
        (Fault::OneTimePresentedSpends, at(Endpoint::Refresh), brought.header.as_ref()),
        (Fault::OneTimeGetSpends, at(Endpoint::Verify) && is_get, brought.body.as_ref()),
        (Fault::OneTimeCutOffSpends, at(Endpoint::Verify) && !brought.raw.ends_with('}'), raw.as_ref()),
        (Fault::OneTimeListSpends, at(Endpoint::Verify) && brought.raw.starts_with('['), raw.as_ref()),
        (Fault::OneTimeCopySpends, at(Endpoint::Verify), brought.body.as_ref()),
    ];
    let now = call.now;
    for text in chosen(call, &access, Fault::AccessCopyEnds) {
        let original = original(call.state.access.texts(), &text);
        original.and_then(|text| call.state.access.get_mut(&text)).into_iter().for_each(|record| record.expires = now);
    }
    for text in chosen(call, &refresh, Fault::RefreshCopyEnds) {
        let original = original(call.state.refresh.texts(), &text);
        original.and_then(|text| call.state.refresh.get_mut(&text)).into_iter().for_each(|record| record.expires = now);
    }
    for text in chosen(call, &one_time, Fault::OneTimeCopySpends) {
        let original = original(call.state.one_time.texts(), &text);
        original.and_then(|text| call.state.one_time.get_mut(&text)).into_iter().for_each(|record| record.uses += 1);
    }
    after_wrong_password(call, brought);
}

/// The texts that the faults of the server take; a copy is a beginning of its original, everything else is the token itself.
fn chosen(call: &CallContext<'_>, all: &Misplaced<'_>, copy: Fault) -> Vec<String> {
    let is_copy = |fault: Fault| fault.position() == copy.position();
    let is_known = |text: &str| {
        let state = &call.state;
        state.access.get(text).is_some() || state.refresh.get(text).is_some() || state.one_time.get(text).is_some()
    };
    all.iter()
        .filter(|(fault, is_here, _)| *is_here && call.has(*fault))
        .filter_map(|(fault, _, text)| text.map(|text| (*fault, text)))
        .filter(|(fault, text)| if is_copy(*fault) { text.len() >= COPIED && !is_known(text) } else { is_known(text) })
        .map(|(_, text)| text.clone())
        .collect()
}

/// The token that this text is, or is the beginning of.
fn original<'a>(mut texts: impl Iterator<Item = &'a TokenText>, text: &str) -> Option<TokenText> {
    texts.find(|known| known.starts_with(text)).cloned()
}

/// The token in a body other than a JSON object.
fn raw_token(body: &str) -> Option<String> {
    body.split('"').nth(3).map(str::to_owned)
}

fn after_wrong_password(call: &mut CallContext<'_>, brought: &Brought) {
    let login = brought.login.as_deref().filter(|_| brought.endpoint == Some(Endpoint::Token));
    let Some(user) = login.and_then(|login| call.config.users.iter().position(|user| user.login == login)) else {
        return;
    };
    let now = call.now;
    if call.has(Fault::WrongPasswordEndsAccess) {
        call.state.access.records_mut().filter(|old| old.owner.user == user).for_each(|old| old.expires = now);
    }
    if call.has(Fault::WrongPasswordEndsRefresh) {
        call.state.refresh.records_mut().filter(|old| old.owner.user == user).for_each(|old| old.expires = now);
    }
}
