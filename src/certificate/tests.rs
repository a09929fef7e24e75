//! What is certified and what is not, and that nothing can be changed afterwards without being noticed.

use jiff::{
    Span, Timestamp,
    civil::{Date, date},
};

use super::{
    key::{Algorithm, PrivateKey},
    new_key::make,
    survived::During,
    test_result::{Certified, Files, Outcome as InToto, of},
    upgrade::Runs,
    *,
};
use crate::{
    catalogue::Catalogue,
    client_test,
    hex::sha256,
    results::{
        ClientFile, ClientInfo, Counts, Observation, Outcome, Profile, RequirementVerdict, ScenarioResult,
        SelectionInfo, StepResult, SuiteInfo, TargetInfo, Tool, Traffic, Verdict, Waiver, WaiverTerms,
    },
    verdict::{VerdictInput, roll_up},
};

const NO_FILES: Files<'_> = Files { results_sha256: "", report_sha256: "" };
/// The day of the run.
const DAY: Date = date(2026, 11, 24);

fn suite() -> Suite {
    Suite::load(Catalogue::embedded().expect("it is right"), None).expect("it is right")
}

/// A run of the whole suite on a server that keeps everything.
fn conforming(suite: &Suite) -> Results {
    let results = Results {
        format: crate::results::FORMAT.to_owned(),
        tool: Tool::this(),
        suite: SuiteInfo { digest: suite.digest.clone(), requirements: 0, scenarios: 0, score: None },
        target: TargetInfo {
            name: "staging".to_owned(),
            base_url: Some("https://bo.example/rest".to_owned()),
            insecure_tls: false,
            margin_seconds: 1.5,
            max_wait_seconds: 120.0,
            server: None,
        },
        profile: Profile::Documented,
        selection: SelectionInfo { complete: true, ..SelectionInfo::default() },
        started_at: Timestamp::constant(1_795_500_000, 0),
        duration_ms: 1_234,
        verdict: Verdict::Conformant,
        counts: Counts::default(),
        requirements: Vec::new(),
        scenarios: suite.features.iter().flat_map(scenarios_of).collect(),
        observations: vec![Observation {
            requirement: "ISSUE-20".to_owned(),
            question: "Is an earlier pair still usable?".to_owned(),
            answer: "yes".into(),
            scenario: None,
        }],
        traffic: Traffic::default(),
        seed: None,
        concurrency: None,
        exploration: None,
        cluster: None,
        drift: None,
        client: None,
        leaks: Vec::new(),
        interrupted: None,
        settings_not_restored: Vec::new(),
        waivers: Vec::new(),
    };
    assert_eq!(results.day(), DAY);
    judged(results, suite, &[])
}

fn scenarios_of(feature: &crate::suite::Feature) -> Vec<ScenarioResult> {
    let step = |step: &cucumber::gherkin::Step| StepResult {
        keyword: step.keyword.trim().to_owned(),
        text: step.value.clone(),
        line: step.position.line,
        verdict: Outcome::Passed,
        duration_ms: 0.25,
        failure: None,
        note: None,
    };
    let told = |scenario: &crate::suite::Scenario| ScenarioResult {
        id: scenario.id.clone(),
        feature: scenario.feature.clone(),
        line: scenario.line,
        name: scenario.name.clone(),
        tags: scenario.tags.clone(),
        requirements: scenario.requirements.iter().map(ToString::to_string).collect(),
        verdict: Outcome::Passed,
        reason: None,
        started_ms: 1.5,
        duration_ms: 2.25,
        steps: scenario.source.steps.iter().map(step).collect(),
        exchanges: Vec::new(),
    };
    feature.scenarios.iter().map(told).collect()
}

/// The same with requirements, counts and verdict as the rules have them.
fn judged(results: Results, suite: &Suite, waivers: &[Waiver]) -> Results {
    let rolled = roll_up(&VerdictInput {
        catalogue: &suite.catalogue,
        scenarios: &results.scenarios,
        profile: results.profile,
        waivers,
        today: results.day(),
    });
    Results { requirements: rolled.requirements, counts: rolled.counts, verdict: rolled.verdict, ..results }
}

