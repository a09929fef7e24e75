//! The README's commands are run as they stand, with its configuration, and end as it says.

mod program;

use std::path::Path;

use program::{
    REPOSITORY, Workplace,
    document::{Document, Line},
    foreign::{ForeignServer, LOGIN, PASSWORD},
};

/// The test command is the one that runs this; the self-test, which takes longest, has `self_test.rs`; and what needs a run of
/// the whole suite on a server has `guide.rs`.
const ELSEWHERE: [&str; 4] =
    ["cargo test", "bo-conformance self-test", "bo-conformance certify", "bo-conformance verify"];

fn readme() -> Document {
    Document::read("README.md")
}

fn commands() -> Vec<Line> {
    let readme = readme();
    readme.blocks().filter(|block| block.language == "sh").flat_map(|block| block.commands(&ELSEWHERE)).collect()
}

/// The README's configuration, with a server that exists and a program that mints.
fn configured(server: &ForeignServer) -> Workplace {
    let mint = Path::new(REPOSITORY).join("tests/foreign/mint_ott.py");
    let configuration = readme()
        .all("toml")
        .replace("https://bo.staging.example:8443/proftrading/rest", &server.base_url)
        .replace("\"./mint-ott\"", &format!("\"python3\", \"{}\", \"{}\"", mint.display(), server.base_url))
        .replace("trader1", LOGIN);
    Workplace::new()
        .with_file("bo-conformance.toml", &configuration)
        .with_variable("BO_PASSWORD", PASSWORD)
        .with_variable("BO_CONFORMANCE_REQUESTS_PER_SECOND", "0")
        .with_variable("BO_CONFORMANCE_MAX_WAIT", "1s")
}

#[test]
fn every_command_of_the_readme_ends_as_it_says() {
    let server = ForeignServer::start(&[]);
    let workplace = configured(&server);
    let commands = commands();
    assert!(commands.len() > 6, "the commands of the README are not found");
    for command in commands {
        command.run(&workplace);
    }
}

#[test]
fn the_first_command_and_the_picture_are_seen_at_once() {
    let readme = readme();
    let top: Vec<&str> = readme.text.lines().take(11).collect();
    assert!(top.iter().any(|line| line.starts_with("![")), "{top:?}");
    assert!(top.iter().any(|line| line.starts_with("cargo run --release -- run ")), "{top:?}");
}
