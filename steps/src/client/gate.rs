//! Holds every connection of a race back until all of them are open, so that the requests truly meet at the server instead
//! of arriving one by one as their connections are made.

use std::{
    future::Future,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use tokio::{sync::Barrier, time::timeout};
use tower_layer::Layer;
use tower_service::Service;

/// A connector layer that lets its connections go together.
#[derive(Clone, Debug)]
pub(super) struct Gate {
    barrier: Arc<Barrier>,
    patience: Duration,
}

impl Gate {
    /// For this many connections. When one of them cannot be made the others go after `patience`, and the race is smaller.
    pub(super) fn new(connections: usize, patience: Duration) -> Self {
        Self { barrier: Arc::new(Barrier::new(connections)), patience }
    }
}

impl<S> Layer<S> for Gate {
    type Service = Gated<S>;

    fn layer(&self, connector: S) -> Gated<S> {
        Gated { connector, gate: self.clone() }
    }
}

/// A connector whose connections wait for each other.
#[derive(Clone)]
pub(super) struct Gated<S> {
    connector: S,
    gate: Gate,
}

impl<S, R> Service<R> for Gated<S>
where
    S: Service<R>,
    S::Future: Send + 'static,
    S::Response: Send,
    S::Error: Send,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<S::Response, S::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.connector.poll_ready(context)
    }

    fn call(&mut self, request: R) -> Self::Future {
        let (connecting, gate) = (self.connector.call(request), self.gate.clone());
        Box::pin(async move {
            let connection = connecting.await;
            // Late is better than never: without this bound one refused connection would hold all others for ever.
            let _ = timeout(gate.patience, gate.barrier.wait()).await;
            connection
        })
    }
}
