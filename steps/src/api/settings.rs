//! `PATCH /connectors/settings`: changing one lifetime.

use std::time::Duration;

use serde_json::{Value, json};

use super::endpoint::{Api, SETTINGS_PATH};
use crate::{
    Secret,
    client::Trouble,
    lifetimes::{LifetimeKind, Lifetimes},
    message::{Answer, Call, Request},
    target::{Dialect, LifetimeUnit},
};

impl Api {
    /// Sends a change of one lifetime to any JSON value, with a token or without.
    pub(crate) async fn change(
        &self,
        kind: LifetimeKind,
        to: &Value,
        with: Option<&Secret>,
    ) -> Result<Answer, Trouble> {
        let request = Request::new("PATCH", SETTINGS_PATH).json(&self.settings_message(kind, to));
        let request = match with {
            Some(token) => request.bearer(token),
            None => request,
        };
        let answer = self.client.send(Call::Settings, request).await?;
        self.settings_answered(&answer, &[kind]);
        Ok(answer)
    }

    /// Notes what became of a change of these lifetimes.
    pub(crate) fn settings_answered(&self, answer: &Answer, kinds: &[LifetimeKind]) {
        let accepted = kinds.first().copied().filter(|_| answer.is_success());
        self.client.journal.progress().changed(accepted);
        if accepted.is_some() {
            self.site.spares.clear();
            kinds.iter().for_each(|kind| self.site.lifetimes.accept(*kind));
        }
    }

    /// The message that sets one lifetime to this value.
    pub(crate) fn settings_message(&self, kind: LifetimeKind, to: &Value) -> Value {
        serde_json::from_str(&Dialect::settings_body(self.name_of(kind), &to.to_string())).unwrap_or_default()
    }

    /// The lifetimes among the settings, where the server lets them be read. No page documents that call.
    pub(crate) async fn settings(&self, with: &Secret) -> Result<Lifetimes<Option<Duration>>, Trouble> {
        Ok(self.read_settings(&self.settings_answer(with).await?))
    }

    /// The answer to a request for the settings.
    pub(crate) async fn settings_answer(&self, with: &Secret) -> Result<Answer, Trouble> {
        self.client.send(Call::Settings, Request::new("GET", SETTINGS_PATH).bearer(with)).await
    }

    /// The lifetimes in such an answer.
    pub(crate) fn read_settings(&self, answer: &Answer) -> Lifetimes<Option<Duration>> {
        let read = answer.json.as_ref().filter(|_| answer.is_success()).map(|json| self.canonical(json));
        // A lifetime in another form than the schema's could not be restored.
        let fits = |read: &Value| self.site.shared.schemas.problems("settings", read).is_ok_and(|all| all.is_empty());
        let read = read.filter(fits).unwrap_or_default();
        Lifetimes::from_fn(|kind| LifetimeUnit::Seconds.read(read.get(property(kind))?, None))
    }

    /// The lifetimes among the settings by the names of the schema.
    fn canonical(&self, settings: &Value) -> Value {
        let named = |kind: LifetimeKind| {
            Some((property(kind).to_owned(), Dialect::find_setting(self.name_of(kind), settings)?.clone()))
        };
        Value::Object(LifetimeKind::ALL.into_iter().filter_map(named).collect())
    }

    fn name_of(&self, kind: LifetimeKind) -> &str {
        let dialect = &self.site.target.dialect;
        match kind {
            LifetimeKind::Access => &dialect.settings_access_lifetime,
            LifetimeKind::Refresh => &dialect.settings_refresh_lifetime,
            LifetimeKind::OneTime => &dialect.settings_ott_lifetime,
        }
    }
}

/// A lifetime as a setting takes it: in seconds, as a whole number where it is one.
pub(crate) fn number(lifetime: Duration) -> Value {
    if lifetime.subsec_nanos() == 0 { json!(lifetime.as_secs()) } else { json!(lifetime.as_secs_f64()) }
}

/// The name of a lifetime in the schema of settings.
fn property(kind: LifetimeKind) -> &'static str {
    match kind {
        LifetimeKind::Access => "accessTokenLifeTime",
        LifetimeKind::Refresh => "refreshTokenLifeTime",
        LifetimeKind::OneTime => "ottLifeTime",
    }
}
