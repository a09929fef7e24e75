//! Carries scenarios out: our own `cucumber::Runner`, with ordering, step timeouts and skips decided at run time. It emits
//! cucumber's events of run, features and scenarios, which tell how far it is; what every step did is kept in the ledger. Prints
//! nothing.

mod execution;
mod finished;
mod held;
mod ledger;
mod order;
mod paced;
mod step;

use std::{cell::RefCell, collections::HashSet, rc::Rc, sync::Arc, time::Duration};

use cucumber::{Event, Runner, cli, event, gherkin, parser};
use futures::{
    StreamExt,
    channel::mpsc,
    stream::{self, FuturesUnordered, LocalBoxStream, Stream},
};
use steps::{Journal, World};

pub(crate) use ledger::{Closed, Ledger};

use crate::{
    backend::{Backend, Isolation},
    catalogue::Need,
    config::ExploreExtent,
    results::Outcome,
    run::{exploring::explore_backend, pace::RunPace},
    suite::{Selection, Suite},
};
use execution::Execution;
use held::{Again, Held};
use order::{Company, Phase, PlannedScenario, RunOrder};
use paced::Active;

/// Longest time for one step beyond the waits that lifetimes ask for, in which a server that answers nothing is given up.
const STEP_TIMEOUT: Duration = Duration::from_secs(120);

/// How much of a run goes on at one time, and how fast.
pub(crate) struct RunLimits {
    /// How many scenarios run at one time, those that wait for a lifetime not counted.
    pub(crate) concurrency: usize,
    /// Longest wait for a lifetime that a step may contain.
    pub(crate) max_wait: Duration,
    /// How the run is paced; `None` for as fast as it goes.
    pub(crate) pace: Option<RunPace>,
    /// Requests that go into exploring.
    pub(crate) explore: ExploreExtent,
}

/// The scenarios whose requests others send for them, where scenarios share a server that offers these needs.
pub(crate) fn shared_requests(suite: &Suite, selection: &Selection, offers: impl Fn(Need) -> bool) -> HashSet<String> {
    let mut order = RunOrder::default();
    for feature in &suite.features {
        order.add(feature.source.clone(), &suite.catalogue, selection, &suite.steps);
    }
    let phases = order.phases(Isolation::Shared, offers);
    let twins = phases.iter().flat_map(|phase| &phase.scenarios).flat_map(|planned| &planned.twins);
    twins.map(|twin| twin.scenario.id.clone()).collect()
}

/// Runs scenarios on a backend.
pub(crate) struct ScenarioRunner {
    suite: Arc<Suite>,
    selection: Selection,
    backend: Rc<Backend>,
    ledger: Rc<Ledger>,
    concurrency: usize,
    max_wait: Duration,
    pace: Option<RunPace>,
    explore: ExploreExtent,
    active: RefCell<Vec<Active>>,
}

pub(crate) type WorldEvent = parser::Result<Event<event::Cucumber<World>>>;

impl Runner<World> for ScenarioRunner {
    type Cli = cli::Empty;
    type EventStream = LocalBoxStream<'static, WorldEvent>;

    fn run<S>(self, features: S, _: cli::Empty) -> Self::EventStream
    where
        S: Stream<Item = parser::Result<gherkin::Feature>> + 'static,
    {
        let (events, emitted) = mpsc::unbounded();
        let driven = stream::once(self.drive(features, Emitter(events))).filter_map(|()| async { None });
        stream::select(emitted, driven).boxed_local()
    }
}

impl ScenarioRunner {
    /// Runs the selected scenarios of a suite on a backend.
    pub(crate) fn new(
        suite: Arc<Suite>,
        selection: Selection,
        backend: Rc<Backend>,
        ledger: Rc<Ledger>,
        limits: RunLimits,
    ) -> Self {
        let RunLimits { concurrency, max_wait, pace, explore } = limits;
        let active = RefCell::default();
        Self { suite, selection, backend, ledger, concurrency, max_wait, pace, explore, active }
    }

