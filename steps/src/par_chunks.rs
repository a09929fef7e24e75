//! Work on many items, shared out to all processors.

use std::thread;

/// Works on as many shares of the items as there are processors, all at once, and gives what came out in the items' order.
///
/// # Panics
/// When the work on a share does.
pub fn par_chunks<I: Sync, T: Send>(items: &[I], work: impl Fn(&[I]) -> Vec<T> + Sync) -> Vec<T> {
    let share = items.len().div_ceil(thread::available_parallelism().map_or(1, usize::from)).max(1);
    let mut shares: Vec<(&[I], Vec<T>)> = items.chunks(share).map(|share| (share, Vec::new())).collect();
    let work = &work;
    thread::scope(|scope| {
        for (share, done) in &mut shares {
            scope.spawn(move || *done = work(share));
        }
    });
    shares.into_iter().flat_map(|(_, done)| done).collect()
}
