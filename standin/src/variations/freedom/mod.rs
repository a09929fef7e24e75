//! Freedoms, by area: what the documentation leaves to a deployment. A suite that judges by the documentation must not
//! blame a server for any of them; some fall short of good practice, and their level says so.

pub(crate) mod answer;
pub(crate) mod one_time;
pub(crate) mod refusal;
pub(crate) mod session;
pub(crate) mod settings;
pub(crate) mod token;

pub(crate) use answer::Answer;
pub(crate) use one_time::OneTime;
pub(crate) use refusal::Refusal;
pub(crate) use session::Session;
pub(crate) use settings::Settings;
pub(crate) use token::Token;