    async fn drive<S>(mut self, features: S, emit: Emitter)
    where
        S: Stream<Item = parser::Result<gherkin::Feature>> + 'static,
    {
        emit.event(event::Cucumber::Started);
        let mut order = RunOrder::default();
        futures::pin_mut!(features);
        while let Some(feature) = features.next().await {
            match feature {
                Ok(feature) => order.add(feature, &self.suite.catalogue, &self.selection, &self.suite.steps),
                Err(error) => emit.error(error),
            }
        }
        emit.event(order.parsing_finished());
        let meeting = self.backend.begin().await;
        let pace = self.pace.take().map(|pace| pace.with_lifetimes(self.backend.set_lifetimes()));
        let run = Rc::new(self);
        let mut held = Vec::new();
        let phases = order.phases(meeting, |need| run.backend.offers(need));
        for phase in phases {
            held.extend(match &pace {
                Some(pace) => run.go_through_paced(pace, phase, &emit).await,
                None => run.go_through(phase, &emit).await,
            });
        }
        run.settle(held, &emit).await;
        if run.selection.is_complete() {
            let explored = explore_backend(&run.backend, run.explore, &run.suite.catalogue).await;
            run.ledger.explored(explored);
        }
        let left_changed = run.backend.end().await;
        run.ledger.left_changed(left_changed);
        emit.event(event::Cucumber::Finished);
    }

    /// Runs the scenarios of a phase, as many at a time as are wanted. Those that spend their time waiting are not counted: they
    /// all begin at once. The others are only made when their turn has come, for a scenario on its way takes some 10 kB. Gives
    /// back what may not count.
    async fn go_through(self: &Rc<Self>, phase: Phase, emit: &Emitter) -> Vec<Held> {
        let start = |planned| self.execution(planned, emit, None).start();
        let Phase { scenarios, company } = phase;
        let are_apart = company != Company::All;
        let waits = |planned: &PlannedScenario| !are_apart && self.backend.is_shared() && planned.scenario.waits();
        let (free, counted): (Vec<_>, Vec<_>) = scenarios.into_iter().partition(waits);
        let free: FuturesUnordered<_> = free.into_iter().map(start).collect();
        let at_once = if are_apart { 1 } else { self.concurrency.max(1) };
        let counted = stream::iter(counted).map(start).buffer_unordered(at_once);
        stream::select(free, counted).flat_map(stream::iter).collect().await
    }

    /// Tries again alone what must be, and, where that shows that the server ends tokens when others come, what passed on a
    /// refusal too.
    async fn settle(self: &Rc<Self>, held: Vec<Held>, emit: &Emitter) {
        let (mut ends_tokens, mut doubtful) = (false, Vec::new());
        for held in held {
            match held {
                Held::Refused(planned) => {
                    let outcome = self.execution(planned, emit, Some(Again::Refused)).start_alone().await;
                    ends_tokens |= outcome == Outcome::Passed;
                }
                Held::Doubtful(planned, finished) => doubtful.push((planned, finished)),
                Held::Late(planned) => {
                    self.backend.fill_bucket().await;
                    self.execution(planned, emit, Some(Again::Late)).start_alone().await;
                }
            }
        }
        for (planned, finished) in doubtful {
            if ends_tokens {
                self.execution(planned, emit, Some(Again::Doubtful)).start_alone().await;
            } else {
                self.conclude(&planned, *finished, emit);
            }
        }
    }

    fn execution(self: &Rc<Self>, planned: PlannedScenario, emit: &Emitter, again: Option<Again>) -> Execution {
        Execution { run: self.clone(), emit: emit.clone(), planned, again, journal: Journal::default() }
    }

    /// Longest time for one step: what it may wait for, and the server's answers.
    fn step_timeout(&self) -> Duration {
        STEP_TIMEOUT + self.max_wait * 3
    }
}

/// The way of events to whoever listens.
#[derive(Clone)]
struct Emitter(mpsc::UnboundedSender<WorldEvent>);

impl Emitter {
    /// Sends an event. A receiver is optional: the ledger has everything.
    fn event(&self, event: event::Cucumber<World>) {
        let _ = self.0.unbounded_send(Ok(Event::new(event)));
    }

    fn error(&self, error: parser::Error) {
        let _ = self.0.unbounded_send(Err(error));
    }
}
