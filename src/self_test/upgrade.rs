//! Every variation of the stand-in taken as an upgrade: what changed from the plain one, and of which class. As text that is
//! reviewed in version control, one line for each variation. Read from the same results as the matrix, so that nothing runs twice.

use std::{collections::BTreeSet, fmt};

use super::subject::TestSubject;
use crate::{
    baseline::Record,
    results::{Class, Results},
};

/// What an upgrade to one variation would change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct UpgradeRow {
    name: &'static str,
    conforms: bool,
    /// What changed, by class.
    changes: BTreeSet<(Class, String)>,
}

impl UpgradeRow {
    /// Compares what a run of a variation found with what a run of the plain stand-in did.
    pub(crate) fn read(subject: TestSubject, plain: &Record, results: &Results) -> Self {
        let drift = plain.drift("the plain stand-in", &Record::from_results(results));
        let changes = drift.differences.into_iter().map(|difference| (difference.class, difference.what)).collect();
        Self { name: subject.variation.name, conforms: subject.conforms, changes }
    }

    /// As text, all of them.
    pub(crate) fn text(upgrades: &[Self]) -> String {
        upgrades.iter().map(|upgrade| format!("{upgrade}\n")).collect()
    }
}

impl fmt::Display for UpgradeRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", if self.conforms { "freedom" } else { "fault" }, self.name)?;
        if self.changes.is_empty() {
            return f.write_str(" | no difference");
        }
        for class in Class::ALL {
            let whats: Vec<&str> =
                self.changes.iter().filter(|(of, _)| *of == class).map(|(_, what)| what.as_str()).collect();
            if !whats.is_empty() {
                write!(f, " | {class}: {}", whats.join(", "))?;
            }
        }
        Ok(())
    }
}
