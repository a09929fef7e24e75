//! `PATCH /connectors/settings`: changing one lifetime.

use std::{fmt, time::Duration};

use serde_json::{Value, json};

use super::{Api, SETTINGS_PATH};
use crate::{
    Prior, Secret,
    client::{Answer, Call, Request, Trouble},
    target::ShortLifetimes,
    tokens::seconds,
};

/// A lifetime among the connectors settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Setting {
    Access,
    Refresh,
    OneTime,
}

impl Setting {
    /// The value of this setting among short lifetimes.
    pub(crate) fn of(self, lifetimes: &ShortLifetimes) -> Duration {
        match self {
            Self::Access => lifetimes.access,
            Self::Refresh => lifetimes.refresh,
            Self::OneTime => lifetimes.one_time,
        }
    }
}

impl Setting {
    /// All there are.
    pub(crate) const ALL: [Self; 3] = [Self::Access, Self::Refresh, Self::OneTime];
}

impl fmt::Display for Setting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Access => "access",
            Self::Refresh => "refresh",
            Self::OneTime => "one-time",
        })
    }
}

impl Api {
    /// Sends a change of one lifetime to any JSON value, with a token or without.
    pub(crate) async fn change(&self, what: Setting, to: &Value, with: Option<&Secret>) -> Result<Answer, Trouble> {
        let request = Request::new("PATCH", SETTINGS_PATH).json(&json!({ self.name_of(what): to }));
        let request = match with {
            Some(token) => request.bearer(token),
            None => request,
        };
        self.client.send(Call::Settings, request).await
    }

    /// The lifetimes that the settings tell, where the server lets them be read. No page documents that call.
    pub(crate) async fn settings(&self, with: &Secret) -> Result<Prior, Trouble> {
        let answer = self.client.send(Call::Settings, Request::new("GET", SETTINGS_PATH).bearer(with)).await?;
        let told = |setting: Setting| {
            let settings = answer.json.as_ref().filter(|_| answer.is_success())?;
            settings.get(self.name_of(setting)).and_then(seconds)
        };
        Ok(Prior { access: told(Setting::Access), refresh: told(Setting::Refresh), one_time: told(Setting::OneTime) })
    }

    fn name_of(&self, setting: Setting) -> &str {
        let dialect = &self.site.target.dialect;
        match setting {
            Setting::Access => &dialect.settings_access_lifetime,
            Setting::Refresh => &dialect.settings_refresh_lifetime,
            Setting::OneTime => &dialect.settings_ott_lifetime,
        }
    }
}
