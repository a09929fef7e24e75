//! Seeded faults, by area: realistic defects of a deployment or an upgrade, each as narrow as possible. `caught_by` names every
//! requirement that a client observes to be broken.

mod cluster;
mod errors;
mod expiry;
mod history;
mod input;
mod issue;
mod one_time;
mod race;
mod refresh;
mod settings;
mod unforeseen;
mod wrong_use;

pub(crate) use cluster::ClusterFault;
pub(crate) use errors::ErrorFault;
pub(crate) use expiry::ExpiryFault;
pub(crate) use history::HistoryFault;
pub(crate) use input::InputFault;
pub(crate) use issue::IssueFault;
pub(crate) use one_time::OneTimeFault;
pub(crate) use race::RaceFault;
pub(crate) use refresh::RefreshFault;
pub(crate) use settings::SettingsFault;
pub(crate) use unforeseen::UnforeseenFault;
pub(crate) use wrong_use::UseFault;
