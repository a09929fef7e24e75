//! Changing the lifetimes of a server. Nothing is changed before the settings journal has the lifetimes, so that they can be
//! restored even after a killed run.

use std::time::Duration;

use super::{endpoint::Api, restore::announced, settings::number};
use crate::{
    Mismatch, OriginalLifetime, StepError,
    lifetimes::{LifetimeKind, Lifetimes},
    message::Answer,
    original_setting::{are_alike, infer, may_announce},
    tokens::Pair,
};

/// Values to try when the server does not take the configured short lifetime, in seconds.
const LARGER: [u64; 5] = [10, 30, 60, 120, 600];
/// Statuses that refuse a call, whatever value it carries.
const CLOSED: [u16; 4] = [403, 404, 405, 501];
/// How much more than the short lifetime is tried next, at first and later.
const MORE: Duration = Duration::from_secs(3);
const SLIGHTLY_MORE: Duration = Duration::from_secs(1);
/// Between the two readings of the lifetimes before the first change.
const BETWEEN_READINGS: Duration = Duration::from_millis(200);

impl Api {
    /// Shortens a lifetime for the run, once; to a larger value where the server does not take the configured one.
    ///
    /// # Errors
    /// Skips where settings may not be changed, or the server takes no value that the run could wait for; fails where it refuses
    /// every change.
    pub(crate) async fn shorten(&self, kind: LifetimeKind) -> Result<Duration, StepError> {
        let short = self.site.lifetimes.short.get(kind);
        short.get_or_try_init(|| async { Ok(self.change_lifetime(kind, None).await?.0) }).await.copied()
    }

