//! The files of a snapshot, for review: one for each feature, one fact a line, in a stable order. The format is insta's: a
//! header between `---`, and the body as JSON.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::sanitize::json_escapes;

use super::{
    facts::SnapshotFacts,
    snapshot::{ScenarioFacts, Snapshot},
};

/// One file.
#[derive(Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SnapshotFile {
    #[serde(skip_serializing_if = "Option::is_none", default)]
    feature: Option<String>,
    #[serde(skip_serializing_if = "SnapshotFacts::is_empty", default)]
    server: SnapshotFacts,
    #[serde(skip_serializing_if = "SnapshotFacts::is_empty", default)]
    tokens: SnapshotFacts,
    #[serde(skip_serializing_if = "BTreeMap::is_empty", default)]
    observations: BTreeMap<String, SnapshotFacts>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty", default)]
    scenarios: BTreeMap<String, ScenarioFacts>,
}

impl SnapshotFile {
    fn is_empty(&self) -> bool {
        self.server.is_empty() && self.tokens.is_empty() && self.observations.is_empty() && self.scenarios.is_empty()
    }

    fn text(&self, description: &str) -> String {
        let body = serde_json::to_string_pretty(self).unwrap_or_default();
        let body = json_escapes(&body);
        format!("---\ndescription: {description}\n---\n{body}\n")
    }
}

impl Snapshot {
    /// The text of every file, by its name without `.snap`.
    pub(super) fn render_files(&self) -> BTreeMap<String, String> {
        let mut texts = BTreeMap::new();
        let mut put = |name: String, description: &str, page: SnapshotFile| {
            if !page.is_empty() {
                texts.insert(name, page.text(description));
            }
        };
        let (server, tokens) = (self.server.clone(), self.tokens.clone());
        put(
            "server".to_owned(),
            "What the server says of itself, and how its tokens look",
            SnapshotFile { server, tokens, ..SnapshotFile::default() },
        );
        let observations = self.observations.clone();
        let description = "What the server chose where the contract leaves a choice";
        put("observations".to_owned(), description, SnapshotFile { observations, ..SnapshotFile::default() });
        for (feature, scenarios) in &self.features {
            let page = SnapshotFile {
                feature: Some(feature.clone()),
                scenarios: scenarios.clone(),
                ..SnapshotFile::default()
            };
            put(file_name(feature), &format!("What the server answers in {feature}"), page);
        }
        texts
    }

    /// Adds the facts of a file.
    ///
    /// # Errors
    /// The mistake with its line and column.
    pub(super) fn read_file(&mut self, text: &str) -> Result<(), String> {
        let body = steps::snapshot_contents(text);
        let header = text.lines().count() - body.lines().count();
        let page: SnapshotFile = serde_json::from_str(body).map_err(|error| {
            let text = error.to_string();
            let what = text.rsplit_once(" at line ").map_or(text.as_str(), |(what, _)| what);
            format!("line {}, column {}: {what}", header + error.line(), error.column())
        })?;
        self.server.extend(page.server);
        self.tokens.extend(page.tokens);
        self.observations.extend(page.observations);
        match page.feature {
            Some(feature) => drop(self.features.insert(feature, page.scenarios)),
            None if page.scenarios.is_empty() => {}
            None => return Err("scenarios without the feature they are of".to_owned()),
        }
        Ok(())
    }
}

/// `features/issue/token-answer.feature` as `issue-token-answer`.
fn file_name(feature: &str) -> String {
    let bare = feature.strip_prefix("features/").unwrap_or(feature);
    let bare = bare.strip_suffix(".feature").unwrap_or(bare);
    let safe = |c: char| if c.is_alphanumeric() || c == '_' { c } else { '-' };
    bare.chars().map(safe).collect::<String>().trim_matches('-').to_owned()
}
