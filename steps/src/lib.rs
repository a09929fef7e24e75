//! The client side of bo-conformance: the sentences of the contract, the client that carries them out on a BO server, and the
//! checks that judge its answers. Knows a server only by what goes over the wire; which features are run, on what, and what
//! becomes of the outcome is the program's business.

mod answer_summary;
mod api;
mod check;
mod client;
mod clock;
mod fake;
pub mod inspect;
mod interference;
mod journal;
mod lifetimes;
mod lockout_guard;
mod one_time;
mod par_chunks;
mod redactor;
mod run_counters;
mod schema;
mod secret;
mod sentences;
mod server_behaviour;
mod session;
mod site;
mod snapshot;
mod step_definition;
mod step_error;
mod step_matcher;
pub mod target;
mod tokens;
mod world;

pub use answer_summary::{Alphabet, AnswerSummary, TokenForm};
pub use client::{Transport, TransportError};
pub use clock::{Clock, WallClock};
pub use journal::{Exchange, Journal, Received, Record};
pub use lifetimes::{Prior, SettingsJournal};
pub use one_time::{Minted, OneTimeTokens, SourceError};
pub use par_chunks::par_chunks;
pub use redactor::{Kind, Mask, Masked, Redactor, Search, SecretRegister, Sensitive};
pub use run_counters::{Cost, RunCounters};
pub use schema::{Problem, SchemaError, Schemas};
pub use secret::Secret;
pub use site::{Shared, Site};
pub use snapshot::{Snapshots, contents as snapshot_contents};
pub use step_definition::{StepDefinition, keyword};
pub use step_error::{Mismatch, StepError};
pub use step_matcher::{MatchedStep, StepMatchError, StepMatcher, step_definitions};
pub use target::Target;
pub use world::World;
