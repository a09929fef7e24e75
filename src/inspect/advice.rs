//! What to do about a server that cannot be reached or a login that something else answers, in the keys of the configuration.

use steps::{
    Target,
    inspect::{Findings, InBetween, LoginFindings, NoAnswer, TlsError, TunnelError},
    target::{Credentials, Network},
};

use super::{invisible::describe_invisible, proxy_variables::proxy_variable};

/// What to do about a login without an answer.
pub(super) fn silence_advice(findings: &Findings, silence: &NoAnswer, target: &Target) -> &'static str {
    let asked = matches!(&findings.tls, Some(Ok(tls)) if tls.asks_for_certificate);
    if asked && target.network.client_certificate.is_none() {
        "the server asks for a client certificate: set `client_certificate`"
    } else if silence.late {
        "see that the server works, or raise `request_timeout`"
    } else {
        "see that the server works, and what stands between it and here"
    }
}

/// What of a login or password cannot be seen, after a semicolon; empty when all can.
pub(super) fn hint(user: &Credentials) -> String {
    let of = |what: &str, text: &str| describe_invisible(text).map(|found| format!("; the {what} {found}"));
    of("login", &user.login).or_else(|| of("password", user.password.expose())).unwrap_or_default()
}

/// What to do where there is no connection, as the end of a sentence.
pub(super) fn road_advice(target: &Target) -> String {
    if target.network.proxy.is_some() {
        return "correct `proxy`".to_owned();
    }
    let variable = proxy_variable(target.base_url.is_encrypted());
    let unused = variable.map(|name| format!("; {name} is set and not used: set `proxy` to go through it"));
    format!("correct `base_url`{}", unused.unwrap_or_default())
}

/// What to do where there is no handshake. http:// is advised only where no TLS answered: passwords would travel in the clear.
pub(super) fn tls_advice(error: &TlsError, network: &Network) -> &'static str {
    match error {
        TlsError::NotTls => "correct `base_url`: its port, or http:// in place of https://",
        TlsError::NothingInCommon(_) => {
            "have the server offer TLS 1.2 or 1.3 with a cipher of today (AES-GCM or ChaCha20)"
        }
        TlsError::ClientRefused(_) if network.client_certificate.is_none() => "set `client_certificate`",
        TlsError::ClientRefused(_) => "check `client_certificate`: its issuer, its end and that it is for clients",
        TlsError::UnknownHost => "correct the host in `base_url`",
        TlsError::Tunnel(TunnelError::Refused { status: 407, .. }) if network.proxy_login.is_none() => {
            "set `proxy_login` to a source of USER:PASSWORD, like { env = \"PROXY_LOGIN\" }"
        }
        TlsError::Tunnel(TunnelError::Refused { status: 407, .. }) => "check `proxy_login`",
        TlsError::Tunnel(_) => "correct `proxy`, or have the proxy let this machine through to the server",
        TlsError::Setup(_) => "check `ca_certificate` and `client_certificate`",
        TlsError::Failed(_) | TlsError::Late(_) => "see that the server works, or correct the port in `base_url`",
    }
}

/// The message about a base URL of http:// whose port speaks TLS.
pub(super) fn encrypted_port(at: &str) -> String {
    format!("{at} speaks TLS and was asked without: write https:// in place of http:// in `base_url`")
}

/// The message about something else that answered a login.
pub(super) fn in_between(found: &InBetween, login: &LoginFindings, target: &Target) -> String {
    let (at, status, name) = (&target.base_url, login.status, &login.login);
    match found {
        InBetween::EncryptedPort => encrypted_port(at.as_str()),
        InBetween::Proxy if target.network.proxy.is_none() => {
            format!("a proxy on the way to {at} wants a login ({status}): set `proxy` and `proxy_login`")
        }
        InBetween::Proxy if target.network.proxy_login.is_none() => format!(
            "the proxy wants a login ({status}): set `proxy_login` to a source of USER:PASSWORD, like {{ env = \"PROXY_LOGIN\" }}"
        ),
        InBetween::Proxy => format!("the proxy refuses its login ({status}): check `proxy_login`"),
        InBetween::ClientCertificate if target.network.client_certificate.is_none() => {
            format!("{at} wants a client certificate ({status}): set `client_certificate`")
        }
        InBetween::ClientCertificate => {
            format!("{at} refuses the client certificate ({status}): check `client_certificate`")
        }
        InBetween::OwnLogin(challenge) => format!(
            "the login `{name}` is refused ({status}) with a challenge of HTTP itself, `{challenge}`: something in front of the API \
             may have a login of its own, so that `base_url` must lead past it; if the API answered, check `login` and `password`{}",
            hint(&target.user)
        ),
        InBetween::Gateway(gateway) => format!(
            "{gateway} refuses the login before it comes to the API ({status}): set the header that it wants in `headers`, like \
             {{ \"X-Api-Key\" = {{ env = \"GATEWAY_KEY\" }} }}"
        ),
        InBetween::WebPage(sender) => format!(
            "a login is refused with a web page{} ({status}), so that something in front of the API answered it: have this machine \
             let through, or set the header that is wanted in `headers`",
            sender.map(|sender| format!(" of {sender}")).unwrap_or_default()
        ),
    }
}
