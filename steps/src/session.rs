//! One session that scenarios share when they only read: a login costs the server more than anything else.

use tokio::sync::Mutex;

use crate::{StepError, api::Api, tokens::Pair};

/// The shared session of the certifier's user.
#[derive(Debug, Default)]
pub(crate) struct SharedSession(Mutex<Option<Pair>>);

impl SharedSession {
    /// A pair that is in the first half of its life. Of its own for each caller where the server keeps one session: there any
    /// other login would have ended it.
    pub(crate) async fn pair(&self, api: &Api) -> Result<Pair, StepError> {
        if api.site.behaviour.keeps_one_session() {
            return api.fresh_pair().await;
        }
        let mut shared = self.0.lock().await;
        if let Some(pair) = shared.as_ref().filter(|pair| is_young(pair, api)) {
            return Ok(pair.clone());
        }
        let pair = api.fresh_pair().await?;
        *shared = Some(pair.clone());
        Ok(pair)
    }
}

fn is_young(pair: &Pair, api: &Api) -> bool {
    let age = api.site.clock.now().saturating_sub(pair.issued.earliest);
    pair.access_lifetime.is_some_and(|lifetime| age < lifetime / 2)
}
