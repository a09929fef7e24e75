//! Judgements on answers that take more than one comparison. Each knows what to look for and how to say what it found;
//! none sends anything, except the search for tokens, which tries what it finds.

pub(crate) mod alike;
pub(crate) mod guessing;
pub(crate) mod internals;
pub(crate) mod repeated;
pub(crate) mod tokens_in;
pub(crate) mod verification;
