//! What one scenario knows: the tokens it holds, the answers to its last action, and what it changed. Sentences act on it and
//! judge by it; it is never shown, for it holds tokens.

mod node_answer;
mod same_call;
mod settings;
mod tokens;
mod waiting;

use std::{fmt, io, sync::Arc, time::Duration};

pub(crate) use node_answer::NodeAnswer;
pub(crate) use same_call::SameCall;
pub(crate) use settings::{Change, ChangeToken};
pub(crate) use waiting::{Life, announced, used_in_time};

use crate::{
    AnswerSummary, Journal, Mismatch, Schemas, Secret, Site, StepError,
    api::Api,
    check::comparison::Comparison,
    client::Trouble,
    fake,
    message::Answer,
    target::Credentials,
    tokens::{OneTime, Pair},
};

/// The state of one scenario.
pub struct World {
    pub(crate) api: Api,
    pub(crate) journal: Journal,
    /// When the scenario began, on the target's clock.
    pub(crate) began: Duration,
    /// Newest last.
    pub(crate) pairs: Vec<Pair>,
    /// In the order they came from the source.
    pub(crate) one_time: Vec<OneTime>,
    /// The answers to the last action.
    pub(crate) answers: Vec<Answer>,
    /// Of a race that repeats: the answers of each round.
    pub(crate) rounds: Vec<Vec<Answer>>,
    /// Answers of single nodes to the last action.
    pub(crate) by_node: Vec<NodeAnswer>,
    /// The lifetime that each of them must have, where one was changed, and the one that it has.
    pub(crate) node_lifetimes: Vec<(Duration, Duration)>,
    /// Answers of every node to the same calls.
    pub(crate) same_calls: Vec<SameCall>,
    /// What was found wrong with the pairs of a race when they were tried.
    pub(crate) unusable: Option<Mismatch>,
    /// The secrets that the last action sent and no answer may repeat.
    pub(crate) sent: Vec<Secret>,
    /// The refusals that the last action got to compare.
    pub(crate) comparison: Option<Comparison>,
    /// The last change of a lifetime, and what was announced before it.
    pub(crate) change: Option<Change>,
    /// Whether the server accepted, or made all the same, a change that it should refuse.
    pub(crate) may_be_changed: bool,
    /// Whether a pair may be taken over that another scenario left.
    pub(crate) takes_spares: bool,
    pub(crate) error_code: Option<String>,
    pub(crate) needed_access_token: Option<bool>,
    /// What the times of refusals tell of a login.
    pub(crate) time_difference: Option<Mismatch>,
    /// What a call is answered with its token, where it is sent without one too.
    pub(crate) genuine: Option<Answer>,
    /// The schemas beside features of the user.
    pub(crate) own_schemas: Option<Arc<Schemas>>,
}

impl World {
    /// The world of a scenario on this site. What goes over the wire is recorded in the journal.
    #[must_use]
    pub fn on(site: Arc<Site>, journal: Journal) -> Self {
        let began = site.clock.now();
        Self {
            api: Api::new(site, journal.clone()),
            journal,
            began,
            pairs: Vec::new(),
            one_time: Vec::new(),
            answers: Vec::new(),
            rounds: Vec::new(),
            by_node: Vec::new(),
            node_lifetimes: Vec::new(),
            same_calls: Vec::new(),
            unusable: None,
            sent: Vec::new(),
            comparison: None,
            change: None,
            may_be_changed: false,
            takes_spares: false,
            error_code: None,
            needed_access_token: None,
            time_difference: None,
            genuine: None,
            own_schemas: None,
        }
    }

    /// The same, which begins with pairs that other scenarios left, where there are any: it neither judges logins nor waits.
    #[must_use]
    pub fn with_spares(self) -> Self {
        Self { takes_spares: true, ..self }
    }

    /// Leaves the pairs of its logins that no request has used to other scenarios.
    pub fn leave_spares(&mut self) {
        for pair in std::mem::take(&mut self.pairs) {
            if self.api.is_unused(&pair) {
                self.api.leave_pair(pair);
            }
        }
    }

    /// The same with schemas that features of the user bring along.
    #[must_use]
    pub fn with_schemas(self, own: Arc<Schemas>) -> Self {
        Self { own_schemas: Some(own), ..self }
    }

    pub(crate) fn site(&self) -> &Site {
        &self.api.site
    }

    pub(crate) fn user(&self) -> Credentials {
        self.site().target.user.clone()
    }

    /// # Errors
    /// Skips the scenario when the target has no second user.
    pub(crate) fn second_user(&self) -> Result<Credentials, StepError> {
        let second = self.site().target.second_user.clone();
        second.ok_or_else(|| StepError::skipped("no second user is configured (`second_user`)"))
    }

