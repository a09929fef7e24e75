//! What the operator of a stand-in does beside the API: looks a token up, spends or revokes it, changes the variations.

use std::{fmt, time::Duration};

use crate::{
    endpoints,
    options::TokenLifetimes,
    refusal::{self, Mistake},
    request::ApiRequest,
    response::ApiResponse,
    server::StandIn,
    tokens::TokenOwner,
    variations::{UnknownVariation, Variations},
};

/// What the server knows about a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenStatus {
    /// `access`, `refresh` or `one-time`.
    pub kind: &'static str,
    /// The login of its user.
    pub login: String,
    /// Whether it was exchanged or verified already.
    pub is_spent: bool,
    /// The time until it expires, `None` once it has expired.
    pub left: Option<Duration>,
}

impl fmt::Display for TokenStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} token of {}, ", self.kind, self.login)?;
        match self.left {
            _ if self.is_spent => f.write_str("spent"),
            None => f.write_str("expired"),
            Some(left) => write!(f, "{:.1} s left", left.as_secs_f64()),
        }
    }
}

impl StandIn {
    /// What the server knows about a token, `None` for an unknown one.
    #[must_use]
    pub fn token_status(&self, token: &str) -> Option<TokenStatus> {
        self.with_context(&ApiRequest::default(), |call| {
            let (now, state) = (call.now, &call.state);
            let status = |kind, user: usize, is_spent, expires: Duration| TokenStatus {
                kind,
                login: call.user(user).login.clone(),
                is_spent,
                left: expires.checked_sub(now).filter(|left| !left.is_zero()),
            };
            let access = state.access.get(token).map(|it| status("access", it.owner.user, false, it.expires));
            let refresh =
                || state.refresh.get(token).map(|it| status("refresh", it.owner.user, it.spent.is_some(), it.expires));
            let one_time = || state.one_time.get(token).map(|it| status("one-time", it.user, it.uses > 0, it.expires));
            access.or_else(refresh).or_else(one_time)
        })
    }

    /// Marks a refresh token or a one-time token as spent. False if it does not know the token.
    #[must_use]
    pub fn spend(&self, token: &str) -> bool {
        self.with_context(&ApiRequest::default(), |call| {
            let now = call.now;
            if let Some(refresh) = call.state.refresh.get_mut(token) {
                refresh.spent.get_or_insert(now);
                true
            } else if let Some(one_time) = call.state.one_time.get_mut(token) {
                one_time.uses += 1;
                true
            } else {
                false
            }
        })
    }

    /// Ends a token of any kind before its time. False if it does not know the token.
    #[must_use]
    pub fn revoke(&self, token: &str) -> bool {
        self.with_context(&ApiRequest::default(), |call| {
            let (now, state) = (call.now, &mut *call.state);
            let expiries = [
                state.access.get_mut(token).map(|it| &mut it.expires),
                state.refresh.get_mut(token).map(|it| &mut it.expires),
                state.one_time.get_mut(token).map(|it| &mut it.expires),
            ];
            expiries.into_iter().flatten().map(|expires| *expires = now.min(*expires)).count() > 0
        })
    }

    /// Ends all tokens of a user before their time. False if it does not know the user.
    #[must_use]
    pub fn revoke_user(&self, login: &str) -> bool {
        let Some(user) = self.users().iter().position(|user| user.login == login) else { return false };
        self.with_context(&ApiRequest::default(), |call| {
            let (now, state) = (call.now, &mut *call.state);
            let owned = |owner: TokenOwner| owner.user == user;
            let access = state.access.records_mut().filter(|it| owned(it.owner)).map(|it| &mut it.expires);
            let refresh = state.refresh.records_mut().filter(|it| owned(it.owner)).map(|it| &mut it.expires);
            let one_time = state.one_time.records_mut().filter(|it| it.user == user).map(|it| &mut it.expires);
            access.chain(refresh).chain(one_time).for_each(|expires| *expires = now.min(*expires));
        });
        true
    }

    /// The lifetimes of new tokens.
    #[must_use]
    pub fn lifetimes(&self) -> TokenLifetimes {
        self.with_context(&ApiRequest::default(), |call| call.state.effective)
    }

    /// The differences from the documented server, at the moment.
    #[must_use]
    pub fn variations(&self) -> Variations {
        self.with_context(&ApiRequest::default(), |call| call.state.variations)
    }

    /// Replaces the differences from the documented server.
    pub fn set_variations(&self, variations: Variations) {
        self.with_context(&ApiRequest::default(), |call| call.state.variations = variations);
    }

    /// Adds differences from the documented server.
    ///
    /// # Errors
    /// When no variation has one of the names; none is added then.
    pub fn seed<'a>(&self, names: impl IntoIterator<Item = &'a str>) -> Result<(), UnknownVariation> {
        self.variations().with_names(names).map(|variations| self.set_variations(variations))
    }

    /// The refusal of a request that came too soon.
    pub(crate) fn refuse_too_many(&self, request: &ApiRequest, retry_after: u64) -> ApiResponse {
        let refused = self.with_context(request, |call| {
            let response = refusal::render(call, &Mistake::TooManyRequests.into());
            endpoints::finalize(call, response)
        });
        refused.with("Retry-After", &retry_after.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::options::StandInOptions;

    #[test]
    fn a_one_time_token_is_known_spent_and_revoked() {
        let server = StandIn::new(StandInOptions::default());
        let (first, second) = (server.mint("qa-certifier"), server.mint("qa-second"));
        let (first, second) = (first.expect("there is this user"), second.expect("there is this user"));
        let status = |token: &str| server.token_status(token).expect("it is known").to_string();
        assert_eq!(status(&first), "one-time token of qa-certifier, 30.0 s left");
        assert!(server.spend(&first) && server.revoke_user("qa-second"));
        assert_eq!(status(&first), "one-time token of qa-certifier, spent");
        assert_eq!(status(&second), "one-time token of qa-second, expired");
        assert!(!server.spend("unknown") && !server.revoke("unknown") && !server.revoke_user("unknown"));
    }

    #[test]
    fn a_seeded_fault_works_until_it_is_removed() {
        let server = StandIn::new(StandInOptions::default());
        let path = format!("{}/accounts", crate::BASE_PATH);
        let request = ApiRequest { method: "GET".to_owned(), path, ..ApiRequest::default() };
        server.seed(["use-open-to-all"]).expect("there is this fault");
        assert_eq!(server.handle(&request).status, 200);
        assert_eq!(server.seed(["use-open-to-al"]).map_err(|error| error.nearest), Err("use-open-to-all"));
        server.set_variations(Variations::default());
        assert_eq!(server.handle(&request).status, 401);
    }
}
