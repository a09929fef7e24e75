//! Where scenarios run: the embedded stand-in, with a server of its own for every scenario, or a deployment that all of them
//! share. The only place that knows both sides; a scenario sees no difference.

mod deployment;
mod embedded;
mod journal;
mod lease;

use std::{path::PathBuf, sync::Arc, time::Duration};

use steps::{LifetimeKind, Lifetimes, NotRestored, PaceView, Redactor, SecretRegister, Target};

pub(crate) use deployment::Deployment;
pub(crate) use embedded::Embedded;
pub(crate) use journal::file_name;
pub(crate) use lease::Lease;

use crate::{catalogue::Need, results};

/// Where scenarios run.
pub(crate) enum Backend {
    /// The stand-in of this program.
    Embedded(Box<Embedded>),
    /// Somebody's server.
    Deployment(Deployment),
}

/// How scenarios are to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Isolation {
    /// Each has a server of its own.
    PerScenario,
    /// They share a server, which does not mind.
    Shared,
    /// They share a server on which only one can be at a time.
    Serial,
}

impl Backend {
    /// A site for one scenario.
    pub(crate) async fn open(&self, needs: &[Need]) -> Result<Lease, String> {
        match self {
            Self::Embedded(embedded) => embedded.open(needs.contains(&Need::Nodes)).await,
            Self::Deployment(deployment) => Ok(Lease { site: deployment.site(), servers: Vec::new() }),
        }
    }

    /// Takes back what a scenario had for itself.
    pub(crate) fn take_back(&self, place: Lease) {
        if let Self::Embedded(embedded) = self {
            place.servers.into_iter().for_each(|server| embedded.take_back(server));
        }
    }

    /// Prepares a server that scenarios share: lifetimes are shortened before anything waits for them. Tells whether scenarios
    /// may meet; on a server that keeps one session of a user they would end each other's.
    pub(crate) async fn begin(&self) -> Isolation {
        let deployment = match self {
            Self::Deployment(deployment) => deployment,
            Self::Embedded(embedded) => return begin_rehearsal(embedded).await,
        };
        deployment.site().shorten_lifetimes().await;
        if deployment.site().keeps_one_session().await { Isolation::Serial } else { Isolation::Shared }
    }

    /// Ends what was only there for the run and leaves a server as it was found.
    ///
    /// Returns the lifetimes that are not known to be restored.
    pub(crate) async fn end(&self) -> Vec<NotRestored> {
        match self {
            Self::Embedded(embedded) => {
                embedded.close().await;
                Vec::new()
            }
            Self::Deployment(deployment) => deployment.site().restore_lifetimes().await,
        }
    }

    /// Lifetimes that are not known to be restored, as the results have them.
    pub(crate) fn not_restored(&self, name: &str, left: Vec<NotRestored>) -> Vec<results::SettingNotRestored> {
        let entry = |NotRestored { kind, before, reason }| results::SettingNotRestored {
            lifetime: kind.to_string(),
            before_seconds: before.map(|before| before.as_secs_f64()),
            reason,
            command: self.restore_command(name),
        };
        left.into_iter().map(entry).collect()
    }

    /// All lifetimes, where some may still be changed and restoring them was given up for this reason.
    pub(crate) fn unrestored(&self, reason: &'static str) -> Vec<NotRestored> {
        let entry = |kind| NotRestored { kind, before: None, reason: reason.into() };
        self.journal().map(|_| LifetimeKind::ALL.map(entry).to_vec()).unwrap_or_default()
    }

