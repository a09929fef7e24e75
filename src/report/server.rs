//! The server in words: its software, its encryption, its certificate.

use crate::results::{Results, ServerCertificate};

/// The software that the server names; `None` where it names none or was not inspected.
pub(super) fn software(results: &Results) -> Option<String> {
    let named = &results.target.server.as_ref()?.software;
    let lines: Vec<String> = named.iter().map(|one| format!("{}: {}", one.header, one.value)).collect();
    (!lines.is_empty()).then(|| lines.join("; "))
}

/// Version and cipher of the connection; `None` where the server was not inspected.
pub(super) fn encryption(results: &Results) -> Option<String> {
    Some(match &results.target.server.as_ref()?.tls {
        Some(tls) => format!("{}, {}", tls.version, tls.cipher),
        None => "none: passwords and tokens travelled in the clear".to_owned(),
    })
}

/// Subject, issuer and last day of the certificate, and why it is not trusted.
pub(super) fn certificate(results: &Results) -> Option<String> {
    let tls = results.target.server.as_ref()?.tls.as_ref()?;
    let ServerCertificate { subject, issuer, expires, .. } = tls.certificate.as_ref()?;
    let distrust = tls.distrust.as_ref().map(|why| format!("; {why}")).unwrap_or_default();
    Some(format!("{subject}, from {issuer}, until {expires}{distrust}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::results::{ServerInfo, sample};

    #[test]
    fn software_encryption_and_certificate_are_named() {
        let results = sample::failing();
        assert_eq!(software(&results).as_deref(), Some("server: Jetty(11.0.20)"));
        assert_eq!(encryption(&results).as_deref(), Some("TLSv1.3, TLS13_AES_256_GCM_SHA384"));
        let line = certificate(&results).expect("it showed one");
        let expected = "CN=bo.staging.example, from CN=Example Staging CA, until 2027-05-01; the server's certificate is \
                        signed by itself";
        assert_eq!(line, expected);
    }

    #[test]
    fn an_uninspected_server_has_no_facts_and_plain_http_is_named() {
        let mut results = sample::passing();
        assert_eq!((software(&results), encryption(&results), certificate(&results)), (None, None, None));
        results.target.server = Some(ServerInfo { software: Vec::new(), tls: None });
        assert_eq!(software(&results), None);
        assert!(encryption(&results).is_some_and(|line| line.starts_with("none: ")));
    }
}
