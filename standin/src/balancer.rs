//! A balancer in front of the nodes of one cluster. It chooses a node for each request and passes requests and answers on as they are.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use crate::{request::ApiRequest, response::ApiResponse, serve::Responder};

/// The cookie that keeps a client at a node.
const COOKIE: &str = "ROUTE";

/// How a balancer chooses a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BalancePolicy {
    /// The node that the client's cookie names; the next one without a cookie.
    Sticky,
    /// The next one for each connection.
    Connection,
    /// The next one for each request.
    Request,
}

/// A balancer. Clones serve the same nodes.
#[derive(Clone)]
pub struct Balancer<R> {
    nodes: Arc<[R]>,
    policy: BalancePolicy,
    turns: Arc<AtomicUsize>,
    /// The node of this connection.
    node: usize,
}

impl<R: Responder> Balancer<R> {
    /// A balancer of these nodes. A single one gets everything.
    #[must_use]
    pub fn new(nodes: impl IntoIterator<Item = R>, policy: BalancePolicy) -> Self {
        Self { nodes: nodes.into_iter().collect(), policy, turns: Arc::default(), node: 0 }
    }

    fn next(&self) -> usize {
        self.turns.fetch_add(1, Ordering::Relaxed) % self.nodes.len().max(1)
    }

    /// The node that the request's cookie names.
    fn named(&self, request: &ApiRequest) -> Option<usize> {
        let cookies = request.headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case("cookie"));
        let pairs = cookies.flat_map(|(_, value)| value.split(';')).filter_map(|pair| pair.trim().split_once('='));
        let named = pairs.filter(|(name, _)| *name == COOKIE).find_map(|(_, value)| value.parse().ok());
        named.filter(|node| *node < self.nodes.len())
    }
}

impl<R: Responder> Responder for Balancer<R> {
    fn accept(&self) -> Self {
        let node = if self.policy == BalancePolicy::Connection { self.next() } else { 0 };
        Self { node, ..self.clone() }
    }

    fn respond(&self, request: &ApiRequest) -> Option<ApiResponse> {
        let named = self.named(request).filter(|_| self.policy == BalancePolicy::Sticky);
        let node = match self.policy {
            BalancePolicy::Connection => self.node,
            BalancePolicy::Request | BalancePolicy::Sticky => named.unwrap_or_else(|| self.next()),
        };
        let mut response = self.nodes.get(node)?.respond(request)?;
        if self.policy == BalancePolicy::Sticky && named.is_none() {
            response.headers.push(("Set-Cookie".to_owned(), format!("{COOKIE}={node}; Path=/")));
        }
        Some(response)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A node that answers with its number as the status.
    #[derive(Clone)]
    struct Node(u16);

    impl Responder for Node {
        fn respond(&self, _: &ApiRequest) -> Option<ApiResponse> {
            Some(ApiResponse::empty(self.0))
        }
    }

    fn statuses(balancer: &Balancer<Node>, cookie: &str) -> Vec<u16> {
        let headers = vec![("cookie".to_owned(), cookie.to_owned())];
        let request = ApiRequest { headers, ..ApiRequest::default() };
        (0..3).filter_map(|_| balancer.respond(&request)).map(|response| response.status).collect()
    }

    #[test]
    fn each_policy_chooses_by_its_own_rule() {
        let balancer = |policy| Balancer::new([Node(200), Node(201), Node(202)], policy);
        assert_eq!(statuses(&balancer(BalancePolicy::Request), "ROUTE=1"), [200, 201, 202]);
        assert_eq!(statuses(&balancer(BalancePolicy::Sticky), "a=b; ROUTE=1"), [201, 201, 201]);
        assert_eq!(statuses(&balancer(BalancePolicy::Sticky), "ROUTE=9"), [200, 201, 202]);
        let by_connection = balancer(BalancePolicy::Connection);
        let connections: Vec<_> = (0..2).map(|_| by_connection.accept()).collect();
        assert_eq!(statuses(&connections[0], "ROUTE=1"), [200, 200, 200]);
        assert_eq!(statuses(&connections[1], "ROUTE=0"), [201, 201, 201]);
    }
}