/// With every scenario of a requirement come out like this.
fn with(mut results: Results, requirement: &str, outcome: Outcome) -> Results {
    for scenario in results.scenarios.iter_mut().filter(|it| it.requirements.iter().any(|id| id == requirement)) {
        scenario.verdict = outcome;
        if let Some(step) = scenario.steps.last_mut() {
            step.verdict = outcome;
        }
    }
    results
}

fn waiver(requirement: &str, expires: Date) -> Waiver {
    let requirement = requirement.parse().expect("it is an id");
    let (reason, owner) = ("comes with 4.2".to_owned(), "auth team".to_owned());
    Waiver { requirement, terms: WaiverTerms { reason, owner, expires } }
}

/// With a broken requirement that is waived until a day.
fn waived(suite: &Suite, expires: Date) -> Results {
    judged(with(conforming(suite), "OTT-2", Outcome::Failed), suite, &[waiver("OTT-2", expires)])
}

fn file_of(format: report::Format, results: &Results) -> Vec<u8> {
    let mut text = Vec::new();
    format.render(results, &mut text).expect("memory takes it");
    text
}

fn refused(results: &Results, suite: &Suite) -> Vec<String> {
    let report = file_of(report::Format::Html, results);
    obstacles(results, &report, suite).iter().map(ToString::to_string).collect()
}

/// A certificate with its files and key, made without asking whether the run may be certified.
#[derive(Clone)]
struct Signed {
    certificate: Vec<u8>,
    results: Vec<u8>,
    report: Vec<u8>,
    key: key::PublicKey,
}

impl Signed {
    fn new(results: &Results, algorithm: Algorithm) -> Self {
        Self::saying(results, algorithm, |_| {})
    }

    fn saying(results: &Results, algorithm: Algorithm, change: impl FnOnce(&mut Certified)) -> Self {
        Self::sign(results, None, algorithm, change)
    }

    fn of_upgrade(after: &Results, runs: &Runs<'_>, change: impl FnOnce(&mut Certified)) -> Self {
        Self::sign(after, Some(runs), Algorithm::Ed25519, change)
    }

    fn sign(
        results: &Results,
        runs: Option<&Runs<'_>>,
        algorithm: Algorithm,
        change: impl FnOnce(&mut Certified),
    ) -> Self {
        let home = tempfile::tempdir().expect("there is room");
        let (_, key) = make(&home.path().join("key"), algorithm).expect("it can be made");
        let private = PrivateKey::read(&home.path().join("key")).expect("it is a key");
        let (file, report) = (file_of(report::Format::Json, results), file_of(report::Format::Html, results));
        let signatory = Signer::here(vec!["Jane Doe".to_owned()]);
        let files = Files { results_sha256: &sha256(&file), report_sha256: &sha256(&report) };
        let mut certified = of(results, &files, runs, signatory);
        change(&mut certified);
        let statement = serde_json::to_vec(&certified).expect("it can be written");
        let certificate = Envelope::sign(&statement, &private).expect("it signs").to_file().into_bytes();
        Self { certificate, results: file, report, key }
    }

    fn verify(&self, suite: &Suite, on: Date) -> Verification {
        let Self { certificate, results, report, key } = self;
        verify(
            &Given {
                certificate,
                key,
                results,
                report,
                before: None,
                during: None,
                on,
                server: None,
                allow_stand_in: false,
            },
            suite,
        )
    }
}

/// Results of `survival` on the same server, between a run an hour before and the run after.
fn surviving(suite: &Suite, outcome: Outcome) -> Results {
    let (after, catalogue) = (conforming(suite), Catalogue::survival().expect("it is right"));
    let mut scenarios = after.scenarios[..catalogue.iter().count()].to_vec();
    for (scenario, entry) in scenarios.iter_mut().zip(catalogue.iter()) {
        scenario.requirements = vec![entry.id.to_string()];
    }
    let rolled = roll_up(&VerdictInput {
        catalogue: &catalogue,
        scenarios: &scenarios,
        profile: after.profile,
        waivers: &[],
        today: DAY,
    });
    let (requirements, counts, verdict) = (rolled.requirements, rolled.counts, rolled.verdict);
    let started_at = before(suite).started_at + Span::new().minutes(30);
    let results = Results { scenarios, requirements, counts, verdict, started_at, ..after };
    if outcome == Outcome::Passed {
        return results;
    }
    let failed = with(results, "SURVIVE-1", outcome);
    let rolled = roll_up(&VerdictInput {
        catalogue: &catalogue,
        scenarios: &failed.scenarios,
        profile: failed.profile,
        waivers: &[],
        today: DAY,
    });
    Results { requirements: rolled.requirements, counts: rolled.counts, verdict: rolled.verdict, ..failed }
}

