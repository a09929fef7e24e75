//! A feature made up from the results of a run: one scenario after the other, as it ran.

use cucumber::gherkin::{Feature, LineCol, Scenario, Step, StepType};

use super::{Document, Placed};
use crate::{results, sanitize::sanitize};

/// A text that grows line by line.
#[derive(Default)]
struct Page {
    text: String,
    lines: usize,
}

impl Page {
    /// Adds a line and gives its place, counted from 1.
    fn line(&mut self, indent: usize, text: &str) -> LineCol {
        self.text.push_str(&" ".repeat(indent));
        self.text.push_str(text);
        self.text.push('\n');
        self.lines += 1;
        LineCol { line: self.lines, col: indent + 1 }
    }
}

/// The document of scenarios that no file has.
pub(super) fn document<'a>(uri: &'a str, scenarios: &'a [results::Scenario]) -> Document<'a> {
    let mut page = Page::default();
    let name = sanitize(uri).into_owned();
    let position = page.line(0, &format!("Feature: {name}"));
    let written = scenarios.iter().map(|result| scenario(&mut page, result)).collect();
    let placed = (0..).zip(scenarios).map(|(scenario, result)| Placed { result, rule: None, scenario, row: None });
    let placed = placed.collect();
    let feature = Feature::builder().keyword("Feature".to_owned()).name(name).scenarios(written).position(position);
    Document { uri, feature: feature.build(), text: page.text, placed }
}

fn scenario(page: &mut Page, result: &results::Scenario) -> Scenario {
    page.line(0, "");
    let tags: Vec<String> = result.tags.iter().map(|tag| sanitize(tag).into_owned()).collect();
    if !tags.is_empty() {
        page.line(2, &tags.iter().map(|tag| format!("@{tag}")).collect::<Vec<_>>().join(" "));
    }
    let name = sanitize(&result.name).into_owned();
    let position = page.line(2, &format!("Scenario: {name}"));
    let mut kind = StepType::Given;
    let steps = result.steps.iter().map(|result| step(page, result, &mut kind)).collect();
    let scenario = Scenario::builder().keyword("Scenario".to_owned()).name(name).steps(steps).tags(tags);
    scenario.position(position).build()
}

/// `And` and `But` continue what stands before them.
fn step(page: &mut Page, result: &results::Step, kind: &mut StepType) -> Step {
    *kind = match result.keyword.as_str() {
        "Given" => StepType::Given,
        "When" => StepType::When,
        "Then" => StepType::Then,
        _ => *kind,
    };
    let (keyword, value) = (sanitize(&result.keyword).into_owned(), sanitize(&result.text).into_owned());
    let position = page.line(4, &format!("{keyword} {value}"));
    Step::builder().keyword(format!("{keyword} ")).ty(*kind).value(value).position(position).build()
}

#[cfg(test)]
mod tests {
    use cucumber::gherkin::GherkinEnv;

    use super::*;
    use crate::report::sample;

    /// What tells whether two features are the same to a reader: a line of text for each of their lines.
    fn outline(feature: &Feature) -> Vec<String> {
        let step = |it: &Step| format!("{} {:?} {}", it.position.line, it.ty, it.value);
        let scenario = |it: &Scenario| {
            let head = format!("{} {} {:?}", it.position.line, it.name, it.tags);
            std::iter::once(head).chain(it.steps.iter().map(step)).collect::<Vec<_>>()
        };
        feature.scenarios.iter().flat_map(scenario).collect()
    }

    #[test]
    fn the_text_says_what_the_feature_has() {
        let results = sample::failing();
        let made = document("features/gone.feature", &results.scenarios);
        let read = Feature::parse(&made.text, GherkinEnv::default()).expect("it is Gherkin");
        assert_eq!(outline(&read), outline(&made.feature));
        assert_eq!(made.placed.len(), results.scenarios.len());
    }
}
