//! The same request many times: uses, generations, logins, verifications and refusals by the dozen, and afterwards what was there before them.

use super::{
    operation::Id,
    plan::Planner,
    refusals,
    scene::{Event, Scene},
};

/// The contract promises this many uses, of a refreshed access token too.
const USES: usize = 101;
/// Refreshes in a row, and other requests that come again and again.
const GENERATIONS: usize = 14;
const DOZENS: usize = 26;

/// Each kind of refusal that is counted somewhere.
const COUNTED: [Event; 5] = [
    refusals::altered_access,
    refusals::altered_refresh,
    refusals::altered_one_time,
    refusals::unreadable_verification,
    refusals::unreadable_login,
];

/// Plans all of it.
pub(super) fn many_times(planner: &mut Planner<'_>) {
    let user = planner.facts.users.len().min(2) - 1;
    let scene = Scene::of_user(planner, user);
    let first = planner.log_in(user);
    let refreshed = generations(planner, first);
    for _ in 0..USES {
        planner.use_access(refreshed);
    }
    verifications(planner);
    for event in COUNTED {
        for _ in 0..DOZENS {
            event(planner, &scene);
        }
        look(planner, &scene);
    }
    for _ in 0..DOZENS {
        planner.log_in(user);
    }
    let next = planner.refresh(refreshed);
    planner.use_access(next);
    look(planner, &scene);
}

fn generations(planner: &mut Planner<'_>, first: Id) -> Id {
    let newest = (0..GENERATIONS).fold(first, |pair, _| planner.refresh(pair));
    planner.refresh(first);
    newest
}

/// One-time tokens, the first of which stays spent.
fn verifications(planner: &mut Planner<'_>) {
    let Some(owner) = planner.minting() else { return };
    let spent = planner.mint(owner);
    planner.verify(spent);
    for _ in 0..DOZENS {
        let one = planner.mint(owner);
        planner.verify(one);
    }
    for _ in 0..6 {
        planner.verify(spent);
    }
}

/// A use, a verification and a login.
fn look(planner: &mut Planner<'_>, scene: &Scene) {
    if let Some((_, later)) = scene.sessions.first() {
        planner.use_access(*later);
    }
    let minted = planner.minting().map(|owner| planner.mint(owner));
    for one in scene.fresh.iter().copied().chain(minted) {
        planner.verify(one);
    }
    let user = scene.user(planner);
    planner.log_in(user);
}
