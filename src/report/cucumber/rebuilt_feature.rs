//! A feature rebuilt from the results of a run: one scenario after the other, as it ran.

use cucumber::gherkin::{Feature, LineCol, Scenario, Step, StepType};

use super::source_map::PlacedScenario;
use crate::{
    results::{ScenarioResult, StepResult},
    sanitize::sanitize,
};

/// A text that grows line by line.
#[derive(Default)]
struct FeatureText {
    text: String,
    lines: usize,
}

impl FeatureText {
    /// Adds a line and returns its position, counted from 1.
    fn add_line(&mut self, indent: usize, text: &str) -> LineCol {
        self.text.push_str(&" ".repeat(indent));
        self.text.push_str(text);
        self.text.push('\n');
        self.lines += 1;
        LineCol { line: self.lines, col: indent + 1 }
    }
}

/// A feature with these scenarios, its text, and their places in it.
pub(super) fn rebuild_feature<'a>(
    uri: &str,
    scenarios: &'a [ScenarioResult],
) -> (Feature, String, Vec<PlacedScenario<'a>>) {
    let mut page = FeatureText::default();
    let name = sanitize(uri).into_owned();
    let position = page.add_line(0, &format!("Feature: {name}"));
    let written = scenarios.iter().map(|result| scenario(&mut page, result)).collect();
    let placed =
        (0..).zip(scenarios).map(|(scenario, result)| PlacedScenario { result, rule: None, scenario, row: None });
    let placed = placed.collect();
    let feature = Feature::builder().keyword("Feature".to_owned()).name(name).scenarios(written).position(position);
    (feature.build(), page.text, placed)
}

fn scenario(page: &mut FeatureText, result: &ScenarioResult) -> Scenario {
    page.add_line(0, "");
    let tags: Vec<String> = result.tags.iter().map(|tag| sanitize(tag).into_owned()).collect();
    if !tags.is_empty() {
        page.add_line(2, &tags.iter().map(|tag| format!("@{tag}")).collect::<Vec<_>>().join(" "));
    }
    let name = sanitize(&result.name).into_owned();
    let position = page.add_line(2, &format!("Scenario: {name}"));
    let mut kind = StepType::Given;
    let steps = result.steps.iter().map(|result| step(page, result, &mut kind)).collect();
    let scenario = Scenario::builder().keyword("Scenario".to_owned()).name(name).steps(steps).tags(tags);
    scenario.position(position).build()
}

/// `And` and `But` have the kind of the step before them.
fn step(page: &mut FeatureText, result: &StepResult, kind: &mut StepType) -> Step {
    *kind = match result.keyword.as_str() {
        "Given" => StepType::Given,
        "When" => StepType::When,
        "Then" => StepType::Then,
        _ => *kind,
    };
    let (keyword, value) = (sanitize(&result.keyword).into_owned(), sanitize(&result.text).into_owned());
    let position = page.add_line(4, &format!("{keyword} {value}"));
    Step::builder().keyword(format!("{keyword} ")).ty(*kind).value(value).position(position).build()
}

#[cfg(test)]
mod tests {
    use cucumber::gherkin::GherkinEnv;

    use super::*;
    use crate::results::sample;

    /// A comparable line for each scenario and step.
    fn outline(feature: &Feature) -> Vec<String> {
        let step = |it: &Step| format!("{} {:?} {}", it.position.line, it.ty, it.value);
        let scenario = |it: &Scenario| {
            let head = format!("{} {} {:?}", it.position.line, it.name, it.tags);
            std::iter::once(head).chain(it.steps.iter().map(step)).collect::<Vec<_>>()
        };
        feature.scenarios.iter().flat_map(scenario).collect()
    }

    #[test]
    fn the_text_parses_to_the_same_feature() {
        let results = sample::failing();
        let (feature, text, placed) = rebuild_feature("features/gone.feature", &results.scenarios);
        let read = Feature::parse(&text, GherkinEnv::default()).expect("it is Gherkin");
        assert_eq!(outline(&read), outline(&feature));
        assert_eq!(placed.len(), results.scenarios.len());
    }
}
