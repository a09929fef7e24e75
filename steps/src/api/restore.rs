//! Restoring lifetimes. An attempt logs in, sends the change, and verifies it by another login. Attempts are repeated with growing
//! pauses for some minutes, because whatever hinders one, as a gateway or a restart, passes.

use std::{ops::ControlFlow, time::Duration};

use serde_json::json;

use super::endpoint::Api;
use crate::{
    NotRestored, Sensitive, StepError,
    client::Trouble,
    lifetimes::{LifetimeKind, Lifetimes},
    message::Answer,
};

/// The first pause between two attempts; each is twice the one before.
const FIRST_PAUSE: Duration = Duration::from_millis(500);
/// The longest pause between two attempts.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);
/// No attempt begins later than this after the first.
const PATIENCE: Duration = Duration::from_secs(240);
/// Attempts that may end with a refusal of the server, which a pause seldom changes.
const MOST_REFUSALS: u32 = 4;

/// Why an attempt did not restore a lifetime.
struct FailedAttempt {
    reason: Sensitive,
    /// Whether the server understood the request and refused it.
    is_refusal: bool,
}

impl Api {
    /// Restores every lifetime that the run may have changed, and ends the journal if all are restored. Returns the others.
    pub(crate) async fn restore_lifetimes(&self) -> Vec<NotRestored> {
        let changes = &self.site.lifetimes;
        let Some(prior) = changes.prior.get() else { return Vec::new() };
        let left = self.restore_all(changes.take_touched(), prior).await;
        if let Some(journal) = changes.journal.as_ref().filter(|_| left.is_empty()) {
            journal.end();
        }
        left
    }

    /// Restores these lifetimes, one after the other within the same time. Returns those that are not known to be restored.
    pub(crate) async fn restore_all(
        &self,
        kinds: impl IntoIterator<Item = LifetimeKind>,
        prior: &Lifetimes<Option<Duration>>,
    ) -> Vec<NotRestored> {
        let (began, mut left) = (self.site.clock.now(), Vec::new());
        for kind in kinds {
            left.extend(self.restore(kind, prior, began).await.err());
        }
        left
    }

    /// Restores one lifetime.
    async fn restore(
        &self,
        kind: LifetimeKind,
        prior: &Lifetimes<Option<Duration>>,
        began: Duration,
    ) -> Result<(), NotRestored> {
        let Some(before) = *prior.get(kind) else { return Ok(()) };
        let (mut pause, mut refusals) = (FIRST_PAUSE, 0);
        loop {
            // The run may have given the server up meanwhile.
            self.site.shared.counters.resume();
            let Err(failed) = self.attempt_restore(kind, before).await else { return Ok(()) };
            refusals += u32::from(failed.is_refusal);
            let elapsed = self.site.clock.now().saturating_sub(began);
            if refusals >= MOST_REFUSALS || elapsed + pause > PATIENCE {
                let reason = self.site.redactor.mask(failed.reason.expose());
                return Err(NotRestored { kind, before: Some(before), reason });
            }
            self.site.clock.pass(pause).await;
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }

    async fn attempt_restore(&self, kind: LifetimeKind, before: Duration) -> Result<(), FailedAttempt> {
        let pair = self.fresh_pair().await?;
        let answer = self.change(kind, &json!(before.as_secs()), Some(&pair.access)).await?;
        if !answer.is_success() {
            return Err(FailedAttempt::from_answer(&answer));
        }
        match self.verify_restored(kind, before).await? {
            ControlFlow::Continue(()) => Ok(()),
            ControlFlow::Break(reason) => Err(FailedAttempt { reason: reason.into(), is_refusal: false }),
        }
    }

    /// Whether a new login, else the settings, confirm the lifetime. Where neither shows it, the accepted change counts.
    async fn verify_restored(
        &self,
        kind: LifetimeKind,
        before: Duration,
    ) -> Result<ControlFlow<String>, FailedAttempt> {
        let now = self.fresh_pair().await?;
        let announced = match kind {
            LifetimeKind::Access => now.access_lifetime,
            LifetimeKind::Refresh => now.refresh_lifetime,
            LifetimeKind::OneTime => *self.settings(&now.access).await?.get(kind),
        };
        Ok(match announced {
            Some(now) if now != before => {
                ControlFlow::Break(format!("the server still announces {} s", now.as_secs_f64()))
            }
            _ => ControlFlow::Continue(()),
        })
    }
}

impl FailedAttempt {
    fn from_answer(answer: &Answer) -> Self {
        let is_refusal = answer.is_client_error() && !matches!(answer.status, 401 | 408 | 425 | 429);
        Self { reason: answer.status_text().into(), is_refusal }
    }
}

impl From<StepError> for FailedAttempt {
    fn from(error: StepError) -> Self {
        Self { reason: error.reason(), is_refusal: false }
    }
}

impl From<Trouble> for FailedAttempt {
    fn from(trouble: Trouble) -> Self {
        Self { reason: trouble.to_string().into(), is_refusal: false }
    }
}
