//! A look at everything that a scene has, in an order that the seed decides.

use super::{
    grants,
    operation::{Call, Subject},
    plan::Planner,
    refusals,
    scene::Scene,
};

/// Looks at every token of a scene.
pub(super) fn audit(planner: &mut Planner<'_>, scene: &Scene) {
    let mut looks: Vec<(Call, Subject)> = Vec::new();
    for (first, later) in &scene.sessions {
        looks.extend([(Call::Use, Subject::Pair(*later)), (Call::Use, Subject::Pair(*first))]);
        looks.push((Call::Refresh, Subject::Pair(*later)));
        if planner.random.percent(40) {
            looks.push((Call::Refresh, Subject::Pair(*first)));
        }
    }
    looks.extend(scene.users.iter().map(|user| (Call::Login, Subject::User(*user))));
    let ones = [scene.fresh.clone(), scene.fresh.clone(), scene.spent.clone()].concat();
    looks.extend(ones.into_iter().map(|one| (Call::Verify, Subject::OneTime(one))));
    planner.random.shuffle(&mut looks);
    for (call, subject) in looks {
        look(planner, scene, call, subject);
    }
}

fn look(planner: &mut Planner<'_>, scene: &Scene, call: Call, subject: Subject) {
    if call == Call::Use && planner.facts.probe.is_none() {
        return;
    }
    if call == Call::Login && planner.random.percent(25) {
        grants::changes(planner, scene);
    }
    let made = planner.act(call, subject);
    // At once or not: what comes between may be answered for whoever logged in.
    if matches!(call, Call::Login | Call::Refresh) && planner.random.percent(60) {
        planner.use_access(made);
    }
    if planner.random.percent(15) {
        let pair = scene.pair(planner);
        refusals::altered(planner, Call::Use, Subject::Pair(pair));
    }
}
