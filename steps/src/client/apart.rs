//! One request twice, the second so long after the first.

use std::time::{Duration, Instant};

use futures::future::join;

use super::{Client, Connection, Trouble};
use crate::message::{Answer, Call, Request};

/// Timers are too coarse for less than this.
const COARSE: Duration = Duration::from_millis(3);

impl Client {
    /// Sends a request, and again so long after it left, whether it has been answered or not.
    pub(crate) async fn send_twice(
        &self,
        call: Call,
        request: Request,
        distance: Duration,
    ) -> Vec<Result<Answer, Trouble>> {
        let second = async {
            wait_exactly(distance).await;
            self.send_over(Connection::Kept, call, request.clone()).await
        };
        let (first, second) = join(self.send_over(Connection::Kept, call, request.clone()), second).await;
        vec![first, second]
    }
}

/// Waits so long, to a fraction of a millisecond.
pub(crate) async fn wait_exactly(time: Duration) {
    let until = Instant::now() + time;
    if time > COARSE {
        tokio::time::sleep(time.saturating_sub(COARSE)).await;
    }
    while Instant::now() < until {
        tokio::task::yield_now().await;
    }
}
