//! `PATCH /connectors/settings`: changing one lifetime.

use std::time::Duration;

use serde_json::{Value, json};

use super::{Api, SETTINGS_PATH};
use crate::{
    Secret,
    client::{Answer, Call, Request, Trouble},
    target::ShortLifetimes,
};

/// A lifetime among the connectors settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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

    fn name_of(&self, setting: Setting) -> &str {
        let dialect = &self.site.target.dialect;
        match setting {
            Setting::Access => &dialect.settings_access_lifetime,
            Setting::Refresh => &dialect.settings_refresh_lifetime,
            Setting::OneTime => &dialect.settings_ott_lifetime,
        }
    }
}
