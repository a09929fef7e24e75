//! The answer of one node of a cluster, and what it is about.

use std::time::Duration;

use crate::{Secret, message::Answer, sentences::Action};

/// The answer of one node.
#[derive(Clone)]
pub(crate) struct NodeAnswer {
    /// The place of the node that gave or spent the token, or was changed, if there is one.
    pub(crate) source: Option<usize>,
    /// The place of the node that answered.
    pub(crate) node: usize,
    /// What was done with a token, and the token.
    pub(crate) action: Option<Action>,
    pub(crate) token: Option<Secret>,
    /// When the source had answered, on the target's clock.
    pub(crate) since: Duration,
    /// Whether the token was shown a while after it was spent, and not for the first time.
    pub(crate) is_later: bool,
    pub(crate) answer: Answer,
}
