//! Finds keywords that JSON Schema 2020-12 does not have. The list is that of the draft's own meta-schemas.

use serde_json::Value;

use super::SchemaError;

/// Keywords whose value is not a schema.
const PLAIN: &[&str] = &[
    "$schema",
    "$id",
    "$ref",
    "$anchor",
    "$comment",
    "$dynamicRef",
    "$dynamicAnchor",
    "$vocabulary",
    "title",
    "description",
    "default",
    "deprecated",
    "readOnly",
    "writeOnly",
    "examples",
    "type",
    "const",
    "enum",
    "multipleOf",
    "maximum",
    "exclusiveMaximum",
    "minimum",
    "exclusiveMinimum",
    "maxLength",
    "minLength",
    "pattern",
    "maxItems",
    "minItems",
    "uniqueItems",
    "maxContains",
    "minContains",
    "maxProperties",
    "minProperties",
    "required",
    "dependentRequired",
    "format",
    "contentEncoding",
    "contentMediaType",
];
/// Keywords whose value is a schema.
const ONE: &[&str] = &[
    "items",
    "contains",
    "additionalProperties",
    "propertyNames",
    "if",
    "then",
    "else",
    "not",
    "unevaluatedItems",
    "unevaluatedProperties",
    "contentSchema",
];
/// Keywords whose value is a list of schemas.
const MANY: &[&str] = &["allOf", "anyOf", "oneOf", "prefixItems"];
/// Keywords whose value is an object of schemas.
const NAMED: &[&str] = &["properties", "patternProperties", "dependentSchemas", "$defs"];

/// Checks a schema and every schema inside it.
pub(super) fn check(file: &str, schema: &Value) -> Result<(), SchemaError> {
    check_at(file, "", schema)
}

fn check_at(file: &str, place: &str, schema: &Value) -> Result<(), SchemaError> {
    let Value::Object(keywords) = schema else { return Ok(()) };
    for (keyword, value) in keywords {
        let below = format!("{place}/{keyword}");
        let keyword = keyword.as_str();
        if ONE.contains(&keyword) {
            check_at(file, &below, value)?;
        } else if MANY.contains(&keyword) || NAMED.contains(&keyword) {
            for (name, schema) in children(value) {
                check_at(file, &format!("{below}/{name}"), schema)?;
            }
        } else if !PLAIN.contains(&keyword) {
            return Err(unknown(file, place, keyword));
        }
    }
    Ok(())
}

fn children(value: &Value) -> Vec<(String, &Value)> {
    match value {
        Value::Array(schemas) => schemas.iter().enumerate().map(|(at, schema)| (at.to_string(), schema)).collect(),
        Value::Object(schemas) => schemas.iter().map(|(name, schema)| (name.clone(), schema)).collect(),
        _ => Vec::new(),
    }
}

fn unknown(file: &str, place: &str, keyword: &str) -> SchemaError {
    let all = [PLAIN, ONE, MANY, NAMED].concat();
    let nearest = all
        .into_iter()
        .map(|known| (strsim::damerau_levenshtein(known, keyword), known))
        .min()
        .filter(|(distance, _)| *distance <= 3)
        .map(|(_, known)| known.to_owned());
    let place = if place.is_empty() { "/" } else { place };
    SchemaError::UnknownKeyword { file: file.to_owned(), keyword: keyword.to_owned(), place: place.to_owned(), nearest }
}
