//! One scenario in full, found by the file and line that messages name.

use std::fmt::Write;

use anyhow::{Result, bail};
use cucumber::gherkin::Step;

use crate::{
    did_you_mean::suggestion,
    suite::{Feature, Scenario, Suite},
};

/// The scenario at a place such as `features/use/access-token.feature:37`, as Gherkin. The line may be that of the scenario, of a row
/// of its examples, or of one of its steps.
///
/// # Errors
/// When the place names no file of the suite, or a line before the first scenario.
pub(super) fn render_scenario(suite: &Suite, place: &str) -> Result<String> {
    let (file, line) = match place.rsplit_once(':').map(|(file, line)| (file, line.parse::<usize>())) {
        Some((file, Ok(line))) => (file, line),
        _ => bail!("--scenario {place}: write the file and the line, like features/use/access-token.feature:37"),
    };
    let Some(feature) = suite.features.iter().find(|feature| is_file(feature, file)) else {
        let files: Vec<String> = suite.features.iter().map(path).collect();
        let near = suggestion(file, files.iter().map(String::as_str));
        let hint = if near.starts_with("; did") { near } else { "; `bo-conformance list` shows all".to_owned() };
        bail!("--scenario {place}: unknown feature file{hint}");
    };
    let Some(scenario) = scenario_at(feature, line) else {
        let first = feature.scenarios.first().map(|scenario| scenario.line).unwrap_or_default();
        bail!("--scenario {place}: no scenario is at this line; the first one of this file is at line {first}");
    };
    Ok(render(suite, feature, scenario))
}

fn path(feature: &Feature) -> String {
    feature.source.path.as_deref().map(|path| path.display().to_string()).unwrap_or_default()
}

/// Whether the file of a feature is meant: by its whole path, or by the end of it.
fn is_file(feature: &Feature, file: &str) -> bool {
    let path = path(feature);
    let file = file.trim_start_matches("./");
    path == file || path.strip_suffix(file).is_some_and(|before| before.ends_with('/'))
}

/// The scenario that this line belongs to: the one that begins there, else the one with a step there, else the last that begins before.
fn scenario_at(feature: &Feature, line: usize) -> Option<&Scenario> {
    let begins = |scenario: &&Scenario| scenario.line == line;
    let has_step = |scenario: &&Scenario| scenario.source.steps.iter().any(|step| step.position.line == line);
    let all = || feature.scenarios.iter();
    let before = || all().filter(|scenario| scenario.line < line).max_by_key(|scenario| scenario.line);
    all().find(begins).or_else(|| all().find(has_step)).or_else(before)
}

fn render(suite: &Suite, feature: &Feature, scenario: &Scenario) -> String {
    let mut text = String::new();
    // Writing into a String cannot fail.
    let _ = writeln!(text, "{}:{}\n", scenario.feature, scenario.line);
    for requirement in scenario.requirements.iter().filter_map(|id| suite.catalogue.get(id)) {
        let _ = writeln!(text, "# {} ({}): {}", requirement.id, requirement.level, requirement.statement);
    }
    let needs: Vec<&str> = scenario.needs.iter().map(|need| need.name()).collect();
    if !needs.is_empty() {
        let _ = writeln!(text, "# needs {}", needs.join(", "));
    }
    let tags: Vec<String> = scenario.tags.iter().map(|tag| format!("@{tag}")).collect();
    let _ = writeln!(text, "{}\nScenario: {}", tags.join(" "), scenario.name);
    let rule = scenario.rule.as_ref().and_then(|rule| rule.background.as_ref());
    let backgrounds = [feature.source.background.as_ref(), rule];
    let steps =
        backgrounds.into_iter().flatten().flat_map(|background| &background.steps).chain(&scenario.source.steps);
    steps.for_each(|step| render_step(step, &mut text));
    text
}

fn render_step(step: &Step, text: &mut String) {
    // Writing into a String cannot fail.
    let _ = writeln!(text, "  {} {}", step.keyword.trim(), step.value);
    if let Some(content) = &step.docstring {
        let lines = content.trim_matches('\n').lines().map(|line| format!("    {line}\n"));
        let _ = write!(text, "    \"\"\"\n{}    \"\"\"\n", lines.collect::<String>());
    }
    for row in step.table.iter().flat_map(|table| &table.rows) {
        let _ = writeln!(text, "    | {} |", row.join(" | "));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::Catalogue;

    fn suite() -> Suite {
        Suite::load(Catalogue::embedded().expect("it is embedded"), None).expect("the features are right")
    }

    #[test]
    fn every_place_that_a_message_can_name_gives_its_scenario() {
        let suite = suite();
        for scenario in suite.scenarios() {
            let place = format!("{}:{}", scenario.feature, scenario.line);
            let text = render_scenario(&suite, &place).expect("it is there");
            assert!(text.starts_with(&format!("{place}\n")), "{text}");
            assert!(text.contains(&format!("Scenario: {}\n", scenario.name)), "{text}");
            let last = scenario.source.steps.last().expect("it has steps");
            assert!(text.contains(&last.value), "{text}");
        }
    }

    #[test]
    fn a_mistyped_place_names_what_is_there() {
        let suite = suite();
        let error = |place: &str| render_scenario(&suite, place).expect_err("it is wrong").to_string();
        let path = suite.scenarios().next().expect("there are scenarios").feature.clone();
        let mistyped = path.replace(".feature", ".featur");
        assert!(error(&format!("{mistyped}:9")).ends_with(&format!("did you mean `{path}`?")), "{}", error(&mistyped));
        assert!(error(&format!("{path}:0")).contains("the first one of this file is at line"));
        assert!(error(&path).ends_with("write the file and the line, like features/use/access-token.feature:37"));
    }
}
