//! Makes the sentences ready to be matched with steps. Compiling their patterns is most of what a short run waits for, so all
//! processors take part.

use std::{panic, thread};

use cucumber::{
    codegen::{LazyRegex, Regex, StepConstructor, WorldInventory, inventory},
    gherkin::StepType,
    step::{Collection, Location, Step},
};

use crate::World;

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
    let patterns = compiled(&noted);
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

fn compiled(noted: &[Noted]) -> Vec<Regex> {
    let share = noted.len().div_ceil(thread::available_parallelism().map_or(1, usize::from)).max(1);
    let compile = |share: &[Noted]| share.iter().map(|noted| (noted.pattern)()).collect::<Vec<_>>();
    thread::scope(|scope| {
        let running: Vec<_> = noted.chunks(share).map(|share| scope.spawn(move || compile(share))).collect();
        let ended = running.into_iter().map(|share| share.join().unwrap_or_else(|panic| panic::resume_unwind(panic)));
        ended.flatten().collect()
    })
}
