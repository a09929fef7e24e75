//! The sentences of the features: each reads its words, acts or judges through the world, and ends. One file for each group
//! of sentences; what a word may be is in `words`.

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
mod words;

pub(crate) use words::Token;
pub(crate) use words::list as words;
