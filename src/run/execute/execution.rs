//! One scenario from its beginning to its end: a site, a world, step after step, and whatever it changed put back.

use std::{rc::Rc, sync::Arc, time::Instant};

use cucumber::{
    event::{self, Retries},
    gherkin::StepType,
};
use steps::{Journal, Masked, Redactor, World};

use super::{
    Emitter, ScenarioRunner,
    finished::{Finished, StepRecord},
    held::{Again, Held},
    order::{PlannedScenario, PlannedStep},
    step::{self, StepEnd},
};
use crate::results::Outcome;

/// How often a scenario is tried alone whose tokens come to the server too late.
const MOST_LATE_TRIES: usize = 2;

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
    /// Runs beside others. Where they may have brought the outcome about, the scenario is given back.
    pub(super) async fn start(self) -> Option<Held> {
        let finished = self.attempt().await;
        if finished.late.is_some() && self.run.backend.is_shared() {
            return Some(Held::Late(self.planned));
        }
        if finished.may_be_interference {
            return Some(Held::Refused(self.planned));
        }
        if finished.refusal_may_be_interference {
            return Some(Held::Doubtful(self.planned, Box::new(finished)));
        }
        self.conclude(finished);
        None
    }

    /// Runs alone, so that the outcome counts.
    pub(super) async fn start_alone(mut self) -> Outcome {
        let mut finished = self.attempt().await;
        for _ in 1..MOST_LATE_TRIES {
            if finished.late.is_some() {
                self.run.backend.fill_bucket().await;
                self.journal = Journal::default();
                finished = self.attempt().await;
            }
        }
        finished.becomes_inconclusive();
        let outcome = finished.outcome;
        self.conclude(finished);
        outcome
    }

    /// Lets an outcome count.
    pub(super) fn conclude(self, finished: Finished) {
        self.run.ledger.finish(self.planned.position, &self.planned.scenario, finished);
        self.end_feature();
    }

    async fn attempt(&self) -> Finished {
        self.begin_feature();
        self.scenario_event(event::Scenario::Started);
        let finished = self.carry_out().await;
        self.run.active.borrow_mut().retain(|active| active.position != self.planned.position);
        self.scenario_event(event::Scenario::Finished);
        finished
    }

    async fn carry_out(&self) -> Finished {
        let began = Instant::now();
        let mut finished = Finished::at(began);
        let missing = self.planned.scenario.needs.iter().find(|need| !self.run.backend.offers(**need));
        if let Some(need) = missing {
            self.leave_out(&mut finished, Outcome::Skipped, need.advice().into());
        } else {
            match self.run.backend.open(&self.planned.scenario.needs).await {
                Ok(place) => {
                    self.on_site(&mut finished, place.site.clone()).await;
                    self.run.backend.take_back(place);
                }
                // Without a site no secret was sent or received.
                Err(reason) => self.leave_out(&mut finished, Outcome::Inconclusive, Redactor::default().mask(&reason)),
            }
        }
        finished.took = began.elapsed();
        finished
    }

    fn leave_out(&self, finished: &mut Finished, outcome: Outcome, reason: Masked) {
        finished.outcome = outcome;
        finished.reason = Some(reason);
        finished.steps.extend(self.planned.steps.iter().map(|step| StepRecord::not_reached(&step.source)));
    }

    async fn on_site(&self, finished: &mut Finished, site: Arc<steps::Site>) {
        let journal = self.journal.clone();
        if let Some(again) = self.again {
            journal.note(again.note());
            site.end_shared_session().await;
        }
        let mut world = World::on(site.clone(), journal.clone());
        for (position, step) in self.planned.steps.iter().enumerate() {
            journal.begin_step(position);
            if finished.outcome == Outcome::Passed {
                self.step(finished, &mut world, step, site.redactor()).await;
            } else {
                finished.steps.push(StepRecord::not_reached(&step.source));
            }
        }
        world.put_back().await;
        finished.late = journal.progress().late().map(|late| site.redactor().mask(&late));
        finished.trace = journal.progress().trace();
        finished.record = journal.take();
        finished.refusal_may_be_interference = finished.passed_on_a_refusal() && world.may_have_interference();
        drop(world);
        finished.mask(site.redactor());
    }

    async fn step(&self, finished: &mut Finished, world: &mut World, step: &PlannedStep, redactor: &Redactor) {
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

    fn begin_feature(&self) {
        let feature = &self.planned.feature;
        if !feature.begun.replace(true) {
            self.emit.event(event::Cucumber::feature_started(feature.source.clone()));
        }
    }

    fn end_feature(&self) {
        let feature = &self.planned.feature;
        feature.left.set(feature.left.get() - 1);
        if feature.left.get() == 0 {
            self.emit.event(event::Cucumber::feature_finished(feature.source.clone()));
        }
    }

    fn scenario_event(&self, event: event::Scenario<World>) {
        self.emit.event(event::Cucumber::scenario(
            self.planned.feature.source.clone(),
            self.planned.scenario.rule.clone(),
            self.planned.scenario.source.clone(),
            event.with_retries(self.again.map(|_| Retries { current: 1, left: 0 })),
        ));
    }
}
