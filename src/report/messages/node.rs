//! The ids that messages refer to each other by. Everything with an id stands on a line of its own, so document and line make
//! one, and no message has to know another to point to it.

/// The node of a document that begins at a line.
pub(super) fn at(document: usize, line: usize) -> String {
    format!("{document}:{line}")
}

/// A tag: several may stand on one line.
pub(super) fn tag(document: usize, line: usize, name: &str) -> String {
    format!("{document}:{line}@{name}")
}

/// A scenario of the run: the number of its document and its position among the scenarios there.
#[derive(Clone, Copy)]
pub(super) struct Case {
    pub(super) document: usize,
    pub(super) position: usize,
}

impl Case {
    /// What was to run.
    pub(super) fn pickle(self) -> String {
        format!("pickle {}.{}", self.document, self.position)
    }

    /// A step of what was to run.
    pub(super) fn pickle_step(self, step: usize) -> String {
        format!("pickle {}.{}.{step}", self.document, self.position)
    }

    /// How it was to run.
    pub(super) fn test_case(self) -> String {
        format!("case {}.{}", self.document, self.position)
    }

    /// A step of how it was to run.
    pub(super) fn test_step(self, step: usize) -> String {
        format!("case {}.{}.{step}", self.document, self.position)
    }

    /// The one time it ran.
    pub(super) fn started(self) -> String {
        format!("started {}.{}", self.document, self.position)
    }
}
