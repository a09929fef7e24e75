//! An inspection: connection, handshake, logins and the protected call, in this order, until one fails.

use std::{sync::Arc, time::SystemTime};

use super::{
    connect::connect, findings::Findings, login::log_in, probe::inspect_probe, server_profile::ServerProfile, tls,
    trust_recorder::Trust,
};
use crate::{Journal, Site, Target, api::Api};

/// What to inspect beside the connection and the login of the certifier's user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InspectionScope {
    /// A login of the second user, where one is configured.
    pub second_user: bool,
    /// The protected call, where one is configured.
    pub probe: bool,
}

/// Inspects the server of a site. Paces, counts and masks its requests like those of scenarios; sends at most five.
pub async fn inspect(site: Arc<Site>, scope: InspectionScope) -> Findings {
    let opened = connect(&site.target).await;
    let mut findings = Findings {
        tls: None,
        speaks_tls: false,
        login: None,
        second_login: None,
        probe: None,
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
    let access = logged_in.as_ref().ok().and_then(|(_, access)| access.clone());
    findings.login = Some(logged_in.map(|(login, _)| login));
    // That a token cannot be sent in a header is judged by ISSUE-2.
    let sendable = access.as_ref().filter(|token| token.expose().bytes().all(|byte| byte.is_ascii_graphic()));
    if let Some(access) = sendable.filter(|_| scope.probe) {
        findings.probe = inspect_probe(&api, access).await;
    }
    // After one request without an answer, the next would only take as long.
    let answers = !matches!(findings.probe, Some(Err(_)));
    let second = site.target.second_user.as_ref().filter(|_| scope.second_user && access.is_some() && answers);
    if let Some(second) = second {
        findings.second_login = Some(log_in(&api, second).await.map(|(login, _)| login));
    }
    findings.profile = ServerProfile::from_exchanges(&journal.take().exchanges);
}
