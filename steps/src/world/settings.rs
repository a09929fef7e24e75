//! Changing a lifetime for one scenario, and putting it back.

use std::time::Duration;

use serde_json::{Value, json};

use super::World;
use crate::{Mismatch, Secret, Stop, api::Setting, client::Answer, tokens::Pair};

/// A lifetime that a scenario changed.
#[derive(Clone, Debug)]
pub(crate) struct Change {
    pub(crate) setting: Setting,
    pub(crate) to: Duration,
    /// What a login announced before.
    pub(crate) before: Pair,
    one_time_before: Option<Duration>,
}

/// Values to try when the configured short lifetime is below what the server allows, in seconds.
const LARGER: [u64; 5] = [10, 30, 60, 120, 600];

impl Change {
    /// The lifetime of one-time tokens, if that is what was changed.
    pub(crate) fn one_time(&self) -> Option<Duration> {
        (self.setting == Setting::OneTime).then_some(self.to)
    }

    /// The lifetime of refresh tokens, if that is what was changed.
    pub(crate) fn refresh(&self) -> Option<Duration> {
        (self.setting == Setting::Refresh).then_some(self.to)
    }

    fn value_before(&self) -> Option<Duration> {
        match self.setting {
            Setting::Access => self.before.access_lifetime,
            Setting::Refresh => self.before.refresh_lifetime,
            Setting::OneTime => self.one_time_before,
        }
    }
}

impl World {
    /// A pair whose announcement says what the lifetimes are now.
    ///
    /// # Errors
    /// Skips the scenario when settings may not be changed.
    pub(crate) async fn before_change(&self) -> Result<Pair, Stop> {
        match self.site().target.short_lifetimes {
            Some(_) => self.api.fresh_pair().await,
            None => Err(Stop::Skipped("lifetimes may not be changed (`allow_settings_change`)".to_owned())),
        }
    }

    /// Changes a lifetime to a short one, or to the next larger one that the server takes.
    pub(crate) async fn change_lifetime(&mut self, setting: Setting) -> Result<(), Stop> {
        let before = self.before_change().await?;
        let one_time_before = self.site().target.one_time.as_ref().and_then(|users| users.lifetime);
        let mut change = Change { setting, to: Duration::ZERO, before, one_time_before };
        for to in self.values_to_try(&change) {
            let answer = self.api.change(setting, &json!(to.as_secs()), Some(&change.before.access)).await?;
            self.answered(answer.clone());
            if answer.is_success() {
                change.to = to;
                self.change = Some(change);
                return Ok(());
            }
            if !answer.is_client_error() {
                break;
            }
        }
        self.refuse_or_skip(&change).await
    }

    fn values_to_try(&self, change: &Change) -> Vec<Duration> {
        let target = &self.site().target;
        let short = target.short_lifetimes.map(|short| change.setting.of(&short));
        let larger = LARGER.into_iter().map(Duration::from_secs).filter(|value| Some(*value) > short);
        let mut values: Vec<Duration> = short.into_iter().chain(larger).collect();
        values.retain(|value| Some(*value) != change.value_before() && *value <= target.max_wait);
        values
    }

    /// No other value was taken: a server that does not even take the present one refuses every change, which is wrong.
    async fn refuse_or_skip(&self, change: &Change) -> Result<(), Stop> {
        let refused = self.answer()?;
        if let Some(present) = change.value_before() {
            let same = self.api.change(change.setting, &json!(present.as_secs()), Some(&change.before.access)).await?;
            if same.is_success() {
                return Err(Stop::Skipped(
                    "the server takes none of the lifetimes that could be waited for; set larger `short_lifetimes` \
                     and `max_wait`"
                        .to_owned(),
                ));
            }
        }
        Err(Mismatch::new("the change to be accepted", refused.status_text()).at(refused.exchange).into())
    }

    /// Sends a change that should be refused and remembers what was announced before.
    pub(crate) async fn try_change(&mut self, setting: Setting, to: &Value, with: Option<&Secret>) -> Result<(), Stop> {
        let before = self.before_change().await?;
        let answer = self.api.change(setting, to, with).await?;
        self.answered(answer);
        let one_time_before = self.site().target.one_time.as_ref().and_then(|users| users.lifetime);
        self.change = Some(Change { setting, to: Duration::ZERO, before, one_time_before });
        Ok(())
    }

    /// Puts back what the scenario changed, whatever became of it.
    ///
    /// # Errors
    /// Says which lifetime could not be put back and what it was.
    pub async fn put_back(&mut self) -> Result<(), String> {
        let Some(change) = self.change.take() else {
            return Ok(());
        };
        let Some(value) = change.value_before() else {
            return Ok(());
        };
        let restored = self.restore(change.setting, value).await;
        match restored {
            Ok(answer) if answer.is_success() => Ok(()),
            Ok(answer) => Err(could_not_put_back(change.setting, value, &answer.status_text())),
            Err(stop) => Err(could_not_put_back(change.setting, value, &format!("{stop:?}"))),
        }
    }

    async fn restore(&self, setting: Setting, to: Duration) -> Result<Answer, Stop> {
        let pair = self.api.fresh_pair().await?;
        Ok(self.api.change(setting, &json!(to.as_secs()), Some(&pair.access)).await?)
    }
}

fn could_not_put_back(setting: Setting, value: Duration, why: &str) -> String {
    format!("the {setting:?} lifetime could not be put back to {} s: {why}; set it by hand", value.as_secs())
}
