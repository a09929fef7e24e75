//! The client side of bo-conformance: the steps of the contract, the client that sends their requests to a BO server, and the
//! checks that judge the answers. Knows a server only by what goes over the wire. The program decides which features run, on
//! which target, and what becomes of the outcome.

mod answer_summary;
mod api;
mod check;
mod client;
mod clock;
mod cluster;
mod fake;
pub mod inspect;
mod interference;
mod journal;
mod jwt;
mod lifetime_changes;
mod lifetimes;
mod lockout_guard;
mod message;
mod node_clocks;
mod node_traits;
mod one_time;
mod operator;
mod original_setting;
mod pace;
mod par_chunks;
mod recent_logins;
mod redactor;
mod run_counters;
mod schema;
mod secret;
mod sentences;
mod server_behaviour;
mod session;
mod site;
mod site_setup;
mod snapshot;
mod spare_pairs;
mod step_definition;
mod step_error;
mod step_matcher;
mod step_parameter;
pub mod target;
#[cfg(test)]
mod test_server;
mod tokens;
mod transport;
mod unknown_login;
mod world;

pub use answer_summary::{AnswerSummary, TextAlphabet, TokenForm};
pub use check::internals::exposed_internals;
pub use clock::{Clock, WallClock};
pub use cluster::{ClusterFindings, Deviation, NodePair};
pub use fake::{run_seed, set_run_seed};
pub use journal::{AnswerRecord, ExchangeRecord, Journal, ScenarioRecord};
pub use lifetime_changes::{NotRestored, OriginalLifetime, SettingsJournal};
pub use lifetimes::{LifetimeKind, Lifetimes};
pub use node_traits::SeenNodes;
pub use one_time::{Minted, OneTimeTokens, SourceError};
pub use operator::{
    CallAnswer, CallError, MintedToken, Operator, OperatorAnswer, OperatorRequest, TokenCall, TokenPair,
};
pub use pace::{Demand, PaceQueue, Pause, Progress, ProgressMark, Ticket, Trace, TraceEvent, Until};
pub use par_chunks::par_chunks;
pub use redactor::{Mask, Masked, Redactor, SecretKind, SecretRegister, SecretSearch, Sensitive, percent_encode};
pub use run_counters::{RunCost, RunCounters};
pub use schema::{SchemaError, SchemaProblem, Schemas};
pub use secret::Secret;
pub use site::{PaceView, Shared, Site};
pub use snapshot::{Snapshots, contents as snapshot_contents};
pub use step_definition::{StepDefinition, keyword};
pub use step_error::{Mismatch, PRECONDITION, StepError};
pub use step_matcher::{MatchedStep, StepMatchError, StepMatcher, parameter_values, step_definitions};
pub use target::Target;
pub use transport::{Transport, TransportError};
pub use world::World;
