//! A token bucket with a queue in front. Requests are let go by earliest deadline; several that belong together are let go at
//! one moment; and an appointment, a request that must go at a known later time, has its permit kept for it.

use std::time::Duration;

/// A little slower than allowed: clocks differ.
const STRETCH: f64 = 1.05;
/// What is left of the rate after the server has said that it was too fast.
const BACK_OFF: f64 = 0.7;
/// The lowest rate after any number of such answers, in requests a second.
const LOWEST_RATE: f64 = 0.1;
/// Sums of fractions of permits are compared up to this.
const TINY: f64 = 1e-6;

/// A request that waits in the queue; unique in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ticket(u64);

/// What a caller of the queue wants.
#[derive(Clone, Copy, Debug)]
pub struct Demand {
    /// How many permits, all at one moment; cut to the burst.
    pub permits: u32,
    /// When they are wanted. A demand for later is an appointment.
    pub earliest: Duration,
    /// When they are of no use any more; `None` without a deadline.
    pub deadline: Option<Duration>,
}

#[derive(Clone, Copy, Debug)]
struct QueuedDemand {
    ticket: Ticket,
    demand: Demand,
}

/// The queue of one target. All times are since one moment that the caller chooses.
///
/// A permit is *outstanding* from when it is granted until it is settled. Between sending and answer it is unknown when the
/// server counted a request, so it is counted when its answer is there: no order of arrivals breaks the limit.
#[derive(Clone, Debug)]
pub struct PaceQueue {
    /// Permits in a second; `None` for no limit.
    rate: Option<f64>,
    burst: u32,
    /// Permits that the server has left, at most, `outstanding` ones not yet taken off.
    level: f64,
    filled_at: Duration,
    outstanding: u32,
    paused_until: Duration,
    waiting: Vec<QueuedDemand>,
    next_ticket: u64,
}

impl PaceQueue {
    /// An empty queue for this many requests a second; `None` for no limit. Begins without permits: an earlier run may have used
    /// them up.
    #[must_use]
    pub fn new(rate: Option<f64>, burst: u32) -> Self {
        Self {
            rate: rate.map(|rate| rate / STRETCH),
            burst: burst.max(1),
            level: 0.0,
            filled_at: Duration::ZERO,
            outstanding: 0,
            paused_until: Duration::ZERO,
            waiting: Vec::new(),
            next_ticket: 0,
        }
    }

    /// Permits in a second as they are given out; `None` for no limit.
    #[must_use]
    pub fn rate(&self) -> Option<f64> {
        self.rate
    }

    /// The most permits at one moment.
    #[must_use]
    pub fn burst(&self) -> u32 {
        self.burst
    }

    /// Puts a demand into the queue.
    pub fn enqueue(&mut self, demand: Demand) -> Ticket {
        let ticket = Ticket(self.next_ticket);
        self.next_ticket += 1;
        let permits = if self.rate.is_some() { demand.permits.min(self.burst) } else { demand.permits };
        self.waiting.push(QueuedDemand { ticket, demand: Demand { permits, ..demand } });
        ticket
    }

    /// Removes a demand whose request was given up.
    pub fn cancel(&mut self, ticket: Ticket) {
        self.waiting.retain(|waiting| waiting.ticket != ticket);
    }

    /// Everything that may go now, in order. The permits are outstanding from then on.
    pub fn grant(&mut self, now: Duration) -> Vec<Ticket> {
        self.fill(now);
        let mut granted = Vec::new();
        while now >= self.paused_until
            && let Some(first) = self.first_ready(now)
            && self.may_go(first.demand, now)
        {
            self.outstanding += first.demand.permits;
            self.cancel(first.ticket);
            granted.push(first.ticket);
        }
        granted
    }

    /// When something that waits could go at the earliest; `None` when that takes another call first.
    #[must_use]
    pub fn next_change(&self, now: Duration) -> Option<Duration> {
        let ready = self.first_ready(now).and_then(|first| {
            let missing = f64::from(first.demand.permits) - self.available(now);
            let rate = self.rate.unwrap_or(f64::INFINITY);
            // A full bucket without what is outstanding may be too little: then something must be settled first.
            if self.rate.is_some() && self.burst < self.outstanding.saturating_add(first.demand.permits) {
                return None;
            }
            // Without a shortage it is an appointment that stands in the way, and ends that when it is kept.
            let refilled = (missing > TINY).then(|| now.max(self.paused_until) + seconds(missing / rate));
            refilled.or((self.paused_until > now).then_some(self.paused_until))
        });
        let appointed = self.waiting.iter().map(|waiting| waiting.demand.earliest).filter(|at| *at > now).min();
        [ready, appointed].into_iter().flatten().min()
    }

