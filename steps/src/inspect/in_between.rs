//! Whether something between this program and the API answered a login in the API's place: a proxy, a firewall, a gateway, the
//! TLS layer of the server. Read from the answer; the program decides what to advise.

use serde::Serialize;

use crate::{Masked, Redactor, message::Answer};

/// What answered in place of the API.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum InBetween {
    /// A proxy that wants a login.
    Proxy,
    /// A port that expects TLS and was asked without.
    EncryptedPort,
    /// A TLS layer that wants a client certificate.
    ClientCertificate,
    /// Something with a login of HTTP's own: its challenge.
    OwnLogin(Masked),
    /// A gateway that wants a header of its own: its name.
    Gateway(&'static str),
    /// A page for browsers; the name of who sends it, where a header shows it.
    WebPage(Option<&'static str>),
}

/// Characters of a page that are searched for what it complains of.
const SEARCHED: usize = 4 * 1024;

/// What web servers write when a port with TLS is asked without: nginx, Go, Apache, Tomcat, Jetty.
const WANTS_TLS: [&str; 5] = [
    "plain http request was sent to https port",
    "http request to an https server",
    "speaking plain http to an ssl-enabled",
    "combination of host and port requires tls",
    "insecure request to secure port",
];

/// What web servers write when they want a client certificate.
const WANTS_CERTIFICATE: [&str; 3] =
    ["no required ssl certificate was sent", "the ssl certificate error", "client certificate"];

/// Headers that a gateway or firewall adds, and its name.
const ADDED_HEADERS: [(&str, &str); 10] = [
    ("cf-ray", "Cloudflare"),
    ("x-amzn-errortype", "Amazon API Gateway"),
    ("apigw-requestid", "Amazon API Gateway"),
    ("x-kong-response-latency", "Kong"),
    ("x-kong-request-id", "Kong"),
    ("x-azure-ref", "Azure Front Door"),
    ("x-sucuri-id", "Sucuri"),
    ("x-iinfo", "Imperva"),
    ("x-akamai-request-id", "Akamai"),
    ("x-datadome", "DataDome"),
];

/// What gateways write, in JSON of one member, when a request lacks their header.
const WANTS_HEADER: [&str; 6] = [
    "forbidden",
    "missing authentication token",
    "no api key found",
    "missing subscription key",
    "invalid subscription key",
    "unauthenticated consumer",
];

/// Schemes of logins that are part of HTTP itself and no token's.
const OWN_SCHEMES: [&str; 4] = ["basic", "digest", "negotiate", "ntlm"];

/// What answered in place of the API, if this answer to a login shows it.
pub(super) fn recognize(answer: &Answer, redactor: &Redactor) -> Option<InBetween> {
    // Where there is no API, the answer is about the base URL.
    if !answer.is_client_error() || matches!(answer.status, 404 | 405) {
        return None;
    }
    let text: String = answer.text().chars().take(SEARCHED).collect::<String>().to_lowercase();
    let has = |phrases: &[&str]| phrases.iter().any(|phrase| text.contains(phrase));
    let is_page = answer.json.is_none() && text.trim_start().starts_with('<');
    let named = ADDED_HEADERS.iter().find(|(header, _)| answer.header(header).is_some()).map(|(_, name)| *name);
    let own_login = (answer.status == 401).then(|| own_login(answer)).flatten();
    match answer.status {
        407 => Some(InBetween::Proxy),
        495 | 496 => Some(InBetween::ClientCertificate),
        400 if answer.json.is_none() && has(&WANTS_TLS) => Some(InBetween::EncryptedPort),
        400 | 403 if answer.json.is_none() && has(&WANTS_CERTIFICATE) => Some(InBetween::ClientCertificate),
        _ if own_login.is_some() => own_login.map(|asked| InBetween::OwnLogin(redactor.mask_received(asked, ""))),
        _ if is_page => Some(InBetween::WebPage(named)),
        401 | 403 if has(&WANTS_HEADER) => named.map(InBetween::Gateway),
        _ => None,
    }
}

fn own_login(answer: &Answer) -> Option<&str> {
    let challenge = answer.header("www-authenticate")?;
    let scheme = challenge.split_whitespace().next()?;
    OWN_SCHEMES.iter().any(|own| scheme.eq_ignore_ascii_case(own)).then_some(challenge)
}
