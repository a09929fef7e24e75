//! The pace of one target in real time, shared by all its scenarios: requests wait here for their turn, and everybody waits when
//! the server asks for a pause. Ends every run: a server that keeps refusing is given up.

use std::{
    collections::{HashMap, HashSet},
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::{
    sync::Notify,
    time::{Instant, sleep_until},
};

use super::{Demand, PaceQueue, Ticket};
use crate::target::Pace;

/// A run goes on for at most this long without any answer but refusals.
const PATIENCE: Duration = Duration::from_secs(90);
/// A run spends at most this long in pauses after refusals, all in all.
const MOST_PAUSED: Duration = Duration::from_secs(240);
/// The first pause after a refusal that names no time; each further one is twice as long.
const FIRST_PAUSE: Duration = Duration::from_millis(500);
/// Longest pause after a refusal, even if the server asks for more.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);
/// The same once the server was given up, while its settings are restored.
const LONGEST_LAST_PAUSE: Duration = Duration::from_secs(4);
/// The pace after the first refusal where none was configured.
const RATE_WHEN_REFUSED: f64 = 4.0;
const BURST_WHEN_REFUSED: u32 = 8;
/// A 503 after so many answers is an accident of the server, not a word about the pace.
const ANSWERS_BEFORE_AN_ACCIDENT: u32 = 30;
/// With fewer at one moment there is no race.
const FEWEST_RACERS: u32 = 2;

/// The pace of one target.
pub(crate) struct Pacer {
    began: Instant,
    state: Mutex<PacerState>,
    changed: Notify,
}

struct PacerState {
    queue: PaceQueue,
    granted: HashSet<Ticket>,
    /// Permits that are kept for scenarios, by the number of their journal.
    held: HashMap<u64, u32>,
    /// Refusals in a row.
    refusals: u32,
    refusing_since: Option<Duration>,
    paused_until: Duration,
    paused: Duration,
    found_rate: Option<f64>,
    is_given_up: bool,
    /// Answers since the last refusal.
    answers: u32,
    /// Whether the last refusal was taken for an accident.
    was_accident: bool,
}

/// Permits that one request or race has. Dropped, they are gone if they were used, and free again if not.
pub(crate) struct Permits<'a> {
    pacer: &'a Pacer,
    count: u32,
    is_used: bool,
}

/// Permits that are kept for a scenario until this is dropped.
pub(crate) struct Hold<'a> {
    pacer: &'a Pacer,
    journal: u64,
}

/// Waits in the queue; dropped early, it leaves it.
struct QueuePlace<'a> {
    pacer: &'a Pacer,
    ticket: Ticket,
    permits: u32,
    is_taken: bool,
}

impl Pacer {
    pub(crate) fn new(pace: Pace) -> Self {
        Self { began: Instant::now(), state: Mutex::new(PacerState::new(pace)), changed: Notify::new() }
    }

    /// The time that all deadlines here are on.
    pub(crate) fn now(&self) -> Duration {
        self.began.elapsed()
    }

    /// The rate that was found when the server refused to be asked faster, in requests a second.
    pub(crate) fn found_rate(&self) -> Option<f64> {
        self.state().found_rate
    }

    /// Whether the server was given up, for it kept refusing.
    pub(crate) fn has_given_up(&self) -> bool {
        self.state().is_given_up
    }

    /// The queue as it is, without what waits in it, for a look ahead.
    pub(crate) fn queue(&self) -> PaceQueue {
        self.state().queue.without_demands()
    }

    /// How many permits are kept for each scenario.
    pub(crate) fn all_held(&self) -> HashMap<u64, u32> {
        self.state().held.clone()
    }

    /// How many permits are kept for a scenario.
    fn held(&self, journal: u64) -> u32 {
        self.state().held.get(&journal).copied().unwrap_or(0)
    }

