//! How a stand-in is set up: users, lifetimes, variations, and where external links lead.

use std::{str::FromStr, time::Duration};

use url::Url;

use crate::{users::User, variations::Variations};

/// The setup of a stand-in.
#[derive(Clone, Debug)]
pub struct StandInOptions {
    /// The users that can log in. Some faults mistake other users for the first one.
    pub users: Vec<User>,
    /// How long tokens live until the settings are changed.
    pub lifetimes: TokenLifetimes,
    /// The differences from the documented server.
    pub variations: Variations,
    /// The page that external links lead to; without one they show their token. Only [`crate::serve`] has external links.
    pub landing: Option<LandingPage>,
    /// How late nodes of a cluster learn what a fault keeps apart; without it each fault has a lag of its own, or no end.
    pub lag: Option<Duration>,
}

impl Default for StandInOptions {
    /// Two users, `qa-certifier` and `qa-second`, each with a new random password; default lifetimes; no variations.
    fn default() -> Self {
        Self {
            users: ["qa-certifier", "qa-second"].map(User::with_new_password).to_vec(),
            lifetimes: TokenLifetimes::default(),
            variations: Variations::default(),
            landing: None,
            lag: None,
        }
    }
}

/// How long tokens live, by kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TokenLifetimes {
    /// Lifetime of access tokens.
    pub access: Duration,
    /// Lifetime of refresh tokens.
    pub refresh: Duration,
    /// Lifetime of one-time tokens.
    pub one_time: Duration,
}

impl Default for TokenLifetimes {
    /// Five minutes, one hour and 30 seconds. Clients of real servers observe the first two.
    fn default() -> Self {
        Self { access: Duration::from_secs(300), refresh: Duration::from_secs(3600), one_time: Duration::from_secs(30) }
    }
}

/// The page of a client that external links lead to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LandingPage(Url);

impl FromStr for LandingPage {
    type Err = url::ParseError;

    /// Parses the address of a page.
    ///
    /// # Errors
    /// When the text is not an absolute URL.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Url::parse(text).map(Self)
    }
}

impl LandingPage {
    /// The address with a token added to its query.
    pub(crate) fn with_token(&self, token: &str) -> String {
        let mut address = self.0.clone();
        address.query_pairs_mut().append_pair("token", token);
        address.into()
    }
}
