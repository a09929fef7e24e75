//! The nodes of a served stand-in and the balancer in front of them, from the command line.

use std::time::Duration;

use standin::balancer::BalancePolicy;

use crate::config::parse_duration;

/// Arguments about several nodes.
#[derive(clap::Args)]
pub(crate) struct ClusterArgs {
    /// How many nodes of one cluster to serve: each gets a port of its own beside this one, which is the first node's
    #[arg(long, value_name = "NUMBER", default_value = "1", value_parser = clap::value_parser!(u16).range(1..=16))]
    pub(super) nodes: u16,
    /// Balance over the nodes at this port instead; then the first node, too, gets one of its own
    #[arg(long, value_enum, value_name = "POLICY", requires = "nodes")]
    balance: Option<Balance>,
    /// How late the other nodes learn what a seeded `cluster-` fault keeps from them, as `200ms`
    #[arg(long, value_name = "DURATION", value_parser = parse_time, requires = "nodes")]
    pub(super) lag: Option<Duration>,
}

/// By what the balancer chooses a node.
#[derive(Clone, Copy, clap::ValueEnum)]
enum Balance {
    /// A cookie
    Sticky,
    /// The connection
    Connection,
    /// Each request anew
    Request,
}

impl ClusterArgs {
    /// The policy of the balancer, if there is one.
    pub(super) fn policy(&self) -> Option<BalancePolicy> {
        Some(match self.balance? {
            Balance::Sticky => BalancePolicy::Sticky,
            Balance::Connection => BalancePolicy::Connection,
            Balance::Request => BalancePolicy::Request,
        })
    }

    /// The nodes with a port of their own.
    pub(super) fn served(&self) -> std::ops::Range<usize> {
        usize::from(self.balance.is_none())..usize::from(self.nodes)
    }

    /// The nodes that the port of `--listen` leads to.
    pub(super) fn balanced(&self) -> std::ops::Range<usize> {
        0..if self.balance.is_some() { usize::from(self.nodes) } else { 1 }
    }
}

fn parse_time(text: &str) -> Result<Duration, String> {
    parse_duration(text).map_err(|error| error.to_string())
}
