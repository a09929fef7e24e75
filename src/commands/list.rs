//! `list`: what the suite has: requirements with level, needs and scenarios, or the steps that features can use.

mod editor;
mod scenario;

use std::{collections::BTreeMap, fmt::Write, path::PathBuf};

use anyhow::Result;

use crate::{
    catalogue::{Catalogue, Requirement},
    exit::ExitStatus,
    output::Output,
    suite::{Selection, Suite},
};

/// Arguments of `list`.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Show the steps that features can use, with an example each
    #[arg(long)]
    steps: bool,
    /// Write settings for the Cucumber extension of VS Code into DIR/.vscode, so that it completes and checks the steps of your features
    #[arg(long, value_name = "DIR", conflicts_with_all = ["steps", "scenario", "requirement", "tags"])]
    editor: Option<PathBuf>,
    /// Show the scenario at this file and line, as messages name it
    #[arg(long, value_name = "FILE:LINE", conflicts_with_all = ["steps", "requirement", "tags"])]
    scenario: Option<String>,
    /// Only these requirements
    #[arg(long, value_name = "ID", num_args = 1..)]
    requirement: Vec<String>,
    /// Only scenarios with these tags
    #[arg(long, value_name = "EXPR")]
    tags: Option<String>,
    /// A folder with features of your own, beside the embedded ones
    #[arg(long, value_name = "DIR")]
    features: Option<PathBuf>,
}

/// Runs the command.
pub(crate) fn run(args: &Args, output: &Output) -> Result<ExitStatus> {
    let suite = Suite::load(Catalogue::load(args.features.as_deref())?, args.features.as_deref())?;
    let text = if let Some(folder) = &args.editor {
        editor::write_settings(folder)?
    } else if let Some(place) = &args.scenario {
        scenario::render_scenario(&suite, place)?
    } else if args.steps {
        steps(&suite)
    } else {
        let selection = Selection::parse(&suite, args.tags.as_deref(), &args.requirement)?;
        requirements(&suite, &selection)
    };
    output.result(&text)?;
    Ok(ExitStatus::Done)
}

fn requirements(suite: &Suite, selection: &Selection) -> String {
    let mut text = String::new();
    for requirement in suite.catalogue.iter() {
        let scenarios = suite.scenarios().filter(|scenario| selection.takes(scenario));
        let own: Vec<String> = scenarios
            .filter(|scenario| scenario.requirements.contains(&requirement.id))
            .map(|scenario| format!("    {}:{} {}\n", scenario.feature, scenario.line, scenario.name))
            .collect();
        if !own.is_empty() {
            text.push_str(&headline(requirement));
            text.extend(own);
        }
    }
    text
}

fn headline(requirement: &Requirement) -> String {
    let needs: Vec<String> = requirement.needs.iter().map(|need| need.name().to_owned()).collect();
    let needs = if needs.is_empty() { String::new() } else { format!(" · needs {}", needs.join(", ")) };
    format!("{} · {}{needs}\n  {}\n", requirement.id, requirement.level, requirement.statement)
}

/// Each step definition with the first step that uses it, and how often it is used.
fn steps(suite: &Suite) -> String {
    let uses = uses(suite);
    let mut definitions: Vec<_> = steps::step_definitions().iter().collect();
    definitions.sort_by_key(|definition| (steps::keyword(definition.keyword), definition.expression));
    let mut text = String::new();
    for definition in definitions {
        let sentence = definition.text();
        let keyword = steps::keyword(definition.keyword);
        let used = match (uses.get(&sentence), definition.own_example()) {
            (None, Some(example)) => format!("own features: {keyword} {example}"),
            (used, _) => {
                let (count, example) = used.cloned().unwrap_or_default();
                format!("{count:>3} × {keyword} {example}")
            }
        };
        // Writing into a String cannot fail.
        let _ = writeln!(text, "{keyword:<5} {}\n      {used}", definition.expression);
    }
    text.push_str(&parameter_values());
    text
}

/// Every value of each kind of parameter.
fn parameter_values() -> String {
    let mut text = "\nParameters\n".to_owned();
    for (name, values) in steps::parameter_values() {
        // Writing into a String cannot fail.
        let _ = writeln!(text, "  {{{name}}}\n      {}", values.join(" · "));
    }
    text.push_str("  {int}, {string}\n      a number; a text in quotes\n");
    text
}

fn uses(suite: &Suite) -> BTreeMap<String, (usize, String)> {
    let mut uses: BTreeMap<_, (usize, String)> = BTreeMap::new();
    for step in suite.scenarios().flat_map(|scenario| &scenario.source.steps) {
        if let Ok(matched) = suite.steps.find(step) {
            let used = uses.entry(matched.definition.text()).or_insert((0, step.value.clone()));
            used.0 += 1;
        }
    }
    uses
}
