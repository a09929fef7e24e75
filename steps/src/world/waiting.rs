//! Waiting for a lifetime to be nearly over or to have passed, never longer than the certifier allows.

use std::time::Duration;

use super::World;
use crate::{
    Mismatch, StepError,
    client::Trouble,
    interference::GrantKind,
    lifetimes::LifetimeKind,
    message::Answer,
    pace::{Pause, Until, WHOLE_SECOND, late},
    sentences::Moment,
    tokens::{Issued, Pair},
};

/// When a token's life began, and how long it is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Life {
    pub(crate) kind: LifetimeKind,
    pub(crate) issued: Issued,
    pub(crate) lifetime: Duration,
}

impl World {
    /// Waits for that moment in the life of a token. A life begins somewhere between the sending of the request and the
    /// arrival of the answer: before its end it is reckoned from the earliest moment, after its end from the latest.
    pub(crate) async fn wait_for(&self, moment: Moment, life: Life) -> Result<(), StepError> {
        let Life { issued, lifetime, .. } = life;
        let margin = self.site().target.margin;
        if moment == Moment::HalfOver {
            return self.wait_for_part(0.5, life).await;
        }
        if lifetime <= margin * 2 {
            return Err(StepError::skipped(format!(
                "a lifetime of {} s leaves no room for the margin of {} s on both sides of its end",
                lifetime.as_secs_f64(),
                margin.as_secs_f64()
            )));
        }
        match moment {
            Moment::NearlyOver | Moment::HalfOver => {
                let at = issued.earliest + lifetime - margin;
                self.wait_until(at, life, Until::NearlyOver).await
            }
            Moment::Passed => {
                self.journal.progress().let_pass(issued.earliest + lifetime);
                self.wait_until(issued.latest + lifetime + margin, life, Until::Passed).await
            }
        }
    }

    /// Waits until a part of a lifetime has passed.
    pub(crate) async fn wait_for_part(&self, part: f64, life: Life) -> Result<(), StepError> {
        self.wait_until(life.issued.earliest + life.lifetime.mul_f64(part), life, Until::Part(part)).await
    }

    async fn wait_until(&self, moment: Duration, life: Life, until: Until) -> Result<(), StepError> {
        let (site, lifetime) = (self.site(), life.lifetime);
        if lifetime > site.target.max_wait {
            return Err(StepError::skipped(format!(
                "a lifetime of {} s is longer than `max_wait` ({} s)",
                lifetime.as_secs_f64(),
                site.target.max_wait.as_secs_f64()
            )));
        }
        let waiting = site.shared.counters.wait();
        self.journal.progress().pause(Pause::Lifetime);
        tokio::select! {
            () = self.pass_until(moment, life, until) => {}
            () = site.shared.counters.aborted() => return Err(Trouble::GivenUp.into()),
        }
        drop(waiting);
        self.journal.progress().waited(life.issued.earliest, life.kind, until, lifetime);
        Ok(())
    }

    /// Waits until a refresh token that was spent at this moment is past the grace that the target declares. `end` is when its
    /// lifetime ends.
    ///
    /// # Errors
    /// Skips where the grace cannot be waited for.
    pub(crate) async fn wait_for_grace(&self, spent: Duration, end: Option<Duration>) -> Result<(), StepError> {
        let site = self.site();
        let (grace, max_wait) = (site.target.refresh_grace, site.target.max_wait);
        if grace.is_zero() {
            return Ok(());
        }
        let seconds = grace.as_secs_f64();
        if grace > max_wait {
            let reason = format!(
                "the declared `refresh_grace` of {seconds} s is longer than `max_wait` ({} s)",
                max_wait.as_secs_f64()
            );
            return Err(StepError::skipped(reason));
        }
        let over = spent + grace + site.target.margin;
        if end.is_some_and(|end| over + WHOLE_SECOND >= end) {
            let reason = format!("the refresh token ends before the declared `refresh_grace` of {seconds} s is over");
            return Err(StepError::skipped(reason));
        }
        let note = format!("a spent refresh token is tried after the declared `refresh_grace` of {seconds} s");
        self.journal.note(site.redactor.mask(&note));
        self.wait_out(over).await
    }

    /// Waits until this moment on the target's clock, unless the run gives the server up.
    pub(crate) async fn wait_out(&self, moment: Duration) -> Result<(), StepError> {
        let site = self.site();
        let waiting = site.shared.counters.wait();
        tokio::select! {
            () = site.clock.pass(moment.saturating_sub(site.clock.now())) => {}
            () = site.shared.counters.aborted() => return Err(Trouble::GivenUp.into()),
        }
        drop(waiting);
        Ok(())
    }

