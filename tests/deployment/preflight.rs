//! A run that cannot judge anything exits 3 within the stated times, with one message that names the next step and no verdict.

use std::{
    fs,
    net::TcpListener,
    path::Path,
    process::{Command, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};

use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, IsCa, Issuer, KeyPair, SanType, date_time_ymd,
};

use crate::support::{
    Workplace,
    bo_server::{BoServer, NO_WAITING, workplace_for, workplace_with_users},
    requirements,
};

/// A target at this address with a timeout of two seconds per request, and the password that the servers refuse.
fn target(base_url: &str) -> Workplace {
    workplace_for(base_url).with_lines("request_timeout = \"2s\"").with_variable("WRONG", "no-such-password")
}

/// The message of a refused run, without `error: `. Checks that nothing was judged and no results were written.
fn refusal(workplace: &Workplace) -> String {
    let began = Instant::now();
    let run = workplace.run(&["run"]);
    assert!(began.elapsed() < LIMIT, "it took {:?}", began.elapsed());
    let run = run.expect_code(3);
    assert_eq!(run.stdout, "");
    assert!(!workplace.path("reports/results.json").exists());
    let message = run.stderr.strip_prefix("error: ").expect("it is an error").trim_end();
    assert!(!message.contains("error: "), "more than one message: {message}");
    message.to_owned()
}

/// The limit for a run that finds its obstacle at once.
const LIMIT: Duration = Duration::from_secs(10);

#[test]
fn a_port_that_nothing_listens_on() {
    let port = TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("its address").port();
    assert_eq!(
        refusal(&target(&format!("http://127.0.0.1:{port}/rest"))),
        format!(
            "nothing accepts connections at 127.0.0.1:{port} (Connection refused (os error 111)); see that the server runs and \
             can be reached from here, or correct `base_url`"
        )
    );
}

#[test]
fn an_unresolvable_host_name() {
    let message = refusal(&target("http://bo.invalid/rest"));
    assert!(message.starts_with("the name `bo.invalid` cannot be resolved ("), "{message}");
}

#[test]
fn a_wrong_password_is_tried_once() {
    let server = BoServer::start(&["--lock-after", "2"]);
    let workplace = target(&server.base_url);
    let wrong = target(&server.base_url).with_replaced("env = \"FIRST_PASSWORD\"", "env = \"WRONG\"");
    let message = "the server refuses the login `qa-certifier` (401): check `login` and `password`. It was tried once and not again, \
                   so that no account is locked";
    assert_eq!(refusal(&wrong), message);
    // A second attempt would have locked the account.
    workplace.run(&["doctor"]).expect_code(0);
}

#[test]
fn a_wrong_password_of_the_second_user() {
    let server = BoServer::start(&[]);
    let second = "[targets.foreign.second_user]\nlogin = \"qa-second\"\npassword = { env = \"WRONG\" }";
    assert_eq!(
        refusal(&target(&server.base_url).with_lines(second)),
        "the server refuses the login `qa-second` (401): check `login` and `password` in the target's table `second_user`. It was \
         tried once and not again, so that no account is locked"
    );
}

#[test]
fn a_base_url_that_leads_to_no_api() {
    let server = BoServer::start(&[]);
    let elsewhere = server.base_url.replace("/api/v2", "/elsewhere");
    assert_eq!(
        refusal(&target(&elsewhere)),
        format!(
            "no token API at {elsewhere} (a login is answered 404): `base_url` must be where the REST API begins, like \
             https://HOST:8443/proftrading/rest"
        )
    );
}

#[test]
fn a_probe_that_does_not_exist() {
    let server = BoServer::start(&[]);
    let workplace = target(&server.base_url).with_replaced("/accounts?limit=1", "/no/such/call");
    assert_eq!(
        refusal(&workplace),
        "the probe /no/such/call is answered 404 for a fresh access token: set `probe` to a GET below the base URL that this \
         user may make, like \"/accounts?limit=1\""
    );
    // Requirements without a probe can still be judged.
    workplace.run(&["run", "--requirement", "ISSUE-1"]).expect_code(0);
}

#[test]
fn a_probe_that_needs_no_token_breaks_use_3() {
    let server = BoServer::start(&["--defect", "unknown-path-200"]);
    let workplace = target(&server.base_url).with_replaced("/accounts?limit=1", "/news");
    let run = workplace.run(&["run", "--requirement", "USE-3"]).expect_code(1);
    assert_eq!(requirements(&workplace.results(), "fail"), ["USE-3"]);
    let hint = "the answer is 200 without a token; where this call is meant to be open, set another `probe`";
    assert!(workplace.results().to_string().contains(hint), "{}", run.output());
}

