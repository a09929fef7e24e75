//! `report.html`: the run as one file for people. It loads nothing, runs nothing but its own filter, and shows what a server
//! said only as text. Written piece by piece, so that a run with thousands of scenarios needs no more room than one of a few.

mod area;
mod broken;
mod drift;
mod opening;
pub(super) mod pen;
mod remarks;
mod scenario;
mod timeline;
mod unjudged;
mod wire;
pub(super) mod words;

use std::io;

use pen::Pen;
use serde::Serialize;

use super::{headline, standing::Requirements};
use crate::results::Results;
use scenario::Numbers;

/// Writes the report.
pub(super) fn render(results: &Results, out: &mut dyn io::Write) -> io::Result<()> {
    let (pen, numbers, requirements) = (Pen::new(), Numbers::of(results), Requirements::of(results));
    let title = format!("{} · {}", headline::heading(results.verdict), results.target.name);
    pen.head(&title, false, out)?;
    pen.write("opening.html", opening::Opening::of(results), out)?;
    pen.write("broken.html", broken::Broken::of(results, &requirements, &numbers), out)?;
    pen.write("drift.html", drift::Drift::of(results), out)?;
    pen.write("unjudged.html", unjudged::Unjudged::of(results), out)?;
    pen.write("remarks.html", remarks::Remarks::of(results), out)?;
    pen.write("timeline.html", timeline::Timeline::of(results, &numbers), out)?;
    pen.write("filter.html", area::Filter::of(results), out)?;
    area::write(&pen, results, &numbers, out)?;
    pen.write("closing.html", Closing { tool: &results.tool.name, version: &results.tool.version }, out)
}

/// The last lines.
#[derive(Serialize)]
struct Closing<'a> {
    tool: &'a str,
    version: &'a str,
}
