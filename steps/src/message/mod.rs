//! HTTP messages as steps compose and read them. Knows nothing of how they are sent.

mod answer;
mod json_body;
mod request;

pub(crate) use answer::{Answer, Call};
pub(crate) use json_body::read as read_json;
pub(crate) use request::{Body, Request};
