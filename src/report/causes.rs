//! Failed scenarios grouped by cause: one defect of a server usually fails many scenarios with the same answer.

use std::collections::HashMap;

use super::{
    class::{FailureClass, RequirementIndex},
    exchange::exchange_of_failure,
};
use crate::results::{Failure, Results, ScenarioResult};

/// Most characters of an expectation or an answer that are compared.
const COMPARED: usize = 200;
/// Refusals of one wrong kind have one cause, whatever was called: a server makes them in one place.
const REFUSALS: std::ops::Range<u16> = 400..500;
/// Answers with this status and above have one cause, independent of what was expected.
const SERVER_ERRORS: u16 = 500;

/// Scenarios that failed for one cause, in the order of the results.
pub(super) struct CauseGroup<'a> {
    /// The first scenario, which explains the others.
    pub(super) first: &'a ScenarioResult,
    pub(super) others: Vec<&'a ScenarioResult>,
}

#[derive(PartialEq, Eq, Hash)]
enum Cause {
    ServerError(u16),
    Mismatch {
        status: Option<u16>,
        expected: String,
        answered: String,
        call: String,
    },
    /// A failure without details has no known cause in common with another.
    Unknown(usize),
}

impl<'a> CauseGroup<'a> {
    /// Number of its scenarios.
    pub(super) fn count(&self) -> usize {
        1 + self.others.len()
    }

    /// Ids of the requirements that its scenarios judge, each once, in the order of the scenarios.
    pub(super) fn requirements(&self) -> Vec<&'a str> {
        let mut ids: Vec<&str> = Vec::new();
        for id in std::iter::once(self.first).chain(self.others.iter().copied()).flat_map(|it| &it.requirements) {
            if !ids.contains(&id.as_str()) {
                ids.push(id);
            }
        }
        ids
    }
}

/// The failures of one class by cause, the most frequent cause first.
pub(super) fn group_by_cause<'a>(
    results: &'a Results,
    index: &RequirementIndex<'a>,
    class: FailureClass,
) -> Vec<CauseGroup<'a>> {
    let mut groups: Vec<CauseGroup<'a>> = Vec::new();
    let mut known: HashMap<Cause, usize> = HashMap::new();
    for (number, scenario) in index.failures(results, class).into_iter().enumerate() {
        let position = *known.entry(cause(scenario, number)).or_insert(groups.len());
        match groups.get_mut(position) {
            Some(group) => group.others.push(scenario),
            None => groups.push(CauseGroup { first: scenario, others: Vec::new() }),
        }
    }
    groups.sort_by_key(|group| std::cmp::Reverse(group.count()));
    groups
}

fn cause(scenario: &ScenarioResult, number: usize) -> Cause {
    match scenario.steps.iter().find_map(|step| step.failure.as_ref()) {
        Some(failure) => cause_of_failure(scenario, failure),
        None => Cause::Unknown(number),
    }
}

fn cause_of_failure(scenario: &ScenarioResult, failure: &Failure) -> Cause {
    let exchange = exchange_of_failure(scenario, failure);
    let status = exchange.and_then(|exchange| exchange.answer.as_ref()).map(|answer| answer.status);
    match status {
        Some(status) if status >= SERVER_ERRORS => Cause::ServerError(status),
        _ => Cause::Mismatch {
            status,
            expected: comparable(&failure.expected),
            answered: comparable(&failure.answered),
            call: exchange
                .filter(|_| !status.is_some_and(|status| REFUSALS.contains(&status)))
                .map(|it| format!("{} {}", it.request.method, path(&it.request.url)))
                .unwrap_or_default(),
        },
    }
}

/// The URL without its query.
fn path(url: &str) -> &str {
    url.split_once('?').map_or(url, |(path, _)| path)
}

/// The beginning of a text, with every number replaced: positions, times and numbers of masks differ between scenarios.
fn comparable(text: &str) -> String {
    let mut compared = String::new();
    for character in text.chars().take(COMPARED) {
        match character {
            '0'..='9' if compared.ends_with('#') => {}
            '0'..='9' => compared.push('#'),
            other => compared.push(other),
        }
    }
    compared
}

#[cfg(test)]
mod tests {
    use steps::Redactor;

    use super::*;
    use crate::results::sample;

    /// Scenarios that failed with these statuses, expectations and answers.
    fn results(failures: &[(u16, &str, &str)]) -> Results {
        let mut results = sample::failing();
        let first = results.scenarios[0].clone();
        let mask = |text: &str| Redactor::default().mask(text);
        let scenario = |(status, expected, answered): &(u16, &str, &str)| {
            let mut scenario = first.clone();
            let failure = scenario.steps.iter_mut().find_map(|step| step.failure.as_mut()).expect("it failed");
            (failure.expected, failure.answered) = (mask(expected), mask(answered));
            scenario.exchanges.iter_mut().filter_map(|it| it.answer.as_mut()).for_each(|it| it.status = *status);
            scenario
        };
        results.scenarios = failures.iter().map(scenario).collect();
        results
    }

    fn counts(failures: &[(u16, &str, &str)]) -> Vec<usize> {
        group_sizes(&results(failures))
    }

    fn group_sizes(results: &Results) -> Vec<usize> {
        let index = RequirementIndex::new(results);
        group_by_cause(results, &index, FailureClass::Violation).iter().map(CauseGroup::count).collect()
    }

    #[test]
    fn refusals_of_one_kind_have_one_cause_whatever_was_called() {
        let sizes = |status| {
            let mut results = results(&[(status, "the status 405", "another"); 2]);
            results.scenarios[1].exchanges.iter_mut().for_each(|it| it.request.method = "PUT".into());
            group_sizes(&results)
        };
        assert_eq!((sizes(404), sizes(200)), (vec![2], vec![1, 1]));
    }

    #[test]
    fn server_errors_have_one_cause_whatever_was_expected() {
        assert_eq!(counts(&[(500, "401", "500"), (500, "a pair", "500"), (502, "401", "502")]), [2, 1]);
    }

    #[test]
    fn other_failures_have_one_cause_where_expectation_and_answer_are_alike() {
        let refused = "the call to be refused with 401";
        assert_eq!(counts(&[(200, refused, "200 after 12 ms"), (200, refused, "200 after 7 ms")]), [2]);
        assert_eq!(counts(&[(200, refused, "200"), (200, "no token", "200"), (403, refused, "403")]), [1, 1, 1]);
    }

    #[test]
    fn the_most_frequent_cause_comes_first() {
        assert_eq!(counts(&[(200, "a", "b"), (500, "a", "b"), (500, "c", "d")]), [2, 1]);
    }
}
