//! Explores: learns, walks, runs a violation again, shrinks it. One walk is an episode that begins anew; a server of its own where there
//! is one to be had.

use std::{
    collections::HashSet,
    time::{Duration, Instant},
};

use super::{
    act::Outcome,
    behaviour::Behaviour,
    coverage::Coverage,
    deviate::Decks,
    finding::Finding,
    judge::Violation,
    learn::{Effort, learn},
    model::Model,
    operation::{Operation, Step},
    random::Random,
    run_step::run_step,
    shrink::shrink,
    tour,
    walk::{Lasting, Next, Walk, cover},
    wire::Link,
};
use crate::results::ExplorationInfo;

/// How much is explored, and how.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Budget {
    /// Requests of the survey of inputs that comes before the walks.
    pub(crate) survey: u64,
    pub(crate) requests: u64,
    pub(crate) seed: u64,
    pub(crate) actors: usize,
    /// Longest time, all in all.
    pub(crate) time: Option<Duration>,
    /// After so many findings it ends.
    pub(crate) findings: usize,
}

/// What exploring found, with its counts.
#[derive(Clone, Debug)]
pub(crate) struct Exploration {
    pub(crate) info: ExplorationInfo,
    pub(crate) findings: Vec<Finding>,
    pub(crate) behaviour: Behaviour,
}

/// Steps of one episode; the seed decides which.
const EPISODES: [usize; 6] = [40, 60, 90, 120, 160, 260];

/// Steps of an episode that meets one thing after the other and begins with many tokens.
const SYSTEMATIC: usize = 500;

/// A survey of so many requests is shared with histories.
const SHARED: u64 = 2_000;

/// Answers that did not come in a row, after which exploring ends.
const SILENCE: u64 = 12;

/// Explores a server.
pub(crate) async fn explore<L: Link>(link: &mut L, budget: Budget) -> Exploration {
    let began = Instant::now();
    let budget = Budget { requests: budget.requests.saturating_add(budget.survey), ..budget };
    let behaviour = learn(link, Effort::for_requests(budget.requests, link.facts())).await;
    let mut exploring = Exploring {
        exploration: Exploration { info: ExplorationInfo::new(budget.seed), findings: Vec::new(), behaviour },
        coverage: Coverage::default(),
        decks: Decks::default(),
        random: Random::new(budget.seed),
        known: HashSet::new(),
        silence: 0,
        shrinking: 0,
        waits: true,
        episodes: 0,
        lifetimes: None,
        lengthened: None,
        began,
        budget,
    };
    while !exploring.is_over(link) {
        exploring.episode(link).await;
    }
    let (transitions, input_classes) = exploring.coverage.counts();
    let Exploration { info, findings, behaviour } = exploring.exploration;
    let info =
        ExplorationInfo { transitions, input_classes, requests: link.requests(), findings: findings.len(), ..info };
    Exploration { info, findings, behaviour }
}

struct Exploring {
    exploration: Exploration,
    coverage: Coverage,
    decks: Decks,
    random: Random,
    /// What has been found already, so that it does not hide what else there is.
    known: HashSet<String>,
    silence: u64,
    /// Requests by which findings were run again and shrunk.
    shrinking: u64,
    /// Whether other lifetimes than those of the run are still to be waited for.
    waits: bool,
    /// How many walks there were: of a survey every third is of histories once all else has been met.
    episodes: usize,
    /// Lifetimes in force on a server that all walks share.
    lifetimes: Option<[Option<Duration>; 3]>,
    /// What they were in seconds before a walk of histories made them longer.
    lengthened: Option<[u64; 3]>,
    began: Instant,
    budget: Budget,
}

impl Exploring {
    fn is_over<L: Link>(&self, link: &L) -> bool {
        self.sent(link) >= self.most_requests(link)
            || self.budget.time.is_some_and(|time| self.began.elapsed() >= time)
            || self.exploration.findings.len() >= self.budget.findings
            || self.silence >= SILENCE
    }

    /// The survey is for servers that take any number of requests: of one that turns out not to, only what was asked for is explored.
    fn most_requests<L: Link>(&self, link: &L) -> u64 {
        if link.is_slowed() { self.budget.requests - self.budget.survey } else { self.budget.requests }
    }

    /// Requests that count towards the budget: on a server without a limit, what shrinking takes is not taken from what is tried.
    fn sent<L: Link>(&self, link: &L) -> u64 {
        link.requests() - if link.facts().is_unlimited && !link.facts().turned { self.shrinking } else { 0 }
    }