#[test]
fn other_field_names_get_a_working_dialect_suggestion() {
    let server = BoServer::start(&["--dialect"]);
    let workplace = target(&server.base_url);
    let message = refusal(&workplace);
    let (words, snippet) = message.split_once("\n\n").expect("there is a snippet");
    assert!(words.starts_with("the token answer has other names than the dialect looks for"), "{words}");
    let header = "\nrefresh_header = \"X-Refresh-Token\"";
    workplace
        .with_lines(&format!("{snippet}{header}"))
        .run(&["run", "--requirement", "ISSUE-3", "REFRESH-2"])
        .expect_code(0);
}

#[test]
fn a_source_that_prints_nothing() {
    let server = BoServer::start(&[]);
    let source = "[targets.foreign.ott]\ncommand = [\"true\"]\nlogin = \"qa-certifier\"";
    assert_eq!(
        refusal(&target(&server.base_url).with_lines(source)),
        "the source of one-time tokens gives none: no one-time token of qa-certifier: `true` printed nothing; it must print the secret \
         as the first line of its standard output; mend it, or take the table `ott` out of the target"
    );
}

#[test]
fn a_server_that_does_not_answer() {
    let server = BoServer::start(&["--defect", "never-answers"]);
    assert_eq!(
        refusal(&target(&server.base_url)),
        format!(
            "a login at {} got no answer: the server did not answer within 2 s; see that the server works, or raise \
             `request_timeout`",
            server.base_url
        )
    );
}

#[test]
fn a_server_that_stops_answering_after_the_login() {
    let server = BoServer::start(&["--defect", "never-answers", "--after", "1"]);
    assert_eq!(
        refusal(&target(&server.base_url)),
        "the probe /accounts?limit=1 got no answer: the server did not answer within 2 s; see that the server works, or set \
         another `probe`"
    );
}

#[test]
fn a_server_that_stops_answering_halfway() {
    let server = BoServer::start(&["--defect", "never-answers", "--after", "60", "--access-lifetime", "60"]);
    let workplace = target(&server.base_url);
    let began = Instant::now();
    let run = workplace.run(&["run"]);
    // Requests time out after 2 s each, eight at a time; the run no longer waits for lifetimes.
    assert!(began.elapsed() < Duration::from_secs(30), "it took {:?}", began.elapsed());
    let run = run.expect_code(3);
    let (plan, error) = run.stderr.split_once('\n').expect("the plan comes first");
    assert!(plan.ends_with(" scenarios"), "{plan}");
    assert_eq!(
        error,
        format!(
            "error: the server has stopped answering, so that the rest is inconclusive: a login at {} got no answer: the server \
             did not answer within 2 s; see that the server works, or raise `request_timeout`; then run again\n",
            server.base_url
        )
    );
    let verdict = run.verdict_line();
    assert!(verdict.starts_with("inconclusive: ") && verdict.contains(" 0 fail, 0 warn"), "{verdict}");
}

#[test]
fn a_server_that_closes_connections_halfway() {
    let server = BoServer::start(&["--defect", "half-answers"]);
    let message = refusal(&target(&server.base_url));
    let says = "got no answer: the connection broke before the answer was complete: ";
    assert!(
        message.contains(says) && message.ends_with("see that the server works, and what stands between it and here")
    );
}

/// A certificate authority with this name: its certificate and its issuer.
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
fn trust(workplace: &Workplace, pem: &str) {
    fs::write(workplace.path("ca.pem"), pem).expect("a file");
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

/// A server with this certificate, and a workplace that trusts it.
fn encrypted(params: CertificateParams) -> (BoServer, Workplace) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (cert, key) = certificate(folder.path(), params);
    let server = BoServer::start(&["--tls", &cert, &key]);
    let workplace = target(&server.base_url);
    trust(&workplace, &fs::read_to_string(cert).expect("a certificate"));
    (server, workplace.with_lines("ca_certificate = \"ca.pem\""))
}

fn params(names: &[&str]) -> CertificateParams {
    CertificateParams::new(names.iter().map(ToString::to_string).collect::<Vec<_>>()).expect("good names")
}

#[test]
fn a_certificate_for_another_name() {
    let (_server, workplace) = encrypted(params(&["bo.example", "10.0.0.1"]));
    assert_eq!(
        refusal(&workplace),
        "the server's certificate is not for 127.0.0.1 but for bo.example, 10.0.0.1: write the name that it is for in \
         `base_url`, or have the certificate replaced"
    );
}

