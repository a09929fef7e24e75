//! Scenarios of the runs made by hand, with their steps and exchanges.

use steps::{Alphabet, AnswerSummary, Redactor, TokenForm};

use crate::results::{Answer, Exchange, Failure, Outcome, Request, Scenario, Step};

pub(super) fn scenario(requirement: &str, feature: &str, line: usize, verdict: Outcome) -> Scenario {
    let name = format!("{requirement} is looked at");
    let step = |keyword: &str, text: &str, line: usize, verdict: Outcome| Step {
        keyword: keyword.to_owned(),
        text: text.to_owned(),
        line,
        verdict,
        duration_ms: 0.9,
        failure: None,
        note: None,
    };
    Scenario {
        id: format!("{feature}: {name} ({line})"),
        feature: feature.to_owned(),
        line,
        name,
        tags: vec![requirement.to_owned()],
        requirements: vec![requirement.to_owned()],
        verdict,
        reason: None,
        started_ms: 10.0,
        duration_ms: 25.4,
        steps: vec![
            Step {
                note: Some("snapshot \"one-time token answer\" recorded".into()),
                ..step("Given", "a fresh one-time token", line + 1, Outcome::Passed)
            },
            step("When", "the one-time token is verified 2 times", line + 2, Outcome::Passed),
            step("Then", "every verification is refused", line + 3, verdict),
        ],
        exchanges: Vec::new(),
    }
}

/// With a failure that points to an answer.
pub(super) fn broken(mut scenario: Scenario) -> Scenario {
    let failure = Failure {
        expected: "the second verification to be refused".into(),
        answered: "200 \u{1b}[31mand it names trader1".into(),
        exchange: Some(0),
    };
    let reason = format!("expected {}, but {}", failure.expected, failure.answered);
    scenario.reason = Some(Redactor::default().mask(&reason));
    scenario.exchanges.push(verification());
    if let Some(step) = scenario.steps.last_mut() {
        step.failure = Some(failure);
    }
    scenario
}

/// With a failure that points nowhere, after an exchange that got no answer.
pub(super) fn without_answer(scenario: Scenario) -> Scenario {
    let mut scenario = broken(scenario);
    for failure in scenario.steps.iter_mut().filter_map(|step| step.failure.as_mut()) {
        failure.exchange = None;
    }
    let trouble = Some("connection reset by peer".into());
    scenario.exchanges = vec![Exchange { answer: None, trouble, ..verification() }];
    scenario
}

/// The verification of a one-time token, answered with its login.
pub(in crate::report) fn verification() -> Exchange {
    let headers = vec![("content-type".into(), "application/json".into())];
    Exchange {
        step: 1,
        at_ms: 12.5,
        duration_ms: 0.84,
        paced_ms: 0.0,
        race: false,
        request: Request {
            method: "POST".to_owned(),
            url: "http://127.0.0.1:4711/external/token/verify".into(),
            headers: headers.clone(),
            body: Some("{\"token\":\"‹one-time token #1›\"}".into()),
        },
        answer: Some(Answer { status: 200, headers, body: "{\"login\":\"trader1\"}".into() }),
        trouble: None,
        judged: Some(reading()),
    }
}

fn reading() -> AnswerSummary {
    let form = TokenForm { parts: 2, characters: 86, alphabet: Alphabet::Base64url };
    AnswerSummary {
        access_token: Some(form),
        refresh_token: Some(form),
        access_lifetime: Some(300.0),
        refresh_lifetime: Some(3_600.0),
        rotated: Some(true),
        error_code: Some("1.2.0.11".into()),
    }
}
