//! The guides in `docs/`: what they show runs as written, or is known to the program where it would run for ever.

use std::{
    fs,
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
};

use crate::support::{
    REPOSITORY, Workplace,
    document::{Block, Document, DocumentedCommand},
    requirements,
};

/// The lines of a block that run the program, with or without a prompt.
fn commands(block: &Block<'_>) -> Vec<DocumentedCommand> {
    let lines = block.text.lines().map(|line| line.strip_prefix("$ ").unwrap_or(line));
    let own: String =
        lines.filter(|line| line.starts_with("bo-conformance ")).map(|line| format!("{line}\n")).collect();
    Block { language: block.language, text: &own }.commands(&[])
}

#[test]
fn every_command_of_a_guide_has_flags_and_values_that_the_program_knows() {
    let workplace = Workplace::new();
    let mut count = 0;
    for entry in fs::read_dir(Path::new(REPOSITORY).join("docs")).expect("it is there") {
        let name = entry.expect("it can be read").file_name().into_string().expect("it is UTF-8");
        if !name.ends_with(".md") {
            continue;
        }
        let guide = Document::read(&format!("docs/{name}"));
        for command in guide.blocks().flat_map(|block| commands(&block)) {
            let mut words: Vec<&str> = command.words.iter().map(String::as_str).collect();
            let end = words.iter().position(|word| *word == "--").unwrap_or(words.len());
            // Flags and values before it are read; the command does not start.
            words.insert(end, "--help");
            let run = workplace.run(&words);
            assert_eq!(run.code, Some(0), "{name}: {words:?}: {}", run.output());
            count += 1;
        }
    }
    assert!(count > 15, "the commands of the guides are not found: {count}");
}

#[test]
fn the_guide_to_own_features_runs_as_written() {
    let guide = Document::read("docs/own-features.md");
    let readme = Document::read("README.md");
    let requirement = readme.blocks().find(|block| block.text.starts_with("[[requirement]]"));
    let workplace = Workplace::new()
        .with_file("own/accounts.feature", &guide.text_in("gherkin"))
        .with_file("own/requirements.toml", requirement.expect("the README shows one").text)
        .with_file("own/schemas/accounts.schema.json", r#"{ "type": "array", "items": { "required": ["owner"] } }"#);
    for command in guide.blocks().filter(|block| block.language == "sh").flat_map(|block| commands(&block)) {
        command.run(&workplace);
    }
    assert_eq!(requirements(&workplace.results(), "pass"), ["SHOP-1"]);
    assert!(workplace.path(".vscode/settings.json").is_file());
}

/// A served stand-in, ended when it is dropped.
struct Served(Child);

impl Drop for Served {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn curl(arguments: &[&str]) -> String {
    let output = Command::new("curl").args(["--silent", "--show-error", "--fail-with-body"]).args(arguments).output();
    let output = output.expect("curl was found");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{arguments:?}: {text} {}", String::from_utf8_lossy(&output.stderr));
    text
}

/// The words of a line of curl; the guide uses single quotes only.
fn shell_words(line: &str) -> Vec<String> {
    let command = line.split(" # ").next().unwrap_or_default();
    let quoted = command.split('\'').enumerate();
    quoted
        .flat_map(|(position, part)| match position % 2 {
            0 => part.split_whitespace().map(str::to_owned).collect(),
            _ => vec![part.to_owned()],
        })
        .collect()
}

#[test]
#[expect(clippy::print_stderr, reason = "the reader of the test's output must know that nothing was tested")]
fn every_command_to_a_running_stand_in_is_obeyed() {
    // `--json` came with 7.82.
    let version = Command::new("curl").arg("--version").output().map(|output| output.stdout).unwrap_or_default();
    let version = String::from_utf8_lossy(&version).into_owned();
    let number = |at| version.split([' ', '.']).nth(at).and_then(|number| number.parse::<u32>().ok()).unwrap_or(0);
    if (number(1), number(2)) < (7, 82) {
        eprintln!("skipped: there is no curl with --json on this machine");
        return;
    }
    let options = ["standin", "--listen", "127.0.0.1:0", "--user", "qa1:secret", "--control", "127.0.0.1:0"];
    let mut process = Workplace::new().command(&options).stdout(Stdio::piped()).spawn().expect("it is built");
    let output = process.stdout.take().expect("it is piped");
    let _served = Served(process);
    let mut lines = BufReader::new(output).lines().map_while(Result::ok);
    let mut value = |words: &str| {
        let line = lines.find_map(|line| line.strip_prefix(words).map(str::to_owned));
        line.unwrap_or_else(|| panic!("no line begins with {words:?}"))
    };
    let (base_url, control) = (value("listening "), value("control "));
    let control = control.trim_end_matches('/').to_owned();
    let guide = Document::read("docs/stand-in.md");
    let commands = guide.text_in("sh");
    let commands: Vec<&str> = commands.lines().filter(|line| line.contains("http://127.0.0.1:8081/")).collect();
    assert!(commands.len() > 9, "{commands:?}");
    for line in commands {
        let login = curl(&[&format!("{base_url}/auth/token"), "--json", r#"{"login": "qa1", "password": "secret"}"#]);
        let login: serde_json::Value = serde_json::from_str(&login).expect("it is JSON");
        let token = login["refreshToken"].as_str().expect("it has a token");
        let words = shell_words(&line.replace("http://127.0.0.1:8081", &control).replace('…', token));
        let words: Vec<&str> = words.iter().skip(1).map(String::as_str).collect();
        curl(&words);
        // What a command seeds is taken away again.
        for seeded in ["faults", "failures"] {
            curl(&["-X", "DELETE", &format!("{control}/{seeded}")]);
        }
    }
}
