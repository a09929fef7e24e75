//! Facts about a server: what is observed, by name, with its value.

use std::collections::{BTreeMap, BTreeSet};

/// The value of a fact that differs between two recordings of an unchanged server; never compared.
pub(super) const UNSTABLE: &str = "‹unstable›";
/// The value of a fact in answers that do not have it, where others do.
pub(super) const NONE: &str = "none";

/// Values by the names of the facts.
pub(super) type SnapshotFacts = BTreeMap<String, String>;

/// Several values as one text.
pub(super) fn join_values(values: &BTreeSet<String>) -> String {
    values.iter().map(String::as_str).collect::<Vec<_>>().join(" | ")
}

/// The keys of both, sorted.
pub(super) fn union_keys<'a, V>(
    one: &'a BTreeMap<String, V>,
    two: &'a BTreeMap<String, V>,
) -> impl Iterator<Item = &'a String> + use<'a, V> {
    one.keys().chain(two.keys()).collect::<BTreeSet<_>>().into_iter()
}
