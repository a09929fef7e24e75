//! What a watch keeps in a file from one start to the next: the baseline and the moments of failed logins. It holds no secrets.

use std::{collections::BTreeMap, path::Path, time::Duration};

use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};

use super::{facts::ServerFacts, login_budget::LoginBudget};
use crate::{atomic_write, read_limited};

const FORMAT: &str = "bo-conformance/watch/v1";

/// The largest state that is read, in bytes.
const MOST_BYTES: u64 = 1 << 20;

/// The state of a watch.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct SavedState {
    format: String,
    /// The server that was watched.
    base_url: String,
    /// Each fact with its known values.
    baseline: BTreeMap<String, Vec<String>>,
    /// Seconds since 1970.
    failed_logins: Vec<u64>,
}

impl SavedState {
    pub(super) fn new(base_url: &str, facts: &ServerFacts, budget: &LoginBudget) -> Self {
        Self {
            format: FORMAT.to_owned(),
            base_url: base_url.to_owned(),
            baseline: facts.known().clone(),
            failed_logins: budget.failed().iter().map(Duration::as_secs).collect(),
        }
    }

    /// Reads the state of this server; `None` without a file.
    ///
    /// # Errors
    /// When the file cannot be read, has no state, or is that of another server.
    pub(crate) fn read(file: &Path, base_url: &str) -> Result<Option<Self>> {
        if !file.exists() {
            return Ok(None);
        }
        let cannot =
            || format!("cannot use {} as the state of a watch; choose another --state or remove it", file.display());
        let bytes = read_limited::read_file(file, MOST_BYTES).with_context(cannot)?;
        let state: Self = serde_json::from_slice(&bytes).with_context(cannot)?;
        if state.format != FORMAT || state.base_url != base_url {
            bail!("{}: it is that of {}", cannot(), crate::sanitize::sanitize(&state.base_url));
        }
        Ok(Some(state))
    }

    /// Writes the state.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub(crate) fn write(&self, file: &Path) -> Result<()> {
        let text = serde_json::to_string_pretty(self)? + "\n";
        atomic_write::write_text(file, &text)
            .with_context(|| format!("cannot write {}; choose another --state", file.display()))
    }

    pub(super) fn facts(&self) -> ServerFacts {
        ServerFacts::new(self.baseline.clone())
    }

    pub(super) fn login_budget(&self) -> LoginBudget {
        LoginBudget::new(self.failed_logins.iter().copied().map(Duration::from_secs).collect())
    }

    /// The same without its baseline, to learn another.
    pub(crate) fn without_baseline(self) -> Self {
        Self { baseline: BTreeMap::new(), ..self }
    }
}
