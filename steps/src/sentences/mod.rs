//! The steps of the features: each function reads its arguments, then acts or judges through the world. One file for each group
//! of steps; `table` lists them all, `words` has the values of their arguments.

mod answers;
mod credentials;
mod errors;
mod expiry;
mod login;
mod one_time;
mod one_time_answers;
mod protected_call;
mod race;
mod recorded;
mod refresh;
mod settings;
mod table;
mod words;

pub(crate) use table::STEPS;
pub(crate) use words::{Token, patterns};
