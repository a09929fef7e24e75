//! What a run does on a site before its first scenario and after its last: probes sessions, shortens lifetimes, restores them.

use std::sync::Arc;

use crate::{
    Journal, NotRestored, OriginalLifetime, Site,
    api::Api,
    lifetimes::{LifetimeKind, Lifetimes},
};

impl Site {
    /// Shortens the lifetimes for the run, where that is allowed. Scenarios judge what the server refuses.
    pub async fn shorten_lifetimes(self: &Arc<Self>) {
        let api = self.api();
        for kind in LifetimeKind::ALL {
            let _ = api.shorten(kind).await;
        }
    }

    /// Restores every lifetime that the run may have changed, for some minutes if the server does not let it happen at once.
    /// Returns those that are not known to be restored.
    pub async fn restore_lifetimes(self: &Arc<Self>) -> Vec<NotRestored> {
        self.api().restore_lifetimes().await
    }

    /// Restores the lifetimes that an interrupted run has left changed. Returns those that are not known to be restored.
    pub async fn restore_settings(self: &Arc<Self>, originals: &Lifetimes<OriginalLifetime>) -> Vec<NotRestored> {
        self.api().restore_all(LifetimeKind::ALL, originals).await
    }

    /// A lifetime that looks like one that a run has set for its own time, with what to do; a run must not take it for the original.
    pub async fn left_short(self: &Arc<Self>) -> Option<String> {
        self.api().left_short().await
    }

    /// Lets the next scenario that needs a shared session or a spare pair log in: others may have ended the present ones.
    pub async fn end_shared_session(&self) {
        self.spares.clear();
        *self.session.0.lock().await = None;
    }

    /// Whether the server keeps only the newest session of a user, so that scenarios must not overlap. Needs a protected call.
    pub async fn keeps_one_session(self: &Arc<Self>) -> bool {
        self.api().many_sessions().await.is_ok_and(|many| !many)
    }

    fn api(self: &Arc<Self>) -> Api {
        Api::new(self.clone(), Journal::default())
    }
}
