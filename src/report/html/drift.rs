//! What changed since a baseline.

use serde::Serialize;

use crate::{
    report::{
        drift::{DiffPiece, diff_sides, drift_sentence, not_compared},
        format::plural,
    },
    results::{Class, Difference, Results},
};

/// Most situations that are listed for one difference; results.json has all.
const MOST: usize = 40;

/// The section; empty without a comparison.
#[derive(Serialize)]
pub(super) struct DriftSection<'a> {
    sentence: Option<String>,
    left_out: Vec<String>,
    differences: Vec<DifferenceView<'a>>,
}

#[derive(Serialize)]
struct DifferenceView<'a> {
    class: String,
    /// The class in the style sheet.
    style: &'static str,
    what: &'a str,
    because: &'a str,
    requirements: &'a [String],
    before: Vec<DiffPart>,
    after: Vec<DiffPart>,
    /// The number of situations.
    count: String,
    situations: &'a [String],
    more: usize,
}

#[derive(Serialize)]
struct DiffPart {
    text: String,
    changed: bool,
}

impl<'a> DriftSection<'a> {
    pub(super) fn new(results: &'a Results) -> Self {
        let Some(drift) = &results.drift else {
            return Self { sentence: None, left_out: Vec::new(), differences: Vec::new() };
        };
        Self {
            sentence: Some(drift_sentence(drift)),
            left_out: not_compared(drift),
            differences: drift.differences.iter().map(DifferenceView::new).collect(),
        }
    }
}

impl<'a> DifferenceView<'a> {
    fn new(difference: &'a Difference) -> Self {
        let (before, after) = diff_sides(difference);
        let (first, rest) = difference.situations.split_at(difference.situations.len().min(MOST));
        Self {
            class: difference.class.to_string(),
            style: match difference.class {
                Class::Breaking => "fail",
                Class::Notable => "warn",
                Class::Compatible => "pass",
            },
            what: &difference.what,
            because: &difference.because,
            requirements: &difference.requirements,
            before: parts(before),
            after: parts(after),
            count: plural(difference.situations.len() as u64, "situation"),
            situations: first,
            more: rest.len(),
        }
    }
}

fn parts(pieces: Vec<DiffPiece>) -> Vec<DiffPart> {
    pieces.into_iter().map(|DiffPiece { text, changed }| DiffPart { text, changed }).collect()
}