    /// Makes this the answer that the next steps judge.
    pub(crate) fn answered(&mut self, answer: Answer) {
        self.answers = vec![answer];
    }

    /// Notes that the answers to an action that has just ended are judged.
    pub fn has_acted(&self) {
        self.answers.iter().for_each(|answer| self.judges(answer));
    }

    /// Notes that an answer is judged.
    pub(crate) fn judges(&self, answer: &Answer) {
        let site = self.site();
        let summary = AnswerSummary::from_answer(answer, &site.target.dialect, &site.redactor);
        self.journal.judged(answer.exchange, summary);
    }

    /// Makes these the answers that the next sentences compare.
    pub(crate) fn compare(&mut self, comparison: Comparison) {
        self.answers = comparison.answers().cloned().collect();
        self.comparison = Some(comparison);
    }

    /// The answers to the last action.
    ///
    /// # Errors
    /// When the last action got none, which would let every check pass.
    pub(crate) fn judged(&self) -> Result<&[Answer], StepError> {
        if self.answers.is_empty() {
            return Err(StepError::inconclusive("no answer to judge"));
        }
        Ok(&self.answers)
    }

    /// The last answer to the last action.
    pub(crate) fn answer(&self) -> Result<&Answer, StepError> {
        self.answers.last().ok_or_else(|| StepError::inconclusive("no answer to judge"))
    }

    /// Checks every answer of the last action.
    pub(crate) fn each(&self, check: impl Fn(&Answer) -> Result<(), Mismatch>) -> Result<(), StepError> {
        let judge = |answer: &Answer| check(answer).map_err(|mismatch| self.mark_interference(answer, mismatch));
        self.judged()?.iter().try_for_each(judge).map_err(StepError::from)
    }

    /// Keeps the answers of a race; racers that had trouble or were throttled did not take part.
    ///
    /// # Errors
    /// When fewer than two requests of a race were answered. Where the server was asked too fast, the race is held again later.
    pub(crate) fn raced(&mut self, results: Vec<Result<Answer, Trouble>>) -> Result<Vec<Answer>, StepError> {
        let racers = results.len();
        let mut answers = Vec::with_capacity(racers);
        let mut trouble = None;
        for result in results {
            match result {
                Ok(answer) => answers.push(answer),
                Err(error) => trouble = Some(error.to_string()),
            }
        }
        if answers.len() < 2 {
            let reason = trouble.unwrap_or_else(|| "the target's `burst` allows no race".to_owned());
            return Err(StepError::inconclusive(format!(
                "{} of {racers} requests were answered: {reason}",
                answers.len()
            )));
        }
        if let Some(trouble) = trouble {
            let note = format!("{} of {racers} requests met at the server: {trouble}", answers.len());
            self.journal.note(self.site().redactor.mask(&note));
        }
        Ok(answers)
    }

    /// How many requests may meet at one moment: those asked for, or as many as the target's `burst` and the server allow.
    pub(crate) fn racers(&self, wanted: usize) -> usize {
        let site = self.site();
        let burst = site.target.pace.burst.get();
        wanted.min(site.pacer.burst().map_or(burst, |found| found.min(burst)) as usize)
    }

    /// Whether requests cost little here: on the stand-in, and on a deployment that may be asked fast.
    pub(crate) fn is_unhurried(&self) -> bool {
        !self.site().target.frugal
    }

    /// Some of these inputs where requests are dear, else all; says so in the report. `place` is where they are sent: places get
    /// different inputs of one class, and other seeds others.
    pub(crate) fn draw<T>(&self, what: &str, all: Vec<T>, place: usize, most: usize) -> Vec<T> {
        let count = all.len();
        if self.is_unhurried() || count <= most {
            return all;
        }
        let note = format!(
            "{most} of {count} {what} were sent, drawn by the seed {}: at this pace each run sends others",
            fake::run_seed()
        );
        self.journal.note(self.site().redactor.mask(&note));
        fake::draw(all, place, most)
    }

    /// Whether races may take more one-time tokens than they must.
    pub(crate) fn has_plenty_of_one_time_tokens(&self) -> bool {
        self.site().one_time.as_ref().is_some_and(|source| source.is_plentiful())
    }

    /// Writes down what the server chose where the contract leaves a choice.
    pub(crate) fn observe(&self, question: &str, answer: &str) {
        self.journal.observe(question, self.site().redactor.mask(answer));
    }
}

impl cucumber::World for World {
    type Error = io::Error;

    async fn new() -> Result<Self, io::Error> {
        Err(io::Error::other("the runner makes a world, on a site"))
    }
}

impl fmt::Debug for World {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("World")
    }
}
