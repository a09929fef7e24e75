//! A call that several nodes were sent.

use crate::message::Answer;

/// The answer of a node to a call.
#[derive(Clone)]
pub(crate) struct SameCall {
    /// What the call was.
    pub(crate) name: String,
    pub(crate) node: usize,
    pub(crate) answer: Answer,
}
