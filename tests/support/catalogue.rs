//! The catalogue of requirements, read from its file without the program.

use std::{fs, path::Path};

use super::REPOSITORY;

/// The ids of all requirements, in the order of the file.
pub(crate) fn ids() -> Vec<String> {
    let path = Path::new(REPOSITORY).join("features/requirements.toml");
    let catalogue: toml::Table =
        fs::read_to_string(path).expect("there is a catalogue").parse().expect("the catalogue is TOML");
    let entries = catalogue["requirement"].as_array().expect("it lists requirements");
    entries.iter().map(|entry| entry["id"].as_str().expect("each has an id").to_owned()).collect()
}
