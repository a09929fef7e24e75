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

    /// As the schema of settings calls it.
    fn property(self) -> &'static str {
        match self {
            Self::Access => "accessTokenLifeTime",
            Self::Refresh => "refreshTokenLifeTime",
            Self::OneTime => "ottLifeTime",
        }
    }
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
        let told = answer.json.as_ref().filter(|_| answer.is_success()).map(|json| self.canonical(json));
        // What is told in another form than it is set in is nothing that could be put back.
        let fits = |told: &Value| self.site.shared.schemas.problems("settings", told).is_ok_and(|all| all.is_empty());
        let told = told.filter(fits).unwrap_or_default();
        let lifetime = |setting: Setting| told.get(setting.property()).and_then(seconds);
        Ok(Prior {
            access: lifetime(Setting::Access),
            refresh: lifetime(Setting::Refresh),
            one_time: lifetime(Setting::OneTime),
        })
    }

    /// The lifetimes among the settings by the names that the schema uses.
    fn canonical(&self, settings: &Value) -> Value {
        let named =
            |setting: Setting| Some((setting.property().to_owned(), settings.get(self.name_of(setting))?.clone()));
        Value::Object(Setting::ALL.into_iter().filter_map(named).collect())
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
