//! Makes the sentences ready to be matched with steps. Compiling their patterns is most of what a short run waits for, so all
//! processors take part.

use cucumber::{
    codegen::{LazyRegex, StepConstructor, WorldInventory, inventory},
    gherkin::StepType,
    step::{Collection, Location, Step},
};

use crate::{World, par_chunks};

/// A sentence as its macro has noted it.
pub(crate) struct Noted {
    pub(crate) kind: StepType,
    pub(crate) location: Location,
    pub(crate) pattern: LazyRegex,
    code: Step<World>,
}

/// Every sentence, as `cucumber::World::collection` would give it.
pub(crate) fn sentences() -> Collection<World> {
    let noted = noted();
    let compile = |share: &[Noted]| share.iter().map(|noted| (noted.pattern)()).collect();
    let patterns = par_chunks(&noted, compile);
    noted.into_iter().zip(patterns).fold(Collection::new(), |sentences, (noted, pattern)| {
        let Noted { kind, location, code, .. } = noted;
        match kind {
            StepType::Given => sentences.given(Some(location), pattern, code),
            StepType::When => sentences.when(Some(location), pattern, code),
            StepType::Then => sentences.then(Some(location), pattern, code),
        }
    })
}

/// Every sentence there is, in no order that could be relied on.
pub(crate) fn noted() -> Vec<Noted> {
    let mut all = noted_by::<<World as WorldInventory>::Given>(StepType::Given);
    all.extend(noted_by::<<World as WorldInventory>::When>(StepType::When));
    all.extend(noted_by::<<World as WorldInventory>::Then>(StepType::Then));
    all
}

fn noted_by<S: StepConstructor<World> + inventory::Collect>(kind: StepType) -> Vec<Noted> {
    let read = |step: &S| {
        let (location, pattern, code) = step.inner();
        Noted { kind, location, pattern, code }
    };
    inventory::iter::<S>.into_iter().map(read).collect()
}
