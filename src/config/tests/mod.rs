//! The configuration as a whole: files, variables and flags on one side, targets and messages on the other.

mod given;
mod mistakes;
mod passwords;
mod targets;
mod waivers;
mod wire_forms;
