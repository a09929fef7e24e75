//! Changing a lifetime for one scenario, and putting it back.

use std::time::Duration;

use serde_json::{Value, json};

use super::World;
use crate::{
    Secret, StepError,
    api::SETTINGS_PATH,
    lifetimes::LifetimeKind,
    message::{Answer, Call, Request},
    tokens::Pair,
};

/// A lifetime that a scenario changed, or tried to.
#[derive(Clone, Debug)]
pub(crate) struct Change {
    pub(crate) setting: LifetimeKind,
    /// `None` when the change should have been refused.
    pub(crate) to: Option<Duration>,
    /// What a login announced before.
    pub(crate) before: Pair,
}

/// What a change is sent with.
pub(crate) enum ChangeToken {
    /// A good access token.
    Good,
    /// This one, or none.
    This(Option<Secret>),
}

impl World {
    /// Changes a lifetime for this scenario.
    pub(crate) async fn change_lifetime(&mut self, setting: LifetimeKind) -> Result<(), StepError> {
        self.api.prepare_change(setting).await?;
        let before = self.api.unused_pair().await?;
        self.change = Some(Change { setting, to: None, before: before.clone() });
        let (to, confirmed) = self.api.change_lifetime(setting, Some(&before)).await?;
        // No step judges it, but a client of the settings gets it.
        self.judges(&confirmed);
        self.change = self.change.take().map(|change| Change { to: Some(to), ..change });
        Ok(())
    }

    /// Sends a change that should be refused and remembers what was announced before. Goes with this token or without any, or else
    /// with a good one.
    pub(crate) async fn try_change(
        &mut self,
        setting: LifetimeKind,
        to: &Value,
        with: ChangeToken,
    ) -> Result<(), StepError> {
        self.api.prepare_change(setting).await?;
        self.api.ensure_changeable(setting).await?;
        let before = self.api.unused_pair().await?;
        let token = match with {
            ChangeToken::Good => Some(before.access.clone()),
            ChangeToken::This(token) => token,
        };
        self.change = Some(Change { setting, to: None, before });
        let answer = self.api.change(setting, to, token.as_ref()).await?;
        self.answered(answer);
        Ok(())
    }

    /// Sends settings that should be refused, as they are, and remembers what was announced before.
    pub(crate) async fn try_settings(&mut self, message: Vec<u8>) -> Result<Answer, StepError> {
        let setting = LifetimeKind::Access;
        let before = match self.change.take() {
            Some(change) => change.before,
            None => {
                self.api.prepare_change(setting).await?;
                self.api.ensure_changeable(setting).await?;
                self.api.unused_pair().await?
            }
        };
        let token = before.access.clone();
        self.change = Some(Change { setting, to: None, before });
        let request = Request::new("PATCH", SETTINGS_PATH).text("application/json", message).bearer(&token);
        let answer = self.api.client.send(Call::Settings, request).await?;
        self.api.settings_answered(&answer, &LifetimeKind::ALL);
        self.may_be_changed |= answer.is_success();
        Ok(answer)
    }

    /// A lifetime as this scenario, else the run has changed it; `None` if neither has.
    pub(crate) fn changed(&self, setting: LifetimeKind) -> Option<Duration> {
        let own = self.change.as_ref().filter(|change| change.setting == setting).and_then(|change| change.to);
        own.or_else(|| self.site().lifetimes.shortened(setting))
    }

    /// Puts back what the scenario changed, or may have, if what it was is known for certain. Where that fails the end of the run
    /// tries again. What a refused change has done all the same shows in what a login announces.
    pub async fn put_back(&mut self) {
        self.site().pacer.release(self.journal.id());
        let Some(Change { setting, to, .. }) = self.change.take() else { return };
        // No answer announces the lifetime of one-time tokens.
        let is_announced = setting != LifetimeKind::OneTime;
        let answered = !self.answers.is_empty() && self.answers.iter().all(Answer::is_client_error);
        let was_refused = to.is_none() && is_announced && answered && !self.may_be_changed;
        let Some(present) = self.site().lifetimes.present(setting).filter(|_| !was_refused) else { return };
        let own = self.pairs.pop().filter(|pair| self.api.is_unused(pair) && pair.login == self.user().login);
        let pair = match own {
            Some(pair) => Ok(pair),
            None => self.api.unused_pair().await,
        };
        if let Ok(pair) = pair {
            // The answer is not needed: the end of the run makes sure of every lifetime that was touched.
            let _ = self.api.change(setting, &json!(present.as_secs()), Some(&pair.access)).await;
        }
    }
}
