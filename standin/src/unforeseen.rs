//! What the faults of `variations::fault::unforeseen` do: a layer around the endpoints that remembers what came before, rewrites what
//! comes in, and changes what the server knows. A server without one of them never gets here.

use std::time::Duration;

use serde_json::{Value, json};

use crate::{
    call::CallContext, request::ApiRequest, response::ApiResponse, state::ServerState, tokens::TokenText,
    variations::UnforeseenFault as Fault,
};

/// Which call a request makes, as far as these faults care.
#[derive(Clone, Copy, PartialEq, Eq)]
enum FaultedCall {
    Login,
    Refresh,
    Verify,
    Settings,
    Use,
    Other,
}

fn kind(request: &ApiRequest) -> FaultedCall {
    let path = request.path.strip_prefix(crate::api::BASE_PATH).unwrap_or_default();
    match path {
        "/auth/token" => FaultedCall::Login,
        "/auth/token/refresh" => FaultedCall::Refresh,
        "/external/token/verify" => FaultedCall::Verify,
        "/connectors/settings" => FaultedCall::Settings,
        "/accounts" => FaultedCall::Use,
        _ => FaultedCall::Other,
    }
}

/// How close requests are that meet.
const CLOSE: Duration = Duration::from_millis(30);

/// The texts of a request that these faults look at.
struct CallTexts {
    kind: FaultedCall,
    body: Option<Value>,
    /// The token of the call: from the header or the body.
    token: Option<String>,
}

fn shown(request: &ApiRequest) -> CallTexts {
    let kind = kind(request);
    let body: Option<Value> = serde_json::from_slice(&request.body).ok();
    let token = match kind {
        FaultedCall::Refresh => request.header("token").map(str::to_owned),
        FaultedCall::Verify => body.as_ref().and_then(|body| body["token"].as_str()).map(str::to_owned),
        _ => request.header("authorization").and_then(|value| value.strip_prefix("Bearer ")).map(str::to_owned),
    };
    CallTexts { kind, body, token }
}

/// The request as this server takes it; and the answer, where it does not get as far as the endpoints.
pub(crate) fn rewrite_request(call: &mut CallContext<'_>) -> Result<ApiRequest, ApiResponse> {
    let shown = shown(call.request);
    if crashes(call, &shown) {
        return Err(crash());
    }
    if let Some(response) = answered_at_once(call, &shown) {
        return Err(response);
    }
    before(call, &shown);
    let mut request = call.request.clone();
    respell(call, &shown, &mut request);
    Ok(request)
}

fn crash() -> ApiResponse {
    ApiResponse::json(500, &json!({"errorId": "9.9.9.9", "message": "Internal error"}))
}

fn unauthorized() -> ApiResponse {
    ApiResponse::json(401, &json!({"errorId": "1.2.0.12", "message": "Wrong token"})).with("WWW-Authenticate", "Bearer")
}

fn crashes(call: &CallContext<'_>, shown: &CallTexts) -> bool {
    let text = |name: &str| shown.body.as_ref().and_then(|body| body[name].as_str()).unwrap_or_default();
    let token = shown.token.as_deref().unwrap_or_default();
    let raw = String::from_utf8_lossy(&call.request.body);
    let is = |kind: FaultedCall, fault: Fault, holds: bool| shown.kind == kind && holds && call.has(fault);
    is(FaultedCall::Login, Fault::PasswordEmojiCrashes, text("password").chars().any(|c| c > '\u{ffff}'))
        || is(FaultedCall::Login, Fault::PasswordLongCrashes, text("password").chars().count() > 1000)
        || is(FaultedCall::Login, Fault::LoginLengthCrashes, text("login").chars().count() == 256)
        || is(FaultedCall::Verify, Fault::OneTimeLongCrashes, token.chars().count() > 4000)
        || is(FaultedCall::Verify, Fault::OneTimeUnicodeCrashes, !token.is_ascii())
        || is(FaultedCall::Use, Fault::AccessLongCrashes, token.len() > 900)
        || is(FaultedCall::Refresh, Fault::RefreshFormatCrashes, token.contains('%'))
        || (raw.contains("\\ud800") && call.has(Fault::SurrogateCrashes))
        || (shown.kind == FaultedCall::Settings
            && call.has(Fault::SettingsObjectCrashes)
            && call.request.body.len() > 2
            && {
                let fields = shown.body.as_ref().and_then(Value::as_object);
                fields.is_some_and(|fields| fields.values().any(Value::is_object))
            })
}

