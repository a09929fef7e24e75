//! Disturbances: tokens of every kind and of every user, a few events that must leave them alone, then all of them looked at. The events are
//! dealt from a deck, so that each comes up before any of them does again.

use super::{
    audit::audit,
    grants,
    plan::Planner,
    races::races,
    refusals,
    scene::{Event, Scene},
};

/// All of them, what is refused first. What clients do wrong most often is here more than once.
const EVENTS: [Event; 24] = [
    refusals::wrong_password,
    refusals::unknown_login,
    refusals::unreadable_login,
    refusals::wrong_login_method,
    refusals::altered_access,
    refusals::altered_access,
    refusals::no_access,
    refusals::other_kind_used,
    refusals::other_kind_used,
    refusals::unknown_path,
    refusals::altered_refresh,
    refusals::wrong_refresh_method,
    refusals::other_kind_presented,
    refusals::spent_refresh,
    refusals::spent_one_time,
    refusals::altered_one_time,
    refusals::unreadable_verification,
    refusals::wrong_verify_method,
    refusals::refused_change,
    refusals::unauthorized_change,
    grants::changes,
    grants::logins,
    grants::refreshes,
    grants::verifications,
];

/// How many of them are refused, and are repeated; what is granted often may end what was granted before.
const REFUSED: usize = 20;

/// What a walk of histories is made of.
pub(super) fn histories(planner: &mut Planner<'_>) {
    if planner.random.percent(70) { disturbed(planner) } else { races(planner) }
}

/// A scene, one to four events, and the audit.
pub(super) fn disturbed(planner: &mut Planner<'_>) {
    let scene = Scene::new(planner);
    for _ in 0..planner.random.one_of([1, 2, 2, 3, 4]) {
        let event = planner.decks.deal_event(EVENTS.len(), planner.random);
        let again = if event < REFUSED { planner.random.one_of([1, 1, 1, 1, 2, 3, 6]) } else { 1 };
        for _ in 0..again {
            EVENTS[event](planner, &scene);
        }
    }
    audit(planner, &scene);
}
