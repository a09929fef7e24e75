//! In what a server may differ from the documented one: seeded faults, which a conformance suite must catch, and
//! freedoms, which it must not blame. The catalogue is data; each entry is consulted in one place of the behaviour.

pub(crate) mod fault;
pub(crate) mod freedom;
mod table;

use std::sync::LazyLock;

use thiserror::Error;

pub(crate) use table::{Seed, seeds};

/// One way to differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Variation {
    /// What it is asked for by.
    pub name: &'static str,
    /// What it does, in one sentence.
    pub summary: &'static str,
    /// How heavy the worst requirement weighs that it breaks. Of a freedom: the worst that it may break.
    pub level: Level,
    /// The requirements that it breaks, as a client sees it. Empty for freedoms.
    pub caught_by: &'static [&'static str],
    /// The part of the API that it is about.
    pub area: Area,
}

/// How heavy a requirement weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// The documentation promises it.
    Must,
    /// It is good practice.
    Should,
    /// The documentation is silent.
    Observe,
}

/// A part of the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Area {
    /// Logging in.
    Issue,
    /// Calls with an access token.
    Use,
    /// The ends of lifetimes.
    Expiry,
    /// Refreshing a pair.
    Refresh,
    /// One-time tokens.
    OneTime,
    /// The connectors settings.
    Settings,
    /// Refusals.
    Errors,
    /// Requests at the same moment.
    Race,
    /// How tokens look.
    Token,
    /// How answers are written.
    Answer,
    /// Sessions and what ends them.
    Session,
}

/// A set of variations, empty by default.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Variations([u128; SHELVES]);

/// A name that no variation has.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("the stand-in has no variation `{name}`; the nearest is `{nearest}`")]
pub struct UnknownVariation {
    /// The name that was asked for.
    pub name: String,
    /// The variation with the most similar name.
    pub nearest: &'static str,
}

const SHELVES: usize = 14;

/// Every table of the catalogue, at the place that its seeds know as their shelf.
static CATALOGUE: [&[Variation]; SHELVES] = [
    fault::issue::TABLE,
    fault::wrong_use::TABLE,
    fault::expiry::TABLE,
    fault::refresh::TABLE,
    fault::one_time::TABLE,
    fault::settings::TABLE,
    fault::errors::TABLE,
    fault::race::TABLE,
    freedom::token::TABLE,
    freedom::answer::TABLE,
    freedom::session::TABLE,
    freedom::one_time::TABLE,
    freedom::settings::TABLE,
    freedom::refusal::TABLE,
];

const FAULT_SHELVES: usize = 8;

/// Every seeded fault.
pub fn faults() -> &'static [Variation] {
    static FAULTS: LazyLock<Vec<Variation>> = LazyLock::new(|| CATALOGUE[..FAULT_SHELVES].concat());
    &FAULTS
}

/// Every freedom.
pub fn freedoms() -> &'static [Variation] {
    static FREEDOMS: LazyLock<Vec<Variation>> = LazyLock::new(|| CATALOGUE[FAULT_SHELVES..].concat());
    &FREEDOMS
}

impl Variations {
    /// The variations of these names.
    ///
    /// # Errors
    /// When no variation has one of the names.
    pub fn named(names: &[&str]) -> Result<Self, UnknownVariation> {
        names.iter().try_fold(Self::default(), |set, name| set.and(name))
    }

    fn and(mut self, name: &str) -> Result<Self, UnknownVariation> {
        let found = CATALOGUE.iter().enumerate().find_map(|(shelf, table)| {
            table.iter().position(|variation| variation.name == name).map(|bit| (shelf, bit))
        });
        let (shelf, bit) = found.ok_or_else(|| unknown(name))?;
        self.0[shelf] |= 1 << bit;
        Ok(self)
    }

    pub(crate) fn has(&self, seed: impl Seed) -> bool {
        let (shelf, bit) = seed.place();
        self.0[shelf] & (1 << bit) != 0
    }
}

fn unknown(name: &str) -> UnknownVariation {
    let similarity = |known: &str| strsim::jaro_winkler(name, known);
    let nearest = CATALOGUE.iter().copied().flatten().map(|variation| variation.name);
    let nearest = nearest.max_by(|a, b| similarity(a).total_cmp(&similarity(b))).unwrap_or_default();
    UnknownVariation { name: name.to_owned(), nearest }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn names_are_unique_and_fit_a_command_line() {
        let mut seen = HashSet::new();
        for variation in faults().iter().chain(freedoms()) {
            assert!(seen.insert(variation.name), "{} is there twice", variation.name);
            let plain = variation.name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
            assert!(plain, "{} cannot be typed", variation.name);
        }
    }

    #[test]
    fn every_fault_names_its_catchers_and_no_freedom_has_any() {
        assert!(faults().iter().all(|fault| !fault.caught_by.is_empty() && fault.level != Level::Observe));
        assert!(freedoms().iter().all(|freedom| freedom.caught_by.is_empty() && freedom.level != Level::Must));
    }

    #[test]
    fn every_table_fits_its_bits() {
        assert!(CATALOGUE.iter().all(|table| table.len() <= 128));
    }

    #[test]
    fn the_catalogue_is_as_large_as_promised() {
        assert!(faults().len() >= 125, "{}", faults().len());
        assert!(freedoms().len() >= 45, "{}", freedoms().len());
    }

    #[test]
    fn a_named_variation_is_the_one_that_the_behaviour_asks_for() {
        let set = Variations::named(&["issue-password-null", "token-access-jwt"]).expect("both exist");
        assert!(set.has(fault::Issue::PasswordNull) && set.has(freedom::Token::AccessJwt));
        assert!(!set.has(fault::Issue::PasswordEmpty) && !set.has(fault::Use::OpenToAll));
    }

    #[test]
    fn an_unknown_name_is_answered_with_the_nearest() {
        let error = Variations::named(&["issue-pasword-null"]).expect_err("no such name");
        assert_eq!((error.name.as_str(), error.nearest), ("issue-pasword-null", "issue-password-null"));
    }
}