/// Answers that never reach an endpoint.
fn answered_at_once(call: &mut CallContext<'_>, shown: &CallTexts) -> Option<ApiResponse> {
    let token = shown.token.clone()?;
    let now = std::time::Instant::now();
    if shown.kind == FaultedCall::Use && call.has(Fault::TamperedCopyPoisons) {
        let known = call.state.access.get(&token).is_some();
        if known && call.state.memory.texts.contains(&token) {
            return Some(unauthorized());
        }
    }
    if shown.kind == FaultedCall::Use && call.has(Fault::FifthUseRefused) {
        let count = match &call.state.memory.last_good {
            Some((at, last)) if now.duration_since(*at) < CLOSE && *last == token => call.state.memory.count("close"),
            _ => {
                call.state.memory.counts.insert("close".to_owned(), 1);
                1
            }
        };
        call.state.memory.last_good = Some((now, token.clone()));
        if count > 4 {
            return Some(unauthorized());
        }
    }
    if shown.kind == FaultedCall::Refresh && call.has(Fault::TwoBadRefreshesLock) && call.state.memory.failures >= 2 {
        call.state.memory.failures = 0;
        return Some(unauthorized());
    }
    if shown.kind == FaultedCall::Verify && call.has(Fault::FourFailuresRefuseNext) && call.state.memory.failures >= 4 {
        call.state.memory.failures = 0;
        return Some(unauthorized());
    }
    if shown.kind == FaultedCall::Refresh && call.has(Fault::LateRefreshRefused) {
        let life = call.state.effective.refresh;
        let late = call.state.refresh.get(&token).is_some_and(|record| record.expires < call.now + life / 10);
        return late.then(unauthorized);
    }
    None
}

/// What happens before the endpoint sees the request.
fn before(call: &mut CallContext<'_>, shown: &CallTexts) {
    let now = call.now;
    let Some(token) = shown.token.clone() else { return };
    match shown.kind {
        FaultedCall::Verify => before_verification(call, &token),
        FaultedCall::Refresh => before_refresh(call, &token),
        FaultedCall::Use => {
            if call.has(Fault::SpentByOtherKind)
                && let Some(record) = call.state.one_time.get_mut(&token)
            {
                record.uses += 1;
            }
            if call.has(Fault::RefreshShownAsAccessDies)
                && let Some(record) = call.state.refresh.get_mut(&token)
            {
                record.expires = now;
            }
            late_use(call, &token);
        }
        FaultedCall::Other => {
            if call.has(Fault::UnknownPathEndsSession)
                && let Some(record) = call.state.access.get_mut(&token)
            {
                record.expires = now;
            }
        }
        _ => {}
    }
}

fn late_use(call: &mut CallContext<'_>, token: &str) {
    let (now, life) = (call.now, call.state.effective.access);
    let late = call.has(Fault::LateUseCached);
    if let Some(record) = call.state.access.get_mut(token).filter(|_| late)
        && record.expires > now
        && record.expires < now + life / 10
        && record.calls < 1_000_000
    {
        record.expires += Duration::from_secs(60);
        record.calls += 1_000_000;
    }
}

fn before_verification(call: &mut CallContext<'_>, token: &str) {
    let wrong_method = call.request.method != "POST" && call.has(Fault::WrongMethodSpends);
    let shown_again = call.state.one_time.get(token).is_some_and(|record| record.uses > 0);
    if shown_again && call.has(Fault::FourthShowingWorks) && call.state.memory.count(token) == 3 {
        call.state.one_time.get_mut(token).into_iter().for_each(|record| record.uses = 0);
    }
    let (now, life) = (call.now, call.state.effective.one_time);
    if call.has(Fault::UsedReturnsWithTime)
        && let Some(record) = call.state.one_time.get_mut(token)
        && record.expires > now
        && record.expires < now + life / 5
    {
        record.uses = 0;
    }
    let expired = call.state.one_time.get(token).is_some_and(|record| record.expires <= now && record.uses == 0);
    if expired && call.has(Fault::ExpiredOnSecondTry) && call.state.memory.count(token) == 2 {
        call.state.one_time.get_mut(token).into_iter().for_each(|record| record.expires = now + life);
    }
    if wrong_method {
        call.state.one_time.get_mut(token).into_iter().for_each(|record| record.uses += 1);
    }
}

