//! The run as a picture: scenarios as bars in as many lanes as ran at one time, with what was on the wire and what the pacer
//! held back. The rest of a bar is waiting for lifetimes and the harness's own time.

mod lanes;
mod picture;
mod svg;

pub(super) use picture::Timeline;
