//! Results of a run of a client, in the format of every run: one scenario for each rule, with the requests that show what it found.

use std::collections::BTreeMap;

use jiff::Timestamp;
use standin::{ApiRequest, ApiResponse};
use steps::{Masked, Redactor, Secret, SecretKind};

use super::{
    ClientTest,
    evidence::{Call, Evidence},
    judge::{self, Finding, RULES, Rule},
};
use crate::{
    catalogue::{CLIENT_TEXT, Catalogue, Requirement, tag},
    hex::sha256,
    results::{
        self, ClientFile, ClientInfo, Failure, Outcome, RecordedAnswer, RecordedExchange, RecordedRequest, Results,
        ScenarioResult, SelectionInfo, StepResult,
    },
    verdict::{VerdictInput, roll_up},
};

/// The feature of the scenarios.
const FEATURE: &str = "client.feature";
/// The name of the target.
const TARGET: &str = "client";
/// Most requests that a scenario shows.
const MOST_EXCHANGES: usize = 12;
/// Most characters of a body.
const MOST_BODY: usize = 2000;
/// Most characters of the name of a client.
const MOST_NAME: usize = 120;

/// The results of a run.
pub(super) fn results(
    test: &ClientTest,
    files: Vec<ClientFile>,
    evidence: &Evidence,
    catalogue: &Catalogue,
    redactor: &Redactor,
) -> Results {
    register_secrets(evidence, redactor);
    let rules = RULES.iter().enumerate().filter(|(_, rule)| judge::is_selected(rule, &test.requirements));
    let scenarios: Vec<ScenarioResult> =
        rules.filter_map(|(at, rule)| Some(judged(rule, blank(rule, at, catalogue)?, evidence, redactor))).collect();
    let ended = Timestamp::now();
    let started_at =
        ended.checked_sub(jiff::SignedDuration::try_from(evidence.duration).unwrap_or_default()).unwrap_or(ended);
    let rolled = roll_up(&VerdictInput {
        catalogue,
        scenarios: &scenarios,
        profile: test.profile,
        waivers: &[],
        today: results::day(started_at),
    });
    let verdict = if evidence.interrupted.is_some() { results::Verdict::Inconclusive } else { rolled.verdict };
    Results {
        format: results::FORMAT.to_owned(),
        tool: results::Tool::this(),
        suite: results::SuiteInfo {
            digest: rules_digest(),
            requirements: catalogue.iter().count(),
            scenarios: RULES.len(),
            score: None,
        },
        target: target(test),
        profile: test.profile,
        client: Some(ClientInfo {
            program: redactor.mask(test.command.first().map_or("", String::as_str)),
            user_agent: user_agent(evidence).map(|agent| redactor.mask_received(agent, "").first_chars(MOST_NAME)),
            files,
            starts: evidence.starts.len(),
            requests: evidence.calls.len() + evidence.dropped,
        }),
        selection: SelectionInfo {
            requirements: test.requirements.iter().map(ToString::to_string).collect(),
            complete: test.requirements.is_empty(),
            ..SelectionInfo::default()
        },
        started_at,
        duration_ms: evidence.duration.as_millis().try_into().unwrap_or(u64::MAX),
        verdict,
        counts: rolled.counts,
        requirements: rolled.requirements,
        scenarios,
        observations: Vec::new(),
        traffic: results::Traffic { requests: (evidence.calls.len() + evidence.dropped) as u64, ..Default::default() },
        seed: None,
        concurrency: None,
        exploration: None,
        cluster: None,
        drift: None,
        waivers: Vec::new(),
        leaks: Vec::new(),
        interrupted: evidence.interrupted.map(str::to_owned),
        settings_not_restored: Vec::new(),
    }
}

/// The digest of the requirements of clients, with its algorithm.
pub(crate) fn rules_digest() -> String {
    format!("sha256:{}", sha256(CLIENT_TEXT.as_bytes()))
}

/// Every scenario of a complete run, without an outcome.
pub(crate) fn scenarios(catalogue: &Catalogue) -> Vec<ScenarioResult> {
    RULES.iter().enumerate().filter_map(|(at, rule)| blank(rule, at, catalogue)).collect()
}

/// What the client names itself most often.
fn user_agent(evidence: &Evidence) -> Option<&str> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for name in evidence.calls.iter().filter_map(|call| call.request.header("user-agent")) {
        *counts.entry(name).or_default() += 1;
    }
    counts.into_iter().max_by_key(|(_, count)| *count).map(|(name, _)| name)
}

fn target(test: &ClientTest) -> results::TargetInfo {
    results::TargetInfo {
        name: TARGET.to_owned(),
        base_url: None,
        insecure_tls: false,
        margin_seconds: 0.0,
        max_wait_seconds: test.time_limit.as_secs_f64(),
        server: None,
    }
}

fn register_secrets(evidence: &Evidence, redactor: &Redactor) {
    let keep = |text: &str, kind| {
        redactor.keep(&Secret::new(text), kind);
    };
    keep(&evidence.password, SecretKind::Password);
    evidence.one_time.iter().for_each(|token| keep(token, SecretKind::OneTimeToken));
    for pair in &evidence.pairs {
        keep(&pair.access, SecretKind::AccessToken);
        keep(&pair.refresh, SecretKind::RefreshToken);
    }
    // What a client sends as a credential is one, whether the server knows it or not.
    for request in evidence.calls.iter().map(|call| &call.request).chain(&evidence.foreign) {
        for (name, value) in &request.headers {
            let value = value.split_whitespace().next_back().unwrap_or_default();
            if is_credential(name) && value.len() >= 4 {
                keep(value, SecretKind::Unknown);
            }
        }
    }
}

