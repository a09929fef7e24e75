//! What changed since a baseline.

use serde::Serialize;

use crate::{
    report::{
        drift::{Piece, left_out, sentence, sides},
        figures::plural,
    },
    results::{Class, Difference, Results},
};

/// Most situations that are named of one difference; results.json has all of them.
const MOST: usize = 40;

/// The section; nothing where no comparison was asked for.
#[derive(Serialize)]
pub(super) struct Drift<'a> {
    sentence: Option<String>,
    left_out: Vec<String>,
    differences: Vec<Block<'a>>,
}

#[derive(Serialize)]
struct Block<'a> {
    class: String,
    /// The class in the word of the style sheet.
    style: &'static str,
    what: &'a str,
    because: &'a str,
    requirements: &'a [String],
    before: Vec<Part>,
    after: Vec<Part>,
    /// How many situations there are, in words.
    count: String,
    situations: &'a [String],
    more: usize,
}

#[derive(Serialize)]
struct Part {
    text: String,
    changed: bool,
}

impl<'a> Drift<'a> {
    pub(super) fn of(results: &'a Results) -> Self {
        let Some(drift) = &results.drift else {
            return Self { sentence: None, left_out: Vec::new(), differences: Vec::new() };
        };
        Self {
            sentence: Some(sentence(drift)),
            left_out: left_out(drift),
            differences: drift.differences.iter().map(Block::of).collect(),
        }
    }
}

impl<'a> Block<'a> {
    fn of(difference: &'a Difference) -> Self {
        let (before, after) = sides(difference);
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

fn parts(pieces: Vec<Piece>) -> Vec<Part> {
    pieces.into_iter().map(|Piece { text, changed }| Part { text, changed }).collect()
}
