//! The nodes behind the base URL, as a matrix: a row for the node that promised, a column for the one that was asked.

use serde::Serialize;

use crate::results::{ClusterInfo, MatrixCell, Results};

/// The section of the nodes; without rows where none are configured.
#[derive(Serialize)]
pub(super) struct ClusterSection {
    summary: Option<String>,
    nodes: Vec<String>,
    rows: Vec<Row>,
    deviations: Vec<String>,
}

#[derive(Serialize)]
struct Row {
    node: String,
    cells: Vec<MatrixCell>,
}

impl ClusterSection {
    pub(super) fn new(results: &Results) -> Self {
        let cluster = results.cluster.as_ref();
        let nodes: Vec<String> =
            cluster.into_iter().flat_map(|cluster| &cluster.nodes).map(|node| node.url.clone()).collect();
        let matrix = cluster.map(ClusterInfo::matrix).unwrap_or_default();
        Self {
            summary: cluster.map(ClusterInfo::summary),
            rows: nodes.iter().cloned().zip(matrix).map(|(node, cells)| Row { node, cells }).collect(),
            nodes,
            deviations: cluster.map(ClusterInfo::deviations).unwrap_or_default(),
        }
    }
}
