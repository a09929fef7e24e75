//! The requirement matrix by area: level, verdict and statement, each with the scenarios that judge it. A requirement may have
//! thousands of them, so they are written one by one.

use std::{
    collections::{HashMap, HashSet},
    io,
};

use serde::Serialize;

use super::{
    scenario::{ScenarioAnchors, ScenarioLink, ScenarioView},
    templates::Templates,
};
use crate::{
    report::{
        class::{VERDICTS, verdict_class},
        format::plural,
        headline::waiver_line,
    },
    results::{Level, RequirementResult, Results, ScenarioResult},
};

/// The form that narrows the matrix.
#[derive(Serialize)]
pub(super) struct FilterForm {
    requirements: usize,
    verdicts: Vec<FilterChoice>,
    levels: Vec<FilterChoice>,
}

#[derive(Serialize)]
struct FilterChoice {
    word: String,
    count: usize,
}

/// The heading of an area.
#[derive(Serialize)]
struct AreaHeading<'a> {
    id: String,
    title: &'a str,
    counts: String,
}

#[derive(Serialize)]
struct RequirementRow<'a> {
    id: &'a str,
    level: String,
    verdict: &'static str,
    waived: Option<String>,
    statement: &'a str,
    source: &'a str,
    reason: Option<&'a str>,
    count: String,
}

/// Scenarios that are shown under another requirement.
#[derive(Serialize)]
struct ShownElsewhere<'a> {
    elsewhere: Vec<ScenarioLink<'a>>,
}

impl FilterForm {
    pub(super) fn new(results: &Results) -> Self {
        let requirements = &results.requirements;
        let verdicts = VERDICTS.map(|verdict| FilterChoice {
            word: verdict_class(verdict).to_owned(),
            count: requirements.iter().filter(|it| it.verdict == verdict).count(),
        });
        let levels = [Level::Must, Level::Should, Level::Observe].map(|level| FilterChoice {
            word: level.to_string(),
            count: requirements.iter().filter(|it| it.level == level).count(),
        });
        let used = |choice: &FilterChoice| choice.count > 0;
        Self {
            requirements: requirements.len(),
            verdicts: verdicts.into_iter().filter(used).collect(),
            levels: levels.into_iter().filter(used).collect(),
        }
    }
}

/// Writes area after area.
pub(super) fn write_requirements(
    templates: &Templates,
    results: &Results,
    anchors: &ScenarioAnchors<'_>,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let scenarios: HashMap<&str, &ScenarioResult> = results.scenarios.iter().map(|it| (it.id.as_str(), it)).collect();
    let mut shown = HashSet::new();
    for (area, requirements) in by_area(&results.requirements) {
        templates.write("area.html", AreaHeading::new(area, requirements), out)?;
        for requirement in requirements {
            let judging = requirement.scenarios.iter().filter_map(|id| scenarios.get(id.as_str()).copied());
            let (here, elsewhere): (Vec<_>, Vec<_>) = judging.partition(|scenario| shown.insert(&scenario.id));
            templates.write("requirement.html", RequirementRow::new(requirement), out)?;
            for scenario in here {
                templates.write("scenario.html", ScenarioView::new(scenario, anchors), out)?;
            }
            let elsewhere = elsewhere.into_iter().map(|scenario| anchors.link(scenario)).collect();
            templates.write("requirement-end.html", ShownElsewhere { elsewhere }, out)?;
        }
        templates.write("area-end.html", (), out)?;
    }
    Ok(())
}

/// The requirements of each area with the name that begins their ids.
pub(super) fn by_area(requirements: &[RequirementResult]) -> impl Iterator<Item = (&str, &[RequirementResult])> {
    let chunks = requirements.chunk_by(|one, next| area(&one.id) == area(&next.id));
    chunks.filter_map(|chunk| chunk.first().map(|first| (area(&first.id), chunk)))
}

fn area(id: &str) -> &str {
    id.rsplit_once('-').map_or(id, |(area, _)| area)
}

/// The title of an area; an unknown area has its name.
pub(super) fn area_title(area: &str) -> &str {
    match area {
        "ISSUE" => "Issue of tokens",
        "USE" => "Use of access tokens",
        "EXPIRY" => "Expiry",
        "REFRESH" => "Refresh",
        "OTT" => "One-time tokens",
        "SETTINGS" => "Settings",
        "ERROR" => "Errors",
        "CLUSTER" => "Cluster",
        "SURVIVE" => "Restarts",
        "CLIENT" => "Client",
        other => other,
    }
}

impl<'a> AreaHeading<'a> {
    fn new(area: &'a str, requirements: &[RequirementResult]) -> Self {
        let counts = VERDICTS.iter().filter_map(|verdict| {
            let count = requirements.iter().filter(|it| it.verdict == *verdict).count();
            (count > 0).then(|| format!("{count} {}", verdict_class(*verdict)))
        });
        Self { id: area.to_lowercase(), title: area_title(area), counts: counts.collect::<Vec<_>>().join(", ") }
    }
}

impl<'a> RequirementRow<'a> {
    fn new(requirement: &'a RequirementResult) -> Self {
        Self {
            id: &requirement.id,
            level: requirement.level.to_string(),
            verdict: verdict_class(requirement.verdict),
            waived: requirement.waived.as_ref().map(waiver_line),
            statement: &requirement.statement,
            source: &requirement.source,
            reason: requirement.reason.as_deref(),
            count: plural(requirement.scenarios.len() as u64, "scenario"),
        }
    }
}
