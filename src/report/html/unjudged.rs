//! What was not judged, by reason.

use serde::Serialize;

use crate::{
    report::{
        format::plural,
        reasons::{ReasonGroup, group_by_reason},
    },
    results::{Outcome, Results},
};

/// Everything that is inconclusive or was not testable.
#[derive(Serialize)]
pub(super) struct UnjudgedSections<'a> {
    kinds: [UnjudgedSection<'a>; 2],
}

#[derive(Serialize)]
struct UnjudgedSection<'a> {
    id: &'static str,
    title: &'static str,
    explained: &'static str,
    verdict: &'static str,
    groups: Vec<ReasonItem<'a>>,
}

#[derive(Serialize)]
struct ReasonItem<'a> {
    reason: &'a str,
    count: String,
    requirements: Vec<&'a str>,
}

impl<'a> UnjudgedSections<'a> {
    pub(super) fn new(results: &'a Results) -> Self {
        let groups = |outcome| group_by_reason(results, outcome).iter().map(ReasonItem::new).collect();
        let skipped = match results.client {
            Some(_) => "The client did nothing that these are about.",
            None => "The target does not offer what these need. Each reason names what would make them testable.",
        };
        Self {
            kinds: [
                UnjudgedSection {
                    id: "inconclusive",
                    title: "Could not be judged",
                    explained: match results.client {
                        Some(_) => "The run did not come so far, or the client did not; it is not blamed for these.",
                        None => {
                            "The network or the harness was in the way; the server is not blamed. Run again to know."
                        }
                    },
                    verdict: "inconclusive",
                    groups: groups(Outcome::Inconclusive),
                },
                UnjudgedSection {
                    id: "skipped",
                    title: "Not tested here",
                    explained: skipped,
                    verdict: "skip",
                    groups: groups(Outcome::Skipped),
                },
            ],
        }
    }
}

impl<'a> ReasonItem<'a> {
    fn new(group: &ReasonGroup<'a>) -> Self {
        Self {
            reason: group.reason,
            count: plural(group.scenarios.len() as u64, "scenario"),
            requirements: group.requirements(),
        }
    }
}