fn is_credential(header: &str) -> bool {
    ["authorization", "token", "cookie", "proxy-authorization"].iter().any(|name| header.eq_ignore_ascii_case(name))
}

/// What the rule judges: the requirement, or the recommendation beside it.
fn statement<'a>(rule: &Rule, catalogue: &'a Catalogue) -> Option<&'a str> {
    let requirement = catalogue.find(rule.id).and_then(|id| catalogue.get(&id))?;
    let Requirement { statement, also, .. } = requirement;
    if rule.is_beside { also.as_ref().map(|also| also.statement.as_str()) } else { Some(statement) }
}

/// The scenario of a rule, without an outcome; `None` where the catalogue lacks its requirement.
fn blank(rule: &Rule, at: usize, catalogue: &Catalogue) -> Option<ScenarioResult> {
    let statement = statement(rule, catalogue)?;
    let line = 4 * at + 4;
    let step = |keyword: &str, text: &str, line: usize| StepResult {
        keyword: keyword.to_owned(),
        text: text.to_owned(),
        line,
        verdict: Outcome::Skipped,
        duration_ms: 0.0,
        failure: None,
        note: None,
    };
    let mut tags = vec![rule.id.to_owned()];
    tags.extend(rule.is_beside.then(|| tag::SHOULD.to_owned()));
    Some(ScenarioResult {
        id: format!("{FEATURE}:{statement}"),
        feature: FEATURE.to_owned(),
        line,
        name: statement.to_owned(),
        tags,
        requirements: vec![rule.id.to_owned()],
        verdict: Outcome::Skipped,
        reason: None,
        started_ms: 0.0,
        duration_ms: 0.0,
        steps: vec![step("Given", rule.phase.condition(), line + 1), step("Then", statement, line + 2)],
        exchanges: Vec::new(),
    })
}

fn judged(rule: &Rule, blank: ScenarioResult, evidence: &Evidence, redactor: &Redactor) -> ScenarioResult {
    let finding = (rule.judge)(evidence);
    let (given, then) = match &finding {
        Finding::Kept => (Outcome::Passed, Outcome::Passed),
        Finding::Broken { .. } => (Outcome::Passed, Outcome::Failed),
        Finding::NotShown(_) => (Outcome::Skipped, Outcome::Skipped),
        Finding::NotReached(_) => (Outcome::Inconclusive, Outcome::Skipped),
    };
    let (reason, calls) = match finding {
        Finding::Kept => (None, Vec::new()),
        Finding::Broken { what, calls } => (Some(redactor.mask(&format!("the client: {what}"))), calls),
        Finding::NotShown(reason) | Finding::NotReached(reason) => (Some(reason.into()), Vec::new()),
    };
    let failure = reason.clone().filter(|_| then == Outcome::Failed).map(|answered| Failure {
        expected: redactor.mask(&blank.name),
        answered,
        exchange: (!calls.is_empty()).then_some(0),
    });
    let failures = [None, failure];
    let steps = blank.steps.into_iter().zip([given, then]).zip(failures);
    let (begun, ended) = evidence.phase(rule.phase).map_or((0.0, 0.0), |run| (millis(run.begun), millis(run.ended)));
    ScenarioResult {
        verdict: given.max(then),
        reason,
        started_ms: begun,
        duration_ms: ended - begun,
        steps: steps.map(|((step, verdict), failure)| StepResult { verdict, failure, ..step }).collect(),
        exchanges: calls
            .iter()
            .take(MOST_EXCHANGES)
            .filter_map(|at| evidence.calls.get(*at))
            .map(|call| exchange(call, redactor))
            .collect(),
        ..blank
    }
}

fn millis(time: std::time::Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

fn exchange(call: &Call, redactor: &Redactor) -> RecordedExchange {
    RecordedExchange {
        step: 1,
        at_ms: millis(call.at),
        duration_ms: millis(call.answered.saturating_sub(call.at)),
        paced_ms: 0.0,
        race: false,
        request: recorded_request(&call.request, redactor),
        answer: call.response.as_ref().map(|response| recorded_answer(response, redactor)),
        trouble: call.response.is_none().then(|| "the answer was withheld, as the phase asks".into()),
        judged: None,
    }
}

fn recorded_request(request: &ApiRequest, redactor: &Redactor) -> RecordedRequest {
    let query = request.query.as_ref().map(|query| format!("?{query}")).unwrap_or_default();
    let body = String::from_utf8_lossy(&request.body).into_owned();
    RecordedRequest {
        method: request.method.clone(),
        url: redactor.mask_received(&format!("{}{query}", request.path), ""),
        headers: masked_headers(&request.headers, redactor),
        body: (!body.is_empty()).then(|| redactor.mask_received(&body, "").first_chars(MOST_BODY)),
    }
}

fn recorded_answer(response: &ApiResponse, redactor: &Redactor) -> RecordedAnswer {
    RecordedAnswer {
        status: response.status,
        headers: masked_headers(&response.headers, redactor),
        body: redactor.mask(&String::from_utf8_lossy(&response.body)).first_chars(MOST_BODY),
    }
}

fn masked_headers(headers: &[(String, String)], redactor: &Redactor) -> Vec<(Masked, Masked)> {
    headers.iter().map(|(name, value)| (redactor.mask(name), redactor.mask(value))).collect()
}
