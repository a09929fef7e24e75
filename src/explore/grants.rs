//! What a client does right beside a scene: logins, refreshes, verifications and changes that must leave its tokens alone.

use super::{
    operation::{Act, Call, Deviation, Operation, Setting, Spelling, Subject},
    plan::Planner,
    scene::Scene,
};

/// Good changes by one caller: of one setting, of two, or to the value in force, with a login or a refresh between.
pub(super) fn changes(planner: &mut Planner<'_>, scene: &Scene) {
    if !planner.facts.settings {
        return refreshes(planner, scene);
    }
    let pair = scene.pair(planner);
    for _ in 0..planner.random.one_of([1, 2, 2, 3]) {
        let setting = planner.random.one_of(Setting::ALL);
        let value = planner.harmonious(setting);
        planner.change(pair, setting, value);
        if planner.random.percent(30) {
            planner.set(pair, setting, value);
        }
        match planner.random.below(4) {
            0 => logins(planner, scene),
            1 => refreshes(planner, scene),
            _ => {}
        }
    }
}

pub(super) fn logins(planner: &mut Planner<'_>, scene: &Scene) {
    let user = scene.user(planner);
    for _ in 0..planner.random.one_of([1, 1, 2, 4]) {
        planner.log_in(user);
    }
}

/// A session of its own that is refreshed, so that the scene stays as it is.
pub(super) fn refreshes(planner: &mut Planner<'_>, scene: &Scene) {
    let user = scene.user(planner);
    let mut all = vec![planner.log_in(user)];
    for _ in 0..planner.random.one_of([1, 1, 2, 3, 5]) {
        let next = planner.refresh(all[all.len() - 1]);
        all.push(next);
    }
    planner.use_access(all[all.len() - 1]);
    if planner.random.percent(40) {
        planner.refresh(all[0]);
    }
}

pub(super) fn verifications(planner: &mut Planner<'_>, _: &Scene) {
    for _ in 0..planner.random.one_of([1, 2, 4]) {
        if let Some(user) = planner.minting() {
            let one = planner.mint(user);
            planner.verify(one);
        }
    }
}

// Single requests of a tour.

/// A login.
pub(super) fn login(planner: &mut Planner<'_>, scene: &Scene) {
    let user = scene.user(planner);
    planner.log_in(user);
}

/// A use of an access token.
pub(super) fn access(planner: &mut Planner<'_>, scene: &Scene) {
    let pair = scene.pair(planner);
    planner.use_access(pair);
}

/// A refresh.
pub(super) fn refresh(planner: &mut Planner<'_>, scene: &Scene) {
    let pair = scene.pair(planner);
    planner.refresh(pair);
}

/// What every client does when its access token has ended: a refusal, a refresh, and on with the new pair. The old one stays ended.
pub(super) fn late_refresh(planner: &mut Planner<'_>, scene: &Scene) {
    let Some(pair) = planner.random.pick(&scene.waiting) else { return refresh(planner, scene) };
    planner.use_access(pair);
    let next = planner.refresh(pair);
    planner.use_access(pair);
    planner.use_access(next);
    planner.refresh(next);
}

/// A verification.
pub(super) fn verification(planner: &mut Planner<'_>, scene: &Scene) {
    if let Some(one) = scene.one_time(planner) {
        planner.verify(one);
    }
}

/// A change of one setting.
pub(super) fn change(planner: &mut Planner<'_>, scene: &Scene) {
    if planner.facts.settings {
        let (pair, setting) = (scene.pair(planner), planner.random.one_of(Setting::ALL));
        let value = planner.harmonious(setting);
        planner.change(pair, setting, value);
    }
}

/// A login with an access token of another user beside it.
pub(super) fn login_beside(planner: &mut Planner<'_>, scene: &Scene) {
    let user = scene.user(planner);
    beside(planner, Call::Login, Subject::User(user));
}

/// A refresh with an access token of another user beside it.
pub(super) fn refresh_beside(planner: &mut Planner<'_>, scene: &Scene) {
    let pair = scene.pair(planner);
    beside(planner, Call::Refresh, Subject::Pair(pair));
}

/// A verification with an access token of another user beside it.
pub(super) fn verification_beside(planner: &mut Planner<'_>, scene: &Scene) {
    if let Some(one) = scene.one_time(planner) {
        beside(planner, Call::Verify, Subject::OneTime(one));
    }
}

/// What is given is used at once, which shows whose it is.
fn beside(planner: &mut Planner<'_>, call: Call, subject: Subject) {
    let made = planner.step(Operation::Act(Act::right(call, subject).with(Deviation::Spelled(Spelling::OtherBearer))));
    if call != Call::Verify {
        planner.use_access(made);
    }
}
