//! Which part of the suite is asked for: by tags and by requirement. Asking for nothing that exists is an error.

use std::collections::HashSet;

use cucumber::{
    gherkin::{self, tagexpr::TagOperation},
    tag::Ext as _,
};
use thiserror::Error;

use super::{Feature, Scenario, Suite};
use crate::{catalogue::RequirementId, results};

/// What was asked for.
#[derive(Clone, Debug, Default)]
pub(crate) struct Selection {
    tags: Option<(String, TagOperation)>,
    requirements: Vec<RequirementId>,
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
    #[error("--requirement {id}: there is no such requirement{}; `bo-conformance list` shows all", nearest.as_ref().map(|id| format!(", did you mean {id}?")).unwrap_or_default())]
    Requirement {
        /// As given.
        id: String,
        /// The one that was probably meant.
        nearest: Option<RequirementId>,
    },
    /// Nothing is left.
    #[error("the selection matches no scenario ({0}); `bo-conformance list` shows what there is")]
    Nothing(String),
}

impl Selection {
    /// Reads what was asked for.
    pub(crate) fn parse(suite: &Suite, tags: Option<&str>, requirements: &[String]) -> Result<Self, SelectionError> {
        let tags = tags.map(|text| Ok((text.to_owned(), parse_tags(text)?))).transpose()?;
        let known = |id: &String| {
            let unknown = || SelectionError::Requirement { id: id.clone(), nearest: suite.catalogue.nearest(id) };
            suite.catalogue.find(id).ok_or_else(unknown)
        };
        let requirements = requirements.iter().map(known).collect::<Result<_, _>>()?;
        let selection = Self { tags, requirements };
        match suite.scenarios().any(|scenario| selection.takes(scenario)) {
            true => Ok(selection),
            false => Err(SelectionError::Nothing(selection.described())),
        }
    }

    /// Whether a scenario is part of it.
    pub(crate) fn takes(&self, scenario: &Scenario) -> bool {
        let by_tag = self.tags.as_ref().is_none_or(|(_, tags)| tags.eval(&scenario.tags));
        let asked = |id: &RequirementId| self.requirements.contains(id);
        by_tag && (self.requirements.is_empty() || scenario.requirements.iter().any(asked))
    }

    /// Whether nothing is left out.
    pub(crate) fn is_complete(&self) -> bool {
        self.tags.is_none() && self.requirements.is_empty()
    }

    /// A feature with only the scenarios that are part of it; `None` when none is.
    pub(crate) fn narrowed(&self, feature: &Feature) -> Option<gherkin::Feature> {
        let taken: HashSet<(Option<usize>, usize)> = feature
            .scenarios
            .iter()
            .filter(|scenario| self.takes(scenario))
            .map(|scenario| (scenario.place.rule, scenario.place.scenario))
            .collect();
        let mut source = feature.source.clone();
        let keep = |rule: Option<usize>, scenarios: &mut Vec<gherkin::Scenario>| {
            let mut at = 0..;
            scenarios.retain(|_| at.next().is_some_and(|at| taken.contains(&(rule, at))));
        };
        keep(None, &mut source.scenarios);
        source.rules.iter_mut().enumerate().for_each(|(at, rule)| keep(Some(at), &mut rule.scenarios));
        source.rules.retain(|rule| !rule.scenarios.is_empty());
        (!taken.is_empty()).then_some(source)
    }

    /// As the results tell it.
    pub(crate) fn to_results(&self) -> results::Selection {
        results::Selection {
            tags: self.tags.as_ref().map(|(text, _)| text.clone()),
            requirements: self.requirements.iter().map(ToString::to_string).collect(),
            complete: self.is_complete(),
        }
    }

    fn described(&self) -> String {
        let tags = self.tags.iter().map(|(text, _)| format!("--tags \"{text}\""));
        let requirements = self.requirements.iter().map(|id| format!("--requirement {id}"));
        tags.chain(requirements).collect::<Vec<_>>().join(" ")
    }
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
