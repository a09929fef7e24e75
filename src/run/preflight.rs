//! What every run on a server begins with: a look at whether anything could be judged there. A server that answers wrongly
//! passes, for the run is there to say so; a wrong configuration does not, for no server is to be blamed for it.

use std::{collections::HashSet, convert::Infallible, future::pending, time::Duration};

use steps::{RunCounters, inspect::Findings};

use crate::{
    backend::Backend,
    catalogue::Need,
    inspect::{self, Obstacle},
    one_time::OneTimeSource,
    suite::{Selection, Suite},
};

/// Requests in a row without an answer after which the server is looked at again.
const SILENCE: u64 = 12;
/// How often that is counted.
const EVERY: Duration = Duration::from_millis(250);

/// Watches the requests of a run. When the server has stopped answering, it says why, once, and lets what is left of the run
/// end without waiting: all of that is inconclusive. A dozen requests in a row without an
/// answer are only a suspicion, for a server may be deaf to a kind of request: a right login that stays unanswered decides.
pub(crate) async fn watch(
    backend: &Backend,
    name: &str,
    counters: &RunCounters,
    give_up: impl Fn(&Obstacle),
) -> Infallible {
    if !backend.is_shared() {
        return pending().await;
    }
    let mut suspicion = SILENCE;
    loop {
        tokio::time::sleep(EVERY).await;
        let unanswered = counters.unanswered();
        if unanswered < suspicion {
            // An answer in between makes the next silence as suspicious as the first.
            suspicion = if unanswered < SILENCE { SILENCE } else { suspicion };
            continue;
        }
        suspicion = unanswered + SILENCE;
        if let Ok(examined) = inspect::examine(backend, None, &HashSet::new(), false).await
            && examined.is_silent()
            && let Err(obstacle) = inspect::first_obstacle(examined, name, backend.target(), &HashSet::new())
        {
            give_up(&Obstacle::Lost(Box::new(obstacle)));
            counters.abort();
            return pending().await;
        }
    }
}

/// Looks at the server, as far as the selected scenarios need it. Takes at most 5 s each for the name, the connection and the
/// handshake, and the target's `request_timeout` for each of up to five requests.
///
/// # Errors
/// Says why nothing could be judged, and what to do.
pub(crate) async fn check(
    backend: &Backend,
    name: &str,
    source: Option<&OneTimeSource>,
    suite: &Suite,
    selection: &Selection,
) -> Result<Option<Findings>, Obstacle> {
    // The stand-in is made by this program, and may be made wrong on purpose.
    if !backend.is_shared() {
        return Ok(None);
    }
    let selected = suite.scenarios().filter(|scenario| selection.takes(scenario));
    let needs: HashSet<Need> = selected.flat_map(|scenario| scenario.needs.iter().copied()).collect();
    let examined = inspect::examine(backend, source, &needs, false).await.map_err(Obstacle::Backend)?;
    inspect::first_obstacle(examined, name, backend.target(), &needs).map(Some)
}
