//! The lifetimes of a site: what they were before the first change, what they are shortened to for the run, and putting them
//! back. Nothing is changed before a journal holds what it was, so that even a killed run can be made good.

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use serde_json::json;
use tokio::sync::OnceCell;

use crate::{
    Masked, Mismatch, StepError,
    api::{Api, Setting},
    client::Answer,
};

/// Where the lifetimes of a server are kept while a run has changed them.
pub trait SettingsJournal: Send + Sync {
    /// Writes down what the lifetimes are, before the first change.
    ///
    /// # Errors
    /// When they cannot be written; then nothing is changed.
    fn begin(&self, prior: &Prior) -> Result<(), String>;

    /// Everything has been put back.
    fn end(&self);
}

/// Lifetimes as they were before the first change; `None` for one that nobody told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Prior {
    /// Of access tokens.
    pub access: Option<Duration>,
    /// Of refresh tokens.
    pub refresh: Option<Duration>,
    /// Of one-time tokens.
    pub one_time: Option<Duration>,
}

/// What a run does to the lifetimes of one site.
#[derive(Default)]
pub(crate) struct Lifetimes {
    journal: Option<Arc<dyn SettingsJournal>>,
    prior: OnceCell<Prior>,
    access: OnceCell<Duration>,
    refresh: OnceCell<Duration>,
    one_time: OnceCell<Duration>,
    touched: Mutex<BTreeSet<Setting>>,
}

/// Values to try when the configured short lifetime is below what the server allows, in seconds.
const LARGER: [u64; 5] = [10, 30, 60, 120, 600];

impl Prior {
    /// The value of one setting.
    pub(crate) fn of(&self, setting: Setting) -> Option<Duration> {
        match setting {
            Setting::Access => self.access,
            Setting::Refresh => self.refresh,
            Setting::OneTime => self.one_time,
        }
    }
}

impl Lifetimes {
    pub(crate) fn with_journal(journal: Option<Arc<dyn SettingsJournal>>) -> Self {
        Self { journal, ..Self::default() }
    }

    /// What a setting has been shortened to for the run, if it has.
    pub(crate) fn shortened(&self, setting: Setting) -> Option<Duration> {
        self.cell(setting).get().copied()
    }

    fn cell(&self, setting: Setting) -> &OnceCell<Duration> {
        match setting {
            Setting::Access => &self.access,
            Setting::Refresh => &self.refresh,
            Setting::OneTime => &self.one_time,
        }
    }

    /// Shortens a lifetime for the run, once; to a larger value where the server does not take the configured one.
    ///
    /// # Errors
    /// Skips where settings may not be changed, or the server takes nothing that could be waited for; fails where it refuses
    /// every change.
    pub(crate) async fn shorten(&self, setting: Setting, api: &Api) -> Result<Duration, StepError> {
        self.cell(setting).get_or_try_init(|| async { Ok(self.change(setting, api).await?.0) }).await.copied()
    }

    /// Changes a lifetime to a short one that is not the present one, and gives the answer that confirmed it.
    pub(crate) async fn change(&self, setting: Setting, api: &Api) -> Result<(Duration, Answer), StepError> {
        let present = self.about_to_change(setting, api).await?;
        let token = api.fresh_pair().await?.access;
        let mut refused = None;
        for to in values_to_try(setting, present, api) {
            let answer = api.change(setting, &json!(to.as_secs()), Some(&token)).await?;
            if answer.is_success() {
                return Ok((to, answer));
            }
            let goes_on = answer.is_client_error();
            refused = Some(answer);
            if !goes_on {
                break;
            }
        }
        Err(refuse_or_skip(setting, present, refused, api).await?)
    }

    /// Takes note of what a lifetime is before something is sent that could change it.
    ///
    /// # Errors
    /// Skips where settings may not be changed, or nobody could put the lifetime back.
    pub(crate) async fn about_to_change(&self, setting: Setting, api: &Api) -> Result<Duration, StepError> {
        if api.site.target.short_lifetimes.is_none() {
            return Err(StepError::skipped("lifetimes may not be changed (`allow_settings_change`)"));
        }
        let prior = self.prior.get_or_try_init(|| self.read_prior(api)).await?;
        let Some(before) = prior.of(setting) else {
            return Err(StepError::skipped(format!(
                "the {setting} lifetime would not be changed without knowing what to put back: the server does not tell it{}",
                if setting == Setting::OneTime { "; set `ott.lifetime`" } else { "" }
            )));
        };
        self.touched().insert(setting);
        Ok(self.shortened(setting).unwrap_or(before))
    }

