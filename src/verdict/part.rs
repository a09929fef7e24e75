//! What a requirement of one shard does not say by itself: that other scenarios judge it too, elsewhere.

use super::remark;
use crate::results::Requirement;

/// Says of each requirement how many of its scenarios were left to other shards; `all` counts those of every shard.
pub(crate) fn tell(requirements: &mut [Requirement], all: impl Fn(&str) -> usize) {
    for requirement in requirements {
        let (here, all) = (requirement.scenarios.len(), all(&requirement.id));
        if here < all {
            remark(requirement, &format!("only {here} of its {all} scenarios are in this shard"));
        }
    }
}
