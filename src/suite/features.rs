//! Feature files: finding the user's own, and parsing one with errors that name the line.

use std::{fs, mem, path::Path};

use cucumber::{
    feature::Ext as _,
    gherkin::{self, GherkinEnv},
};

use super::problem::{Problem, SuiteError};
use crate::read_limited::read_text;

/// A feature file as text.
pub(crate) struct File {
    pub(crate) path: String,
    pub(crate) text: String,
}

/// Deepest folder that own features are looked for in.
const DEEPEST: usize = 8;
/// Largest feature file, in bytes.
const LARGEST: u64 = 1024 * 1024;

/// The feature files below a folder, sorted by path.
pub(super) fn in_folder(folder: &Path) -> Result<Vec<File>, SuiteError> {
    let mut files = Vec::new();
    collect(folder, DEEPEST, &mut files)?;
    if files.is_empty() {
        return Err(problem(folder, 0, "this folder has no .feature file"));
    }
    files.sort_by(|one, other| one.path.cmp(&other.path));
    Ok(files)
}

/// The schemas beside own features, in their folder `schemas`, sorted by name; none where there is no such folder.
pub(super) fn schemas_in_folder(folder: &Path) -> Result<Vec<File>, SuiteError> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder.join("schemas")).into_iter().flatten() {
        let path = entry.map_err(|error| problem(folder, 0, &format!("cannot be read: {error}")))?.path();
        if path.to_string_lossy().ends_with(".schema.json") {
            let text =
                read_text(&path, LARGEST).map_err(|error| problem(&path, 0, &format!("cannot be read: {error}")))?;
            files.push(File { path: path.display().to_string(), text });
        }
    }
    files.sort_by(|one, other| one.path.cmp(&other.path));
    Ok(files)
}

fn collect(folder: &Path, deeper: usize, files: &mut Vec<File>) -> Result<(), SuiteError> {
    let entries = fs::read_dir(folder).map_err(|error| problem(folder, 0, &format!("cannot be read: {error}")))?;
    for entry in entries {
        let path = entry.map_err(|error| problem(folder, 0, &format!("cannot be read: {error}")))?.path();
        if path.is_dir() && deeper > 0 {
            collect(&path, deeper - 1, files)?;
        } else if path.extension().is_some_and(|extension| extension == "feature") {
            let text =
                read_text(&path, LARGEST).map_err(|error| problem(&path, 0, &format!("cannot be read: {error}")))?;
            files.push(File { path: path.display().to_string(), text });
        }
    }
    Ok(())
}

fn problem(path: &Path, line: usize, what: &str) -> SuiteError {
    SuiteError { problems: vec![Problem { file: path.display().to_string(), line, what: what.to_owned() }] }
}

/// Parses a feature file. Outlines are left as written.
pub(super) fn parse(file: &File) -> Result<gherkin::Feature, SuiteError> {
    let path = Path::new(&file.path);
    let mut feature = gherkin::Feature::parse(&file.text, GherkinEnv::default()).map_err(|error| {
        let line = line_of(&error.to_string()).unwrap_or(1);
        let found = file.text.lines().nth(line.saturating_sub(1)).unwrap_or_default().trim();
        let what = if found.is_empty() {
            "not Gherkin: the file ends where a Feature, Rule, Scenario or step should be".to_owned()
        } else {
            format!("not Gherkin: a Feature, Rule, Scenario, step or table row cannot begin with `{found}`")
        };
        problem(path, line, &what)
    })?;
    feature.path = Some(path.to_owned());
    Ok(feature)
}

/// The parser keeps the place of an error to itself and gives it only in words: `Error at LINE:COLUMN: …`.
fn line_of(error: &str) -> Option<usize> {
    error.strip_prefix("Error at ")?.split(':').next()?.parse().ok()
}

