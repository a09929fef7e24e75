//! The calls of the token API as the contract describes them, in the target's dialect, and what takes several of them: shared
//! sessions, changed lifetimes, probes of behaviour. Composes and sends; the checks decide whether an answer is right.

mod behaviour;
#[cfg(test)]
mod behaviour_tests;
mod endpoint;
mod issue;
mod lifetimes;
mod nodes;
mod pair;
mod refresh;
mod restore;
#[cfg(test)]
mod restore_tests;
mod settings;
mod spent_grace;
mod use_token;
mod verify;

pub(crate) use endpoint::{Api, ERRORS_PATH, REFRESH_PATH, SETTINGS_PATH, TOKEN_PATH, VERIFY_PATH};
pub(crate) use issue::{credentials_request, issue_request};
pub(crate) use settings::number;
pub(crate) use verify::verify_request;