    /// Waits until this many requests may go at one moment. What is kept for the scenario is taken first.
    pub(crate) async fn turn(&self, journal: u64, requests: u32, deadline: Option<Duration>) -> Permits<'_> {
        let mut permits = Permits { pacer: self, count: self.take_held(journal, requests), is_used: false };
        let missing = self.cut(requests).saturating_sub(permits.count);
        if missing > 0 {
            self.wait(Demand { permits: missing, earliest: Duration::ZERO, deadline }).await;
            permits.count += missing;
        }
        permits
    }

    /// Waits until this many permits are there at one moment, and keeps them for a scenario.
    pub(crate) async fn hold(&self, journal: u64, permits: u32) -> Hold<'_> {
        let hold = Hold { pacer: self, journal };
        let missing = self.cut(permits).saturating_sub(self.held(journal));
        if missing > 0 {
            self.wait(Demand { permits: missing, earliest: Duration::ZERO, deadline: None }).await;
            self.keep(journal, missing);
        }
        hold
    }

    /// Waits for a moment at which a scenario wants to send a request at once. The permit is kept for it.
    pub(crate) async fn appointment(&self, journal: u64, at: Duration, deadline: Duration) {
        // Without a limit no permit is ever waited for, and a clock may be turned to this moment.
        if self.state().queue.rate().is_some() {
            self.wait(Demand { permits: 1, earliest: at, deadline: Some(deadline) }).await;
            self.keep(journal, 1);
        }
    }

    /// Frees what is kept for a scenario.
    pub(crate) fn release(&self, journal: u64) {
        let left = self.state().held.remove(&journal).unwrap_or(0);
        self.settle(left, false);
    }

    /// The server has refused a request for being too fast, and asks for a pause of this length, if it says so. Nothing goes before
    /// it has ended, and then more slowly.
    ///
    /// # Errors
    /// When the server has been refusing for so long that it is given up.
    pub(crate) fn refused(&self, asked: Option<Duration>, refusal: Refusal) -> Result<(), GivenUp> {
        let refused = self.state().refuse(self.now(), asked, refusal);
        self.changed.notify_waiters();
        refused
    }

    /// Of a race the server has answered so many, and refused the others for being too many at one moment.
    ///
    /// # Errors
    /// As [`refused`](Self::refused).
    pub(crate) fn race_refused(&self, answered: u32, asked: Option<Duration>) -> Result<(), GivenUp> {
        let mut state = self.state();
        let is_limited = state.queue.rate().is_some();
        if is_limited {
            state.queue.narrow(answered.max(FEWEST_RACERS));
        }
        let refused = state.refuse(self.now(), asked, if is_limited { Refusal::Absent } else { Refusal::TooFast });
        drop(state);
        self.changed.notify_waiters();
        refused
    }

    /// The most that may go at one moment; `None` for no limit.
    pub(crate) fn burst(&self) -> Option<u32> {
        let state = self.state();
        state.queue.rate().map(|_| state.queue.burst())
    }

    /// The server has answered a request.
    pub(crate) fn answered(&self) {
        let mut state = self.state();
        (state.refusals, state.refusing_since) = (0, None);
        state.answers = state.answers.saturating_add(1);
    }

    async fn wait(&self, demand: Demand) {
        let mut place = self.enqueue(demand);
        loop {
            let changed = self.changed.notified();
            let Some(next) = place.poll() else { return };
            tokio::select! {
                () = changed => {}
                () = sleep_until(self.began + next.unwrap_or(Duration::from_secs(3600))) => {}
            }
        }
    }

    fn enqueue(&self, demand: Demand) -> QueuePlace<'_> {
        let permits = self.cut(demand.permits);
        let ticket = self.state().queue.enqueue(demand);
        // An appointment changes what may go before it.
        self.changed.notify_waiters();
        QueuePlace { pacer: self, ticket, permits, is_taken: false }
    }

    fn cut(&self, permits: u32) -> u32 {
        let state = self.state();
        if state.queue.rate().is_some() { permits.min(state.queue.burst()) } else { permits }
    }

    fn take_held(&self, journal: u64, most: u32) -> u32 {
        let mut state = self.state();
        let Some(held) = state.held.get_mut(&journal) else { return 0 };
        let taken = most.min(*held);
        *held -= taken;
        taken
    }

    fn keep(&self, journal: u64, permits: u32) {
        *self.state().held.entry(journal).or_default() += permits;
    }

    fn settle(&self, permits: u32, is_used: bool) {
        if permits > 0 {
            self.state().queue.settle(self.now(), permits, is_used);
            self.changed.notify_waiters();
        }
    }

    fn state(&self) -> MutexGuard<'_, PacerState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What a refusal says about the pace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// It was too fast.
    TooFast,
    /// 503: it was too fast for some guards, and of a server that answers otherwise it says nothing.
    Unavailable,
    /// Nothing: a server behind it is away.
    Absent,
}

