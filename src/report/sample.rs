//! Results made by hand for the tests of reports: one run that passes, one that fails in every way there is, one that could not
//! judge everything.

use jiff::Timestamp;
use steps::{Alphabet, Reading, TokenForm};

use super::Format;
use crate::results::{
    Answer, Certificate, Class, Counts, Deviation, Difference, Drift, Exchange, FORMAT, Failure, Judged, Level,
    Observation, Outcome, Profile, Request, Requirement, RequirementCounts, RequirementVerdict, Results, Scenario,
    ScenarioCounts, Score, Selection, Server, Shard, Software, Step, Suite, Tls, Tool, Traffic, Verdict, Waiver,
};

/// Results in a format that is text.
pub(super) fn written(format: Format, results: &Results) -> String {
    let mut text = Vec::new();
    format.render(results, &mut text).expect("memory takes it");
    String::from_utf8(text).expect("it is text")
}

/// One of each.
pub(super) fn all() -> [Results; 3] {
    [passing(), failing(), inconclusive()]
}

/// Everything is kept, on the embedded stand-in.
pub(super) fn passing() -> Results {
    Results {
        target: Judged { name: "stand-in".to_owned(), base_url: None, server: None, ..target() },
        verdict: Verdict::Conformant,
        counts: Counts {
            requirements: RequirementCounts { pass: 1, observed: 1, ..RequirementCounts::default() },
            scenarios: ScenarioCounts { passed: 2, ..ScenarioCounts::default() },
        },
        requirements: vec![
            Requirement { reason: None, ..requirement("OTT-2", Level::Must, RequirementVerdict::Pass) },
            requirement("ISSUE-20", Level::Observe, RequirementVerdict::Observed),
        ],
        scenarios: vec![
            scenario("ISSUE-20", "features/issue/token-answer.feature", 51, Outcome::Passed),
            scenario("OTT-2", "features/one-time/single-use.feature", 33, Outcome::Passed),
        ],
        observations: vec![observation("ISSUE-20", "Is an earlier pair still usable after a new login?", "yes")],
        ..base()
    }
}

/// A violation, a warning and a waived deviation, beside what holds.
pub(super) fn failing() -> Results {
    let score = Score { faults: 120, caught: 119, freedoms: 40, blamed: 1, measured_with: digest(), current: true };
    Results {
        target: Judged { insecure_tls: true, ..target() },
        suite: Suite { score: Some(score), ..base().suite },
        selection: Selection {
            tags: Some("not @alone".to_owned()),
            requirements: vec!["OTT-2".to_owned()],
            shard: Some(Shard { number: 2, of: 3 }),
            complete: false,
        },
        verdict: Verdict::Nonconformant,
        counts: Counts {
            requirements: RequirementCounts { pass: 1, fail: 2, warn: 1, waived: 1, ..RequirementCounts::default() },
            scenarios: ScenarioCounts { passed: 1, failed: 3, ..ScenarioCounts::default() },
        },
        requirements: vec![
            requirement("USE-9", Level::Should, RequirementVerdict::Warn),
            Requirement {
                waived: Some(waiver("2027-03-31")),
                ..requirement("REFRESH-8", Level::Must, RequirementVerdict::Fail)
            },
            Requirement {
                reason: Some("its waiver by auth team expired on 2026-10-31".to_owned()),
                ..requirement("OTT-2", Level::Must, RequirementVerdict::Fail)
            },
            Requirement {
                reason: Some("not tried: the wait is longer than allowed".to_owned()),
                ..requirement("OTT-11", Level::Must, RequirementVerdict::Pass)
            },
        ],
        scenarios: vec![
            broken(scenario("OTT-2", "features/one-time/single-use.feature", 33, Outcome::Failed)),
            scenario("OTT-11", "features/one-time/single-use.feature", 41, Outcome::Passed),
            without_answer(scenario("REFRESH-8", "features/refresh/refusals.feature", 47, Outcome::Failed)),
            broken(scenario("USE-9", "features/use/access-token.feature", 70, Outcome::Failed)),
        ],
        observations: vec![
            observation("ERROR-5", "Which error code comes with a login of somebody unknown?", "1.2.0.11"),
            observation("ERROR-5", "Which error code comes with an unknown path?", "none"),
        ],
        drift: Some(drift()),
        leaks: Vec::new(),
        waivers: vec![
            Deviation { requirement: "REFRESH-8".to_owned(), waiver: waiver("2027-03-31") },
            Deviation { requirement: "OTT-2".to_owned(), waiver: waiver("2026-10-31") },
        ],
        ..base()
    }
}

