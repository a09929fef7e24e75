//! The suite as it is loaded: catalogue, features and step definitions, with the digest of all that verdicts depend on.

use std::{path::Path, sync::Arc};

use ring::digest::{Context, SHA256};
use steps::Schemas;

use super::{
    embedded,
    feature::Feature,
    features::{self, File},
    lint, own_schemas,
    problem::SuiteError,
    scenario::Scenario,
    step_lookup::StepLookup,
};
use crate::{catalogue::Catalogue, hex::to_hex};

/// Everything a run judges by.
pub(crate) struct Suite {
    pub(crate) catalogue: Catalogue,
    pub(crate) features: Vec<Feature>,
    pub(crate) steps: Arc<StepLookup>,
    /// The schemas of the user's own features.
    pub(crate) own_schemas: Arc<Schemas>,
    pub(crate) digest: String,
}

impl Suite {
    /// Reads the embedded suite, and the features of a folder beside it.
    ///
    /// # Errors
    /// Lists everything that is wrong, with file and line.
    pub(crate) fn load(catalogue: Catalogue, own: Option<&Path>) -> Result<Self, SuiteError> {
        let mut files = embedded::features();
        let built_in = files.len();
        if let Some(folder) = own {
            files.extend(features::in_folder(folder)?);
        }
        let schema_files = own.map(features::schemas_in_folder).transpose()?.unwrap_or_default();
        let own_schemas = Arc::new(own_schemas::parse(&schema_files)?);
        let steps = Arc::new(StepLookup::default());
        let (mut features, mut problems) = (Vec::with_capacity(files.len()), Vec::new());
        for checked in checked(&files, built_in, &catalogue, &steps) {
            match checked {
                Ok(feature) => features.push(feature),
                Err(error) => problems.extend(error.problems),
            }
        }
        problems.extend(features.iter().skip(built_in).flat_map(|feature| own_schemas::unknown(feature, &own_schemas)));
        problems.sort();
        let files = files.into_iter().chain(schema_files).collect::<Vec<_>>();
        let texts = files.iter().map(|file| (file.path.as_str(), file.text.as_str()));
        let digest = digest(texts.chain(catalogue.own_file()));
        if problems.is_empty() {
            Ok(Self { catalogue, features, steps, own_schemas, digest })
        } else {
            Err(SuiteError { problems })
        }
    }

    /// Every scenario, rows of outlines singly, in the order of the files.
    pub(crate) fn scenarios(&self) -> impl Iterator<Item = &Scenario> {
        self.features.iter().flat_map(|feature| &feature.scenarios)
    }
}

/// Reads and checks files, on all processors at once. The first ones are built in.
fn checked(
    files: &[File],
    built_in: usize,
    catalogue: &Catalogue,
    lookup: &StepLookup,
) -> Vec<Result<Feature, SuiteError>> {
    let check = |share: &[(usize, &File)]| {
        // First what does not wait for step definitions, which are compiled meanwhile.
        let parsed: Vec<_> = share.iter().map(|(at, file)| (*at, features::parse(file))).collect();
        let check = |(at, parsed): (usize, Result<_, _>)| {
            let unmatched = (at >= built_in).then_some(lookup);
            parsed.and_then(|feature| lint::check(feature, catalogue, unmatched))
        };
        parsed.into_iter().map(check).collect()
    };
    let numbered: Vec<(usize, &File)> = files.iter().enumerate().collect();
    steps::par_chunks(&numbered, check)
}

/// SHA-256 over names and contents of all files that a verdict depends on, each with its length, so that nothing can be
/// moved from one file to the next unnoticed.
fn digest<'a>(features: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    let mut files: Vec<(&str, &str)> = features.collect();
    files.extend(embedded::judged_by().map(|(name, text): (&str, &str)| (name, text)));
    files.sort_unstable();
    let mut context = Context::new(&SHA256);
    for (name, text) in files {
        context.update(format!("{} {name} {} ", name.len(), text.len()).as_bytes());
        context.update(text.as_bytes());
    }
    format!("sha256:{}", to_hex(context.finish().as_ref()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_step_that_is_built_in_is_defined() {
        let catalogue = Catalogue::embedded().expect("the catalogue can be read");
        let lookup = StepLookup::default();
        for file in embedded::features() {
            let checked = features::parse(&file).and_then(|feature| lint::check(feature, &catalogue, Some(&lookup)));
            assert_eq!(checked.err().map(|error| error.to_string()), None);
        }
    }
}
