//! Model-based exploration: random walks over the contract's model, judged step by step, which find what no scenario imagines. A model says
//! for every request which answers are right; what the contract leaves open is learned first. A violation is run again, shrunk, and
//! reported with its requirement and as a scenario.

mod act;
mod audit;
mod behaviour;
mod compose;
mod coverage;
mod deviate;
mod disturb;
mod expect;
mod explorer;
mod extra;
mod finding;
mod forgery;
mod grants;
mod history;
mod input;
mod judge;
mod learn;
mod lifetimes;
mod local;
mod meetings;
mod model;
mod motif;
mod numbers;
mod operation;
mod plan;
mod races;
mod random;
mod refusals;
mod remote;
mod run_step;
mod scene;
mod shrink;
mod succession;
mod survey;
#[cfg(test)]
mod tests;
mod tour;
mod walk;
mod wire;

pub(crate) use explorer::{Budget, Exploration, explore};
pub(crate) use finding::Finding;
pub(crate) use judge::is_promised;
pub(crate) use local::Local;
pub(crate) use remote::Remote;