fn before_refresh(call: &mut CallContext<'_>, token: &str) {
    let (now, life) = (call.now, call.state.effective.refresh);
    let expired = call.state.refresh.get(token).is_some_and(|record| record.expires <= now && record.spent.is_none());
    if expired && call.has(Fault::ExpiredRefreshSecondTry) && call.state.memory.count(token) == 2 {
        call.state.refresh.get_mut(token).into_iter().for_each(|record| record.expires = now + life);
    }
    let returns = call.has(Fault::SpentReturnsWithTime);
    if let Some(record) = call.state.refresh.get_mut(token).filter(|_| returns)
        && record.spent.is_some_and(|spent| now > spent + Duration::from_secs(600))
    {
        record.spent = None;
    }
}

/// Whether what is shown passes for what is known.
type Alike = fn(&str, &str) -> bool;

const LOGINS: [(Fault, Alike); 5] = [
    (Fault::LoginFirstSixteen, |shown, known| same_first(shown, known, 10)),
    (Fault::LoginEndsAtNul, |shown, known| shown.split('\0').next() == Some(known)),
    (Fault::LoginZeroWidth, |shown, known| {
        shown.replace(['\u{200b}', '\u{200c}', '\u{200d}', '\u{2060}', '\u{ad}'], "") == known
    }),
    (Fault::LoginCombining, |shown, known| shown.replace(|c| ('\u{300}'..='\u{36f}').contains(&c), "") == known),
    (Fault::LoginPercent, |shown, known| unescaped(shown) == known),
];

const PASSWORDS: [(Fault, Alike); 5] = [
    (Fault::PasswordEndsAtNul, |shown, known| shown.split('\0').next() == Some(known)),
    (Fault::PasswordControl, |shown, known| shown.replace(char::is_control, "") == known),
    (Fault::PasswordPlainOnly, |shown, known| shown.replace(|c: char| !c.is_ascii(), "") == known),
    (Fault::PasswordLastIgnored, |shown, known| {
        shown.len() == known.len() && shown.get(..known.len() - 1) == known.get(..known.len() - 1)
    }),
    (Fault::PasswordFirstSixteen, |shown, known| same_first(shown, known, 16)),
];

const ACCESS: [(Fault, Alike); 4] = [
    (Fault::AccessFirstThirtyTwo, |shown, known| same_first(shown, known, 48)),
    (Fault::AccessMiddle, |shown, known| {
        shown.len() == known.len() && same_first(shown, known, 40) && shown.get(60..) == known.get(60..)
    }),
    (Fault::AccessPercent, |shown, known| unescaped(shown) == known),
    (Fault::AccessDoubled, |shown, known| {
        shown.len() == known.len() * 2 && shown.starts_with(known) && shown.ends_with(known)
    }),
];

const REFRESH: [(Fault, Alike); 2] = [
    (Fault::RefreshSixteenth, |shown, known| {
        shown.len() == known.len() && same_first(shown, known, 15) && shown.get(16..) == known.get(16..)
    }),
    (Fault::RefreshQuoted, |shown, known| shown.trim_matches('"') == known),
];

const ONE_TIME: [(Fault, Alike); 3] = [
    (Fault::OneTimeTrimmed, |shown, known| shown.trim() == known),
    (Fault::OneTimeFirstCase, |shown, known| {
        shown.get(..1).is_some_and(|first| known[..1].eq_ignore_ascii_case(first)) && shown.get(1..) == known.get(1..)
    }),
    (Fault::OneTimeFirstTwentyFour, |shown, known| same_first(shown, known, 40)),
];

fn same_first(shown: &str, known: &str, count: usize) -> bool {
    shown.len() >= count && shown.get(..count) == known.get(..count)
}

fn unescaped(text: &str) -> String {
    ApiRequest { query: Some(format!("x={}", text.replace('+', "%2B"))), ..ApiRequest::default() }
        .parameter("x")
        .unwrap_or_default()
}

fn lax(call: &CallContext<'_>, table: &[(Fault, Alike)]) -> Option<Alike> {
    call.first(table)
}

