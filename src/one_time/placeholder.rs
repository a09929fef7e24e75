//! The placeholder in commands and file names of one-time tokens.

/// Replaced by the login of the user whose token is wanted.
pub(super) const LOGIN: &str = "{login}";
