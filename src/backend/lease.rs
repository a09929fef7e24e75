//! What a scenario has for its time: a site, and the servers that are its own.

use std::sync::Arc;

use steps::Site;

/// A site for one scenario, with the server behind it where it has one of its own.
pub(crate) struct Lease {
    pub(crate) site: Arc<Site>,
    pub(super) servers: Vec<standin::wire::WiremockStandIn>,
}
