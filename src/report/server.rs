//! What answered, in words: the software it names, the encryption it agreed on, the certificate it showed.

use crate::results::{Certificate, Results, Server, Tls};

/// What the server calls itself; `None` where it names nothing, or nobody looked.
pub(super) fn software(results: &Results) -> Option<String> {
    let named = &results.target.server.as_ref()?.software;
    let told: Vec<String> = named.iter().map(|one| format!("{}: {}", one.header, one.value)).collect();
    (!told.is_empty()).then(|| told.join("; "))
}

/// What was agreed on for the connection; `None` where nobody looked.
pub(super) fn encryption(results: &Results) -> Option<String> {
    let server = results.target.server.as_ref()?;
    Some(match tls(server) {
        Some(tls) => format!("{}, {}", tls.version, tls.cipher),
        None => "none: passwords and tokens travelled in the clear".to_owned(),
    })
}

/// Who the server said it is, until when, and what speaks against it.
pub(super) fn certificate(results: &Results) -> Option<String> {
    let tls = tls(results.target.server.as_ref()?)?;
    let Certificate { subject, issuer, expires, .. } = tls.certificate.as_ref()?;
    let distrust = tls.distrust.as_ref().map(|why| format!("; {why}")).unwrap_or_default();
    Some(format!("{subject}, from {issuer}, until {expires}{distrust}"))
}

fn tls(server: &Server) -> Option<&Tls> {
    server.tls.as_ref()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    #[test]
    fn a_server_is_told_by_its_software_and_its_certificate() {
        let results = sample::failing();
        assert_eq!(software(&results).as_deref(), Some("server: Jetty(11.0.20)"));
        assert_eq!(encryption(&results).as_deref(), Some("TLSv1.3, TLS13_AES_256_GCM_SHA384"));
        let said = certificate(&results).expect("it showed one");
        let expected = "CN=bo.staging.example, from CN=Example Staging CA, until 2027-05-01; the server's certificate is \
                        signed by itself";
        assert_eq!(said, expected);
    }

    #[test]
    fn where_nobody_looked_nothing_is_told_and_plain_http_is_named() {
        let mut results = sample::passing();
        assert_eq!((software(&results), encryption(&results), certificate(&results)), (None, None, None));
        results.target.server = Some(Server { software: Vec::new(), tls: None });
        assert_eq!(software(&results), None);
        assert!(encryption(&results).is_some_and(|said| said.starts_with("none: ")));
    }
}
