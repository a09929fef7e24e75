//! The catalogue of differences from the documented server: seeded faults, which a conformance suite must catch, and conforming
//! variants, which it must not blame. The catalogue is data; the server's code checks for each entry in one place.

mod fault;
mod table;
mod variants;

use std::sync::LazyLock;

use thiserror::Error;

pub(crate) use fault::{
    ClusterFault, ErrorFault, ExpiryFault, HistoryFault, InputFault, IssueFault, OneTimeFault, RaceFault, RefreshFault,
    SettingsFault, UnforeseenFault, UseFault,
};
pub(crate) use table::VariationKey;
pub use table::{ApiArea, Variation, VariationLevel};
pub(crate) use variants::{
    AnswerVariant, OneTimeVariant, RefusalVariant, SessionVariant, SettingsVariant, TokenVariant,
};

/// A set of variations, empty by default.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Variations([u128; TABLES]);

/// A name that no variation has.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("the stand-in has no variation `{name}`; the nearest is `{nearest}`")]
pub struct UnknownVariation {
    /// The unknown name.
    pub name: String,
    /// The variation with the most similar name.
    pub nearest: &'static str,
}

const TABLES: usize = 18;

/// Every table of the catalogue, at the index that its keys use.
static CATALOGUE: [&[Variation]; TABLES] = [
    IssueFault::TABLE,
    UseFault::TABLE,
    ExpiryFault::TABLE,
    RefreshFault::TABLE,
    OneTimeFault::TABLE,
    SettingsFault::TABLE,
    ErrorFault::TABLE,
    RaceFault::TABLE,
    TokenVariant::TABLE,
    AnswerVariant::TABLE,
    SessionVariant::TABLE,
    OneTimeVariant::TABLE,
    SettingsVariant::TABLE,
    RefusalVariant::TABLE,
    UnforeseenFault::TABLE,
    ClusterFault::TABLE,
    InputFault::TABLE,
    HistoryFault::TABLE,
];

const FAULT_TABLES: usize = 8;
const UNFORESEEN: usize = 14;
/// The first table of those whose faults one scenario or a few can see.
const NARROW: usize = 16;

/// Every seeded fault.
pub fn faults() -> &'static [Variation] {
    static FAULTS: LazyLock<Vec<Variation>> =
        LazyLock::new(|| [&CATALOGUE[..FAULT_TABLES], &CATALOGUE[UNFORESEEN + 1..]].concat().concat());
    &FAULTS
}

/// Whether only a few scenarios can see this fault, so that a self-test need not run the others.
#[must_use]
pub fn is_narrow(fault: &Variation) -> bool {
    CATALOGUE[NARROW..].iter().any(|table| table.contains(fault))
}

/// Every conforming variant.
pub fn variants() -> &'static [Variation] {
    static VARIANTS: LazyLock<Vec<Variation>> = LazyLock::new(|| CATALOGUE[FAULT_TABLES..UNFORESEEN].concat());
    &VARIANTS
}

/// Every fault that no scenario names, left to `explore`.
#[must_use]
pub fn unforeseen() -> &'static [Variation] {
    CATALOGUE[UNFORESEEN]
}

impl Variations {
    /// The variations with these names.
    ///
    /// # Errors
    /// When no variation has one of the names.
    pub fn from_names(names: &[&str]) -> Result<Self, UnknownVariation> {
        Self::default().with_names(names.iter().copied())
    }

    fn with(mut self, name: &str) -> Result<Self, UnknownVariation> {
        let found = CATALOGUE.iter().enumerate().find_map(|(index, table)| {
            table.iter().position(|variation| variation.name == name).map(|bit| (index, bit))
        });
        let (index, bit) = found.ok_or_else(|| unknown_variation(name))?;
        self.0[index] |= 1 << bit;
        Ok(self)
    }

    /// Adds the variations with these names.
    ///
    /// # Errors
    /// When no variation has one of the names.
    pub fn with_names<'a>(self, names: impl IntoIterator<Item = &'a str>) -> Result<Self, UnknownVariation> {
        names.into_iter().try_fold(self, |set, name| set.with(name))
    }

    /// The names of the variations in the set.
    #[must_use]
    pub fn names(&self) -> Vec<&'static str> {
        let in_table = |(index, table): (usize, &&'static [Variation])| -> Vec<&'static str> {
            table
                .iter()
                .enumerate()
                .filter(|(bit, _)| self.0[index] & (1 << bit) != 0)
                .map(|(_, one)| one.name)
                .collect()
        };
        CATALOGUE.iter().enumerate().flat_map(in_table).collect()
    }

    /// Whether the set has any fault that no scenario names.
    pub(crate) fn has_unforeseen(&self) -> bool {
        self.0[UNFORESEEN] != 0
    }

    /// Whether the set has any fault of input or history.
    pub(crate) fn has_layered(&self) -> bool {
        self.0[NARROW..].iter().any(|table| *table != 0)
    }

    pub(crate) fn has(&self, key: impl VariationKey) -> bool {
        let (index, bit) = key.position();
        self.0[index] & (1 << bit) != 0
    }
}

fn unknown_variation(name: &str) -> UnknownVariation {
    let similarity = |known: &str| strsim::jaro_winkler(name, known);
    let names = CATALOGUE.iter().copied().flatten().map(|variation| variation.name);
    let nearest = names.max_by(|a, b| similarity(a).total_cmp(&similarity(b))).unwrap_or_default();
    UnknownVariation { name: name.to_owned(), nearest }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn names_are_unique_and_fit_a_command_line() {
        let mut seen = HashSet::new();
        for variation in faults().iter().chain(variants()) {
            assert!(seen.insert(variation.name), "{} occurs twice", variation.name);
            let plain = variation.name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
            assert!(plain, "{} has characters that need quoting", variation.name);
        }
    }

    #[test]
    fn every_fault_names_requirements_and_no_variant_does() {
        assert!(faults().iter().all(|fault| !fault.caught_by.is_empty() && fault.level != VariationLevel::Observe));
        assert!(variants().iter().all(|one| one.caught_by.is_empty() && one.level != VariationLevel::Must));
    }

    #[test]
    fn every_table_fits_its_bits() {
        assert!(CATALOGUE.iter().all(|table| table.len() <= 128));
    }

    #[test]
    fn a_named_variation_sets_its_own_key_only() {
        let set = Variations::from_names(&["issue-password-null", "token-access-jwt"]).expect("both exist");
        assert!(set.has(IssueFault::PasswordNull) && set.has(TokenVariant::AccessJwt));
        assert_eq!(set.names(), ["issue-password-null", "token-access-jwt"]);
        assert!(!set.has(IssueFault::PasswordEmpty) && !set.has(UseFault::OpenToAll));
    }

    #[test]
    fn an_unknown_name_is_an_error_that_names_the_nearest() {
        let error = Variations::from_names(&["issue-pasword-null"]).expect_err("no such name");
        assert_eq!((error.name.as_str(), error.nearest), ("issue-pasword-null", "issue-password-null"));
    }
}
