//! The gateway in front of the API of a served stand-in, from the command line.

use std::{net::SocketAddr, path::PathBuf, time::Duration};

use anyhow::{Result, bail};
use standin::service::{AllowedOrigins, Lockout, RateLimit, ServiceOptions};

use crate::config::{parse_duration, parse_rate};

/// Arguments about the gateway in front of the API.
#[derive(clap::Args)]
pub(crate) struct ServiceArgs {
    /// Let web pages of this origin call from a browser; without a value those of any; may be given again
    #[arg(long, value_name = "ORIGIN", num_args = 0..=1, default_missing_value = "*")]
    cors: Vec<String>,
    /// Encrypt connections, with a certificate of a new authority
    #[arg(long)]
    pub(super) tls: bool,
    /// Where the certificate of that authority is written, for clients to trust
    #[arg(long, value_name = "FILE", default_value = "standin-ca.pem", requires = "tls")]
    pub(super) tls_ca: PathBuf,
    /// A host name that the certificate is for, beside those of this machine; may be given again
    #[arg(long, value_name = "NAME", requires = "tls")]
    pub(super) tls_name: Vec<String>,
    /// Print each request: the tokens by number, and what the server knows about them
    #[arg(long)]
    log: bool,
    /// Print each request with its tokens as they are
    #[arg(long)]
    log_tokens: bool,
    /// Refuse with 429 what comes faster, for each token and collection: a number, or `10/m`
    #[arg(long, value_name = "N", value_parser = rate)]
    requests_per_second: Option<f64>,
    /// How many requests may come at one moment [default: those of one second]
    #[arg(long, value_name = "N", requires = "requests_per_second")]
    burst: Option<u32>,
    /// Block a token for so long that is refused three times in a row, as `10s`
    #[arg(long, value_name = "DURATION", value_parser = duration, requires = "requests_per_second")]
    block: Option<Duration>,
    /// Lock a user out after so many failed logins in a row
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    lock_after: Option<u32>,
    /// How long a user stays locked out
    #[arg(long, value_name = "DURATION", value_parser = duration, default_value = "1m", requires = "lock_after")]
    lock_for: Duration,
    /// Take commands at this address: turn the clock, mint, spend, revoke, seed faults; of this machine only
    #[arg(long, value_name = "ADDRESS")]
    control: Option<SocketAddr>,
}

impl ServiceArgs {
    /// Whether requests are logged.
    pub(super) fn is_logged(&self) -> bool {
        self.log || self.log_tokens
    }

    /// The control address.
    ///
    /// # Errors
    /// When other machines could reach it.
    pub(super) fn control(&self) -> Result<Option<SocketAddr>> {
        match self.control {
            Some(address) if !address.ip().is_loopback() => {
                bail!("--control must be an address of this machine, like 127.0.0.1:8081 (got {address})")
            }
            address => Ok(address),
        }
    }

    /// The options of the service at these addresses.
    pub(super) fn options(&self, origin: String, control: Option<String>) -> ServiceOptions {
        let rate_limit = self.requests_per_second.map(|per_second| RateLimit {
            per_second,
            burst: self.burst.unwrap_or(per_second.ceil().clamp(1.0, f64::from(u32::MAX)) as u32),
            block: self.block.unwrap_or_default(),
        });
        ServiceOptions {
            origin,
            control,
            origins: AllowedOrigins::new(self.cors.iter().cloned()),
            rate_limit,
            lockout: self.lock_after.map(|after| Lockout { after, time: self.lock_for }),
            tokens_in_log: self.log_tokens,
        }
    }
}

fn rate(text: &str) -> Result<f64, String> {
    let rate = parse_rate(text).filter(|rate| *rate > 0.0 && rate.is_finite());
    rate.ok_or_else(|| "must be a number greater than zero, or a count with a time like `10/m`".to_owned())
}

fn duration(text: &str) -> Result<Duration, String> {
    parse_duration(text).map_err(|error| error.to_string())
}
