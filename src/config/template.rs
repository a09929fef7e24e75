//! The configuration file that `bo-conformance init` writes: every key with its explanation, from the table of keys.

use super::keys::{self, Key, TARGET, TOP, WAIVER};

const HEAD: &str = "\
# Configuration of bo-conformance, for the current folder and the folders below it.
#
#   bo-conformance doctor --target staging     inspects the server and changes nothing
#   bo-conformance run --target staging        certifies it
#
# Every key can also be given by a flag or by an environment variable BO_CONFORMANCE_...; flags take precedence over
# the environment, and the environment over this file. Paths are relative to this file.

";
/// The keys that the template sets; the others are comments.
const SET: [&str; 4] = ["base_url", "login", "password.env", "probe"];
/// Alternatives to the key before them, which stay comments when the table is uncommented.
const ALTERNATIVES: [&str; 2] = ["ott.file", "ott.listen"];
/// The tables with a header of their own; any other table is a line of the target.
const TABLES: [(&str, &str); 3] = [
    ("second_user", "Another user, to test that tokens of two users stay apart."),
    ("ott", "The source of fresh one-time tokens: one of command, file and listen."),
    ("dialect", "JSON pointers and names, where the deployment differs from these."),
];
/// Column of the explanations.
const COLUMN: usize = 45;

/// The text of the file.
pub(crate) fn render_template() -> String {
    let mut text = HEAD.to_owned();
    TOP.iter().for_each(|key| text.push_str(&explained(&format!("# {} = {}", key.path, key.example), key.help)));
    text.push_str("\n[targets.staging]\n");
    let header = |key: &Key| TABLES.iter().find(|(name, _)| below(key, name)).map(|(name, _)| *name);
    for key in TARGET.iter().filter(|key| header(key).is_none()) {
        text.push_str(&target_line(key));
    }
    for (name, help) in TABLES {
        text.push_str(&format!("\n# {help}\n# [targets.staging.{name}]\n"));
        let inside = TARGET.iter().filter(|key| below(key, name));
        inside.for_each(|key| text.push_str(&table_line(key, name)));
    }
    text.push_str("\n# A known deviation, accepted for now.\n# [[targets.staging.waivers]]\n");
    WAIVER.iter().for_each(|key| text.push_str(&format!("# {} = {}\n", key.path, key.example)));
    text
}

fn below(key: &Key, table: &str) -> bool {
    key.path.strip_prefix(table).is_some_and(|rest| rest.starts_with('.'))
}

/// A key of the target itself; the first key of an inline table names the table.
fn target_line(key: &Key) -> String {
    let comment = if SET.contains(&key.path) { "" } else { "# " };
    match key.table() {
        "" => explained(&format!("{comment}{} = {}", key.path, key.example), key.help),
        table if keys::find(table).is_some_and(|first| first.path == key.path) => {
            explained(&format!("{comment}{}", inline(table)), inline_help(key))
        }
        _ => String::new(),
    }
}

/// A key of a table with a header; its inner tables are inline.
fn table_line(key: &Key, table: &str) -> String {
    let comment = if ALTERNATIVES.contains(&key.path) { "# # " } else { "# " };
    if key.table() == table {
        return explained(&format!("{comment}{} = {}", key.name(), key.example), key.help);
    }
    let is_first = keys::find(key.table()).is_some_and(|first| first.path == key.path);
    if is_first { explained(&format!("{comment}{}", inline(key.table())), inline_help(key)) } else { String::new() }
}

/// `name = { … }` with the keys of a table; of a password, whose sources exclude each other, with the first.
fn inline(table: &str) -> String {
    let most = if table.ends_with("password") { 1 } else { usize::MAX };
    let keys = TARGET.iter().filter(|key| key.table() == table).take(most);
    let members: Vec<_> = keys.map(|key| format!("{} = {}", key.name(), key.example)).collect();
    let name = table.rsplit_once('.').map_or(table, |(_, name)| name);
    format!("{name} = {{ {} }}", members.join(", "))
}

fn inline_help(key: &Key) -> &'static str {
    if key.table().ends_with("password") {
        "Or { file = \"bo.password\" } or { command = [\"pass\", \"bo/qa\"] }; never the password itself"
    } else {
        key.flag_help()
    }
}

/// The line with its explanation behind it.
fn explained(line: &str, help: &str) -> String {
    format!("{line:<COLUMN$} # {help}\n")
}
