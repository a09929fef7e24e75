//! What a server answers in one run, reduced to facts that stay the same from run to run.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{
    answer,
    facts::{NONE, SnapshotFacts, join_values},
};
use crate::{
    catalogue::tag,
    results::{Level, Outcome, Results, ScenarioResult, ServerInfo, TokenAlphabet, TokenShape},
};

/// Longest token that surely fits into a header, in characters: servers and proxies take lines of about 8 kB (nginx
/// `large_client_header_buffers`, Apache `LimitRequestFieldSize`, Tomcat `maxHttpHeaderSize`).
const LONGEST_IN_HEADER: usize = 8_000;

/// Everything that is recorded of a server.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Snapshot {
    /// What it calls itself, and its encryption.
    pub(super) server: SnapshotFacts,
    /// The form of its tokens.
    pub(super) tokens: SnapshotFacts,
    /// What it chose where the contract leaves a choice: by requirement, the answer to each question.
    pub(super) observations: BTreeMap<String, SnapshotFacts>,
    /// What it answers, by feature and scenario.
    pub(super) features: BTreeMap<String, BTreeMap<String, ScenarioFacts>>,
}

/// What a server answers in one scenario.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ScenarioFacts {
    pub(super) requirements: BTreeSet<String>,
    /// Whether it judges good practice only, which no client relies on.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub(super) recommendation: bool,
    /// Whether the requirement is kept.
    pub(super) verdict: String,
    /// By step and status, what is common to the answers or which values they have.
    pub(super) answers: BTreeMap<String, BTreeMap<String, SnapshotFacts>>,
}

/// The verdicts of a scene.
pub(super) const KEPT: &str = "kept";
pub(super) const NOT_FOLLOWED: &str = "recommendation not followed";
pub(super) const BROKEN: &str = "broken";

impl Snapshot {
    /// The facts of a run; without scenarios that it could not judge.
    pub(crate) fn from_results(results: &Results) -> Self {
        let levels: BTreeMap<&str, Level> = results.requirements.iter().map(|it| (it.id.as_str(), it.level)).collect();
        let mut features: BTreeMap<String, BTreeMap<String, ScenarioFacts>> = BTreeMap::new();
        let judged = results.scenarios.iter().filter(|it| matches!(it.verdict, Outcome::Passed | Outcome::Failed));
        for scenario in judged.filter(|scenario| !only_observes(scenario, &levels)) {
            let name = scenario.id.strip_prefix(&format!("{}: ", scenario.feature)).unwrap_or(&scenario.id);
            let scenarios = features.entry(scenario.feature.clone()).or_default();
            scenarios.insert(name.to_owned(), ScenarioFacts::new(scenario, &levels));
        }
        let mut observations: BTreeMap<String, SnapshotFacts> = BTreeMap::new();
        for observation in &results.observations {
            observations
                .entry(observation.requirement.clone())
                .or_default()
                .insert(observation.question.clone(), observation.answer.to_string());
        }
        let server = results.target.server.as_ref().map(server_facts).unwrap_or_default();
        Self { server, tokens: token_facts(results), observations, features }
    }

    /// Whether it has no scenario and no observation.
    pub(crate) fn is_empty(&self) -> bool {
        self.features.is_empty() && self.observations.is_empty()
    }
}

/// Such a scenario records an observation; every answer is right.
fn only_observes(scenario: &ScenarioResult, levels: &BTreeMap<&str, Level>) -> bool {
    scenario.requirements.iter().all(|id| levels.get(id.as_str()) == Some(&Level::Observe))
}

impl ScenarioFacts {
    fn new(scenario: &ScenarioResult, levels: &BTreeMap<&str, Level>) -> Self {
        let recommendation = scenario.tags.iter().any(|tag| tag == tag::SHOULD)
            || scenario.requirements.iter().all(|id| levels.get(id.as_str()) == Some(&Level::Should));
        let verdict = match (scenario.verdict, recommendation) {
            (Outcome::Failed, true) => NOT_FOLLOWED,
            (Outcome::Failed, false) => BROKEN,
            _ => KEPT,
        };
        let requirements = scenario.requirements.iter().cloned().collect();
        Self { requirements, recommendation, verdict: verdict.to_owned(), answers: answers(scenario) }
    }
}

