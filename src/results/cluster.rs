//! What a run found out about the nodes behind the base URL: a matrix of nodes where they are configured, else how many gave themselves
//! away.

use serde::{Deserialize, Serialize};
use steps::{ClusterFindings, Masked, Redactor, SeenNodes};

/// The nodes of a target.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ClusterInfo {
    /// How many nodes gave themselves away behind the base URL, at least.
    pub(crate) seen: usize,
    /// The header or cookie by which they were told apart.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(crate) told_apart_by: Option<Masked>,
    /// The configured nodes.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub(crate) nodes: Vec<ClusterNode>,
    /// What was found between two of them.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub(crate) pairs: Vec<ClusterPair>,
}

/// A configured node.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ClusterNode {
    /// Its base URL.
    pub(crate) url: String,
    /// Why it took no part.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(crate) absent: Option<Masked>,
}

/// What one node promised and another was asked to keep. A node beside itself was asked alone.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ClusterPair {
    /// The place of the node that promised.
    pub(crate) from: usize,
    /// The place of the node that was asked.
    pub(crate) to: usize,
    /// How many answers were judged.
    pub(crate) tried: u32,
    /// What was not kept.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub(crate) deviations: Vec<ClusterDeviation>,
}

/// Something that a node did not keep.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ClusterDeviation {
    /// What it was.
    pub(crate) what: Masked,
    /// How late it came, in seconds, where that was measured.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(crate) lag_seconds: Option<f64>,
}

impl ClusterInfo {
    /// What the site of a run has found.
    pub(crate) fn new(seen: SeenNodes, findings: Option<ClusterFindings>, redactor: &Redactor) -> Self {
        let (nodes, pairs) = findings.map(|found| (found.nodes, found.pairs)).unwrap_or_default();
        Self {
            seen: seen.count,
            told_apart_by: seen.by.map(|by| redactor.mask(&by)),
            nodes: nodes.into_iter().map(|(url, absent)| ClusterNode { url, absent }).collect(),
            pairs: pairs
                .into_iter()
                .map(|(from, to, pair)| ClusterPair {
                    from,
                    to,
                    tried: pair.tried,
                    deviations: pair
                        .deviations
                        .into_iter()
                        .map(|deviation| ClusterDeviation {
                            what: redactor.mask(&deviation.what),
                            lag_seconds: deviation.lag.map(|lag| lag.as_secs_f64()),
                        })
                        .collect(),
                })
                .collect(),
        }
    }

    /// One line: the nodes that were compared, else how far what was judged of single use reaches.
    pub(crate) fn summary(&self) -> String {
        if self.nodes.is_empty() {
            return match &self.told_apart_by {
                Some(by) => format!("at least {} nodes seen behind the base URL, told apart by {by}", self.seen),
                None => "one node seen behind the base URL: what is judged of single use holds for it".to_owned(),
            };
        }
        let absent = self.nodes.iter().filter(|node| node.absent.is_some()).count();
        let deviating = self.pairs.iter().filter(|pair| !pair.deviations.is_empty()).count();
        let absent = if absent > 0 { format!(" ({absent} without part)") } else { String::new() };
        format!("{} nodes{absent}, {} pairs compared, {deviating} deviate", self.nodes.len(), self.pairs.len())
    }

    /// The matrix: a row for each node that promised, with a cell for each node that was asked. Empty where no pair was compared.
    pub(crate) fn matrix(&self) -> Vec<Vec<MatrixCell>> {
        let places = 0..if self.pairs.is_empty() { 0 } else { self.nodes.len() };
        let pair = |from: usize, to: usize| self.pairs.iter().find(|pair| (pair.from, pair.to) == (from, to));
        places.clone().map(|from| places.clone().map(|to| MatrixCell::new(pair(from, to))).collect()).collect()
    }

    /// What each pair did not keep, as sentences.
    pub(crate) fn deviations(&self) -> Vec<String> {
        let url = |place: usize| self.nodes.get(place).map_or("an unknown node", |node| node.url.as_str());
        let mut lines = Vec::new();
        for node in &self.nodes {
            if let Some(reason) = &node.absent {
                lines.push(format!("{} took no part: {reason}", node.url));
            }
        }
        for pair in &self.pairs {
            for deviation in &pair.deviations {
                let lag = deviation.lag_seconds.map(|lag| format!(", {} s late", rounded(lag))).unwrap_or_default();
                lines.push(format!("{} after {}: {}{lag}", url(pair.to), url(pair.from), deviation.what));
            }
        }
        lines
    }
}

/// What one node promised and another kept, in words.
#[derive(Debug, Serialize)]
pub(crate) struct MatrixCell {
    pub(crate) text: String,
    pub(crate) deviates: bool,
}

impl MatrixCell {
    fn new(pair: Option<&ClusterPair>) -> Self {
        let Some(pair) = pair else { return Self { text: "–".to_owned(), deviates: false } };
        if pair.deviations.is_empty() {
            return Self { text: format!("{} kept", pair.tried), deviates: false };
        }
        let lag = |seconds: f64| format!(", {} s late", rounded(seconds));
        let deviation = |it: &ClusterDeviation| format!("{}{}", it.what, it.lag_seconds.map(lag).unwrap_or_default());
        Self { text: pair.deviations.iter().map(deviation).collect::<Vec<_>>().join("; "), deviates: true }
    }
}

/// Seconds to a tenth of them.
fn rounded(seconds: f64) -> String {
    let digits = if seconds < 0.1 {
        3
    } else if seconds < 1.0 {
        2
    } else {
        1
    };
    format!("{seconds:.digits$}")
}
