//! The server side of bo-conformance: a stateful stand-in for the token API of a BackOffice server. It knows the API and
//! nothing of the suite that is run against it; the two meet on the wire only.
//!
//! [`Server::handle`] is the whole behaviour, free of any transport. [`wire`] puts a server behind wiremock, one for each
//! scenario; [`serve`] puts one behind hyper, for people who develop clients. A server behaves as documented unless its
//! [`Options`] name [`variations`]: seeded faults, or freedoms that the documentation leaves to a deployment.

mod call;
mod clock;
mod endpoints;
pub mod external_link;
mod refusal;
mod request;
mod response;
pub mod serve;
mod server;
mod state;
mod tokens;
mod users;
pub mod variations;
pub mod wire;

pub use clock::Clock;
pub use external_link::Landing;
pub use request::Request;
pub use response::Response;
pub use server::{BASE_PATH, Lifetimes, Options, Server};
pub use users::User;
pub use variations::{Area, Level, UnknownVariation, Variation, Variations};
