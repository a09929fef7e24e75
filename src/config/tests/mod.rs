//! The configuration as a whole: what users set up, and what they get or are told.

mod given;
mod mistakes;
mod passwords;
mod targets;
mod waivers;