    /// Gives permits back: those that were used are gone, the others are free again.
    pub fn settle(&mut self, now: Duration, permits: u32, is_used: bool) {
        self.fill(now);
        self.outstanding = self.outstanding.saturating_sub(permits);
        if is_used {
            self.level = (self.level - f64::from(permits)).max(0.0);
        }
    }

    /// Lets nothing go before this moment: the server has asked for a pause. Its bucket is taken to be empty then.
    pub fn pause(&mut self, now: Duration, until: Duration) {
        self.fill(now);
        self.level = 0.0;
        self.paused_until = self.paused_until.max(until);
    }

    /// Goes slower from now on. Returns the new rate, of requests as the server counts them.
    pub fn slow_down(&mut self) -> Option<f64> {
        let slower = self.rate.map(|rate| (rate * BACK_OFF).max(LOWEST_RATE.min(rate)))?;
        self.rate = Some(slower);
        Some(slower * STRETCH)
    }

    /// Lets fewer go at one moment from now on.
    pub fn narrow(&mut self, burst: u32) {
        self.burst = self.burst.min(burst.max(1));
        for waiting in &mut self.waiting {
            waiting.demand.permits = waiting.demand.permits.min(self.burst);
        }
    }

    /// Begins to keep a rate where there was none.
    pub fn limit(&mut self, now: Duration, rate: f64, burst: u32) {
        (self.rate, self.burst) = (Some(rate / STRETCH), burst.max(1));
        (self.level, self.filled_at) = (0.0, now);
    }

    /// Takes the server's bucket to be full.
    #[cfg(test)]
    pub(super) fn refill(&mut self) {
        self.level = f64::from(self.burst);
    }

    /// Permits that could be had now.
    #[must_use]
    pub fn available(&self, now: Duration) -> f64 {
        let Some(rate) = self.rate else { return f64::INFINITY };
        let gained = rate * now.saturating_sub(self.filled_at.max(self.paused_until.min(now))).as_secs_f64();
        (self.level + gained).min(f64::from(self.burst)) - f64::from(self.outstanding)
    }

    /// The same without what waits in it, everything outstanding taken as used.
    #[must_use]
    pub fn without_demands(&self) -> Self {
        let level = (self.level - f64::from(self.outstanding)).max(0.0);
        Self { level, outstanding: 0, waiting: Vec::new(), ..self.clone() }
    }

    /// Takes permits as outstanding that are known to be kept for somebody.
    pub fn keep(&mut self, permits: u32) {
        self.outstanding += permits;
        self.level += f64::from(permits);
    }

    fn fill(&mut self, now: Duration) {
        if self.rate.is_some() {
            self.level = self.available(now) + f64::from(self.outstanding);
        }
        self.filled_at = self.filled_at.max(now);
    }

    fn first_ready(&self, now: Duration) -> Option<QueuedDemand> {
        let ready = self.waiting.iter().filter(|waiting| waiting.demand.earliest <= now);
        ready.min_by_key(|waiting| (due(waiting.demand), waiting.ticket)).copied()
    }

    /// Whether there are permits, and enough are left for every appointment that is due before this demand.
    fn may_go(&self, demand: Demand, now: Duration) -> bool {
        let Some(rate) = self.rate else { return true };
        let left = self.available(now) - f64::from(demand.permits);
        if left < -TINY {
            return false;
        }
        let mut appointments: Vec<Demand> = self.waiting.iter().map(|waiting| waiting.demand).collect();
        appointments.retain(|other| other.earliest > now && due(*other) < due(demand));
        appointments.sort_by_key(|other| other.earliest);
        let mut wanted = 0.0;
        appointments.iter().all(|other| {
            wanted += f64::from(other.permits);
            let by_then = left + rate * (other.earliest - now).as_secs_f64();
            // One that cannot be kept either way delays no other.
            by_then.min(f64::from(self.burst)) >= wanted - TINY || by_then + f64::from(demand.permits) < wanted - TINY
        })
    }
}

fn due(demand: Demand) -> Duration {
    demand.deadline.unwrap_or(Duration::MAX)
}

fn seconds(time: f64) -> Duration {
    // A microsecond more, so that rounding never leaves a permit just short.
    Duration::try_from_secs_f64(time + 1e-6).unwrap_or(Duration::MAX / 4)
}
