//! The guide to a certificate, followed from top to bottom on the server of `tests/foreign`, works as written.

use std::fs;

use crate::support::{
    Workplace,
    bo_server::{BoServer, LOGIN, PASSWORD, SECOND_LOGIN, SECOND_PASSWORD, mint_command},
    document::Document,
    requirements,
};

/// The guide's configuration, changed to a running server and a working source of one-time tokens.
fn for_server(configuration: &str, server: &BoServer) -> String {
    let mint = mint_command(&server.base_url);
    [
        ("https://bo.staging.example:8443/proftrading/rest", server.base_url.as_str()),
        ("/accounts?limit=1", "/whoami"),
        ("/0/owner", "/user/name"),
        ("\"./mint-ott\"", &mint),
        ("trader1", LOGIN),
        ("trader2", SECOND_LOGIN),
    ]
    .into_iter()
    .fold(configuration.to_owned(), |text, (in_guide, here)| {
        assert!(text.contains(in_guide), "{in_guide} is not in the guide");
        text.replace(in_guide, here)
    })
}

#[test]
fn the_guide_leads_to_a_valid_certificate() {
    let server = BoServer::start(&["--ott-lifetime", "10"]);
    let workplace = Workplace::new()
        .with_variable("BO_PASSWORD", PASSWORD)
        .with_variable("BO_PASSWORD_2", SECOND_PASSWORD)
        .with_variable("BO_CONFORMANCE_REQUESTS_PER_SECOND", "0");
    let guide = Document::read("docs/certify-a-deployment.md");
    let mut last = String::new();
    for block in guide.blocks() {
        match block.language {
            "sh" => block.commands(&[]).iter().for_each(|command| last = command.run(&workplace).stdout),
            "toml" => fs::write(workplace.path("bo-conformance.toml"), for_server(block.text, &server))
                .expect("the file is ours"),
            _ => {}
        }
    }
    assert!(last.starts_with("reports/certificate.json holds\n  target   staging, http://127.0.0.1:"), "{last}");
    assert!(last.contains("\n  signed   Jane Doe, QA, ") && !last.contains("WARNING"), "{last}");
}

#[test]
fn the_readme_certifies_like_the_guide() {
    let commands = |path: &str| -> Vec<Vec<String>> {
        let page = Document::read(path);
        let blocks = page.blocks().filter(|block| block.language == "sh");
        blocks.flat_map(|block| block.commands(&["cargo test"])).map(|command| command.words).collect()
    };
    let guide = commands("docs/certify-a-deployment.md");
    let readme = commands("README.md");
    let signs: Vec<_> = readme.iter().filter(|words| ["certify", "verify"].contains(&words[0].as_str())).collect();
    assert_eq!(signs.len(), 3);
    assert!(signs.into_iter().all(|words| guide.contains(words)), "the README has other commands than the guide");
}

/// A server that allows what the default pace needs, and blocks whoever goes beyond it.
fn limited_server() -> BoServer {
    let lifetimes = ["--access-lifetime", "300", "--refresh-lifetime", "3600", "--ott-lifetime", "10"];
    BoServer::start(&[&lifetimes[..], &["--rate", "4", "--burst", "8", "--block", "3"]].concat())
}

/// Runs a configuration as it stands, at the default pace. Nothing may be left unjudged, and no request may be too fast.
fn runs_at_the_default_pace(configuration: &str, server: &BoServer, selection: &[&str]) {
    let workplace = Workplace::new()
        .with_variable("BO_PASSWORD", PASSWORD)
        .with_variable("BO_PASSWORD_2", SECOND_PASSWORD)
        .with_file("bo-conformance.toml", configuration);
    workplace.run(&[&["run", "--target", "staging"], selection].concat()).expect_code(0);
    assert_eq!(requirements(&workplace.results(), "inconclusive"), Vec::<String>::new());
    assert_eq!(server.statistics()["violations"], 0);
}

fn guide_configuration(server: &BoServer) -> String {
    for_server(&Document::read("docs/certify-a-deployment.md").text_in("toml"), server)
}

/// What `init` writes, with the address, the login and the protected call of a running server.
fn init_configuration(server: &BoServer) -> String {
    let written = Workplace::new().run(&["init", "--stdout"]).expect_code(0).stdout;
    let set = |line: &str| match line.split_once(" = ").map(|(key, _)| key) {
        Some("base_url") => format!("base_url = \"{}\"", server.base_url),
        Some("login") => format!("login = \"{LOGIN}\""),
        Some("probe") => "probe = \"/whoami\"".to_owned(),
        _ => line.to_owned(),
    };
    written.lines().map(set).collect::<Vec<_>>().join("\n")
}

#[test]
fn the_configuration_of_the_guide_keeps_the_default_pace() {
    let server = limited_server();
    runs_at_the_default_pace(&guide_configuration(&server), &server, &["--requirement", "OTT-3", "USE-1"]);
}

#[test]
fn the_configuration_of_init_keeps_the_default_pace() {
    let server = limited_server();
    runs_at_the_default_pace(&init_configuration(&server), &server, &["--requirement", "USE-1", "USE-6", "ISSUE-18"]);
}

#[test]
#[ignore = "two whole suites at four requests a second take minutes"]
fn whole_suites_keep_the_default_pace() {
    let server = limited_server();
    runs_at_the_default_pace(&guide_configuration(&server), &server, &[]);
    let server = limited_server();
    runs_at_the_default_pace(&init_configuration(&server), &server, &[]);
}
