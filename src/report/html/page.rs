//! The sections of the report in their order.

use std::io;

use serde::Serialize;

use super::{
    cluster::ClusterSection,
    drift::DriftSection,
    failures::FailureSections,
    header::Header,
    requirements::{FilterForm, write_requirements},
    scenario::ScenarioAnchors,
    templates::Templates,
    timeline::Timeline,
    unjudged::UnjudgedSections,
};
use crate::{
    report::{class::RequirementIndex, headline},
    results::{Observation, Results},
};

/// What the server does where the contract leaves a choice.
#[derive(Serialize)]
struct ObservationSection<'a> {
    observations: &'a [Observation],
}

/// The last lines.
#[derive(Serialize)]
struct Closing<'a> {
    tool: &'a str,
    version: &'a str,
}

/// Writes the report.
pub(crate) fn render(results: &Results, out: &mut dyn io::Write) -> io::Result<()> {
    let templates = Templates::new();
    let (anchors, index) = (ScenarioAnchors::new(results), RequirementIndex::new(results));
    let title = format!("{} · {}", headline::heading(results), results.target.name);
    templates.write_head(&title, false, out)?;
    templates.write("header.html", Header::new(results), out)?;
    templates.write("failures.html", FailureSections::new(results, &index, &anchors), out)?;
    templates.write("drift.html", DriftSection::new(results), out)?;
    templates.write("unjudged.html", UnjudgedSections::new(results), out)?;
    templates.write("cluster.html", ClusterSection::new(results), out)?;
    templates.write("observations.html", ObservationSection { observations: &results.observations }, out)?;
    templates.write("timeline.html", Timeline::new(results, &anchors), out)?;
    templates.write("filter.html", FilterForm::new(results), out)?;
    write_requirements(&templates, results, &anchors, out)?;
    templates.write("closing.html", Closing { tool: &results.tool.name, version: &results.tool.version }, out)
}
