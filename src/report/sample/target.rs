//! The deployment that the runs made by hand have judged.

use crate::results::{Certificate, Server, Software, TargetInfo, Tls};

pub(super) fn target() -> TargetInfo {
    TargetInfo {
        name: "staging".to_owned(),
        base_url: Some("https://bo.staging.example:8443/proftrading/rest".to_owned()),
        insecure_tls: false,
        margin_seconds: 1.5,
        max_wait_seconds: 120.0,
        server: Some(server()),
    }
}

fn server() -> Server {
    let certificate = Certificate {
        subject: "CN=bo.staging.example".to_owned(),
        issuer: "CN=Example Staging CA".to_owned(),
        names: vec!["bo.staging.example".to_owned()],
        expires: "2027-05-01".to_owned(),
    };
    let tls = Tls {
        version: "TLSv1.3".to_owned(),
        cipher: "TLS13_AES_256_GCM_SHA384".to_owned(),
        certificate: Some(certificate),
        distrust: Some("the server's certificate is signed by itself".to_owned()),
    };
    let software = vec![Software { header: "server".into(), value: "Jetty(11.0.20)".into() }];
    Server { software, tls: Some(tls) }
}
