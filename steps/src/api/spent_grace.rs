//! Measures how long a server still answers a refresh token that was spent, where it answers one at all.

use std::time::Duration;

use super::endpoint::Api;
use crate::{StepError, server_behaviour::SpentGrace};

/// Ages of the spent token at which it is presented again, in seconds: twice at once, as a server may answer it once more only. A grace
/// beyond the last is no grace.
const AGES: [u64; 13] = [0, 0, 1, 2, 3, 5, 8, 10, 15, 20, 30, 45, 60];
/// How long before its end the token is not presented any more: a refusal would show its lifetime.
const BEFORE_END: Duration = Duration::from_secs(2);

impl Api {
    /// How long a spent refresh token is still answered with a pair. Takes as long as that, at most a minute and never longer than
    /// `max_wait`; once for a site.
    ///
    /// # Errors
    /// Inconclusive when there is no pair to spend, or no answer comes.
    pub(crate) async fn spent_grace(&self) -> Result<SpentGrace, StepError> {
        self.site.behaviour.spent_grace.get_or_try_init(|| self.measure_spent_grace()).await.copied()
    }

    async fn measure_spent_grace(&self) -> Result<SpentGrace, StepError> {
        let (clock, target) = (&self.site.clock, &self.site.target);
        let pair = self.fresh_pair().await?;
        let spent = self.refreshed(&pair).await?.issued;
        let lifetime = pair.refresh_lifetime.or(target.known_lifetimes.refresh);
        let end = lifetime.map(|lifetime| (pair.issued.earliest + lifetime).saturating_sub(BEFORE_END));
        let mut grace = SpentGrace::default();
        for age in AGES.map(Duration::from_secs).into_iter().filter(|age| *age <= target.max_wait) {
            let at = spent.latest + age;
            if end.is_some_and(|end| at >= end) {
                break;
            }
            clock.pass(at.saturating_sub(clock.now())).await;
            let answer = self.present(&pair.refresh).await?;
            if self.pair(&answer, &pair.login).is_err() {
                grace.refused = Some(answer.received.saturating_sub(spent.earliest));
                break;
            }
            grace.accepted = Some(answer.sent.saturating_sub(spent.latest));
        }
        Ok(grace)
    }
}
