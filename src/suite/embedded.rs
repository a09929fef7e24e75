//! The files that are built into the program, so that it needs nothing beside it.

use include_dir::{Dir, DirEntry, include_dir};

use super::features::File;

static FEATURES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/features");
static SCHEMAS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/schemas");

/// The requirement catalogue.
pub(crate) const REQUIREMENTS: &str = include_str!("../../features/requirements.toml");

/// The feature files, sorted by path.
pub(crate) fn features() -> Vec<File> {
    let mut files: Vec<File> = all(&FEATURES)
        .filter(|(path, _)| path.ends_with(".feature"))
        .map(|(path, text)| File { path: format!("features/{path}"), text: text.to_owned() })
        .collect();
    files.sort_by(|one, other| one.path.cmp(&other.path));
    files
}

/// The schemas: file name and text.
pub(crate) fn schemas() -> impl Iterator<Item = (&'static str, &'static str)> {
    all(&SCHEMAS)
}

/// The reviewed snapshots of the stand-in: file name and text.
pub(crate) fn snapshots() -> impl Iterator<Item = (&'static str, &'static str)> {
    all(&FEATURES).filter_map(|(path, text)| Some((path.strip_prefix("snapshots/")?, text)))
}

/// Every text that is built in.
pub(crate) fn texts() -> impl Iterator<Item = &'static str> {
    all(&FEATURES).chain(schemas()).map(|(_, text)| text)
}

/// What beside the features a verdict depends on. The schema of the results describes verdicts and decides none.
pub(super) fn judged_by() -> impl Iterator<Item = (&'static str, &'static str)> {
    let deciding = schemas().filter(|(name, _)| !name.starts_with("results-"));
    deciding.chain([("requirements.toml", REQUIREMENTS)])
}

/// Every text file below a folder, with its path.
fn all<'a>(folder: &'a Dir<'a>) -> Box<dyn Iterator<Item = (&'a str, &'a str)> + 'a> {
    Box::new(folder.entries().iter().flat_map(|entry| match entry {
        DirEntry::Dir(inner) => all(inner),
        DirEntry::File(file) => Box::new(file.path().to_str().zip(file.contents_utf8()).into_iter()),
    }))
}