    /// Changes a lifetime to a short one that is not the present one, with this pair if one is given, and returns the answer that
    /// confirmed it.
    pub(crate) async fn change_lifetime(
        &self,
        kind: LifetimeKind,
        with: Option<&Pair>,
    ) -> Result<(Duration, Answer), StepError> {
        let present = self.prepare_change(kind).await?;
        self.ensure_not_refused(kind)?;
        let token = match with {
            Some(pair) => pair.access.clone(),
            None => self.unused_pair().await?.access,
        };
        let mut refused = None;
        for to in self.values_to_try(kind, present) {
            let answer = self.change(kind, &number(to), Some(&token)).await?;
            if answer.is_success() {
                self.infer_original(kind, to).await;
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

    /// Makes sure that a good change of a lifetime is not refused like a wrong one, whose refusal would show nothing then.
    ///
    /// # Errors
    /// Skips where the server refuses every change.
    pub(crate) async fn ensure_changeable(&self, kind: LifetimeKind) -> Result<(), StepError> {
        let try_change = || async {
            if !self.site.lifetimes.was_changed(kind) {
                // Another outcome is for the scenarios that change lifetimes.
                let _ = self.shorten(kind).await;
            }
        };
        self.site.behaviour.change_tried.get(kind).get_or_init(try_change).await;
        self.ensure_not_refused(kind)
    }

    /// Makes sure that the server is not known to refuse every change of a lifetime.
    pub(super) fn ensure_not_refused(&self, kind: LifetimeKind) -> Result<(), StepError> {
        let Some(status) = self.site.behaviour.refuses_change.get(kind).get() else { return Ok(()) };
        Err(StepError::skipped(format!(
            "the server does not let the {kind} lifetime be changed: whatever it is set to is refused with {status}"
        )))
    }

    /// Records what a lifetime is before a request that could change it, and returns what it is now: the setting, else what is
    /// announced of it.
    ///
    /// # Errors
    /// Skips where settings may not be changed, or the lifetime is unknown and so could not be restored.
    pub(crate) async fn prepare_change(&self, kind: LifetimeKind) -> Result<Duration, StepError> {
        if self.site.target.short_lifetimes.is_none() {
            return Err(StepError::skipped("lifetimes may not be changed (`allow_settings_change`)"));
        }
        let original = *self.originals().await?.get(kind);
        let changes = &self.site.lifetimes;
        let Some(present) = changes.present(kind).or(original.announced) else {
            return Err(StepError::skipped(format!(
                "the {kind} lifetime is not changed because it could not be restored: the server does not announce it, or not twice \
                 the same; set `{}`",
                key(kind)
            )));
        };
        if changes.journal.is_some() {
            if let Some(short) = self.configured_short(kind).filter(|short| self.looks_like(kind, *short, original)) {
                return Err(StepError::inconclusive(borrowed(kind, short)));
            }
            changes.unchanged.get_or_try_init(|| self.ensure_unchanged()).await?;
        }
        changes.touch(kind);
        Ok(present)
    }

    /// Makes sure that no other run has changed the lifetimes since they were read: what was read may be what it set for its time.
    async fn ensure_unchanged(&self) -> Result<(), StepError> {
        let prior = *self.originals().await?;
        let (pair, settings) = self.read_lifetimes().await?;
        let differs = |kind: &LifetimeKind| {
            let (before, now) = (prior.get(*kind), announced(&pair, *kind));
            let is_other = |(one, other): (Duration, Duration)| one != other;
            before.setting.zip(*settings.get(*kind)).is_some_and(is_other)
                || before.announced.zip(now).is_some_and(|(one, other)| !are_alike(one, other))
        };
        let is_known = |kind: &LifetimeKind| self.site.target.known_lifetimes.get(*kind).is_some();
        match LifetimeKind::ALL.into_iter().find(|kind| !is_known(kind) && differs(kind)) {
            Some(kind) => Err(StepError::inconclusive(format!(
                "no lifetime is changed: the {kind} lifetime of the server has changed since this run began, so another run is going on, \
                 or somebody else changes settings. Wait for that, or set `{}`",
                key(kind)
            ))),
            None => Ok(()),
        }
    }

    /// The lifetimes before the first change, as the server shows them and the configuration has them.
    ///
    /// # Errors
    /// Inconclusive when the server cannot be asked, or the journal cannot be written.
    pub(crate) async fn originals(&self) -> Result<&Lifetimes<OriginalLifetime>, StepError> {
        self.site.lifetimes.prior.get_or_try_init(|| self.read_originals()).await
    }

    /// Asks twice on a server that others may change too: what differs is not known for certain.
    async fn read_originals(&self) -> Result<Lifetimes<OriginalLifetime>, StepError> {
        let journal = self.site.lifetimes.journal.as_ref();
        let (first_pair, first) = self.read_lifetimes().await?;
        let (second_pair, second) = if journal.is_some() {
            self.site.clock.pass(BETWEEN_READINGS).await;
            self.read_lifetimes().await?
        } else {
            (first_pair.clone(), first)
        };
        let prior = Lifetimes::from_fn(|kind| {
            if let Some(setting) = *self.site.target.known_lifetimes.get(kind) {
                return OriginalLifetime { setting: Some(setting), announced: None };
            }
            let agreeing = announced(&first_pair, kind).zip(announced(&second_pair, kind));
            OriginalLifetime {
                setting: first.get(kind).filter(|setting| Some(*setting) == *second.get(kind)),
                announced: agreeing.filter(|(one, other)| are_alike(*one, *other)).map(|(one, _)| one),
            }
        });
        self.record(&prior)?;
        Ok(prior)
    }

    async fn read_lifetimes(&self) -> Result<(Pair, Lifetimes<Option<Duration>>), StepError> {
        let pair = self.fresh_pair().await?;
        let settings = self.settings(&pair.access).await?;
        Ok((pair, settings))
    }

    /// Writes the journal.
    fn record(&self, originals: &Lifetimes<OriginalLifetime>) -> Result<(), StepError> {
        let Some(journal) = &self.site.lifetimes.journal else { return Ok(()) };
        journal.begin(originals).map_err(|reason| {
            StepError::inconclusive(format!(
                "lifetimes are not changed without a journal, and the journal cannot be written: {reason}"
            ))
        })
    }

    /// Finds unit and offset of the announcements by what a change to a known value announces, and by them the original setting,
    /// where nothing else shows it. Where it stays unknown, the end of the run reports that.
    async fn infer_original(&self, kind: LifetimeKind, set: Duration) {
        let changes = &self.site.lifetimes;
        let Some(OriginalLifetime { setting: None, announced: Some(before) }) =
            changes.originals().map(|all| *all.get(kind))
        else {
            return;
        };
        let Ok(pair) = self.fresh_pair().await else { return };
        let Some(setting) = announced(&pair, kind).and_then(|after| infer(before, set, after)) else { return };
        // The first inference counts.
        let _ = changes.inferred.get(kind).set(setting);
        if let Some(originals) = changes.originals() {
            // The journal has what was announced already; without the setting, it is inferred again.
            let _ = self.record(&originals);
        }
    }

    /// Lifetimes that look like those that this run would set for its own time, with what to do. Both lifetimes of a pair must:
    /// one alone is common among servers.
    pub(crate) async fn left_short(&self) -> Option<String> {
        let short = |kind| self.site.lifetimes.chosen().map(|short| *short.get(kind)).or(self.configured_short(kind));
        let originals = self.originals().await.ok()?;
        let looks_short = |kind| short(kind).is_some_and(|short| self.looks_like(kind, short, *originals.get(kind)));
        let kind = LifetimeKind::Access;
        if ![kind, LifetimeKind::Refresh].into_iter().all(looks_short) {
            return None;
        }
        Some(borrowed(kind, short(kind)?))
    }

    /// What the configuration shortens a lifetime to, which hardly any server has of its own accord.
    fn configured_short(&self, kind: LifetimeKind) -> Option<Duration> {
        let target = &self.site.target;
        target.short_lifetimes.filter(|_| !target.may_choose_lifetimes).map(|short| *short.get(kind))
    }

    /// Whether a lifetime before the first change looks like the short one of a run, and the configuration has no other.
    fn looks_like(&self, kind: LifetimeKind, short: Duration, original: OriginalLifetime) -> bool {
        let is_short = match original.setting {
            Some(setting) => setting == short,
            None => original.announced.is_some_and(|announced| may_announce(short, announced)),
        };
        is_short && self.site.target.known_lifetimes.get(kind).is_none()
    }

    /// Remembers that the server lets nobody change a lifetime. The first status counts.
    fn note_refusal(&self, kind: LifetimeKind, status: u16) -> Result<(), StepError> {
        let _ = self.site.behaviour.refuses_change.get(kind).set(status);
        self.ensure_not_refused(kind)
    }

    fn values_to_try(&self, kind: LifetimeKind, present: Duration) -> Vec<Duration> {
        // Where the short lifetime is set already, a little more shows the change, also where an answer rounds it off.
        let more = if self.site.lifetimes.shortened(kind).is_some() { SLIGHTLY_MORE } else { MORE };
        let mut values = self.short_values(kind, more);
        values.retain(|value| *value != present && *value <= self.site.target.max_wait);
        values
    }

    /// Every lifetime that a run may set first for its time, the short one before the others.
    pub(super) fn first_values(&self, kind: LifetimeKind) -> Vec<Duration> {
        self.short_values(kind, MORE)
    }

    /// The short lifetime, this much more, and larger ones, as a run sets them for its time.
    fn short_values(&self, kind: LifetimeKind, more: Duration) -> Vec<Duration> {
        let short = self.site.lifetimes.chosen().or(self.site.target.short_lifetimes).map(|short| *short.get(kind));
        let larger = LARGER.into_iter().map(Duration::from_secs).filter(|value| Some(*value) > short);
        short.into_iter().chain(short.map(|short| short + more)).chain(larger).collect()
    }

    /// The server took no other value. If it refuses the present one too, settings are not for this user to change, or not there, with
    /// whatever status it expresses that; only a failure of the server is wrong.
    async fn refuse_or_skip(
        &self,
        kind: LifetimeKind,
        present: Duration,
        refused: Option<Answer>,
    ) -> Result<StepError, StepError> {
        if let Some(closed) = refused.as_ref().filter(|answer| CLOSED.contains(&answer.status)) {
            self.note_refusal(kind, closed.status)?;
        }
        if self.site.lifetimes.present(kind) != Some(present) {
            // What is announced may be in another unit: sent as a setting, it would stay.
            return Ok(StepError::inconclusive(format!(
                "the server took none of the {kind} lifetimes that were tried{}, and the present one is not sent because it is not known \
                 for certain; set `{}`",
                refused.map(|answer| format!(" ({})", answer.status_text())).unwrap_or_default(),
                key(kind)
            )));
        }
        let pair = self.fresh_pair().await?;
        let same = self.change(kind, &number(present), Some(&pair.access)).await?;
        let Some(refused) = refused.filter(|_| !same.is_success()) else {
            return Ok(StepError::skipped(
                "the server takes none of the lifetimes that could be waited for; set larger `short_lifetimes` and `max_wait`",
            ));
        };
        if same.is_client_error() {
            self.note_refusal(kind, same.status)?;
        }
        let mismatch = Mismatch::new("the change to be accepted", refused.status_text());
        Ok(mismatch.at(refused.exchange).requirement("SETTINGS-1").into())
    }
}

/// What to do about a lifetime that looks like the short one of another run.
fn borrowed(kind: LifetimeKind, short: Duration) -> String {
    format!(
        "the {kind} lifetime of the server is {} s, which is what a run sets for its own time: another run may be going on, or was \
         killed, and the lifetime before it is not known here. Wait for that run, or restore the lifetime where its journal is. If the \
         server had this lifetime before any run, set `{}`",
        short.as_secs_f64(),
        key(kind)
    )
}

/// The key of the configuration for a lifetime that the server does not show.
fn key(kind: LifetimeKind) -> &'static str {
    match kind {
        LifetimeKind::Access => "access_lifetime",
        LifetimeKind::Refresh => "refresh_lifetime",
        LifetimeKind::OneTime => "ott.lifetime",
    }
}
