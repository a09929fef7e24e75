//! Restoring lifetimes. An attempt logs in, sends the change, and verifies it by another login. Attempts are repeated with growing
//! pauses for some minutes, because a hindrance, as a gateway or a restart, passes. A value that is not known for certain
//! is never sent.

use std::time::Duration;

use super::{endpoint::Api, settings::number};
use crate::{
    NotRestored, OriginalLifetime, Sensitive, StepError,
    client::Trouble,
    lifetimes::{LifetimeKind, Lifetimes},
    message::Answer,
    original_setting::{are_alike, infer, may_announce},
    tokens::Pair,
};

/// The first pause between two attempts; each is twice the one before.
const FIRST_PAUSE: Duration = Duration::from_millis(500);
/// The longest pause between two attempts.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);
/// No attempt begins later than this after the first.
const PATIENCE: Duration = Duration::from_secs(240);
/// The same where the run has given the server up.
const LAST_PATIENCE: Duration = Duration::from_secs(20);
/// Attempts that may end with a refusal of the server, which a pause seldom changes.
const MOST_REFUSALS: u32 = 4;

/// Why an attempt did not restore a lifetime.
struct FailedAttempt {
    reason: Sensitive,
    /// Whether a pause will not help: the server understood the request and refused it.
    is_refusal: bool,
}

impl Api {
    /// Restores every lifetime that the run may have changed, and ends the journal if all are restored. Returns the others.
    pub(crate) async fn restore_lifetimes(&self) -> Vec<NotRestored> {
        let changes = &self.site.lifetimes;
        let Some(originals) = changes.originals() else { return Vec::new() };
        let (began, mut left) = (self.site.clock.now(), Vec::new());
        for kind in changes.touched_kinds() {
            match self.restore(kind, *originals.get(kind), began).await {
                // Only now: a signal may end this attempt, and the next one must know what is left to do.
                Ok(()) => changes.forget_touched(kind),
                Err(not_restored) => left.push(not_restored),
            }
        }
        if let Some(journal) = changes.journal.as_ref().filter(|_| left.is_empty()) {
            journal.end();
        }
        left
    }

    /// Restores these lifetimes, one after the other within the same time. Returns those that are not known to be restored.
    pub(crate) async fn restore_all(
        &self,
        kinds: impl IntoIterator<Item = LifetimeKind>,
        originals: &Lifetimes<OriginalLifetime>,
    ) -> Vec<NotRestored> {
        let (began, mut left) = (self.site.clock.now(), Vec::new());
        for kind in kinds {
            left.extend(self.restore(kind, *originals.get(kind), began).await.err());
        }
        left
    }