fn before(suite: &Suite) -> Results {
    let after = conforming(suite);
    Results { started_at: after.started_at - Span::new().hours(1), ..after }
}

#[test]
fn an_upgrade_is_certified_with_what_its_sessions_survived() {
    let suite = suite();
    let (before, after) = (before(&suite), conforming(&suite));
    let refused = |during: &Results| -> Vec<String> {
        let during = Some(During { results: during, sha256: String::new() });
        let runs = Runs { before: &before, before_sha256: String::new(), agreed: None, during };
        upgrade::obstacles(&runs, &after, &suite).iter().map(ToString::to_string).collect()
    };
    let kept = surviving(&suite, Outcome::Passed);
    assert_eq!(refused(&kept), [""; 0]);
    for (changed, reason) in [
        (surviving(&suite, Outcome::Failed), "the server breaks SURVIVE-1; "),
        (surviving(&suite, Outcome::Skipped), "SURVIVE-1 was skipped "),
        (Results { started_at: after.started_at, ..kept.clone() }, "the restart does not lie between the two runs; "),
        (
            Results { target: TargetInfo { base_url: None, ..kept.target.clone() }, ..kept.clone() },
            "the restart was judged on another server; ",
        ),
        (
            Results { verdict: Verdict::Nonconformant, ..kept.clone() },
            "its verdict is not conformant, but by the rules ",
        ),
        (after.clone(), "--survival is not given results of `survival`; "),
    ] {
        assert!(refused(&changed).iter().any(|it| it.starts_with(reason)), "{reason}: {:?}", refused(&changed));
    }

    let runs = |during| Runs {
        before: &before,
        before_sha256: sha256(&file_of(report::Format::Json, &before)),
        agreed: None,
        during,
    };
    let (before_file, during_file) = (file_of(report::Format::Json, &before), file_of(report::Format::Json, &kept));
    let during = || Some(During { results: &kept, sha256: sha256(&during_file) });
    let certified = Signed::of_upgrade(&after, &runs(during()), |_| {});
    let holds = |signed: &Signed, during: Option<&[u8]>| {
        let Signed { certificate, results, report, key } = signed;
        let (before, on) = (Some(&before_file[..]), DAY);
        verify(
            &Given { certificate, key, results, report, before, during, on, server: None, allow_stand_in: false },
            &suite,
        )
    };
    assert_eq!(holds(&certified, Some(&during_file)).findings, [""; 0]);
    assert!(holds(&certified, None).unchecked.is_some_and(|it| it.contains("--survival FILE")));
    let other = file_of(report::Format::Json, &surviving(&suite, Outcome::Failed));
    assert_eq!(holds(&certified, Some(&other)).findings, ["during/results.json is not the file that was certified"]);
    let told = Signed::of_upgrade(&after, &runs(during()), |it| {
        let survived = it.predicate.upgrade.as_mut().and_then(|upgrade| upgrade.survived.as_mut());
        survived.expect("it is certified").observations.clear();
    });
    assert_eq!(holds(&told, Some(&during_file)).findings, ["the certificate says another survived than its results"]);
}

#[test]
fn altered_certificates_do_not_hold() {
    let suite = suite();
    let signed = Signed::new(&conforming(&suite), Algorithm::Ed25519);
    let whole = String::from_utf8(signed.certificate.clone()).expect("it is text");
    let Signed { results, report, key, .. } = &signed;
    crate::mutation::read_altered(&[&whole], |text| {
        let certificate = text.as_bytes();
        let given = Given {
            certificate,
            key,
            results,
            report,
            before: None,
            during: None,
            on: DAY,
            server: None,
            allow_stand_in: false,
        };
        assert!(text == whole || !verify(&given, &suite).findings.is_empty(), "{text}");
    });
}

#[test]
fn a_certificate_of_another_server_does_not_hold() {
    let suite = suite();
    let signed = Signed::new(&conforming(&suite), Algorithm::Ed25519);
    let verify = |server| {
        let Signed { certificate, results, report, key } = &signed;
        let given = Given {
            certificate,
            key,
            results,
            report,
            before: None,
            during: None,
            on: DAY,
            server,
            allow_stand_in: false,
        };
        verify(&given, &suite).findings
    };
    assert_eq!(verify(Some("https://bo.example/rest")), [""; 0]);
    let other = "it is a certificate of https://bo.example/rest, and not of https://other.example/rest";
    assert_eq!(verify(Some("https://other.example/rest")), [other]);
}

