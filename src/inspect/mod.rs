//! What a target offers before anything is judged on it: looks through `steps::inspect`, tries the source of one-time tokens,
//! shows what keeps a run from beginning, what of the contract can be judged and what that will cost. Changes nothing.

mod advice;
mod cost;
mod examination;
mod facts;
mod invisible;
mod nodes;
mod obstacle;
mod outlook;
mod page;
mod proxy_variables;
mod source;
mod trust;

pub(crate) use cost::Cost;
pub(crate) use examination::{Examination, examine};
pub(crate) use facts::server_facts;
pub(crate) use nodes::render_nodes;
pub(crate) use obstacle::{Obstacle, first as first_obstacle};
pub(crate) use outlook::{KnownLifetimes, Outlook};
pub(crate) use page::{Report, ahead};
