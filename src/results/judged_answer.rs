//! What a client reads from an answer that a scenario judges: lifetimes, error code, and the shape of its tokens.

use serde::{Deserialize, Serialize};
use steps::Masked;

/// What a client reads from one answer; a field is `None` where the answer lacks it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct JudgedAnswer {
    /// The shape of its access token.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(crate) access_token: Option<TokenShape>,
    /// The shape of its refresh token.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(crate) refresh_token: Option<TokenShape>,
    /// The announced lifetime of the access token, in the unit of the server.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(crate) access_lifetime: Option<f64>,
    /// The announced lifetime of the refresh token, in the unit of the server.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(crate) refresh_lifetime: Option<f64>,
    /// For a refresh: whether the answer has a refresh token other than the one presented.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(crate) rotated: Option<bool>,
    /// The error code.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(crate) error_code: Option<Masked>,
}

/// The shape of a token, which does not identify it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct TokenShape {
    /// Number of parts joined by dots.
    pub(crate) parts: usize,
    /// Number of characters.
    pub(crate) characters: usize,
    /// The smallest alphabet that has all of them.
    pub(crate) alphabet: TokenAlphabet,
}

/// The characters of a token, from the smallest set to the largest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum TokenAlphabet {
    /// Hexadecimal digits of one case, and hyphens.
    Hexadecimal,
    /// Letters, digits, `-` and `_`.
    Base64url,
    /// The characters of a bearer token (RFC 6750, section 2.1).
    Bearer,
    /// Other visible ASCII characters.
    Visible,
    /// Blanks, control characters and everything beyond ASCII.
    Other,
}

impl From<steps::AnswerSummary> for JudgedAnswer {
    fn from(summary: steps::AnswerSummary) -> Self {
        Self {
            access_token: summary.access_token.map(TokenShape::from),
            refresh_token: summary.refresh_token.map(TokenShape::from),
            access_lifetime: summary.access_lifetime,
            refresh_lifetime: summary.refresh_lifetime,
            rotated: summary.rotated,
            error_code: summary.error_code,
        }
    }
}

impl From<steps::TokenForm> for TokenShape {
    fn from(form: steps::TokenForm) -> Self {
        let alphabet = match form.alphabet {
            steps::TextAlphabet::Hexadecimal => TokenAlphabet::Hexadecimal,
            steps::TextAlphabet::Base64url => TokenAlphabet::Base64url,
            steps::TextAlphabet::Bearer => TokenAlphabet::Bearer,
            steps::TextAlphabet::Visible => TokenAlphabet::Visible,
            steps::TextAlphabet::Other => TokenAlphabet::Other,
        };
        Self { parts: form.parts, characters: form.characters, alphabet }
    }
}
