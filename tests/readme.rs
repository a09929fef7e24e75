//! The README's commands are run as they stand, with its configuration, and end as it says.

mod program;

use std::{fs, path::Path};

use program::{
    REPOSITORY, Workplace,
    foreign::{ForeignServer, LOGIN, PASSWORD},
};

/// A command of the README: its words, and how it ends.
struct Line {
    words: Vec<String>,
    code: i32,
}

/// What is in the fenced blocks of a language.
fn blocks(language: &str) -> String {
    let readme = fs::read_to_string(Path::new(REPOSITORY).join("README.md")).expect("there is a README");
    let begin = format!("```{language}\n");
    readme.split(&begin).skip(1).filter_map(|rest| rest.split_once("```")).map(|(block, _)| block).collect()
}

/// The commands that run the program. `cargo run --release --` is how one does that before it is installed. The test command
/// is the one that runs this, and the self-test, which takes longest, has `self_test.rs`.
fn commands() -> Vec<Line> {
    let elsewhere = ["cargo test", "bo-conformance self-test"];
    let is_ours = |line: &&str| !line.is_empty() && !elsewhere.iter().any(|command| line.starts_with(command));
    blocks("sh").lines().filter(is_ours).map(line).collect()
}

fn line(text: &str) -> Line {
    let (command, comment) = text.split_once('#').unwrap_or((text, ""));
    let arguments = ["cargo run --release -- ", "bo-conformance "].iter().find_map(|start| command.strip_prefix(start));
    let arguments = arguments.unwrap_or_else(|| panic!("`{text}` does not run the program")).trim();
    let code = comment.trim().strip_prefix("exit ").map_or(0, |code| code.parse().expect("a code is a number"));
    Line { words: words(arguments), code }
}

/// Words as a shell reads them, double quotes being all that the README uses.
fn words(text: &str) -> Vec<String> {
    let quoted = text.split('"').enumerate();
    quoted
        .flat_map(|(position, part)| match position % 2 {
            0 => part.split_whitespace().map(str::to_owned).collect(),
            _ => vec![part.to_owned()],
        })
        .collect()
}

/// The README's configuration, with a server that exists and a program that mints.
fn configured(server: &ForeignServer) -> Workplace {
    let mint = Path::new(REPOSITORY).join("tests/foreign/mint_ott.py");
    let configuration = blocks("toml")
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
    for Line { words, code } in commands {
        let arguments: Vec<&str> = words.iter().map(String::as_str).collect();
        let ended = workplace.run(&arguments);
        assert_eq!(ended.code, Some(code), "{arguments:?}: {}\n{}", ended.stdout, ended.stderr);
    }
}

#[test]
fn the_first_command_and_the_picture_are_seen_at_once() {
    let readme = fs::read_to_string(Path::new(REPOSITORY).join("README.md")).expect("there is a README");
    let top: Vec<&str> = readme.lines().take(11).collect();
    assert!(top.iter().any(|line| line.starts_with("![")), "{top:?}");
    assert!(top.iter().any(|line| line.starts_with("cargo run --release -- run ")), "{top:?}");
}