/// The server has been refusing for too long. Carries the rate at which it still refused, if one was kept.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct GivenUp(pub(crate) Option<f64>);

impl PacerState {
    fn new(pace: Pace) -> Self {
        Self {
            queue: PaceQueue::new(pace.per_second, pace.burst.get()),
            granted: HashSet::new(),
            held: HashMap::new(),
            refusals: 0,
            refusing_since: None,
            paused_until: Duration::ZERO,
            paused: Duration::ZERO,
            found_rate: None,
            is_given_up: false,
            answers: 0,
            was_accident: false,
        }
    }

    fn refuse(&mut self, now: Duration, asked: Option<Duration>, refusal: Refusal) -> Result<(), GivenUp> {
        // What was on its way when a pause began belongs to that pause.
        if now >= self.paused_until {
            let is_accident =
                refusal == Refusal::Unavailable && self.refusals == 0 && self.answers >= ANSWERS_BEFORE_AN_ACCIDENT;
            // A block that goes on says nothing new about the rate.
            let is_new = self.refusals == 0 || self.was_accident;
            if refusal != Refusal::Absent && is_new && !is_accident {
                self.slow_down(now);
            }
            (self.was_accident, self.answers) = (is_accident, 0);
            let pause = FIRST_PAUSE * 2_u32.pow(self.refusals.min(6));
            self.refusals += 1;
            // A server that asks for too short a pause again and again is not believed.
            self.pause(now, asked.unwrap_or(pause).max(pause / 8).min(self.longest_pause()));
        } else if let Some(asked) = asked {
            self.pause(now, asked.min(self.longest_pause()));
        }
        let since = *self.refusing_since.get_or_insert(now);
        self.is_given_up |= self.paused > MOST_PAUSED || now > since + PATIENCE;
        if self.is_given_up { Err(GivenUp(self.found_rate)) } else { Ok(()) }
    }

    fn longest_pause(&self) -> Duration {
        if self.is_given_up { LONGEST_LAST_PAUSE } else { LONGEST_PAUSE }
    }

    fn slow_down(&mut self, now: Duration) {
        if self.queue.rate().is_none() {
            self.queue.limit(now, RATE_WHEN_REFUSED, BURST_WHEN_REFUSED);
            self.found_rate = Some(RATE_WHEN_REFUSED);
        } else {
            self.found_rate = self.queue.slow_down();
        }
    }

    fn pause(&mut self, now: Duration, time: Duration) {
        let until = now + time;
        if until > self.paused_until {
            self.paused += until - self.paused_until.max(now);
            self.paused_until = until;
            self.queue.pause(now, until);
        }
    }
}

impl QueuePlace<'_> {
    /// `None` when the turn has come, else when to ask again.
    fn poll(&mut self) -> Option<Option<Duration>> {
        let now = self.pacer.now();
        let mut state = self.pacer.state();
        let granted = state.queue.grant(now);
        let are_others = granted.iter().any(|ticket| *ticket != self.ticket);
        state.granted.extend(granted);
        self.is_taken = state.granted.remove(&self.ticket);
        let next = state.queue.next_change(now);
        drop(state);
        if are_others {
            self.pacer.changed.notify_waiters();
        }
        if self.is_taken { None } else { Some(next) }
    }
}

impl Drop for QueuePlace<'_> {
    fn drop(&mut self) {
        if self.is_taken {
            return;
        }
        let mut state = self.pacer.state();
        state.queue.cancel(self.ticket);
        let was_granted = state.granted.remove(&self.ticket);
        drop(state);
        self.pacer.settle(if was_granted { self.permits } else { 0 }, false);
        self.pacer.changed.notify_waiters();
    }
}

impl Permits<'_> {
    /// The requests go out.
    pub(crate) fn used(&mut self) {
        self.is_used = true;
    }
}