    /// The command that restores the lifetimes of this target.
    pub(crate) fn restore_command(&self, name: &str) -> String {
        let plain = name.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c));
        let name = if plain { name.to_owned() } else { format!("'{}'", name.replace('\'', "'\\''")) };
        format!("bo-conformance restore --target {name}")
    }

    /// The journal of changed settings, where there is one at the moment.
    pub(crate) fn journal(&self) -> Option<PathBuf> {
        match self {
            Self::Embedded(_) => None,
            Self::Deployment(deployment) => Some(deployment.journal().to_owned()).filter(|journal| journal.exists()),
        }
    }

    /// What was found about the nodes of a server that scenarios share.
    pub(crate) fn cluster(&self) -> Option<results::ClusterInfo> {
        let Self::Deployment(deployment) = self else { return None };
        let site = deployment.site();
        Some(results::ClusterInfo::new(site.seen_nodes(), site.cluster(), site.redactor()))
    }

    /// The redactor of a server that scenarios share.
    pub(crate) fn shared_redactor(&self) -> Option<&Redactor> {
        match self {
            Self::Embedded(_) => None,
            Self::Deployment(deployment) => Some(deployment.redactor()),
        }
    }

    /// Every secret that has been seen here.
    pub(crate) fn seen(&self) -> Arc<SecretRegister> {
        match self {
            Self::Embedded(embedded) => embedded.seen(),
            Self::Deployment(deployment) => deployment.seen(),
        }
    }

    /// Whether scenarios meet each other at the same server.
    pub(crate) fn is_shared(&self) -> bool {
        matches!(self, Self::Deployment(_))
    }

    /// The server as it was described.
    pub(crate) fn target(&self) -> &Target {
        match self {
            Self::Embedded(embedded) => embedded.target(),
            Self::Deployment(deployment) => deployment.target(),
        }
    }

    /// The server as the results tell it before anybody has looked at it. The stand-in has no address of its own.
    pub(crate) fn judged(&self, name: &str) -> results::TargetInfo {
        let target = self.target();
        results::TargetInfo {
            name: name.to_owned(),
            base_url: self.is_shared().then(|| target.base_url.to_string()),
            insecure_tls: target.network.insecure_tls,
            margin_seconds: target.margin.as_secs_f64(),
            max_wait_seconds: target.max_wait.as_secs_f64(),
            server: None,
        }
    }

    /// The pace as it is at this moment, on a server that scenarios share.
    pub(crate) fn pace_view(&self) -> Option<PaceView> {
        match self {
            Self::Embedded(_) => None,
            Self::Deployment(deployment) => Some(deployment.site().pace_view()),
        }
    }

    /// The lifetimes that the run has set: of access, refresh and one-time tokens.
    pub(crate) fn set_lifetimes(&self) -> Lifetimes<Option<Duration>> {
        match self {
            Self::Embedded(_) => Lifetimes::default(),
            Self::Deployment(deployment) => deployment.site().set_lifetimes(),
        }
    }

    /// Shortens lifetimes to these instead of the target's.
    pub(crate) fn choose_lifetimes(&self, chosen: Lifetimes<Duration>) {
        if let Self::Deployment(deployment) = self {
            deployment.site().choose_lifetimes(chosen);
        }
    }

    /// Waits until as many requests may go at one moment as the server allows.
    pub(crate) async fn fill_bucket(&self) {
        if let Self::Deployment(deployment) = self {
            deployment.site().fill_bucket().await;
        }
    }

    /// Sets whether scenarios are going to log in.
    pub(crate) fn expect_logins(&self, are_expected: bool) {
        if let Self::Deployment(deployment) = self {
            deployment.site().expect_logins(are_expected);
        }
    }

    /// What the target offers.
    pub(crate) fn offers(&self, need: Need) -> bool {
        let target = self.target();
        match need {
            Need::Probe => target.probe.is_some(),
            Need::Identity => target.probe.as_ref().is_some_and(|probe| probe.login.is_some()),
            Need::User2 => target.second_user.is_some(),
            Need::Ott => target.one_time.is_some(),
            Need::Ott2 => target.one_time.as_ref().is_some_and(|users| users.second_login.is_some()),
            Need::Settings => target.short_lifetimes.is_some(),
            // Whether a wait fits is only known when the lifetime is.
            Need::Time => true,
            Need::Nodes => !target.nodes.is_empty(),
        }
    }
}

/// A rehearsal goes one scenario after the other, with the lifetimes of a run.
async fn begin_rehearsal(embedded: &Embedded) -> Isolation {
    if !embedded.is_rehearsal() {
        return Isolation::PerScenario;
    }
    if let Ok(lease) = embedded.open(true).await {
        lease.site.shorten_lifetimes().await;
    }
    Isolation::Serial
}
