//! What each table of the configuration file may hold, and what it is called in messages.

use super::keys;

/// What a table may hold and what it is called.
pub(super) struct Table {
    title: String,
    prefix: String,
    known: fn() -> Vec<&'static str>,
}

impl Table {
    /// The top of the file.
    pub(super) const TOP: Self = Self {
        title: String::new(),
        prefix: String::new(),
        known: || keys::TOP.iter().chain(&["targets"]).copied().collect(),
    };

    /// The table of all targets.
    pub(super) fn targets() -> Self {
        Self { title: "[targets]".to_owned(), ..Self::TOP }
    }

    /// `[targets.NAME]`.
    pub(super) fn target(name: &str) -> Self {
        let known = || keys::KEYS.iter().map(|key| key.path).chain(["waivers"]).collect();
        Self { title: format!("[targets.{name}]"), prefix: String::new(), known }
    }

    /// `[[targets.NAME.waivers]]`.
    pub(super) fn waiver(target: &str) -> Self {
        Self { title: format!("[[targets.{target}.waivers]]"), prefix: String::new(), known: || keys::WAIVER.to_vec() }
    }

    /// The table that this key of it holds.
    pub(super) fn inner(&self, key: &str) -> Self {
        let title = format!("{}.{key}]", self.title.trim_end_matches(']'));
        Self { title, prefix: format!("{}{key}.", self.prefix), known: self.known }
    }

    /// Where its keys stand, as part of a sentence.
    pub(super) fn location(&self) -> String {
        if self.title.is_empty() { "at the top of the file".to_owned() } else { format!("in {}", self.title) }
    }

    /// The key that has this path in it, if it holds a value.
    pub(super) fn value(&self, name: &str) -> Option<&'static str> {
        let path = format!("{}{name}", self.prefix);
        (self.known)().into_iter().find(|known| *known == path)
    }

    /// The keys that may stand in it, without what lies deeper.
    pub(super) fn names(&self) -> Vec<&'static str> {
        let mut names: Vec<_> = (self.known)()
            .into_iter()
            .filter_map(|path| path.strip_prefix(self.prefix.as_str()))
            .map(|rest| rest.split_once('.').map_or(rest, |(name, _)| name))
            .collect();
        names.dedup();
        names
    }

    /// A line that somebody can copy: the first key of an inner table with its example, or the header of the table.
    pub(super) fn example(&self, key: &str) -> String {
        let path = format!("{}{key}.", self.prefix);
        match keys::KEYS.iter().find(|known| known.path.starts_with(&path)) {
            Some(known) => format!("`{key} = {{ {} = {} }}`", &known.path[path.len()..], known.example),
            None if key == "targets" => "[targets.NAME]".to_owned(),
            None if key == "waivers" => self.inner(key).title.replace('[', "[[").replace(']', "]]"),
            None => format!("[targets.{key}]"),
        }
    }
}
