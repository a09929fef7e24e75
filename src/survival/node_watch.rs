//! The same stream of calls to each node by itself, to measure which of them was away and how long. A node that is away or drains
//! breaks no promise, so nothing is judged here.

use std::{
    cell::RefCell,
    convert::Infallible,
    time::{Duration, Instant},
};

use futures::{StreamExt, stream::FuturesUnordered};
use steps::{CallError, Operator, Secret, TokenCall};
use tokio::time::{MissedTickBehavior, interval};

use super::outage::{CallOutcome, StreamCall};

/// Most calls without an answer yet, for each node.
const MOST_OPEN: usize = 20;

/// Calls to every node of the target.
pub(super) struct NodeWatch<'a> {
    operator: &'a Operator,
    /// What each call presents; a node that refuses it is there.
    token: Secret,
    began: Instant,
    /// The calls of each node, in the order of the configuration.
    calls: RefCell<Vec<Vec<StreamCall>>>,
}

impl<'a> NodeWatch<'a> {
    /// A watch that begins now.
    pub(super) fn new(operator: &'a Operator, token: Secret) -> Self {
        let calls = vec![Vec::new(); operator.target().nodes.len()];
        Self { operator, token, began: Instant::now(), calls: RefCell::new(calls) }
    }

    /// Calls every node after each pause, for ever. A call that hangs holds no other up.
    pub(super) async fn keep_calling(&self, pause: Duration) -> Infallible {
        let nodes = self.calls.borrow().len();
        let mut ticks = interval(pause);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut open = FuturesUnordered::new();
        loop {
            tokio::select! {
                Some(()) = open.next(), if !open.is_empty() => {}
                _ = ticks.tick() => {
                    let free = (0..nodes).filter(|_| open.len() < MOST_OPEN * nodes).collect::<Vec<_>>();
                    open.extend(free.into_iter().map(|node| self.call(node)));
                }
            }
        }
    }

    /// The calls of each node.
    pub(super) fn into_calls(self) -> Vec<Vec<StreamCall>> {
        self.calls.into_inner()
    }

    async fn call(&self, node: usize) {
        let sent = self.began.elapsed();
        let call = match self.operator.target().probe {
            Some(_) => TokenCall::Use(&self.token),
            None => TokenCall::Refresh(&self.token),
        };
        let outcome = match self.operator.call_once_on(Some(node), call).await {
            Err(CallError::Refused) => CallOutcome::Unavailable("no connection"),
            Err(CallError::Broken) => CallOutcome::Unavailable("a connection that broke"),
            Err(CallError::Silent) => CallOutcome::Unavailable("no answer in time"),
            Ok(answer) if answer.status == 503 => CallOutcome::Unavailable("503"),
            Ok(answer) if answer.status == 429 => CallOutcome::Unjudged,
            Ok(_) | Err(CallError::Unusable) => CallOutcome::Right,
        };
        let call = StreamCall { sent, answered: self.began.elapsed(), outcome };
        if let Some(calls) = self.calls.borrow_mut().get_mut(node) {
            calls.push(call);
        }
    }
}
