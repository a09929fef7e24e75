//! Why a step ends its scenario: the server failed a check, a need is missing, or the step could not be carried out.

use crate::Sensitive;

/// The beginning of the reason of a scenario whose precondition does not hold. The requirement that is broken then follows at the end,
/// as ` (see ISSUE-1)`.
pub const PRECONDITION: &str = "a precondition does not hold";

/// Why a step ends its scenario.
#[derive(Clone, Debug)]
pub enum StepError {
    /// The server's answer is not what the contract says.
    Failed(Mismatch),
    /// The target does not offer what the scenario needs; the reason.
    Skipped(Sensitive),
    /// The harness or the network could not carry it out; the reason.
    Inconclusive(Sensitive),
}

/// An expectation and what came instead.
#[derive(Clone, Debug)]
pub struct Mismatch {
    /// What the contract says.
    pub expected: Sensitive,
    /// What the server answered.
    pub answered: Sensitive,
    /// Position of the exchange in question in the scenario's journal.
    pub exchange: Option<usize>,
    /// The requirement that this expectation belongs to when it is not the one being judged.
    pub requirement: Option<&'static str>,
    /// Whether other scenarios that log in at the same server may have brought it about: then it only counts when the scenario
    /// was alone.
    pub may_be_interference: bool,
}

impl Mismatch {
    /// What was expected and what was answered instead.
    pub fn new(expected: impl Into<Sensitive>, answered: impl Into<Sensitive>) -> Self {
        Self {
            expected: expected.into(),
            answered: answered.into(),
            exchange: None,
            requirement: None,
            may_be_interference: false,
        }
    }

    /// Points to the exchange in question.
    #[must_use]
    pub fn at(self, exchange: usize) -> Self {
        Self { exchange: Some(exchange), ..self }
    }

    /// Names the requirement to look at when this was only a precondition.
    #[must_use]
    pub fn requirement(self, requirement: &'static str) -> Self {
        Self { requirement: Some(requirement), ..self }
    }

    /// The same as the reason why something else could not be judged.
    fn as_precondition(&self) -> String {
        let see = self.requirement.map(|id| format!(" (see {id})")).unwrap_or_default();
        let (expected, answered) = (self.expected.expose(), self.answered.expose());
        format!("{PRECONDITION}: expected {expected}, but {answered}{see}")
    }

    /// Turns the mismatch of a precondition into what it means for the scenario: nothing can be said.
    #[must_use]
    pub fn as_inconclusive(&self) -> StepError {
        StepError::inconclusive(self.as_precondition())
    }
}

impl StepError {
    /// The target does not offer what the scenario needs.
    pub fn skipped(reason: impl Into<Sensitive>) -> Self {
        Self::Skipped(reason.into())
    }

    /// The step could not be carried out.
    pub fn inconclusive(reason: impl Into<Sensitive>) -> Self {
        Self::Inconclusive(reason.into())
    }

    /// What happened, as one sentence. It may quote an answer, so it is masked before it is shown.
    #[must_use]
    pub fn reason(&self) -> Sensitive {
        match self {
            Self::Failed(mismatch) => {
                format!("expected {}, but {}", mismatch.expected.expose(), mismatch.answered.expose()).into()
            }
            Self::Skipped(reason) | Self::Inconclusive(reason) => reason.clone(),
        }
    }
}

impl From<Mismatch> for StepError {
    fn from(mismatch: Mismatch) -> Self {
        Self::Failed(mismatch)
    }
}
