//! What the suite is run against.

use standin::{Variation, variations};

/// A variation of the stand-in that the suite is run against.
#[derive(Clone, Copy)]
pub(crate) struct TestSubject {
    pub(crate) variation: &'static Variation,
    /// Whether nothing may be blamed for it.
    pub(crate) conforms: bool,
}

impl TestSubject {
    /// Every fault, then every freedom, in the order of the catalogue.
    pub(crate) fn all() -> Vec<Self> {
        let faults = variations::faults().iter().map(|variation| Self { variation, conforms: false });
        let freedoms = variations::variants().iter().map(|variation| Self { variation, conforms: true });
        faults.chain(freedoms).collect()
    }

    /// Whether only a few scenarios can see the variation.
    pub(crate) fn is_narrow(self) -> bool {
        !self.conforms && variations::is_narrow(self.variation)
    }
}
