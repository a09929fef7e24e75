//! An inspection: connection, handshake, logins and the protected call, in this order, until one fails.

use std::{sync::Arc, time::SystemTime};

use super::{
    connect::connect, findings::Findings, login::log_in, probe::inspect_probe, refresh_form::inspect_refresh,
    server_profile::ServerProfile, tls, trust_recorder::Trust,
};
use crate::{Journal, Secret, Site, Target, api::Api};

/// What to inspect beside the connection and the login of the certifier's user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InspectionScope {
    /// A login of the second user, where one is configured.
    pub second_user: bool,
    /// The protected call, where one is configured.
    pub probe: bool,
    /// A refresh: in the form of the dialect and, where that gives no pair, in others.
    pub refresh: bool,
}

/// Inspects the server of a site. Paces, counts and masks its requests like those of scenarios; sends at most six, save where a
/// refresh is tried in other forms.
pub async fn inspect(site: Arc<Site>, scope: InspectionScope) -> Findings {
    let opened = connect(&site.target).await;
    let mut findings = Findings {
        tls: None,
        speaks_tls: false,
        login: None,
        second_login: None,
        probe: None,
        refresh: None,
        profile: ServerProfile::default(),
        connection: opened.as_ref().map(|opened| opened.connected.clone()).map_err(Clone::clone),
    };
    let Ok(opened) = opened else { return findings };
    if site.target.base_url.is_encrypted() && !opened.ends_at_encrypted_proxy() {
        let tls = tls::handshake(opened.stream, &site.target).await;
        let usable = tls.as_ref().is_ok_and(|tls| tls.trust == Trust::Trusted || site.target.network.insecure_tls);
        findings.tls = Some(tls);
        // No password is sent to a server whose certificate is not valid.
        if !usable {
            return findings;
        }
    }
    send_requests(site.clone(), scope, &mut findings).await;
    if matches!(findings.login, Some(Err(_))) && !site.target.base_url.is_encrypted() {
        findings.speaks_tls = speaks_tls(&site.target).await;
    }
    findings
}

async fn speaks_tls(target: &Target) -> bool {
    match connect(target).await {
        Ok(opened) if target.network.proxy.is_none() => tls::handshake(opened.stream, target).await.is_ok(),
        _ => false,
    }
}

/// When the first certificate of the server's chain ends; `None` without encryption or a handshake. Sends no request.
pub async fn certificate_end(target: &Target) -> Option<SystemTime> {
    if !target.base_url.is_encrypted() {
        return None;
    }
    let opened = connect(target).await.ok().filter(|opened| !opened.ends_at_encrypted_proxy())?;
    let tls = tls::handshake(opened.stream, target).await.ok()?;
    tls.chain.iter().map(|certificate| certificate.not_after).min()
}

async fn send_requests(site: Arc<Site>, scope: InspectionScope, findings: &mut Findings) {
    let journal = Journal::default();
    let api = Api::new(site.clone(), journal.clone());
    let logged_in = log_in(&api, &site.target.user).await;
    let [access, refresh] = match &logged_in {
        Ok((_, tokens)) => tokens.clone(),
        Err(_) => [None, None],
    };
    findings.login = Some(logged_in.map(|(login, _)| login));
    // That a token cannot be sent in a header is judged by ISSUE-2.
    let is_sendable = |token: &&Secret| token.expose().bytes().all(|byte| byte.is_ascii_graphic());
    let sendable = access.as_ref().filter(is_sendable);
    if let Some(access) = sendable.filter(|_| scope.probe) {
        findings.probe = inspect_probe(&api, access).await;
    }
    // After one request without an answer, the next would only take as long.
    let answers = !matches!(findings.probe, Some(Err(_)));
    let second = site.target.second_user.as_ref().filter(|_| scope.second_user && access.is_some() && answers);
    if let Some(second) = second {
        findings.second_login = Some(log_in(&api, second).await.map(|(login, _)| login));
    }
    if let Some(refresh) = refresh.as_ref().filter(is_sendable).filter(|_| scope.refresh && answers) {
        findings.refresh = Some(inspect_refresh(&api, refresh).await);
    }
    findings.profile = ServerProfile::from_exchanges(&journal.take().exchanges);
}