fn answers(scenario: &ScenarioResult) -> BTreeMap<String, BTreeMap<String, SnapshotFacts>> {
    let mut all: BTreeMap<String, BTreeMap<String, Vec<SnapshotFacts>>> = BTreeMap::new();
    for exchange in scenario.exchanges.iter().filter(|exchange| exchange.judged.is_some()) {
        let (Some(answer), Some(step)) = (&exchange.answer, scenario.steps.get(exchange.step)) else { continue };
        // Which request loses a race is chance, so only those that win are compared.
        if exchange.race && answer.status >= 300 {
            continue;
        }
        let of_step = all.entry(step.text.clone()).or_default();
        of_step.entry(answer.status.to_string()).or_default().push(answer::facts(exchange, answer));
    }
    let merged = |of_step: BTreeMap<String, Vec<SnapshotFacts>>| {
        of_step.into_iter().map(|(status, answers)| (status, in_common(&answers))).collect()
    };
    all.into_iter().map(|(step, of_step)| (step, merged(of_step))).collect()
}

/// The facts of several answers: each with every value that it has in one of them.
fn in_common(answers: &[SnapshotFacts]) -> SnapshotFacts {
    let whats: BTreeSet<&String> = answers.iter().flat_map(BTreeMap::keys).collect();
    let values = |what: &String| -> BTreeSet<String> {
        answers.iter().map(|facts| facts.get(what).cloned().unwrap_or_else(|| NONE.to_owned())).collect()
    };
    whats.into_iter().map(|what| (what.clone(), join_values(&values(what)))).collect()
}

/// The day a certificate ends is not among them: it moves without an upgrade.
fn server_facts(server: &ServerInfo) -> SnapshotFacts {
    let mut facts: SnapshotFacts = server
        .software
        .iter()
        .map(|one| (format!("software {}", one.header.to_lowercase()), one.value.to_string()))
        .collect();
    let mut put = |what: &str, value: &str| drop(facts.insert(what.to_owned(), value.to_owned()));
    let Some(tls) = &server.tls else {
        put("encryption", NONE);
        return facts;
    };
    put("encryption", &tls.version);
    put("cipher", &tls.cipher);
    put("certificate distrusted", tls.distrust.as_deref().unwrap_or("no"));
    if let Some(certificate) = &tls.certificate {
        put("certificate of", &certificate.subject);
        put("certificate from", &certificate.issuer);
        put("certificate names", &certificate.names.join(", "));
    }
    facts
}

/// The form of all tokens of a run: single tokens differ by chance, as in whether there is a hyphen.
fn token_facts(results: &Results) -> SnapshotFacts {
    let readings = || results.scenarios.iter().flat_map(|it| &it.exchanges).filter_map(|it| it.judged.as_ref());
    let mut facts = SnapshotFacts::new();
    describe("access token", readings().filter_map(|it| it.access_token).collect(), &mut facts);
    describe("refresh token", readings().filter_map(|it| it.refresh_token).collect(), &mut facts);
    facts
}

fn describe(name: &str, forms: Vec<TokenShape>, facts: &mut SnapshotFacts) {
    let (Some(longest), Some(alphabet)) =
        (forms.iter().map(|form| form.characters).max(), forms.iter().map(|form| form.alphabet).max())
    else {
        return;
    };
    let parts: BTreeSet<String> = forms.iter().map(|form| form.parts.to_string()).collect();
    let most = longest.next_power_of_two();
    let form = format!("parts {}, {}, at most {most} characters", join_values(&parts), in_words(alphabet));
    facts.insert(format!("{name} form"), form);
    let fits = match alphabet {
        TokenAlphabet::Other => "no: it has characters that no header carries",
        TokenAlphabet::Visible if name == "access token" => "no: it has characters that no bearer token may have",
        _ if longest > LONGEST_IN_HEADER => "no: it is too long",
        _ => "yes",
    };
    facts.insert(format!("{name} fits a header"), fits.to_owned());
}

fn in_words(alphabet: TokenAlphabet) -> &'static str {
    match alphabet {
        TokenAlphabet::Hexadecimal => "hexadecimal",
        TokenAlphabet::Base64url => "base64url",
        TokenAlphabet::Bearer => "base64 and other marks of bearer tokens",
        TokenAlphabet::Visible => "visible ASCII",
        TokenAlphabet::Other => "any characters",
    }
}
