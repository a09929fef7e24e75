//! What races that saw no double spend prove: how many there were, how many of their requests met on the wire, and how often a double
//! spend may happen all the same.

use crate::message::Answer;

/// How sure the bound is.
const CONFIDENCE: f64 = 0.95;

/// The rounds of a race in words, with the bound that they prove where nothing was seen in any.
pub(crate) fn describe(rounds: &[Vec<Answer>]) -> String {
    let requests: usize = rounds.iter().map(Vec::len).sum();
    let met: usize = rounds.iter().map(|round| overlapping(round)).sum();
    let closest = rounds.iter().filter(|round| overlapping(round) > 1).count();
    let races = if closest == 0 {
        "none met, which excludes nothing".to_owned()
    } else {
        format!("a double spend in {} of such races ({:.0} %)", bound(closest), CONFIDENCE * 100.0)
    };
    format!("{} rounds, {requests} requests, {met} of them overlapped another on the wire: {races}", rounds.len())
}

/// How many requests were under way, from first byte to last, while another of the same round was.
fn overlapping(round: &[Answer]) -> usize {
    let meets = |one: &Answer, other: &Answer| one.sent <= other.received && other.sent <= one.received;
    let with_another = |at: usize| round.iter().enumerate().any(|(other, it)| other != at && meets(it, &round[at]));
    (0..round.len()).filter(|at| with_another(*at)).count()
}

/// The rate below which nothing seen in so many races lies, in words.
fn bound(races: usize) -> String {
    let rate = highest_rate(races);
    if rate > 0.5 {
        format!("less than {:.0} %", (rate * 100.0).ceil())
    } else {
        format!("less than 1 of {:.0}", (1.0 / rate).floor())
    }
}

/// The highest rate that shows nothing in so many races with a probability of 5 % still.
#[expect(clippy::cast_precision_loss, reason = "races are few")]
fn highest_rate(races: usize) -> f64 {
    1.0 - (1.0 - CONFIDENCE).powf(1.0 / races as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_races_exclude_little_and_sixty_one_in_twenty() {
        assert_eq!(bound(3), "less than 64 %");
        assert_eq!(bound(60), "less than 1 of 20");
    }

    #[test]
    fn at_the_bound_nothing_is_seen_in_five_of_a_hundred_series() {
        for races in [3, 10, 60] {
            let races_as_power = i32::try_from(races).expect("it is small");
            let nothing_seen = (1.0 - highest_rate(races)).powi(races_as_power);
            assert!((nothing_seen - 0.05).abs() < 1e-9, "{races}: {nothing_seen}");
        }
    }
}
