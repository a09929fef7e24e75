//! The next step: several actors, each with a plan of its own, take turns as the seed decides. On a server in real time an actor that
//! waits lets the others go on.

use std::{collections::VecDeque, time::Duration};

use super::{
    act::standing,
    coverage::Coverage,
    deviate::Decks,
    disturb, lifetimes, meetings,
    model::{Model, Standing},
    motif, numbers,
    operation::{Act, Call, Deviation, Field, Id, Operation, Step, Subject},
    plan::Planner,
    random::Random,
    run_step, survey, tour,
    wire::Link,
};

/// Wrong passwords in a row that no server may be asked more of.
const WRONG_TURNED: u32 = 3;
const WRONG_REAL: u32 = 1;
/// In a survey, which servers get that limit no requests.
const WRONG_SURVEYED: u32 = 2;

/// The actors of one walk.
pub(crate) struct Walk {
    actors: Vec<WalkActor>,
    next: Id,
    course: Course,
    /// Lifetimes in seconds that this walk has made longer.
    lengthened: Option<[u64; 3]>,
}

/// What a walk is made of.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Course {
    /// All motifs, drawn at random.
    Motifs,
    /// All motifs, once lifetimes are as short as they were.
    Shortened([u64; 3]),
    /// Without waiting: a login shows the lifetimes, which are made long, so that no token ends under what comes then.
    Announced(Lasting),
    Lengthened(Lasting),
    Lasting(Lasting),
    /// Other lifetimes than those of the run once a login has shown these, and then classes of input.
    Shown,
    Lives,
}

/// What a walk under long lifetimes is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lasting {
    /// Disturbances and races, drawn at random.
    Histories,
    /// Every kind of request after every other, and then histories.
    Tour,
    /// Every two calls at once, and then histories.
    Meetings,
    /// The same request many times, and then histories.
    Numbers,
    /// Classes of input.
    Survey,
}

/// What comes next.
pub(crate) enum Next {
    /// To be carried out.
    Step(Step),
    /// A pause that is over.
    Waited(Step),
}

#[derive(Default)]
struct WalkActor {
    plan: VecDeque<Step>,
    /// It waits until then; on a server in real time.
    until: Option<Duration>,
}

impl Walk {
    /// A walk of so many actors.
    pub(crate) fn new(actors: usize) -> Self {
        let actors = (0..actors.max(1)).map(|_| WalkActor::default()).collect();
        Self { actors, next: 1, course: Course::Motifs, lengthened: None }
    }

    /// The same after a walk that has made these lifetimes longer.
    pub(crate) fn shortened(actors: usize, lifetimes: Option<[u64; 3]>) -> Self {
        Self { course: lifetimes.map_or(Course::Motifs, Course::Shortened), ..Self::new(actors) }
    }

    /// A walk of one actor under long lifetimes.
    pub(crate) fn lasting(of: Lasting) -> Self {
        Self { course: Course::Announced(of), ..Self::new(1) }
    }

    /// The lifetimes that this walk has made longer, as they were.
    pub(crate) fn lengthened(&self) -> Option<[u64; 3]> {
        self.lengthened
    }

    /// Whether the walk meets one thing after the other.
    pub(crate) fn is_systematic(&self) -> bool {
        let met = matches!(self.course, Course::Announced(Lasting::Tour | Lasting::Meetings | Lasting::Numbers));
        met || matches!(self.course, Course::Announced(Lasting::Survey) | Course::Shown)
    }

    /// A walk of one actor that waits for other lifetimes than those of the run.
    pub(crate) fn lives() -> Self {
        Self { course: Course::Shown, ..Self::new(1) }
    }

