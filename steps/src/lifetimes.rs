//! A value for each of the three lifetimes of a server: of access tokens, of refresh tokens, of one-time tokens.

use std::fmt;

/// One of the lifetimes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum LifetimeKind {
    /// Of access tokens.
    Access,
    /// Of refresh tokens.
    Refresh,
    /// Of one-time tokens.
    OneTime,
}

/// A value for each lifetime.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Lifetimes<T> {
    /// Of access tokens.
    pub access: T,
    /// Of refresh tokens.
    pub refresh: T,
    /// Of one-time tokens.
    pub one_time: T,
}

impl LifetimeKind {
    /// All kinds.
    pub const ALL: [Self; 3] = [Self::Access, Self::Refresh, Self::OneTime];
}

impl<T> Lifetimes<T> {
    /// Makes the value of each lifetime.
    pub fn from_fn(mut value: impl FnMut(LifetimeKind) -> T) -> Self {
        Self {
            access: value(LifetimeKind::Access),
            refresh: value(LifetimeKind::Refresh),
            one_time: value(LifetimeKind::OneTime),
        }
    }

    /// The value of one lifetime.
    pub fn get(&self, kind: LifetimeKind) -> &T {
        match kind {
            LifetimeKind::Access => &self.access,
            LifetimeKind::Refresh => &self.refresh,
            LifetimeKind::OneTime => &self.one_time,
        }
    }
}

impl fmt::Display for LifetimeKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Access => "access",
            Self::Refresh => "refresh",
            Self::OneTime => "one-time",
        })
    }
}
