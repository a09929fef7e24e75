//! The two types of text on the way to a file: [`Sensitive`] may hold a secret and cannot be shown, [`Masked`] holds none and
//! can. Only the [`Redactor`](super::Redactor) turns one into the other.

use std::{borrow::Borrow, fmt, ops::Deref};

use serde::{Deserialize, Serialize};

/// Text that may hold a secret, such as one made from an answer of a server. Has no `Display`, no `Serialize` and no `Deref`;
/// its `Debug` hides it.
#[derive(Clone, PartialEq, Eq)]
pub struct Sensitive(String);

impl Sensitive {
    /// Takes over text that is not masked yet.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text itself, to be masked or compared and never to be shown.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl<T: Into<String>> From<T> for Sensitive {
    fn from(text: T) -> Self {
        Self::new(text)
    }
}

impl fmt::Debug for Sensitive {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("‹text that is not masked›")
    }
}

/// Text in which every known secret is replaced by its mask. Journal, results and reports accept nothing else from requests
/// and servers.
///
/// The [`Redactor`](super::Redactor) makes it. Two other sources hold no secret either: a string literal of the program
/// (`From<&'static str>`), and a saved results file (`Deserialize`), whose text was masked when it was written.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Masked(String);

impl Masked {
    /// For the redactor alone.
    pub(super) fn new(text: String) -> Self {
        Self(text)
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The first `most` characters.
    #[must_use]
    pub fn first_chars(&self, most: usize) -> Self {
        Self(self.0.chars().take(most).collect())
    }

    /// This text and another with a separator between them.
    #[must_use]
    pub fn joined(&self, separator: &'static str, other: &Self) -> Self {
        Self(format!("{self}{separator}{other}"))
    }

    /// The text of a `Set-Cookie` header without the value of its cookie.
    #[must_use]
    pub(crate) fn with_hidden_cookie(&self) -> Self {
        let Some((cookie, rest)) = self.0.split_once('=') else { return self.clone() };
        let attributes =
            rest.split_once(';').map_or(String::new(), |(_, attributes)| format!("; {}", attributes.trim_start()));
        Self(format!("{cookie}=‹hidden›{attributes}"))
    }

    /// At most `most` bytes of the text, with a remark where it was cut. `length` is that of the whole text, of which this may be
    /// only the beginning.
    #[must_use]
    pub(crate) fn shortened_of(mut self, most: usize, length: usize) -> Self {
        if self.0.len() > most {
            let length = length.max(self.0.len());
            self.0.truncate(self.0.floor_char_boundary(most));
            self.0.push_str(&format!("… (cut, {length} bytes in all)"));
        }
        self
    }
}

impl Deref for Masked {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Masked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl Borrow<str> for Masked {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl From<&'static str> for Masked {
    fn from(literal: &'static str) -> Self {
        Self(literal.to_owned())
    }
}

impl From<Masked> for String {
    fn from(text: Masked) -> Self {
        text.0
    }
}

impl PartialEq<str> for Masked {
    fn eq(&self, other: &str) -> bool {
        self.0 == other
    }
}

impl PartialEq<Masked> for &str {
    fn eq(&self, other: &Masked) -> bool {
        *self == other.0
    }
}

impl PartialEq<&str> for Masked {
    fn eq(&self, other: &&str) -> bool {
        self.0 == *other
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_hides_sensitive_text() {
        assert!(!format!("{:?}", Sensitive::new("swordfish")).contains("swordfish"));
    }

    #[test]
    fn long_text_is_cut_between_characters() {
        let text = Masked::new("äöü".to_owned());
        assert_eq!(text.clone().shortened_of(6, 6), text);
        assert_eq!(text.shortened_of(3, 6), "ä… (cut, 6 bytes in all)");
    }
}