/// The feature with an outline for each row: to expand a row, the library copies the whole outline, with all its rows.
fn with_single_rows(mut feature: gherkin::Feature) -> gherkin::Feature {
    for scenarios in feature.rules.iter_mut().map(|rule| &mut rule.scenarios).chain([&mut feature.scenarios]) {
        *scenarios = mem::take(scenarios).into_iter().flat_map(single_rows).collect();
    }
    feature
}

fn single_rows(mut outline: gherkin::Scenario) -> Vec<gherkin::Scenario> {
    let examples = mem::take(&mut outline.examples);
    if examples.is_empty() {
        return vec![outline];
    }
    let rows = examples.into_iter().flat_map(rows);
    rows.map(|row| gherkin::Scenario { examples: vec![row], ..outline.clone() }).collect()
}

fn rows(mut examples: gherkin::Examples) -> Vec<gherkin::Examples> {
    let mut rows = examples.table.as_mut().map(|table| mem::take(&mut table.rows)).unwrap_or_default().into_iter();
    let header = rows.next();
    let single = |(above, row): (usize, Vec<String>)| {
        let mut one = examples.clone();
        // The line of an expanded row is counted from its examples.
        one.position.line += above;
        if let Some(table) = &mut one.table {
            table.rows = header.iter().cloned().chain([row]).collect();
        }
        one
    };
    rows.enumerate().map(single).collect()
}

/// Puts the rows of the examples into the outlines.
pub(super) fn expand(feature: gherkin::Feature) -> Result<gherkin::Feature, SuiteError> {
    let ruled = feature.rules.iter().flat_map(|rule| &rule.scenarios);
    if feature.scenarios.iter().chain(ruled).all(|scenario| scenario.examples.is_empty()) {
        return Ok(feature);
    }
    with_single_rows(feature).expand_examples().map_err(|error| {
        let path = error.path.unwrap_or_default();
        problem(&path, error.pos.line, &format!("no column of the examples is called `{}`", error.name))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{mutation::read_altered, suite::embedded};

    #[test]
    fn altered_features_are_read_or_refused() {
        let texts: Vec<&str> =
            embedded::texts().filter(|text| text.contains("Feature:") && text.len() < 6_000).take(8).collect();
        read_altered(&texts, |text| {
            let file = File { path: "own.feature".to_owned(), text: text.to_owned() };
            let _ = parse(&file).map(with_single_rows).map_err(|error| error.to_string());
        });
    }

    #[test]
    fn a_long_outline_is_expanded_row_by_row() {
        let rows: String = (0..8_000).map(|row| format!("      | row {row} |\n")).collect();
        let text = format!(
            "Feature: Own\n  Scenario Outline: Mine <a>\n    Then <a> is so\n    Examples:\n      | a |\n{rows}    Examples:\n      | a |\n      | last |\n"
        );
        let feature = parse(&File { path: "own.feature".to_owned(), text }).and_then(expand).expect("it is Gherkin");
        let shown = |at: usize| (feature.scenarios[at].name.as_str(), feature.scenarios[at].position.line);
        assert_eq!(feature.scenarios.len(), 8_001);
        assert_eq!(
            (shown(0), shown(7_999), shown(8_000)),
            (("Mine row 0", 6), ("Mine row 7999", 8_005), ("Mine last", 8_008))
        );
    }

    #[test]
    fn features_of_any_editor_are_parsed_alike() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let text = "@OTT-2\nFeature: Own\n\n  Scenario Outline: Mine\n    Then <this> is so\n\n    Examples:\n      | this |\n      | one  |\n";
        fs::write(folder.path().join("a.feature"), text).expect("a file");
        fs::write(folder.path().join("b.feature"), format!("\u{feff}{}", text.replace('\n', "\r\n"))).expect("a file");
        let parsed = in_folder(folder.path()).expect("two files").into_iter().map(|file| {
            let feature = parse(&file).and_then(expand).expect("it is Gherkin");
            (feature.name, feature.tags, feature.scenarios)
        });
        let [one, two] = <[_; 2]>::try_from(parsed.collect::<Vec<_>>()).expect("two features");
        assert_eq!(one, two);
    }
}
