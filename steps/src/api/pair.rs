//! Pairs of tokens for scenarios in which neither the login nor the refresh is judged.

use super::endpoint::Api;
use crate::{
    Mismatch, StepError,
    lifetimes::LifetimeKind,
    message::{Answer, Call},
    session::is_young,
    tokens::Pair,
};

impl Api {
    /// A pair from a new login of the certifier's user.
    ///
    /// # Errors
    /// Inconclusive when the login gives no pair, or no answer comes.
    pub(crate) async fn fresh_pair(&self) -> Result<Pair, StepError> {
        let user = &self.site.target.user;
        let answer = self.issue(user).await?;
        let pair = self.pair(&answer, &user.login);
        let pair = pair.map_err(|mismatch| mismatch.requirement("ISSUE-1").as_inconclusive())?;
        self.site.oldest.keep(&pair);
        Ok(pair)
    }

    /// A pair of the certifier's user that no request has used: one that another scenario left, else from a new login.
    ///
    /// # Errors
    /// As [`fresh_pair`](Self::fresh_pair).
    pub(crate) async fn unused_pair(&self) -> Result<Pair, StepError> {
        match self.spare_pair(&self.site.target.user.login) {
            Some(pair) => Ok(pair),
            None => self.fresh_pair().await,
        }
    }

    /// A pair of this user that another scenario left.
    pub(crate) fn spare_pair(&self, login: &str) -> Option<Pair> {
        let pair = self.site.spares.take(login, self.site.clock.now())?;
        let progress = self.client.journal.progress();
        progress.born(&pair.access, LifetimeKind::Access, pair.issued.earliest, false);
        progress.born(&pair.refresh, LifetimeKind::Refresh, pair.issued.earliest, false);
        Some(pair)
    }

    /// Whether no request of this scenario has used a pair of a login, and it is young.
    pub(crate) fn is_unused(&self, pair: &Pair) -> bool {
        let progress = self.client.journal.progress();
        let was_sent = progress.was_sent(&pair.access) || progress.was_sent(&pair.refresh);
        pair.origin.call == Call::Issue && !was_sent && is_young(pair, self.site.clock.now())
    }

    /// Leaves a pair to others that no request has used. Only a deployment has others, and only where another login does not end it.
    pub(crate) fn leave_pair(&self, pair: Pair) {
        let many_sessions = self.site.behaviour.many_sessions.get() == Some(&true);
        if many_sessions && !self.site.target.thorough {
            self.site.spares.keep(pair);
        }
    }

    /// The next pair after this one.
    ///
    /// # Errors
    /// Inconclusive when the refresh gives no pair, or no answer comes.
    pub(crate) async fn refreshed(&self, pair: &Pair) -> Result<Pair, StepError> {
        let answer = self.present(&pair.refresh).await?;
        let refreshed = self.pair(&answer, &pair.login).map(|refreshed| refreshed.after(pair));
        refreshed.map_err(|mismatch| mismatch.requirement("REFRESH-1").as_inconclusive())
    }

    /// Reads the pair of a token answer.
    pub(crate) fn pair(&self, answer: &Answer, login: &str) -> Result<Pair, Mismatch> {
        Pair::read(answer, login, &self.site.target.dialect)
    }

    /// The pair of the shared session, in the first half of its life. On a server that keeps one session of a user each call
    /// logs in anew, because another login has ended the shared session.
    ///
    /// # Errors
    /// As [`fresh_pair`](Self::fresh_pair).
    pub(crate) async fn shared_pair(&self) -> Result<Pair, StepError> {
        if self.site.behaviour.keeps_one_session() {
            return self.fresh_pair().await;
        }
        let progress = self.client.journal.progress();
        progress.begin_shared_session();
        let pair = self.young_pair().await;
        progress.end_shared_session();
        pair
    }

    async fn young_pair(&self) -> Result<Pair, StepError> {
        let mut shared = self.site.session.0.lock().await;
        if let Some(pair) = shared.as_ref().filter(|pair| is_young(pair, self.site.clock.now())) {
            return Ok(pair.clone());
        }
        let pair = self.fresh_pair().await?;
        *shared = Some(pair.clone());
        Ok(pair)
    }
}
