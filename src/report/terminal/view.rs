//! How the text of a run is laid out for whoever reads it: colours, width, detail, and the file to read on.

use super::paint::Paint;

/// How much of a run is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Detail {
    /// What is broken, where to read on, and the verdict.
    Quiet,
    /// A block for each frequent cause, and short lists.
    Usual,
    /// Every cause in full, and long lists.
    Full,
}

/// The report to read on in.
#[derive(Clone, Debug)]
pub(crate) struct ReportLink {
    /// Its path as the user gave it.
    pub(crate) path: String,
    /// The URL that a terminal opens; `None` where links are not known to work.
    pub(crate) url: Option<String>,
}

/// Layout of the text of a run.
#[derive(Clone, Debug)]
pub(crate) struct TerminalView {
    pub(crate) paint: Paint,
    /// Columns.
    pub(crate) width: usize,
    pub(crate) detail: Detail,
    pub(crate) report: Option<ReportLink>,
}

impl TerminalView {
    /// Usual detail and no report to read on in.
    pub(crate) fn new(paint: Paint, width: usize) -> Self {
        Self { paint, width, detail: Detail::Usual, report: None }
    }

    /// The same without colours and links, in lines of any length: text to search through.
    pub(crate) fn to_plain(&self) -> Self {
        let report = self.report.clone().map(|report| ReportLink { url: None, ..report });
        Self { paint: Paint::new(false), width: usize::MAX, detail: self.detail, report }
    }
}

impl Detail {
    /// Most causes of one class that have a block of their own.
    pub(super) fn blocks(self) -> usize {
        if self.is_full() { 25 } else { 4 }
    }

    /// Most ids after one reason.
    pub(super) fn ids(self) -> usize {
        if self.is_full() { 500 } else { 6 }
    }

    /// Most notes, and most observations, beside failures.
    pub(super) fn notes(self) -> usize {
        if self.is_full() { 500 } else { 5 }
    }

    /// Most entries of one list.
    pub(super) fn listed(self) -> usize {
        if self.is_full() { 500 } else { 10 }
    }

    /// Whether everything is shown.
    pub(super) fn is_full(self) -> bool {
        self == Self::Full
    }
}
