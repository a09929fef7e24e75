//! `fleet.html`: all targets on one page: what fails where, what changed since the last run, what is about to expire. Made
//! from the results below a folder; judges nothing anew.

mod change;
mod expiry;
mod found;
mod matrix;
mod row;

use std::{io, path::Path};

use jiff::civil::Date;
use serde::Serialize;

pub(crate) use found::{State, Target, find};

use super::{figures::plural, html::pen::Pen};
use crate::results::Verdict;
use change::Change;
use expiry::Expiry;
use matrix::Matrix;
use row::Row;

/// What the page is made from.
pub(crate) struct Sources<'a> {
    /// Every target, by name.
    pub(crate) targets: &'a [Target],
    /// The day that expiries are held against.
    pub(crate) today: Date,
    /// How many days ahead an expiry is told.
    pub(crate) days: i64,
    /// The folder that the page is written into, from which its links lead.
    pub(crate) folder: &'a Path,
}

#[derive(Serialize)]
struct Page<'a> {
    verdict: &'static str,
    headline: String,
    because: String,
    counts: Vec<Count>,
    matrix: Matrix<'a>,
    compared: bool,
    changes: Vec<Change<'a>>,
    expiries: Vec<Expiry<'a>>,
    days: i64,
    today: String,
    rows: Vec<Row<'a>>,
    all: usize,
    tool: &'static str,
    version: &'static str,
}

#[derive(Serialize)]
struct Count {
    word: &'static str,
    class: &'static str,
    count: usize,
}

/// Writes the page.
///
/// # Errors
/// When nothing more can be written.
pub(crate) fn render(sources: &Sources<'_>, out: &mut dyn io::Write) -> io::Result<()> {
    let targets = sources.targets;
    let (class, headline) = headline(targets);
    let pen = Pen::new();
    pen.head(&format!("{headline} · fleet"), true, out)?;
    let mut rows: Vec<Row<'_>> = targets.iter().map(|target| Row::of(target, sources.folder)).collect();
    rows.sort_by_key(|row| row.rank);
    let page = Page {
        verdict: class,
        because: summary(targets),
        headline,
        counts: counts(targets),
        matrix: Matrix::of(targets),
        compared: targets.iter().any(|target| target.previous.is_some()),
        changes: targets.iter().flat_map(Change::of).collect(),
        expiries: expiry::within(targets, sources.today, sources.days),
        days: sources.days,
        today: sources.today.to_string(),
        all: rows.len(),
        rows,
        tool: env!("CARGO_PKG_NAME"),
        version: env!("CARGO_PKG_VERSION"),
    };
    pen.write("fleet.html", page, out)
}

/// One sentence: how many targets came out how.
pub(crate) fn summary(targets: &[Target]) -> String {
    let told: Vec<String> = counts(targets)
        .into_iter()
        .filter(|count| count.count > 0)
        .map(|count| format!("{} {}", count.count, count.word))
        .collect();
    format!("{}: {}", plural(targets.len() as u64, "target"), told.join(", "))
}

fn counts(targets: &[Target]) -> Vec<Count> {
    let count = |word, class, of: fn(&State) -> bool| Count {
        word,
        class,
        count: targets.iter().filter(|target| of(&target.state)).count(),
    };
    vec![
        count("not conformant", "fail", |state| state.verdict() == Some(Verdict::Nonconformant)),
        count("not judged", "inconclusive", |state| state.verdict().is_none()),
        count("inconclusive", "inconclusive", |state| state.verdict() == Some(Verdict::Inconclusive)),
        count("conformant", "pass", |state| state.verdict() == Some(Verdict::Conformant)),
    ]
}

fn headline(targets: &[Target]) -> (&'static str, String) {
    let count = |verdict| targets.iter().filter(|target| target.state.verdict() == verdict).count();
    let (broken, unjudged) = (count(Some(Verdict::Nonconformant)), count(None) + count(Some(Verdict::Inconclusive)));
    let all = targets.len();
    match (broken, unjudged) {
        (0, 0) => ("conformant", format!("All {all} conformant")),
        (0, some) => ("inconclusive", format!("{some} of {all} not judged")),
        (some, _) => ("nonconformant", format!("{some} of {all} not conformant")),
    }
}
