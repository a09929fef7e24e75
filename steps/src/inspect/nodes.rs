//! The nodes behind the base URL, each by itself: connection, handshake, one request that any node refuses, and what its answer shows.

use std::sync::Arc;

use super::{
    connect::{ConnectError, Connected, connect},
    server_profile::ServerProfile,
    tls::{self, TlsHandshake},
    tls_error::TlsError,
};
use crate::{Journal, Masked, Site, Target, api::Api};

/// What one node shows.
#[derive(Clone, Debug)]
pub struct NodeFindings {
    /// Its base URL.
    pub url: String,
    /// Name resolution and connection; to the proxy, where there is one.
    pub connection: Result<Connected, ConnectError>,
    /// The TLS handshake, where its URL is `https`.
    pub tls: Option<Result<TlsHandshake, TlsError>>,
    /// Why it would take no part in a run.
    pub absent: Option<Masked>,
    /// What its answer shows.
    pub profile: ServerProfile,
}

/// Inspects the configured nodes one after the other; sends each at most two requests.
pub async fn inspect_nodes(site: Arc<Site>) -> Vec<NodeFindings> {
    let mut all = Vec::new();
    for (place, url) in site.target.nodes.iter().enumerate() {
        let target = Target { base_url: url.clone(), nodes: Vec::new(), ..Target::clone(&site.target) };
        let opened = connect(&target).await;
        let connection = opened.as_ref().map(|opened| opened.connected.clone()).map_err(Clone::clone);
        let tls = match opened {
            Ok(opened) if url.is_encrypted() && !opened.ends_at_encrypted_proxy() => {
                Some(tls::handshake(opened.stream, &target).await)
            }
            _ => None,
        };
        let journal = Journal::default();
        let absent = match &connection {
            Ok(_) => Api::new(site.clone(), journal.clone()).look_for(place).await,
            Err(error) => Some(site.redactor.mask(&error.to_string())),
        };
        let profile = ServerProfile::from_exchanges(&journal.take().exchanges);
        all.push(NodeFindings { url: url.to_string(), connection, tls, absent, profile });
    }
    all
}
