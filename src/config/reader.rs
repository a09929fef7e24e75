//! Walks through the tables of the configuration file. Refuses keys that do not exist, wherever they stand.

use std::collections::BTreeMap;

use toml::{
    Spanned,
    de::{DeString, DeTable, DeValue},
};

use super::{
    ConfigError,
    document::{Layer, TargetTable, WaiverTable},
    nearest::advice,
    place::Source,
    setting::{Origin, Raw, Setting},
    table::Table,
};

/// Reads tables, with the text at hand to say where something stands.
pub(super) struct Reader<'a>(pub(super) Source<'a>);

impl Reader<'_> {
    pub(super) fn targets(&self, value: &Spanned<DeValue<'_>>) -> Result<BTreeMap<String, TargetTable>, ConfigError> {
        let mut targets = BTreeMap::new();
        for (name, value) in self.table(value, "targets", &Table::TOP)? {
            let name = name.get_ref().as_ref();
            let table = self.table(value, name, &Table::targets())?;
            targets.insert(name.to_owned(), self.target(name, table)?);
        }
        Ok(targets)
    }

    fn target(&self, name: &str, table: &DeTable<'_>) -> Result<TargetTable, ConfigError> {
        let mut target = TargetTable::default();
        for (key, value) in table {
            if key.get_ref() == "waivers" {
                target.waivers = self.waivers(name, value)?;
            } else {
                self.entry(&mut target.settings, &Table::target(name), key, value)?;
            }
        }
        Ok(target)
    }

    fn waivers(&self, target: &str, value: &Spanned<DeValue<'_>>) -> Result<Vec<WaiverTable>, ConfigError> {
        let within = Table::waiver(target);
        let list = value.get_ref().as_array().ok_or_else(|| ConfigError::NotATable {
            at: self.0.place(value.span()),
            key: "waivers".to_owned(),
            table: Table::target(target).location(),
            example: Table::target(target).example("waivers"),
        })?;
        list.iter().map(|waiver| self.waiver(waiver, &within, target)).collect()
    }

    fn waiver(&self, value: &Spanned<DeValue<'_>>, within: &Table, target: &str) -> Result<WaiverTable, ConfigError> {
        let mut settings = Layer::new();
        for (key, value) in self.table(value, "waivers", &Table::target(target))? {
            self.entry(&mut settings, within, key, value)?;
        }
        Ok(WaiverTable { at: self.0.place(value.span()), settings })
    }

    /// One key with its value, which may be a table of keys.
    pub(super) fn entry(
        &self,
        layer: &mut Layer,
        within: &Table,
        key: &Spanned<DeString<'_>>,
        value: &Spanned<DeValue<'_>>,
    ) -> Result<(), ConfigError> {
        let name = key.get_ref().as_ref();
        if let Some(known) = within.value(name) {
            let at = self.0.place(value.span());
            layer.insert(known, Setting { raw: raw(value.get_ref()), origin: Origin::File(at) });
            return Ok(());
        }
        if !within.names().contains(&name) {
            return Err(self.unknown(within, key));
        }
        if name == "password" && value.get_ref().as_table().is_none() {
            return Err(ConfigError::InlinePassword { at: self.0.place(value.span()) });
        }
        let inner = within.inner(name);
        for (key, value) in self.table(value, name, within)? {
            self.entry(layer, &inner, key, value)?;
        }
        Ok(())
    }

    fn unknown(&self, within: &Table, key: &Spanned<DeString<'_>>) -> ConfigError {
        ConfigError::UnknownKey {
            at: self.0.place(key.span()),
            key: key.get_ref().to_string(),
            table: within.location(),
            advice: advice(key.get_ref(), within.names()),
        }
    }

    fn table<'v, 'i>(
        &self,
        value: &'v Spanned<DeValue<'i>>,
        key: &str,
        within: &Table,
    ) -> Result<&'v DeTable<'i>, ConfigError> {
        value.get_ref().as_table().ok_or_else(|| ConfigError::NotATable {
            at: self.0.place(value.span()),
            key: key.to_owned(),
            table: within.location(),
            example: within.example(key),
        })
    }
}

fn raw(value: &DeValue<'_>) -> Raw {
    match value {
        DeValue::String(text) => Raw::Text(text.to_string()),
        DeValue::Boolean(switch) => Raw::Switch(*switch),
        DeValue::Integer(number) => {
            i64::from_str_radix(number.as_str(), number.radix()).map_or(Raw::Other("a number too large"), Raw::Whole)
        }
        DeValue::Datetime(date) => match (date.date, date.time) {
            // TOML writes a day as ISO 8601 does, which is what the calendar reads.
            (Some(day), None) => day.to_string().parse().map_or(Raw::Other("a day that no calendar has"), Raw::Date),
            _ => Raw::Other("a time"),
        },
        DeValue::Array(list) => Raw::List(list.iter().map(|item| raw(item.get_ref())).collect()),
        DeValue::Float(_) => Raw::Other("a fraction"),
        DeValue::Table(_) => Raw::Other("a table"),
    }
}
