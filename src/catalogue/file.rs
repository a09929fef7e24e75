//! The catalogue's TOML and its rules. Every error names file, line and column.

use std::collections::HashMap;

use serde::Deserialize;
use thiserror::Error;
use toml::Spanned;

use super::{
    need::Need,
    requirement::{Area, Level, Recommendation, Requirement, RequirementId, WaitsFor},
};

/// What is wrong with a catalogue, and where.
#[derive(Debug, Error, PartialEq, Eq)]
#[error("{file}:{line}:{column}: {what}")]
pub(crate) struct CatalogueError {
    file: String,
    line: usize,
    column: usize,
    what: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CatalogueFile {
    requirement: Vec<CatalogueEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CatalogueEntry {
    id: Spanned<RequirementId>,
    level: Level,
    /// Own requirements need none.
    area: Option<Area>,
    statement: String,
    source: String,
    /// Own requirements may leave it out.
    needs: Option<Vec<Need>>,
    waits_for: Option<WaitsFor>,
    also: Option<Also>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Also {
    level: Level,
    statement: String,
    source: String,
}

impl CatalogueError {
    /// The file cannot be read.
    pub(super) fn unreadable(file: &str, error: &dyn std::error::Error) -> Self {
        Self { file: file.to_owned(), line: 1, column: 1, what: error.to_string() }
    }
}

/// Reads the catalogue that is built in; `file` is only for errors.
pub(super) fn parse(file: &str, text: &str) -> Result<Vec<Requirement>, CatalogueError> {
    parse_beside(file, text, None)
}

/// Reads own requirements beside those that are built in.
pub(super) fn parse_own(file: &str, text: &str, built_in: &[Requirement]) -> Result<Vec<Requirement>, CatalogueError> {
    parse_beside(file, text, Some(built_in))
}

fn parse_beside(file: &str, text: &str, built_in: Option<&[Requirement]>) -> Result<Vec<Requirement>, CatalogueError> {
    let error_at = |offset: usize, what: String| {
        let (line, column) = position(text, offset);
        CatalogueError { file: file.to_owned(), line, column, what }
    };
    let parsed: CatalogueFile = toml::from_str(text)
        .map_err(|error| error_at(error.span().map_or(0, |span| span.start), error.message().to_owned()))?;
    let mut before = Before::default();
    let mut requirements = Vec::with_capacity(parsed.requirement.len());
    for entry in parsed.requirement {
        let offset = entry.id.span().start;
        let id = entry.id.get_ref();
        let admitted = match built_in {
            Some(built_in) if built_in.iter().any(|it| it.id == *id) => {
                Err(format!("{id} is built in; give your own requirement another id"))
            }
            _ => before.admit(&entry, position(text, offset).0, built_in.is_some()),
        };
        let read = admitted.and_then(|()| entry.into_requirement());
        requirements.push(read.map_err(|what| error_at(offset, what))?);
    }
    Ok(requirements)
}

/// The entries before one, with which it must agree.
#[derive(Default)]
struct Before {
    lines: HashMap<RequirementId, usize>,
    areas: HashMap<String, Area>,
}

impl Before {
    fn admit(&mut self, entry: &CatalogueEntry, line: usize, is_own: bool) -> Result<(), String> {
        let id = entry.id.get_ref();
        if let Some(line) = self.lines.insert(id.clone(), line) {
            return Err(format!("{id} is already in the catalogue, in line {line}"));
        }
        let given = match (entry.area, &entry.needs) {
            (Some(area), Some(_)) => area,
            _ if is_own => return Ok(()),
            (None, _) => return Err(format!("{id}: `area` is missing")),
            (_, None) => return Err(format!("{id}: `needs` is missing")),
        };
        let (word, own) = (id.word(), given.name());
        let area = self.areas.entry(word.to_owned()).or_insert(given);
        if *area == given {
            return Ok(());
        }
        Err(format!("{id}: its area is `{own}`, that of {word}-… before it `{}`", area.name()))
    }
}

impl CatalogueEntry {
    fn into_requirement(self) -> Result<Requirement, String> {
        let id = self.id.into_inner();
        let of_id = |what: String| format!("{id}: {what}");
        Ok(Requirement {
            level: self.level,
            statement: filled("statement", self.statement).map_err(of_id)?,
            source: filled("source", self.source).map_err(of_id)?,
            needs: self.needs.unwrap_or_default(),
            waits_for: self.waits_for,
            also: self.also.map(|also| also.into_recommendation(self.level)).transpose().map_err(of_id)?,
            id: id.clone(),
        })
    }
}

impl Also {
    fn into_recommendation(self, beside: Level) -> Result<Recommendation, String> {
        if (beside, self.level) != (Level::Must, Level::Should) {
            return Err("`also` is a recommendation of a `must`: its level is `should`".to_owned());
        }
        Ok(Recommendation {
            statement: filled("also.statement", self.statement)?,
            source: filled("also.source", self.source)?,
        })
    }
}

fn filled(key: &str, text: String) -> Result<String, String> {
    if text.trim().is_empty() { Err(format!("`{key}` is empty")) } else { Ok(text) }
}

/// Line and column of a byte, both counted from 1.
fn position(text: &str, offset: usize) -> (usize, usize) {
    let before = text.get(..offset).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let column = before.chars().rev().take_while(|character| *character != '\n').count() + 1;
    (line, column)
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "[[requirement]]\nid = \"OTT-2\"\nlevel = \"must\"\narea = \"one-time\"\n\
                        statement = \"Once.\"\nsource = \"A page\"\nneeds = [\"ott\"]\n";

    fn error(text: &str) -> String {
        parse("r.toml", text).expect_err("it is wrong").to_string()
    }

    #[test]
    fn an_entry_is_read() {
        let also = "also = { level = \"should\", statement = \"405.\", source = \"RFC\" }\n";
        let read = parse("r.toml", &format!("{GOOD}{also}")).expect("it is right");
        let [requirement] = read.as_slice() else { panic!("it is one") };
        assert_eq!(requirement.id.as_str(), "OTT-2");
        assert_eq!((requirement.level, requirement.statement.as_str()), (Level::Must, "Once."));
        assert_eq!(requirement.needs, [Need::Ott]);
        assert_eq!(requirement.waits_for, None);
        let waiting = parse("r.toml", &format!("{GOOD}waits_for = \"one-time\"\n")).expect("it is right");
        assert_eq!(waiting.first().and_then(|it| it.waits_for), Some(WaitsFor::OneTime));
        assert_eq!(requirement.also.as_ref().map(|also| also.statement.as_str()), Some("405."));
    }

    #[test]
    fn an_error_names_its_position() {
        for (from, to, expected) in [
            ("OTT-2", "ott-2", "r.toml:2:6: `ott-2` is not a requirement id; write it like `OTT-2`"),
            ("\"must\"", "\"may\"", "r.toml:3:9: unknown variant `may`, expected one of `must`, `should`, `observe`"),
            ("Once.", " ", "r.toml:2:6: OTT-2: `statement` is empty"),
            ("A page", "", "r.toml:2:6: OTT-2: `source` is empty"),
            (
                "\"ott\"",
                "\"otp\"",
                "r.toml:7:9: `otp` is not a need; the needs are probe, identity, user2, ott, ott2, settings, time, nodes",
            ),
        ] {
            assert_eq!(error(&GOOD.replace(from, to)), expected);
        }
    }

    #[test]
    fn missing_repeated_and_unknown_keys_are_refused() {
        assert_eq!(error(&GOOD.repeat(2)), "r.toml:9:6: OTT-2 is already in the catalogue, in line 2");
        assert!(error(&GOOD.replace("needs", "need")).starts_with("r.toml:7:1: unknown field `need`"));
        assert_eq!(error(&GOOD.replace("source = \"A page\"\n", "")), "r.toml:1:1: missing field `source`");
    }

    #[test]
    fn the_ids_of_an_area_share_a_word() {
        let next = GOOD.replace("OTT-2", "OTT-3");
        assert!(parse("r.toml", &format!("{GOOD}{next}")).is_ok());
        assert_eq!(
            error(&format!("{GOOD}{}", next.replace("one-time", "issue"))),
            "r.toml:9:6: OTT-3: its area is `issue`, that of OTT-… before it `one-time`"
        );
    }

    #[test]
    fn only_a_must_has_a_recommendation() {
        let also = "also = { level = \"should\", statement = \"405.\", source = \"RFC\" }\n";
        let wrong = "r.toml:2:6: OTT-2: `also` is a recommendation of a `must`: its level is `should`";
        assert_eq!(error(&format!("{}{also}", GOOD.replace("\"must\"", "\"should\""))), wrong);
        assert_eq!(error(&format!("{GOOD}{}", also.replace("\"should\"", "\"must\""))), wrong);
    }
}
