//! Parts of the sample runs: scenarios with steps and exchanges, the deployment, and the difference to a baseline.

use steps::Redactor;

use super::super::{
    drift::{Class, Difference, Drift},
    judged_answer::{JudgedAnswer, TokenAlphabet, TokenShape},
    scenario::{Failure, Outcome, RecordedAnswer, RecordedExchange, RecordedRequest, ScenarioResult, StepResult},
    setting_not_restored::SettingNotRestored,
    target::{ServerCertificate, ServerInfo, Software, TargetInfo, TlsInfo},
};

pub(super) fn scenario(requirement: &str, feature: &str, line: usize, verdict: Outcome) -> ScenarioResult {
    let name = format!("{requirement} is looked at");
    let step = |keyword: &str, text: &str, line: usize, verdict: Outcome| StepResult {
        keyword: keyword.to_owned(),
        text: text.to_owned(),
        line,
        verdict,
        duration_ms: 0.9,
        failure: None,
        note: None,
    };
    ScenarioResult {
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
            StepResult {
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
pub(super) fn broken(mut scenario: ScenarioResult) -> ScenarioResult {
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
pub(super) fn without_answer(scenario: ScenarioResult) -> ScenarioResult {
    let mut scenario = broken(scenario);
    for failure in scenario.steps.iter_mut().filter_map(|step| step.failure.as_mut()) {
        failure.exchange = None;
    }
    let trouble = Some("connection reset by peer".into());
    scenario.exchanges = vec![RecordedExchange { answer: None, trouble, ..verification() }];
    scenario
}

/// An access lifetime that was left short.
pub(crate) fn not_restored() -> SettingNotRestored {
    SettingNotRestored {
        lifetime: "access".to_owned(),
        before_seconds: Some(300.0),
        reason: "503 Service Unavailable".into(),
        command: "bo-conformance restore --target staging".to_owned(),
    }
}

/// The verification of a one-time token, answered with its login.
pub(crate) fn verification() -> RecordedExchange {
    let headers = vec![("content-type".into(), "application/json".into())];
    RecordedExchange {
        step: 1,
        at_ms: 12.5,
        duration_ms: 0.84,
        paced_ms: 0.0,
        race: false,
        request: RecordedRequest {
            method: "POST".to_owned(),
            url: "http://127.0.0.1:4711/external/token/verify".into(),
            headers: headers.clone(),
            body: Some("{\"token\":\"‹one-time token #1›\"}".into()),
        },
        answer: Some(RecordedAnswer { status: 200, headers, body: "{\"login\":\"trader1\"}".into() }),
        trouble: None,
        judged: Some(judged_answer()),
    }
}

fn judged_answer() -> JudgedAnswer {
    let form = TokenShape { parts: 2, characters: 86, alphabet: TokenAlphabet::Base64url };
    JudgedAnswer {
        access_token: Some(form),
        refresh_token: Some(form),
        access_lifetime: Some(300.0),
        refresh_lifetime: Some(3_600.0),
        rotated: Some(true),
        error_code: Some("1.2.0.11".into()),
    }
}

pub(super) fn target() -> TargetInfo {
    TargetInfo {
        name: "staging".to_owned(),
        base_url: Some("https://bo.staging.example:8443/proftrading/rest".to_owned()),
        insecure_tls: false,
        margin_seconds: 1.5,
        max_wait_seconds: 120.0,
        server: Some(server()),
    }
}

fn server() -> ServerInfo {
    let certificate = ServerCertificate {
        subject: "CN=bo.staging.example".to_owned(),
        issuer: "CN=Example Staging CA".to_owned(),
        names: vec!["bo.staging.example".to_owned()],
        expires: "2027-05-01".to_owned(),
    };
    let tls = TlsInfo {
        version: "TLSv1.3".to_owned(),
        cipher: "TLS13_AES_256_GCM_SHA384".to_owned(),
        certificate: Some(certificate),
        distrust: Some("the server's certificate is signed by itself".to_owned()),
    };
    let software = vec![Software { header: "server".into(), value: "Jetty(11.0.20)".into() }];
    ServerInfo { software, tls: Some(tls) }
}

/// One difference of each class, and one thing that was left out for each reason.
pub(crate) fn drift() -> Drift {
    let difference = |class, what: &str, (before, after): (&str, &str), because: &str| Difference {
        class,
        what: what.to_owned(),
        before: Some(before.to_owned()),
        after: Some(after.to_owned()),
        because: because.to_owned(),
        requirements: vec!["OTT-2".to_owned()],
        situations: vec!["OTT-2 is looked at › the one-time token is verified 2 times".to_owned()],
    };
    let new_field = difference(Class::Compatible, "body /more", ("", "text"), "a new field");
    Drift {
        before: "baselines/staging".to_owned(),
        differences: vec![
            difference(Class::Breaking, "status", ("200 | 401", "200"), "a status of another class"),
            difference(Class::Notable, "header cache-control", ("no-store", "private"), "a header that clients go by"),
            Difference { before: None, requirements: Vec::new(), ..new_field },
        ],
        compared: 87,
        not_judged: vec!["An expired token reveals nobody".to_owned()],
        not_recorded: vec!["A new scenario".to_owned()],
        unstable: vec!["server: software x-node".to_owned()],
    }
}
