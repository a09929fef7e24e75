//! Whether the time of a refusal tells a known login from an unknown one: tries in turn, judged by ranks. Few of them name the known
//! login, for each counts as a failed login.

use std::time::Duration;

use super::login::unknown_login;
use crate::{Mismatch, Secret, StepError, World, api::credentials_request, fake};

/// Tries of each kind in one series; and on a deployment.
const TRIES: (usize, usize) = (12, 6);
/// How much the medians must differ to count: less is lost in the network.
const LEAST_DIFFERENCE: Duration = Duration::from_millis(5);
/// How many standard deviations the sum of ranks must be away from its mean. Six tries of each kind reach 2.88 at most.
const LEAST_DEVIATION: f64 = 2.8;

/// A series of tries: how long the refusals of the known login and of unknown ones took.
#[derive(Default)]
struct Series {
    known: Vec<Duration>,
    unknown: Vec<Duration>,
}

impl Series {
    /// Whether one kind is slower: `true` for the known login.
    fn slower(&self) -> Option<bool> {
        let (known, unknown) = (median(&self.known), median(&self.unknown));
        let deviation = rank_deviation(&self.known, &self.unknown);
        (deviation.abs() >= LEAST_DEVIATION && known.abs_diff(unknown) >= LEAST_DIFFERENCE).then_some(deviation > 0.0)
    }
}

fn median(times: &[Duration]) -> Duration {
    let mut sorted = times.to_vec();
    sorted.sort();
    sorted.get(sorted.len() / 2).copied().unwrap_or_default()
}

/// How far the sum of ranks of the first sample is from its mean, in standard deviations (Mann and Whitney).
fn rank_deviation(one: &[Duration], other: &[Duration]) -> f64 {
    let (n, m) = (one.len() as f64, other.len() as f64);
    let above = |a: &Duration| {
        other
            .iter()
            .map(|b| {
                if a > b {
                    1.0
                } else if a == b {
                    0.5
                } else {
                    0.0
                }
            })
            .sum::<f64>()
    };
    let u: f64 = one.iter().map(above).sum();
    let deviation = (n * m * (n + m + 1.0) / 12.0).sqrt();
    if deviation > 0.0 { (u - n * m / 2.0) / deviation } else { 0.0 }
}

/// A second series follows only where the first shows a difference: chance shows the same in both once in 100,000 servers.
pub(super) async fn try_wrong_passwords(world: &mut World) -> Result<(), StepError> {
    let Some(first) = try_in_turn(world).await?.slower() else { return Ok(()) };
    let second = try_in_turn(world).await?;
    if second.slower() != Some(first) {
        return Ok(());
    }
    let shown = |times: &[Duration]| format!("{:.1} ms", median(times).as_secs_f64() * 1000.0);
    let answered = format!(
        "a wrong password of a known login takes {}, of an unknown one {} (medians of two series)",
        shown(&second.known),
        shown(&second.unknown)
    );
    let exchange = world.answer()?.exchange;
    world.time_difference = Some(Mismatch::new("refusals that take the same time", answered).at(exchange));
    Ok(())
}

pub(super) async fn take_the_same_time(world: &mut World) -> Result<(), StepError> {
    world.judged()?;
    world.time_difference.take().map_or(Ok(()), |difference| Err(difference.into()))
}

async fn try_in_turn(world: &mut World) -> Result<Series, StepError> {
    let tries = if world.site().target.thorough { TRIES.0 } else { TRIES.1 };
    let mut series = Series::default();
    for at in 0..tries {
        // Whichever comes first would pay for what the second finds in caches.
        for is_known in [at % 2 == 0, at % 2 == 1] {
            let login = if is_known { world.user().login } else { unknown_login(world) };
            let request = credentials_request(&login, &Secret::new(fake::text(20)));
            let answer = world.api.attempt(&login, request).await?;
            let took = world.journal.took(answer.exchange);
            if is_known {
                series.known.push(took);
            } else {
                series.unknown.push(took);
            }
            world.answered(answer);
        }
    }
    Ok(series)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn series(known: impl Fn(u64) -> u64, unknown: impl Fn(u64) -> u64) -> Series {
        let times = |of: &dyn Fn(u64) -> u64| (0..6).map(|at| Duration::from_micros(of(at))).collect();
        Series { known: times(&known), unknown: times(&unknown) }
    }

    #[test]
    fn a_login_that_is_slower_is_found_and_noise_is_not() {
        assert_eq!(series(|at| 30_000 + at, |at| 2_000 + at).slower(), Some(true));
        assert_eq!(series(|at| 2_000 + at, |at| 30_000 + at).slower(), Some(false));
        assert_eq!(series(|at| 2_000 + at * 900, |at| 2_400 + at * 900).slower(), None, "they overlap");
        assert_eq!(series(|at| 2_900 + at, |at| 2_000 + at).slower(), None, "less than the network adds");
    }
}
