//! The differences between two snapshots of a server. Each change is listed once, with every scenario that shows it.

use std::{
    collections::{BTreeMap, BTreeSet},
    rc::Rc,
};

use super::{
    facts::{SnapshotFacts, UNSTABLE, union_keys},
    rules::{self, Ruling},
    snapshot::{ScenarioFacts, Snapshot},
};
use crate::results::{Class, Difference, Drift};

/// The differences from `before` to `after`; `named` is the name of `before`.
pub(crate) fn compare(named: &str, before: &Snapshot, after: &Snapshot) -> Drift {
    let mut found =
        BaselineComparison { announced: Rc::new(announced_lifetimes(after)), ..BaselineComparison::default() };
    found.facts("the server", &BTreeSet::new(), (&before.server, &after.server), &|what, _, _| rules::server(what));
    found.facts("tokens", &BTreeSet::new(), (&before.tokens, &after.tokens), &|what, _, after| {
        rules::token(what, after)
    });
    for id in union_keys(&before.observations, &after.observations) {
        let nothing = SnapshotFacts::new();
        let of = |snapshot: &Snapshot| snapshot.observations.get(id).unwrap_or(&nothing).clone();
        found.observations(id, &of(before), &of(after));
    }
    for feature in union_keys(&before.features, &after.features) {
        let nothing = BTreeMap::new();
        let (one, two) =
            (before.features.get(feature).unwrap_or(&nothing), after.features.get(feature).unwrap_or(&nothing));
        for name in union_keys(one, two) {
            match (one.get(name), two.get(name)) {
                (Some(one), Some(two)) => found.scene(name, one, two),
                (Some(_), None) => found.not_judged.push(name.clone()),
                _ => found.not_recorded.push(name.clone()),
            }
        }
    }
    Drift { unstable: before.unstable(), ..found.drift(named) }
}

/// Classifies a change by the name of the fact, its value before and its value after.
type FactRule<'a> = &'a dyn Fn(&str, Option<&str>, Option<&str>) -> Ruling;

/// The facts of answers by their status.
type Answers = BTreeMap<String, SnapshotFacts>;

/// A change, apart from the scenarios that show it.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct FactChange {
    class: Class,
    what: String,
    before: Option<String>,
    after: Option<String>,
    because: &'static str,
}

#[derive(Default)]
struct BaselineComparison {
    /// Every lifetime that the server announces now: step, which lifetime, value.
    announced: Rc<BTreeSet<[String; 3]>>,
    changes: BTreeMap<FactChange, Sightings>,
    compared: usize,
    not_judged: Vec<String>,
    not_recorded: Vec<String>,
}

/// The scenarios that show a change.
#[derive(Default)]
struct Sightings {
    requirements: BTreeSet<String>,
    situations: Vec<String>,
}

impl BaselineComparison {
    fn change(&mut self, place: &str, ids: &BTreeSet<String>, what: &str, sides: [Option<String>; 2], ruling: Ruling) {
        let [before, after] = sides;
        let (class, because) = ruling;
        let seen = self.changes.entry(FactChange { class, what: what.to_owned(), before, after, because }).or_default();
        seen.requirements.extend(ids.iter().cloned());
        seen.situations.push(place.to_owned());
    }

    /// Compares facts of the same thing, unless one side has recorded none.
    fn facts(
        &mut self,
        place: &str,
        ids: &BTreeSet<String>,
        (before, after): (&SnapshotFacts, &SnapshotFacts),
        rule: FactRule<'_>,
    ) {
        if before.is_empty() || after.is_empty() {
            return;
        }
        self.compared += 1;
        for what in union_keys(before, after) {
            let (one, two) = (before.get(what), after.get(what));
            let unstable = [one, two].into_iter().flatten().any(|value| value == UNSTABLE);
            if unstable || one == two || (rules::is_nothing(one) && rules::is_nothing(two)) {
                continue;
            }
            let ruling = rule(what, something(one), something(two));
            let sides = match (something(one), something(two)) {
                (Some(one), None) => [Some(kind_of(one)), None],
                (None, Some(two)) => [None, Some(kind_of(two))],
                (one, two) => [one.map(str::to_owned), two.map(str::to_owned)],
            };
            self.change(place, ids, what, sides, ruling);
        }
    }

    /// Compares the answers to questions that both runs asked.
    fn observations(&mut self, id: &str, before: &SnapshotFacts, after: &SnapshotFacts) {
        for question in union_keys(before, after) {
            match (before.get(question), after.get(question)) {
                (Some(one), Some(two)) => {
                    let one = SnapshotFacts::from([(question.clone(), one.clone())]);
                    let two = SnapshotFacts::from([(question.clone(), two.clone())]);
                    let ids = BTreeSet::from([id.to_owned()]);
                    let rule = |what: &str, _: Option<&str>, after: Option<&str>| rules::observation(what, after);
                    self.facts("observed", &ids, (&one, &two), &rule);
                }
                (Some(_), None) => self.not_judged.push(question.clone()),
                _ => self.not_recorded.push(question.clone()),
            }
        }
    }

