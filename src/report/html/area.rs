//! The requirement matrix, area by area: level, verdict and statement, each opening to the scenarios that judged it. A requirement
//! may have thousands of them, so each is written when its turn comes.

use std::{
    collections::{HashMap, HashSet},
    io,
};

use serde::Serialize;

use super::{
    pen::Pen,
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

/// The heading of an area.
#[derive(Serialize)]
struct Area<'a> {
    id: String,
    title: &'a str,
    counts: String,
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
}

/// Scenarios that are told under another requirement.
#[derive(Serialize)]
struct Elsewhere<'a> {
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

/// Writes area after area.
pub(super) fn write(pen: &Pen, results: &Results, numbers: &Numbers<'_>, out: &mut dyn io::Write) -> io::Result<()> {
    let scenarios: HashMap<&str, &Scenario> = results.scenarios.iter().map(|it| (it.id.as_str(), it)).collect();
    let mut told = HashSet::new();
    for requirements in results.requirements.chunk_by(|one, next| words::area(&one.id) == words::area(&next.id)) {
        pen.write("area.html", Area::of(requirements), out)?;
        for requirement in requirements {
            let judging = requirement.scenarios.iter().filter_map(|id| scenarios.get(id.as_str()).copied());
            let (here, elsewhere): (Vec<_>, Vec<_>) = judging.partition(|scenario| told.insert(&scenario.id));
            pen.write("requirement.html", Row::of(requirement), out)?;
            for scenario in here {
                pen.write("scenario.html", Told::of(scenario, numbers), out)?;
            }
            pen.write("requirement-end.html", Elsewhere::of(&elsewhere, numbers), out)?;
        }
        pen.write("area-end.html", (), out)?;
    }
    Ok(())
}

impl<'a> Area<'a> {
    fn of(requirements: &'a [Requirement]) -> Self {
        let name = requirements.first().map(|it| words::area(&it.id)).unwrap_or_default();
        let counts = VERDICTS.iter().filter_map(|verdict| {
            let count = requirements.iter().filter(|it| it.verdict == *verdict).count();
            (count > 0).then(|| format!("{count} {}", words::verdict(*verdict)))
        });
        Self { id: name.to_lowercase(), title: words::title(name), counts: counts.collect::<Vec<_>>().join(", ") }
    }
}

impl<'a> Row<'a> {
    fn of(requirement: &'a Requirement) -> Self {
        Self {
            id: &requirement.id,
            level: requirement.level.to_string(),
            verdict: words::verdict(requirement.verdict),
            waived: requirement.waived.as_ref().map(|it| format!("{}: {}, until {}", it.owner, it.reason, it.expires)),
            statement: &requirement.statement,
            source: &requirement.source,
            reason: requirement.reason.as_deref(),
            count: plural(requirement.scenarios.len() as u64, "scenario"),
        }
    }
}

impl<'a> Elsewhere<'a> {
    fn of(scenarios: &[&'a Scenario], numbers: &Numbers<'_>) -> Self {
        let link = |it: &&'a Scenario| Link { number: numbers.number(&it.id), name: &it.name };
        Self { elsewhere: scenarios.iter().map(link).collect() }
    }
}
