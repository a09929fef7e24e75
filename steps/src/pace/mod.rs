//! How fast a server is asked, and in what order: a queue of requests by deadline, pure and with time as a parameter; the same in
//! real time; and what scenarios do in terms of it. Knows nothing of HTTP or of what a request means.

mod lives;
mod pacer;
mod progress;
mod queue;
#[cfg(test)]
mod queue_tests;
mod trace;

pub(crate) use lives::{TokenLives, WHOLE_SECOND, late};
pub(crate) use pacer::{Hold, Pacer, Permits, Refusal};
pub use progress::{Pause, Progress, ProgressMark};
pub use queue::{Demand, PaceQueue, Ticket};
pub use trace::{Trace, TraceEvent, Until};
