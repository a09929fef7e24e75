//! The page: verdict, counts and one row for each target.

use std::{io, path::Path};

use jiff::civil::Date;
use serde::Serialize;

use super::{
    changes::{Expiry, TargetChange, find_expiries},
    found::{FleetEntry, TargetState},
    matrix::FleetMatrix,
    row::TargetRow,
};
use crate::{
    report::{format::plural, html::templates::Templates},
    results::Verdict,
};

/// The input of the page.
pub(crate) struct FleetSources<'a> {
    /// Every target, by name.
    pub(crate) targets: &'a [FleetEntry],
    /// The day that expiries are compared with.
    pub(crate) today: Date,
    /// How many days ahead an expiry is listed.
    pub(crate) days: i64,
    /// The folder of the page; its links are relative to it.
    pub(crate) folder: &'a Path,
}

#[derive(Serialize)]
struct FleetPage<'a> {
    verdict: &'static str,
    headline: String,
    because: String,
    counts: Vec<TargetCount>,
    matrix: FleetMatrix<'a>,
    compared: bool,
    changes: Vec<TargetChange<'a>>,
    expiries: Vec<Expiry<'a>>,
    days: i64,
    today: String,
    rows: Vec<TargetRow<'a>>,
    all: usize,
    tool: &'static str,
    version: &'static str,
}

#[derive(Serialize)]
struct TargetCount {
    word: &'static str,
    class: &'static str,
    count: usize,
}

/// Writes the page.
///
/// # Errors
/// When `out` accepts no more.
pub(crate) fn render(sources: &FleetSources<'_>, out: &mut dyn io::Write) -> io::Result<()> {
    let targets = sources.targets;
    let (class, headline) = headline(targets);
    let templates = Templates::new();
    templates.write_head(&format!("{headline} · fleet"), true, out)?;
    let mut rows: Vec<TargetRow<'_>> = targets.iter().map(|target| TargetRow::new(target, sources.folder)).collect();
    rows.sort_by_key(|row| row.rank);
    let page = FleetPage {
        verdict: class,
        because: summary(targets),
        headline,
        counts: counts(targets),
        matrix: FleetMatrix::new(targets),
        compared: targets.iter().any(|target| target.previous.is_some()),
        changes: targets.iter().filter_map(TargetChange::new).collect(),
        expiries: find_expiries(targets, sources.today, sources.days),
        days: sources.days,
        today: sources.today.to_string(),
        all: rows.len(),
        rows,
        tool: env!("CARGO_PKG_NAME"),
        version: env!("CARGO_PKG_VERSION"),
    };
    templates.write("fleet.html", page, out)
}

/// One sentence: the number of targets by verdict.
pub(crate) fn summary(targets: &[FleetEntry]) -> String {
    let parts: Vec<String> = counts(targets)
        .into_iter()
        .filter(|count| count.count > 0)
        .map(|count| format!("{} {}", count.count, count.word))
        .collect();
    format!("{}: {}", plural(targets.len() as u64, "target"), parts.join(", "))
}

fn counts(targets: &[FleetEntry]) -> Vec<TargetCount> {
    let count = |word, class, matches: fn(&TargetState) -> bool| TargetCount {
        word,
        class,
        count: targets.iter().filter(|target| matches(&target.state)).count(),
    };
    vec![
        count("not conformant", "fail", |state| state.verdict() == Some(Verdict::Nonconformant)),
        count("not judged", "inconclusive", |state| state.verdict().is_none()),
        count("inconclusive", "inconclusive", |state| state.verdict() == Some(Verdict::Inconclusive)),
        count("conformant", "pass", |state| state.verdict() == Some(Verdict::Conformant)),
    ]
}

fn headline(targets: &[FleetEntry]) -> (&'static str, String) {
    let count = |verdict| targets.iter().filter(|target| target.state.verdict() == verdict).count();
    let (broken, unjudged) = (count(Some(Verdict::Nonconformant)), count(None) + count(Some(Verdict::Inconclusive)));
    let all = targets.len();
    match (broken, unjudged) {
        (0, 0) => ("conformant", format!("All {all} conformant")),
        (0, some) => ("inconclusive", format!("{some} of {all} not judged")),
        (some, _) => ("nonconformant", format!("{some} of {all} not conformant")),
    }
}
