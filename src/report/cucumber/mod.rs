//! Cucumber's two formats: messages and classic JSON. Both show feature files as written, with the scenarios of a run at
//! their places in them.

mod ast;
pub(super) mod cucumber_json;
pub(super) mod cucumber_messages;
mod document;
mod encoding;
mod feature_sources;
mod rebuilt_feature;
mod source_map;
mod status;
mod test_case;
