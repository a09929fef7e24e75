//! The queue against a server that counts arrivals at the worst possible moments.

use std::time::Duration;

use proptest::prelude::*;

use super::{Demand, PaceQueue};

const SECOND: Duration = Duration::from_secs(1);

fn at_once(permits: u32) -> Demand {
    Demand { permits, earliest: Duration::ZERO, deadline: None }
}

fn full(rate: f64, burst: u32) -> (PaceQueue, Duration) {
    (PaceQueue::new(Some(rate), burst), Duration::from_secs_f64(2.0 * f64::from(burst) / rate))
}

#[test]
fn the_earliest_deadline_goes_first_and_the_rest_in_order() {
    let (mut queue, now) = full(4.0, 3);
    let patient = queue.enqueue(at_once(1));
    let later = queue.enqueue(Demand { deadline: Some(now + SECOND * 5), ..at_once(1) });
    let soon = queue.enqueue(Demand { deadline: Some(now + SECOND), ..at_once(1) });
    assert_eq!(queue.grant(now), [soon, later, patient]);
}

#[test]
fn several_permits_are_granted_at_one_moment_or_not_at_all() {
    let (mut queue, now) = full(4.0, 8);
    queue.enqueue(at_once(3));
    assert_eq!(queue.grant(now).len(), 1);
    let race = queue.enqueue(at_once(8));
    assert!(queue.grant(now).is_empty());
    queue.settle(now, 3, true);
    assert!(queue.grant(now + SECOND / 2).is_empty(), "two of three are back");
    let at = queue.next_change(now + SECOND / 2).expect("it will go");
    assert_eq!(queue.grant(at), [race]);
}

#[test]
fn time_alone_frees_nothing_that_is_kept_for_others() {
    let (mut queue, now) = full(4.0, 8);
    queue.keep(6);
    let race = queue.enqueue(at_once(3));
    assert!(queue.grant(now).is_empty());
    assert_eq!(queue.next_change(now), None);
    queue.settle(now, 6, false);
    assert_eq!(queue.grant(now), [race]);
}

#[test]
fn a_dying_token_goes_before_a_race_that_waits() {
    let mut queue = PaceQueue::new(Some(4.0), 8);
    let race = queue.enqueue(at_once(8));
    let dying = queue.enqueue(Demand { deadline: Some(SECOND), ..at_once(1) });
    assert_eq!(queue.grant(SECOND / 2), [dying]);
    queue.settle(SECOND / 2, 1, true);
    assert_eq!(queue.grant(SECOND * 4), [race]);
}

#[test]
fn the_permit_of_an_appointment_is_kept() {
    let mut queue = PaceQueue::new(Some(1.05), 8);
    let appointment = queue.enqueue(Demand { permits: 2, earliest: SECOND * 4, deadline: Some(SECOND * 4) });
    let others: Vec<_> = (0..8).map(|_| queue.enqueue(at_once(1))).collect();
    let mut granted = Vec::new();
    for tenth in 0..=40 {
        let now = SECOND / 10 * tenth;
        for ticket in queue.grant(now) {
            queue.settle(now, if ticket == appointment { 2 } else { 1 }, true);
            granted.push((ticket, now));
        }
    }
    assert_eq!(granted, [(others[0], SECOND), (others[1], SECOND * 2), (appointment, SECOND * 4)]);
}

#[test]
fn nothing_goes_in_a_pause_and_the_rate_is_lower_after_it() {
    let (mut queue, now) = full(4.0, 8);
    queue.pause(now, now + SECOND * 3);
    assert!(queue.slow_down().is_some_and(|rate| (rate - 2.8).abs() < 1e-9));
    queue.enqueue(at_once(1));
    let at = queue.next_change(now).expect("it will go");
    assert!(at > now + SECOND * 3 && at < now + SECOND * 4);
    assert!(queue.grant(now + SECOND * 3).is_empty());
    assert_eq!(queue.grant(at).len(), 1);
}

#[test]
fn without_a_limit_everything_goes_at_once() {
    let mut queue = PaceQueue::new(None, u32::MAX);
    for _ in 0..100 {
        queue.enqueue(at_once(50));
    }
    assert_eq!(queue.grant(Duration::ZERO).len(), 100);
}

/// A server's own bucket, full at the beginning of a quiet time or empty.
struct TestBucket {
    rate: f64,
    burst: f64,
    level: f64,
    at: Duration,
}

impl TestBucket {
    fn takes(&mut self, now: Duration) -> bool {
        self.level = (self.level + self.rate * (now - self.at).as_secs_f64()).min(self.burst);
        self.at = now;
        self.level -= 1.0;
        self.level > -1e-6
    }
}

proptest! {
    /// Arrivals anywhere between sending and answer never find the server's bucket empty.
    #[test]
    fn no_latency_breaks_the_limit(
        rate in 0.5..100.0_f64,
        burst in 1_u32..32,
        demands in prop::collection::vec((1_u32..12, 0_u64..3000, 0_u64..500, 0_u64..500), 1..60),
    ) {
        let mut queue = PaceQueue::new(Some(rate), burst);
        let (mut now, mut arrivals, mut flying) = (Duration::ZERO, Vec::new(), Vec::new());
        let mut coming: Vec<_> = demands.into_iter().map(|(n, at, there, back)| (Duration::from_millis(at), n, there, back)).collect();
        coming.sort();
        let mut known = Vec::new();
        loop {
            while coming.first().is_some_and(|(at, ..)| *at <= now) {
                let (_, permits, there, back) = coming.remove(0);
                known.push((queue.enqueue(at_once(permits)), permits.min(burst), there, back));
            }
            flying.retain(|(until, permits)| *until > now || { queue.settle(now, *permits, true); false });
            for ticket in queue.grant(now) {
                let at = known.iter().position(|it| it.0 == ticket).expect("it was enqueued");
                let (_, permits, there, back) = known.remove(at);
                arrivals.extend((0..permits).map(|_| now + Duration::from_millis(there)));
                flying.push((now + Duration::from_millis(there + back), permits));
            }
            let next = [coming.first().map(|it| it.0), flying.iter().map(|it| it.0).min(), queue.next_change(now)];
            match next.into_iter().flatten().min() {
                Some(next) => now = next.max(now + Duration::from_nanos(1)),
                None => break,
            }
        }
        prop_assert!(known.is_empty(), "{} demands were never granted", known.len());
        arrivals.sort();
        let mut bucket = TestBucket { rate, burst: f64::from(burst), level: 0.0, at: Duration::ZERO };
        prop_assert!(arrivals.into_iter().all(|at| bucket.takes(at)));
    }
}
