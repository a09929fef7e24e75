//! The client side of bo-conformance: the sentences of the contract, the client that carries them out on a BO server, and the
//! checks that judge its answers. Knows a server only by what goes over the wire; which features are run, on what, and what
//! becomes of the outcome is the program's business.

mod api;
mod check;
mod client;
mod clock;
mod collection;
mod crowd;
mod habits;
mod journal;
mod lifetimes;
mod logins;
mod made_up;
mod meter;
mod one_time;
mod reading;
mod schema;
pub mod scout;
mod secret;
mod sentences;
mod session;
mod shares;
mod site;
mod snapshot;
mod stop;
pub mod target;
mod tokens;
mod vault;
mod vocabulary;
mod world;

pub use client::{Transport, TransportError};
pub use clock::{Clock, WallClock};
pub use journal::{Exchange, Journal, Received, Record};
pub use lifetimes::{Prior, SettingsJournal};
pub use meter::{Cost, Meter};
pub use one_time::{Minted, OneTimeTokens, SourceError};
pub use reading::{Alphabet, Reading, TokenForm};
pub use schema::{Problem, SchemaError, Schemas};
pub use secret::Secret;
pub use shares::shared_out;
pub use site::{Shared, Site};
pub use snapshot::{Snapshots, contents as snapshot_contents};
pub use stop::{Mismatch, Settle, Stop};
pub use target::Target;
pub use vault::{Kind, Mask, Search, Seen, Vault};
pub use vocabulary::{Sentence, keyword, vocabulary};
pub use world::World;
