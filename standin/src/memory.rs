//! What a server with unforeseen faults remembers beside its state.

use std::{collections::HashMap, time::Instant};

/// What such a server remembers beside its state.
#[derive(Default)]
pub(crate) struct Memory {
    pub(crate) counts: HashMap<String, u32>,
    pub(crate) texts: Vec<String>,
    /// Who failed last, and how often in a row.
    pub(crate) failed: Option<usize>,
    pub(crate) failures: u32,
    pub(crate) verified: Vec<String>,
    pub(crate) last_good: Option<(Instant, String)>,
}

impl Memory {
    pub(crate) fn count(&mut self, what: impl Into<String>) -> u32 {
        let count = self.counts.entry(what.into()).or_default();
        *count += 1;
        *count
    }
}