    /// Restores one lifetime.
    async fn restore(
        &self,
        kind: LifetimeKind,
        original: OriginalLifetime,
        began: Duration,
    ) -> Result<(), NotRestored> {
        if original == OriginalLifetime::default() {
            // A lifetime of which nothing was known was not changed.
            return Ok(());
        }
        let (mut pause, mut refusals) = (FIRST_PAUSE, 0);
        loop {
            // The run may have given the server up meanwhile.
            self.site.shared.counters.resume();
            let Err(failed) = self.attempt_restore_everywhere(kind, original).await else { return Ok(()) };
            refusals += u32::from(failed.is_refusal);
            let elapsed = self.site.clock.now().saturating_sub(began);
            let patience = if self.site.pacer.has_given_up() { LAST_PATIENCE } else { PATIENCE };
            if refusals >= MOST_REFUSALS || elapsed + pause > patience {
                let reason = self.site.redactor.mask(failed.reason.expose());
                return Err(NotRestored { kind, before: original.setting, reason });
            }
            self.site.clock.pass(pause).await;
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }

    /// Through the base URL, and on every node that takes part: a change may have stayed on one of them.
    async fn attempt_restore_everywhere(
        &self,
        kind: LifetimeKind,
        original: OriginalLifetime,
    ) -> Result<(), FailedAttempt> {
        self.attempt_restore(kind, original).await?;
        let absent = self.site.cluster.absent.get().map(Vec::as_slice).unwrap_or_default();
        for (node, _) in absent.iter().enumerate().filter(|(_, absent)| absent.is_none()) {
            // A node that is away by now shares what the others have when it comes back.
            self.on_node(node)
                .attempt_restore(kind, original)
                .await
                .or_else(|failed| if failed.is_refusal { Err(failed) } else { Ok(()) })?;
        }
        Ok(())
    }

    async fn attempt_restore(&self, kind: LifetimeKind, original: OriginalLifetime) -> Result<(), FailedAttempt> {
        let pair = self.fresh_pair().await?;
        let Some(setting) = original.setting.or_else(|| self.infer_from(kind, original, &pair)) else {
            return self.compare_announced(kind, original, &pair);
        };
        // Where nobody can change it, there is nothing to send, and a look is enough.
        let is_closed = self.ensure_not_refused(kind).is_err() && !self.site.lifetimes.was_changed(kind);
        if is_closed && self.verify_restored(kind, setting, original.announced).await.is_ok() {
            return Ok(());
        }
        let answer = self.change(kind, &number(setting), Some(&pair.access)).await?;
        if !answer.is_success() {
            return Err(FailedAttempt::from_answer(&answer));
        }
        self.verify_restored(kind, setting, original.announced).await
    }

    /// The setting before an interrupted run, from what the lifetime that it set for its time announces. It may have been refused the
    /// short one, and have set another.
    fn infer_from(&self, kind: LifetimeKind, original: OriginalLifetime, now: &Pair) -> Option<Duration> {
        self.site.lifetimes.chosen().or(self.site.target.short_lifetimes)?;
        let (before, now) = (original.announced?, announced(now, kind)?);
        let values = self.first_values(kind);
        let (short, others) = values.split_first()?;
        infer(before, *short, now).or_else(|| {
            let mut settings = others.iter().filter_map(|set| infer(before, *set, now));
            let first = settings.next()?;
            // Ten of a unit may be seconds or minutes.
            settings.all(|setting| setting == first).then_some(first)
        })
    }

    /// Without a setting to send, a lifetime is only known to be restored where no change was accepted, and none is announced.
    fn compare_announced(
        &self,
        kind: LifetimeKind,
        original: OriginalLifetime,
        now: &Pair,
    ) -> Result<(), FailedAttempt> {
        let (before, now) = (original.announced, announced(now, kind));
        let is_as_before = matches!((before, now), (Some(before), Some(now)) if are_alike(before, now));
        if is_as_before && !self.site.lifetimes.was_changed(kind) {
            return Ok(());
        }
        let text = |announced: Option<Duration>| announced.map_or("nothing".into(), |it| it.as_secs_f64().to_string());
        let reason = format!(
            "a login announced {} before, and announces {} now; the setting that this was is not known, so none is sent: set it by \
             hand, or configure it (`access_lifetime`, `refresh_lifetime`)",
            text(before),
            text(now)
        );
        Err(FailedAttempt { reason: reason.into(), is_refusal: true })
    }

    /// Whether the settings and a new login confirm the lifetime. Where neither shows it, the accepted change counts.
    async fn verify_restored(
        &self,
        kind: LifetimeKind,
        setting: Duration,
        before: Option<Duration>,
    ) -> Result<(), FailedAttempt> {
        let pair = self.fresh_pair().await?;
        if let Some(read) = self.settings(&pair.access).await?.get(kind).filter(|read| *read != setting) {
            return Err(FailedAttempt::still("its settings have", read));
        }
        match (before, announced(&pair, kind)) {
            (Some(before), Some(now)) if !are_alike(before, now) => Err(FailedAttempt::still("it announces", now)),
            (None, Some(now)) if !may_announce(setting, now) => Err(FailedAttempt::still("it announces", now)),
            _ => Ok(()),
        }
    }
}

/// What a login announces of a lifetime.
pub(super) fn announced(pair: &Pair, kind: LifetimeKind) -> Option<Duration> {
    match kind {
        LifetimeKind::Access => pair.access_lifetime,
        LifetimeKind::Refresh => pair.refresh_lifetime,
        LifetimeKind::OneTime => None,
    }
}

impl FailedAttempt {
    fn from_answer(answer: &Answer) -> Self {
        let is_refusal = answer.is_client_error() && !matches!(answer.status, 401 | 408 | 425 | 429);
        Self { reason: answer.status_text().into(), is_refusal }
    }

    fn still(what: &str, value: Duration) -> Self {
        let reason = format!("the server accepted the change, but {what} {}", value.as_secs_f64());
        Self { reason: reason.into(), is_refusal: false }
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