    fn scene(&mut self, name: &str, before: &ScenarioFacts, after: &ScenarioFacts) {
        self.compared += 1;
        let ids = &after.requirements;
        if before.verdict != after.verdict && before.verdict != UNSTABLE && after.verdict != UNSTABLE {
            let sides = [Some(before.verdict.clone()), Some(after.verdict.clone())];
            self.change(name, ids, "verdict", sides, rules::verdict(&before.verdict, &after.verdict));
        }
        // Only steps that both runs reached can be compared.
        for (step, one) in &before.answers {
            let unstable = |answers: &Answers| answers.contains_key(UNSTABLE);
            match after.answers.get(step) {
                Some(two) if !unstable(one) && !unstable(two) => {
                    self.answers((name, step), after, one, two);
                }
                _ => {}
            }
        }
    }

    fn answers(&mut self, (name, step): (&str, &str), scene: &ScenarioFacts, before: &Answers, after: &Answers) {
        let (place, ids) = (format!("{name} › {step}"), &scene.requirements);
        if !before.keys().eq(after.keys()) {
            let statuses = |answers: &Answers| Some(answers.keys().cloned().collect::<Vec<_>>().join(" | "));
            let ruling = rules::status(classes(before) == classes(after), scene.recommendation);
            self.change(&place, ids, "status", [statuses(before), statuses(after)], ruling);
        }
        let announced = self.announced.clone();
        let still_announced =
            |what: &str, value: &str| announced.contains(&[step.to_owned(), what.to_owned(), value.to_owned()]);
        for (status, one) in before {
            if let Some(two) = after.get(status).or_else(|| instead(status, before, after)) {
                let rule = |what: &str, one: Option<&str>, two: Option<&str>| match one {
                    Some(value) if is_lifetime(what) => rules::lifetime(one, two, still_announced(what, value)),
                    _ => rules::fact(what, status, one, two),
                };
                self.facts(&place, ids, (one, two), &rule);
            }
        }
    }

    fn drift(self, named: &str) -> Drift {
        let difference = |(change, seen): (FactChange, Sightings)| Difference {
            class: change.class,
            what: change.what,
            before: change.before,
            after: change.after,
            because: change.because.to_owned(),
            requirements: seen.requirements.into_iter().collect(),
            situations: seen.situations,
        };
        Drift {
            before: named.to_owned(),
            differences: self.changes.into_iter().map(difference).collect(),
            compared: self.compared,
            not_judged: self.not_judged,
            not_recorded: self.not_recorded,
            unstable: Vec::new(),
        }
    }
}

fn announced_lifetimes(snapshot: &Snapshot) -> BTreeSet<[String; 3]> {
    let answers = snapshot.features.values().flat_map(BTreeMap::values).flat_map(|scene| &scene.answers);
    let facts = answers.flat_map(|(step, answers)| answers.values().flatten().map(move |fact| (step, fact)));
    let lifetimes = facts.filter(|(_, (what, _))| is_lifetime(what));
    lifetimes.map(|(step, (what, value))| [step.clone(), what.clone(), value.clone()]).collect()
}

fn is_lifetime(what: &str) -> bool {
    what.ends_with(" lifetime")
}

fn something(value: Option<&String>) -> Option<&str> {
    value.filter(|value| !rules::is_nothing(Some(value))).map(String::as_str)
}

/// The type alone: an added or removed field has a different value in each scenario, which would repeat one change.
fn kind_of(value: &str) -> String {
    value.split_once(" “").map_or(value, |(kind, _)| kind).to_owned()
}

fn classes(answers: &Answers) -> BTreeSet<Option<char>> {
    answers.keys().map(|status| status.chars().next()).collect()
}

/// The answers with the one status that replaced another of its class.
fn instead<'a>(
    status: &str,
    before: &BTreeMap<String, SnapshotFacts>,
    after: &'a BTreeMap<String, SnapshotFacts>,
) -> Option<&'a SnapshotFacts> {
    let alike = |other: &&String| other.starts_with(&status[..1]);
    let mut gone = before.keys().filter(|it| !after.contains_key(*it)).filter(alike);
    let mut came = after.iter().filter(|(it, _)| !before.contains_key(*it)).filter(|(it, _)| alike(it));
    match (gone.next(), gone.next(), came.next(), came.next()) {
        (Some(_), None, Some((_, facts)), None) => Some(facts),
        _ => None,
    }
}
