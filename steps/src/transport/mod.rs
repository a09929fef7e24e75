//! The HTTP clients of a run: with kept connections, with fresh ones, and with gated ones for races. Set up once; TLS follows the
//! target's network options.

mod gate;
mod tls_config;

use std::{
    error::Error as _,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use reqwest::{
    Certificate, Client, ClientBuilder, Identity, Proxy,
    header::{ACCEPT, HeaderMap, HeaderName, HeaderValue},
    redirect::Policy,
};
use thiserror::Error;

use gate::Gate;

use crate::{
    Secret,
    target::{BaseUrl, Network, Target},
};

/// The HTTP clients of a run; clones share them.
#[derive(Clone, Debug)]
pub struct Transport {
    kept: Client,
    fresh: Client,
    nodes: Client,
    fresh_nodes: Client,
    /// The name of the base URL's host, which certificates of nodes may have.
    host: String,
    capitalized: Client,
    network: Network,
    encrypted: bool,
    reuses: Arc<AtomicBool>,
}

/// Why the network options of a target cannot be used.
#[derive(Debug, Error)]
pub enum TransportError {
    /// The CA file holds no usable certificate.
    #[error("`ca_certificate` holds no PEM certificate that can be used: {0}")]
    CaCertificate(String),
    /// The client certificate cannot be used.
    #[error("`client_certificate` must be a PEM file with the certificate chain and its private key: {0}")]
    ClientCertificate(String),
    /// The proxy is not a URL.
    #[error("`proxy` is not a proxy URL like http://proxy.example:3128: {0}")]
    Proxy(String),
    /// A header cannot be sent.
    #[error("`headers`: the header {0} cannot be sent; its name or value has characters that no header may have")]
    Header(String),
    /// The TLS library refuses.
    #[error("TLS cannot be set up: {0}; without a system CA store set `ca_certificate`")]
    Tls(String),
}

/// Names the program, as firewalls in front of an API expect of any client.
const USER_AGENT: &str = concat!("bo-conformance/", env!("CARGO_PKG_VERSION"));
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// Shorter than the connect timeout, which runs while a connection waits at the gate.
const GATE_PATIENCE: Duration = Duration::from_secs(3);

impl Transport {
    /// Sets the clients up.
    ///
    /// # Errors
    /// When certificates or proxy of the target cannot be used.
    pub fn new(target: &Target) -> Result<Self, TransportError> {
        let encrypted = target.base_url.is_encrypted();
        let network = target.network.clone();
        let host = target.base_url.host().to_owned();
        let kept = finish(builder(&network, encrypted, &host)?)?;
        let fresh = finish(builder(&network, encrypted, &host)?.pool_max_idle_per_host(0))?;
        let encrypted = encrypted || target.nodes.iter().any(BaseUrl::is_encrypted);
        let (nodes, fresh_nodes) = if target.nodes.is_empty() {
            (kept.clone(), fresh.clone())
        } else {
            let builder = || node_builder(&network, encrypted, &host);
            (finish(builder()?)?, finish(builder()?.pool_max_idle_per_host(0))?)
        };
        let reuses = Arc::new(AtomicBool::new(!network.fresh_connections));
        let capitalized = builder(&network, encrypted, &host)?.pool_max_idle_per_host(0).http1_title_case_headers();
        let capitalized = finish(capitalized)?;
        Ok(Self { kept, fresh, capitalized, nodes, fresh_nodes, host, network, encrypted, reuses })
    }

    /// A client that reuses connections, and whether it does: not where the target wants new ones, or kept ones die.
    pub(crate) fn kept(&self) -> (&Client, bool) {
        if self.reuses.load(Ordering::Relaxed) { (&self.kept, true) } else { (&self.fresh, false) }
    }

    /// Sets whether connections are reused from now on.
    pub(crate) fn set_reuse(&self, reuses: bool) {
        self.reuses.store(reuses && !self.network.fresh_connections, Ordering::Relaxed);
    }

    /// A client that opens a connection for every request.
    pub(crate) fn fresh(&self) -> &Client {
        &self.fresh
    }

    /// A client that begins the names of headers with capitals: `Authorization`, `Token`. The others write them in lower case.
    pub(crate) fn capitalized(&self) -> &Client {
        &self.capitalized
    }

    /// A client of nodes that reuses connections.
    pub(crate) fn nodes(&self) -> &Client {
        &self.nodes
    }

    /// A client of nodes that opens a connection for every request.
    pub(crate) fn fresh_nodes(&self) -> &Client {
        &self.fresh_nodes
    }

    /// A client that sends nothing before this many connections are open, to nodes or to the base URL.
    pub(crate) fn gated(&self, connections: usize, on_nodes: bool) -> Result<Client, TransportError> {
        let gate = Gate::new(connections, GATE_PATIENCE);
        let builder = if on_nodes {
            node_builder(&self.network, self.encrypted, &self.host)?
        } else {
            builder(&self.network, self.encrypted, &self.host)?
        };
        finish(builder.pool_max_idle_per_host(0).connector_layer(gate))
    }
}

fn builder(network: &Network, encrypted: bool, host: &str) -> Result<ClientBuilder, TransportError> {
    let builder = Client::builder()
        .no_proxy()
        .redirect(Policy::none())
        .http1_only()
        .referer(false)
        .default_headers(headers(network)?)
        .tcp_nodelay(true)
        .connect_timeout(CONNECT_TIMEOUT)
        .timeout(network.request_timeout)
        .tls_info(encrypted);
    let builder = if network.anonymous { builder } else { builder.user_agent(USER_AGENT) };
    let builder = match &network.proxy {
        Some(url) => builder.proxy(proxy(url, network.proxy_login.as_ref())?),
        None => builder,
    };
    let builder = if network.fresh_connections { builder.pool_max_idle_per_host(0) } else { builder };
    if encrypted { with_tls(builder, network, host) } else { Ok(builder.tls_backend_preconfigured(no_tls()?)) }
}

fn proxy(url: &str, login: Option<&Secret>) -> Result<Proxy, TransportError> {
    let proxy = Proxy::all(url).map_err(|error| TransportError::Proxy(error.to_string()))?;
    let Some(login) = login.map(Secret::expose) else { return Ok(proxy) };
    let (user, password) = login.split_once(':').unwrap_or((login, ""));
    Ok(proxy.basic_auth(user, password))
}

/// A node may show the certificate of the balancer: it is as good as one for the node's own name.
fn node_builder(network: &Network, encrypted: bool, host: &str) -> Result<ClientBuilder, TransportError> {
    if !encrypted || network.insecure_tls {
        return builder(network, encrypted, host);
    }
    with_own_verifier(builder(network, false, host)?, network, host)
}

/// The headers of every request that does not set them itself.
fn headers(network: &Network) -> Result<HeaderMap, TransportError> {
    let mut headers = HeaderMap::from_iter([(ACCEPT, HeaderValue::from_static("application/json"))]);
    for (name, value) in &network.headers {
        let refused = || TransportError::Header(name.clone());
        let header = HeaderName::from_bytes(name.as_bytes()).map_err(|_| refused())?;
        let mut value = HeaderValue::from_bytes(value.expose().as_bytes()).map_err(|_| refused())?;
        value.set_sensitive(true);
        headers.insert(header, value);
    }
    Ok(headers)
}

fn with_tls(mut builder: ClientBuilder, network: &Network, host: &str) -> Result<ClientBuilder, TransportError> {
    // Fails when it is installed already, which is fine.
    let _ = rustls::crypto::ring::default_provider().install_default();
    if let Some(pem) = &network.ca_certificates {
        let trusted =
            Certificate::from_pem_bundle(pem).map_err(|error| TransportError::CaCertificate(root_cause(&error)))?;
        if trusted.is_empty() {
            return Err(TransportError::CaCertificate("no BEGIN CERTIFICATE in the file".to_owned()));
        }
    }
    if let Some(pem) = &network.client_certificate {
        let identity = Identity::from_pem(pem.expose().as_bytes())
            .map_err(|error| TransportError::ClientCertificate(root_cause(&error)))?;
        builder = builder.identity(identity);
    }
    if network.ca_certificates.is_some() && !network.insecure_tls {
        return with_own_verifier(builder, network, host);
    }
    Ok(builder.tls_danger_accept_invalid_certs(network.insecure_tls))
}

/// TLS as the configured certificates and the rules about them want it.
fn with_own_verifier(builder: ClientBuilder, network: &Network, host: &str) -> Result<ClientBuilder, TransportError> {
    let tls = tls_config::new(network, host).map_err(|error| TransportError::Tls(error.to_string()))?;
    Ok(builder.tls_backend_preconfigured(tls))
}

/// Plain HTTP needs no certificates, and loading the system's takes longer than a scenario.
fn no_tls() -> Result<rustls::ClientConfig, TransportError> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| TransportError::Tls(error.to_string()))?;
    Ok(config.with_root_certificates(rustls::RootCertStore::empty()).with_no_client_auth())
}

fn finish(builder: ClientBuilder) -> Result<Client, TransportError> {
    builder.build().map_err(|error| TransportError::Tls(root_cause(&error)))
}

/// The innermost cause of an error: reqwest's own message repeats the URL, which may hold a secret.
pub(crate) fn root_cause(error: &reqwest::Error) -> String {
    let mut cause: &dyn std::error::Error = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    if error.source().is_none() { "request failed".to_owned() } else { cause.to_string() }
}