/// Some needs are missing, and the network was not always there.
pub(super) fn inconclusive() -> Results {
    let (no_source, reset) = ("there is no source of one-time tokens", "POST /auth/token: connection reset by peer");
    let with = |reason: &str, scenario: Scenario| Scenario { reason: Some(reason.to_owned()), ..scenario };
    let file = "features/one-time/single-use.feature";
    Results {
        verdict: Verdict::Inconclusive,
        counts: Counts {
            requirements: RequirementCounts { skip: 2, inconclusive: 1, ..RequirementCounts::default() },
            scenarios: ScenarioCounts { skipped: 3, inconclusive: 1, ..ScenarioCounts::default() },
        },
        requirements: vec![
            requirement("ISSUE-6", Level::Must, RequirementVerdict::Inconclusive),
            requirement("OTT-2", Level::Must, RequirementVerdict::Skip),
            requirement("OTT-11", Level::Must, RequirementVerdict::Skip),
        ],
        scenarios: vec![
            with(reset, scenario("ISSUE-6", "features/issue/wrong-credentials.feature", 6, Outcome::Inconclusive)),
            with(no_source, scenario("OTT-2", file, 33, Outcome::Skipped)),
            with(no_source, scenario("OTT-2", file, 34, Outcome::Skipped)),
            with(no_source, scenario("OTT-11", file, 41, Outcome::Skipped)),
        ],
        ..base()
    }
}

/// The verification of a one-time token, answered with its login.
pub(super) fn verification() -> Exchange {
    let headers = vec![("content-type".to_owned(), "application/json".to_owned())];
    Exchange {
        step: 1,
        at_ms: 12.5,
        duration_ms: 0.84,
        paced_ms: 0.0,
        request: Request {
            method: "POST".to_owned(),
            url: "http://127.0.0.1:4711/external/token/verify".to_owned(),
            headers: headers.clone(),
            body: Some("{\"token\":\"‹one-time token #1›\"}".to_owned()),
        },
        answer: Some(Answer { status: 200, headers, body: "{\"login\":\"trader1\"}".to_owned() }),
        trouble: None,
        judged: Some(reading()),
    }
}

fn base() -> Results {
    Results {
        format: FORMAT.to_owned(),
        tool: Tool { name: "bo-conformance".to_owned(), version: "0.1.0".to_owned() },
        suite: Suite { digest: digest(), requirements: 79, scenarios: 214, score: None },
        target: target(),
        profile: Profile::Documented,
        selection: Selection { complete: true, ..Selection::default() },
        started_at: Timestamp::constant(1_795_000_000, 0),
        duration_ms: 1_234,
        verdict: Verdict::Conformant,
        counts: Counts::default(),
        requirements: Vec::new(),
        scenarios: Vec::new(),
        observations: Vec::new(),
        traffic: Traffic { requests: 1_932, failed_logins: 41, peak_per_second: 800, waited_ms: 4_000 },
        drift: None,
        leaks: Vec::new(),
        waivers: Vec::new(),
    }
}

fn reading() -> Reading {
    let form = TokenForm { parts: 2, characters: 86, alphabet: Alphabet::Base64url };
    Reading {
        access_token: Some(form),
        refresh_token: Some(form),
        access_lifetime: Some(300.0),
        refresh_lifetime: Some(3_600.0),
        rotated: Some(true),
        error_code: Some("1.2.0.11".to_owned()),
    }
}

