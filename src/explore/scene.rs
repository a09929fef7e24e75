//! The tokens that requests are about and that are looked at afterwards: new ones, or those that a walk has already. Sends nothing itself.

use super::{
    model::{Pair, Standing},
    operation::Id,
    plan::Planner,
};

/// Tokens of one user or of several.
#[derive(Default)]
pub(super) struct Scene {
    pub(super) users: Vec<usize>,
    /// An earlier and a later pair of a session. Those that are to be picked more often are here more than once.
    pub(super) sessions: Vec<(Id, Id)>,
    /// One-time tokens that are good.
    pub(super) fresh: Vec<Id>,
    /// One-time tokens that have been verified.
    pub(super) spent: Vec<Id>,
    /// Pairs whose access token's life is over, and those of them whose refresh token is good.
    pub(super) expired: Vec<Id>,
    pub(super) waiting: Vec<Id>,
    /// One-time tokens whose life is over, unused.
    pub(super) late: Vec<Id>,
}

/// Something that happens to a scene.
pub(super) type Event = fn(&mut Planner<'_>, &Scene);

/// Tokens of a user that a walk goes on with.
const KEPT: usize = 4;

impl Scene {
    /// New tokens of two users.
    pub(super) fn new(planner: &mut Planner<'_>) -> Self {
        let mut users: Vec<usize> = (0..planner.facts.users.len().min(2)).collect();
        planner.random.shuffle(&mut users);
        let sessions = users.iter().map(|user| session(planner, *user)).collect();
        let mut minting = planner.facts.minting.clone();
        planner.random.shuffle(&mut minting);
        let fresh: Vec<Id> = minting.iter().map(|user| planner.mint(*user)).collect();
        let spent: Vec<Id> = minting.iter().map(|user| planner.mint(*user)).collect();
        for one in &spent {
            planner.verify(*one);
        }
        Self { users, sessions, fresh, spent, ..Self::default() }
    }

    /// The tokens of one user that the walk has, and new ones where there are none.
    pub(super) fn of_user(planner: &mut Planner<'_>, user: usize) -> Self {
        let mut scene = Self { users: vec![user], sessions: known_sessions(planner, user), ..Self::default() };
        if scene.sessions.is_empty() {
            scene.sessions.push(session(planner, user));
        }
        for pair in planner.model.pairs.iter().filter(|pair| pair.user == user) {
            if planner.model.is_over(pair.issued, pair.access_life, planner.now) {
                scene.expired.push(pair.id);
                let is_waiting = standings(planner, pair).1 == Standing::Good;
                scene.waiting.extend(is_waiting.then_some(pair.id));
            }
        }
        if let Some(owner) =
            planner.facts.minting.iter().copied().find(|owner| *owner == user).or_else(|| planner.minting())
        {
            scene.one_times(planner, owner);
        }
        scene
    }

    fn one_times(&mut self, planner: &mut Planner<'_>, owner: usize) {
        for one in planner.model.one_times.iter().rev().filter(|one| one.user == owner) {
            match planner.model.one_time_standing(one, planner.now, planner.now) {
                Standing::Good if self.fresh.len() < KEPT => self.fresh.push(one.id),
                Standing::Spent if self.spent.len() < KEPT => self.spent.push(one.id),
                Standing::Expired | Standing::Open if planner.model.is_over(one.issued, one.life, planner.now) => {
                    self.late.push(one.id);
                }
                _ => {}
            }
        }
        while self.fresh.len() < 2 {
            let one = planner.mint(owner);
            self.fresh.push(one);
        }
        if self.spent.is_empty() {
            let one = planner.mint(owner);
            planner.verify(one);
            self.spent.push(one);
        }
    }

    /// One of its users.
    pub(super) fn user(&self, planner: &mut Planner<'_>) -> usize {
        planner.random.pick(&self.users).unwrap_or_default()
    }

    /// The later pair of one of its sessions.
    pub(super) fn pair(&self, planner: &mut Planner<'_>) -> Id {
        planner.random.pick(&self.sessions).map_or(0, |(_, later)| later)
    }

    /// One of its one-time tokens that are good.
    pub(super) fn one_time(&self, planner: &mut Planner<'_>) -> Option<Id> {
        planner.random.pick(&self.fresh)
    }
}

/// A login, a refresh more often than not, and a first use.
fn session(planner: &mut Planner<'_>, user: usize) -> (Id, Id) {
    let first = planner.log_in(user);
    let later = if planner.random.percent(70) { planner.refresh(first) } else { first };
    planner.use_access(later);
    (first, later)
}

/// Pairs of a user that are good, the newest more than once, each with the one that it was refreshed from.
fn known_sessions(planner: &Planner<'_>, user: usize) -> Vec<(Id, Id)> {
    let own = || planner.model.pairs.iter().rev().filter(|pair| pair.user == user);
    let good = own().filter(|pair| standings(planner, pair) == (Standing::Good, Standing::Good));
    let before = |pair: &Pair| own().find(|other| other.family == pair.family && other.generation < pair.generation);
    let mut sessions: Vec<(Id, Id)> =
        good.take(KEPT).map(|pair| (before(pair).map_or(pair.id, |other| other.id), pair.id)).collect();
    let newest = sessions.first().copied();
    sessions.extend(newest.into_iter().flat_map(|newest| [newest; 3]));
    sessions
}

/// The states of the tokens of a pair when the plan is made.
fn standings(planner: &Planner<'_>, pair: &Pair) -> (Standing, Standing) {
    let (model, now) = (planner.model, planner.now);
    (model.access_standing(pair, now, now), model.refresh_standing(pair, now, now))
}
