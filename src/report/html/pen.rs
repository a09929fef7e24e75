//! The templates of the report, and the one way in which text gets into them: made legible and escaped, whatever it is.

use std::io;

use base64::{Engine as _, prelude::BASE64_STANDARD};
use minijinja::{AutoEscape, Environment, Error, Output, State, UndefinedBehavior, Value, value::ValueKind};
use ring::digest::{SHA256, digest};
use serde::Serialize;

use crate::sanitize::sanitize;

const STYLE: &str = include_str!("style.css");
const FLEET_STYLE: &str = include_str!("../fleet/style.css");
const FILTER: &str = include_str!("filter.js");

const TEMPLATES: [(&str, &str); 15] = [
    ("head.html", include_str!("head.html")),
    ("opening.html", include_str!("opening.html")),
    ("broken.html", include_str!("broken.html")),
    ("drift.html", include_str!("drift.html")),
    ("unjudged.html", include_str!("unjudged.html")),
    ("remarks.html", include_str!("remarks.html")),
    ("timeline.html", include_str!("timeline.html")),
    ("filter.html", include_str!("filter.html")),
    ("area.html", include_str!("area.html")),
    ("requirement.html", include_str!("requirement.html")),
    ("scenario.html", include_str!("scenario.html")),
    ("requirement-end.html", include_str!("requirement-end.html")),
    ("area-end.html", include_str!("area-end.html")),
    ("closing.html", include_str!("closing.html")),
    ("fleet.html", include_str!("../fleet/page.html")),
];

#[derive(Serialize)]
struct Head<'a> {
    title: &'a str,
    fleet: bool,
}

/// Fills templates in.
pub(in crate::report) struct Pen(Environment<'static>);

impl Pen {
    pub(in crate::report) fn new() -> Self {
        let mut environment = Environment::empty();
        environment.set_auto_escape_callback(|_| AutoEscape::Html);
        environment.set_undefined_behavior(UndefinedBehavior::SemiStrict);
        environment.set_formatter(text);
        environment.set_trim_blocks(true);
        environment.set_keep_trailing_newline(true);
        environment.set_lstrip_blocks(true);
        // Both are ours, and the policy of the page lets no other style or script in.
        environment.add_global("style", Value::from_safe_string(STYLE.to_owned()));
        environment.add_global("style_hash", Value::from_safe_string(hash(STYLE)));
        environment.add_global("fleet_style", Value::from_safe_string(FLEET_STYLE.to_owned()));
        environment.add_global("fleet_style_hash", Value::from_safe_string(hash(FLEET_STYLE)));
        environment.add_global("filter", Value::from_safe_string(FILTER.to_owned()));
        environment.add_global("filter_hash", Value::from_safe_string(hash(FILTER)));
        for (name, source) in TEMPLATES {
            // A test reads them all.
            let _ = environment.add_template(name, source);
        }
        Self(environment)
    }

    /// Begins a page, up to its body. `fleet` adds what only the page of all targets looks like.
    pub(in crate::report) fn head(&self, title: &str, fleet: bool, out: &mut dyn io::Write) -> io::Result<()> {
        self.write("head.html", Head { title, fleet }, out)
    }

    /// Fills one template in.
    pub(in crate::report) fn write(
        &self,
        template: &str,
        content: impl Serialize,
        out: &mut dyn io::Write,
    ) -> io::Result<()> {
        let template = self.0.get_template(template).map_err(io::Error::other)?;
        template.render_captured_to(Value::from_serialize(content), out).map(|_| ()).map_err(io::Error::other)
    }
}

/// Writes a value so that it is seen and does nothing. Line breaks stay, for transcripts have them.
fn text(out: &mut Output<'_>, state: &State<'_, '_>, value: &Value) -> Result<(), Error> {
    match value.as_str() {
        Some(text) if value.kind() == ValueKind::String && !value.is_safe() => {
            for (position, line) in text.split('\n').enumerate() {
                out.write_str(if position == 0 { "" } else { "\n" })?;
                escaped(out, &sanitize(line))?;
            }
            Ok(())
        }
        _ => minijinja::escape_formatter(out, state, value),
    }
}

fn escaped(out: &mut Output<'_>, text: &str) -> Result<(), Error> {
    let mut rest = text;
    while let Some(at) = rest.find(['<', '>', '&', '"', '\'']) {
        let (before, special) = rest.split_at(at);
        out.write_str(before)?;
        out.write_str(match special.as_bytes() {
            [b'<', ..] => "&lt;",
            [b'>', ..] => "&gt;",
            [b'&', ..] => "&amp;",
            [b'"', ..] => "&quot;",
            _ => "&#39;",
        })?;
        rest = special.get(1..).unwrap_or_default();
    }
    Ok(out.write_str(rest)?)
}

/// What a content security policy knows a text by.
fn hash(text: &str) -> String {
    format!("sha256-{}", BASE64_STANDARD.encode(digest(&SHA256, text.as_bytes())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_template_can_be_read() {
        let pen = Pen::new();
        for (name, source) in TEMPLATES {
            let problem = pen.0.template_from_named_str(name, source).err().map(|error| error.to_string());
            assert_eq!(problem, None);
        }
    }

    #[test]
    fn hostile_text_is_seen_and_does_nothing() {
        let hostile = "</script><img src=x onerror=\"alert('1')\">&amp;\u{1b}[2J\u{202e}\nnext";
        let shown = Pen::new().0.render_str("{{ text }}", minijinja::context!(text => hostile)).expect("it is written");
        assert_eq!(
            shown,
            "&lt;/script&gt;&lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt;&amp;amp;\\u{1b}[2J\\u{202e}\nnext"
        );
    }
}
