//! How long a server takes to answer, by endpoint. It varies, so it is recorded beside the snapshots, and only changes larger
//! than noise are reported.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::answer::path;
use crate::results::{Class, Difference, Results};

/// Least number of answers of an endpoint whose percentiles mean something.
const FEWEST: usize = 20;
/// A median is worse when it is so many times as long …
const FACTOR: f64 = 2.0;
/// … and longer by so many milliseconds: on a busy machine a server on loopback is slower by less.
const MILLISECONDS: f64 = 250.0;

/// Percentiles of every endpoint that was asked often enough.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Latency {
    /// How many scenarios ran at one time: a server that answers more at once takes longer for each.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    concurrency: Option<usize>,
    #[serde(flatten)]
    endpoints: BTreeMap<String, Percentiles>,
}

/// Milliseconds from sending a request to the last byte of its answer, pacing not counted.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
struct Percentiles {
    requests: usize,
    p50: f64,
    p90: f64,
    p99: f64,
}

impl Latency {
    /// The latencies of a run.
    pub(crate) fn from_results(results: &Results) -> Self {
        let root = results.target.base_url.as_deref().map(path).unwrap_or_default().trim_end_matches('/');
        let mut times: BTreeMap<String, Vec<f64>> = BTreeMap::new();
        let answered = results.scenarios.iter().flat_map(|it| &it.exchanges).filter(|it| it.answer.is_some());
        for exchange in answered {
            let place = path(&exchange.request.url);
            let endpoint = format!("{} {}", exchange.request.method, place.strip_prefix(root).unwrap_or(place));
            times.entry(endpoint).or_default().push(exchange.duration_ms);
        }
        times.retain(|_, times| times.len() >= FEWEST);
        let endpoints = times.into_iter().map(|(endpoint, times)| (endpoint, Percentiles::new(times))).collect();
        Self { concurrency: results.concurrency, endpoints }
    }

    /// Endpoints whose median is worse by a factor of two and 250 ms; none where another number of scenarios ran at one time.
    pub(crate) fn worse(&self, after: &Self) -> Vec<Difference> {
        if self.concurrency.zip(after.concurrency).is_some_and(|(before, after)| before != after) {
            return Vec::new();
        }
        let of_after = |endpoint| after.endpoints.get(endpoint);
        let both = self.endpoints.iter().filter_map(|(endpoint, before)| Some((endpoint, before, of_after(endpoint)?)));
        let worse = both
            .filter(|(_, before, after)| after.p50 >= before.p50 * FACTOR && after.p50 - before.p50 >= MILLISECONDS);
        let text = |one: &Percentiles| Some(format!("{} ms at the median, {} ms for nine in ten", one.p50, one.p90));
        let difference = |(endpoint, before, after): (&String, &Percentiles, &Percentiles)| Difference {
            class: Class::Notable,
            what: "latency".to_owned(),
            before: text(before),
            after: text(after),
            because: format!("a median {FACTOR} times as long, and longer by {MILLISECONDS} ms"),
            requirements: Vec::new(),
            situations: vec![endpoint.clone()],
        };
        worse.map(difference).collect()
    }
}

impl Percentiles {
    fn new(mut times: Vec<f64>) -> Self {
        times.sort_by(f64::total_cmp);
        let at = |percent: usize| times.get((times.len() * percent).div_ceil(100).saturating_sub(1)).copied();
        let at = |percent: usize| at(percent).unwrap_or_default();
        Self { requests: times.len(), p50: at(50), p90: at(90), p99: at(99) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn latency(milliseconds: f64) -> Latency {
        let endpoints = BTreeMap::from([("POST /auth/token".to_owned(), Percentiles::new(vec![milliseconds; 20]))]);
        Latency { concurrency: Some(8), endpoints }
    }

    #[test]
    fn runs_with_another_concurrency_are_not_compared() {
        let alone = Latency { concurrency: Some(1), ..latency(10.0) };
        assert!(alone.worse(&latency(2_000.0)).is_empty());
        assert_eq!(alone.worse(&Latency { concurrency: Some(1), ..latency(2_000.0) }).len(), 1);
    }

    #[test]
    fn only_a_factor_and_a_floor_together_are_worse() {
        for (before, after, worse) in [
            (10.0, 100.0, false),
            (10.0, 259.0, false),
            (10.0, 260.0, true),
            (600.0, 1_000.0, false),
            (600.0, 1_200.0, true),
        ] {
            assert_eq!(latency(before).worse(&latency(after)).len(), usize::from(worse), "{before} {after}");
        }
    }

    #[test]
    fn percentiles_are_times_that_were_measured() {
        let Percentiles { requests, p50, p90, p99 } = Percentiles::new((1..=100).map(f64::from).collect());
        assert_eq!((requests, p50, p90, p99), (100, 50.0, 90.0, 99.0));
    }
}