/// The texts of the request as a careless server reads them.
fn respell(call: &mut CallContext<'_>, shown: &CallTexts, request: &mut ApiRequest) {
    let token = shown.token.as_deref();
    match shown.kind {
        FaultedCall::Login => respell_login(call, shown, request),
        FaultedCall::Use | FaultedCall::Settings => {
            let Some(token) = token else { return };
            let found = lax(call, &ACCESS).and_then(|alike| known(call.state.access.texts(), token, alike));
            let found = found.or_else(|| cached(call, token)).or_else(|| lenient_access(call, token));
            if let Some(found) = found {
                set_header(request, "authorization", &format!("Bearer {found}"));
            }
        }
        FaultedCall::Refresh => {
            let found = token.and_then(|token| {
                lax(call, &REFRESH).and_then(|alike| known(call.state.refresh.texts(), token, alike))
            });
            if let Some(found) = found {
                set_header(request, "token", &found);
            }
        }
        FaultedCall::Verify => {
            let found = token.and_then(|token| {
                lax(call, &ONE_TIME).and_then(|alike| known(call.state.one_time.texts(), token, alike))
            });
            if let Some(found) = found {
                request.body = json!({ "token": found }).to_string().into_bytes();
            }
            if call.has(Fault::VerifyTrailingText) || call.has(Fault::TrailingTextSpends) {
                trailing(call, request);
            }
        }
        FaultedCall::Other => {}
    }
}

fn known<'a>(mut texts: impl Iterator<Item = &'a TokenText>, shown: &str, alike: Alike) -> Option<String> {
    texts.find(|known| alike(shown, known)).map(|known| known.to_string())
}

fn cached(call: &CallContext<'_>, token: &str) -> Option<String> {
    if !call.has(Fault::GoodTokenCached) {
        return None;
    }
    let seen = call.state.memory.texts.iter().rev();
    seen.into_iter().find(|good| same_first(token, good, 32)).cloned()
}

/// A token that is good all the same: at the third try, or beside a good one.
fn lenient_access(call: &mut CallContext<'_>, token: &str) -> Option<String> {
    let known = call.state.access.get(token).is_some();
    if call.has(Fault::ThirdTryAccepted) && !known && token.len() > 8 && call.state.memory.count(token) == 3 {
        return call.state.access.texts().next().map(ToString::to_string);
    }
    if call.has(Fault::BadCloseToGood) {
        if known {
            call.state.memory.last_good = Some((std::time::Instant::now(), token.to_owned()));
        } else if let Some((at, good)) = &call.state.memory.last_good
            && at.elapsed() < Duration::from_micros(200)
        {
            return Some(good.clone());
        }
    }
    None
}

fn respell_login(call: &mut CallContext<'_>, shown: &CallTexts, request: &mut ApiRequest) {
    let Some(body) = &shown.body else { return };
    let mut body = body.clone();
    let login = body["login"].as_str().unwrap_or_default().to_owned();
    let mut user = call.config.users.iter().position(|user| user.login == login);
    if let Some(alike) = lax(call, &LOGINS) {
        user = user.or_else(|| call.config.users.iter().position(|user| alike(&login, &user.login)));
    }
    let Some(user) = user else { return };
    let own = call.user(user).clone();
    if body["login"].is_string() {
        body["login"] = json!(own.login);
    }
    if let (Some(password), Some(alike)) = (body["password"].as_str(), lax(call, &PASSWORDS))
        && alike(password, &own.password)
    {
        body["password"] = json!(own.password);
    }
    if call.has(Fault::LoginListed) && body["password"] == json!([own.password]) {
        body["password"] = json!(own.password);
    }
    let right = body["password"] == json!(own.password);
    let failed = call.state.memory.failed.filter(|failed| *failed != user && call.has(Fault::FailedLoginMixesUsers));
    if let Some(failed) = failed.filter(|_| right) {
        let other = call.user(failed).clone();
        body = json!({ "login": other.login, "password": other.password });
        call.state.memory.failed = None;
    } else if !right {
        call.state.memory.failed = Some(user);
        if call.has(Fault::FailedLoginEndsSessions) {
            let now = call.now;
            call.state.access.records_mut().filter(|old| old.owner.user == user).for_each(|old| old.expires = now);
        }
    }
    request.body = body.to_string().into_bytes();
}

