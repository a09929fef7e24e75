//! The tokens of a scenario: pairs from logins and refreshes, and one-time tokens from the source. Reads them from answers, and
//! does not judge whether an answer should carry them.

use std::time::Duration;

use serde_json::Value;

use crate::{
    Mismatch, Secret,
    message::{Answer, Call},
    target::{Dialect, Pointer},
};

/// An access token and a refresh token that came together.
#[derive(Clone, Debug)]
pub(crate) struct Pair {
    pub(crate) login: String,
    pub(crate) access: Secret,
    pub(crate) refresh: Secret,
    /// As announced; `None` where the answer does not.
    pub(crate) access_lifetime: Option<Duration>,
    pub(crate) refresh_lifetime: Option<Duration>,
    pub(crate) issued: Issued,
    pub(crate) origin: Origin,
}

/// The answer that a pair came with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Origin {
    pub(crate) call: Call,
    /// The server's time, to the second, as the answer has it.
    pub(crate) date: Option<String>,
}

/// The bounds of the time at which a token was issued, on the target's clock.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Issued {
    pub(crate) earliest: Duration,
    pub(crate) latest: Duration,
}

/// A one-time token of the source.
#[derive(Clone, Debug)]
pub(crate) struct OneTime {
    pub(crate) token: Secret,
    pub(crate) login: String,
    pub(crate) lifetime: Option<Duration>,
    pub(crate) issued: Issued,
    /// Whether it has been verified as a good one.
    pub(crate) used: bool,
}

impl Pair {
    /// With the lifetimes of the pair before it, where a refresh announced none.
    pub(crate) fn after(self, before: &Self) -> Self {
        Self {
            access_lifetime: self.access_lifetime.or(before.access_lifetime),
            refresh_lifetime: self.refresh_lifetime.or(before.refresh_lifetime),
            ..self
        }
    }

    /// Reads a pair from a token answer.
    ///
    /// # Errors
    /// Names what is missing.
    pub(crate) fn read(answer: &Answer, login: &str, dialect: &Dialect) -> Result<Self, Mismatch> {
        let refused = || Mismatch::new("a token answer", answer.status_text()).at(answer.exchange);
        let Some(json) = answer.json.as_ref().filter(|json| answer.is_success() && json.is_object()) else {
            return Err(refused());
        };
        let token = |place: &Pointer, name: &str| {
            let text = place.find(json).and_then(Value::as_str).filter(|text| !text.is_empty());
            text.map(Secret::new).ok_or_else(|| {
                Mismatch::new(format!("{name} at {place}"), "the answer has none there").at(answer.exchange)
            })
        };
        let date = answer.header("date");
        let lifetime = |place: &Pointer| dialect.lifetime_unit.read(place.find(json)?, date);
        Ok(Self {
            login: login.to_owned(),
            access: token(&dialect.access_token, "an access token")?,
            refresh: token(&dialect.refresh_token, "a refresh token")
                .or_else(|missing| still_valid(answer).ok_or(missing))?,
            access_lifetime: lifetime(&dialect.access_lifetime),
            refresh_lifetime: lifetime(&dialect.refresh_lifetime),
            issued: Issued { earliest: answer.sent, latest: answer.received },
            origin: Origin { call: answer.call, date: date.map(str::to_owned) },
        })
    }
}

/// The refresh token that was presented, which a server that answers with none leaves valid, as in OAuth (RFC 6749, section 6).
/// That the answer is incomplete is judged by REFRESH-1.
fn still_valid(answer: &Answer) -> Option<Secret> {
    answer.asked.first().filter(|_| answer.call == Call::Refresh).cloned()
}
