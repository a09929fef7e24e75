//! What a server does where the contract leaves a choice. Learned with tokens made for that purpose before a walk begins; until then
//! everything is open, and what is open excuses an answer. See [`super::learn`].

use std::time::Duration;

use super::operation::{Deviation, Place, Scheme};

/// The choices of one server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Behaviour {
    /// A login may end earlier access tokens of the same user.
    pub(crate) login_ends_access: bool,
    /// A login may end earlier refresh tokens of the same user.
    pub(crate) login_ends_refresh: bool,
    /// How many newer pairs of the same user a pair was seen to survive.
    pub(crate) pairs_kept: u32,
    /// A refresh may end the access token that it replaces.
    pub(crate) refresh_ends_access: bool,
    /// A refresh gives a new refresh token.
    pub(crate) rotates: bool,
    /// How long a spent refresh token may still be answered; `None` for ever.
    pub(crate) spent_grace: Option<Duration>,
    /// A spent refresh token that is shown again may end its session.
    pub(crate) reuse_ends_session: bool,
    /// A new one-time token may end earlier ones of the same user.
    pub(crate) mint_ends_earlier: bool,
    /// How many newer one-time tokens of the same user one was seen to survive.
    pub(crate) one_time_kept: u32,
    /// A verification needs an access token beside it.
    pub(crate) verify_authorized: bool,
    /// The server has no verification.
    pub(crate) no_verification: bool,
    /// The server takes no change of settings, not even of what they are.
    pub(crate) no_settings: bool,
    /// A longer lifetime may prolong tokens that were issued before.
    pub(crate) settings_prolong: bool,
    /// Logins may be written in any case, or with blanks around.
    pub(crate) login_any_case: bool,
    pub(crate) login_trimmed: bool,
    /// The refresh lifetime is announced.
    pub(crate) refresh_lifetime_told: bool,
    /// A 401 names the scheme; token answers forbid storing.
    pub(crate) challenges: bool,
    pub(crate) forbids_storing: bool,
    /// Recommendations that the server does not follow; scenarios judge that, walks leave it out.
    pub(crate) lenient: Vec<Deviation>,
    /// What was learned, as question and answer under the requirement that asks.
    pub(crate) observations: Vec<(&'static str, &'static str, String)>,
}

impl Default for Behaviour {
    fn default() -> Self {
        Self {
            login_ends_access: true,
            login_ends_refresh: true,
            pairs_kept: 0,
            refresh_ends_access: true,
            rotates: true,
            spent_grace: None,
            reuse_ends_session: true,
            mint_ends_earlier: true,
            one_time_kept: 0,
            verify_authorized: false,
            no_verification: false,
            no_settings: false,
            settings_prolong: true,
            login_any_case: true,
            login_trimmed: true,
            refresh_lifetime_told: false,
            challenges: false,
            forbids_storing: false,
            lenient: Vec::new(),
            observations: Vec::new(),
        }
    }
}

/// Deviations that only a recommendation speaks against. Each is tried once before the walk.
pub(crate) const RECOMMENDATIONS: [Deviation; 6] = [
    Deviation::Scheme(Scheme::Bare),
    Deviation::Scheme(Scheme::Basic),
    Deviation::Scheme(Scheme::Token),
    Deviation::Place(Place::Query("access_token")),
    Deviation::Place(Place::Query("token")),
    Deviation::Place(Place::Cookie),
];
