//! What a run finds out about the nodes of a cluster: which of them answer, and for each pair of nodes what one promised and the other
//! did not keep. State only; steps fill it and reports show it.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::sync::OnceCell;

use crate::Masked;

/// What is known of the nodes of a site.
#[derive(Debug, Default)]
pub(crate) struct ClusterLog {
    /// Why each node takes no part, by its place; `None` where it does. Found out once.
    pub(crate) absent: OnceCell<Vec<Option<Masked>>>,
    pairs: Mutex<BTreeMap<(usize, usize), NodePair>>,
    /// By the trait that could tell nodes apart: its values, and how often each was seen.
    traits: Mutex<BTreeMap<String, HashMap<String, u32>>>,
}

/// Headers in which a node or a balancer names a node.
const NODE_HEADERS: [&str; 20] = [
    "server",
    "via",
    "x-powered-by",
    "x-served-by",
    "x-server",
    "x-server-id",
    "x-server-name",
    "x-backend",
    "x-backend-server",
    "x-node",
    "x-node-id",
    "x-instance",
    "x-instance-id",
    "x-pod",
    "x-pod-name",
    "x-host",
    "x-hostname",
    "x-upstream",
    "x-upstream-addr",
    "x-application-context",
];
/// Beginnings of the names of cookies by which balancers keep a client at a node.
const NODE_COOKIES: [&str; 9] =
    ["route", "serverid", "srv", "bigipserver", "ingresscookie", "sticky", "server", "backend", "lb"];
/// A trait with more values than this is a number of the request and not of a node.
const MOST_NODES: usize = 32;

/// How many nodes gave themselves away behind the base URL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeenNodes {
    /// At least so many.
    pub count: usize,
    /// The header or cookie by which they were told apart; `None` for one.
    pub by: Option<String>,
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

    /// Notes what an answer through the base URL shows of its node.
    pub(crate) fn see(&self, headers: &[(String, String)]) {
        for (name, value) in headers {
            let name = name.to_ascii_lowercase();
            if NODE_HEADERS.contains(&name.as_str()) {
                self.count(format!("the header {name}"), value);
            } else if name == "set-cookie" {
                let (cookie, value) = value.split(';').next().unwrap_or_default().split_once('=').unwrap_or_default();
                let cookie = cookie.trim().to_ascii_lowercase();
                if NODE_COOKIES.iter().any(|known| cookie.starts_with(known)) {
                    self.count(format!("the cookie {cookie}"), value);
                } else if let Some((_, node)) = value.rsplit_once('.').filter(|_| cookie == "jsessionid") {
                    self.count("the end of the cookie jsessionid".to_owned(), node);
                }
            }
        }
    }

    fn count(&self, place: String, value: &str) {
        let mut traits = self.traits.lock().unwrap_or_else(PoisonError::into_inner);
        let values = traits.entry(place).or_default();
        // One more than the most tells that there are too many.
        if values.len() <= MOST_NODES {
            *values.entry(value.chars().take(200).collect()).or_default() += 1;
        }
    }

    /// How many nodes gave themselves away. A value that was seen once is no node.
    pub(crate) fn seen(&self) -> SeenNodes {
        let traits = self.traits.lock().unwrap_or_else(PoisonError::into_inner);
        let usable = traits.iter().filter(|(_, values)| values.len() <= MOST_NODES);
        let counted = usable.map(|(place, values)| (values.values().filter(|times| **times > 1).count(), place));
        match counted.max_by_key(|(count, _)| *count) {
            Some((count, place)) if count > 1 => SeenNodes { count, by: Some(place.clone()) },
            _ => SeenNodes { count: 1, by: None },
        }
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

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(answers: impl IntoIterator<Item = (&'static str, String)>) -> SeenNodes {
        let log = ClusterLog::default();
        answers.into_iter().for_each(|(name, value)| log.see(&[(name.to_owned(), value)]));
        log.seen()
    }

    #[test]
    fn nodes_are_told_apart_by_what_balancers_and_software_show() {
        let turns = |name, texts: [&'static str; 2]| (0..6).map(move |turn| (name, texts[turn % 2].to_owned()));
        for (answers, by) in [
            (turns("X-Node", ["a", "b"]), "the header x-node"),
            (turns("Set-Cookie", ["SERVERID=a; Path=/", "SERVERID=b; Path=/"]), "the cookie serverid"),
            (turns("Set-Cookie", ["JSESSIONID=1.n1", "JSESSIONID=2.n2"]), "the end of the cookie jsessionid"),
        ] {
            assert_eq!(seen(answers), SeenNodes { count: 2, by: Some(by.to_owned()) });
        }
    }

    #[test]
    fn what_differs_in_every_answer_is_no_node() {
        let one = SeenNodes { count: 1, by: None };
        assert_eq!(seen((0..9).map(|turn| ("X-Served-By", format!("cache-{turn}")))), one);
        assert_eq!(seen((0..90).map(|turn| ("Via", format!("{}", turn % 40)))), one);
        assert_eq!(seen((0..9).map(|turn| ("X-Request-Id", format!("{}", turn % 2)))), one);
    }
}
