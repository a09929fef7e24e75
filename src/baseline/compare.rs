//! The differences between two pictures of a server. The same change is told once, with every situation in which it is seen.

use std::{
    collections::{BTreeMap, BTreeSet},
    rc::Rc,
};

use super::{
    confirm::keys,
    picture::{Facts, Picture, Scene, UNSTABLE},
    rules::{self, Ruling},
};
use crate::results::{Class, Difference, Drift};

/// What changed from `before` to `after`; `named` says what `before` is.
pub(crate) fn compare(named: &str, before: &Picture, after: &Picture) -> Drift {
    let mut found = Found { told: Rc::new(told_lifetimes(after)), ..Found::default() };
    found.facts("the server", &BTreeSet::new(), (&before.server, &after.server), &|what, _, _| rules::server(what));
    found.facts("tokens", &BTreeSet::new(), (&before.tokens, &after.tokens), &|what, _, after| {
        rules::token(what, after)
    });
    for id in keys(&before.observations, &after.observations) {
        let nothing = Facts::new();
        let of = |picture: &Picture| picture.observations.get(id).unwrap_or(&nothing).clone();
        found.observations(id, &of(before), &of(after));
    }
    for feature in keys(&before.features, &after.features) {
        let nothing = BTreeMap::new();
        let (one, two) =
            (before.features.get(feature).unwrap_or(&nothing), after.features.get(feature).unwrap_or(&nothing));
        for name in keys(one, two) {
            match (one.get(name), two.get(name)) {
                (Some(one), Some(two)) => found.scene(name, one, two),
                (Some(_), None) => found.not_judged.push(name.clone()),
                _ => found.not_recorded.push(name.clone()),
            }
        }
    }
    Drift { unstable: before.unstable(), ..found.drift(named) }
}

/// Classes a fact by what it is, what it was and what it is now.
type Rule<'a> = &'a dyn Fn(&str, Option<&str>, Option<&str>) -> Ruling;

/// The facts of answers by their status.
type Answers = BTreeMap<String, Facts>;

/// What is the same of one change wherever it is seen.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Change {
    class: Class,
    what: String,
    before: Option<String>,
    after: Option<String>,
    because: &'static str,
}

#[derive(Default)]
struct Found {
    /// Every lifetime that is told now: at which step, which one, and its value.
    told: Rc<BTreeSet<[String; 3]>>,
    changes: BTreeMap<Change, SecretRegister>,
    compared: usize,
    not_judged: Vec<String>,
    not_recorded: Vec<String>,
}

/// Where a change is seen.
#[derive(Default)]
struct SecretRegister {
    requirements: BTreeSet<String>,
    situations: Vec<String>,
}

impl Found {
    fn change(&mut self, place: &str, ids: &BTreeSet<String>, what: &str, sides: [Option<String>; 2], ruling: Ruling) {
        let [before, after] = sides;
        let (class, because) = ruling;
        let seen = self.changes.entry(Change { class, what: what.to_owned(), before, after, because }).or_default();
        seen.requirements.extend(ids.iter().cloned());
        seen.situations.push(place.to_owned());
    }

    /// Facts of the same thing. Where there are none on one side, nobody looked there.
    fn facts(&mut self, place: &str, ids: &BTreeSet<String>, (before, after): (&Facts, &Facts), rule: Rule<'_>) {
        if before.is_empty() || after.is_empty() {
            return;
        }
        self.compared += 1;
        for what in keys(before, after) {
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

    /// A question that was not asked this time is no answer.
    fn observations(&mut self, id: &str, before: &Facts, after: &Facts) {
        for question in keys(before, after) {
            match (before.get(question), after.get(question)) {
                (Some(one), Some(two)) => {
                    let one = Facts::from([(question.clone(), one.clone())]);
                    let two = Facts::from([(question.clone(), two.clone())]);
                    let ids = BTreeSet::from([id.to_owned()]);
                    let rule = |what: &str, _: Option<&str>, after: Option<&str>| rules::observation(what, after);
                    self.facts("observed", &ids, (&one, &two), &rule);
                }
                (Some(_), None) => self.not_judged.push(question.clone()),
                _ => self.not_recorded.push(question.clone()),
            }
        }
    }

    fn scene(&mut self, name: &str, before: &Scene, after: &Scene) {
        self.compared += 1;
        let ids = &after.requirements;
        if before.verdict != after.verdict && before.verdict != UNSTABLE && after.verdict != UNSTABLE {
            let sides = [Some(before.verdict.clone()), Some(after.verdict.clone())];
            self.change(name, ids, "verdict", sides, rules::verdict(&before.verdict, &after.verdict));
        }
        // A step that was not reached on one side has nothing to compare.
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

    fn answers(&mut self, (name, step): (&str, &str), scene: &Scene, before: &Answers, after: &Answers) {
        let (place, ids) = (format!("{name} › {step}"), &scene.requirements);
        if !before.keys().eq(after.keys()) {
            let told = |answers: &Answers| Some(answers.keys().cloned().collect::<Vec<_>>().join(" | "));
            let ruling = rules::status(classes(before) == classes(after), scene.recommendation);
            self.change(&place, ids, "status", [told(before), told(after)], ruling);
        }
        let told = self.told.clone();
        let still_told = |what: &str, value: &str| told.contains(&[step.to_owned(), what.to_owned(), value.to_owned()]);
        for (status, one) in before {
            if let Some(two) = after.get(status).or_else(|| instead(status, before, after)) {
                let rule = |what: &str, one: Option<&str>, two: Option<&str>| match one {
                    Some(value) if is_lifetime(what) => rules::lifetime(one, two, still_told(what, value)),
                    _ => rules::fact(what, status, one, two),
                };
                self.facts(&place, ids, (one, two), &rule);
            }
        }
    }

    fn drift(self, named: &str) -> Drift {
        let difference = |(change, seen): (Change, SecretRegister)| Difference {
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

fn told_lifetimes(picture: &Picture) -> BTreeSet<[String; 3]> {
    let answers = picture.features.values().flat_map(BTreeMap::values).flat_map(|scene| &scene.answers);
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

/// A field that came or went has many values in many situations, which would tell the same change over and over.
fn kind_of(value: &str) -> String {
    value.split_once(" “").map_or(value, |(kind, _)| kind).to_owned()
}

fn classes(answers: &Answers) -> BTreeSet<Option<char>> {
    answers.keys().map(|status| status.chars().next()).collect()
}

/// The answers of the one status that took the place of another in its class.
fn instead<'a>(
    status: &str,
    before: &BTreeMap<String, Facts>,
    after: &'a BTreeMap<String, Facts>,
) -> Option<&'a Facts> {
    let alike = |other: &&String| other.starts_with(&status[..1]);
    let mut gone = before.keys().filter(|it| !after.contains_key(*it)).filter(alike);
    let mut came = after.iter().filter(|(it, _)| !before.contains_key(*it)).filter(|(it, _)| alike(it));
    match (gone.next(), gone.next(), came.next(), came.next()) {
        (Some(_), None, Some((_, facts)), None) => Some(facts),
        _ => None,
    }
}
