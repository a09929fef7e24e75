//! The outage as a client sees it, computed from the calls of the stream. Pure.

use std::time::Duration;

/// What a call of the stream came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum CallOutcome {
    /// The answer that the contract wants.
    Right,
    /// 503, or no connection, or none that lasted, or no answer in time.
    Unavailable(&'static str),
    /// The server asked to wait, or the token was too near its end: no finding.
    Unjudged,
    /// Anything else, in words.
    Wrong(String),
}

/// One call of the stream, in time since its beginning.
#[derive(Clone, Debug)]
pub(super) struct StreamCall {
    pub(super) sent: Duration,
    pub(super) answered: Duration,
    pub(super) outcome: CallOutcome,
}

/// A time without service.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Outage {
    /// Halfway from the last call before it that was answered to the first that was not.
    pub(super) from: Duration,
    /// Halfway from the last call that was not answered to the first after it that was; `None` while it lasts.
    pub(super) to: Option<Duration>,
    /// The first call that was not answered.
    pub(super) first: Duration,
    /// The last call that was not answered.
    pub(super) last: Duration,
}

/// The outages, in their order. A call that was answered, even wrongly, ends one.
pub(super) fn outages(calls: &[StreamCall]) -> Vec<Outage> {
    let mut calls: Vec<&StreamCall> = calls.iter().filter(|call| call.outcome != CallOutcome::Unjudged).collect();
    calls.sort_by_key(|call| call.sent);
    let mut outages: Vec<Outage> = Vec::new();
    let mut before: Option<&StreamCall> = None;
    for call in calls {
        let was_out = before.is_some_and(is_unavailable);
        let since = before.map_or(call.sent, |before| before.sent);
        let boundary = since + call.sent.saturating_sub(since) / 2;
        match (is_unavailable(call), outages.last_mut().filter(|_| was_out)) {
            (true, Some(outage)) => outage.last = call.sent,
            (true, None) => outages.push(Outage { from: boundary, to: None, first: call.sent, last: call.sent }),
            (false, Some(outage)) => outage.to = Some(boundary),
            (false, None) => {}
        }
        before = Some(call);
    }
    outages
}

fn is_unavailable(call: &StreamCall) -> bool {
    matches!(call.outcome, CallOutcome::Unavailable(_))
}

/// The longest time between two right answers.
pub(super) fn longest_gap(calls: &[StreamCall]) -> Duration {
    let right = calls.iter().filter(|call| call.outcome == CallOutcome::Right);
    let mut moments: Vec<Duration> = right.map(|call| call.answered).collect();
    moments.sort_unstable();
    moments.windows(2).map(|pair| pair[1] - pair[0]).max().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TICK: Duration = Duration::from_millis(100);

    /// Calls every 100 ms to a server that is away between these moments, in milliseconds.
    fn calls(away: std::ops::Range<u64>) -> Vec<StreamCall> {
        let call = |tick: u32| {
            let sent = TICK * tick;
            let out = away.contains(&u64::try_from(sent.as_millis()).expect("it is short"));
            let outcome = if out { CallOutcome::Unavailable("refused") } else { CallOutcome::Right };
            StreamCall { sent, answered: sent + Duration::from_millis(2), outcome }
        };
        (0..60).map(call).collect()
    }

    #[test]
    fn an_outage_agrees_with_the_true_one_to_half_a_call() {
        for away in [1_010..2_360_u64, 990..1_705, 40..5_000] {
            let (begin, end) = (Duration::from_millis(away.start), Duration::from_millis(away.end));
            let found = outages(&calls(away));
            assert_eq!(found.len(), 1);
            let to = found[0].to.expect("it ended");
            assert!(found[0].from.abs_diff(begin) <= TICK / 2 && to.abs_diff(end) <= TICK / 2, "{found:?}");
        }
    }

    #[test]
    fn one_that_lasts_has_no_end_and_none_is_found_in_good_service() {
        assert_eq!(outages(&calls(3_000..9_000)).first().map(|it| it.to), Some(None));
        assert!(outages(&calls(0..0)).is_empty());
        assert_eq!(longest_gap(&calls(1_010..2_360)), Duration::from_millis(1_400));
    }
}
