//! Work on many items, shared out to all processors.

use std::{panic, thread};

/// Works on as many shares of the items as there are processors, all at once, and gives what came out in the items' order.
///
/// # Panics
/// When the work on a share does, with its panic.
pub fn par_chunks<I: Sync, T: Send>(items: &[I], work: impl Fn(&[I]) -> Vec<T> + Sync) -> Vec<T> {
    let share = items.len().div_ceil(thread::available_parallelism().map_or(1, usize::from)).max(1);
    thread::scope(|scope| {
        let work = &work;
        let running: Vec<_> = items.chunks(share).map(|share| scope.spawn(move || work(share))).collect();
        let ended = running.into_iter().map(|share| share.join().unwrap_or_else(|panic| panic::resume_unwind(panic)));
        ended.flatten().collect()
    })
}
