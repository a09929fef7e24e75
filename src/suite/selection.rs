//! Which part of the suite is asked for: by tags, by requirement and by shard. Asking for nothing that exists is an error.

use std::{collections::HashSet, sync::Arc};

use cucumber::{gherkin::tagexpr::TagOperation, tag::Ext as _};
use thiserror::Error;

use super::{
    contents::Suite,
    scenario::Scenario,
    shard::{Shard, ShardError},
};
use crate::{catalogue::RequirementId, results};

/// What was asked for.
#[derive(Clone, Debug, Default)]
pub(crate) struct Selection {
    tags: Option<(String, TagOperation)>,
    requirements: Vec<RequirementId>,
    shard: Option<Shard>,
    chosen: Option<Arc<ChosenScenarios>>,
}

/// The scenarios that an earlier run chose.
#[derive(Debug)]
struct ChosenScenarios {
    ids: HashSet<String>,
    /// Whether they complete the earlier run; else they are a selection of their own.
    completes: bool,
}

/// Why a selection cannot be made.
#[derive(Debug, Error)]
pub(crate) enum SelectionError {
    /// The tag expression is none.
    #[error(
        "--tags \"{text}\": not a tag expression at column {column}: expected {expected}; write it like \"@OTT-2 or (@should and not @alone)\""
    )]
    Tags {
        /// As given.
        text: String,
        /// Counted from 1.
        column: usize,
        /// What could stand there.
        expected: String,
    },
    /// A requirement that no catalogue has.
    #[error("--requirement {id}: unknown requirement{}; `bo-conformance list` shows all", nearest.as_ref().map(|id| format!(", did you mean {id}?")).unwrap_or_default())]
    Requirement {
        /// As given.
        id: String,
        /// The one that was probably meant.
        nearest: Option<RequirementId>,
    },
    /// A shard that there is not.
    #[error("{0}")]
    Shard(#[from] ShardError),
    /// Nothing is left.
    #[error("the selection matches no scenario ({0}); `bo-conformance list` shows what there is")]
    Nothing(String),
}

impl Selection {
    /// Reads what was asked for.
    pub(crate) fn parse(suite: &Suite, tags: Option<&str>, requirements: &[String]) -> Result<Self, SelectionError> {
        let tags = tags.map(|text| parse_tags(text).map(|tags| (text.to_owned(), tags))).transpose()?;
        let known = |id: &String| {
            let unknown = || SelectionError::Requirement { id: id.clone(), nearest: suite.catalogue.nearest(id) };
            suite.catalogue.find(id).ok_or_else(unknown)
        };
        let requirements = requirements.iter().map(known).collect::<Result<_, _>>()?;
        let selection = Self { tags, requirements, shard: None, chosen: None };
        match suite.scenarios().any(|scenario| selection.takes(scenario)) {
            true => Ok(selection),
            false => Err(SelectionError::Nothing(selection.described())),
        }
    }

    /// The selection of a run, by its results.
    ///
    /// # Errors
    /// When this suite has nothing to select like that.
    pub(crate) fn from_results(suite: &Suite, selection: &results::SelectionInfo) -> Result<Self, SelectionError> {
        let shard = selection.shard.map(Shard::from_results).transpose()?;
        let selected = Self { shard, ..Self::parse(suite, selection.tags.as_deref(), &selection.requirements)? };
        let ids = selection.scenarios.iter().cloned().collect::<HashSet<_>>();
        Ok(if ids.is_empty() { selected } else { selected.choose(ids, false) })
    }

    /// Only what is left of a run with this selection. Unlike any other narrowing, this leaves the selection as complete as it was.
    pub(crate) fn rest(self, ids: HashSet<String>) -> Self {
        self.choose(ids, true)
    }

    /// Only the scenarios with these ids.
    ///
    /// # Errors
    /// When this suite has none of them.
    pub(crate) fn failed(suite: &Suite, ids: HashSet<String>) -> Result<Self, SelectionError> {
        let selection = Self::default().choose(ids, false);
        match suite.scenarios().any(|scenario| selection.takes(scenario)) {
            true => Ok(selection),
            false => Err(SelectionError::Nothing("--failed: no scenario failed in the last run".to_owned())),
        }
    }

    fn choose(self, ids: HashSet<String>, completes: bool) -> Self {
        Self { chosen: Some(Arc::new(ChosenScenarios { ids, completes })), ..self }
    }

    /// The scenarios that an earlier run chose as a selection of their own.
    fn failed_ids(&self) -> Option<&HashSet<String>> {
        self.chosen.as_deref().filter(|chosen| !chosen.completes).map(|chosen| &chosen.ids)
    }

    /// Only the scenarios of a shard of it; a shard may have none.
    pub(crate) fn only(self, shard: Option<Shard>) -> Self {
        Self { shard, ..self }
    }

    /// Whether a scenario is part of it.
    pub(crate) fn takes(&self, scenario: &Scenario) -> bool {
        let is_chosen = self.chosen.as_ref().is_none_or(|chosen| chosen.ids.contains(&scenario.id));
        is_chosen && self.shard.is_none_or(|shard| shard.takes(&scenario.id)) && self.takes_in_any_shard(scenario)
    }

    /// Whether a scenario is part of one of its shards.
    pub(crate) fn takes_in_any_shard(&self, scenario: &Scenario) -> bool {
        let by_tag = self.tags.as_ref().is_none_or(|(_, tags)| tags.eval(&scenario.tags));
        let asked = |id: &RequirementId| self.requirements.contains(id);
        let failed = self.failed_ids().is_none_or(|ids| ids.contains(&scenario.id));
        failed && by_tag && (self.requirements.is_empty() || scenario.requirements.iter().any(asked))
    }

    /// How many scenarios judge a requirement, those of all its shards counted.
    pub(crate) fn judging(&self, suite: &Suite, requirement: &str) -> usize {
        let judges = |scenario: &&Scenario| scenario.requirements.iter().any(|id| id.as_str() == requirement);
        suite.scenarios().filter(judges).filter(|scenario| self.takes_in_any_shard(scenario)).count()
    }

    /// Whether nothing is left out.
    pub(crate) fn is_complete(&self) -> bool {
        self.tags.is_none() && self.requirements.is_empty() && self.shard.is_none() && self.failed_ids().is_none()
    }

    /// As the results tell it.
    pub(crate) fn to_results(&self) -> results::SelectionInfo {
        results::SelectionInfo {
            tags: self.tags.as_ref().map(|(text, _)| text.clone()),
            requirements: self.requirements.iter().map(ToString::to_string).collect(),
            scenarios: self.failed_ids().map(sorted).unwrap_or_default(),
            shard: self.shard.map(Shard::to_results),
            complete: self.is_complete(),
        }
    }

    fn described(&self) -> String {
        let tags = self.tags.iter().map(|(text, _)| format!("--tags \"{text}\""));
        let requirements = self.requirements.iter().map(|id| format!("--requirement {id}"));
        tags.chain(requirements).collect::<Vec<_>>().join(" ")
    }
}

fn sorted(ids: &HashSet<String>) -> Vec<String> {
    let mut ids: Vec<String> = ids.iter().cloned().collect();
    ids.sort_unstable();
    ids
}

fn parse_tags(text: &str) -> Result<TagOperation, SelectionError> {
    text.parse::<TagOperation>().map_err(|error| {
        // The parser gives them in another order each time.
        let mut expected: Vec<_> = error.expected.tokens().collect();
        expected.sort_unstable();
        let column = error.location.column;
        SelectionError::Tags { text: text.to_owned(), column, expected: expected.join(" or ") }
    })
}
