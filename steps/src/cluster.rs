//! What a run finds out about the nodes of a cluster: which of them answer, and for each pair of nodes what one promised and the other
//! did not keep. State only; steps fill it and reports show it.

use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, SystemTime},
};

use tokio::sync::OnceCell;

use crate::{
    Masked,
    node_traits::{NodeTraits, SeenNodes},
};

/// What is known of the nodes of a site.
#[derive(Debug, Default)]
pub(crate) struct ClusterLog {
    /// Why each node takes no part, by its place; `None` where it does. Found out once.
    pub(crate) absent: OnceCell<Vec<Option<Masked>>>,
    pairs: Mutex<BTreeMap<(usize, usize), NodePair>>,
    traits: NodeTraits,
}

/// What one node promised and another was asked to keep.
#[derive(Clone, Debug, Default)]
pub struct NodePair {
    /// How many answers were judged.
    pub tried: u32,
    /// What the other did not keep, each once.
    pub deviations: Vec<Deviation>,
}

/// Something that a node did not keep.
#[derive(Clone, Debug, PartialEq)]
pub struct Deviation {
    /// What it was.
    pub what: String,
    /// How late it came; `None` where it did not come while the run waited for it, or was not waited for.
    pub lag: Option<Duration>,
}

/// The nodes of a site and what was found between them.
#[derive(Clone, Debug)]
pub struct ClusterFindings {
    /// Base URL of each node, and why it takes no part.
    pub nodes: Vec<(String, Option<Masked>)>,
    /// By the places of the node that promised and the node that was asked.
    pub pairs: Vec<(usize, usize, NodePair)>,
}

impl ClusterLog {
    /// Records an answer of `to` about what `from` did.
    pub(crate) fn tried(&self, from: usize, to: usize) {
        self.pairs().entry((from, to)).or_default().tried += 1;
    }

    /// Records that `to` did not keep what `from` promised.
    pub(crate) fn deviates(&self, from: usize, to: usize, deviation: Deviation) {
        let mut pairs = self.pairs();
        let known = &mut pairs.entry((from, to)).or_default().deviations;
        match known.iter_mut().find(|other| other.what == deviation.what) {
            Some(other) => other.lag = other.lag.or(deviation.lag),
            None => known.push(deviation),
        }
    }

    /// Notes what an answer through the base URL, whose request was sent at this moment, shows of its node.
    pub(crate) fn see(&self, headers: &[(String, String)], sent: SystemTime) {
        self.traits.see(headers, sent);
    }

    /// Notes the certificate that a new connection showed.
    pub(crate) fn see_certificate(&self, der: &[u8]) {
        self.traits.see_certificate(der);
    }

    /// The last cookie by which a balancer keeps a client at a node.
    pub(crate) fn cookie(&self) -> Option<String> {
        self.traits.cookie()
    }

    /// How many nodes gave themselves away.
    pub(crate) fn seen(&self) -> SeenNodes {
        self.traits.seen()
    }

    /// Everything, where anything was tried.
    pub(crate) fn findings(&self, urls: impl Iterator<Item = String>) -> Option<ClusterFindings> {
        let absent = self.absent.get()?;
        let nodes = urls.zip(absent.iter().cloned()).collect();
        let pairs = self.pairs().iter().map(|((from, to), pair)| (*from, *to, pair.clone())).collect();
        Some(ClusterFindings { nodes, pairs })
    }

    fn pairs(&self) -> MutexGuard<'_, BTreeMap<(usize, usize), NodePair>> {
        self.pairs.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
