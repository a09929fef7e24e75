//! Combines snapshots: of two runs of an unchanged server, whose differences are unstable; and of a later run with the recorded
//! one, for review.

use std::collections::BTreeMap;

use super::{
    facts::{SnapshotFacts, UNSTABLE, union_keys},
    snapshot::{ScenarioFacts, Snapshot},
};

impl Snapshot {
    /// The facts that two recordings share. Facts that differ are marked as unstable, scenarios that only one of them judged
    /// are left out; both are listed.
    pub(crate) fn stabilize(first: &Self, second: &Self) -> (Self, Vec<String>) {
        let mut left_out = Vec::new();
        let mut features = BTreeMap::new();
        for feature in union_keys(&first.features, &second.features) {
            let empty = BTreeMap::new();
            let (one, two) =
                (first.features.get(feature).unwrap_or(&empty), second.features.get(feature).unwrap_or(&empty));
            let mut scenarios = BTreeMap::new();
            for name in union_keys(one, two) {
                match (one.get(name), two.get(name)) {
                    (Some(one), Some(two)) => drop(scenarios.insert(name.clone(), ScenarioFacts::stabilize(one, two))),
                    _ => left_out.push(format!("{name}: judged in one of two recordings only")),
                }
            }
            if !scenarios.is_empty() {
                features.insert(feature.clone(), scenarios);
            }
        }
        let empty = SnapshotFacts::new();
        let ids = union_keys(&first.observations, &second.observations);
        let of = |snapshot: &Self, id: &String| snapshot.observations.get(id).unwrap_or(&empty).clone();
        let observations = ids.map(|id| (id.clone(), agreed(&of(first, id), &of(second, id)))).collect();
        let server = agreed(&first.server, &second.server);
        let tokens = agreed(&first.tokens, &second.tokens);
        let snapshot = Self { server, tokens, observations, features };
        left_out.extend(snapshot.unstable());
        (snapshot, left_out)
    }

    /// Every unstable fact, with its scenario and step.
    pub(super) fn unstable(&self) -> Vec<String> {
        let mut found = Vec::new();
        let mut look = |place: &str, facts: &SnapshotFacts| {
            let marked = facts.iter().filter(|(_, value)| *value == UNSTABLE);
            found.extend(marked.map(|(what, _)| format!("{place}: {what}")));
        };
        look("server", &self.server);
        look("tokens", &self.tokens);
        self.observations.iter().for_each(|(id, facts)| look(id, facts));
        for (name, scene) in self.features.values().flatten() {
            look(name, &SnapshotFacts::from([("verdict".to_owned(), scene.verdict.clone())]));
            for (step, answers) in &scene.answers {
                if answers.contains_key(UNSTABLE) {
                    look(name, &SnapshotFacts::from([(step.clone(), UNSTABLE.to_owned())]));
                }
                answers.values().for_each(|facts| look(&format!("{name} › {step}"), facts));
            }
        }
        found
    }

    /// The recorded facts, replaced by those of a later run. Scenarios that it did not judge and unstable facts stay.
    pub(crate) fn updated_by(&self, later: &Self) -> Self {
        let mut updated = self.clone();
        take_over(&mut updated.server, &later.server);
        take_over(&mut updated.tokens, &later.tokens);
        for (id, facts) in &later.observations {
            take_over(updated.observations.entry(id.clone()).or_default(), facts);
        }
        for (feature, scenarios) in &later.features {
            let known = updated.features.entry(feature.clone()).or_default();
            for (name, scene) in scenarios {
                known.entry(name.clone()).and_modify(|before| before.take_over(scene)).or_insert_with(|| scene.clone());
            }
        }
        updated
    }
}

impl ScenarioFacts {
    fn stabilize(one: &Self, two: &Self) -> Self {
        let verdict = if one.verdict == two.verdict { one.verdict.clone() } else { UNSTABLE.to_owned() };
        let nothing = BTreeMap::new();
        let answers = union_keys(&one.answers, &two.answers).map(|step| {
            let (one, two) = (one.answers.get(step).unwrap_or(&nothing), two.answers.get(step).unwrap_or(&nothing));
            (step.clone(), answers_agreed(one, two))
        });
        Self {
            requirements: one.requirements.clone(),
            recommendation: one.recommendation,
            verdict,
            answers: answers.collect(),
        }
    }