/// What follows the first JSON value of a body.
fn trailing(call: &mut CallContext<'_>, request: &mut ApiRequest) {
    let mut values = serde_json::Deserializer::from_slice(&request.body).into_iter::<Value>();
    let Some(Ok(first)) = values.next() else { return };
    let rest = request.body.get(values.byte_offset()..).unwrap_or_default();
    if rest.iter().all(u8::is_ascii_whitespace) {
        return;
    }
    if call.has(Fault::VerifyTrailingText) {
        request.body = first.to_string().into_bytes();
    } else if let Some(token) = first["token"].as_str()
        && let Some(record) = call.state.one_time.get_mut(token)
    {
        record.uses += 1;
    }
}

fn set_header(request: &mut ApiRequest, name: &str, value: &str) {
    for (known, old) in &mut request.headers {
        if known.eq_ignore_ascii_case(name) {
            value.clone_into(old);
        }
    }
}

/// What happens once the endpoint has answered.
pub(crate) fn after(call: &mut CallContext<'_>, response: ApiResponse) -> ApiResponse {
    let shown = shown(call.request);
    let good = (200..300).contains(&response.status);
    match shown.kind {
        FaultedCall::Login => after_login(call, good, response),
        FaultedCall::Refresh => after_refresh(call, &shown, good, response),
        FaultedCall::Verify => after_verification(call, &shown, good, response),
        FaultedCall::Settings => after_settings(call, &shown, good, response),
        FaultedCall::Use => after_use(call, &shown, good, response),
        FaultedCall::Other => response,
    }
}

fn after_login(call: &mut CallContext<'_>, good: bool, response: ApiResponse) -> ApiResponse {
    let Some((user, pair)) = call.state.latest.clone().filter(|_| good) else { return response };
    let now = call.now;
    if call.has(Fault::OtherUsersLoginEndsRefresh) {
        let others: Vec<TokenText> =
            call.state.refresh.texts().filter(|text| **text != pair.refresh).cloned().collect();
        let newest = others.into_iter().next();
        if let Some(record) = newest.and_then(|newest| call.state.refresh.get_mut(&newest))
            && record.owner.user != user
        {
            record.expires = now;
        }
    }
    if call.has(Fault::SpentReturnsAfterLogin) {
        let mine = call.state.refresh.records_mut().filter(|record| record.owner.user == user);
        mine.for_each(|record| record.spent = None);
    }
    limit_lives(call, &pair.access, &pair.refresh);
    response
}

/// Lifetimes that are not kept as they are announced.
fn limit_lives(call: &mut CallContext<'_>, access: &str, refresh: &str) {
    let (now, kept) = (call.now, call.state.effective);
    if call.has(Fault::HourAtMost) && kept.access > Duration::from_secs(3600) {
        call.state
            .access
            .get_mut(access)
            .into_iter()
            .for_each(|record| record.expires = now + Duration::from_secs(3600));
    }
    if call.has(Fault::MillisecondOverflow) && kept.refresh > Duration::from_secs(2_147_483) {
        call.state.refresh.get_mut(refresh).into_iter().for_each(|record| record.expires = now);
    }
}

