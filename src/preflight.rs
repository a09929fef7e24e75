//! What every run on a server begins with: a look at whether anything could be judged there. A server that answers wrongly
//! passes, for the run is there to say so; a wrong configuration does not, for no server is to be blamed for it.

use std::collections::HashSet;

use steps::scout::Findings;

use crate::{
    catalogue::Need,
    doctor::{self, Obstacle},
    one_time::OneTimeSource,
    suite::{Selection, Suite},
    venue::Venue,
};

/// Looks at the server, as far as the selected scenarios need it. Takes at most 5 s each for the name, the connection and the
/// handshake, and the target's `request_timeout` for each of up to five requests.
///
/// # Errors
/// Says why nothing could be judged, and what to do.
pub(crate) async fn check(
    venue: &Venue,
    name: &str,
    source: Option<&OneTimeSource>,
    suite: &Suite,
    selection: &Selection,
) -> Result<Option<Findings>, Obstacle> {
    // The stand-in is made by this program, and may be made wrong on purpose.
    if !venue.is_shared() {
        return Ok(None);
    }
    let selected = suite.scenarios().filter(|scenario| selection.takes(scenario));
    let needs: HashSet<Need> = selected.flat_map(|scenario| scenario.needs.iter().copied()).collect();
    let examined = doctor::examine(venue, source, &needs).await.map_err(Obstacle::Venue)?;
    doctor::first_obstacle(examined, name, venue.target(), &needs).map(Some)
}
