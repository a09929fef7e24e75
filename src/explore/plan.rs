//! A plan is a few steps ahead of one actor. Steps get their numbers while they are planned, so that later ones can name what
//! earlier ones will have made.

use std::{collections::VecDeque, time::Duration};

use super::{
    deviate::{self, Decks},
    model::Model,
    operation::{Act, Call, Deviation, Id, Kind, Operation, Pass, Setting, Step, Subject},
    random::Random,
    wire::Facts,
};

/// What a plan is made with.
pub(crate) struct Planner<'a> {
    pub(crate) random: &'a mut Random,
    pub(crate) decks: &'a mut Decks,
    pub(crate) model: &'a Model,
    pub(crate) facts: &'a Facts,
    /// The moment at which the plan is made, on the server's clock.
    pub(crate) now: Duration,
    pub(crate) next: &'a mut Id,
    pub(crate) steps: VecDeque<Step>,
}

impl Planner<'_> {
    /// Adds a step.
    pub(crate) fn step(&mut self, operation: Operation) -> Id {
        let id = *self.next;
        let taken = if let Operation::Together(acts) = &operation { acts.len() as Id } else { 1 };
        *self.next += taken.max(1);
        self.steps.push_back(Step { id, operation });
        id
    }

    /// Adds a request. Some are written in another way than usual, or go over a connection of their own.
    pub(crate) fn act(&mut self, call: Call, subject: Subject) -> Id {
        let mut act = Act::right(call, subject);
        if self.random.percent(6) {
            act.deviation = Deviation::Spelled(deviate::spelling(call, self.random));
        }
        act.fresh = self.random.percent(8);
        self.step(Operation::Act(act))
    }

    pub(crate) fn log_in(&mut self, user: usize) -> Id {
        self.act(Call::Login, Subject::User(user))
    }

    pub(crate) fn refresh(&mut self, pair: Id) -> Id {
        self.act(Call::Refresh, Subject::Pair(pair))
    }

    pub(crate) fn use_access(&mut self, pair: Id) -> Id {
        if self.facts.probe.is_none() {
            return pair;
        }
        self.act(Call::Use, Subject::Pair(pair))
    }

    pub(crate) fn mint(&mut self, user: usize) -> Id {
        self.step(Operation::Mint { user })
    }

    pub(crate) fn verify(&mut self, one: Id) -> Id {
        self.act(Call::Verify, Subject::OneTime(one))
    }

    pub(crate) fn pass(&mut self, pass: Pass) {
        self.step(Operation::Pass(pass));
    }

    pub(crate) fn pass_for(&mut self, seconds: u64) {
        self.pass(Pass::For(Duration::from_secs(seconds)));
    }

    /// Adds a change of a setting. The refresh lifetime stays at least as long as the access lifetime.
    pub(crate) fn change(&mut self, pair: Id, setting: Setting, value: u64) -> Id {
        let known = |place: usize| self.model.lifetimes[place].map_or(0, |life| life.as_secs());
        let (access, refresh) = (known(0), known(1));
        let first = match setting {
            Setting::Access if value > refresh => Some((Setting::Refresh, value.saturating_mul(3))),
            Setting::Refresh if value < access => Some((Setting::Access, value)),
            _ => None,
        };
        if let Some((setting, value)) = first {
            self.set(pair, setting, value);
        }
        self.set(pair, setting, value)
    }

    /// Adds a change of a setting to exactly this value.
    pub(crate) fn set(&mut self, pair: Id, setting: Setting, value: u64) -> Id {
        self.step(Operation::Act(Act::right(Call::Change, Subject::Setting { pair, setting, value })))
    }

    /// Adds a request that deviates from a right one in a way that has been tried little.
    pub(crate) fn deviate(&mut self, call: Call, subject: Subject) -> Id {
        let act = Act::right(call, subject);
        let deviation = self.decks.deal(call, self.model, self.random);
        self.step(Operation::Act(act.with(deviation)))
    }

    /// A user.
    pub(crate) fn user(&mut self) -> usize {
        if self.random.percent(70) { 0 } else { self.random.below(self.facts.users.len()) }
    }

    /// A user, each as often as the others.
    pub(crate) fn either_user(&mut self) -> usize {
        self.random.below(self.facts.users.len())
    }

    /// A user whose one-time tokens can be had.
    pub(crate) fn minting(&mut self) -> Option<usize> {
        self.random.pick(&self.facts.minting)
    }

    /// A pair that there is already, one of the newest.
    pub(crate) fn some_pair(&mut self) -> Option<Id> {
        let recent: Vec<Id> = self.model.pairs.iter().rev().take(5).map(|pair| pair.id).collect();
        self.random.pick(&recent)
    }

    /// A one-time token that there is already.
    pub(crate) fn some_one_time(&mut self) -> Option<Id> {
        let recent: Vec<Id> = self.model.one_times.iter().rev().take(4).map(|one| one.id).collect();
        self.random.pick(&recent)
    }

    /// A pair to work with: often a new one.
    pub(crate) fn pair(&mut self) -> Id {
        let user = self.user();
        let known = if self.random.percent(35) { self.some_pair() } else { None };
        known.unwrap_or_else(|| self.log_in(user))
    }

    /// Something else that happens between.
    pub(crate) fn perturb(&mut self) {
        let user = self.user();
        match self.random.below(14) {
            0 => {
                self.log_in(user);
            }
            1 => {
                self.deviate(Call::Login, Subject::User(user));
            }
            2 | 3 => {
                let pair = self.some_pair();
                pair.map(|pair| self.use_access(pair));
            }
            4 | 5 => {
                let pair = self.some_pair();
                pair.map(|pair| self.deviate(Call::Use, Subject::Pair(pair)));
            }
            6 => {
                let pair = self.some_pair();
                pair.map(|pair| self.refresh(pair));
            }
            7 | 8 => {
                let pair = self.some_pair();
                pair.map(|pair| self.deviate(Call::Refresh, Subject::Pair(pair)));
            }
            9 => {
                let one = self.some_one_time();
                one.map(|one| self.deviate(Call::Verify, Subject::OneTime(one)));
            }
            10 => {
                let one = self.some_one_time();
                one.map(|one| self.verify(one));
            }
            11 => {
                let user = self.minting();
                user.map(|user| self.mint(user));
            }
            12 => {
                self.step(Operation::Act(Act::right(
                    Call::Nowhere,
                    Subject::Pair(self.model.pairs.last().map_or(0, |pair| pair.id)),
                )));
            }
            _ => {
                let pair = self.some_pair().filter(|_| self.facts.settings);
                pair.map(|pair| self.bad_change(pair));
            }
        }
    }

    /// A change of a setting that must be refused.
    pub(crate) fn bad_change(&mut self, pair: Id) -> Id {
        let setting = self.random.one_of(Setting::ALL);
        let value = self.value(setting);
        self.deviate(Call::Change, Subject::Setting { pair, setting, value })
    }

    /// Another value for a setting, in seconds.
    pub(crate) fn value(&mut self, setting: Setting) -> u64 {
        const TURNED: [u64; 34] = [
            7, 9, 10, 20, 30, 59, 60, 61, 119, 120, 127, 128, 255, 256, 257, 300, 599, 600, 999, 1000, 1800, 3599,
            3600, 3601, 7200, 32_767, 32_768, 65_535, 65_536, 86_399, 86_400, 100_000, 2_147_484, 4_294_968,
        ];
        const REAL: [[u64; 4]; 3] = [[4, 5, 6, 60], [8, 9, 10, 600], [4, 5, 6, 30]];
        if !self.facts.turned {
            return self.random.one_of(REAL[setting.place()]);
        }
        let fits = |value: &u64| setting == Setting::Refresh || *value <= 100_000;
        let fitting: Vec<u64> = TURNED.into_iter().filter(fits).collect();
        self.random.pick(&fitting).unwrap_or(600)
    }

    /// A value with which the refresh lifetime is longer than the access lifetime, whatever else such values are set.
    pub(crate) fn harmonious(&mut self, setting: Setting) -> u64 {
        let (turned, real): ([u64; 3], [u64; 3]) = match setting {
            Setting::Access => ([60, 300, 900], [60, 90, 120]),
            Setting::Refresh => ([3600, 7200, 86_400], [300, 600, 900]),
            Setting::OneTime => ([30, 60, 120], [60, 90, 120]),
        };
        self.random.one_of(if self.facts.turned { turned } else { real })
    }

    /// Time until shortly before or after the end of a token.
    pub(crate) fn around_end(&mut self, id: Id, kind: Kind, after: bool) {
        self.pass(if after { Pass::After(id, kind) } else { Pass::Before(id, kind) });
    }
}
