//! Reports of a run, one file for each format, all rendered from the results. Renders and writes files; judges nothing, sends
//! no requests, prints nothing.

mod annotations;
mod causes;
mod class;
mod code_quality;
mod cucumber;
mod drift;
mod exchange;
pub(crate) mod fleet;
mod folder;
mod format;
mod headline;
mod html;
mod json;
mod junit;
mod reasons;
mod renderer;
mod server;
mod step_summary;
mod summary;
mod terminal;
pub(crate) mod upgrade;

pub(crate) use annotations::github_annotations;
pub(crate) use folder::{Folder, Rendered};
pub(crate) use headline::because_in_part;
pub(crate) use html::render_page;
pub(crate) use renderer::Format;
pub(crate) use step_summary::StepSummary;
pub(crate) use terminal::{Detail, Paint, ReportLink, TerminalView, drift, terminal};