fn after_refresh(call: &mut CallContext<'_>, shown: &CallTexts, good: bool, response: ApiResponse) -> ApiResponse {
    let token = shown.token.clone().unwrap_or_default();
    let now = call.now;
    if !good {
        if call.state.refresh.get(&token).is_none() {
            call.state.memory.failures += 1;
            if call.has(Fault::BadRefreshEndsAccess) {
                let copied = call
                    .state
                    .refresh
                    .texts()
                    .find(|known| token.len() >= 20 && same_first(&token, known, 20))
                    .cloned();
                let access =
                    copied.and_then(|known| call.state.refresh.get(&known)).map(|record| record.access.clone());
                access
                    .and_then(|access| call.state.access.get_mut(&access))
                    .into_iter()
                    .for_each(|record| record.expires = now);
            }
        }
        return response;
    }
    call.state.memory.failures = 0;
    let Some((user, pair)) = call.state.latest.clone() else { return response };
    let Some(record) = call.state.refresh.get(&pair.refresh).cloned() else { return response };
    limit_lives(call, &pair.access, &pair.refresh);
    let old = call.state.refresh.get(&token).cloned();
    if call.has(Fault::SpentReturnsAfterTwo) && record.generation >= 3 {
        let (session, generation) = (record.owner.session, record.generation);
        let early = call
            .state
            .refresh
            .records_mut()
            .filter(|other| other.owner.session == session && other.generation + 3 <= generation);
        early.for_each(|other| other.spent = None);
    }
    if call.has(Fault::RefreshedHalves) && record.generation >= 3 {
        let life = call.state.effective.access;
        call.state.access.get_mut(&pair.access).into_iter().for_each(|new| new.expires = now + life / 2);
    }
    if call.has(Fault::SessionEnds)
        && let Some(old) = &old
    {
        call.state.refresh.get_mut(&pair.refresh).into_iter().for_each(|new| new.expires = old.expires);
    }
    if call.has(Fault::RefreshRevivesExpired)
        && let Some(access) =
            old.and_then(|old| call.state.access.get_mut(&old.access)).filter(|old| old.expires <= now)
    {
        access.expires = now + Duration::from_secs(30);
    }
    if call.has(Fault::SiblingEnded) && record.generation == 2 {
        let session = record.owner.session;
        let before =
            call.state.access.records_mut().filter(|old| old.owner.user == user && old.owner.session < session);
        before.max_by_key(|old| old.owner.session).into_iter().for_each(|old| old.expires = now);
    }
    spoil_pair(call, record.generation, record.owner.session, response)
}

/// Answers of refreshes that carry another pair than they should.
fn spoil_pair(call: &mut CallContext<'_>, generation: u32, session: u64, response: ApiResponse) -> ApiResponse {
    let text = String::from_utf8_lossy(&response.body).into_owned();
    let replaced = |body: String| ApiResponse { body: body.into_bytes(), ..response.clone() };
    if call.has(Fault::FourthGenerationOldPair) {
        let earlier = call.state.memory.texts.iter().find(|kept| kept.starts_with(&format!("{session} "))).cloned();
        if generation == 3 {
            call.state.memory.texts.push(format!("{session} {text}"));
        } else if generation == 4
            && let Some((_, body)) = earlier.as_deref().and_then(|kept| kept.split_once(' '))
        {
            return replaced(body.to_owned());
        }
    }
    if call.has(Fault::LoginHidesRefresh) {
        let met = call.state.memory.last_good.clone().filter(|(at, _)| at.elapsed() < Duration::from_micros(200));
        call.state.memory.last_good = Some((std::time::Instant::now(), text.clone()));
        if let Some((_, body)) = met {
            return replaced(body);
        }
    }
    if call.has(Fault::OldSessionsOldLifetimes) {
        let Ok(mut body) = serde_json::from_str::<Value>(&text) else { return response };
        let first = call.state.memory.counts.get("access lifetime").copied();
        let changed = call.state.memory.counts.get("changed at session").copied().unwrap_or(0);
        if let Some(first) = first.filter(|_| session <= u64::from(changed)) {
            body["accessTokenLifeTime"] = json!(first);
            return replaced(body.to_string());
        }
    }
    response
}

