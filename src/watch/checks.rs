//! The checks of a round, one line each, and what can become of them.

/// A check of a round.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Check {
    Server,
    Login,
    AccessToken,
    TokenOwner,
    NoToken,
    AlteredEnd,
    AlteredBeginning,
    RefreshTokenAsAccess,
    Refresh,
    RefreshedAccess,
    ExpiredAccess,
    ExpiredRefresh,
    UnknownOneTime,
    OneTime,
    OneTimeTwice,
    WrongPassword,
    Certificate,
    Speed,
}

/// What became of a check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum CheckOutcome {
    Passed,
    /// The server answered wrongly.
    Failed(String),
    /// There was no answer that could be judged.
    Unanswered(String),
}

impl Check {
    /// Its name in metrics and in the state, and the requirement that it rests on.
    pub(crate) fn names(self) -> (&'static str, &'static str) {
        match self {
            Self::Server => ("server", ""),
            Self::Login => ("login", "ISSUE-1"),
            Self::AccessToken => ("access_token", "USE-1"),
            Self::TokenOwner => ("token_owner", "REFRESH-15"),
            Self::NoToken => ("no_token", "USE-3"),
            Self::AlteredEnd => ("altered_end", "USE-5"),
            Self::AlteredBeginning => ("altered_beginning", "USE-5"),
            Self::RefreshTokenAsAccess => ("refresh_token_as_access", "USE-6"),
            Self::Refresh => ("refresh", "REFRESH-1"),
            Self::RefreshedAccess => ("refreshed_access", "REFRESH-2"),
            Self::ExpiredAccess => ("expired_access", "EXPIRY-2"),
            Self::ExpiredRefresh => ("expired_refresh", "EXPIRY-4"),
            Self::UnknownOneTime => ("unknown_one_time", "OTT-4"),
            Self::OneTime => ("one_time", "OTT-1"),
            Self::OneTimeTwice => ("one_time_twice", "OTT-2"),
            Self::WrongPassword => ("wrong_password", "ISSUE-6"),
            Self::Certificate => ("certificate", ""),
            Self::Speed => ("speed", ""),
        }
    }

    pub(crate) fn name(self) -> &'static str {
        self.names().0
    }
}