    fn take_over(&mut self, later: &Self) {
        self.requirements.clone_from(&later.requirements);
        self.recommendation = later.recommendation;
        if self.verdict != UNSTABLE {
            self.verdict.clone_from(&later.verdict);
        }
        for (step, answers) in &later.answers {
            let known = self.answers.entry(step.clone()).or_default();
            if known.contains_key(UNSTABLE) {
                continue;
            }
            known.retain(|status, _| answers.contains_key(status));
            for (status, facts) in answers {
                take_over(known.entry(status.clone()).or_default(), facts);
            }
        }
    }
}

/// Answers with different statuses in each run have no facts in common.
fn answers_agreed(
    one: &BTreeMap<String, SnapshotFacts>,
    two: &BTreeMap<String, SnapshotFacts>,
) -> BTreeMap<String, SnapshotFacts> {
    if !one.keys().eq(two.keys()) {
        return BTreeMap::from([(UNSTABLE.to_owned(), SnapshotFacts::new())]);
    }
    one.iter().zip(two.values()).map(|((status, one), two)| (status.clone(), agreed(one, two))).collect()
}

fn agreed(one: &SnapshotFacts, two: &SnapshotFacts) -> SnapshotFacts {
    let value = |what: &String| match (one.get(what), two.get(what)) {
        (Some(one), Some(two)) if one == two => one.clone(),
        _ => UNSTABLE.to_owned(),
    };
    union_keys(one, two).map(|what| (what.clone(), value(what))).collect()
}

fn take_over(known: &mut SnapshotFacts, later: &SnapshotFacts) {
    if later.is_empty() {
        return;
    }
    known.retain(|what, value| value == UNSTABLE || later.contains_key(what));
    for (what, value) in later {
        let kept = known.get(what).is_some_and(|known| known == UNSTABLE);
        if !kept {
            known.insert(what.clone(), value.clone());
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::baseline::compare::compare;

    fn facts(pairs: &[(&str, &str)]) -> SnapshotFacts {
        pairs.iter().map(|(what, value)| ((*what).to_owned(), (*value).to_owned())).collect()
    }

    /// A server that names its node, and answers one step with this status.
    fn snapshot(node: &str, status: &str) -> Snapshot {
        let answers = BTreeMap::from([(status.to_owned(), facts(&[("body", "object"), ("header allow", node)]))]);
        let steady = BTreeMap::from([("401".to_owned(), facts(&[("body", "object"), ("error code", node)]))]);
        let scene = ScenarioFacts {
            requirements: BTreeSet::from(["OTT-2".to_owned()]),
            recommendation: false,
            verdict: "kept".to_owned(),
            answers: BTreeMap::from([("one".to_owned(), answers), ("two".to_owned(), steady)]),
        };
        let scenarios = BTreeMap::from([("a scenario".to_owned(), scene)]);
        let server = facts(&[("software x-node", node), ("software server", "BO")]);
        Snapshot { server, features: BTreeMap::from([("f".to_owned(), scenarios)]), ..Snapshot::default() }
    }

    #[test]
    fn facts_that_differ_between_two_recordings_are_never_compared() {
        let (confirmed, unstable) = Snapshot::stabilize(&snapshot("n1", "200"), &snapshot("n2", "401"));
        assert_eq!(
            unstable,
            ["server: software x-node", "a scenario: one", "a scenario › two: error code"],
            "the rest is stable"
        );
        for (node, status) in [("n1", "200"), ("n3", "500")] {
            let drift = compare("before", &confirmed, &snapshot(node, status));
            assert_eq!((drift.differences, drift.unstable.len()), (Vec::new(), 3));
        }
        let updated = confirmed.updated_by(&snapshot("n3", "500"));
        assert_eq!(updated, confirmed, "and it stays so when something is accepted");
    }

    #[test]
    fn scenarios_of_one_recording_only_are_left_out() {
        let (confirmed, unstable) = Snapshot::stabilize(&snapshot("n1", "200"), &Snapshot::default());
        assert!(confirmed.features.is_empty());
        assert!(unstable.contains(&"a scenario: judged in one of two recordings only".to_owned()), "{unstable:?}");
    }

    #[test]
    fn scenarios_that_were_not_judged_stay_as_recorded() {
        let before = snapshot("n1", "200");
        assert_eq!(before.updated_by(&Snapshot::default()), before);
        let mut later = snapshot("n1", "401");
        later.features.values_mut().flat_map(BTreeMap::values_mut).for_each(|scene| drop(scene.answers.remove("two")));
        let updated = before.updated_by(&later);
        let scene = &updated.features["f"]["a scenario"];
        assert_eq!(scene.answers["one"].keys().collect::<Vec<_>>(), ["401"]);
        assert_eq!(scene.answers["two"].keys().collect::<Vec<_>>(), ["401"], "the step that was not reached stays");
    }
}