    /// What the settings say, else what a login announces, else what the configuration says.
    async fn read_prior(&self, api: &Api) -> Result<Prior, StepError> {
        let pair = api.fresh_pair().await?;
        let told = api.settings(&pair.access).await?;
        let configured = api.site.target.one_time.as_ref().and_then(|users| users.lifetime);
        let prior = Prior {
            access: told.access.or(pair.access_lifetime),
            refresh: told.refresh.or(pair.refresh_lifetime),
            one_time: told.one_time.or(configured),
        };
        if let Some(journal) = &self.journal {
            journal.begin(&prior).map_err(|reason| {
                StepError::inconclusive(format!(
                    "lifetimes are not changed without a journal, and it cannot be written: {reason}"
                ))
            })?;
        }
        Ok(prior)
    }

    fn touched(&self) -> MutexGuard<'_, BTreeSet<Setting>> {
        self.touched.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Puts every lifetime back that may have been changed, and makes sure that it worked.
    ///
    /// # Errors
    /// Says for each that could not be put back what it was.
    pub(crate) async fn put_back(&self, api: &Api) -> Vec<Masked> {
        let (Some(prior), touched) = (self.prior.get(), std::mem::take(&mut *self.touched())) else {
            return Vec::new();
        };
        let mut left = Vec::new();
        for setting in touched {
            if let Err(reason) = restore(setting, prior, api).await {
                left.push(reason);
            }
        }
        if left.is_empty()
            && let Some(journal) = &self.journal
        {
            journal.end();
        }
        left
    }
}

/// Puts one lifetime back to what it was.
///
/// # Errors
/// Says what it was and why that failed.
pub(crate) async fn restore(setting: Setting, prior: &Prior, api: &Api) -> Result<(), Masked> {
    let Some(before) = prior.of(setting) else { return Ok(()) };
    let left = |why: &str| {
        let seconds = before.as_secs();
        let text = format!("the {setting} lifetime was {seconds} s and could not be put back: {why}; set it by hand");
        api.site.redactor.mask(&text)
    };
    let pair = api.fresh_pair().await.map_err(|stop| left(stop.reason().expose()))?;
    let answer = api.change(setting, &json!(before.as_secs()), Some(&pair.access)).await;
    let answer = answer.map_err(|trouble| left(&trouble.to_string()))?;
    if !answer.is_success() {
        return Err(left(&answer.status_text()));
    }
    let now = api.fresh_pair().await.map_err(|stop| left(stop.reason().expose()))?;
    let announced = match setting {
        Setting::Access => now.access_lifetime,
        Setting::Refresh => now.refresh_lifetime,
        Setting::OneTime => None,
    };
    match announced {
        Some(now) if now != before => Err(left(&format!("the server still announces {} s", now.as_secs_f64()))),
        _ => Ok(()),
    }
}

fn values_to_try(setting: Setting, present: Duration, api: &Api) -> Vec<Duration> {
    let target = &api.site.target;
    let short = target.short_lifetimes.map(|short| setting.of(&short));
    let larger = LARGER.into_iter().map(Duration::from_secs).filter(|value| Some(*value) > short);
    // A server that has the short lifetime already is changed by as little as can be told apart.
    let next = short.map(|short| short + Duration::from_secs(1));
    let mut values: Vec<Duration> = short.into_iter().chain(next).chain(larger).collect();
    values.retain(|value| *value != present && *value <= target.max_wait);
    values
}

/// No other value was taken: a server that does not even take the present one refuses every change, which is wrong.
async fn refuse_or_skip(
    setting: Setting,
    present: Duration,
    refused: Option<Answer>,
    api: &Api,
) -> Result<StepError, StepError> {
    let pair = api.fresh_pair().await?;
    let same = api.change(setting, &json!(present.as_secs()), Some(&pair.access)).await?;
    let refused = match refused {
        Some(refused) if !same.is_success() => refused,
        _ => {
            return Ok(StepError::skipped(
                "the server takes none of the lifetimes that could be waited for; set larger `short_lifetimes` and `max_wait`",
            ));
        }
    };
    Ok(Mismatch::new("the change to be accepted", refused.status_text())
        .at(refused.exchange)
        .requirement("SETTINGS-1")
        .into())
}
