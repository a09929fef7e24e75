//! Refusals that are to be indistinguishable: those of the subject, such as a known login, between those of references, such as
//! unknown ones. A difference counts only where it follows the subject through repetitions: two unlike nodes that answer in turn
//! are no difference, nor is a time or a request number.

use std::collections::{BTreeMap, BTreeSet};

use super::alike::{STATUS, shown, traits};
use crate::{Mismatch, message::Answer};

/// The answers to the subject and to the references, in the order in which they were sent.
#[derive(Clone, Default)]
pub(crate) struct Comparison {
    answers: Vec<(bool, Answer)>,
    /// What the requests named, which an answer may repeat.
    named: Vec<String>,
    rounds: usize,
}

/// The order of subject (`true`) and references in the first round, and in each repetition. Any number of nodes may answer in
/// turn, both come to the same one at times.
const FIRST: [bool; 3] = [false, true, false];
const REPETITION: [bool; 4] = [true, false, false, true];
/// With two nodes that answer by chance, fewer than one comparison in a thousand sees the subject at one and the references at
/// the other in all of these.
const MOST_ROUNDS: usize = 4;

impl Comparison {
    /// The order of the next round, while the answers so far differ and more of them could show why.
    pub(crate) fn next_round(&mut self) -> Option<&'static [bool]> {
        self.rounds += 1;
        match self.rounds {
            1 => Some(&FIRST),
            2..=MOST_ROUNDS if self.difference().is_some() => Some(&REPETITION),
            _ => None,
        }
    }

    /// Adds the answer to a request that named this login or token.
    pub(crate) fn add(&mut self, is_subject: bool, answers: &mut Vec<Answer>, named: String) {
        self.answers.extend(answers.drain(..).map(|answer| (is_subject, answer)));
        self.named.push(named);
    }

    pub(crate) fn answers(&self) -> impl Iterator<Item = &Answer> {
        self.answers.iter().map(|(_, answer)| answer)
    }

    /// The first place where all answers to the subject differ from all to the references.
    pub(crate) fn difference(&self) -> Option<Mismatch> {
        let traits_of = |is_subject: bool| -> Vec<BTreeMap<String, String>> {
            let chosen = self.answers.iter().filter(|(subject, _)| *subject == is_subject);
            chosen.map(|(_, answer)| traits(answer, &self.named)).collect()
        };
        let (subjects, references) = (traits_of(true), traits_of(false));
        let places: BTreeSet<&String> = subjects.iter().chain(&references).flat_map(BTreeMap::keys).collect();
        // The status comes first: it explains other differences.
        let places = places
            .iter()
            .copied()
            .filter(|place| *place == STATUS)
            .chain(places.iter().copied().filter(|place| *place != STATUS));
        places.into_iter().find_map(|place| {
            let values = |all: &[BTreeMap<String, String>]| -> BTreeSet<Option<String>> {
                all.iter().map(|traits| traits.get(place).cloned()).collect()
            };
            let (here, there) = (values(&subjects), values(&references));
            // What varies among the references varies by itself; a status does not vary.
            let follows = here.is_disjoint(&there) && (place == STATUS || there.len() == 1);
            let (subject, _) = self.answers.iter().map(|(subject, answer)| (answer, subject)).find(|(_, it)| **it)?;
            follows.then(|| {
                let one = |values: &BTreeSet<Option<String>>| shown(values.iter().next().and_then(Option::as_ref));
                let answered = format!("{place} is {} in one case and {} in the other", one(&here), one(&there));
                Mismatch::new("refusals that cannot be distinguished", answered).at(subject.exchange)
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use serde_json::{Value, json};

    use super::*;
    use crate::message::Call;

    fn refusal(status: u16, body: Value) -> Answer {
        Answer {
            call: Call::Issue,
            status,
            headers: Vec::new(),
            body: body.to_string().into_bytes(),
            json: Some(body),
            flaw: None,
            asked: Vec::new(),
            sent: Duration::ZERO,
            received: Duration::ZERO,
            exchange: 0,
        }
    }

    /// Compares a server whose answer depends on whether it knows the login, and on the number of the request.
    fn compare(answer: impl Fn(bool, usize) -> Answer) -> (Option<String>, usize) {
        let (mut comparison, mut sent) = (Comparison::default(), 0);
        while let Some(order) = comparison.next_round() {
            for is_subject in order {
                let login = if *is_subject { "known" } else { "other" };
                comparison.add(*is_subject, &mut vec![answer(*is_subject, sent)], login.to_owned());
                sent += 1;
            }
        }
        (comparison.difference().map(|it| it.answered.expose().to_owned()), sent)
    }

    #[test]
    fn a_difference_that_follows_the_login_is_found() {
        let (found, _) = compare(|known, _| refusal(401, json!({ "code": if known { 1 } else { 2 } })));
        assert_eq!(found.as_deref(), Some("the body/code is `1` in one case and `2` in the other"));
        let (found, _) = compare(|known, sent| refusal(if known { 401 } else { 404 }, json!({ "id": sent })));
        assert_eq!(found.as_deref(), Some("the status is `401` in one case and `404` in the other"));
        // A count of attempts exists only for a known login.
        let (found, _) = compare(|known, sent| refusal(401, json!({ "left": if known { sent } else { 99 } })));
        assert!(found.is_some());
    }

    #[test]
    fn nodes_that_answer_in_turn_are_no_difference() {
        for nodes in 2..6 {
            for first in 0..nodes {
                let odd = |sent: usize| (sent + first).is_multiple_of(nodes);
                let answer = |_, sent| refusal(if odd(sent) { 401 } else { 403 }, json!({ "node": odd(sent) }));
                assert_eq!(compare(answer).0, None, "{nodes} nodes from {first}");
            }
        }
    }

    #[test]
    fn equal_refusals_are_compared_once() {
        assert_eq!(compare(|_, sent| refusal(401, json!({ "trace": sent }))), (None, 3));
    }
}
