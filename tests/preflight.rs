//! A run that cannot judge anything ends with 3, one message that says what to do, no verdict, and within the times stated.

mod deployment;
mod program;

use std::{
    fs,
    net::TcpListener,
    path::Path,
    time::{Duration, Instant},
};

use deployment::Certifier;
use program::foreign::Running;
use rcgen::{BasicConstraints, CertificateParams, DistinguishedName, DnType, IsCa, Issuer, KeyPair, date_time_ymd};

/// Runs, and returns the message after `error: `. Nothing is judged, and nothing written that could be taken for a verdict.
fn refused(certifier: &Certifier, within: Duration) -> String {
    let began = Instant::now();
    let ended = certifier.runs(&["run"]);
    assert!(began.elapsed() < within, "it took {:?}", began.elapsed());
    assert_eq!(ended.code, Some(3), "{}{}", ended.out, ended.err);
    assert_eq!(ended.out, "");
    assert!(!certifier.folder.path().join("reports/results.json").exists());
    let message = ended.err.strip_prefix("error: ").expect("it is an error").trim_end();
    assert!(!message.contains("error: "), "more than one message: {message}");
    message.to_owned()
}

const SOON: Duration = Duration::from_secs(10);

#[test]
fn a_dead_port() {
    let port = TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("its address").port();
    assert_eq!(
        refused(&Certifier::of(&format!("http://127.0.0.1:{port}/rest")), SOON),
        format!(
            "nothing accepts connections at 127.0.0.1:{port} (Connection refused (os error 111)); see that the server runs and \
             can be reached from here, or correct `base_url`"
        )
    );
}

#[test]
fn a_name_that_nobody_has() {
    let message = refused(&Certifier::of("http://bo.invalid/rest"), SOON);
    assert!(message.starts_with("the name `bo.invalid` cannot be resolved ("), "{message}");
}

#[test]
fn a_wrong_password_is_tried_once() {
    let server = deployment::start(&["--lock-after", "2"]);
    let certifier = Certifier::of(&server.base_url);
    let wrong = Certifier::of(&server.base_url).but("env = \"ALICE\"", "env = \"WRONG\"");
    let message = "the server refuses the login `alice` (401): check `login` and `password`. It was tried once and not again, \
                   so that no account is locked";
    assert_eq!(refused(&wrong, SOON), message);
    // A second attempt would have locked the account, for which the right password is no remedy.
    let looked = certifier.runs(&["doctor"]);
    assert_eq!(looked.code, Some(0), "{}", looked.err);
}

#[test]
fn a_wrong_password_of_the_second_user() {
    let server = deployment::start(&[]);
    let second = "[targets.t.second_user]\nlogin = \"bob\"\npassword = { env = \"WRONG\" }";
    assert_eq!(
        refused(&Certifier::of(&server.base_url).with(second), SOON),
        "the server refuses the login `bob` (401): check `login` and `password` in the target's table `second_user`. It was \
         tried once and not again, so that no account is locked"
    );
}

#[test]
fn a_base_url_that_leads_to_no_api() {
    let server = deployment::start(&[]);
    let elsewhere = server.base_url.replace("/api/v2", "/elsewhere");
    assert_eq!(
        refused(&Certifier::of(&elsewhere), SOON),
        format!(
            "there is no token API at {elsewhere} (a login is answered 404): `base_url` must be where the REST API begins, like \
             https://HOST:8443/proftrading/rest"
        )
    );
}

#[test]
fn a_probe_that_does_not_exist() {
    let server = deployment::start(&[]);
    let certifier = Certifier::of(&server.base_url).but("/accounts?limit=1", "/no/such/call");
    assert_eq!(
        refused(&certifier, SOON),
        "the probe /no/such/call is answered 404 for a fresh access token: set `probe` to a GET below the base URL that this \
         user may make, like \"/accounts?limit=1\""
    );
    // What needs no probe can be judged all the same.
    let ended = certifier.runs(&["run", "--requirement", "ISSUE-1"]);
    assert_eq!(ended.code, Some(0), "{}{}", ended.out, ended.err);
}

#[test]
fn a_probe_that_is_open_to_everybody() {
    let server = deployment::start(&["--defect", "unknown-path-200"]);
    let certifier = Certifier::of(&server.base_url).but("/accounts?limit=1", "/news");
    assert_eq!(
        refused(&certifier, SOON),
        "the probe /news is answered without an access token, and with one that was made up: it is no protected \
         call. Set `probe` to a GET that needs a token, like \"/accounts?limit=1\""
    );
}

