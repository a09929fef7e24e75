//! Looks at a target, as far as given needs ask for it.

use std::collections::HashSet;

use steps::inspect::{self, Findings, InspectionScope};

use super::source::{self, Trial};
use crate::{backend::Backend, catalogue::Need, one_time::OneTimeSource};

/// What was found about a target.
pub(crate) struct Examination {
    /// What the server showed.
    pub(crate) findings: Findings,
    /// What became of trying the source of one-time tokens; `None` where there is none, or no use in trying.
    pub(crate) trial: Option<Trial>,
}

impl Examination {
    /// Whether the server could not be reached, or did not answer.
    pub(crate) fn is_silent(&self) -> bool {
        let Findings { connection, login, .. } = &self.findings;
        connection.is_err() || matches!(login, Some(Err(_)))
    }
}

/// Looks at what these needs ask for, and at a refresh if that is asked for too.
///
/// # Errors
/// When the backend cannot be opened.
pub(crate) async fn examine(
    backend: &Backend,
    source: Option<&OneTimeSource>,
    needs: &HashSet<Need>,
    refresh: bool,
) -> Result<Examination, String> {
    let place = backend.open(&[]).await?;
    let wanted =
        InspectionScope { second_user: needs.contains(&Need::User2), probe: needs.contains(&Need::Probe), refresh };
    let findings = inspect::inspect(place.site.clone(), wanted).await;
    backend.take_back(place);
    let logged_in = matches!(&findings.login, Some(Ok(login)) if login.is_accepted());
    let trial = match source.filter(|_| logged_in && needs.contains(&Need::Ott)) {
        Some(source) => Some(source::attempt(source).await),
        None => None,
    };
    Ok(Examination { findings, trial })
}
