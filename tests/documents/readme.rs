//! The README's commands run unchanged with its configuration and exit as it states.

use crate::support::{
    Workplace,
    bo_server::{BoServer, LOGIN, PASSWORD, mint_command},
    document::{Document, DocumentedCommand},
};

/// Commands tested elsewhere: the test command runs this test, `self_test.rs` runs the self-test, and `walkthrough.rs` certifies.
const TESTED_ELSEWHERE: [&str; 4] =
    ["cargo test", "bo-conformance self-test", "bo-conformance certify", "bo-conformance verify"];

fn readme() -> Document {
    Document::read("README.md")
}

fn commands() -> Vec<DocumentedCommand> {
    let readme = readme();
    readme.blocks().filter(|block| block.language == "sh").flat_map(|block| block.commands(&TESTED_ELSEWHERE)).collect()
}

/// The README's configuration, changed to a running server and a working source of one-time tokens.
fn workplace(server: &BoServer) -> Workplace {
    let configuration = readme()
        .text_in("toml")
        .replace("https://bo.staging.example:8443/proftrading/rest", &server.base_url)
        .replace("\"./mint-ott\"", &mint_command(&server.base_url))
        .replace("trader1", LOGIN);
    Workplace::new()
        .with_file("bo-conformance.toml", &configuration)
        .with_variable("BO_PASSWORD", PASSWORD)
        .with_variable("BO_CONFORMANCE_REQUESTS_PER_SECOND", "0")
        .with_variable("BO_CONFORMANCE_MAX_WAIT", "1s")
}

#[test]
fn every_command_of_the_readme_exits_as_stated() {
    let server = BoServer::start(&[]);
    let workplace = workplace(&server);
    let commands = commands();
    assert!(commands.len() > 6, "the commands of the README are not found");
    for command in commands {
        command.run(&workplace);
    }
}

#[test]
fn the_first_command_and_picture_are_at_the_top() {
    let readme = readme();
    let top: Vec<&str> = readme.text.lines().take(20).collect();
    let line = |begin: &str| top.iter().position(|line| line.starts_with(begin));
    let (package, picture, sources) = (line("$ sudo apt install "), line("!["), line("cargo run --release -- run "));
    assert!(package.is_some() && picture < Some(11) && package < picture && picture < sources, "{top:?}");
}