impl Drop for Permits<'_> {
    fn drop(&mut self) {
        self.pacer.settle(self.count, self.is_used);
    }
}

impl Drop for Hold<'_> {
    fn drop(&mut self) {
        self.pacer.release(self.journal);
    }
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroU32;

    use super::*;

    fn pace(rate: f64, burst: u32) -> Pace {
        Pace { per_second: Some(rate), burst: NonZeroU32::new(burst).expect("it is not zero") }
    }

    async fn send(pacer: &Pacer, deadline: Option<Duration>) -> Duration {
        pacer.turn(0, 1, deadline).await.used();
        pacer.now()
    }

    #[tokio::test]
    async fn requests_leave_at_the_pace_and_those_in_a_hurry_first() {
        let pacer = Pacer::new(pace(20.0, 1));
        let (patient, hurried) = tokio::join!(send(&pacer, None), send(&pacer, Some(Duration::from_secs(2))));
        assert!(hurried < patient && patient >= Duration::from_millis(100), "{hurried:?} {patient:?}");
    }

    #[tokio::test]
    async fn what_is_held_goes_at_once_and_what_is_not_used_is_free_again() {
        // At a request an hour nothing comes in while the test runs.
        let pacer = Pacer::new(pace(1.0 / 3600.0, 4));
        pacer.state().queue.refill();
        let hold = pacer.hold(7, 3).await;
        pacer.turn(7, 2, None).await.used();
        drop(hold);
        pacer.turn(8, 1, None).await.used();
        pacer.turn(8, 1, None).await.used();
        assert!(pacer.now() < Duration::from_secs(3600), "the third was not used");
    }

    #[tokio::test]
    async fn a_place_that_is_given_up_holds_nobody_back() {
        let pacer = Pacer::new(pace(20.0, 4));
        assert!(tokio::time::timeout(Duration::from_millis(20), pacer.hold(7, 4)).await.is_err());
        tokio::time::timeout(Duration::from_secs(30), send(&pacer, None)).await.expect("it is alone in the queue");
        assert!(pacer.all_held().is_empty());
    }

    #[test]
    fn a_lone_503_pauses_and_does_not_slow_a_run_down() {
        let mut state = PacerState::new(Pace { per_second: None, ..pace(4.0, 8) });
        let mut now = Duration::ZERO;
        let mut refuse = |state: &mut PacerState, answers: u32, refusal| {
            (state.refusals, state.answers) = (if answers > 0 { 0 } else { state.refusals }, answers);
            now = state.paused_until + Duration::from_secs(1);
            state.refuse(now, None, refusal).expect("it is not given up");
            state.queue.rate().is_some()
        };
        for _ in 0..3 {
            assert!(!refuse(&mut state, ANSWERS_BEFORE_AN_ACCIDENT, Refusal::Unavailable));
        }
        assert!(!refuse(&mut state, 1, Refusal::Absent));
        assert!(!refuse(&mut state, 99, Refusal::Unavailable));
        assert!(refuse(&mut state, 0, Refusal::Unavailable), "the second in a row is a word about the pace");
        let mut state = PacerState::new(Pace { per_second: None, ..pace(4.0, 8) });
        assert!(refuse(&mut state, 99, Refusal::TooFast));
    }

    #[test]
    fn a_server_that_refuses_for_ever_is_given_up_within_three_minutes() {
        for asked in [None, Some(Duration::ZERO), Some(Duration::from_secs(1)), Some(Duration::from_secs(3600))] {
            let mut state = PacerState::new(pace(4.0, 8));
            let mut now = Duration::ZERO;
            let given_up = loop {
                match state.refuse(now, asked, Refusal::TooFast) {
                    // The next request goes when the queue lets it.
                    Ok(()) => {
                        now = state.paused_until + Duration::from_secs(1).div_f64(state.found_rate.unwrap_or(1.0));
                    }
                    Err(given_up) => break given_up,
                }
            };
            assert!(now < Duration::from_secs(180), "{now:?} with {asked:?}");
            assert!(given_up.0.is_some_and(|rate| rate < 4.0));
        }
    }
}
