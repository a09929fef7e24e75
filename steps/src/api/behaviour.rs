//! Probes of server behaviour. Each asks the server once for a site, with tokens of its own.

use super::endpoint::Api;
use crate::{Mismatch, StepError, server_behaviour::RefreshBehaviour};

impl Api {
    /// Whether an earlier pair of a user is still accepted after another login.
    pub(crate) async fn many_sessions(&self) -> Result<bool, StepError> {
        let probe = || async {
            let earlier = self.fresh_pair().await?;
            self.fresh_pair().await?;
            Ok(self.use_token(&earlier.access).await?.is_success())
        };
        self.site.behaviour.many_sessions.get_or_try_init(probe).await.copied()
    }

    /// What a refresh does to the tokens that were there before.
    pub(crate) async fn refresh_behaviour(&self) -> Result<RefreshBehaviour, StepError> {
        self.site.behaviour.refresh.get_or_try_init(|| self.probe_refresh()).await.copied()
    }

    async fn probe_refresh(&self) -> Result<RefreshBehaviour, StepError> {
        let first = self.fresh_pair().await?;
        let second = self.refreshed(&first).await?;
        let keeps_access = self.use_token(&first.access).await?.is_success();
        let used = self.use_token(&second.access).await?;
        if !used.is_success() {
            let refused = Mismatch::new("the new access token to be accepted", used.status_text());
            return Err(refused.requirement("REFRESH-2").as_inconclusive());
        }
        self.present(&first.refresh).await?;
        let reuse_revokes = !self.use_token(&second.access).await?.is_success();
        let chainable = reuse_revokes || self.refreshed(&second).await.is_ok();
        Ok(RefreshBehaviour { keeps_access, chainable, reuse_revokes })
    }

    /// Makes sure that a fresh refresh token gives a pair.
    ///
    /// # Errors
    /// Inconclusive when it does not: then the refusal of an older one proves nothing.
    pub(crate) async fn ensure_refresh_works(&self) -> Result<(), StepError> {
        let probe = || async { self.refreshed(&self.fresh_pair().await?).await.map(drop) };
        self.site.behaviour.refreshes.get_or_try_init(probe).await.copied()
    }

    /// Whether a verification needs an access token beside the one-time token.
    pub(crate) async fn verify_needs_access_token(&self) -> Result<bool, StepError> {
        self.site.behaviour.verify_needs_access_token.get_or_try_init(|| self.probe_verification()).await.copied()
    }
}
