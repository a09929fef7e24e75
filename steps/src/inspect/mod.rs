//! Inspects a server without judging it: how it is reached, its certificates, and the answers to one login and to the protected
//! call. Changes nothing on the server.

mod certificate;
mod client_cert_probe;
mod connect;
mod dialect_suggestion;
mod findings;
mod inspection;
mod login;
mod no_answer;
mod nodes;
mod probe;
mod proxy;
mod recording_verifier;
mod server_profile;
pub(crate) mod tls;

pub use certificate::CertificateInfo;
pub use connect::{ConnectError, Connected};
pub use dialect_suggestion::DialectSuggestion;
pub use findings::Findings;
pub use inspection::{InspectionScope, certificate_end, inspect};
pub use login::{BodyShape, LoginFindings};
pub use no_answer::NoAnswer;
pub use nodes::{NodeFindings, inspect_nodes};
pub use probe::{ProbeFindings, ProbeIdentity};
pub use recording_verifier::Trust;
pub use server_profile::{ClockSkew, ServerProfile};
pub use tls::{TlsError, TlsHandshake};
