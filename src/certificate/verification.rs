//! What must hold for a certificate to be relied on by somebody who was not there.

use jiff::civil::Date;
use serde_json::Value;

use super::{
    completeness,
    envelope::Envelope,
    key::PublicKey,
    recompute,
    rules::Rules,
    statement::{STATEMENT, Statement},
    survived::{DURING, During},
    test_result::{self, Certified, Files, REPORT, RESULTS, TEST_RESULT},
    upgrade::{self, BEFORE, Runs},
};
use crate::{
    client_test,
    hex::sha256,
    results::{self, Results},
    suite::Suite,
};

/// What is held against each other.
pub(crate) struct Given<'a> {
    /// The certificate's file.
    pub(crate) certificate: &'a [u8],
    /// The key that must have signed it.
    pub(crate) key: &'a PublicKey,
    /// The results' file.
    pub(crate) results: &'a [u8],
    /// The report's file.
    pub(crate) report: &'a [u8],
    /// The file of the results before an upgrade, where one is certified.
    pub(crate) before: Option<&'a [u8]>,
    /// The file of the results of `survival` during it, where they are certified.
    pub(crate) during: Option<&'a [u8]>,
    /// The day that waivers are held against.
    pub(crate) on: Date,
    /// The base URL of the server that the certificate must be of, where the reader names one.
    pub(crate) server: Option<&'a str>,
    /// Whether a certificate of the embedded stand-in will do.
    pub(crate) allow_stand_in: bool,
}

/// What came out.
#[derive(Debug, Default)]
pub(crate) struct Verification {
    /// What does not hold; empty where everything does.
    pub(crate) findings: Vec<String>,
    /// What could not be checked, and what is needed for it: the build that judged, or a file that was not given.
    pub(crate) unchecked: Option<String>,
    /// What the certificate says; `None` where it cannot be believed to be the signatory's.
    pub(crate) certified: Option<Certified>,
}

/// Holds a certificate against its key, its files and the rules of this build's suite.
pub(crate) fn verify(given: &Given<'_>, suite: &Suite) -> Verification {
    let statement = Envelope::open(given.certificate, given.key).map_err(|error| error.to_string());
    let certified = match statement.and_then(|statement| read(&statement)) {
        Ok(certified) => certified,
        Err(finding) => return Verification { findings: vec![finding], ..Verification::default() },
    };
    let is_changed = |name, content| certified.sha256_of(name) != Some(&sha256(content));
    let (other_results, other_report) = (is_changed(RESULTS, given.results), is_changed(REPORT, given.report));
    let other_before =
        given.before.is_some_and(|before| certified.predicate.upgrade.is_some() && is_changed(BEFORE, before));
    let has_during = certified.predicate.upgrade.as_ref().is_some_and(|upgrade| upgrade.survived.is_some());
    let other_during = given.during.is_some_and(|during| has_during && is_changed(DURING, during));
    let unchecked =
        other_build(&certified, &rules_digest(&certified, suite)).or_else(|| before_missing(&certified, given));
    let mut findings: Vec<String> =
        [(other_results, RESULTS), (other_report, REPORT), (other_before, BEFORE), (other_during, DURING)]
            .into_iter()
            .filter(|(other, _)| *other)
            .map(|(_, name)| format!("{name} is not the file that was certified"))
            .collect();
    findings.extend(other_server(&certified, given));
    findings.extend(expired(&certified, given.on));
    if !other_results && !other_before && !other_during && unchecked.is_none() {
        findings.extend(content(&certified, given, suite));
    }
    Verification { findings, unchecked, certified: Some(certified) }
}

fn before_missing(certified: &Certified, given: &Given<'_>) -> Option<String> {
    let upgrade = certified.predicate.upgrade.as_ref()?;
    let before = "it certifies an upgrade; give the results of the run before it with --before FILE";
    let during =
        "it certifies what became of tokens during an upgrade; give the results of `survival` with --survival FILE";
    let is_during_missing = upgrade.survived.is_some() && given.during.is_none();
    given.before.is_none().then_some(before).or(is_during_missing.then_some(during)).map(str::to_owned)
}

/// The statement, if it is one of ours.
fn read(statement: &[u8]) -> Result<Certified, String> {
    let marked: Statement<Value> =
        serde_json::from_slice(statement).map_err(|error| format!("its statement cannot be read: {error}"))?;
    if marked.kind != STATEMENT || marked.predicate_type != TEST_RESULT {
        return Err(format!("it states something else: {} of {}", marked.predicate_type, marked.kind));
    }
    serde_json::from_slice(statement).map_err(|error| format!("its statement cannot be read: {error}"))
}

