//! `list`: what the suite has: requirements with level, needs and scenarios, or the sentences that features can use.

use std::{collections::BTreeMap, fmt::Write, path::PathBuf};

use anyhow::Result;
use steps::Sentence;

use crate::{
    catalogue::{Catalogue, Requirement},
    exit::ExitStatus,
    output::Output,
    suite::{Selection, Suite, scenario::places},
};

/// Arguments of `list`.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Show the sentences that features can use, with an example each
    #[arg(long)]
    steps: bool,
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
    let suite = Suite::load(Catalogue::embedded()?, args.features.as_deref())?;
    let text = if args.steps {
        sentences(&suite)
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

/// Each sentence with the first step that uses it, and how often it is used.
fn sentences(suite: &Suite) -> String {
    let uses = uses(suite);
    let mut text = String::new();
    for Sentence { keyword, text: sentence, file, line, .. } in steps::vocabulary() {
        let (count, example) = uses.get(&(file, line)).cloned().unwrap_or_default();
        // Writing into a String cannot fail.
        let _ = writeln!(text, "{keyword:<5} {sentence}\n      {count:>3} × {keyword} {example}");
    }
    text
}

fn uses(suite: &Suite) -> BTreeMap<(&'static str, u32), (usize, String)> {
    let mut uses: BTreeMap<_, (usize, String)> = BTreeMap::new();
    for feature in &suite.features {
        for step in places(&feature.source).flat_map(|(_, scenario, _)| &scenario.steps) {
            let location = suite.sentences.find(step).ok().and_then(|matched| matched.location);
            if let Some(location) = location {
                let used = uses.entry((location.path, location.line)).or_insert((0, step.value.clone()));
                used.0 += 1;
            }
        }
    }
    uses
}
