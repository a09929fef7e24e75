//! The steps of the features: each function reads its arguments, then acts or judges through the world. One file for each group
//! of steps; `table` lists them all, `words` has the values of their arguments.

mod answers;
mod calls;
mod cluster;
mod content;
mod expiry;
mod hostile;
mod login;
mod mistakes;
mod node_answers;
mod node_lives;
mod node_settings;
mod node_spending;
mod one_time;
mod other_calls;
mod race;
mod recorded;
mod refresh;
#[cfg(test)]
mod refresh_tests;
mod settings;
mod table;
mod timing;
mod token_use;
mod tokens;
mod words;
mod wrong_input;

pub(crate) use other_calls::OTHER_CALLS;
pub(crate) use table::{CHECKS_THAT_SEND, STEPS};
#[cfg(test)]
pub(crate) use words::Finding;
pub(crate) use words::{Action, Moment, Token, patterns};
