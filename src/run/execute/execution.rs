//! One scenario from its beginning to its end: a site, a world, step after step, and what it changed put back. Its twins judge
//! the same answers.

use std::{iter, mem, rc::Rc, sync::Arc, time::Instant};

use cucumber::{
    event::{self, Retries},
    gherkin::StepType,
};
use steps::{Journal, Masked, Redactor, World};

use super::{
    Emitter, ScenarioRunner,
    finished::{Finished, StepRecord},
    held::{Again, Held},
    order::{PlannedFeature, PlannedScenario, PlannedStep},
    step::{self, StepEnd},
};
use crate::results::Outcome;

/// How often a scenario is tried alone whose tokens come to the server too late.
const MOST_LATE_TRIES: usize = 2;
/// The note of a twin.
const SHARED: &str = "the requests of this scenario were sent once for all scenarios that begin like it";

/// A scenario on its way.
pub(super) struct Execution {
    pub(super) run: Rc<ScenarioRunner>,
    pub(super) emit: Emitter,
    pub(super) planned: PlannedScenario,
    /// Why it is tried again, alone, if it is.
    pub(super) again: Option<Again>,
    /// What it leaves behind.
    pub(super) journal: Journal,
}

impl Execution {
    /// Runs beside others. What they may have brought about is given back.
    pub(super) async fn start(mut self) -> Vec<Held> {
        let all = self.attempt().await;
        let twins = mem::take(&mut self.planned.twins);
        let Self { run, emit, planned, .. } = self;
        let members = iter::once(planned).chain(twins).zip(all);
        members.filter_map(|(planned, finished)| run.hold_or_conclude(planned, finished, &emit)).collect()
    }

    /// Runs alone, so that the outcome counts.
    pub(super) async fn start_alone(mut self) -> Outcome {
        let mut all = self.attempt().await;
        for _ in 1..MOST_LATE_TRIES {
            if all.iter().any(|finished| finished.late.is_some()) {
                self.run.backend.fill_bucket().await;
                self.journal = Journal::default();
                all = self.attempt().await;
            }
        }
        let mut outcome = Outcome::Inconclusive;
        for (planned, mut finished) in self.planned.members().zip(all) {
            finished.becomes_inconclusive();
            outcome = finished.outcome;
            self.run.conclude(planned, finished, &self.emit);
        }
        outcome
    }

    /// What became of the scenario and of each twin.
    async fn attempt(&self) -> Vec<Finished> {
        for planned in self.planned.members() {
            self.begin_feature(&planned.feature);
            self.scenario_event(planned, event::Scenario::Started);
        }
        let finished = self.carry_out().await;
        self.run.active.borrow_mut().retain(|active| active.position != self.planned.position);
        self.planned.members().for_each(|planned| self.scenario_event(planned, event::Scenario::Finished));
        finished
    }

    async fn carry_out(&self) -> Vec<Finished> {
        let began = Instant::now();
        let missing = self.planned.scenario.needs.iter().find(|need| !self.run.backend.offers(**need));
        let mut all = if let Some(need) = missing {
            self.leave_out(began, Outcome::Skipped, &need.advice().into())
        } else {
            match self.run.backend.open(&self.planned.scenario.needs).await {
                Ok(place) => {
                    let all = self.on_site(began, place.site.clone()).await;
                    self.run.backend.take_back(place);
                    all
                }
                // Without a site no secret was sent or received.
                Err(reason) => self.leave_out(began, Outcome::Inconclusive, &Redactor::default().mask(&reason)),
            }
        };
        all.iter_mut().for_each(|finished| finished.took = began.elapsed());
        all
    }

    fn leave_out(&self, began: Instant, outcome: Outcome, reason: &Masked) -> Vec<Finished> {
        let left_out = |planned: &PlannedScenario| {
            let mut finished = Finished { outcome, reason: Some(reason.clone()), ..Finished::at(began) };
            finished.steps.extend(planned.steps.iter().map(|step| StepRecord::not_reached(&step.source)));
            finished
        };
        self.planned.members().map(left_out).collect()
    }

