//! Which requirements caught which variation: as text that is reviewed in version control, one line for each variation, and
//! compared line by line.

use std::{collections::BTreeSet, fmt};

use super::subject::TestSubject;
use crate::{
    results::{RequirementVerdict, Results, SuiteScore},
    suite::count_score,
};

/// Echoes that depend on which of several requests at once comes first, so that no review can expect them: a defect and a requirement.
/// The counter counts logins, so a refresh repeats the access token of the newest one: ISSUE-18 sees it where that is another user's.
const CHANCE_ECHOES: [(&str, &str); 1] = [("issue-access-token-counted", "ISSUE-18")];

/// What the suite made of one variation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct VariationRow {
    pub(crate) name: String,
    pub(crate) conforms: bool,
    /// Requirements that fail, or warn, as the catalogue of the stand-in says they must.
    pub(crate) caught: BTreeSet<String>,
    /// Requirements that should have failed and did not.
    pub(crate) missed: BTreeSet<String>,
    /// Requirements that fail or warn along, save by chance.
    pub(crate) echo: BTreeSet<String>,
    /// Requirements that fail under a conforming variation.
    pub(crate) blamed: BTreeSet<String>,
}

/// All rows, with the suite that they were measured with.
pub(crate) struct Matrix {
    pub(crate) suite: String,
    pub(crate) rows: Vec<VariationRow>,
}

impl VariationRow {
    /// Reads what a run found.
    pub(crate) fn read(subject: TestSubject, results: &Results) -> Self {
        let with = |wanted: &[RequirementVerdict]| -> BTreeSet<String> {
            let found = results.requirements.iter().filter(|requirement| wanted.contains(&requirement.verdict));
            found.map(|requirement| requirement.id.clone()).collect()
        };
        let broken = with(&[RequirementVerdict::Fail, RequirementVerdict::Warn]);
        let named: BTreeSet<String> = subject.variation.caught_by.iter().map(ToString::to_string).collect();
        let name = subject.variation.name;
        Self {
            name: name.to_owned(),
            conforms: subject.conforms,
            caught: named.intersection(&broken).cloned().collect(),
            missed: named.difference(&broken).cloned().collect(),
            echo: broken
                .difference(&named)
                .filter(|id| !CHANCE_ECHOES.contains(&(name, id.as_str())))
                .cloned()
                .collect(),
            blamed: if subject.conforms { with(&[RequirementVerdict::Fail]) } else { BTreeSet::new() },
        }
    }

    /// Whether the suite did what it must: caught the defect for every reason named, or blamed a correct server for nothing.
    pub(crate) fn holds(&self) -> bool {
        if self.conforms { self.blamed.is_empty() } else { !self.caught.is_empty() && self.missed.is_empty() }
    }
}

impl fmt::Display for VariationRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", if self.conforms { "freedom" } else { "fault" }, self.name)?;
        let parts =
            [("caught", &self.caught), ("MISSED", &self.missed), ("BLAMED", &self.blamed), ("echo", &self.echo)];
        for (title, ids) in parts.into_iter().filter(|(_, ids)| !ids.is_empty()) {
            write!(f, " | {title}")?;
            for id in ids {
                write!(f, " {id}")?;
            }
        }
        Ok(())
    }
}

impl fmt::Display for Matrix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "suite {}", self.suite)?;
        self.rows.iter().try_for_each(|row| writeln!(f, "{row}"))
    }
}

impl Matrix {
    /// The score of the suite that it was measured with.
    pub(crate) fn score(&self) -> SuiteScore {
        count_score(&self.suite, &self.suite, self.rows.iter().map(|row| (row.conforms, row.holds())))
    }

    /// Lines that are in one matrix and not in the other, `-` before those of the reviewed one.
    pub(crate) fn differences(&self, reviewed: &str) -> Vec<String> {
        let rows = |text: &str| text.split_once('\n').map(|(_, rows)| rows.to_owned()).unwrap_or_default();
        differences(&rows(reviewed), &rows(&self.to_string()))
    }
}

/// Lines that are in one text and not in the other, `-` before those of the reviewed one.
pub(crate) fn differences(reviewed: &str, measured: &str) -> Vec<String> {
    let lines = |text: &str| -> BTreeSet<String> { text.lines().map(str::to_owned).collect() };
    let (was, is) = (lines(reviewed), lines(measured));
    let gone = was.difference(&is).map(|line| format!("- {line}"));
    gone.chain(is.difference(&was).map(|line| format!("+ {line}"))).collect()
}
