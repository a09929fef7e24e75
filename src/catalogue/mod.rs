//! The requirement catalogue: every statement that a server is judged by, read once into types. Knows no scenario and no
//! verdict; those point here by id.

mod file;
mod need;
mod requirement;
pub(crate) mod tag;

pub(crate) use file::CatalogueError;
pub(crate) use need::Need;
pub(crate) use requirement::{Level, Requirement, RequirementId, WaitsFor};

use std::path::Path;

use crate::{did_you_mean::did_you_mean, read_limited::read_text};

const FILE: &str = "features/requirements.toml";
/// The file of own requirements, beside own features.
const OWN_FILE: &str = "requirements.toml";
/// Largest file of own requirements, in bytes.
const LARGEST: u64 = 1024 * 1024;
const TEXT: &str = include_str!("../../features/requirements.toml");
const CLIENT_FILE: &str = "features/client-requirements.toml";
/// The requirements of clients, as TOML.
pub(crate) const CLIENT_TEXT: &str = include_str!("../../features/client-requirements.toml");
const SURVIVAL_FILE: &str = "features/survival.toml";
const SURVIVAL_TEXT: &str = include_str!("../../features/survival.toml");

/// Every requirement, in the order of the contract.
#[derive(Clone, Debug)]
pub(crate) struct Catalogue {
    requirements: Vec<Requirement>,
    /// What `survival` judges: known by id, and part of no run.
    survival: Vec<Requirement>,
    /// Path and text of the file of own requirements.
    own: Option<(String, String)>,
}

impl Catalogue {
    /// The catalogue that is built into the program.
    ///
    /// # Errors
    /// When the file in the sources is wrong, with its line; a test keeps that from being built.
    pub(crate) fn embedded() -> Result<Self, CatalogueError> {
        let survival = Self::survival()?.requirements;
        Ok(Self { survival, ..Self::parse(FILE, TEXT)? })
    }

    /// The requirements that `survival` judges.
    ///
    /// # Errors
    /// As [`Catalogue::embedded`].
    pub(crate) fn survival() -> Result<Self, CatalogueError> {
        Self::parse(SURVIVAL_FILE, SURVIVAL_TEXT)
    }

    /// The built-in catalogue of what clients must do. It is apart from the other one, by which servers are judged.
    ///
    /// # Errors
    /// As [`Catalogue::embedded`].
    pub(crate) fn for_clients() -> Result<Self, CatalogueError> {
        Self::parse(CLIENT_FILE, CLIENT_TEXT)
    }

    /// The catalogue that is built in and, after it, the requirements of `requirements.toml` in a folder of own features, if it has one.
    ///
    /// # Errors
    /// When that file cannot be read, is wrong, or has an id that is built in; with file, line and column.
    pub(crate) fn load(own_features: Option<&Path>) -> Result<Self, CatalogueError> {
        let mut catalogue = Self::embedded()?;
        let Some(path) = own_features.map(|folder| folder.join(OWN_FILE)).filter(|path| path.exists()) else {
            return Ok(catalogue);
        };
        let name = path.display().to_string();
        let text = read_text(&path, LARGEST).map_err(|error| CatalogueError::unreadable(&name, &error))?;
        catalogue.add_own(name, text)?;
        Ok(catalogue)
    }

    fn add_own(&mut self, file: String, text: String) -> Result<(), CatalogueError> {
        let built_in: Vec<Requirement> = self.requirements.iter().chain(&self.survival).cloned().collect();
        let own = file::parse_own(&file, &text, &built_in)?;
        self.requirements.extend(own);
        self.own = Some((file, text));
        Ok(())
    }

    /// Path and text of the file of own requirements; verdicts depend on it.
    pub(crate) fn own_file(&self) -> Option<(&str, &str)> {
        self.own.as_ref().map(|(file, text)| (file.as_str(), text.as_str()))
    }

    /// Reads a catalogue from TOML; `file` is named in errors.
    ///
    /// # Errors
    /// Names file, line and column of the first thing that is wrong.
    pub(crate) fn parse(file: &str, text: &str) -> Result<Self, CatalogueError> {
        Ok(Self { requirements: file::parse(file, text)?, survival: Vec::new(), own: None })
    }