fn expired(certified: &Certified, on: Date) -> Vec<String> {
    let waivers = &certified.predicate.certification.waivers;
    let late = waivers.iter().filter(|it| !it.waiver.is_valid_on(on));
    late.map(|it| format!("the waiver of {} by {} expired on {}", it.requirement, it.waiver.owner, it.waiver.expires))
        .collect()
}

/// Whether it is a certificate of no server, or of another one than the reader means.
fn other_server(certified: &Certified, given: &Given<'_>) -> Option<String> {
    let certification = &certified.predicate.certification;
    match (&certification.target.base_url, given.server) {
        (Some(certified), Some(wanted)) if certified != wanted => {
            Some(format!("it is a certificate of {certified}, and not of {wanted}"))
        }
        (None, Some(wanted)) if certification.client.is_some() => {
            Some(format!("it is a certificate of a client, and not of {wanted}"))
        }
        (None, None) if certification.client.is_some() => None,
        (None, Some(wanted)) => Some(format!("it is a certificate of the embedded stand-in, and not of {wanted}")),
        (None, None) if !given.allow_stand_in => Some(
            "it is a certificate of the embedded stand-in, which proves nothing about any server; to accept that, give \
             --allow-stand-in"
                .to_owned(),
        ),
        _ => None,
    }
}

/// The digest of what this build would judge by.
fn rules_digest(certified: &Certified, suite: &Suite) -> String {
    if certified.predicate.certification.client.is_some() { client_test::rules_digest() } else { suite.digest.clone() }
}

fn other_build(certified: &Certified, digest: &str) -> Option<String> {
    let certification = &certified.predicate.certification;
    (certification.suite.digest != digest).then(|| {
        format!(
            "signature and files belong together; whether the verdict follows from the results is for the build that judged: \
             {} {} with suite {}, while this build has suite {}",
            certification.tool.name, certification.tool.version, certification.suite.digest, digest
        )
    })
}

/// What the certificate says must be what its results say, and they what the rules say.
fn content(certified: &Certified, given: &Given<'_>, suite: &Suite) -> Vec<String> {
    let results = match results::parse(given.results) {
        Ok(results) => results,
        Err(reason) => return vec![format!("{RESULTS} cannot be read: {reason}")],
    };
    let before = match given.before.filter(|_| certified.predicate.upgrade.is_some()).map(results::parse).transpose() {
        Ok(before) => before,
        Err(reason) => return vec![format!("{BEFORE} cannot be read: {reason}")],
    };
    let has_during = certified.predicate.upgrade.as_ref().is_some_and(|upgrade| upgrade.survived.is_some());
    let during = match given.during.filter(|_| has_during).map(results::parse).transpose() {
        Ok(during) => during,
        Err(reason) => return vec![format!("{DURING} cannot be read: {reason}")],
    };
    let runs = before.as_ref().map(|before| Runs {
        before,
        during: during.as_ref().map(|results| During { results, sha256: given.during.map(sha256).unwrap_or_default() }),
        before_sha256: given.before.map(sha256).unwrap_or_default(),
        agreed: certified.predicate.upgrade.as_ref().and_then(|upgrade| upgrade.agreed.clone()),
    });
    let mut of_results = completeness::findings(&results);
    of_results.extend(match Rules::for_results(&results, suite) {
        Ok(rules) => recompute::findings(&results, &rules),
        Err(finding) => vec![finding],
    });
    of_results.extend(runs.iter().flat_map(|runs| upgrade::obstacles(runs, &results, suite)));
    let claims = claims(certified, &results, runs.as_ref(), given).into_iter();
    claims.chain(of_results.into_iter().map(|finding| finding.what)).collect()
}

/// Everything but the signatory is made from the results, so it can be made again.
fn claims(certified: &Certified, results: &Results, upgrade: Option<&Runs<'_>>, given: &Given<'_>) -> Vec<String> {
    let signatory = certified.predicate.certification.signatory.clone();
    let (results_sha256, report_sha256) = (sha256(given.results), sha256(given.report));
    let files = Files { results_sha256: &results_sha256, report_sha256: &report_sha256 };
    let again = test_result::of(results, &files, upgrade, signatory);
    let (Ok(told), Ok(again)) = (serde_json::to_value(&certified.predicate), serde_json::to_value(&again.predicate))
    else {
        return Vec::new();
    };
    let mut differing = Vec::new();
    differences(&told, &again, &mut differing);
    differing.into_iter().map(|name| format!("the certificate says another {name} than its results")).collect()
}

/// The names of fields that differ, those of an object within instead of its own.
fn differences(told: &Value, again: &Value, found: &mut Vec<String>) {
    let (Value::Object(told), Value::Object(again)) = (told, again) else { return };
    for (name, value) in again {
        match told.get(name) {
            Some(other) if other == value => {}
            Some(other) if name.contains("://") => differences(other, value, found),
            _ => found.push(name.clone()),
        }
    }
}
