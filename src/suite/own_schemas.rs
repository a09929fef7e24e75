//! The schemas that own features bring along in their folder `schemas`: read, compiled and known by name before anything runs.

use std::path::Path;

use steps::Schemas;

use super::{
    Feature, embedded,
    features::File,
    problem::{Problem, SuiteError},
};
use crate::did_you_mean::suggestion;

/// How the sentence that names a schema begins.
const SENTENCE: &str = "the answer matches the schema ";

/// Reads and compiles them.
///
/// # Errors
/// When one cannot be used, or has the name of one that is built in.
pub(super) fn parse(files: &[File]) -> Result<Schemas, SuiteError> {
    let wrong =
        |file: &str, what: String| SuiteError { problems: vec![Problem { file: file.to_owned(), line: 0, what }] };
    let name = |file: &File| Path::new(&file.path).file_name().unwrap_or_default().to_string_lossy().into_owned();
    for file in files {
        if embedded::schemas().any(|(built_in, _)| built_in == name(file)) {
            return Err(wrong(&file.path, "a schema of this name is built in; rename it".to_owned()));
        }
    }
    let texts: Vec<(String, &str)> = files.iter().map(|file| (name(file), file.text.as_str())).collect();
    let schemas = Schemas::new(texts.iter().map(|(name, text)| (name.as_str(), *text)));
    let checked = schemas.and_then(|schemas| schemas.check().map(|()| schemas));
    checked.map_err(|error| wrong("the schemas of own features", error.to_string()))
}

/// The steps of a feature that name a schema that there is not.
pub(super) fn unknown(feature: &Feature, own: &Schemas) -> Vec<Problem> {
    let built_in: Vec<&str> = embedded::schemas().filter_map(|(file, _)| file.strip_suffix(".schema.json")).collect();
    let known = || built_in.iter().copied().chain(own.names());
    let steps = feature.scenarios.iter().flat_map(|scenario| &scenario.source.steps);
    let named = steps.filter_map(|step| {
        let quoted = step.value.strip_prefix(SENTENCE)?;
        Some((step.position.line, quoted.trim_matches(['"', '\''])))
    });
    let unknown = named.filter(|(_, name)| known().all(|known| known != *name));
    let file = feature.source.path.as_deref().map(|path| path.display().to_string()).unwrap_or_default();
    let problem = |(line, name): (usize, &str)| {
        let what = format!(
            "there is no schema \"{name}\"{}; schemas of your own are files like schemas/accounts.schema.json beside the features",
            suggestion(name, known())
        );
        Problem { file: file.clone(), line, what }
    };
    unknown.map(problem).collect()
}
