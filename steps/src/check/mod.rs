//! Checks of answers that take more than one comparison. They send nothing, except the search for tokens, which tries what it
//! finds at the server.

mod alike;
pub(crate) mod comparison;
pub(crate) mod guessing;
pub(crate) mod internals;
pub(crate) mod race_bound;
pub(crate) mod repeated;
pub(crate) mod tokens_in;
pub(crate) mod verification;
