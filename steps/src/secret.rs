//! The type of a secret, which no output can show. The [`Redactor`](crate::Redactor) decides how a report names it.

use std::{fmt, hash};

use secrecy::{ExposeSecret, SecretString};

/// A password or a token. Has no `Display`, no `Serialize` and no `Deref`; its `Debug` hides it, and its memory is wiped on drop.
#[derive(Clone)]
pub struct Secret(SecretString);

impl Secret {
    /// Takes over a secret read from an answer, a file or the environment.
    pub fn new(value: impl Into<String>) -> Self {
        Self(SecretString::from(value.into()))
    }

    /// The secret itself. Review every call: the value may go to the server, to the redactor or into a comparison, and nowhere
    /// else.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }

    /// Whether it is empty.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.expose().is_empty()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("‹secret›")
    }
}

impl PartialEq for Secret {
    fn eq(&self, other: &Self) -> bool {
        self.expose() == other.expose()
    }
}

impl Eq for Secret {}

impl hash::Hash for Secret {
    fn hash<H: hash::Hasher>(&self, state: &mut H) {
        self.expose().hash(state);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_hides_the_value() {
        assert_eq!(format!("{:?}", Secret::new("swordfish")), "‹secret›");
    }
}