/// Runs that must not be certified, each with what is said about it.
fn not_to_be_certified(suite: &Suite) -> Vec<(&'static str, Results)> {
    let good = || conforming(suite);
    let change = |change: fn(&mut Results)| {
        let mut results = good();
        change(&mut results);
        results
    };
    let rejudged = |results| judged(results, suite, &[]);
    vec![
        ("the server breaks OTT-2; have it repaired", rejudged(with(good(), "OTT-2", Outcome::Failed))),
        ("OTT-2 was skipped (", rejudged(with(good(), "OTT-2", Outcome::Skipped))),
        ("ISSUE-2 was not judged (", rejudged(with(good(), "ISSUE-2", Outcome::Inconclusive))),
        ("the verdict of OTT-2 does not follow from its scenarios", with(good(), "OTT-2", Outcome::Failed)),
        (
            "secrets stand in what the run of 2026-11-24T06:00:00Z wrote (reports/report.html: ‹password #1›)",
            change(|it| it.leaks.push("reports/report.html: ‹password #1›".to_owned())),
        ),
        (
            "the run of 2026-11-24T06:00:00Z may have left the access lifetime changed; run `bo-conformance restore",
            change(|it| it.settings_not_restored.push(crate::results::sample::not_restored())),
        ),
        ("only a part of the suite was run", change(|it| it.selection.complete = false)),
        ("scenarios of the suite are missing: ", rejudged(change(|it| drop(it.scenarios.pop())))),
        (
            "it has more scenarios than the suite",
            rejudged(change(|it| {
                let last = it.scenarios.last().cloned();
                it.scenarios.extend(last);
            })),
        ),
        ("scenarios are not those of the suite: ", change(|it| it.scenarios[0].tags.clear())),
        ("scenarios are not those of the suite: ", change(|it| it.scenarios[3].requirements.clear())),
        ("scenarios are not those of the suite: ", change(|it| drop(it.scenarios[0].steps.pop()))),
        ("scenarios are not those of the suite: ", change(|it| it.scenarios[0].steps[0].text.push('x'))),
        (
            "verdicts of scenarios do not follow from their steps: ",
            change(|it| it.scenarios[5].steps[0].verdict = Outcome::Failed),
        ),
        ("the requirements listed are not those", change(|it| drop(it.requirements.remove(7)))),
        ("differs from the suite", change(|it| it.requirements[7].statement.push('x'))),
        ("does not follow from its scenarios", change(|it| it.requirements[7].verdict = RequirementVerdict::Warn)),
        ("the counts are not those", change(|it| it.counts.requirements.pass += 1)),
        (
            "its verdict is inconclusive, but by the rules it is conformant",
            change(|it| it.verdict = Verdict::Inconclusive),
        ),
        ("the waiver of OTT-2 by auth team did not hold on the day of the run (its last day: 2026-11-23)", {
            let mut late = waived(suite, DAY);
            for waiver in late.requirements.iter_mut().filter_map(|it| it.waived.as_mut()) {
                waiver.expires = date(2026, 11, 23);
            }
            late
        }),
        (
            "is not as recorded",
            change(|it| {
                let (reason, owner, expires) = ("none".to_owned(), "nobody".to_owned(), date(2030, 1, 1));
                it.requirements[7].waived = Some(WaiverTerms { reason, owner, expires });
            }),
        ),
    ]
}

#[test]
fn a_complete_and_conformant_run_is_certified() {
    let suite = suite();
    assert_eq!(refused(&conforming(&suite), &suite), [""; 0]);
    let unobserved = judged(with(conforming(&suite), "ERROR-6", Outcome::Skipped), &suite, &[]);
    assert_eq!(refused(&unobserved, &suite), [""; 0]);
    let waived = waived(&suite, DAY);
    assert_eq!(refused(&waived, &suite), [""; 0]);
    let statement = of(&waived, &NO_FILES, None, Signer::here(Vec::new())).predicate;
    assert_eq!((statement.result, statement.warned_tests), (InToto::Warned, vec!["OTT-2".to_owned()]));
    assert_eq!(statement.certification.waivers.len(), 1);
}

