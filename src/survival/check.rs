//! What was found, requirement by requirement, and its form as scenarios of the results.

use steps::{Masked, Redactor};

use crate::results::{Failure, Outcome, ScenarioResult, StepResult};

/// The feature that the scenarios of `survival` are shown under; it has no file.
const FEATURE: &str = "survival.feature";

/// One comparison of before and after.
pub(super) struct SurvivalCheck {
    pub(super) requirement: &'static str,
    pub(super) name: String,
    pub(super) verdict: Outcome,
    expected: String,
    /// What the server answered, or why nothing was judged.
    answered: String,
}

/// Every comparison, in the order in which they were made.
#[derive(Default)]
pub(crate) struct Checks(pub(super) Vec<SurvivalCheck>);

impl Checks {
    pub(super) fn pass(&mut self, requirement: &'static str, name: impl Into<String>) {
        self.add(requirement, name.into(), Outcome::Passed, String::new(), String::new());
    }

    pub(super) fn fail(
        &mut self,
        requirement: &'static str,
        name: impl Into<String>,
        expected: impl Into<String>,
        answered: impl Into<String>,
    ) {
        self.add(requirement, name.into(), Outcome::Failed, expected.into(), answered.into());
    }

    /// Passes or fails.
    pub(super) fn judge(
        &mut self,
        holds: bool,
        requirement: &'static str,
        name: &str,
        expected: &str,
        answered: impl Into<String>,
    ) {
        if holds {
            self.pass(requirement, name);
        } else {
            self.fail(requirement, name, expected, answered);
        }
    }

    /// The harness or the network prevented the judgement.
    pub(super) fn doubt(&mut self, requirement: &'static str, name: impl Into<String>, reason: impl Into<String>) {
        self.add(requirement, name.into(), Outcome::Inconclusive, String::new(), reason.into());
    }

    /// The target does not offer what is needed.
    pub(super) fn skip(&mut self, requirement: &'static str, name: impl Into<String>, reason: impl Into<String>) {
        self.add(requirement, name.into(), Outcome::Skipped, String::new(), reason.into());
    }

    /// Whether nothing was compared for this requirement.
    pub(super) fn lacks(&self, requirement: &str) -> bool {
        self.0.iter().all(|check| check.requirement != requirement)
    }

    fn add(&mut self, requirement: &'static str, name: String, verdict: Outcome, expected: String, answered: String) {
        self.0.push(SurvivalCheck { requirement, name, verdict, expected, answered });
    }

    /// The scenarios, masked.
    pub(super) fn scenarios(&self, redactor: &Redactor) -> Vec<ScenarioResult> {
        let mask = |text: &str| redactor.mask(text);
        let mut numbered: Vec<ScenarioResult> = Vec::with_capacity(self.0.len());
        for check in &self.0 {
            let before = numbered.iter().filter(|it| it.requirements.iter().any(|id| id == check.requirement)).count();
            numbered.push(check.scenario(before + 1, mask));
        }
        numbered
    }
}

impl SurvivalCheck {
    fn scenario(&self, number: usize, mask: impl Fn(&str) -> Masked) -> ScenarioResult {
        let failed = self.verdict == Outcome::Failed;
        let failure =
            failed.then(|| Failure { expected: mask(&self.expected), answered: mask(&self.answered), exchange: None });
        let reason = (self.verdict != Outcome::Passed).then(|| match failed {
            true => mask(&format!("expected {}; {}", self.expected, self.answered)),
            false => mask(&self.answered),
        });
        ScenarioResult {
            id: format!("{FEATURE}:{} {number}", self.requirement),
            feature: FEATURE.to_owned(),
            line: 1,
            name: format!("{} ({} {number})", self.name, self.requirement),
            tags: vec![self.requirement.to_owned(), "survival".to_owned()],
            requirements: vec![self.requirement.to_owned()],
            verdict: self.verdict,
            reason,
            started_ms: 0.0,
            duration_ms: 0.0,
            steps: vec![StepResult {
                keyword: "Then".to_owned(),
                text: self.name.clone(),
                line: 2,
                verdict: self.verdict,
                duration_ms: 0.0,
                failure,
                note: None,
            }],
            exchanges: Vec::new(),
        }
    }
}