#[test]
fn other_names_come_with_a_dialect_that_works() {
    let server = deployment::start(&["--dialect"]);
    let certifier = Certifier::of(&server.base_url);
    let message = refused(&certifier, SOON);
    let (words, snippet) = message.split_once("\n\n").expect("there is a snippet");
    assert!(words.starts_with("the token answer has other names than the dialect looks for"), "{words}");
    let header = "\nrefresh_header = \"X-Refresh-Token\"";
    let ended = certifier.with(&format!("{snippet}{header}")).runs(&["run", "--requirement", "ISSUE-3", "REFRESH-2"]);
    assert_eq!(ended.code, Some(0), "{}{}", ended.out, ended.err);
}

#[test]
fn a_source_that_prints_nothing() {
    let server = deployment::start(&[]);
    let source = "[targets.t.ott]\ncommand = [\"true\"]\nlogin = \"alice\"";
    assert_eq!(
        refused(&Certifier::of(&server.base_url).with(source), SOON),
        "the source of one-time tokens gives none: no one-time token of alice: `true` printed nothing; it must print the secret \
         as the first line of its standard output; mend it, or take the table `ott` out of the target"
    );
}

#[test]
fn a_server_that_does_not_answer() {
    let server = deployment::start(&["--defect", "never-answers"]);
    assert_eq!(
        refused(&Certifier::of(&server.base_url), SOON),
        format!(
            "a login at {} got no answer: the server did not answer within 2 s; see that the server works, or raise \
             `request_timeout`",
            server.base_url
        )
    );
}

#[test]
fn a_server_that_stops_answering_after_the_login() {
    let server = deployment::start(&["--defect", "never-answers", "--after", "1"]);
    assert_eq!(
        refused(&Certifier::of(&server.base_url), SOON),
        "the probe /accounts?limit=1 got no answer: the server did not answer within 2 s; see that the server works, or set \
         another `probe`"
    );
}

#[test]
fn a_server_that_stops_answering_halfway() {
    let server = deployment::start(&["--defect", "never-answers", "--after", "60", "--access-lifetime", "60"]);
    let certifier = Certifier::of(&server.base_url);
    let began = Instant::now();
    let ended = certifier.runs(&["run"]);
    // A dozen requests at eight a time have 2 s each, and so have the login that decides and those on their way; nobody waits
    // for the end of a lifetime any more.
    assert!(began.elapsed() < Duration::from_secs(30), "it took {:?}", began.elapsed());
    assert_eq!(ended.code, Some(3), "{}{}", ended.out, ended.err);
    assert_eq!(
        ended.err,
        format!(
            "error: the server has stopped answering, so that the rest is inconclusive: a login at {} got no answer: the server \
             did not answer within 2 s; see that the server works, or raise `request_timeout`; then run again\n",
            server.base_url
        )
    );
    let verdict = ended.out.lines().last().unwrap_or_default();
    assert!(verdict.starts_with("inconclusive: ") && verdict.contains(" 0 fail, 0 warn"), "{verdict}");
}

#[test]
fn a_server_that_breaks_off() {
    let server = deployment::start(&["--defect", "half-answers"]);
    let message = refused(&Certifier::of(&server.base_url), SOON);
    let says = "got no answer: the connection broke before the answer was complete: ";
    assert!(
        message.contains(says) && message.ends_with("see that the server works, and what stands between it and here")
    );
}

/// An authority of this name: its certificate, and the means to issue others.
fn authority(name: &str) -> (String, Issuer<'static, KeyPair>) {
    let key = KeyPair::generate().expect("a key");
    let mut params = CertificateParams::default();
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, name);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let certificate = params.self_signed(&key).expect("a certificate");
    (certificate.pem(), Issuer::new(params, key))
}

/// Makes the program trust this certificate and no other.
fn trust(certifier: &Certifier, pem: &str) {
    fs::write(certifier.folder.path().join("ca.pem"), pem).expect("a file");
}

/// A self-signed certificate and its key in files.
fn certificate(folder: &Path, params: CertificateParams) -> (String, String) {
    let key = KeyPair::generate().expect("a key");
    let certificate = params.self_signed(&key).expect("a certificate");
    files(folder, &certificate.pem(), &key)
}

fn files(folder: &Path, certificate: &str, key: &KeyPair) -> (String, String) {
    let (cert_file, key_file) = (folder.join("server.pem"), folder.join("server.key"));
    fs::write(&cert_file, certificate).expect("a file");
    fs::write(&key_file, key.serialize_pem()).expect("a file");
    (cert_file.display().to_string(), key_file.display().to_string())
}

/// A server with this certificate, and somebody who trusts it.
fn encrypted(params: CertificateParams) -> (Running, Certifier) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (cert, key) = certificate(folder.path(), params);
    let server = deployment::start(&["--tls", &cert, &key]);
    let certifier = Certifier::of(&server.base_url);
    trust(&certifier, &fs::read_to_string(cert).expect("a certificate"));
    (server, certifier.with("ca_certificate = \"ca.pem\""))
}

