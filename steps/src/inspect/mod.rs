//! Inspects a server without judging it: how it is reached, its certificates, and the answers to one login and to the protected
//! call. Changes nothing on the server.

mod certificate;
pub(crate) mod chain_verifier;
mod client_cert_probe;
mod connect;
mod dialect_suggestion;
mod findings;
mod in_between;
mod inspection;
mod login;
mod no_answer;
mod nodes;
mod pinned_authority;
mod probe;
mod proxy;
mod refresh_form;
mod server_profile;
pub(crate) mod tls;
mod tls_error;
mod trust_recorder;

pub use certificate::CertificateInfo;
pub use connect::{ConnectError, Connected};
pub use dialect_suggestion::DialectSuggestion;
pub use findings::Findings;
pub use in_between::InBetween;
pub use inspection::{InspectionScope, certificate_end, inspect};
pub use login::{BodyShape, LoginFindings};
pub use no_answer::NoAnswer;
pub use nodes::{NodeFindings, inspect_nodes};
pub use probe::{ProbeFindings, ProbeIdentity};
pub use proxy::TunnelError;
pub use refresh_form::RefreshFindings;
pub use server_profile::{ClockSkew, ServerProfile};
pub use tls::TlsHandshake;
pub use tls_error::TlsError;
pub use trust_recorder::Trust;
