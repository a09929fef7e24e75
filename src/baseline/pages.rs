//! A picture as snapshot files, made to be read in a review: one for each feature, one fact a line, in an order that stays. The
//! format is insta's: a header between `---`, and the body as JSON.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::picture::{Facts, Picture, Scene};

/// One file.
#[derive(Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Page {
    #[serde(skip_serializing_if = "Option::is_none", default)]
    feature: Option<String>,
    #[serde(skip_serializing_if = "Facts::is_empty", default)]
    server: Facts,
    #[serde(skip_serializing_if = "Facts::is_empty", default)]
    tokens: Facts,
    #[serde(skip_serializing_if = "BTreeMap::is_empty", default)]
    observations: BTreeMap<String, Facts>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty", default)]
    scenarios: BTreeMap<String, Scene>,
}

impl Page {
    fn is_empty(&self) -> bool {
        self.server.is_empty() && self.tokens.is_empty() && self.observations.is_empty() && self.scenarios.is_empty()
    }

    fn text(&self, description: &str) -> String {
        let body = serde_json::to_string_pretty(self).unwrap_or_default();
        format!("---\ndescription: {description}\n---\n{body}\n")
    }
}

impl Picture {
    /// The text of every file, by its name without `.snap`.
    pub(super) fn pages(&self) -> BTreeMap<String, String> {
        let mut pages = BTreeMap::new();
        let mut put = |name: String, description: &str, page: Page| {
            if !page.is_empty() {
                pages.insert(name, page.text(description));
            }
        };
        let (server, tokens) = (self.server.clone(), self.tokens.clone());
        put(
            "server".to_owned(),
            "What the server says of itself, and how its tokens look",
            Page { server, tokens, ..Page::default() },
        );
        let observations = self.observations.clone();
        let description = "What the server chose where the contract leaves a choice";
        put("observations".to_owned(), description, Page { observations, ..Page::default() });
        for (feature, scenarios) in &self.features {
            let page = Page { feature: Some(feature.clone()), scenarios: scenarios.clone(), ..Page::default() };
            put(file_name(feature), &format!("What the server answers in {feature}"), page);
        }
        pages
    }

    /// Takes over what a file says.
    ///
    /// # Errors
    /// Says with line and column what is wrong with it.
    pub(super) fn read_page(&mut self, text: &str) -> Result<(), String> {
        let body = steps::snapshot_contents(text);
        let header = text.lines().count() - body.lines().count();
        let page: Page = serde_json::from_str(body).map_err(|error| {
            let told = error.to_string();
            let what = told.rsplit_once(" at line ").map_or(told.as_str(), |(what, _)| what);
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
