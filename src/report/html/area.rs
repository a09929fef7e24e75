//! The requirement matrix, area by area: level, verdict and statement, each opening to the scenarios that judged it.

use std::collections::{HashMap, HashSet};

use serde::Serialize;

use super::{
    scenario::{Numbers, Told},
    words::{self, VERDICTS},
};
use crate::{
    report::figures::plural,
    results::{Level, Requirement, Results, Scenario},
};

/// What the matrix can be narrowed by.
#[derive(Serialize)]
pub(super) struct Filter {
    requirements: usize,
    verdicts: Vec<Choice>,
    levels: Vec<Choice>,
}

#[derive(Serialize)]
struct Choice {
    word: String,
    count: usize,
}

/// The requirements of an area.
#[derive(Serialize)]
pub(super) struct Area<'a> {
    id: String,
    title: &'a str,
    counts: String,
    requirements: Vec<Row<'a>>,
}

#[derive(Serialize)]
struct Row<'a> {
    id: &'a str,
    level: String,
    verdict: &'static str,
    waived: Option<String>,
    statement: &'a str,
    source: &'a str,
    reason: Option<&'a str>,
    count: String,
    /// Those that are told here.
    scenarios: Vec<Told<'a>>,
    /// Those that are told under another requirement.
    elsewhere: Vec<Link<'a>>,
}

#[derive(Serialize)]
struct Link<'a> {
    number: usize,
    name: &'a str,
}

impl Filter {
    pub(super) fn of(results: &Results) -> Self {
        let requirements = &results.requirements;
        let verdicts = VERDICTS.map(|verdict| Choice {
            word: words::verdict(verdict).to_owned(),
            count: requirements.iter().filter(|it| it.verdict == verdict).count(),
        });
        let levels = [Level::Must, Level::Should, Level::Observe].map(|level| Choice {
            word: level.to_string(),
            count: requirements.iter().filter(|it| it.level == level).count(),
        });
        let there = |choice: &Choice| choice.count > 0;
        Self {
            requirements: requirements.len(),
            verdicts: verdicts.into_iter().filter(there).collect(),
            levels: levels.into_iter().filter(there).collect(),
        }
    }
}

/// Area after area, each made when its turn comes.
pub(super) fn areas<'a>(results: &'a Results, numbers: &Numbers<'a>) -> impl Iterator<Item = Area<'a>> {
    let scenarios: HashMap<&str, &Scenario> = results.scenarios.iter().map(|it| (it.id.as_str(), it)).collect();
    let mut told = HashSet::new();
    let areas = results.requirements.chunk_by(|one, next| words::area(&one.id) == words::area(&next.id));
    areas.map(move |requirements| area(requirements, &scenarios, &mut told, numbers))
}

fn area<'a>(
    requirements: &'a [Requirement],
    scenarios: &HashMap<&str, &'a Scenario>,
    told: &mut HashSet<&'a str>,
    numbers: &Numbers<'a>,
) -> Area<'a> {
    let name = requirements.first().map(|it| words::area(&it.id)).unwrap_or_default();
    let counts = VERDICTS.iter().filter_map(|verdict| {
        let count = requirements.iter().filter(|it| it.verdict == *verdict).count();
        (count > 0).then(|| format!("{count} {}", words::verdict(*verdict)))
    });
    Area {
        id: name.to_lowercase(),
        title: words::title(name),
        counts: counts.collect::<Vec<_>>().join(", "),
        requirements: requirements.iter().map(|it| row(it, scenarios, told, numbers)).collect(),
    }
}

fn row<'a>(
    requirement: &'a Requirement,
    scenarios: &HashMap<&str, &'a Scenario>,
    told: &mut HashSet<&'a str>,
    numbers: &Numbers<'a>,
) -> Row<'a> {
    let judging = requirement.scenarios.iter().filter_map(|id| scenarios.get(id.as_str()).copied());
    let (here, elsewhere): (Vec<_>, Vec<_>) = judging.partition(|scenario| told.insert(&scenario.id));
    Row {
        id: &requirement.id,
        level: requirement.level.to_string(),
        verdict: words::verdict(requirement.verdict),
        waived: requirement.waived.as_ref().map(|it| format!("{}: {}, until {}", it.owner, it.reason, it.expires)),
        statement: &requirement.statement,
        source: &requirement.source,
        reason: requirement.reason.as_deref(),
        count: plural(requirement.scenarios.len() as u64, "scenario"),
        scenarios: here.into_iter().map(|scenario| Told::of(scenario, numbers)).collect(),
        elsewhere: elsewhere.into_iter().map(|it| Link { number: numbers.number(&it.id), name: &it.name }).collect(),
    }
}
