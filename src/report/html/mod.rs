//! `report.html`: the run as one file for people. It loads nothing, runs only its own filter, and shows text of servers as
//! text. It is written piece by piece, so that thousands of scenarios need no more memory than a few.

mod cluster;
mod drift;
mod failures;
mod header;
mod page;
mod requirements;
mod scenario;
pub(super) mod templates;
mod timeline;
mod unjudged;

pub(super) use page::render;
pub(crate) use templates::render_page;
