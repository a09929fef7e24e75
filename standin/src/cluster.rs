//! Nodes of one cluster: what faults keep apart. Without such a fault all nodes share one state.

use std::time::Duration;

use crate::{
    call::CallContext,
    state::ServerState,
    variations::{ClusterFault, VariationKey},
};

/// How late other nodes learn something with the faults that are late, unless the options set another lag.
const LAG: Duration = Duration::from_millis(200);
/// How far the clock of the node with the fault `cluster-clock-ahead` is ahead.
const AHEAD: Duration = Duration::from_secs(40);
/// What a node does that does not check signatures.
const UNCHECKED: [&str; 2] = ["use-signature-unchecked", "use-payload-unchecked"];
/// What an old build does.
const OLD_BUILD: [&str; 2] = ["issue-refresh-lifetime-missing", "error-refresh-html"];

/// How far the clock of a node is ahead.
pub(crate) fn clock_offset(state: &ServerState, node: usize) -> Duration {
    if node == 1 && state.variations.has(ClusterFault::ClockAhead) { AHEAD } else { Duration::ZERO }
}

/// Runs work with the settings and the build of this node.
pub(crate) fn on_node<T>(state: &mut ServerState, node: usize, work: impl FnOnce(&mut ServerState) -> T) -> T {
    let common = state.variations;
    if node == 2 && common.has(ClusterFault::OldBuild) {
        state.variations = common.with_names(OLD_BUILD).unwrap_or(common);
    }
    if node == 1 && common.has(ClusterFault::SignatureUnchecked) {
        state.variations = common.with_names(UNCHECKED).unwrap_or(common);
    }
    let apart = common.has(ClusterFault::SettingsUnshared) && node > 0;
    let shared = (state.effective, state.announced);
    if apart {
        (state.effective, state.announced) = state.settings_of_nodes.get(&node).copied().unwrap_or(state.initial);
    }
    let of_node = state.variations;
    let result = work(state);
    if apart {
        state.settings_of_nodes.insert(node, (state.effective, state.announced));
        (state.effective, state.announced) = shared;
    }
    // Work may have set others: those of all nodes.
    if state.variations == of_node {
        state.variations = common;
    }
    result
}

/// Whether this node knows an access token issued by that one.
pub(crate) fn knows_access(call: &CallContext<'_>, node: usize, issued: Duration) -> bool {
    has_learned(call, (ClusterFault::AccessUnshared, ClusterFault::AccessLate), node, issued)
}

/// Whether this node knows that a one-time token was used on that one.
pub(crate) fn knows_used_one_time(call: &CallContext<'_>, node: usize, used: Duration) -> bool {
    has_learned(call, (ClusterFault::OneTimeSpentUnshared, ClusterFault::OneTimeSpentLate), node, used)
}

/// Whether this node knows that a refresh token was spent on that one.
pub(crate) fn knows_spent_refresh(call: &CallContext<'_>, node: usize, spent: Duration) -> bool {
    let fault = ClusterFault::RefreshSpentUnshared;
    has_learned(call, (fault, fault), node, spent)
}

fn has_learned(
    call: &CallContext<'_>,
    (never, late): (impl VariationKey, impl VariationKey),
    node: usize,
    since: Duration,
) -> bool {
    let lag = call.config.lag;
    let is_late = |lag: Duration| call.now < since + lag;
    let is_unknown = call.has(never) && lag.is_none_or(is_late) || call.has(late) && is_late(lag.unwrap_or(LAG));
    node == call.node || !is_unknown
}
