//! The templates of HTML reports. All text that is filled in is sanitized and escaped.

use std::io;

use base64::{Engine as _, prelude::BASE64_STANDARD};
use minijinja::{AutoEscape, Environment, Error, Output, State, UndefinedBehavior, Value, value::ValueKind};
use ring::digest::{SHA256, digest};
use serde::Serialize;

use crate::sanitize::sanitize;

const STYLE: &str = include_str!("style.css");
const FLEET_STYLE: &str = include_str!("../fleet/style.css");
const FILTER: &str = include_str!("filter.js");
const CURL: &str = include_str!("curl.js");

const TEMPLATES: [(&str, &str); 16] = [
    ("head.html", include_str!("head.html")),
    ("header.html", include_str!("header.html")),
    ("failures.html", include_str!("failures.html")),
    ("drift.html", include_str!("drift.html")),
    ("unjudged.html", include_str!("unjudged.html")),
    ("cluster.html", include_str!("cluster.html")),
    ("observations.html", include_str!("observations.html")),
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

/// Most characters of a title at the top of printed pages.
const RUNNING_LENGTH: usize = 100;

#[derive(Serialize)]
struct PageHead<'a> {
    title: &'a str,
    fleet: bool,
    /// The style of printed pages, which repeats the title on each.
    running: Value,
    running_hash: String,
}

/// Fills templates in.
pub(in crate::report) struct Templates(Environment<'static>);

impl Templates {
    pub(in crate::report) fn new() -> Self {
        let mut environment = Environment::empty();
        environment.set_auto_escape_callback(|_| AutoEscape::Html);
        environment.set_undefined_behavior(UndefinedBehavior::SemiStrict);
        environment.set_formatter(write_value);
        environment.set_trim_blocks(true);
        environment.set_keep_trailing_newline(true);
        environment.set_lstrip_blocks(true);
        // The policy of the page allows no other style or script.
        environment.add_global("style", Value::from_safe_string(STYLE.to_owned()));
        environment.add_global("style_hash", Value::from_safe_string(hash(STYLE)));
        environment.add_global("fleet_style", Value::from_safe_string(FLEET_STYLE.to_owned()));
        environment.add_global("fleet_style_hash", Value::from_safe_string(hash(FLEET_STYLE)));
        environment.add_global("filter", Value::from_safe_string(FILTER.to_owned()));
        environment.add_global("filter_hash", Value::from_safe_string(hash(FILTER)));
        environment.add_global("curl", Value::from_safe_string(CURL.to_owned()));
        environment.add_global("curl_hash", Value::from_safe_string(hash(CURL)));
        for (name, source) in TEMPLATES {
            // A test parses them all.
            let _ = environment.add_template(name, source);
        }
        Self(environment)
    }

    /// Begins a page, up to its body. `fleet` adds the style of the page of all targets.
    pub(in crate::report) fn write_head(&self, title: &str, fleet: bool, out: &mut dyn io::Write) -> io::Result<()> {
        let running = running_head(title);
        let running_hash = hash(&running);
        self.write("head.html", PageHead { title, fleet, running: Value::from_safe_string(running), running_hash }, out)
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

/// Renders one page of its own from its template.
///
/// # Errors
/// When the template is wrong.
pub(crate) fn render_page(template: &str, content: impl Serialize) -> io::Result<String> {
    let rendered = Templates::new().0.render_named_str("page.html", template, Value::from_serialize(content));
    rendered.map_err(io::Error::other)
}

/// The style that prints the title at the top of every page.
fn running_head(title: &str) -> String {
    let escape = |character: char| match character {
        'A'..='Z' | 'a'..='z' | '0'..='9' | ' ' => character.to_string(),
        other => format!("\\{:x} ", u32::from(other)),
    };
    let title: String = sanitize(title).chars().take(RUNNING_LENGTH).map(escape).collect();
    format!("@page {{ @top-left {{ content: \"{title}\"; font-size: 8pt; font-weight: 600; }} }}")
}

/// Writes a value as text. Line breaks stay, because transcripts have them.
fn write_value(out: &mut Output<'_>, state: &State<'_, '_>, value: &Value) -> Result<(), Error> {
    match value.as_str() {
        Some(text) if value.kind() == ValueKind::String && !value.is_safe() => {
            for (position, line) in text.split('\n').enumerate() {
                out.write_str(if position == 0 { "" } else { "\n" })?;
                write_escaped(out, &sanitize(line))?;
            }
            Ok(())
        }
        _ => minijinja::escape_formatter(out, state, value),
    }
}

fn write_escaped(out: &mut Output<'_>, text: &str) -> Result<(), Error> {
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

/// The hash of a text in a content security policy.
fn hash(text: &str) -> String {
    format!("sha256-{}", BASE64_STANDARD.encode(digest(&SHA256, text.as_bytes())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_template_can_be_parsed() {
        let templates = Templates::new();
        for (name, source) in TEMPLATES {
            let problem = templates.0.template_from_named_str(name, source).err().map(|error| error.to_string());
            assert_eq!(problem, None);
        }
    }

    #[test]
    fn a_title_cannot_leave_the_style_that_repeats_it() {
        let style = running_head("a\"} </style>\u{202e}");
        let title =
            style.strip_prefix("@page { @top-left { content: \"a").and_then(|rest| rest.split_once("\"; font-size"));
        let (title, _) = title.expect("the title ends where it should");
        assert!(!title.contains(['"', '<', '>', '}', '\u{202e}']), "{style}");
    }

    #[test]
    fn hostile_text_is_shown_as_text() {
        let hostile = "</script><img src=x onerror=\"alert('1')\">&amp;\u{1b}[2J\u{202e}\nnext";
        let shown =
            Templates::new().0.render_str("{{ text }}", minijinja::context!(text => hostile)).expect("it is written");
        assert_eq!(
            shown,
            "&lt;/script&gt;&lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt;&amp;amp;\\u{1b}[2J\\u{202e}\nnext"
        );
    }
}
