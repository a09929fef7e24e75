//! One of several parts that a run is split into. Which part a scenario belongs to follows from its id alone, so that neither
//! the order of scenarios nor what is added elsewhere moves it.

use std::{fmt, num::NonZeroUsize, str::FromStr};

use ring::digest::{SHA256, digest};
use thiserror::Error;

use crate::results;

/// Part `number` of `of`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Shard {
    /// Counted from 1.
    number: NonZeroUsize,
    of: NonZeroUsize,
}

/// Why a text names no shard.
#[derive(Debug, Error, PartialEq, Eq)]
pub(crate) enum ShardError {
    /// Something else.
    #[error("write which shard of how many, like 2/3")]
    Malformed,
    /// The number is out of range.
    #[error("unknown shard {number} of {of}; shards are numbered from 1 to {of}")]
    Beyond {
        /// As given.
        number: usize,
        /// How many there are.
        of: usize,
    },
}

impl Shard {
    /// Whether the scenario with this id belongs to it.
    pub(super) fn takes(self, id: &str) -> bool {
        let digest = digest(&SHA256, id.as_bytes());
        // Eight bytes spread the scenarios evenly; a digest that other machines and later builds compute alike.
        let hash = digest.as_ref().iter().take(8).fold(0, |hash: u64, byte| (hash << 8) | u64::from(*byte));
        hash % self.of.get() as u64 == self.number.get() as u64 - 1
    }

    /// As the results tell it.
    pub(super) fn to_results(self) -> results::ShardInfo {
        results::ShardInfo { number: self.number.get(), of: self.of.get() }
    }

    /// As the results tell it.
    ///
    /// # Errors
    /// When the number is out of range.
    pub(super) fn from_results(shard: results::ShardInfo) -> Result<Self, ShardError> {
        let results::ShardInfo { number, of } = shard;
        match (NonZeroUsize::new(number), NonZeroUsize::new(of)) {
            (Some(k), Some(n)) if k <= n => Ok(Self { number: k, of: n }),
            (_, None) => Err(ShardError::Malformed),
            _ => Err(ShardError::Beyond { number, of }),
        }
    }
}

impl FromStr for Shard {
    type Err = ShardError;

    fn from_str(text: &str) -> Result<Self, ShardError> {
        let (number, of) = text.split_once('/').ok_or(ShardError::Malformed)?;
        let number = number.parse().map_err(|_| ShardError::Malformed)?;
        let of = of.parse().map_err(|_| ShardError::Malformed)?;
        Self::from_results(results::ShardInfo { number, of })
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "shard {} of {}", self.number, self.of)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{catalogue::Catalogue, suite::Suite};

    #[test]
    fn a_shard_is_written_as_one_of_so_many() {
        assert_eq!("2/3".parse::<Shard>().map(|shard| shard.to_string()), Ok("shard 2 of 3".to_owned()));
        assert_eq!("1/1".parse::<Shard>().map(|shard| shard.to_string()), Ok("shard 1 of 1".to_owned()));
        for text in ["", "2", "/3", "2/", "-1/3", "1/0", "a/b", "1/2/3"] {
            assert_eq!(text.parse::<Shard>(), Err(ShardError::Malformed), "{text}");
        }
        assert_eq!("0/3".parse::<Shard>(), Err(ShardError::Beyond { number: 0, of: 3 }));
        assert_eq!("4/3".parse::<Shard>(), Err(ShardError::Beyond { number: 4, of: 3 }));
    }

    #[test]
    fn every_scenario_belongs_to_one_shard_and_none_gets_much_more_than_another() {
        let suite = Suite::load(Catalogue::embedded().expect("there is a catalogue"), None).expect("it is right");
        let ids: Vec<&str> = suite.scenarios().map(|scenario| scenario.id.as_str()).collect();
        for of in [1, 2, 3, 7] {
            let shards: Vec<Shard> = (1..=of).map(|k| format!("{k}/{of}").parse().expect("there is one")).collect();
            let sizes = shards.iter().map(|shard| ids.iter().filter(|id| shard.takes(id)).count());
            let sizes: Vec<usize> = sizes.collect();
            assert_eq!(sizes.iter().sum::<usize>(), ids.len(), "{sizes:?}");
            let even = ids.len() / of;
            assert!(sizes.iter().all(|size| (even / 2..=even * 2).contains(size)), "{sizes:?}");
        }
    }

    #[test]
    fn where_a_scenario_belongs_is_settled_for_ever() {
        // Shards of different builds of one suite are merged, so this must never change.
        let place = |id: &str| (1..=7).find(|k| format!("{k}/7").parse::<Shard>().is_ok_and(|shard| shard.takes(id)));
        let places = ["features/a.feature: One", "features/a.feature: Two", "features/b.feature: Three"].map(place);
        assert_eq!(places, [Some(4), Some(5), Some(2)]);
    }
}