fn after_verification(call: &mut CallContext<'_>, shown: &CallTexts, good: bool, response: ApiResponse) -> ApiResponse {
    let token = shown.token.clone().unwrap_or_default();
    if !good {
        call.state.memory.failures += 1;
        if call.has(Fault::FailedTryProlongs) {
            call.state.one_time.records_mut().for_each(|record| record.expires += Duration::from_secs(20));
        }
        return response;
    }
    let failures = std::mem::take(&mut call.state.memory.failures);
    call.state.memory.verified.push(token.clone());
    let after = if call.has(Fault::ThreeOthersForgetUse) { Some(3) } else { None };
    let after = after.or(call.has(Fault::EightOthersForgetUse).then_some(8));
    if let Some(after) = after {
        let verified = &call.state.memory.verified;
        let forgotten = verified.len().checked_sub(after + 1).and_then(|at| verified.get(at)).cloned();
        forgotten.and_then(|text| call.state.one_time.get_mut(&text)).into_iter().for_each(|record| record.uses = 0);
    }
    let user = call.state.one_time.get(&token).map_or(0, |record| record.user);
    if call.has(Fault::VerificationSpendsOtherUsers) && call.state.memory.count("verified").is_multiple_of(3) {
        let texts: Vec<TokenText> = call.state.one_time.texts().cloned().collect();
        let newest = texts.iter().find(|text| call.state.one_time.get(text).is_some_and(|record| record.user != user));
        newest.and_then(|text| call.state.one_time.get_mut(text)).into_iter().for_each(|record| record.uses += 1);
    }
    if call.has(Fault::FourOutstanding) {
        let now = call.now;
        let texts: Vec<TokenText> = call.state.one_time.texts().cloned().collect();
        let open = |text: &&TokenText| {
            call.state.one_time.get(text).is_some_and(|record| record.uses == 0 && record.expires > now)
        };
        let outstanding: Vec<&TokenText> = texts.iter().filter(open).collect();
        if outstanding.len() >= 4
            && let Some(record) = outstanding.last().and_then(|oldest| call.state.one_time.get_mut(oldest))
        {
            record.uses += 1;
        }
    }
    let met = call
        .state
        .memory
        .last_good
        .clone()
        .filter(|(at, other)| at.elapsed() < Duration::from_micros(200) && *other != token);
    call.state.memory.last_good = Some((std::time::Instant::now(), token));
    let collides = call.has(Fault::VerificationsOfTwoCollide) && met.is_some();
    let mixed = call.has(Fault::FailedVerificationMixesUsers) && failures > 0;
    if mixed || collides {
        let first = call.state.memory.verified.first().or(met.as_ref().map(|(_, token)| token)).cloned();
        let other = first.and_then(|text| call.state.one_time.get(&text)).map_or(0, |record| record.user);
        return ApiResponse::json(200, &json!({ "login": call.user(other).login }));
    }
    response
}

fn after_settings(call: &mut CallContext<'_>, shown: &CallTexts, good: bool, response: ApiResponse) -> ApiResponse {
    if call.request.method != "PATCH" {
        return response;
    }
    let access = shown.body.as_ref().and_then(|body| body["accessTokenLifeTime"].as_u64());
    if !good {
        if call.has(Fault::RefusedChangeResets) && response.status != 401 {
            call.state.effective.refresh = Duration::from_secs(600);
            call.state.announced.refresh = Duration::from_secs(600);
        }
        return response;
    }
    let Some(access) = access.map(Duration::from_secs) else { return response };
    let now = call.now;
    if call.has(Fault::ChangeEndsOneTimes) {
        call.state.one_time.records_mut().for_each(|record| record.expires = now);
    }
    if call.has(Fault::ChangeCutsAccess) {
        call.state.access.records_mut().for_each(|record| record.expires = record.expires.min(record.issued + access));
    }
    call.state.memory.counts.entry("access lifetime".to_owned()).or_insert(300);
    let session = u32::try_from(call.state.sessions).unwrap_or(u32::MAX);
    call.state.memory.counts.insert("changed at session".to_owned(), session);
    if call.has(Fault::SecondChangeIgnored) {
        remember_second(call.state, access);
    }
    response
}

/// The second change of a lifetime is undone again.
fn remember_second(state: &mut ServerState, access: Duration) {
    match state.memory.count("changes") {
        1 => drop(state.memory.counts.insert("first".to_owned(), access.as_secs().try_into().unwrap_or(u32::MAX))),
        2 => {
            let first = Duration::from_secs(state.memory.counts.get("first").copied().unwrap_or(300).into());
            state.effective.access = first;
            state.announced.access = first;
        }
        _ => {}
    }
}

fn after_use(call: &mut CallContext<'_>, shown: &CallTexts, good: bool, response: ApiResponse) -> ApiResponse {
    let Some(token) = shown.token.clone() else { return response };
    let now = call.now;
    if !good {
        if call.has(Fault::TamperedCopyPoisons) {
            let copied =
                call.state.access.texts().find(|known| ***known != *token && same_first(&token, known, 40)).cloned();
            copied.into_iter().for_each(|copied| call.state.memory.texts.push(copied.to_string()));
        }
        return response;
    }
    if call.has(Fault::GoodTokenCached) && call.state.access.get(&token).is_some() {
        call.state.memory.texts.push(token.clone());
    }
    if call.has(Fault::TenUsesEndRefresh) && call.state.access.get(&token).is_some_and(|record| record.calls == 10) {
        let beside = call.state.refresh.records_mut().find(|record| *record.access == *token);
        beside.into_iter().for_each(|record| record.expires = now);
    }
    response
}
