//! Changing the lifetimes of a server. Nothing is changed before the settings journal has the lifetimes, so that they can be
//! restored even after a killed run.

use std::time::Duration;

use serde_json::json;

use super::endpoint::Api;
use crate::{
    Mismatch, StepError,
    lifetimes::{LifetimeKind, Lifetimes},
    message::Answer,
};

/// Values to try when the server does not take the configured short lifetime, in seconds.
const LARGER: [u64; 5] = [10, 30, 60, 120, 600];

impl Api {
    /// Shortens a lifetime for the run, once; to a larger value where the server does not take the configured one.
    ///
    /// # Errors
    /// Skips where settings may not be changed, or the server takes no value that the run could wait for; fails where it refuses
    /// every change.
    pub(crate) async fn shorten(&self, kind: LifetimeKind) -> Result<Duration, StepError> {
        let short = self.site.lifetimes.short.get(kind);
        short.get_or_try_init(|| async { Ok(self.change_lifetime(kind).await?.0) }).await.copied()
    }

    /// Changes a lifetime to a short one that is not the present one, and returns the answer that confirmed it.
    pub(crate) async fn change_lifetime(&self, kind: LifetimeKind) -> Result<(Duration, Answer), StepError> {
        let present = self.prepare_change(kind).await?;
        let token = self.fresh_pair().await?.access;
        let mut refused = None;
        for to in self.values_to_try(kind, present) {
            let answer = self.change(kind, &json!(to.as_secs()), Some(&token)).await?;
            if answer.is_success() {
                return Ok((to, answer));
            }
            let may_take_another = answer.is_client_error();
            refused = Some(answer);
            if !may_take_another {
                break;
            }
        }
        Err(self.refuse_or_skip(kind, present, refused).await?)
    }

    /// Records what a lifetime is before a request that could change it, and returns what it is now.
    ///
    /// # Errors
    /// Skips where settings may not be changed, or the lifetime is unknown and so could not be restored.
    pub(crate) async fn prepare_change(&self, kind: LifetimeKind) -> Result<Duration, StepError> {
        if self.site.target.short_lifetimes.is_none() {
            return Err(StepError::skipped("lifetimes may not be changed (`allow_settings_change`)"));
        }
        let changes = &self.site.lifetimes;
        let prior = changes.prior.get_or_try_init(|| self.read_prior()).await?;
        let Some(before) = *prior.get(kind) else {
            return Err(StepError::skipped(format!(
                "the {kind} lifetime is not changed because it could not be restored: the server does not announce it{}",
                if kind == LifetimeKind::OneTime { "; set `ott.lifetime`" } else { "" }
            )));
        };
        changes.touch(kind);
        Ok(changes.shortened(kind).unwrap_or(before))
    }

    /// The lifetimes by the settings, else by a login, else by the configuration.
    async fn read_prior(&self) -> Result<Lifetimes<Option<Duration>>, StepError> {
        let pair = self.fresh_pair().await?;
        let announced = self.settings(&pair.access).await?;
        let configured = self.site.target.one_time.as_ref().and_then(|users| users.lifetime);
        let prior = Lifetimes {
            access: announced.access.or(pair.access_lifetime),
            refresh: announced.refresh.or(pair.refresh_lifetime),
            one_time: announced.one_time.or(configured),
        };
        if let Some(journal) = &self.site.lifetimes.journal {
            journal.begin(&prior).map_err(|reason| {
                StepError::inconclusive(format!(
                    "lifetimes are not changed without a journal, and the journal cannot be written: {reason}"
                ))
            })?;
        }
        Ok(prior)
    }

    fn values_to_try(&self, kind: LifetimeKind, present: Duration) -> Vec<Duration> {
        let target = &self.site.target;
        let short = self.site.lifetimes.chosen().or(target.short_lifetimes).map(|short| *short.get(kind));
        let larger = LARGER.into_iter().map(Duration::from_secs).filter(|value| Some(*value) > short);
        // Where the short lifetime is set already, one second more is the smallest change that an answer can show.
        let next = short.map(|short| short + Duration::from_secs(1));
        let mut values: Vec<Duration> = short.into_iter().chain(next).chain(larger).collect();
        values.retain(|value| *value != present && *value <= target.max_wait);
        values
    }

    /// The server took no other value. If it does not take the present one either, it refuses every change, which is wrong.
    async fn refuse_or_skip(
        &self,
        kind: LifetimeKind,
        present: Duration,
        refused: Option<Answer>,
    ) -> Result<StepError, StepError> {
        let pair = self.fresh_pair().await?;
        let same = self.change(kind, &json!(present.as_secs()), Some(&pair.access)).await?;
        let Some(refused) = refused.filter(|_| !same.is_success()) else {
            return Ok(StepError::skipped(
                "the server takes none of the lifetimes that could be waited for; set larger `short_lifetimes` and `max_wait`",
            ));
        };
        let mismatch = Mismatch::new("the change to be accepted", refused.status_text());
        Ok(mismatch.at(refused.exchange).requirement("SETTINGS-1").into())
    }
}