#[test]
fn an_expired_certificate() {
    let mut over = params(&["127.0.0.1"]);
    (over.not_before, over.not_after) = (date_time_ymd(2020, 1, 1), date_time_ymd(2021, 1, 1));
    let (_server, workplace) = encrypted(over);
    assert_eq!(refusal(&workplace), "the server's certificate expired on 2021-01-01: have it renewed");
}

#[test]
fn a_self_signed_certificate() {
    let (_server, workplace) = encrypted(params(&["127.0.0.1"]));
    trust(&workplace, &authority("Another").0);
    let itself = "the server's certificate is signed by itself: set `ca_certificate` to a PEM file of it";
    assert_eq!(refusal(&workplace), itself);
}

#[test]
fn an_unknown_authority() {
    let (known, _) = authority("Known");
    let (ca, issuer) = authority("Unknown");
    let folder = tempfile::tempdir().expect("a temporary folder");
    let key = KeyPair::generate().expect("a key");
    let signed = params(&["127.0.0.1"]).signed_by(&key, &issuer).expect("a certificate");
    let (cert, key) = files(folder.path(), &signed.pem(), &key);
    let server = BoServer::start(&["--tls", &cert, &key]);
    let workplace = target(&server.base_url).with_lines("ca_certificate = \"ca.pem\"");
    trust(&workplace, &known);
    assert_eq!(
        refusal(&workplace),
        "the server's certificate was issued by CN=Unknown, which is not trusted here: set `ca_certificate` to the PEM file of \
         that authority"
    );
    trust(&workplace, &ca);
    workplace.run(&["run", "--requirement", "ISSUE-1"]).expect_code(0);
}

#[test]
fn an_address_written_as_a_host_name() {
    let mut named = params(&[]);
    named.subject_alt_names = vec![SanType::DnsName("127.0.0.1".try_into().expect("ASCII"))];
    let (_server, workplace) = encrypted(named);
    assert_eq!(
        refusal(&workplace),
        "the server's certificate is not for 127.0.0.1 but for the host name \"127.0.0.1\", which is no address: write the name \
         that it is for in `base_url`, or have the certificate replaced"
    );
}

#[test]
fn the_certificate_of_an_authority_as_the_servers_own() {
    let own = |name: &str| {
        let mut own = params(&[name]);
        own.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        own
    };
    // Pinned, it is as good as any other.
    let (_pinned, workplace) = encrypted(own("127.0.0.1"));
    workplace.run(&["run", "--requirement", "ISSUE-1"]).expect_code(0);

    let (server, workplace) = encrypted(own("127.0.0.1"));
    trust(&workplace, &authority("Another").0);
    assert_eq!(
        refusal(&workplace),
        "the server presents the certificate of an authority (CA:TRUE) as its own, which is accepted only where `ca_certificate` \
         names that very certificate: set it to a PEM file of it, or have it replaced by one with CA:FALSE"
    );
    let unchecked = target(&server.base_url).with_lines("insecure_tls = true");
    unchecked.run(&["run", "--requirement", "ISSUE-1"]).expect_code(0);

    let (_misnamed, workplace) = encrypted(own("bo.example"));
    assert!(refusal(&workplace).starts_with("the server's certificate is not for 127.0.0.1 but for bo.example"));
}

/// A server with a certificate of version 1, which the crate for certificates does not make; `None` where OpenSSL does not either.
fn with_version_1() -> Option<(BoServer, Workplace)> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let openssl = |arguments: &str| {
        let run = Command::new("openssl").args(arguments.split(' ')).current_dir(folder.path()).output().ok()?;
        run.status.success().then(|| String::from_utf8_lossy(&run.stdout).into_owned())
    };
    openssl("req -new -newkey rsa:2048 -nodes -keyout k.pem -out r.pem -subj /CN=127.0.0.1")?;
    openssl("x509 -req -in r.pem -signkey k.pem -out c.pem")?;
    openssl("x509 -in c.pem -noout -text").filter(|text| text.contains("Version: 1 "))?;
    let file = |name: &str| folder.path().join(name).display().to_string();
    let server = BoServer::start(&["--tls", &file("c.pem"), &file("k.pem")]);
    let workplace = target(&server.base_url).with_lines("ca_certificate = \"ca.pem\"");
    trust(&workplace, &fs::read_to_string(file("c.pem")).expect("a certificate"));
    Some((server, workplace))
}

