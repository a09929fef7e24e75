//! Tokens that nobody gave out in formats that other servers have: signed tokens without a signature, identifiers, numbers, names of users.

use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use serde_json::json;

/// A format that a careless server takes for a token, or fails on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Forgery {
    /// Three parts, the algorithm `none` and no signature.
    Unsigned,
    /// Three parts and no signature where the first names one.
    WithoutSignature,
    /// Three parts, each readable, and a signature that is none.
    WrongSignature,
    /// Three parts that are not readable.
    ThreeParts,
    /// An identifier of zeros.
    NilIdentifier,
    /// A number in as many digits as the right token has characters.
    Number,
    /// As many zeros.
    Zeros,
    Login,
    /// Login and colon in base64.
    CodedLogin,
    /// The login in a JSON object.
    Object,
    /// Shorter than what programs cut tokens to.
    Short,
}

impl Forgery {
    pub(crate) const ALL: [Self; 11] = [
        Self::Unsigned,
        Self::WithoutSignature,
        Self::WrongSignature,
        Self::ThreeParts,
        Self::NilIdentifier,
        Self::Number,
        Self::Zeros,
        Self::Login,
        Self::CodedLogin,
        Self::Object,
        Self::Short,
    ];

    /// The token, for a user of this login and in place of this right one.
    pub(crate) fn render(self, login: &str, right: &str) -> String {
        let length = right.chars().count().max(20);
        match self {
            Self::Unsigned => format!("{}.", parts("none", login)),
            Self::WithoutSignature => format!("{}.", parts("HS256", login)),
            Self::WrongSignature => format!("{}.{}", parts("HS256", login), URL_SAFE_NO_PAD.encode([7; 32])),
            Self::ThreeParts => "e30x.%7B.q".to_owned(),
            Self::NilIdentifier => "00000000-0000-0000-0000-000000000000".to_owned(),
            Self::Number => "9".repeat(length),
            Self::Zeros => "0".repeat(length),
            Self::Login => login.to_owned(),
            Self::CodedLogin => STANDARD.encode(format!("{login}:")),
            Self::Object => json!({ "login": login, "sub": login }).to_string(),
            Self::Short => "q7x".to_owned(),
        }
    }
}

/// Head and claims of a signed token.
fn parts(algorithm: &str, login: &str) -> String {
    let part = |value: serde_json::Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let claims = json!({ "sub": login, "login": login, "iat": 1_700_000_000, "exp": 4_102_444_800_u64 });
    format!("{}.{}", part(json!({ "alg": algorithm, "typ": "JWT" })), part(claims))
}