    /// Prepares and acts once; then each member checks, the one whose checks send more as the last.
    async fn on_site(&self, began: Instant, site: Arc<steps::Site>) -> Vec<Finished> {
        let journal = self.journal.clone();
        if let Some(again) = self.again {
            journal.note(again.note());
            site.end_shared_session().await;
        }
        let mut world = World::on(site.clone(), journal.clone()).with_schemas(self.run.suite.own_schemas.clone());
        if self.again.is_none() && !self.planned.scenario.waits() {
            world = world.with_spares();
        }
        let (acts, redactor) = (self.planned.acts(), site.redactor());
        let mut acted = Finished::at(began);
        for (position, step) in self.planned.steps[..acts].iter().enumerate() {
            journal.begin_step(position);
            self.step(&mut acted, &mut world, step, redactor).await;
        }
        let record = journal.take();
        let mut members: Vec<_> = self.planned.members().enumerate().collect();
        members.sort_by_key(|(_, planned)| !planned.only_looks());
        let last = members.last().map(|(at, _)| *at);
        let mut all = Vec::with_capacity(members.len());
        for (at, planned) in members {
            journal.put_back(record.clone());
            if at > 0 {
                journal.begin_step(0);
                journal.note(SHARED);
            }
            let mut finished = acted.for_twin(planned.steps[..acts].iter().map(|step| &step.source));
            for (position, step) in planned.steps.iter().enumerate().skip(acts) {
                journal.begin_step(position);
                self.step(&mut finished, &mut world, step, redactor).await;
            }
            if Some(at) == last {
                world.put_back().await;
            }
            finished.record = journal.take();
            let is_alone = !world.may_have_interference();
            let is_disturbed = !is_alone || world.others_logged_in_meanwhile();
            finished.may_be_interference |= finished.ended_on_a_refusal() && is_disturbed;
            finished.refusal_may_be_interference = finished.passed_on_a_refusal() && !is_alone;
            all.push((at, finished));
        }
        if all.iter().all(|(_, finished)| finished.outcome == Outcome::Passed) {
            world.leave_spares();
        }
        drop(world);
        let late = journal.progress().late().map(|late| redactor.mask(&late));
        all.sort_by_key(|(at, _)| *at);
        let mut all: Vec<Finished> = all.into_iter().map(|(_, finished)| finished).collect();
        for finished in &mut all {
            finished.late.clone_from(&late);
            finished.mask(redactor);
        }
        if let Some(first) = all.first_mut() {
            first.trace = journal.progress().trace();
        }
        all
    }

    async fn step(&self, finished: &mut Finished, world: &mut World, step: &PlannedStep, redactor: &Redactor) {
        if finished.outcome != Outcome::Passed {
            return finished.steps.push(StepRecord::not_reached(&step.source));
        }
        let began = Instant::now();
        let keyword = step.source.ty;
        let ended = match &step.matched {
            Ok(matched) => step::carry_out(keyword, matched.run(world), self.run.step_timeout()).await,
            Err(wrong) => Err(StepEnd::inconclusive(wrong.as_str())),
        };
        if keyword == StepType::When {
            world.has_acted();
        }
        finished.step_ended(&step.source, ended, began.elapsed(), redactor);
    }

    fn begin_feature(&self, feature: &PlannedFeature) {
        if !feature.begun.replace(true) {
            self.emit.event(event::Cucumber::feature_started(feature.source.clone()));
        }
    }

    fn scenario_event(&self, planned: &PlannedScenario, event: event::Scenario<World>) {
        self.emit.event(event::Cucumber::scenario(
            planned.feature.source.clone(),
            planned.scenario.rule.clone(),
            planned.scenario.source.clone(),
            event.with_retries(self.again.map(|_| Retries { current: 1, left: 0 })),
        ));
    }
}

impl ScenarioRunner {
    /// Lets an outcome count, unless others may have brought it about.
    fn hold_or_conclude(&self, planned: PlannedScenario, finished: Finished, emit: &Emitter) -> Option<Held> {
        if finished.late.is_some() && self.backend.is_shared() {
            return Some(Held::Late(planned));
        }
        if finished.may_be_interference {
            return Some(Held::Refused(planned));
        }
        if finished.refusal_may_be_interference {
            return Some(Held::Doubtful(planned, Box::new(finished)));
        }
        self.conclude(&planned, finished, emit);
        None
    }

    /// Lets an outcome count.
    pub(super) fn conclude(&self, planned: &PlannedScenario, finished: Finished, emit: &Emitter) {
        self.ledger.finish(planned.position, &planned.scenario, finished);
        let feature = &planned.feature;
        feature.left.set(feature.left.get() - 1);
        if feature.left.get() == 0 {
            emit.event(event::Cucumber::feature_finished(feature.source.clone()));
        }
    }
}