    /// The next step, or how long every actor waits.
    /// A pause that an actor has waited through while others went on is done already.
    pub(crate) fn next<L: Link>(
        &mut self,
        model: &Model,
        link: &L,
        decks: &mut Decks,
        random: &mut Random,
    ) -> Result<Next, Duration> {
        let now = link.now();
        let awake: Vec<usize> =
            (0..self.actors.len()).filter(|at| self.actors[*at].until.is_none_or(|until| until <= now)).collect();
        let Some(at) = random.pick(&awake) else {
            let earliest = self.actors.iter().filter_map(|actor| actor.until).min().unwrap_or(now);
            return Err(earliest.saturating_sub(now));
        };
        if self.actors[at].plan.is_empty() {
            let facts = link.facts();
            let plan = VecDeque::new();
            let next = &mut self.next;
            let mut planner = Planner { random: &mut *random, decks, model, facts, now, next, steps: plan };
            match self.course {
                Course::Motifs => motif::plan(&mut planner),
                Course::Shortened(known) => lifetimes::set_lifetimes(&mut planner, known),
                Course::Announced(_) | Course::Shown => drop(planner.log_in(0)),
                Course::Lengthened(of) => {
                    self.lengthened = lifetimes::lengthen(&mut planner);
                    if of == Lasting::Tour {
                        tour::begin(&mut planner);
                    }
                }
                Course::Lasting(of) => lasting(&mut planner, of),
                Course::Lives => survey::lives(&mut planner),
            }
            self.actors[at].plan = planner.steps;
            self.course = match self.course {
                Course::Motifs | Course::Shortened(_) => Course::Motifs,
                Course::Announced(of) => Course::Lengthened(of),
                Course::Lengthened(of) | Course::Lasting(of) => Course::Lasting(of),
                Course::Shown => Course::Lives,
                Course::Lives => Course::Announced(Lasting::Survey),
            };
        }
        let Some(step) = self.actors[at].plan.pop_front() else { return Ok(Next::Step(self.idle(random))) };
        if let Some(right) = self.right_login_first(&step, model, link) {
            self.actors[at].plan.push_front(step);
            return Ok(Next::Step(right));
        }
        Ok(self.parked(at, step, model, link))
    }

    /// A harmless step of a plan that came to nothing.
    fn idle(&mut self, random: &mut Random) -> Step {
        let step =
            Step { id: self.next, operation: Operation::Act(Act::right(Call::Login, Subject::User(random.below(1)))) };
        self.next += 1;
        step
    }

    /// Where a step waits on a server in real time the actor does, and the step comes back when its time has come.
    fn parked<L: Link>(&mut self, at: usize, step: Step, model: &Model, link: &L) -> Next {
        let actor = &mut self.actors[at];
        if actor.until.take().is_some() {
            return Next::Waited(step);
        }
        if let Operation::Pass(pass) = &step.operation
            && !link.facts().turned
            && let Some(time) = run_step::wait(*pass, model, link)
            && !time.is_zero()
        {
            actor.until = Some(link.now() + time);
            let harmless =
                Step { id: step.id, operation: Operation::Pass(super::operation::Pass::For(Duration::ZERO)) };
            actor.plan.push_front(step);
            return Next::Step(harmless);
        }
        Next::Step(step)
    }

    /// A right login of a user whose account might be locked by one more wrong password.
    fn right_login_first<L: Link>(&mut self, step: &Step, model: &Model, link: &L) -> Option<Step> {
        let Operation::Act(Act { call: Call::Login, subject: Subject::User(user), deviation, .. }) = step.operation
        else {
            return None;
        };
        let most = match self.course {
            _ if link.facts().turned => WRONG_TURNED,
            Course::Lasting(Lasting::Tour | Lasting::Survey) if link.facts().is_unlimited => WRONG_SURVEYED,
            _ => WRONG_REAL,
        };
        let made_up = matches!(deviation, Deviation::Text(Field::Login, _));
        if deviation.is_right() || made_up || model.counts.get(user).is_none_or(|counts| counts.wrong < most) {
            return None;
        }
        let right = Step { id: self.next, operation: Operation::Act(Act::right(Call::Login, Subject::User(user))) };
        self.next += 1;
        Some(right)
    }
}

fn lasting(planner: &mut Planner<'_>, of: Lasting) {
    let is_left = match of {
        Lasting::Histories => false,
        Lasting::Survey => {
            survey::inputs(planner);
            true
        }
        Lasting::Tour => tour::tour(planner),
        Lasting::Meetings => meetings::meet(planner),
        Lasting::Numbers => planner.decks.deal_numbers().then(|| numbers::many_times(planner)).is_some(),
    };
    if !is_left {
        disturb::histories(planner);
    }
}

/// Notes what a step tries.
pub(crate) fn cover(step: &Step, model: &Model, now: Duration, coverage: &mut Coverage) {
    let mut act = |act: Act, beside: &str| {
        let state = standing(act, model, now).map_or("", |standing| match standing {
            Standing::Good => "good",
            Standing::Spent => "spent",
            Standing::Expired => "expired",
            Standing::Open => "open",
        });
        let right = if act.deviation.is_right() { "right" } else { "deviating" };
        coverage.transition(format!("{:?} {right} {state}{beside}", act.call));
        coverage.input(act.class());
    };
    match &step.operation {
        Operation::Act(one) => act(*one, ""),
        Operation::Together(acts) => acts.iter().for_each(|(_, one)| act(*one, " together")),
        Operation::Mint { .. } => coverage.transition("Mint".to_owned()),
        Operation::Pass(_) => coverage.transition("Pass".to_owned()),
    }
}
