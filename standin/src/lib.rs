//! The server side of bo-conformance: a stateful stand-in for the token API of a BackOffice server. It implements the API and
//! shares nothing with the suite that judges it; the two meet only on the wire.
//!
//! Layers, top to bottom: transports ([`serve`], [`wire`]) → [`service`] → [`StandIn`] → endpoints → issuing and refusals → call context →
//! state, tokens, users, clock, variations. A layer uses only the layers below it.
//!
//! [`StandIn::handle`] is the whole behaviour, without a transport. A stand-in behaves as documented unless its
//! [`StandInOptions`] name [`variations`]: seeded faults, or conforming variants that the documentation permits.

mod administration;
mod api;
pub mod balancer;
mod call;
mod clock;
mod cluster;
mod endpoints;
pub mod external_link;
mod history_faults;
mod input_faults;
mod issuing;
mod json_body;
mod lax_compare;
mod memory;
mod options;
pub mod persistence;
mod refusal;
mod request;
mod response;
pub mod restartable;
pub mod serve;
mod server;
pub mod service;
mod state;
pub mod tls;
mod tokens;
mod unforeseen;
mod users;
pub mod variations;
pub mod wire;

pub use administration::TokenStatus;
pub use api::BASE_PATH;
pub use clock::ServerClock;
pub use options::{LandingPage, StandInOptions, TokenLifetimes};
pub use request::ApiRequest;
pub use response::ApiResponse;
pub use server::StandIn;
pub use users::User;
pub use variations::{ApiArea, UnknownVariation, Variation, VariationLevel, Variations};
