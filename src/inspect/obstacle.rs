//! What keeps a run from judging anything, each with what to do. A server that answers wrongly is not an obstacle: it is run and
//! judged. An obstacle is a slip in the configuration, a way that leads nowhere, or somebody else at its end.

use std::collections::HashSet;

use steps::{
    SourceError, Target,
    inspect::{BodyShape, ConnectError, DialectSuggestion, Findings, LoginFindings, NoAnswer, ProbeFindings, TlsError},
    target::Credentials,
};
use thiserror::Error;

use super::{
    advice::{encrypted_port, hint, in_between, road_advice, silence_advice, tls_advice},
    examination::Examination,
    trust::distrust,
};
use crate::catalogue::Need;

/// Why a run cannot begin.
#[derive(Debug, Error)]
pub(crate) enum Obstacle {
    /// There is nothing to look at.
    #[error("{0}")]
    Backend(String),
    /// It was there at the beginning.
    #[error("the server has stopped answering, so that the rest is inconclusive: {0}; then run again")]
    Lost(Box<Obstacle>),
    /// No connection.
    #[error("{error}; see that the server runs and can be reached from here, or {advice}")]
    Road {
        /// Why.
        error: ConnectError,
        /// What else to do.
        advice: String,
    },
    /// No handshake.
    #[error("{error}; {advice}")]
    Tls {
        /// Why.
        error: TlsError,
        /// What to do.
        advice: &'static str,
    },
    /// Something else answered a login.
    #[error("{0}")]
    InBetween(String),
    /// The certificate does not hold.
    #[error("{0}")]
    Distrust(String),
    /// A login has no answer.
    #[error("a login at {at} got no answer: {}; {advice}", silence.why)]
    Silent {
        /// The base URL.
        at: String,
        /// Why.
        silence: NoAnswer,
        /// What to do.
        advice: &'static str,
    },
    /// Login and password are refused.
    #[error(
        "the server refuses the login `{login}` ({status}): check {keys}{hint}. It was tried once and not again, so that no \
         account is locked"
    )]
    Refused {
        /// Who.
        login: String,
        /// The status.
        status: u16,
        /// The keys to check.
        keys: &'static str,
        /// What of them cannot be seen, after a semicolon; may be empty.
        hint: String,
    },
    /// No token API.
    #[error(
        "no token API at {at} ({answer}): `base_url` must be where the REST API begins, like https://HOST:8443/proftrading/rest"
    )]
    NoApi {
        /// The base URL.
        at: String,
        /// What a login is answered.
        answer: String,
    },
    /// A gateway without a server.
    #[error("{at} answers {status}: there is a gateway, but no server behind it; start the server and run again")]
    Gateway {
        /// The base URL.
        at: String,
        /// The status.
        status: u16,
    },
    /// The token answer uses other names.
    #[error(
        "the token answer has other names than the dialect looks for; if these are meant, add them to the target in the \
         configuration and run again:\n\n[targets.{target}.dialect]\n{proposal}"
    )]
    Dialect {
        /// The target's name.
        target: String,
        /// The places found.
        proposal: DialectSuggestion,
    },
    /// The protected call has no answer.
    #[error("the probe {path} got no answer: {}; see that the server works, or set another `probe`", silence.why)]
    SilentProbe {
        /// Path and query.
        path: String,
        /// Why.
        silence: NoAnswer,
    },
    /// The protected call cannot be made.
    #[error(
        "the probe {path} is answered {status} for a fresh access token: set `probe` to a GET below the base URL that this \
         user may make, like \"/accounts?limit=1\""
    )]
    ProbeUnfit {
        /// Path and query.
        path: String,
        /// The status.
        status: u16,
    },
    /// The source gives no token.
    #[error("the source of one-time tokens gives none: {0}; mend it, or take the table `ott` out of the target")]
    Source(SourceError),
}

impl Obstacle {
    /// Whether it may pass by itself: a server that starts is not reached, or not answered for.
    pub(crate) fn may_pass(&self) -> bool {
        matches!(self, Self::Road { .. } | Self::Silent { .. } | Self::Gateway { .. })
    }
}