/// A complete run of a client that keeps everything and uses no one-time token.
fn conforming_client(suite: &Suite) -> Results {
    let catalogue = Catalogue::for_clients().expect("it is right");
    let mut scenarios = client_test::scenarios(&catalogue);
    for scenario in &mut scenarios {
        let is_used = !["CLIENT-33", "CLIENT-34"].contains(&scenario.requirements[0].as_str());
        scenario.verdict = if is_used { Outcome::Passed } else { Outcome::Skipped };
        scenario.steps.iter_mut().for_each(|step| step.verdict = scenario.verdict);
    }
    let files = vec![ClientFile { name: "shop.py".into(), sha256: sha256(b"shop") }];
    let client =
        ClientInfo { program: "python3".into(), user_agent: Some("shop/2.1".into()), files, starts: 1, requests: 90 };
    let conforming = conforming(suite);
    rejudged_client(Results {
        suite: SuiteInfo { digest: client_test::rules_digest(), ..conforming.suite },
        target: TargetInfo { base_url: None, ..conforming.target },
        client: Some(client),
        scenarios,
        observations: Vec::new(),
        ..conforming
    })
}

fn rejudged_client(results: Results) -> Results {
    let catalogue = Catalogue::for_clients().expect("it is right");
    let today = results.day();
    let rolled = roll_up(&VerdictInput {
        catalogue: &catalogue,
        scenarios: &results.scenarios,
        profile: results.profile,
        waivers: &[],
        today,
    });
    Results { requirements: rolled.requirements, counts: rolled.counts, verdict: rolled.verdict, ..results }
}

#[test]
fn the_run_of_a_client_is_certified_as_one_of_a_client() {
    let suite = suite();
    let results = conforming_client(&suite);
    assert_eq!(refused(&results, &suite), [""; 0]);
    let signed = Signed::new(&results, Algorithm::Ed25519);
    let verification = signed.verify(&suite, DAY);
    assert_eq!(verification.findings, [""; 0]);
    let certified = verification.certified.expect("it is read");
    let page = render_certificate(&certified, &signed.key);
    assert!(page.contains("python3 shop.py, which names itself shop/2.1"), "{page}");
    assert!(page.contains(&sha256(b"shop")) && !page.contains("WARNING"), "{page}");
    let sheet = render_sheet(&certified, &results, &signed.key, "").expect("the template is right");
    assert!(sheet.contains("client of the token API of a BackOffice server"), "{sheet}");
    let server = Some("https://bo.example/rest");
    let Signed { certificate, results, report, key } = &signed;
    let given =
        Given { certificate, key, results, report, before: None, during: None, on: DAY, server, allow_stand_in: false };
    let other = "it is a certificate of a client, and not of https://bo.example/rest";
    assert_eq!(verify(&given, &suite).findings, [other]);
}

#[test]
fn a_client_that_breaks_or_does_not_show_a_requirement_is_not_certified() {
    let suite = suite();
    let changed = |outcome| rejudged_client(with(conforming_client(&suite), "CLIENT-8", outcome));
    let part = Results {
        selection: SelectionInfo { complete: false, ..SelectionInfo::default() },
        ..conforming_client(&suite)
    };
    for (complaint, results) in [
        ("the client breaks CLIENT-8", changed(Outcome::Failed)),
        ("CLIENT-8 was not judged (", changed(Outcome::Inconclusive)),
        ("only a part of the suite was run", part),
        ("does not follow from its scenarios", with(conforming_client(&suite), "CLIENT-8", Outcome::Failed)),
        ("it was judged by suite", Results { client: None, ..conforming_client(&suite) }),
    ] {
        let refused = refused(&results, &suite);
        assert!(refused.iter().any(|line| line.contains(complaint)), "{complaint}: {refused:?}");
    }
}

#[test]
fn every_other_run_is_refused_and_a_signature_does_not_help_it() {
    let suite = suite();
    for (complaint, results) in not_to_be_certified(&suite) {
        let refused = refused(&results, &suite);
        assert!(refused.iter().any(|line| line.contains(complaint)), "{complaint}: {refused:?}");
        let verification = Signed::new(&results, Algorithm::Ed25519).verify(&suite, DAY);
        let told = complaint.split(';').next().unwrap_or_default();
        let findings = verification.findings;
        assert!(findings.iter().any(|line| line.contains(told)), "{complaint}: {findings:?}");
    }
}

