//! The masks of secrets in a report.

use std::fmt;

/// The kind of a secret, which its mask names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SecretKind {
    /// A password, right or nearly right.
    Password,
    /// An access token.
    AccessToken,
    /// A refresh token.
    RefreshToken,
    /// A one-time token.
    OneTimeToken,
    /// A token that was altered from a good one, or made up.
    MadeUpToken,
    /// Anything else in a place where secrets are.
    Unknown,
}

/// The replacement of a secret: `‹access token #3›`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Mask {
    /// What kind of secret it is.
    pub kind: SecretKind,
    /// Which of this kind, counted from 1 at each site.
    pub number: usize,
}

impl fmt::Display for Mask {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "‹{} #{}›", self.kind, self.number)
    }
}

impl fmt::Display for SecretKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Password => "password",
            Self::AccessToken => "access token",
            Self::RefreshToken => "refresh token",
            Self::OneTimeToken => "one-time token",
            Self::MadeUpToken => "made-up token",
            Self::Unknown => "hidden",
        })
    }
}
