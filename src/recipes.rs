//! The recipes in `deploy/` say only what the program understands, and the manifests fit the targets they come with.

use std::{fs, path::Path};

use clap::{CommandFactory as _, Parser as _};
use regex::Regex;

use crate::{CommandLine, commands::Command};

/// Where the recipes are.
const DEPLOY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/deploy");

fn read(file: &str) -> String {
    fs::read_to_string(Path::new(DEPLOY).join(file)).unwrap_or_else(|error| panic!("{file}: {error}"))
}

fn found(pattern: &str, text: &str) -> Vec<String> {
    let pattern = Regex::new(pattern).expect("it is a pattern");
    pattern.captures_iter(text).map(|found| found[1].to_owned()).collect()
}

/// What a CI service puts in place of its variables.
fn filled_in(command: &str) -> String {
    let variables = Regex::new(r"\$\{\{ *matrix\.shard *\}\}").expect("it is a pattern");
    let command = variables.replace_all(command, "1").into_owned();
    let others = Regex::new(r"\$\{\{[^}]*\}\}|\$[A-Z]+").expect("it is a pattern");
    others.replace_all(&command, "alpha").replace('"', "")
}

fn understood(words: &[String]) -> Command {
    let words = std::iter::once("bo-conformance".to_owned()).chain(words.iter().cloned());
    CommandLine::try_parse_from(words).unwrap_or_else(|error| panic!("{error}")).command
}

#[test]
fn every_command_of_a_ci_recipe_is_understood() {
    let mut seen = 0;
    for file in ["github/fleet.yml", "github/shards.yml", "gitlab/fleet.gitlab-ci.yml"] {
        for command in found(r"(?m)^ *-(?: run:)? bo-conformance (.+)$", &read(file)) {
            let words: Vec<String> = filled_in(&command).split_whitespace().map(str::to_owned).collect();
            understood(&words);
            seen += 1;
        }
    }
    assert_eq!(seen, 6);
}

#[test]
fn the_examples_of_the_help_are_understood_and_the_short_help_fits_one_screen() {
    let mut run = CommandLine::command().find_subcommand("run").expect("it is a command").clone();
    let long = run.render_long_help().to_string();
    let examples = found(r"(?m)^  bo-conformance (.+?)   +.+$", &long);
    assert_eq!(examples.len(), 5, "{long}");
    for example in examples {
        understood(&example.split_whitespace().map(str::to_owned).collect::<Vec<_>>());
    }
    let short = run.render_help().to_string();
    assert!(short.lines().count() <= 50, "{short}");
}

#[test]
fn every_container_is_given_arguments_that_are_understood() {
    let mut seen = 0;
    for file in ["job", "cronjob", "page"] {
        let manifest = read(&format!("kubernetes/{file}.yaml"));
        for arguments in found(r"(?m)^ *args: (\[.+\])$", &manifest) {
            let words: Vec<String> = serde_json::from_str(&arguments).expect("it is a list of texts");
            let runs = matches!(understood(&words), Command::Run(_));
            assert_eq!(runs, file != "page", "{file}");
            assert_eq!(manifest.contains("name: BO_CONFORMANCE_TARGET_INDEX"), runs, "{file}");
            seen += 1;
        }
    }
    assert_eq!(seen, 3);
}

#[test]
fn jobs_have_an_index_for_every_target() {
    let targets = found(r"(?m)^\[targets\.([a-z]+)\]$", &read("kubernetes/bo-conformance.toml")).len().to_string();
    for file in ["kubernetes/job.yaml", "kubernetes/cronjob.yaml"] {
        let manifest = read(file);
        assert_eq!(found(r"(?m)^ *completions: ([0-9]+)", &manifest), std::slice::from_ref(&targets), "{file}");
        assert_eq!(found(r"(?m)^ *maxFailedIndexes: ([0-9]+)", &manifest), std::slice::from_ref(&targets), "{file}");
    }
}

#[test]
fn no_pod_has_more_rights_than_it_needs() {
    for file in ["kubernetes/job.yaml", "kubernetes/cronjob.yaml", "kubernetes/page.yaml"] {
        let manifest = read(file);
        for line in [
            "automountServiceAccountToken: false",
            "runAsNonRoot: true",
            "type: RuntimeDefault",
            "allowPrivilegeEscalation: false",
            "readOnlyRootFilesystem: true",
            "drop: [ALL]",
            "limits: { cpu:",
        ] {
            assert!(manifest.contains(line), "{file} lacks {line}");
        }
    }
}