fn params(names: &[&str]) -> CertificateParams {
    CertificateParams::new(names.iter().map(ToString::to_string).collect::<Vec<_>>()).expect("good names")
}

#[test]
fn a_certificate_for_another_name() {
    let (_server, certifier) = encrypted(params(&["bo.example", "10.0.0.1"]));
    assert_eq!(
        refused(&certifier, SOON),
        "the server's certificate is not for 127.0.0.1 but for bo.example, 10.0.0.1: write the name that it is for in \
         `base_url`, or have the certificate replaced"
    );
}

#[test]
fn a_certificate_that_is_over() {
    let mut over = params(&["127.0.0.1"]);
    (over.not_before, over.not_after) = (date_time_ymd(2020, 1, 1), date_time_ymd(2021, 1, 1));
    let (_server, certifier) = encrypted(over);
    assert_eq!(refused(&certifier, SOON), "the server's certificate expired on 2021-01-01: have it renewed");
}

#[test]
fn a_certificate_that_nobody_vouches_for() {
    let (_server, certifier) = encrypted(params(&["127.0.0.1"]));
    trust(&certifier, &authority("Somebody else").0);
    let itself = "the server's certificate is signed by itself: set `ca_certificate` to a PEM file of it";
    assert_eq!(refused(&certifier, SOON), itself);
}

#[test]
fn an_authority_that_nobody_knows() {
    let (known, _) = authority("Known");
    let (ca, issuer) = authority("Unknown");
    let folder = tempfile::tempdir().expect("a temporary folder");
    let key = KeyPair::generate().expect("a key");
    let signed = params(&["127.0.0.1"]).signed_by(&key, &issuer).expect("a certificate");
    let (cert, key) = files(folder.path(), &signed.pem(), &key);
    let server = deployment::start(&["--tls", &cert, &key]);
    let certifier = Certifier::of(&server.base_url).with("ca_certificate = \"ca.pem\"");
    trust(&certifier, &known);
    assert_eq!(
        refused(&certifier, SOON),
        "the server's certificate was issued by CN=Unknown, which is not trusted here: set `ca_certificate` to the PEM file of \
         that authority"
    );
    trust(&certifier, &ca);
    let ended = certifier.runs(&["run", "--requirement", "ISSUE-1"]);
    assert_eq!(ended.code, Some(0), "{}{}", ended.out, ended.err);
}

#[test]
fn a_server_that_wants_a_certificate() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (ca, _) = authority("Clients");
    let ca_file = folder.path().join("clients.pem");
    fs::write(&ca_file, ca).expect("a file");
    let (cert, key) = certificate(folder.path(), params(&["127.0.0.1"]));
    let server = deployment::start(&["--tls", &cert, &key, "--client-ca", &ca_file.display().to_string()]);
    let certifier = Certifier::of(&server.base_url).with("ca_certificate = \"ca.pem\"");
    trust(&certifier, &fs::read_to_string(cert).expect("a certificate"));
    let message = refused(&certifier, SOON);
    assert!(message.ends_with("; the server asks for a client certificate: set `client_certificate`"), "{message}");
}

#[test]
fn an_encrypted_port_where_there_is_none() {
    let server = deployment::start(&[]);
    let message = refused(&Certifier::of(&server.base_url.replace("http:", "https:")), SOON);
    assert!(message.ends_with("correct `base_url`: its port, or http:// in place of https://"), "{message}");
}

#[test]
fn a_trusted_certificate_is_no_obstacle_and_neither_is_one_that_goes_unchecked() {
    let (server, certifier) = encrypted(params(&["127.0.0.1"]));
    let one = ["run", "--requirement", "ISSUE-1"];
    let trusted = certifier.runs(&one);
    assert_eq!(trusted.code, Some(0), "{}{}", trusted.out, trusted.err);
    let unchecked = Certifier::of(&server.base_url).with("insecure_tls = true").runs(&one);
    assert_eq!(unchecked.code, Some(0), "{}{}", unchecked.out, unchecked.err);
}

#[test]
fn a_server_that_answers_wrongly_is_judged() {
    for (defect, requirement) in [("anonymous-accepted", "USE-3"), ("lifetime-as-text", "ISSUE-4")] {
        let server = deployment::start(&["--defect", defect]);
        let ended = Certifier::of(&server.base_url).runs(&["run", "--requirement", requirement]);
        assert_eq!(ended.code, Some(1), "{defect}: {}{}", ended.out, ended.err);
    }
}
