//! Sample results for tests: one run that passes, one with every kind of failure, one that could not judge everything.

mod parts;

use std::io;

use jiff::Timestamp;

use crate::results::{
    Counts, FORMAT, Level, Observation, Outcome, Profile, RequirementCounts, RequirementResult, RequirementVerdict,
    Results, ScenarioCounts, ScenarioResult, SelectionInfo, ShardInfo, SuiteInfo, SuiteScore, TargetInfo, Tool,
    Traffic, Verdict, Waiver, WaiverTerms,
};
use parts::{broken, scenario, target, without_answer};
pub(crate) use parts::{drift, not_restored, verification};

/// The text of a report.
pub(crate) fn rendered(render: impl Fn(&Results, &mut dyn io::Write) -> io::Result<()>, results: &Results) -> String {
    let mut text = Vec::new();
    render(results, &mut text).expect("memory takes it");
    String::from_utf8(text).expect("it is text")
}

/// One of each.
pub(crate) fn all() -> [Results; 3] {
    [passing(), failing(), inconclusive()]
}

/// Everything is kept, on the embedded stand-in.
pub(crate) fn passing() -> Results {
    Results {
        target: TargetInfo { name: "stand-in".to_owned(), base_url: None, server: None, ..target() },
        verdict: Verdict::Conformant,
        counts: Counts {
            requirements: RequirementCounts { pass: 1, observed: 1, ..RequirementCounts::default() },
            scenarios: ScenarioCounts { passed: 2, ..ScenarioCounts::default() },
        },
        requirements: vec![
            RequirementResult { reason: None, ..requirement("OTT-2", Level::Must, RequirementVerdict::Pass) },
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
pub(crate) fn failing() -> Results {
    let score =
        SuiteScore { faults: 120, caught: 119, freedoms: 40, blamed: 1, measured_with: digest(), current: true };
    Results {
        target: TargetInfo { insecure_tls: true, ..target() },
        suite: SuiteInfo { score: Some(score), ..base().suite },
        selection: SelectionInfo {
            tags: Some("not @alone".to_owned()),
            requirements: vec!["OTT-2".to_owned()],
            scenarios: Vec::new(),
            shard: Some(ShardInfo { number: 2, of: 3 }),
            complete: false,
        },
        verdict: Verdict::Nonconformant,
        counts: Counts {
            requirements: RequirementCounts { pass: 1, fail: 2, warn: 1, waived: 1, ..RequirementCounts::default() },
            scenarios: ScenarioCounts { passed: 1, failed: 3, ..ScenarioCounts::default() },
        },
        requirements: vec![
            requirement("USE-9", Level::Should, RequirementVerdict::Warn),
            RequirementResult {
                waived: Some(terms("2027-03-31")),
                ..requirement("REFRESH-8", Level::Must, RequirementVerdict::Fail)
            },
            RequirementResult {
                reason: Some("its waiver by auth team expired on 2026-10-31".to_owned()),
                ..requirement("OTT-2", Level::Must, RequirementVerdict::Fail)
            },
            RequirementResult {
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
        client: None,
        leaks: Vec::new(),
        interrupted: None,
        settings_not_restored: Vec::new(),
        waivers: vec![
            Waiver { requirement: "REFRESH-8".parse().expect("it is an id"), terms: terms("2027-03-31") },
            Waiver { requirement: "OTT-2".parse().expect("it is an id"), terms: terms("2026-10-31") },
        ],
        ..base()
    }
}

/// Some needs are missing, and the network was not always there.
pub(crate) fn inconclusive() -> Results {
    let (no_source, reset) = ("there is no source of one-time tokens", "POST /auth/token: connection reset by peer");
    let with =
        |reason: &'static str, scenario: ScenarioResult| ScenarioResult { reason: Some(reason.into()), ..scenario };
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

fn base() -> Results {
    Results {
        format: FORMAT.to_owned(),
        tool: Tool { name: "bo-conformance".to_owned(), version: "0.1.0".to_owned() },
        suite: SuiteInfo { digest: digest(), requirements: 79, scenarios: 214, score: None },
        target: target(),
        profile: Profile::Documented,
        selection: SelectionInfo { complete: true, ..SelectionInfo::default() },
        started_at: Timestamp::constant(1_795_000_000, 0),
        duration_ms: 1_234,
        verdict: Verdict::Conformant,
        counts: Counts::default(),
        requirements: Vec::new(),
        scenarios: Vec::new(),
        observations: Vec::new(),
        traffic: Traffic { requests: 1_932, failed_logins: 41, peak_per_second: 800, waited_ms: 4_000 },
        drift: None,
        seed: None,
        concurrency: None,
        exploration: None,
        cluster: None,
        client: None,
        leaks: Vec::new(),
        interrupted: None,
        settings_not_restored: Vec::new(),
        waivers: Vec::new(),
    }
}

fn digest() -> String {
    format!("sha256:{}", "5e".repeat(32))
}

fn terms(expires: &str) -> WaiverTerms {
    let (reason, owner) = ("rotation comes with 4.2".to_owned(), "auth team".to_owned());
    WaiverTerms { reason, owner, expires: expires.parse().expect("it is a day") }
}

fn requirement(id: &str, level: Level, verdict: RequirementVerdict) -> RequirementResult {
    let statement = match id {
        "OTT-2" => "A one-time token that was verified once is refused ever after.",
        "USE-9" => "A 401 names the scheme to use: it has a WWW-Authenticate header that begins with Bearer.",
        _ => "Something else that is promised about tokens holds.",
    };
    RequirementResult {
        id: id.to_owned(),
        level,
        statement: statement.to_owned(),
        source: "Authentication process".to_owned(),
        needs: Vec::new(),
        verdict,
        waived: None,
        reason: None,
        scenarios: vec![format!("of {id}")],
    }
}

fn observation(requirement: &str, question: &str, answer: &'static str) -> Observation {
    Observation {
        requirement: requirement.to_owned(),
        question: question.to_owned(),
        answer: answer.into(),
        scenario: Some(format!("of {requirement}")),
    }
}
