//! Why a request of an inspection has no answer.

use serde::Serialize;

use crate::{Masked, api::Api, client::Trouble};

/// Why a request has no answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NoAnswer {
    /// The reason.
    pub why: Masked,
    /// Whether a longer timeout could help.
    pub late: bool,
}

impl NoAnswer {
    pub(super) fn new(api: &Api, trouble: &Trouble) -> Self {
        let why = api.site.redactor.mask_received(&trouble.to_string(), "");
        Self { why, late: matches!(trouble, Trouble::Timeout(_)) }
    }
}
