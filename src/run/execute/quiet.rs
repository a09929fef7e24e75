//! Keeps a panic of a step from being printed: its message could hold a token, and the runner reports it masked.

use std::{cell::RefCell, future::Future, panic, sync::Once};

thread_local! {
    static IN_STEP: RefCell<bool> = const { RefCell::new(false) };
    static LAST_PLACE: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Installs the hook, if it is not there yet; to be called before every run.
pub(crate) fn install() {
    static INSTALLED: Once = Once::new();
    INSTALLED.call_once(hook);
}

fn hook() {
    let usual = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        if IN_STEP.with_borrow(|in_step| *in_step) {
            let place = info.location().map(|at| format!("{}:{}", at.file(), at.line()));
            LAST_PLACE.set(place);
        } else {
            usual(info);
        }
    }));
}

/// Where the last quiet panic of this thread happened.
pub(super) fn last_place() -> Option<String> {
    LAST_PLACE.take()
}

/// Runs a future with panics kept quiet whenever it is polled.
pub(super) async fn during<F: Future>(future: F) -> F::Output {
    futures::pin_mut!(future);
    std::future::poll_fn(|context| {
        let _guard = Quiet::begin();
        future.as_mut().poll(context)
    })
    .await
}

struct Quiet;

impl Quiet {
    fn begin() -> Self {
        IN_STEP.set(true);
        Self
    }
}

impl Drop for Quiet {
    fn drop(&mut self) {
        IN_STEP.set(false);
    }
}
