//! The tags of scenarios that are not requirement ids. Tags are written without `@` here.

use super::Need;

/// The scenario could disturb others on the same server: nothing runs beside it.
pub(crate) const ALONE: &str = "alone";
/// The scenario judges what is recommended beside a promise.
pub(crate) const SHOULD: &str = "should";
/// Before the name of a need.
const NEEDS: &str = "needs-";

/// The need that a tag names.
pub(crate) fn need(tag: &str) -> Option<Need> {
    tag.strip_prefix(NEEDS)?.parse().ok()
}

/// Whether a tag only controls how its scenario is run or weighed.
pub(crate) fn is_plain(tag: &str) -> bool {
    tag == ALONE || tag == SHOULD || need(tag).is_some()
}
