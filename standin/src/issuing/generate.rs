//! Generates the text of tokens. As on real servers, access tokens are signed and the others opaque; clients must treat all of
//! them as opaque.

use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use ring::hmac;
use serde_json::json;

use crate::{
    call::CallContext,
    tokens::{PairOrigin, TokenOwner, TokenText},
    users::random,
    variations::{IssueFault, OneTimeFault, TokenVariant},
};

/// A new access token: its claims and a signature over them, joined by a dot.
pub(super) fn access_token(call: &CallContext<'_>, owner: TokenOwner, origin: &PairOrigin) -> TokenText {
    if let Some(form) = call.first(&ACCESS_FORMS) {
        return form(call, owner).into();
    }
    let token = weak_access(call, owner).unwrap_or_else(|| sign(call, &claims(call, owner)));
    with_blanks(call, origin, token).into()
}

/// A new refresh token: two random parts.
pub(super) fn refresh_token(call: &CallContext<'_>, origin: &PairOrigin) -> TokenText {
    if let Some(form) = call.first(&REFRESH_FORMS) {
        return form(call, NO_OWNER).into();
    }
    let token = weak_refresh(call).unwrap_or_else(opaque);
    match origin {
        PairOrigin::Login if call.has(IssueFault::BlankInRefreshToken) => with_blank(&token).into(),
        _ => token.into(),
    }
}

/// A new one-time token, in the form of a refresh token.
pub(super) fn one_time_token(call: &CallContext<'_>) -> TokenText {
    if call.has(OneTimeFault::Counter) {
        return format!("{}.{:012}", URL_SAFE_NO_PAD.encode([0x69; 24]), call.state.one_time.texts().count()).into();
    }
    if call.has(OneTimeFault::FewBits) {
        return format!("{}.{}", URL_SAFE_NO_PAD.encode([0x3d; 24]), hex(&random::<4>())).into();
    }
    call.first(&ONE_TIME_FORMS).map_or_else(opaque, |form| form(call, NO_OWNER)).into()
}

type TokenForm = fn(&CallContext<'_>, TokenOwner) -> String;

/// The owner passed to forms that do not name one.
const NO_OWNER: TokenOwner = TokenOwner { user: 0, session: 0 };

const ACCESS_FORMS: [(TokenVariant, TokenForm); 7] = [
    (TokenVariant::AccessHex, |_, _| hex(&random::<32>())),
    (TokenVariant::AccessUuid, |_, _| uuid()),
    (TokenVariant::AccessJwt, jwt),
    (TokenVariant::AccessOpaque, |_, _| URL_SAFE_NO_PAD.encode(random::<48>())),
    (TokenVariant::AccessLarge, |_, _| format!("{}.{}", URL_SAFE_NO_PAD.encode(random::<3000>()), part())),
    (TokenVariant::AccessPadded, |_, _| format!("+/{}==", STANDARD.encode(random::<48>()))),
    (TokenVariant::AccessUrlMarks, |_, _| format!("~{}-._~{}", part(), part())),
];

const REFRESH_FORMS: [(TokenVariant, TokenForm); 4] = [
    (TokenVariant::RefreshHex, |_, _| hex(&random::<32>())),
    (TokenVariant::RefreshUuid, |_, _| uuid()),
    (TokenVariant::RefreshJwt, jwt),
    (TokenVariant::RefreshPadded, |_, _| format!("+/{}==", STANDARD.encode(random::<48>()))),
];

const ONE_TIME_FORMS: [(TokenVariant, TokenForm); 2] =
    [(TokenVariant::OneTimeHex, |_, _| hex(&random::<16>())), (TokenVariant::OneTimeUuid, |_, _| uuid())];

/// The claims of an access token, in the form that real servers use: an object under a number.
fn claims(call: &CallContext<'_>, owner: TokenOwner) -> String {
    let (login, session, now) = (json!(call.user(owner.user).login), owner.session, call.now.as_secs());
    format!(r#"{{"-226":{{"n":"{}","s":{session},"t":{now},"u":{login}}}}}"#, part())
}

fn sign(call: &CallContext<'_>, claims: &str) -> String {
    let claims = URL_SAFE_NO_PAD.encode(claims);
    let signature = hmac::sign(&call.config.signing_key, claims.as_bytes());
    format!("{claims}.{}", URL_SAFE_NO_PAD.encode(signature))
}

fn jwt(call: &CallContext<'_>, owner: TokenOwner) -> String {
    let header = URL_SAFE_NO_PAD.encode(r#"{"alg":"HS256","typ":"JWT"}"#);
    let payload = URL_SAFE_NO_PAD.encode(claims(call, owner));
    let signature = hmac::sign(&call.config.signing_key, format!("{header}.{payload}").as_bytes());
    format!("{header}.{payload}.{}", URL_SAFE_NO_PAD.encode(signature))
}

fn opaque() -> String {
    let both = URL_SAFE_NO_PAD.encode(random::<48>());
    let (first, second) = both.split_at(both.len() / 2);
    format!("{first}.{second}")
}

/// A part of an opaque token: 192 random bits.
fn part() -> String {
    URL_SAFE_NO_PAD.encode(random::<24>())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn uuid() -> String {
    let mut bytes = random::<16>();
    bytes[6] = bytes[6] & 0x0f | 0x40;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let digits = hex(&bytes);
    [&digits[..8], &digits[8..12], &digits[12..16], &digits[16..20], &digits[20..]].join("-")
}

/// An access token that can be guessed, if the server has such a fault.
fn weak_access(call: &CallContext<'_>, owner: TokenOwner) -> Option<String> {
    let session = call.state.sessions;
    if call.has(IssueFault::AccessCounter) {
        return Some(format!("{}.{session:012}", URL_SAFE_NO_PAD.encode([0x5a; 48])));
    }
    call.has(IssueFault::AccessFewBits)
        .then(|| format!("{}.{}", URL_SAFE_NO_PAD.encode([owner.user as u8; 48]), hex(&random::<6>())))
}

/// A refresh token that can be guessed, if the server has such a fault.
fn weak_refresh(call: &CallContext<'_>) -> Option<String> {
    if call.has(IssueFault::RefreshCounter) {
        return Some(format!("{}.{:012}", URL_SAFE_NO_PAD.encode([0xa5; 24]), call.state.sessions));
    }
    call.has(IssueFault::RefreshFewBits)
        .then(|| format!("{}.{}", URL_SAFE_NO_PAD.encode([0x3c; 24]), hex(&random::<6>())))
}

/// Inserts characters that a header cannot carry in a token, if the server has such a fault.
fn with_blanks(call: &CallContext<'_>, origin: &PairOrigin, token: String) -> String {
    match origin {
        PairOrigin::Login if call.has(IssueFault::BlankInAccessToken) => with_blank(&token),
        PairOrigin::Login if call.has(IssueFault::TabInAccessToken) => token.replacen('.', "\t", 1),
        _ => token,
    }
}

fn with_blank(token: &str) -> String {
    token.replacen('.', " ", 1)
}
