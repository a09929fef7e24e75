//! What the server does where the contract leaves a choice and a check must know the choice to be fair. Each is found out
//! once for a site, when it is first needed, with tokens made for that purpose.

use tokio::sync::OnceCell;

use crate::{Mismatch, StepError, api::Api};

/// The choices found so far.
#[derive(Debug, Default)]
pub(crate) struct ServerBehaviour {
    many_sessions: OnceCell<bool>,
    refresh: OnceCell<RefreshBehaviour>,
    refreshes: OnceCell<()>,
    verify_with_access_token: OnceCell<bool>,
}

/// What a refresh does to the tokens that were there before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct RefreshBehaviour {
    /// The old access token is still accepted.
    pub(crate) keeps_access: bool,
    /// The new refresh token buys a pair in turn.
    pub(crate) chainable: bool,
    /// Showing the spent refresh token again kills the newest pair (RFC 9700, section 4.14.2).
    pub(crate) reuse_revokes: bool,
}

impl ServerBehaviour {
    /// Whether an earlier pair of a user is still accepted after another login.
    pub(crate) async fn many_sessions(&self, api: &Api) -> Result<bool, StepError> {
        self.many_sessions
            .get_or_try_init(|| async {
                let earlier = api.fresh_pair().await?;
                api.fresh_pair().await?;
                Ok(api.use_token(&earlier.access).await?.is_success())
            })
            .await
            .copied()
    }

    /// Whether it is known that a login ends the pairs of earlier ones.
    pub(crate) fn keeps_one_session(&self) -> bool {
        self.many_sessions.get() == Some(&false)
    }

    /// What a refresh does to the tokens that were there before.
    pub(crate) async fn refresh(&self, api: &Api) -> Result<RefreshBehaviour, StepError> {
        self.refresh
            .get_or_try_init(|| async {
                let first = api.fresh_pair().await?;
                let second = api.refreshed(&first).await?;
                let keeps_access = api.use_token(&first.access).await?.is_success();
                let works = api.use_token(&second.access).await?;
                if !works.is_success() {
                    let refused = Mismatch::new("the new access token to be accepted", works.status_text());
                    return Err(refused.requirement("REFRESH-2").as_inconclusive());
                }
                api.present(&first.refresh).await?;
                let reuse_revokes = !api.use_token(&second.access).await?.is_success();
                let chainable = reuse_revokes || api.refreshed(&second).await.is_ok();
                Ok(RefreshBehaviour { keeps_access, chainable, reuse_revokes })
            })
            .await
            .copied()
    }

    /// Makes sure that a fresh refresh token buys a pair at all.
    ///
    /// # Errors
    /// When it does not: then nothing can be said of older ones.
    pub(crate) async fn refreshes(&self, api: &Api) -> Result<(), StepError> {
        let once = || async { api.refreshed(&api.fresh_pair().await?).await.map(drop) };
        self.refreshes.get_or_try_init(once).await.copied()
    }

    /// Whether a verification is only answered with an access token beside it.
    pub(crate) async fn verify_with_access_token(&self, api: &Api) -> Result<bool, StepError> {
        self.verify_with_access_token.get_or_try_init(|| api.find_out_about_verification()).await.copied()
    }
}
