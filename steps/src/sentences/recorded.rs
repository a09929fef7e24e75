//! Sentences that write down what the server does where the contract leaves it open, and what its answers look like.

use crate::{
    Mismatch, StepError, World,
    message::{Answer, Call},
    snapshot::{self, SnapshotComparison},
};

pub(super) async fn outcome_is_recorded(world: &mut World, question: String) -> Result<(), StepError> {
    record(world, &question)
}

fn record(world: &World, question: &str) -> Result<(), StepError> {
    let answer = world.answer()?;
    world.observe(question, &outcome(world, answer));
    Ok(())
}

fn outcome(world: &World, answer: &Answer) -> String {
    let good = answer.is_success() && (answer.call != Call::Refresh || world.api.pair(answer, "").is_ok());
    if good { "yes".to_owned() } else { format!("no ({})", answer.status) }
}

pub(super) async fn looks_like(world: &mut World, name: String) -> Result<(), StepError> {
    compare(world, &name)
}

fn compare(world: &World, name: &str) -> Result<(), StepError> {
    let answer = world.answer()?;
    let rendered = snapshot::render(answer, &world.site().target.dialect);
    match world.site().shared.snapshots.compare(name, &world.site().redactor.mask(&rendered)) {
        SnapshotComparison::Same => Ok(()),
        SnapshotComparison::Recorded => {
            let note = format!("snapshot \"{name}\" recorded: this target has none to compare with");
            world.journal.note(world.site().redactor.mask(&note));
            Ok(())
        }
        SnapshotComparison::Changed(difference) => {
            let expected = format!("the answer to look like the reviewed snapshot \"{name}\"");
            Err(Mismatch::new(expected, format!("it differs:\n{difference}")).at(answer.exchange).into())
        }
    }
}
