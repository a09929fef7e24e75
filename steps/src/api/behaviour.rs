//! Probes of server behaviour. Each asks the server once for a site, with tokens of its own.

use super::{endpoint::Api, verify::verify_request};
use crate::{
    Mismatch, StepError, answer_summary, fake,
    message::{Answer, Call, Request},
    server_behaviour::{RefreshBehaviour, Superseded},
};

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

    /// What a second use of a refresh token ends of the pair that the first use gave. The second follows at once: a server may
    /// accept it for as short a time as a race takes.
    pub(crate) async fn superseded_by_reuse(&self) -> Result<Superseded, StepError> {
        self.site.behaviour.superseded.get_or_try_init(|| self.probe_reuse()).await.copied()
    }

    async fn probe_reuse(&self) -> Result<Superseded, StepError> {
        let pair = self.fresh_pair().await?;
        let (first, second) = (self.present(&pair.refresh).await?, self.present(&pair.refresh).await?);
        let (Ok(first), Ok(second)) = (self.pair(&first, &pair.login), self.pair(&second, &pair.login)) else {
            return Ok(Superseded::default());
        };
        let access = !self.use_token(&first.access).await?.is_success();
        if access && !self.use_token(&second.access).await?.is_success() {
            return Ok(Superseded::default());
        }
        let refresh = self.pair(&self.present(&first.refresh).await?, &pair.login).is_err();
        Ok(Superseded { access, refresh })
    }

    /// Makes sure that there is an endpoint that verifies one-time tokens. A source of tokens shows that there is, unless it gives one that
    /// is refused.
    ///
    /// # Errors
    /// Skips the scenario where there is none.
    pub(crate) async fn ensure_verify_exists(&self) -> Result<(), StepError> {
        if self.site.one_time.is_some() { Ok(()) } else { self.ensure_verify_is_no_unknown_path().await }
    }

    /// Makes sure that the endpoint is not answered like a path that does not exist.
    ///
    /// # Errors
    /// As [`ensure_verify_exists`](Self::ensure_verify_exists).
    pub(crate) async fn ensure_verify_is_no_unknown_path(&self) -> Result<(), StepError> {
        let missing = &self.site.behaviour.verify_is_missing;
        if !*missing.get_or_try_init(|| self.probe_verify_endpoint()).await? {
            return Ok(());
        }
        Err(StepError::skipped(
            "the server has no endpoint that verifies one-time tokens: its path is answered like one that does not exist",
        ))
    }

    /// Whether the endpoint is answered with 404 as an unknown path is, with an access token too, and any method.
    async fn probe_verify_endpoint(&self) -> Result<bool, StepError> {
        let token = self.made_up(fake::text(43));
        if !matches!(self.verify_bare(&token).await?.status, 401 | 403 | 404) {
            return Ok(false);
        }
        let pair = self.shared_pair().await?;
        for method in ["POST", "GET"] {
            let known = Request { method, ..verify_request(&token).bearer(&pair.access) };
            let unknown = Request { path: fake::unknown_path(), ..known.clone() };
            let known = self.client.send(Call::Verify, known).await?;
            if known.status != 404 || !self.looks_alike(&known, &self.client.send(Call::Other, unknown).await?) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn looks_alike(&self, one: &Answer, other: &Answer) -> bool {
        let code = |answer: &Answer| answer_summary::error_code(answer.json.as_ref()?, &self.site.target.dialect);
        one.status == other.status && one.media_type() == other.media_type() && code(one) == code(other)
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
