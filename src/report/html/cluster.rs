//! The nodes behind the base URL, as a matrix: a row for the node that promised, a column for the one that was asked.

use serde::Serialize;

use crate::results::{ClusterPair, Results};

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
    cells: Vec<Cell>,
}

#[derive(Serialize)]
struct Cell {
    text: String,
    deviates: bool,
}

impl ClusterSection {
    pub(super) fn new(results: &Results) -> Self {
        let Some(cluster) = &results.cluster else {
            return Self { summary: None, nodes: Vec::new(), rows: Vec::new(), deviations: Vec::new() };
        };
        let pair = |from: usize, to: usize| cluster.pairs.iter().find(|pair| (pair.from, pair.to) == (from, to));
        let places = 0..cluster.nodes.len();
        let row = |from: usize| Row {
            node: cluster.nodes[from].url.clone(),
            cells: places.clone().map(|to| cell(pair(from, to))).collect(),
        };
        Self {
            summary: Some(cluster.summary()),
            nodes: cluster.nodes.iter().map(|node| node.url.clone()).collect(),
            rows: if cluster.pairs.is_empty() { Vec::new() } else { places.clone().map(row).collect() },
            deviations: cluster.deviations(),
        }
    }
}

fn cell(pair: Option<&ClusterPair>) -> Cell {
    let Some(pair) = pair else { return Cell { text: "not compared".to_owned(), deviates: false } };
    let deviates = !pair.deviations.is_empty();
    let text = if deviates { format!("{} deviations", pair.deviations.len()) } else { format!("{} kept", pair.tried) };
    Cell { text, deviates }
}
