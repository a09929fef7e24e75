//! From a long walk that ends in a violation to the shortest sequence that still shows it: steps are left out in ever smaller pieces, then
//! what is left is made simpler. Every try begins anew, and counts only where the same is wanted in vain.

use std::time::{Duration, Instant};

use super::{
    act::Outcome,
    finding::Finding,
    input::Text,
    judge::Violation,
    model::Model,
    operation::{Act, Deviation, Operation, Pass, Step},
    run_step::run_step,
    wire::Link,
};

/// How often a violation is run again before it is reported.
const AGAIN_TURNED: u32 = 3;
const AGAIN_REAL: u32 = 2;

/// What shrinking may cost on a server in real time.
const MOST_REQUESTS: u64 = 400;
const MOST_TIME: Duration = Duration::from_secs(90);

/// Runs a violation again and shrinks it.
pub(crate) async fn shrink<L: Link>(link: &mut L, base: &Model, walk: Vec<Step>, violation: Violation) -> Finding {
    let mut shrinking = Shrinking { base, link, wanted: violation.wanted().to_owned(), until: None, tries: 0 };
    if !shrinking.link.facts().turned {
        shrinking.until = Some((shrinking.link.requests() + MOST_REQUESTS, Instant::now() + MOST_TIME));
    }
    let again = if shrinking.link.facts().turned { AGAIN_TURNED } else { AGAIN_REAL };
    let mut seen = 0;
    let mut tries = 0;
    let mut steps = walk.clone();
    let mut shown = violation.clone();
    for _ in 0..again {
        tries += 1;
        if let Some((until, violation)) = shrinking.shows(&walk).await {
            seen += 1;
            steps = walk[..until].to_vec();
            shown = violation;
        }
    }
    if seen > 0 {
        (steps, shown) = shrinking.shortest(steps, shown).await;
    }
    Finding { violation: shown, steps, seen: seen + 1, tries: tries + 1 }
}

struct Shrinking<'a, L> {
    base: &'a Model,
    link: &'a mut L,
    wanted: String,
    /// Requests and moment at which it ends.
    until: Option<(u64, Instant)>,
    tries: u32,
}

impl<L: Link> Shrinking<'_, L> {
    fn is_over(&self) -> bool {
        self.tries > 4000
            || self.until.is_some_and(|(requests, moment)| self.link.requests() > requests || Instant::now() > moment)
    }

    /// Whether these steps show it, and up to which of them.
    async fn shows(&mut self, steps: &[Step]) -> Option<(usize, Violation)> {
        self.tries += 1;
        self.link.renew();
        let mut model = self.base.clone();
        for (at, step) in steps.iter().enumerate() {
            match run_step(step, &mut model, self.link).await {
                Outcome::Wrong(violation) if violation.wanted() == self.wanted => {
                    return Some((at + 1, violation));
                }
                // Another violation hides what comes then.
                Outcome::Wrong(_) | Outcome::NoAnswer => return None,
                Outcome::Right | Outcome::LeftOut => {}
            }
        }
        None
    }

    async fn shortest(&mut self, mut steps: Vec<Step>, mut shown: Violation) -> (Vec<Step>, Violation) {
        loop {
            let before = steps.clone();
            let mut size = steps.len() / 2;
            while size >= 1 && !self.is_over() {
                self.leave_out(&mut steps, &mut shown, size).await;
                size /= 2;
            }
            self.leave_out_pairs(&mut steps, &mut shown).await;
            self.simplify(&mut steps, &mut shown).await;
            if steps == before || self.is_over() {
                return (steps, shown);
            }
        }
    }

    /// Leaves out pieces of this size, from the end.
    async fn leave_out(&mut self, steps: &mut Vec<Step>, shown: &mut Violation, size: usize) {
        let mut end = steps.len();
        while end > 0 && !self.is_over() {
            let start = end.saturating_sub(size);
            let fewer: Vec<Step> = [&steps[..start], &steps[end..]].concat();
            if let Some((until, violation)) = self.shows(&fewer).await {
                *steps = fewer[..until].to_vec();
                *shown = violation;
                end = start.min(steps.len());
            } else {
                end = start;
            }
        }
    }

    /// Leaves out two steps that need each other, as the making of a token and its only use.
    async fn leave_out_pairs(&mut self, steps: &mut Vec<Step>, shown: &mut Violation) {
        if steps.len() > 14 {
            return;
        }
        let mut first = 0;
        while first < steps.len() {
            let mut second = first + 1;
            while second < steps.len() && !self.is_over() {
                let mut fewer = steps.clone();
                fewer.remove(second);
                fewer.remove(first);
                if let Some((until, violation)) = self.shows(&fewer).await {
                    *steps = fewer[..until].to_vec();
                    *shown = violation;
                    second = first + 1;
                } else {
                    second += 1;
                }
            }
            first += 1;
        }
    }

    /// Makes single steps plainer.
    async fn simplify(&mut self, steps: &mut Vec<Step>, shown: &mut Violation) {
        for at in 0..steps.len() {
            for plainer in plainer(&steps[at].operation) {
                if self.is_over() || at >= steps.len() {
                    return;
                }
                let mut other = steps.clone();
                other[at].operation = plainer;
                if let Some((until, violation)) = self.shows(&other).await {
                    *steps = other[..until].to_vec();
                    *shown = violation;
                    break;
                }
            }
        }
    }
}

/// Plainer operations in place of this one, the plainest first.
fn plainer(operation: &Operation) -> Vec<Operation> {
    match operation {
        Operation::Act(act) => plainer_acts(*act).into_iter().map(Operation::Act).collect(),
        Operation::Together(acts) => {
            let mut plainer = Vec::new();
            for count in [2, acts.len() / 2, acts.len() - 1] {
                if count >= 2 && count < acts.len() {
                    plainer.push(Operation::Together(acts[..count].to_vec()));
                }
            }
            for (_, act) in acts {
                plainer.push(Operation::Act(*act));
            }
            plainer
        }
        Operation::Pass(Pass::For(time)) if *time > Duration::from_secs(1) => {
            vec![Operation::Pass(Pass::For(Duration::from_secs(1))), Operation::Pass(Pass::For(*time / 2))]
        }
        Operation::Mint { user: 1.. } => vec![Operation::Mint { user: 0 }],
        Operation::Mint { .. } | Operation::Pass(_) => Vec::new(),
    }
}

fn plainer_acts(act: Act) -> Vec<Act> {
    let mut plainer = Vec::new();
    match act.deviation {
        Deviation::Spelled(_) => plainer.push(act.with(Deviation::None)),
        Deviation::Text(field, Text::Made { length, alphabet, whole, seed }) => {
            let lengths = [0, 1, 8, 16, 64, 255, 256, 257, 1000, 4096, 10_000];
            for length in lengths.into_iter().filter(|shorter| *shorter < length) {
                plainer.push(act.with(Deviation::Text(field, Text::Made { length, alphabet, whole, seed })));
            }
        }
        _ => {}
    }
    if act.fresh {
        plainer.push(Act { fresh: false, ..act });
    }
    plainer
}