    /// What follows shortly before an end must not wait for its turn then, so its permit is asked for beforehand.
    async fn pass_until(&self, moment: Duration, life: Life, until: Until) {
        let site = self.site();
        let left = moment.saturating_sub(site.clock.now());
        if until != Until::NearlyOver {
            return site.clock.pass(left).await;
        }
        let at = site.pacer.now() + left;
        let last =
            site.pacer.now() + (life.issued.earliest + life.lifetime).saturating_sub(site.clock.now() + WHOLE_SECOND);
        let appointment = site.pacer.appointment(self.journal.id(), at, last.max(at));
        futures::join!(site.clock.pass(left), appointment);
    }
}

/// Makes sure that a token was used in time, when it was refused.
///
/// # Errors
/// When it was not: a slow source, pacing or network made it old, which is no fault of the server.
pub(crate) fn used_in_time(at: Duration, issued: Issued, lifetime: Option<Duration>) -> Result<(), StepError> {
    match lifetime {
        Some(lifetime) if at > issued.earliest + lifetime.saturating_sub(WHOLE_SECOND) => {
            Err(StepError::inconclusive(late(at, issued.earliest + lifetime)))
        }
        _ => Ok(()),
    }
}

impl World {
    /// Checks that every answer of the last action accepts what it was asked with.
    ///
    /// # Errors
    /// As `check`, unless the token was used too late for that to mean anything.
    pub(crate) fn each_accepts(&self, check: impl Fn(&Answer) -> Result<(), Mismatch>) -> Result<(), StepError> {
        self.judged()?.iter().try_for_each(|answer| check(answer).or_else(|mismatch| self.blame(answer, mismatch)))
    }

    /// Marks a mismatch whose answer refused a token of this scenario as perhaps the doing of others who came meanwhile.
    pub(crate) fn mark_interference(&self, answer: &Answer, mut mismatch: Mismatch) -> Mismatch {
        mismatch.may_be_interference |= matches!(answer.status, 401 | 403) && self.others_may_have_ended(answer);
        mismatch
    }

    /// Whether others logged in since a pair was issued whose token this answer was asked with.
    fn others_may_have_ended(&self, answer: &Answer) -> bool {
        let asked = |pair: &&Pair| answer.asked.contains(&pair.access) || answer.asked.contains(&pair.refresh);
        self.pairs.iter().filter(asked).any(|pair| self.others_since(GrantKind::Session, &pair.login, pair.issued))
    }

    /// A refusal as a mismatch, unless the token in the request was too old. Where others came meanwhile it is marked as
    /// perhaps their doing.
    pub(crate) fn blame(&self, answer: &Answer, mut mismatch: Mismatch) -> Result<(), StepError> {
        for pair in &self.pairs {
            for (token, lifetime) in
                [(&pair.access, pair.access_lifetime), (&pair.refresh, self.refresh_lifetime(pair))]
            {
                if answer.asked.contains(token) {
                    used_in_time(answer.received, pair.issued, lifetime)?;
                }
            }
        }
        mismatch.may_be_interference |= self.others_may_have_ended(answer);
        for token in self.one_time.iter().filter(|token| answer.asked.contains(&token.token)) {
            used_in_time(answer.received, token.issued, token.lifetime)?;
            mismatch.may_be_interference |= self.others_since(GrantKind::OneTime, &token.login, token.issued);
        }
        Err(mismatch.into())
    }
}

impl World {
    /// Whether others came since one of this scenario's tokens was issued, so that its refusal may be their doing.
    #[must_use]
    pub fn may_have_interference(&self) -> bool {
        self.pairs.iter().any(|pair| self.others_since(GrantKind::Session, &pair.login, pair.issued))
            || self.one_time.iter().any(|token| self.others_since(GrantKind::OneTime, &token.login, token.issued))
    }

    /// Whether others logged in as the certifier's user since the scenario began: they may have ended a pair that it made to find
    /// something out and does not keep.
    #[must_use]
    pub fn others_logged_in_meanwhile(&self) -> bool {
        let login = &self.site().target.user.login;
        self.site().grants.others_since(GrantKind::Session, login, self.journal.id(), self.began)
    }

    fn others_since(&self, gift: GrantKind, login: &str, issued: Issued) -> bool {
        self.site().grants.others_since(gift, login, self.journal.id(), issued.earliest)
    }
}

/// The lifetime that an answer announced.
///
/// # Errors
/// Skips the scenario when it announced none, and names the requirement that asks for it.
pub(crate) fn announced(lifetime: Option<Duration>, of: &str, requirement: &str) -> Result<Duration, StepError> {
    lifetime
        .ok_or_else(|| StepError::skipped(format!("the server does not tell how long {of} lives (see {requirement})")))
}
