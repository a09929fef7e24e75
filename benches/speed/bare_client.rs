//! The floor for the client side: one reqwest client that sends the requests of many scenarios, as many at a time as the program
//! runs scenarios, reads every response and extracts its token.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use tokio::{runtime::Builder, task::JoinSet};

use crate::workload::{self, CONCURRENCY};

/// Sends the requests of this many scenarios.
pub(crate) fn run(server: SocketAddr, scenarios: usize) -> Result<()> {
    Builder::new_current_thread().enable_all().build()?.block_on(async {
        let client = client()?;
        let next = Arc::new(AtomicUsize::new(0));
        let mut workers = JoinSet::new();
        for _ in 0..CONCURRENCY {
            workers.spawn(work(client.clone(), server, next.clone(), scenarios));
        }
        while let Some(worker) = workers.join_next().await {
            worker??;
        }
        Ok(())
    })
}

/// Plain HTTP, without loading certificates.
fn client() -> Result<reqwest::Client> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let tls = rustls::ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions()?;
    let tls = tls.with_root_certificates(rustls::RootCertStore::empty()).with_no_client_auth();
    let builder = reqwest::Client::builder().no_proxy().http1_only().tcp_nodelay(true);
    Ok(builder.tls_backend_preconfigured(tls).build()?)
}

async fn work(client: reqwest::Client, server: SocketAddr, next: Arc<AtomicUsize>, scenarios: usize) -> Result<()> {
    let base = format!("http://{server}{}", workload::BASE_PATH);
    let login = json!({ "login": workload::LOGIN, "password": workload::PASSWORD }).to_string();
    loop {
        let number = next.fetch_add(1, Ordering::Relaxed);
        if number >= scenarios {
            return Ok(());
        }
        let issue = client.post(format!("{base}/auth/token")).header("Content-Type", "application/json");
        let answer = issue.body(login.clone()).send().await?.bytes().await?;
        let answer: Value = serde_json::from_slice(&answer)?;
        let token = answer["accessToken"].as_str().context("the login response has no token")?;
        if workload::uses_its_token(number) {
            let call = client.get(format!("{base}/accounts?limit=1")).bearer_auth(token).send().await?;
            ensure!(call.status().is_success(), "the call is refused");
            call.bytes().await?;
        }
    }
}
