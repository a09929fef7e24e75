//! Steps that record what the server does where the contract leaves it open, and what its answers look like.

use super::{mistakes::error_code, words::Finding};
use crate::{
    Mismatch, StepError, World,
    check::tokens_in,
    message::{Answer, Call},
    snapshot::{self, SnapshotComparison},
};

pub(super) async fn record(world: &mut World, finding: Finding, question: String) -> Result<(), StepError> {
    let answer = world.answer()?;
    let found = match finding {
        Finding::Outcome => outcome(world, answer),
        Finding::ErrorCode => {
            let code = error_code(world, answer).unwrap_or_else(|| "no code".to_owned());
            format!("{code} with {}", answer.status)
        }
        // In the body, a header or a cookie.
        Finding::Pair => yes_or_no(
            world.api.pair(answer, "").is_ok()
                || matches!(tokens_in::none(&world.api, answer).await, Err(StepError::Failed(_))),
        ),
        Finding::AccessToken => {
            let refused = || Mismatch::new("the fresh token to be accepted", answer.status_text());
            let needed = world.needed_access_token;
            yes_or_no(needed.ok_or_else(|| refused().requirement("OTT-1").as_inconclusive())?)
        }
    };
    world.observe(&question, &found);
    Ok(())
}

fn yes_or_no(holds: bool) -> String {
    if holds { "yes" } else { "no" }.to_owned()
}

fn outcome(world: &World, answer: &Answer) -> String {
    let good = answer.is_success() && (answer.call != Call::Refresh || world.api.pair(answer, "").is_ok());
    if good { "yes".to_owned() } else { format!("no ({})", answer.status) }
}

pub(super) async fn matches_snapshot(world: &mut World, name: String) -> Result<(), StepError> {
    let answer = world.answer()?;
    let rendered = snapshot::render(answer, &world.site().target.dialect);
    match world.site().shared.snapshots.compare(&name, &world.site().redactor.mask(&rendered)) {
        SnapshotComparison::Same => Ok(()),
        SnapshotComparison::Recorded => {
            let note = format!("snapshot \"{name}\" recorded: this target has none to compare with");
            world.journal.note(world.site().redactor.mask(&note));
            Ok(())
        }
        SnapshotComparison::Changed(difference) => {
            let expected = format!("the answer to match the reviewed snapshot \"{name}\"");
            Err(Mismatch::new(expected, format!("it differs:\n{difference}")).at(answer.exchange).into())
        }
    }
}
