//! The JSON Schemas that answers are checked against: registered together, compiled when first used and then kept, without
//! network. A keyword that the draft does not know is refused, since a mistyped one would silently check nothing.

mod keywords;

use std::{collections::BTreeMap, fmt, sync::OnceLock};

use jsonschema::{Registry, Validator, error::ValidationErrorKind};
use serde_json::Value;
use thiserror::Error;

/// All schemas of a run, by name.
#[derive(Debug)]
pub struct Schemas {
    registry: Registry<'static>,
    schemas: BTreeMap<String, Schema>,
}

#[derive(Debug)]
struct Schema {
    source: Value,
    compiled: OnceLock<Result<Validator, String>>,
}

/// What a schema finds wrong with an answer; the value itself is not shown, it may be a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SchemaProblem {
    /// The property of the answer it is about; `None` for the answer as a whole.
    pub property: Option<String>,
    /// What is wrong.
    pub message: String,
}

impl fmt::Display for SchemaProblem {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.property {
            Some(property) => write!(out, "`{property}`: {}", self.message),
            None => write!(out, "{}", self.message),
        }
    }
}

/// Why the schemas cannot be used.
#[derive(Debug, Error)]
pub enum SchemaError {
    /// A file is not JSON.
    #[error("schemas/{file}: not JSON: {reason}")]
    NotJson {
        /// The file's name.
        file: String,
        /// Where and why.
        reason: String,
    },
    /// A keyword that JSON Schema 2020-12 does not have.
    #[error("schemas/{file}: `{keyword}` at {place} is not a keyword of JSON Schema 2020-12{}", nearest.as_ref().map(|n| format!("; did you mean `{n}`?")).unwrap_or_default())]
    UnknownKeyword {
        /// The file's name.
        file: String,
        /// The keyword as written.
        keyword: String,
        /// JSON pointer to the schema that has it.
        place: String,
        /// The keyword that was probably meant.
        nearest: Option<String>,
    },
    /// The schema cannot be registered or compiled.
    #[error("schemas/{file}: {reason}")]
    Unusable {
        /// The file's name.
        file: String,
        /// Why.
        reason: String,
    },
}

impl Schemas {
    /// Registers schemas, given as file name and text. A schema is used by its file name without `.schema.json`.
    ///
    /// # Errors
    /// When a file is not JSON, or holds an unknown keyword.
    pub fn new<'a>(files: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<Self, SchemaError> {
        let mut schemas = BTreeMap::new();
        let mut registry = Registry::new();
        for (file, text) in files {
            let unusable = |reason: String| SchemaError::Unusable { file: file.to_owned(), reason };
            let source: Value = serde_json::from_str(text)
                .map_err(|error| SchemaError::NotJson { file: file.to_owned(), reason: error.to_string() })?;
            keywords::check(file, &source)?;
            let id = source["$id"].as_str().map_or_else(|| format!("urn:bo-conformance:schema:{file}"), str::to_owned);
            registry = registry.add(id, source.clone()).map_err(|error| unusable(error.to_string()))?;
            let name = file.strip_suffix(".schema.json").unwrap_or(file).to_owned();
            schemas.insert(name, Schema { source, compiled: OnceLock::new() });
        }
        let unusable = |error: &dyn ToString| SchemaError::Unusable { file: "*".to_owned(), reason: error.to_string() };
        let registry = registry.prepare().map_err(|error| unusable(&error))?;
        Ok(Self { registry, schemas })
    }

    /// Whether there is a schema of this name.
    #[must_use]
    pub fn contains(&self, name: &str) -> bool {
        self.schemas.contains_key(name)
    }

    /// The names of all schemas.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.schemas.keys().map(String::as_str)
    }

    /// Compiles every schema.
    ///
    /// # Errors
    /// Names the first one that cannot be used.
    pub fn check(&self) -> Result<(), SchemaError> {
        self.names().try_for_each(|name| self.problems(name, &Value::Null).map(drop))
    }

    /// What the schema of this name finds wrong with a value, all of it.
    ///
    /// # Errors
    /// When the schema is unknown or cannot be compiled.
    pub fn problems(&self, name: &str, value: &Value) -> Result<Vec<SchemaProblem>, SchemaError> {
        let unusable = |reason: &str| SchemaError::Unusable { file: name.to_owned(), reason: reason.to_owned() };
        let schema = self.schemas.get(name).ok_or_else(|| unusable("unknown schema"))?;
        let validator = schema.compiled.get_or_init(|| self.compile(&schema.source)).as_ref();
        let validator = validator.map_err(|reason| unusable(reason))?;
        Ok(validator.iter_errors(value).map(|error| SchemaProblem::new(&error)).collect())
    }

    fn compile(&self, source: &Value) -> Result<Validator, String> {
        jsonschema::options()
            .offline()
            .with_registry(&self.registry)
            .should_validate_formats(true)
            .should_ignore_unknown_formats(false)
            .build(source)
            .map_err(|error| error.masked().to_string())
    }
}

impl SchemaProblem {
    fn new(error: &jsonschema::ValidationError<'_>) -> Self {
        let path = error.instance_path().as_str();
        let inside = path.trim_start_matches('/').split('/').next().filter(|name| !name.is_empty());
        let property = match error.kind() {
            ValidationErrorKind::Required { property } if path.is_empty() => property.as_str(),
            _ => inside,
        };
        Self { property: property.map(str::to_owned), message: error.masked_with("it").to_string() }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const SCHEMA: &str = r#"{
        "$schema": "https://json-schema.org/draft/2020-12/schema", "$id": "https://x.invalid/pair",
        "type": "object", "required": ["token"],
        "properties": { "token": { "type": "string" }, "at": { "type": "string", "format": "date-time" } }
    }"#;

    fn problems(value: &Value) -> Vec<Option<String>> {
        let schemas = Schemas::new([("pair.schema.json", SCHEMA)]).expect("the schema is good");
        let found = schemas.problems("pair", value).expect("it is known");
        found.into_iter().map(|problem| problem.property).collect()
    }

    #[test]
    fn each_problem_names_its_property() {
        assert_eq!(problems(&json!({"token": "x"})), []);
        assert_eq!(problems(&json!({})), [Some("token".to_owned())]);
        assert_eq!(problems(&json!({"token": 1})), [Some("token".to_owned())]);
        assert_eq!(problems(&json!([])), [None]);
    }

    #[test]
    fn formats_are_asserted() {
        assert_eq!(problems(&json!({"token": "x", "at": "yesterday"})), [Some("at".to_owned())]);
    }

    #[test]
    fn a_mistyped_keyword_is_refused_with_the_right_one() {
        let mistyped = SCHEMA.replace("required", "requried");
        let error = Schemas::new([("pair.schema.json", mistyped.as_str())]).expect_err("it is mistyped");
        assert_eq!(
            error.to_string(),
            "schemas/pair.schema.json: `requried` at / is not a keyword of JSON Schema 2020-12; did you mean `required`?"
        );
    }
}
