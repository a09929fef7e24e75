//! The start gate of a race: holds each connection until all are open, so that the requests arrive together and not one by one.

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

/// A connector layer that releases its connections together.
#[derive(Clone, Debug)]
pub(super) struct Gate {
    barrier: Arc<Barrier>,
    patience: Duration,
}

impl Gate {
    /// A gate for this many connections. If one of them fails, the others are released after `patience`.
    pub(super) fn new(connections: usize, patience: Duration) -> Self {
        Self { barrier: Arc::new(Barrier::new(connections)), patience }
    }
}

impl<S> Layer<S> for Gate {
    type Service = GatedConnector<S>;

    fn layer(&self, connector: S) -> GatedConnector<S> {
        GatedConnector { connector, gate: self.clone() }
    }
}

/// A connector with a gate.
#[derive(Clone)]
pub(super) struct GatedConnector<S> {
    connector: S,
    gate: Gate,
}

impl<S, R> Service<R> for GatedConnector<S>
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
            // Without this bound, one refused connection would hold all others for ever.
            let _ = timeout(gate.patience, gate.barrier.wait()).await;
            connection
        })
    }
}
