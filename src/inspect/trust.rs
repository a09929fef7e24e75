//! Whether a server's certificate holds, in words.

use std::time::SystemTime;

use jiff::Timestamp;
use steps::inspect::{TlsHandshake, Trust};

use crate::results;

/// What is wrong with a certificate chain, and what to do; `None` when nothing is.
pub(super) fn distrust(tls: &TlsHandshake) -> Option<String> {
    let own = tls.chain.first();
    let issuer = || tls.chain.last().map(|last| last.issuer.clone()).unwrap_or_default();
    Some(match &tls.trust {
        Trust::Trusted => return None,
        Trust::WrongName { expected, .. } => format!(
            "the server's certificate is not for {expected} but for {}: write the name that it is for in `base_url`, or have \
             the certificate replaced",
            own.map(|own| own.names.join(", ")).filter(|names| !names.is_empty()).unwrap_or("no name".to_owned())
        ),
        Trust::Expired(when) => format!("the server's certificate expired on {}: have it renewed", day(*when)),
        Trust::NotYet(when) => format!(
            "the server's certificate holds from {} on only: have it replaced, or set this machine's clock",
            day(*when)
        ),
        Trust::UnknownIssuer if own.is_some_and(|own| own.is_self_signed()) => {
            "the server's certificate is signed by itself: set `ca_certificate` to a PEM file of it".to_owned()
        }
        Trust::UnknownIssuer => format!(
            "the server's certificate was issued by {}, which is not trusted here: set `ca_certificate` to the PEM file of \
             that authority",
            issuer()
        ),
        Trust::Unfit(why) => format!("the server's certificate cannot be used ({why}): have it replaced"),
    })
}

/// The day of a moment, in UTC.
pub(super) fn day(moment: SystemTime) -> String {
    results::day(Timestamp::try_from(moment).unwrap_or(Timestamp::MAX)).to_string()
}
