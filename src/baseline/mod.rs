//! What a server answers, recorded before an upgrade and compared after it. Everything is made from the results of runs, so that
//! two of them can be compared without a server; nothing here calls one, prints or ends the program.
//!
//! Results ([`picture::Picture::of`]) are reduced to facts that stay the same from run to run. Two runs of an unchanged server
//! agree on them, and where they do not ([`picture::Picture::confirmed`]) the fact is marked as unstable and never compared.
//! Which difference matters is written down in one place: `rules`.

mod answer;
mod body;
mod compare;
mod confirm;
mod folder;
mod latency;
mod pages;
mod picture;
mod record;
mod redaction;
mod rules;

use compare::compare;
pub(crate) use folder::Baseline;
use latency::Latency;
pub(crate) use picture::Picture;
pub(crate) use record::Record;