    fn model<L: Link>(&self, link: &L) -> Model {
        let facts = link.facts();
        let behaviour = self.exploration.behaviour.clone();
        let mut model = Model::new(behaviour, facts.users.len(), facts.margin, facts.one_time_lifetime);
        if let Some(lifetimes) = self.lifetimes {
            model.lifetimes = lifetimes;
            model.changes = 1;
        }
        model
    }

    async fn episode<L: Link>(&mut self, link: &mut L) {
        link.renew();
        let mut model = self.model(link);
        let actors = 1 + self.random.below(self.budget.actors.max(1));
        let mut walk = self.walk(link, actors);
        let length = if walk.is_systematic() { SYSTEMATIC } else { self.random.one_of(EPISODES) };
        let mut done: Vec<Step> = Vec::new();
        while done.len() < length && !self.is_over(link) {
            let step = match walk.next(&model, link, &mut self.decks, &mut self.random) {
                Ok(Next::Step(step)) => step,
                Ok(Next::Waited(step)) => {
                    done.push(step);
                    continue;
                }
                Err(time) => {
                    link.pass(time).await;
                    continue;
                }
            };
            self.lengthened = self.lengthened.or(walk.lengthened());
            cover(&step, &model, link.now(), &mut self.coverage);
            let outcome = run_step(&step, &mut model, link).await;
            self.exploration.info.operations += 1;
            match outcome {
                Outcome::LeftOut => {}
                Outcome::Right => {
                    self.silence = 0;
                    done.push(step);
                }
                Outcome::NoAnswer => {
                    self.exploration.info.unanswered += 1;
                    self.silence += 1;
                    done.push(step);
                }
                Outcome::Wrong(violation) => {
                    done.push(step);
                    if self.is_new(&done, &violation) {
                        self.found(link, done, violation).await;
                    }
                    // The model does not know any more what the server thinks.
                    self.carry_over(None, link);
                    return;
                }
            }
        }
        self.carry_over(Some(&model), link);
    }

    /// The next walk. A survey waits once and meets every succession and every two calls at once, then it alternates.
    fn walk<L: Link>(&mut self, link: &L, actors: usize) -> Walk {
        let surveys = self.sent(link) < self.budget.survey;
        let shares = surveys && self.budget.survey >= SHARED;
        let histories = if surveys {
            shares && self.episodes.is_multiple_of(3)
        } else {
            !link.facts().turned && self.random.percent(60)
        };
        self.episodes += 1;
        let users = link.facts().users.len();
        match () {
            () if surveys && std::mem::take(&mut self.waits) => Walk::lives(),
            () if shares && !tour::is_complete(&self.decks.successions, users) => Walk::lasting(Lasting::Tour),
            () if shares && self.decks.has_meetings() => Walk::lasting(Lasting::Meetings),
            () if shares && self.decks.has_numbers() => Walk::lasting(Lasting::Numbers),
            () if histories => Walk::lasting(Lasting::Histories),
            () if surveys => Walk::lasting(Lasting::Survey),
            () => Walk::shortened(actors, self.lengthened.take()),
        }
    }

    /// Settings stay as a walk left them where the next one finds the same server.
    fn carry_over<L: Link>(&mut self, model: Option<&Model>, link: &L) {
        let facts = link.facts();
        if !facts.turned && facts.settings {
            self.lifetimes = Some(model.map_or([None; 3], |model| model.lifetimes));
        }
    }

    /// Whether this has not been found yet: of the same requirement by the same kind of request.
    fn is_new(&mut self, done: &[Step], violation: &Violation) -> bool {
        self.known.insert(signature(done.last(), violation))
    }

    async fn found<L: Link>(&mut self, link: &mut L, done: Vec<Step>, violation: Violation) {
        let mut base = self.model(link);
        if !link.facts().turned && link.facts().settings {
            base.lifetimes = [None; 3];
        }
        let before = link.requests();
        let finding = shrink(link, &base, done, violation).await;
        self.shrinking += link.requests() - before;
        // Several ways of spoiling a request lead to the same few steps.
        let same = |known: &Finding| {
            known.violation.requirement == finding.violation.requirement && known.shape() == finding.shape()
        };
        if !self.exploration.findings.iter().any(same) {
            self.exploration.findings.push(finding);
        }
    }
}

/// What makes two violations the same at first sight.
fn signature(step: Option<&Step>, violation: &Violation) -> String {
    let class = match step.map(|step| &step.operation) {
        Some(Operation::Act(act)) if act.deviation.is_right() => format!("{:?}", act.call),
        Some(Operation::Act(act)) => act.class(),
        Some(Operation::Together(acts)) => format!("together {:?}", acts.first().map(|(_, act)| act.call)),
        _ => "other".to_owned(),
    };
    format!("{} {class}", violation.requirement)
}