/// One difference of each class, and one thing that was left out for each reason.
pub(super) fn drift() -> Drift {
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

fn digest() -> String {
    format!("sha256:{}", "5e".repeat(32))
}

fn target() -> Judged {
    Judged {
        name: "staging".to_owned(),
        base_url: Some("https://bo.staging.example:8443/proftrading/rest".to_owned()),
        insecure_tls: false,
        margin_seconds: 1.5,
        max_wait_seconds: 120.0,
        server: Some(server()),
    }
}

fn server() -> Server {
    let certificate = Certificate {
        subject: "CN=bo.staging.example".to_owned(),
        issuer: "CN=Example Staging CA".to_owned(),
        names: vec!["bo.staging.example".to_owned()],
        expires: "2027-05-01".to_owned(),
    };
    let tls = Tls {
        version: "TLSv1.3".to_owned(),
        cipher: "TLS13_AES_256_GCM_SHA384".to_owned(),
        certificate: Some(certificate),
        distrust: Some("the server's certificate is signed by itself".to_owned()),
    };
    let software = vec![Software { header: "server".to_owned(), value: "Jetty(11.0.20)".to_owned() }];
    Server { software, tls: Some(tls) }
}

fn waiver(expires: &str) -> Waiver {
    let (reason, owner) = ("rotation comes with 4.2".to_owned(), "auth team".to_owned());
    Waiver { reason, owner, expires: expires.to_owned() }
}

fn requirement(id: &str, level: Level, verdict: RequirementVerdict) -> Requirement {
    let statement = match id {
        "OTT-2" => "A one-time token that was verified once is refused ever after.",
        "USE-9" => "A 401 names the scheme to use: it has a WWW-Authenticate header that begins with Bearer.",
        _ => "Something else that is promised about tokens holds.",
    };
    Requirement {
        id: id.to_owned(),
        level,
        statement: statement.to_owned(),
        source: "Authentication process".to_owned(),
        verdict,
        waived: None,
        reason: None,
        scenarios: vec![format!("of {id}")],
    }
}

fn scenario(requirement: &str, feature: &str, line: usize, verdict: Outcome) -> Scenario {
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
                note: Some("snapshot \"one-time token answer\" recorded".to_owned()),
                ..step("Given", "a fresh one-time token", line + 1, Outcome::Passed)
            },
            step("When", "the one-time token is verified 2 times", line + 2, Outcome::Passed),
            step("Then", "every verification is refused", line + 3, verdict),
        ],
        exchanges: Vec::new(),
    }
}

/// With a failure that points to an answer.
fn broken(mut scenario: Scenario) -> Scenario {
    let failure = Failure {
        expected: "the second verification to be refused".to_owned(),
        answered: "200 \u{1b}[31mand it names trader1".to_owned(),
        exchange: Some(0),
    };
    scenario.reason = Some(format!("expected {}, but {}", failure.expected, failure.answered));
    scenario.exchanges.push(verification());
    if let Some(step) = scenario.steps.last_mut() {
        step.failure = Some(failure);
    }
    scenario
}

/// With a failure that points nowhere, after an exchange that got no answer.
fn without_answer(scenario: Scenario) -> Scenario {
    let mut scenario = broken(scenario);
    for failure in scenario.steps.iter_mut().filter_map(|step| step.failure.as_mut()) {
        failure.exchange = None;
    }
    let trouble = Some("connection reset by peer".to_owned());
    scenario.exchanges = vec![Exchange { answer: None, trouble, ..verification() }];
    scenario
}

fn observation(requirement: &str, question: &str, answer: &str) -> Observation {
    Observation {
        requirement: requirement.to_owned(),
        question: question.to_owned(),
        answer: answer.to_owned(),
        scenario: Some(format!("of {requirement}")),
    }
}
