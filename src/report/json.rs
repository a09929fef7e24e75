//! `results.json`: the results themselves, described by `schemas/results-v1.schema.json`.

use std::io::{self, Write as _};

use crate::results::Results;

/// Writes the results, indented for people who look into the file.
pub(super) fn render(results: &Results, out: &mut dyn io::Write) -> io::Result<()> {
    // The pieces are small and many.
    let mut out = io::BufWriter::new(out);
    serde_json::to_writer_pretty(&mut out, results)?;
    out.write_all(b"\n")?;
    out.flush()
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::results::sample;

    const SCHEMA: &str = include_str!("../../schemas/results-v1.schema.json");

    fn validator() -> jsonschema::Validator {
        let schema: Value = serde_json::from_str(SCHEMA).expect("it is JSON");
        let options = jsonschema::options().should_validate_formats(true).should_ignore_unknown_formats(false);
        options.build(&schema).expect("it is a schema")
    }

    fn written(results: &Results) -> Value {
        serde_json::from_str(&sample::rendered(render, results)).expect("it is JSON")
    }

    /// Pointers to every object of a value.
    fn objects(value: &Value, at: &str, found: &mut Vec<String>) {
        match value {
            Value::Object(fields) => {
                found.push(at.to_owned());
                fields.iter().for_each(|(name, field)| objects(field, &format!("{at}/{name}"), found));
            }
            Value::Array(items) => {
                items.iter().enumerate().for_each(|(position, item)| objects(item, &format!("{at}/{position}"), found));
            }
            _ => {}
        }
    }

    fn every_object(value: &Value) -> Vec<String> {
        let mut found = Vec::new();
        objects(value, "", &mut found);
        found
    }

    #[test]
    fn all_kinds_of_runs_fit_the_schema_and_can_be_read_again() {
        let validator = validator();
        for results in sample::all() {
            let value = written(&results);
            let problems: Vec<String> = validator.iter_errors(&value).map(|problem| problem.to_string()).collect();
            assert_eq!(problems, [""; 0]);
            let again: Results = serde_json::from_value(value.clone()).expect("it can be read again");
            assert_eq!(written(&again), value);
        }
    }

    #[test]
    fn the_schema_allows_no_other_key() {
        let (validator, value) = (validator(), written(&sample::failing()));
        for at in every_object(&value) {
            let mut more = value.clone();
            let object = more.pointer_mut(&at).and_then(Value::as_object_mut).expect("it is an object");
            object.insert("unknown".to_owned(), Value::Null);
            assert!(!validator.is_valid(&more), "the schema allows an unknown key at {at}/");
        }
    }

    #[test]
    fn a_key_may_be_missing_exactly_where_the_format_leaves_it_out() {
        let (validator, value) = (validator(), written(&sample::failing()));
        for at in every_object(&value) {
            let names: Vec<String> =
                value.pointer(&at).and_then(Value::as_object).expect("it is an object").keys().cloned().collect();
            for name in names {
                let mut less = value.clone();
                less.pointer_mut(&at).and_then(Value::as_object_mut).expect("it is an object").remove(&name);
                // serde reads a missing key of an `Option` as `None`; written it always is, unless it is left out on purpose.
                let left_out = serde_json::from_value::<Results>(less.clone()).is_ok_and(|read| written(&read) == less);
                assert_eq!(validator.is_valid(&less), left_out, "{at}/{name}");
            }
        }
    }

    #[test]
    fn enumerations_are_closed() {
        let (validator, value) = (validator(), written(&sample::failing()));
        for at in [
            "/format",
            "/profile",
            "/verdict",
            "/requirements/0/level",
            "/requirements/0/verdict",
            "/scenarios/0/verdict",
            "/scenarios/0/steps/0/verdict",
            "/startedAt",
            "/suite/digest",
        ] {
            let mut other = value.clone();
            *other.pointer_mut(at).expect(at) = Value::from("other");
            assert!(!validator.is_valid(&other), "{at} may be anything");
        }
    }
}
