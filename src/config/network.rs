//! How the server is reached: certificates, proxy and time limit.

use std::{
    fs::File,
    io::{self, Read},
    path::{Path, PathBuf},
};

use steps::{Secret, target::Network};

use super::{ConfigError, settings::Settings, unreadable::Unreadable};

/// More than any system's whole certificate store.
const LARGEST: u64 = 4 * 1024 * 1024;

/// Reads the network options, and the certificates that they name.
pub(super) fn read(settings: &Settings) -> Result<Network, ConfigError> {
    let default = Network::default();
    let ca = certificate(settings, "ca_certificate", &["CERTIFICATE"])?;
    let client = certificate(settings, "client_certificate", &["CERTIFICATE", "PRIVATE KEY"])?;
    Ok(Network {
        request_timeout: settings.get("request_timeout")?.unwrap_or(default.request_timeout),
        ca_certificates: ca.map(String::into_bytes),
        insecure_tls: settings.get("insecure_tls")?.unwrap_or(default.insecure_tls),
        client_certificate: client.map(Secret::new),
        proxy: proxy(settings)?,
    })
}

/// The PEM file that a key names, which must hold each of these blocks.
fn certificate(settings: &Settings, key: &'static str, blocks: &[&str]) -> Result<Option<String>, ConfigError> {
    let Some(path) = settings.get::<PathBuf>(key)? else {
        return Ok(None);
    };
    let problem = match read_bounded(&path) {
        Err(error) => error.to_string(),
        Ok(pem) => match blocks.iter().find(|block| !has_block(&pem, block)) {
            None => return Ok(Some(pem)),
            Some(block) => format!("there is no `-----BEGIN {block}-----` in it; give a PEM file"),
        },
    };
    Err(ConfigError::Certificate { origin: settings.origin(key), key, path, problem })
}

/// Keys are announced with their algorithm before the word, as in `RSA PRIVATE KEY`.
fn has_block(pem: &str, block: &str) -> bool {
    let end = format!("{block}-----");
    pem.lines().any(|line| line.starts_with("-----BEGIN ") && line.trim_end().ends_with(&end))
}

fn read_bounded(path: &Path) -> io::Result<String> {
    let mut text = String::new();
    File::open(path)?.take(LARGEST).read_to_string(&mut text)?;
    Ok(text)
}

fn proxy(settings: &Settings) -> Result<Option<String>, ConfigError> {
    let Some(url) = settings.get::<String>("proxy")? else {
        return Ok(None);
    };
    let host = url.strip_prefix("http://").or_else(|| url.strip_prefix("https://"));
    // Reports name the proxy, so that nothing secret may stand in it.
    if host.is_some_and(|host| !host.is_empty() && !host.contains('@')) {
        return Ok(Some(url));
    }
    Err(settings.value("proxy", Unreadable::Proxy))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_private_key_of_any_algorithm_is_seen_and_a_mention_is_not() {
        for pem in ["-----BEGIN PRIVATE KEY-----\n", "x\n-----BEGIN EC PRIVATE KEY-----\r\n"] {
            assert!(has_block(pem, "PRIVATE KEY"), "{pem}");
        }
        for pem in ["-----BEGIN CERTIFICATE-----", "see -----BEGIN PRIVATE KEY-----", "-----END PRIVATE KEY-----"] {
            assert!(!has_block(pem, "PRIVATE KEY"), "{pem}");
        }
    }
}
