//! HTTP messages as steps compose and read them. Knows nothing of how they are sent.

mod answer;
mod request;

pub(crate) use answer::{Answer, Call};
pub(crate) use request::Request;
