//! The documents agree with the program: their commands run, their configurations work, their pictures are current.

mod guides;
mod readme;
mod screenshots;
#[path = "../support/mod.rs"]
mod support;
mod walkthrough;
