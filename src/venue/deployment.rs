//! Somebody's server: one site for all scenarios, on real time.

use std::sync::Arc;

use steps::{OneTimeTokens, Shared, Site, Target, Transport, TransportError, WallClock};

/// A server that all scenarios share.
pub(crate) struct Deployment(Arc<Site>);

impl Deployment {
    /// Prepares the site; sends nothing yet.
    ///
    /// # Errors
    /// When the target's network options cannot be used.
    pub(crate) fn new(
        target: Target,
        one_time: Option<Arc<dyn OneTimeTokens>>,
        shared: Shared,
    ) -> Result<Self, TransportError> {
        let transport = Transport::new(&target)?;
        Ok(Self(Arc::new(Site::new(Arc::new(target), transport, Arc::new(WallClock::start()), one_time, shared))))
    }

    pub(super) fn site(&self) -> Arc<Site> {
        self.0.clone()
    }

    pub(super) fn target(&self) -> &Target {
        self.0.target()
    }
}
