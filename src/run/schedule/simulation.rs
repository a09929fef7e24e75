//! A run in simulated time: scenarios do what their traces tell, and wait in the queue that real requests wait in.

use std::time::Duration;

use steps::{Demand, LifetimeKind, PaceQueue, Ticket, TraceEvent, Until};

use super::Conditions;

/// Rounding in the reckoning of times.
const TOLERANCE: Duration = Duration::from_millis(2);

/// A run up to some moment.
#[derive(Clone)]
pub(super) struct Simulation<'a> {
    conditions: &'a Conditions,
    queue: PaceQueue,
    pub(super) now: Duration,
    actors: Vec<Actor<'a>>,
    session: Option<Duration>,
    pub(super) tally: Tally,
}

/// What a run has cost, and what came too late in it.
#[derive(Clone, Debug, Default)]
pub(super) struct Tally {
    pub(super) requests: u64,
    pub(super) failed_logins: u64,
    /// One-time tokens of the first and of the second user.
    pub(super) one_time: [u64; 2],
    /// The scenarios that used a token too late.
    pub(super) late: Vec<usize>,
    /// The scenarios that wait for longer than is allowed, each with what they wait for.
    pub(super) unwaitable: Vec<(usize, LifetimeKind)>,
}

/// A scenario on its way.
#[derive(Clone)]
pub(super) struct Actor<'a> {
    scenario: usize,
    events: &'a [TraceEvent],
    births: Vec<Birth>,
    /// Tokens that ended before this moment were meant to.
    passed: Duration,
    held: u32,
    state: ActorState,
    /// Whether the next request is a login for the shared session, which no event tells.
    logs_in: bool,
}

/// When a token began to live, at the earliest.
#[derive(Clone, Copy, Debug)]
pub(super) struct Birth {
    pub(super) kind: LifetimeKind,
    pub(super) at: Duration,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum ActorState {
    Ready,
    Queued(Ticket),
    Flying { until: Duration, requests: u32 },
    Asleep { until: Duration },
    Done,
}

impl<'a> Actor<'a> {
    /// A scenario that does what is left of its trace.
    pub(super) fn new(
        scenario: usize,
        events: &'a [TraceEvent],
        births: Vec<Birth>,
        passed: Duration,
        held: u32,
    ) -> Self {
        Self { scenario, events, births, passed, held, state: ActorState::Ready, logs_in: false }
    }

    /// Whether it waits for a lifetime.
    fn sleeps(&self) -> bool {
        let waits = matches!(self.events.first(), Some(TraceEvent::Waited { .. }));
        matches!(self.state, ActorState::Asleep { .. }) || (waits && matches!(self.state, ActorState::Queued(_)))
    }
}

/// How long after the beginning of a life that moment is.
pub(super) fn moment(until: Until, lifetime: Duration, margin: Duration) -> Duration {
    match until {
        Until::NearlyOver => lifetime.saturating_sub(margin),
        Until::Passed => lifetime + margin,
        Until::Part(part) => lifetime.mul_f64(part),
    }
}

impl<'a> Simulation<'a> {
    /// A run in which nothing has begun.
    pub(super) fn new(conditions: &'a Conditions) -> Self {
        Self::from(conditions, PaceQueue::new(conditions.rate, conditions.burst), Duration::ZERO, None)
    }

    /// A run that goes on from here. The shared session began at that moment, if there is one.
    pub(super) fn from(conditions: &'a Conditions, queue: PaceQueue, now: Duration, session: Option<Duration>) -> Self {
        Self { conditions, queue, now, actors: Vec::new(), session, tally: Tally::default() }
    }

    pub(super) fn begin(&mut self, actor: Actor<'a>) {
        self.actors.push(actor);
        self.settle_down();
    }

    /// How many scenarios are on their way and do not wait for a lifetime.
    pub(super) fn busy(&self) -> usize {
        self.actors.iter().filter(|actor| !actor.sleeps()).count()
    }

    /// The scenarios that are on their way.
    pub(super) fn running(&self) -> impl Iterator<Item = usize> {
        self.actors.iter().map(|actor| actor.scenario)
    }

