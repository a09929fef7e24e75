//! Looks at a server without judging it: how it is reached, what its certificates say, and what one login and the protected
//! call are answered. Plain findings; what they mean for a run is the program's business. Changes nothing on the server.

mod certificate;
mod impression;
mod login;
mod probe;
mod proposal;
mod road;
mod tls;
mod tunnel;
mod witness;

use std::{sync::Arc, time::Duration};

use serde::Serialize;

pub use certificate::Certificate;
pub use impression::{Impression, Skew};
pub use login::{Login, Shape};
pub use probe::{Identity, Probe};
pub use proposal::Proposal;
pub use road::{Road, RoadTrouble};
pub use tls::{Tls, TlsTrouble};
pub use witness::Trust;

use crate::{Journal, Masked, Secret, Site, api::Api, client::Trouble, target::Credentials};

/// Longest time for resolving a name, for one connection and for a handshake, each.
pub(crate) const PATIENCE: Duration = Duration::from_secs(5);

/// What is to be looked at beside the way to the server and the login of the certifier's user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// A login of the second user, where one is configured.
    pub second_user: bool,
    /// The protected call, where one is configured.
    pub probe: bool,
}

/// What a look at a server found. What could not be looked at, because something before it failed, is `None`.
#[derive(Clone, Debug, Serialize)]
pub struct Findings {
    /// Name resolution and connection; to the proxy, where there is one.
    pub road: Result<Road, RoadTrouble>,
    /// The encryption, where the base URL says https.
    pub tls: Option<Result<Tls, TlsTrouble>>,
    /// A login of the certifier's user, or why no answer came.
    pub login: Option<Result<Login, NoAnswer>>,
    /// A login of the second user.
    pub second_login: Option<Result<Login, NoAnswer>>,
    /// The protected call.
    pub probe: Option<Result<Probe, NoAnswer>>,
    /// What all the answers together tell.
    pub impression: Impression,
}

/// Why a request has no answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NoAnswer {
    /// In words that are safe to show.
    pub why: Masked,
    /// Whether more patience could have helped.
    pub late: bool,
}

/// Looks at the server of a site. Requests are paced, counted and masked like those of scenarios; at most five are made.
pub async fn look(site: Arc<Site>, wanted: Wanted) -> Findings {
    let road = road::travel(&site.target).await;
    let mut findings = Findings {
        tls: None,
        login: None,
        second_login: None,
        probe: None,
        impression: Impression::default(),
        road: road.as_ref().map(|travelled| travelled.road.clone()).map_err(Clone::clone),
    };
    let Ok(travelled) = road else { return findings };
    if site.target.base_url.is_encrypted() && !travelled.ends_at_encrypted_proxy() {
        let tls = tls::look(travelled.stream, &site.target).await;
        let usable = tls.as_ref().is_ok_and(|tls| tls.trust == Trust::Trusted || site.target.network.insecure_tls);
        findings.tls = Some(tls);
        // A password goes to nobody whose certificate does not hold.
        if !usable {
            return findings;
        }
    }
    talk(site, wanted, &mut findings).await;
    findings
}

async fn talk(site: Arc<Site>, wanted: Wanted, findings: &mut Findings) {
    let journal = Journal::default();
    let scouting = Scouting { api: Api::new(site.clone(), journal.clone()) };
    let logged_in = scouting.log_in(&site.target.user).await;
    let access = logged_in.as_ref().ok().and_then(|(_, access)| access.clone());
    findings.login = Some(logged_in.map(|(login, _)| login));
    if wanted.probe && site.target.probe.is_some() && access.is_some() {
        findings.probe = scouting.try_probe(access.as_ref()).await;
    }
    // One silence says enough, and the next would only take as long.
    let heard = !matches!(findings.probe, Some(Err(_)));
    let wanted_second = wanted.second_user && access.is_some() && heard;
    if let Some(second) = site.target.second_user.as_ref().filter(|_| wanted_second) {
        findings.second_login = Some(scouting.log_in(second).await.map(|(login, _)| login));
    }
    findings.impression = Impression::of(&journal.take().exchanges);
}

/// The calls of a look, one after the other.
struct Scouting {
    api: Api,
}

impl Scouting {
    fn no_answer(&self, trouble: &Trouble) -> NoAnswer {
        let why = self.api.site.redactor.mask(&trouble.to_string());
        NoAnswer { why, late: matches!(trouble, Trouble::Timeout(_)) }
    }

    /// Logs in once; a wrong password is not tried again.
    async fn log_in(&self, user: &Credentials) -> Result<(Login, Option<Secret>), NoAnswer> {
        let answer = self.api.issue(user).await.map_err(|trouble| self.no_answer(&trouble))?;
        Ok(login::read(&answer, user, &self.api.site))
    }
}
