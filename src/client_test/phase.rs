//! The phases of a run: what the server does in each, how long each lasts at most, and its words in reports.

use std::time::Duration;

/// The lifetime of access tokens that are to outlive the run. A client that takes it for milliseconds refreshes within [`QUIET`].
pub(super) const LONG_LIFETIME: Duration = Duration::from_secs(1200);

/// How long `Retry-After` asks a client to wait for calls, in seconds.
pub(super) const CALL_RETRY_AFTER: u64 = 2;
/// A client that has not called for so long after that time does not come back by itself.
pub(super) const TOO_LONG: Duration = Duration::from_secs(15);
/// How long `Retry-After` asks a client to wait for a refresh, in seconds.
pub(super) const REFRESH_RETRY_AFTER: u64 = 1;
/// How long the server answers 503 without `Retry-After`.
pub(super) const OUTAGE: Duration = Duration::from_millis(1500);
/// How long good tokens are refused before the run goes on.
pub(super) const REFUSALS: Duration = Duration::from_secs(2);
/// How long logins are refused before the run ends.
pub(super) const REFUSED_LOGINS: Duration = Duration::from_millis(2500);
/// How long a client with a long-lived token is watched: longer than the short lifetime, to which the timer of a client may be set.
const QUIET: Duration = Duration::from_millis(2300);
/// From the first lost answer to a refresh, how long and how many answers are lost.
pub(super) const LOSSES: (Duration, usize) = (Duration::from_secs(1), 5);
/// How long the program has to follow a redirect.
const REDIRECT: Duration = Duration::from_millis(1200);

/// A phase of a run, in the order in which they come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Phase {
    /// Before and between the others: the server answers as documented.
    Between,
    /// The program starts.
    Start,
    /// Access tokens live short.
    Expiry,
    /// An access token ends before its time.
    Ended,
    /// The answer to a refresh is lost.
    Lost,
    /// A refresh is answered 503.
    RefreshUnavailable,
    /// A refresh token is refused.
    RefreshRefused,
    /// Access tokens live long.
    Quiet,
    /// One call is refused with 401.
    OneRefusal,
    /// Calls are answered 429.
    TooMany,
    /// Calls are answered 503 with `Retry-After`.
    Unavailable,
    /// Calls are answered 503 without it.
    Outage,
    /// A call is redirected to another address.
    Redirect,
    /// Every call is refused with 401.
    AlwaysRefused,
    /// Refreshes and logins are refused.
    LoginRefused,
}

/// What has happened in a phase so far.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct PhaseProgress {
    /// Calls that were answered as asked.
    pub(super) good_calls: usize,
    /// The same since the failure of the phase was over.
    pub(super) good_calls_after: usize,
    /// The same with a pair that was issued after the failure.
    pub(super) good_calls_renewed: usize,
    /// Pairs that were issued for a refresh token. Logins do not count: each of several sessions has one.
    pub(super) refreshes: usize,
    /// When the failure of the phase first met a request; in [`Phase::Quiet`], when a long-lived pair was issued.
    pub(super) failed_at: Option<Duration>,
}

impl Phase {
    /// Every phase that judges something, in order.
    pub(super) const ALL: [Self; 14] = [
        Self::Start,
        Self::Expiry,
        Self::Ended,
        Self::Lost,
        Self::RefreshUnavailable,
        Self::RefreshRefused,
        Self::Quiet,
        Self::OneRefusal,
        Self::TooMany,
        Self::Unavailable,
        Self::Outage,
        Self::Redirect,
        Self::AlwaysRefused,
        Self::LoginRefused,
    ];

    /// Whether the phase is over.
    pub(super) fn is_done(self, progress: &PhaseProgress, now: Duration) -> bool {
        let since = |least: Duration| progress.failed_at.is_some_and(|failed| now >= failed + least);
        match self {
            Self::Between => false,
            Self::Start => progress.good_calls >= 6,
            Self::Expiry => progress.refreshes >= 2 && progress.good_calls_renewed >= 2,
            Self::Ended | Self::Lost | Self::RefreshUnavailable | Self::RefreshRefused => {
                progress.good_calls_renewed >= 2
            }
            Self::Quiet => since(QUIET) && progress.good_calls_renewed >= 5,
            Self::OneRefusal => progress.good_calls_after >= 3,
            Self::TooMany | Self::Unavailable | Self::Outage => progress.good_calls_after >= 2,
            Self::Redirect => since(REDIRECT),
            Self::AlwaysRefused => since(REFUSALS),
            Self::LoginRefused => since(REFUSED_LOGINS),
        }
    }

    /// The longest time of the phase where access tokens live so long.
    pub(super) fn limit(self, lifetime: Duration) -> Duration {
        let seconds = Duration::from_secs;
        match self {
            Self::Between => Duration::ZERO,
            Self::Start => seconds(10),
            Self::Expiry => 3 * lifetime + seconds(4),
            Self::Ended => lifetime + seconds(4),
            Self::Lost | Self::RefreshUnavailable | Self::RefreshRefused => 2 * lifetime + seconds(5),
            Self::Quiet => lifetime + seconds(6),
            Self::OneRefusal | Self::Redirect | Self::LoginRefused => seconds(4) + lifetime,
            Self::TooMany | Self::Unavailable => seconds(CALL_RETRY_AFTER) + TOO_LONG + seconds(1),
            Self::Outage | Self::AlwaysRefused => seconds(7),
        }
    }

    /// Whether pairs that are issued now live long.
    pub(super) fn has_long_lifetime(self) -> bool {
        self >= Self::Quiet
    }

    /// Whether it is about what a client does when it refreshes.
    pub(super) fn needs_refresh(self) -> bool {
        matches!(self, Self::Lost | Self::RefreshUnavailable | Self::RefreshRefused)
    }

    /// Whether the server answers as documented throughout.
    pub(super) fn is_ordinary(self) -> bool {
        matches!(self, Self::Between | Self::Start | Self::Expiry | Self::Quiet)
    }

    /// The condition, as a step of a scenario.
    pub(super) fn condition(self) -> &'static str {
        match self {
            Self::Between => "the client calls the probe again and again",
            Self::Start => "the client is started",
            Self::Expiry => "access tokens live for a short time",
            Self::Ended => "an access token ends before its time",
            Self::Lost => "answers to a refresh are lost",
            Self::RefreshUnavailable => "a refresh is answered 503 with Retry-After",
            Self::RefreshRefused => "the refresh token is refused",
            Self::Quiet => "access tokens live for 20 minutes",
            Self::OneRefusal => "one call is refused with 401",
            Self::TooMany => "calls are answered 429 with Retry-After",
            Self::Unavailable => "calls are answered 503 with Retry-After",
            Self::Outage => "calls are answered 503 without Retry-After",
            Self::Redirect => "a call is redirected to another address",
            Self::AlwaysRefused => "every call is refused with 401",
            Self::LoginRefused => "refreshes and logins are refused",
        }
    }
}
