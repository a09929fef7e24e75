//! Known deviations that are accepted for now. Whether one is needed, and whether it has expired, is the verdict's business.

use jiff::civil::Date;

use super::{
    ConfigError,
    document::WaiverTable,
    keys,
    nearest::advice,
    readable::Readable,
    setting::{Origin, Setting},
};

/// A known deviation, accepted until a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Waiver {
    /// The id of the requirement.
    pub(crate) requirement: String,
    /// Why it is accepted.
    pub(crate) reason: String,
    /// Who answers for it.
    pub(crate) owner: String,
    /// The last day on which it counts.
    pub(crate) expires: Date,
}

/// Reads the waivers of a target; `requirements` are the ids that exist.
pub(super) fn read(tables: &[WaiverTable], target: &str, requirements: &[&str]) -> Result<Vec<Waiver>, ConfigError> {
    tables.iter().map(|table| waiver(table, target, requirements)).collect()
}

fn waiver(table: &WaiverTable, target: &str, requirements: &[&str]) -> Result<Waiver, ConfigError> {
    let waiver = Waiver {
        requirement: value(table, target, "requirement")?,
        reason: value(table, target, "reason")?,
        owner: value(table, target, "owner")?,
        expires: value(table, target, "expires")?,
    };
    if requirements.contains(&waiver.requirement.as_str()) {
        return Ok(waiver);
    }
    let advice = near(&waiver.requirement, requirements);
    let origin = table.settings.get("requirement").map(|setting| setting.origin.clone());
    Err(ConfigError::UnknownRequirement {
        origin: origin.unwrap_or(Origin::File(table.at.clone())),
        id: waiver.requirement,
        advice,
    })
}

/// Ids differ in a digit, so that the nearest is only worth naming when the word before it was right.
fn near(id: &str, requirements: &[&str]) -> String {
    let upper = id.to_uppercase();
    let area = upper.split('-').next().unwrap_or_default();
    let same_area = requirements.iter().copied().filter(|known| known.split('-').next() == Some(area));
    let nearest = same_area.min_by_key(|known| strsim::damerau_levenshtein(&upper, known));
    nearest.map_or_else(
        || advice(id, areas(requirements)).replace("known are", "the areas are"),
        |near| format!("; did you mean `{near}`? `bo-conformance list` shows them all"),
    )
}

fn areas<'a>(requirements: &[&'a str]) -> Vec<&'a str> {
    let mut areas: Vec<_> = requirements.iter().filter_map(|id| id.split('-').next()).collect();
    areas.dedup();
    areas
}

fn value<T: Readable>(table: &WaiverTable, target: &str, key: &'static str) -> Result<T, ConfigError> {
    let missing = || ConfigError::Missing {
        owner: format!("{}: a waiver of target `{target}`", table.at),
        key: key.to_owned(),
        remedy: format!("a waiver has {}, like {}", keys::WAIVER.join(", "), example(key)),
    };
    let setting: &Setting = table.settings.get(key).ok_or_else(missing)?;
    T::read(setting).map_err(|problem| ConfigError::Value {
        origin: setting.origin.clone(),
        key: key.to_owned(),
        problem,
    })
}

fn example(key: &str) -> &'static str {
    match key {
        "requirement" => "`requirement = \"REFRESH-9\"`",
        "reason" => "`reason = \"rotation comes with 4.2\"`",
        "owner" => "`owner = \"auth team\"`",
        _ => "`expires = 2027-03-31`",
    }
}