    /// All requirements, in the order of the contract.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Requirement> {
        self.requirements.iter()
    }

    fn all(&self) -> impl Iterator<Item = &Requirement> {
        self.requirements.iter().chain(&self.survival)
    }

    /// The requirement with this id.
    pub(crate) fn get(&self, id: &RequirementId) -> Option<&Requirement> {
        self.iter().find(|requirement| requirement.id == *id)
    }

    /// The id written like this, if there is such a requirement.
    pub(crate) fn find(&self, text: &str) -> Option<RequirementId> {
        self.all().map(|requirement| &requirement.id).find(|id| id.as_str() == text).cloned()
    }

    /// The id that was probably meant by a text that is none.
    pub(crate) fn nearest(&self, text: &str) -> Option<RequirementId> {
        self.find(did_you_mean(text, self.all().map(|requirement| requirement.id.as_str()))?)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    fn embedded() -> Catalogue {
        Catalogue::embedded().expect("the embedded catalogue can be read")
    }

    #[test]
    fn the_embedded_catalogue_has_all_areas_in_one_piece_and_numbered_through() {
        let catalogue = embedded();
        let mut numbered: Vec<(&str, usize)> = Vec::new();
        for Requirement { id, .. } in catalogue.iter() {
            match numbered.last_mut() {
                Some((word, count)) if *word == id.word() => *count += 1,
                _ => numbered.push((id.word(), 1)),
            }
            let count = numbered.last().map_or(0, |(_, count)| *count);
            assert!(id.as_str().ends_with(&format!("-{count}")), "{id} is number {count} of its area");
        }
        let words: Vec<&str> = numbered.iter().map(|(word, _)| *word).collect();
        assert_eq!(words, ["ISSUE", "USE", "EXPIRY", "REFRESH", "OTT", "SETTINGS", "ERROR", "CLUSTER"]);
    }

    #[test]
    fn the_requirements_of_clients_are_numbered_through() {
        let catalogue = Catalogue::for_clients().expect("the catalogue can be read");
        let ids: Vec<String> = catalogue.iter().map(|requirement| requirement.id.to_string()).collect();
        let expected: Vec<String> = (1..=ids.len()).map(|number| format!("CLIENT-{number}")).collect();
        assert_eq!(ids, expected);
    }

    #[test]
    fn own_requirements_follow_those_that_are_built_in() {
        let own = "[[requirement]]\nid = \"SHOP-1\"\nlevel = \"should\"\nstatement = \"Orders are listed.\"\nsource = \"Team\"\n";
        let mut catalogue = embedded();
        catalogue.add_own("own/requirements.toml".to_owned(), own.to_owned()).expect("it is right");
        assert_eq!(catalogue.iter().last().map(|it| it.statement.as_str()), Some("Orders are listed."));
        assert!(catalogue.find("SHOP-1").is_some() && catalogue.find("OTT-2").is_some());
        let mut catalogue = embedded();
        let error = catalogue.add_own("own/requirements.toml".to_owned(), own.replace("SHOP-1", "OTT-2"));
        assert_eq!(
            error.expect_err("it is built in").to_string(),
            "own/requirements.toml:2:6: OTT-2 is built in; give your own requirement another id"
        );
    }

    #[test]
    fn statements_are_different_sentences() {
        let (catalogue, of_clients) = (embedded(), Catalogue::for_clients().expect("the catalogue can be read"));
        let mut seen = HashSet::new();
        for Requirement { id, statement, .. } in catalogue.iter().chain(of_clients.iter()) {
            assert!(statement.starts_with(char::is_uppercase) && statement.ends_with('.'), "{id}: {statement}");
            assert!(seen.insert(statement), "{id} repeats another one: {statement}");
        }
    }

    #[test]
    fn a_requirement_waits_for_one_lifetime_if_it_needs_time_and_the_run_does_not_set_lifetimes() {
        for requirement in embedded().iter() {
            let waits = requirement.needs.contains(&Need::Time) && !requirement.needs.contains(&Need::Settings);
            assert_eq!(requirement.waits_for.is_some(), waits, "{}", requirement.id);
        }
    }

    #[test]
    fn an_id_is_found_as_written_and_a_mistyped_one_suggests_the_right_one() {
        let catalogue = embedded();
        let id = catalogue.find("OTT-2").expect("it is in the contract");
        assert_eq!(catalogue.get(&id).map(|found| &found.id), Some(&id));
        assert_eq!(catalogue.find("ott-2"), None);
        for mistyped in ["ott-2", "OTT2", "OT-2", "OTT_2"] {
            assert_eq!(catalogue.nearest(mistyped).as_ref(), Some(&id), "{mistyped}");
        }
        assert_eq!(catalogue.nearest("something else"), None);
    }
}
