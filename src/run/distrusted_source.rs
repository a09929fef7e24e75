//! A source of one-time tokens of which the server accepted none: rather than the server, the source may be wrong. What the server is
//! blamed for on the strength of such tokens becomes inconclusive.

use crate::{
    catalogue::{Need, tag},
    results::{Failure, Outcome, ScenarioResult},
};

const REASON: &str = "the server accepted no one-time token of the source in the whole run: see that `ott` gives fresh tokens of this \
                      server, and of the user that `ott.login` names; only then is the server judged by them";

/// Makes the refusals of tokens inconclusive, in a run in which no one-time token was accepted.
pub(crate) fn distrust_source(scenarios: &mut [ScenarioResult]) {
    for scenario in scenarios.iter_mut().filter(|it| it.verdict == Outcome::Failed && is_about_one_time_tokens(it)) {
        let refused = scenario.steps.iter().filter_map(|step| step.failure.as_ref()).all(|it| is_refusal(scenario, it));
        if refused {
            scenario.verdict = Outcome::Inconclusive;
            scenario.reason = Some(REASON.into());
            for step in &mut scenario.steps {
                if step.failure.take().is_some() {
                    step.verdict = Outcome::Inconclusive;
                }
            }
        }
    }
}

fn is_about_one_time_tokens(scenario: &ScenarioResult) -> bool {
    scenario.requirements.iter().any(|id| id.starts_with("OTT-"))
        || scenario.tags.iter().any(|tag| tag::need(tag) == Some(Need::Ott))
}

/// Whether the answers that a failure is about refuse: with 4xx, or as an answer that names no user. No other failure is excused.
fn is_refusal(scenario: &ScenarioResult, failure: &Failure) -> bool {
    let about = match failure.exchange {
        Some(at) => scenario.exchanges.get(at..=at).unwrap_or_default(),
        None => &scenario.exchanges,
    };
    let statuses = about.iter().filter_map(|exchange| exchange.answer.as_ref()).map(|answer| answer.status);
    let is_good = scenario.requirements.iter().any(|id| ["OTT-1", "OTT-3"].contains(&id.as_str()));
    let refuses = |status| (400..500).contains(&status) || is_good && (200..300).contains(&status);
    statuses.into_iter().all(refuses)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::results::sample;

    fn verdict(requirement: &str, status: u16) -> Outcome {
        let mut scenario = sample::failing().scenarios.remove(0);
        scenario.requirements = vec![requirement.to_owned()];
        scenario.tags = vec![requirement.to_owned()];
        for exchange in &mut scenario.exchanges {
            exchange.answer.iter_mut().for_each(|answer| answer.status = status);
        }
        let mut scenarios = [scenario];
        distrust_source(&mut scenarios);
        scenarios[0].verdict
    }

    #[test]
    fn only_refusals_of_one_time_tokens_are_excused() {
        assert_eq!(verdict("OTT-1", 401), Outcome::Inconclusive);
        assert_eq!(verdict("OTT-1", 200), Outcome::Inconclusive);
        assert_eq!(verdict("OTT-8", 401), Outcome::Inconclusive);
        assert_eq!(verdict("OTT-4", 200), Outcome::Failed);
        assert_eq!(verdict("OTT-1", 500), Outcome::Failed);
        assert_eq!(verdict("USE-1", 401), Outcome::Failed);
    }
}