/// Whether what was found keeps a run with these needs from judging, and why.
pub(crate) fn first(
    examined: Examination,
    name: &str,
    target: &Target,
    needs: &HashSet<Need>,
) -> Result<Findings, Obstacle> {
    let Examination { findings, trial } = examined;
    if let Err(trouble) = &findings.connection {
        return Err(Obstacle::Road { error: trouble.clone(), advice: road_advice(target) });
    }
    tls(&findings, target)?;
    login(&findings, name, target)?;
    if let (Some(Ok(second)), Some(user)) = (&findings.second_login, &target.second_user)
        && let Some(obstacle) = refused(second, user, "`login` and `password` in the target's table `second_user`")
    {
        return Err(obstacle);
    }
    probe(&findings, target, needs)?;
    match trial {
        Some(Err(error)) => Err(Obstacle::Source(error)),
        _ => Ok(findings),
    }
}

fn tls(findings: &Findings, target: &Target) -> Result<(), Obstacle> {
    match &findings.tls {
        Some(Err(error)) => Err(Obstacle::Tls { error: error.clone(), advice: tls_advice(error, &target.network) }),
        Some(Ok(tls)) if !target.network.insecure_tls => {
            distrust(tls).map_or(Ok(()), |why| Err(Obstacle::Distrust(why)))
        }
        _ => Ok(()),
    }
}

fn login(findings: &Findings, name: &str, target: &Target) -> Result<(), Obstacle> {
    let at = target.base_url.to_string();
    let login = match &findings.login {
        None => return Ok(()),
        Some(Err(_)) if findings.speaks_tls => {
            return Err(Obstacle::InBetween(encrypted_port(&at)));
        }
        Some(Err(silence)) => {
            let advice = silence_advice(findings, silence, target);
            return Err(Obstacle::Silent { at, silence: silence.clone(), advice });
        }
        Some(Ok(login)) => login,
    };
    if let Some(found) = &login.in_between {
        return Err(Obstacle::InBetween(in_between(found, login, target)));
    }
    let no_api = |answer: String| Err(Obstacle::NoApi { at: at.clone(), answer });
    match login.status {
        300..400 => {
            let to = login.leads_to.as_deref().unwrap_or("nowhere");
            no_api(format!("a login is redirected, {}, to {to}; redirects are never followed", login.status))
        }
        404 | 405 | 501 => no_api(format!("a login is answered {}", login.status)),
        502..=504 => Err(Obstacle::Gateway { at, status: login.status }),
        _ if login.is_accepted() && login.shape == BodyShape::WebPage => {
            no_api("a login is answered with a web page".to_owned())
        }
        _ => {
            if let Some(proposal) = &login.suggestion {
                return Err(Obstacle::Dialect { target: name.to_owned(), proposal: proposal.clone() });
            }
            refused(login, &target.user, "`login` and `password`").map_or(Ok(()), Err)
        }
    }
}

fn refused(login: &LoginFindings, user: &Credentials, keys: &'static str) -> Option<Obstacle> {
    let client_error = (400..500).contains(&login.status);
    client_error.then(|| Obstacle::Refused { login: login.login.clone(), status: login.status, keys, hint: hint(user) })
}

/// A probe that refuses a fresh token with 401 breaks the contract, one that fails with 5xx or needs no token too: all are judged.
fn probe(findings: &Findings, target: &Target, needs: &HashSet<Need>) -> Result<(), Obstacle> {
    if !needs.contains(&Need::Probe) {
        return Ok(());
    }
    let probe: &ProbeFindings = match &findings.probe {
        None => return Ok(()),
        Some(Err(silence)) => {
            let path = target.probe.as_ref().map(|probe| probe.path.clone()).unwrap_or_default();
            return Err(Obstacle::SilentProbe { path, silence: silence.clone() });
        }
        Some(Ok(probe)) => probe,
    };
    let path = probe.path.clone();
    match probe.with_token {
        401 | 500.. => Ok(()),
        _ if !probe.is_answered() => Err(Obstacle::ProbeUnfit { path, status: probe.with_token }),
        _ => Ok(()),
    }
}