    pub(super) fn is_idle(&self) -> bool {
        self.actors.is_empty()
    }

    /// Lets time pass until something happens, but not beyond that moment. Returns whether anything will happen at all.
    pub(super) fn advance(&mut self, limit: Option<Duration>) -> bool {
        let own = self.actors.iter().filter_map(|actor| match actor.state {
            ActorState::Flying { until, .. } | ActorState::Asleep { until } => Some(until),
            _ => None,
        });
        let next = own.chain(self.queue.next_change(self.now)).min();
        let now = match (next, limit) {
            (Some(next), Some(limit)) => next.min(limit),
            (one, other) => one.or(other).unwrap_or(self.now),
        };
        self.now = now.max(self.now);
        self.settle_down();
        next.is_some()
    }

    /// Lets everything that has begun come to its end.
    pub(super) fn finish(&mut self) {
        while !self.actors.is_empty() && self.advance(None) {}
    }

    /// Does all that can be done at this moment.
    fn settle_down(&mut self) {
        loop {
            let mut actors = std::mem::take(&mut self.actors);
            actors.iter_mut().for_each(|actor| self.wake(actor));
            for ticket in self.queue.grant(self.now) {
                if let Some(actor) = actors.iter_mut().find(|actor| actor.state == ActorState::Queued(ticket)) {
                    self.granted(actor);
                }
            }
            actors.retain(|actor| actor.state != ActorState::Done);
            let is_quiet = actors.iter().all(|actor| match actor.state {
                ActorState::Flying { until, .. } | ActorState::Asleep { until } => until > self.now,
                state => state != ActorState::Ready,
            });
            self.actors = actors;
            if is_quiet {
                return;
            }
        }
    }

    fn wake(&mut self, actor: &mut Actor<'a>) {
        match actor.state {
            ActorState::Flying { until, requests } if until <= self.now => {
                self.queue.settle(self.now, requests, true);
                self.pass(actor);
            }
            ActorState::Asleep { until } if until <= self.now => self.pass(actor),
            _ => {}
        }
        while actor.state == ActorState::Ready {
            self.next(actor);
        }
    }

    /// Goes on to the next event.
    fn pass(&self, actor: &mut Actor<'a>) {
        actor.state = ActorState::Ready;
        if actor.logs_in {
            actor.logs_in = false;
        } else {
            actor.events = actor.events.get(1..).unwrap_or_default();
        }
    }

    fn next(&mut self, actor: &mut Actor<'a>) {
        let Some(event) = actor.events.first() else { return self.end(actor) };
        match event {
            TraceEvent::Sent { requests, carries, is_failed_login } => {
                self.tally.failed_logins += u64::from(*is_failed_login);
                let deadline = self.deadline(actor, carries);
                self.send(actor, *requests, deadline);
            }
            TraceEvent::Held { permits } => {
                let missing = self.cut(*permits).saturating_sub(actor.held);
                self.queue_up(actor, missing, self.now, None);
            }
            TraceEvent::Released => {
                self.give_back(actor);
                self.pass(actor);
            }
            TraceEvent::Changed(_) => self.pass(actor),
            TraceEvent::SharedSession => self.use_session(actor),
            TraceEvent::Born { kind, is_second_user } => self.bear(actor, *kind, *is_second_user),
            TraceEvent::Waited { token, until, .. } => self.wait(actor, *token, *until),
        }
    }

    fn end(&mut self, actor: &mut Actor<'a>) {
        self.give_back(actor);
        actor.state = ActorState::Done;
    }

    fn give_back(&mut self, actor: &mut Actor<'a>) {
        self.queue.settle(self.now, std::mem::take(&mut actor.held), false);
    }

    fn cut(&self, permits: u32) -> u32 {
        if self.conditions.rate.is_some() { permits.min(self.conditions.burst) } else { permits }
    }

    fn send(&mut self, actor: &mut Actor<'a>, requests: u32, deadline: Option<Duration>) {
        let requests = self.cut(requests);
        self.tally.requests += u64::from(requests);
        self.queue_up(actor, requests.saturating_sub(actor.held), self.now, deadline);
    }

