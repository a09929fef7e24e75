//! How new tokens look. Clients must not care; real servers sign their access tokens and give opaque ones beside them.

use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use ring::hmac;
use serde_json::json;

use super::{Origin, Owner, Text};
use crate::{
    call::Call,
    users::random,
    variations::{fault, freedom},
};

/// A new access token: what it says and the signature over it, as two parts with a dot between.
pub(super) fn access(call: &Call<'_>, owner: Owner, origin: &Origin) -> Text {
    if let Some(form) = call.first(&ACCESS_FORMS) {
        return form(call, owner).into();
    }
    let token = weak_access(call, owner).unwrap_or_else(|| signed(call, &claims(call, owner)));
    misprinted_access(call, origin, token).into()
}

/// A new refresh token: two parts that mean nothing to anybody.
pub(super) fn refresh(call: &Call<'_>, origin: &Origin) -> Text {
    if let Some(form) = call.first(&REFRESH_FORMS) {
        return form(call, NOBODY).into();
    }
    let token = weak_refresh(call).unwrap_or_else(opaque);
    match origin {
        Origin::Login if call.has(fault::Issue::BlankInRefreshToken) => with_blank(&token).into(),
        _ => token.into(),
    }
}

/// A new one-time token, which looks like a refresh token.
pub(super) fn one_time(call: &Call<'_>) -> Text {
    call.first(&ONE_TIME_FORMS).map_or_else(opaque, |form| form(call, NOBODY)).into()
}

type Form = fn(&Call<'_>, Owner) -> String;

/// Whose a token is that says nothing of its owner.
const NOBODY: Owner = Owner { user: 0, session: 0 };

const ACCESS_FORMS: [(freedom::Token, Form); 7] = [
    (freedom::Token::AccessHex, |_, _| hex(&random::<32>())),
    (freedom::Token::AccessUuid, |_, _| uuid()),
    (freedom::Token::AccessJwt, jwt),
    (freedom::Token::AccessOpaque, |_, _| URL_SAFE_NO_PAD.encode(random::<48>())),
    (freedom::Token::AccessLarge, |_, _| format!("{}.{}", URL_SAFE_NO_PAD.encode(random::<3000>()), part())),
    (freedom::Token::AccessPadded, |_, _| format!("+/{}==", STANDARD.encode(random::<48>()))),
    (freedom::Token::AccessUrlMarks, |_, _| format!("~{}-._~{}", part(), part())),
];

const REFRESH_FORMS: [(freedom::Token, Form); 4] = [
    (freedom::Token::RefreshHex, |_, _| hex(&random::<32>())),
    (freedom::Token::RefreshUuid, |_, _| uuid()),
    (freedom::Token::RefreshJwt, jwt),
    (freedom::Token::RefreshPadded, |_, _| format!("+/{}==", STANDARD.encode(random::<48>()))),
];

const ONE_TIME_FORMS: [(freedom::Token, Form); 2] =
    [(freedom::Token::OneTimeHex, |_, _| hex(&random::<16>())), (freedom::Token::OneTimeUuid, |_, _| uuid())];

/// What an access token says, in the shape of the real ones: an object under a number.
fn claims(call: &Call<'_>, owner: Owner) -> String {
    let (login, session, now) = (json!(call.user(owner.user).login), owner.session, call.now.as_secs());
    format!(r#"{{"-226":{{"n":"{}","s":{session},"t":{now},"u":{login}}}}}"#, part())
}

fn signed(call: &Call<'_>, said: &str) -> String {
    let said = URL_SAFE_NO_PAD.encode(said);
    let signature = hmac::sign(&call.core.signing_key, said.as_bytes());
    format!("{said}.{}", URL_SAFE_NO_PAD.encode(signature))
}

fn jwt(call: &Call<'_>, owner: Owner) -> String {
    let header = URL_SAFE_NO_PAD.encode(r#"{"alg":"HS256","typ":"JWT"}"#);
    let payload = URL_SAFE_NO_PAD.encode(claims(call, owner));
    let signature = hmac::sign(&call.core.signing_key, format!("{header}.{payload}").as_bytes());
    format!("{header}.{payload}.{}", URL_SAFE_NO_PAD.encode(signature))
}

fn opaque() -> String {
    let both = URL_SAFE_NO_PAD.encode(random::<48>());
    let (first, second) = both.split_at(both.len() / 2);
    format!("{first}.{second}")
}

/// Part of an opaque token: 192 bits that nobody can guess.
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

/// Access tokens that somebody could guess.
fn weak_access(call: &Call<'_>, owner: Owner) -> Option<String> {
    let session = call.state.sessions;
    if call.has(fault::Issue::AccessCounter) {
        return Some(format!("{}.{session:012}", URL_SAFE_NO_PAD.encode([0x5a; 48])));
    }
    call.has(fault::Issue::AccessFewBits)
        .then(|| format!("{}.{}", URL_SAFE_NO_PAD.encode([owner.user as u8; 48]), hex(&random::<6>())))
}

/// Refresh tokens that somebody could guess.
fn weak_refresh(call: &Call<'_>) -> Option<String> {
    if call.has(fault::Issue::RefreshCounter) {
        return Some(format!("{}.{:012}", URL_SAFE_NO_PAD.encode([0xa5; 24]), call.state.sessions));
    }
    call.has(fault::Issue::RefreshFewBits)
        .then(|| format!("{}.{}", URL_SAFE_NO_PAD.encode([0x3c; 24]), hex(&random::<6>())))
}

/// Access tokens with something in them that a header cannot carry as part of a token.
fn misprinted_access(call: &Call<'_>, origin: &Origin, token: String) -> String {
    match origin {
        Origin::Login if call.has(fault::Issue::BlankInAccessToken) => with_blank(&token),
        Origin::Login if call.has(fault::Issue::TabInAccessToken) => token.replacen('.', "\t", 1),
        _ => token,
    }
}

fn with_blank(token: &str) -> String {
    token.replacen('.', " ", 1)
}
