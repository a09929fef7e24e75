//! Seeded faults, by area: realistic defects of a deployment or an upgrade, each as narrow as it can be. `caught_by`
//! names every requirement that a client sees broken.

pub(crate) mod errors;
pub(crate) mod expiry;
pub(crate) mod issue;
pub(crate) mod one_time;
pub(crate) mod race;
pub(crate) mod refresh;
pub(crate) mod settings;
pub(crate) mod wrong_use;

pub(crate) use errors::Errors;
pub(crate) use expiry::Expiry;
pub(crate) use issue::Issue;
pub(crate) use one_time::OneTime;
pub(crate) use race::Race;
pub(crate) use refresh::Refresh;
pub(crate) use settings::Settings;
pub(crate) use wrong_use::Use;