    fn queue_up(&mut self, actor: &mut Actor<'a>, permits: u32, earliest: Duration, deadline: Option<Duration>) {
        if permits == 0 {
            self.granted(actor);
        } else {
            actor.state = ActorState::Queued(self.queue.enqueue(Demand { permits, earliest, deadline }));
        }
    }

    fn use_session(&mut self, actor: &mut Actor<'a>) {
        let life = self.conditions.lifetimes.access.unwrap_or(Duration::MAX);
        if self.session.is_some_and(|born| self.now < born + life / 2) {
            return self.pass(actor);
        }
        actor.logs_in = true;
        self.send(actor, 1, None);
    }

    fn bear(&mut self, actor: &mut Actor<'a>, kind: LifetimeKind, is_second_user: bool) {
        if kind == LifetimeKind::OneTime {
            self.tally.one_time[usize::from(is_second_user)] += 1;
            actor.births.push(Birth { kind, at: self.now });
            actor.state = ActorState::Asleep { until: self.now + self.conditions.minting };
            return;
        }
        actor.births.push(Birth { kind, at: self.now.saturating_sub(self.conditions.round_trip) });
        self.pass(actor);
    }

    fn wait(&mut self, actor: &mut Actor<'a>, token: usize, until: Until) {
        let born = actor.births.get(token).copied();
        let known = born.and_then(|born| Some((born, (*self.conditions.lifetimes.get(born.kind))?)));
        let Some((born, lifetime)) = known.filter(|(_, lifetime)| *lifetime <= self.conditions.max_wait) else {
            self.tally.unwaitable.extend(born.map(|born| (actor.scenario, born.kind)));
            return self.end(actor);
        };
        let round_trip =
            if born.kind == LifetimeKind::OneTime { self.conditions.minting } else { self.conditions.round_trip };
        let at = born.at + moment(until, lifetime, self.conditions.margin);
        match until {
            Until::NearlyOver => {
                let last = (born.at + lifetime).saturating_sub(self.conditions.safety());
                self.queue_up(actor, 1, at.max(self.now), Some(last.max(at)));
            }
            Until::Passed => {
                actor.passed = actor.passed.max(born.at + lifetime);
                actor.state = ActorState::Asleep { until: (at + round_trip).max(self.now) };
            }
            Until::Part(_) => actor.state = ActorState::Asleep { until: at.max(self.now) },
        }
    }

    /// When the tokens that a request carries are surely good for the last time, those not counted that were meant to end.
    fn deadline(&self, actor: &Actor<'a>, carries: &[usize]) -> Option<Duration> {
        let end = |token: &usize| {
            let born = actor.births.get(*token)?;
            let end = born.at + (*self.conditions.lifetimes.get(born.kind))?;
            (end > actor.passed).then(|| end.saturating_sub(self.conditions.safety()))
        };
        carries.iter().filter_map(end).min()
    }

    fn granted(&mut self, actor: &mut Actor<'a>) {
        match actor.events.first() {
            Some(TraceEvent::Sent { requests, carries, .. }) if !actor.logs_in => {
                if self.deadline(actor, carries).is_some_and(|deadline| self.now > deadline + TOLERANCE) {
                    self.note_late(actor.scenario);
                }
                let requests = self.cut(*requests);
                self.fly(actor, requests);
            }
            Some(TraceEvent::Held { permits }) => {
                actor.held = self.cut(*permits).max(actor.held);
                self.pass(actor);
            }
            Some(TraceEvent::Waited { .. }) => {
                actor.held += 1;
                self.pass(actor);
            }
            _ => {
                self.session = Some(self.now);
                self.fly(actor, 1);
            }
        }
    }

    fn fly(&self, actor: &mut Actor<'a>, requests: u32) {
        actor.held = actor.held.saturating_sub(requests);
        actor.state = ActorState::Flying { until: self.now + self.conditions.round_trip, requests };
    }

    fn note_late(&mut self, scenario: usize) {
        if !self.tally.late.contains(&scenario) {
            self.tally.late.push(scenario);
        }
    }
}