#[test]
fn a_certificate_of_version_1_is_refused_with_the_reason_and_insecure_tls_accepts_it() {
    let Some((server, workplace)) = with_version_1() else { return };
    assert_eq!(
        refusal(&workplace),
        "the server's certificate has version 1 of X.509, which says for no host that it is its own: have it replaced by one of \
         version 3"
    );
    let unchecked = target(&server.base_url).with_lines("insecure_tls = true");
    unchecked.run(&["run", "--requirement", "ISSUE-1"]).expect_code(0);
}

#[test]
fn a_server_that_requires_a_client_certificate() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (ca, _) = authority("Clients");
    let ca_file = folder.path().join("clients.pem");
    fs::write(&ca_file, ca).expect("a file");
    let (cert, key) = certificate(folder.path(), params(&["127.0.0.1"]));
    let server = BoServer::start(&["--tls", &cert, &key, "--client-ca", &ca_file.display().to_string()]);
    let workplace = target(&server.base_url).with_lines("ca_certificate = \"ca.pem\"");
    trust(&workplace, &fs::read_to_string(cert).expect("a certificate"));
    let message = refusal(&workplace);
    assert!(message.ends_with("; the server asks for a client certificate: set `client_certificate`"), "{message}");
}

#[test]
fn https_on_a_plain_port() {
    let server = BoServer::start(&[]);
    let message = refusal(&target(&server.base_url.replace("http:", "https:")));
    assert!(message.ends_with("correct `base_url`: its port, or http:// in place of https://"), "{message}");
}

#[test]
fn trusted_and_unchecked_certificates_are_accepted() {
    let (server, workplace) = encrypted(params(&["127.0.0.1"]));
    let one = ["run", "--requirement", "ISSUE-1"];
    workplace.run(&one).expect_code(0);
    target(&server.base_url).with_lines("insecure_tls = true").run(&one).expect_code(0);
}

#[test]
fn http_on_an_encrypted_port() {
    let (server, _) = encrypted(params(&["127.0.0.1"]));
    let plain = server.base_url.replace("https:", "http:");
    assert_eq!(
        refusal(&target(&plain)),
        format!("{plain} speaks TLS and was asked without: write https:// in place of http:// in `base_url`")
    );
}

#[test]
fn a_nonconformant_server_is_judged() {
    for (defect, requirement) in [("anonymous-accepted", "USE-3"), ("lifetime-as-text", "ISSUE-4")] {
        let server = BoServer::start(&["--defect", defect]);
        target(&server.base_url).run(&["run", "--requirement", requirement]).expect_code(1);
    }
}

#[test]
fn a_server_that_is_not_up_yet_can_be_waited_for() {
    let server = BoServer::start(&[]);
    let base_url = server.base_url.clone();
    let port = base_url.split([':', '/']).nth(4).expect("a URL has a port").to_owned();
    drop(server);
    let workplace = workplace_with_users(&base_url);
    let run = ["run", "--requirement", "ISSUE-1"];
    workplace.run(&run).expect_code(3);
    let mut waiting = workplace.command(&[&run[..], &["--wait-for-server", "30s"]].concat());
    let mut waiting = waiting.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("it is built");
    sleep(Duration::from_secs(1));
    let _server = BoServer::start(&["--port", &port]);
    assert_eq!(waiting.wait().expect("it ends").code(), Some(0));
}

#[test]
fn a_source_whose_tokens_the_server_never_accepts_is_suspected_before_the_server() {
    let server = BoServer::start(&[]);
    let source = "ott = { command = [\"sh\", \"-c\", \"echo made-up-$$\"], login = \"qa\", lifetime = \"30s\" }";
    let workplace = server.workplace(&format!("{NO_WAITING}\n{source}"));
    let ended = workplace.run(&["run", "--requirement", "OTT-1", "OTT-3"]).expect_code(3);
    assert!(ended.stdout.contains("the server accepted no one-time token of the source"), "{}", ended.output());
    for (script, flaw) in [("echo null", "a word for nothing"), ("echo; echo Token:; echo abc", "2 lines")] {
        let workplace = server.workplace(&format!("{NO_WAITING}\n{}", source.replace("echo made-up-$$", script)));
        let ended = workplace.run(&["run", "--requirement", "OTT-1"]).expect_code(3);
        assert!(ended.stderr.contains(&format!("`sh` printed {flaw} (")), "{}", ended.output());
    }
}