#[test]
fn a_report_of_another_run_is_refused() {
    let (suite, mut other) = (suite(), conforming(&suite()));
    let results = conforming(&suite);
    other.duration_ms += 1_000;
    let found = obstacles(&results, &file_of(report::Format::Html, &other), &suite);
    assert!(found[0].to_string().contains("not rendered from these results"), "{found:?}");
    assert_eq!(found.len(), 1);
}

#[test]
fn a_run_by_another_suite_is_for_another_build() {
    let suite = suite();
    let mut results = conforming(&suite);
    results.suite.digest = format!("sha256:{}", "0".repeat(64));
    assert!(refused(&results, &suite)[0].contains("certify it with the build that made it"));
    let verification = Signed::new(&results, Algorithm::Ed25519).verify(&suite, DAY);
    assert_eq!(verification.findings, [""; 0]);
    assert!(verification.unchecked.is_some_and(|build| build.contains(&results.suite.digest)));
}

#[test]
fn a_certificate_holds_until_its_waivers_expire() {
    let suite = suite();
    for algorithm in [Algorithm::Ed25519, Algorithm::EcdsaP256] {
        let last_day = date(2027, 3, 31);
        let signed = Signed::new(&waived(&suite, last_day), algorithm);
        assert_eq!(signed.verify(&suite, last_day).findings, [""; 0]);
        let expired = "the waiver of OTT-2 by auth team expired on 2027-03-31";
        assert_eq!(signed.verify(&suite, date(2027, 4, 1)).findings, [expired]);
    }
}

#[test]
fn a_certificate_may_not_say_more_than_its_results() {
    let suite = suite();
    let results = waived(&suite, date(2027, 3, 31));
    type Change = fn(&mut Certified);
    let changes: [(&str, Change); 9] = [
        ("result", |it| it.predicate.result = InToto::Passed),
        ("warnedTests", |it| it.predicate.warned_tests.clear()),
        ("passedTests", |it| it.predicate.passed_tests.push("OTT-2".to_owned())),
        ("configuration", |it| it.predicate.configuration.clear()),
        ("target", |it| it.predicate.certification.target.name = "production".to_owned()),
        ("profile", |it| it.predicate.certification.profile = Profile::Hardened),
        ("waivers", |it| it.predicate.certification.waivers.clear()),
        ("observations", |it| it.predicate.certification.observations.clear()),
        ("requirements", |it| drop(it.predicate.certification.requirements.pop())),
    ];
    for (name, change) in changes {
        let findings = Signed::saying(&results, Algorithm::Ed25519, change).verify(&suite, DAY).findings;
        assert_eq!(findings, [format!("the certificate says another {name} than its results")]);
    }
    let other = |it: &mut Certified| it.predicate_type = "https://example.com/other".to_owned();
    let findings = Signed::saying(&results, Algorithm::Ed25519, other).verify(&suite, DAY).findings;
    assert!(findings[0].starts_with("it states something else: https://example.com/other"), "{findings:?}");
}

/// A flip anywhere, the same ones in every run of this test.
struct Flips(u64);

impl Flips {
    fn flip(&mut self, content: &mut [u8]) {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let random = self.0 >> 16;
        let at = (random / 255) as usize % content.len();
        // One bit, or any change of the byte.
        content[at] ^= if random.is_multiple_of(2) { 1 << (random % 8) } else { (random % 255) as u8 + 1 };
    }
}

#[test]
fn any_single_change_of_certificate_results_or_report_is_noticed() {
    let suite = suite();
    let mut flips = Flips(4_711);
    for algorithm in [Algorithm::Ed25519, Algorithm::EcdsaP256] {
        let signed = Signed::new(&waived(&suite, DAY), algorithm);
        assert_eq!(signed.verify(&suite, DAY).findings, [""; 0]);
        for round in 0..150 {
            let mut changed = signed.clone();
            match round % 3 {
                0 => flips.flip(&mut changed.certificate),
                1 => flips.flip(&mut changed.results),
                _ => flips.flip(&mut changed.report),
            }
            assert_ne!(changed.verify(&suite, DAY).findings, [""; 0], "round {round}");
        }
    }
}
