//! The description of this server for client developers: OpenAPI 3 at `/openapi.json`, and the same in Swagger 2 at `/swagger.json`,
//! where a real server has it. It describes the documented server; variations are not in it.

use serde_json::{Map, Value, json};

use crate::{api::BASE_PATH, response::ApiResponse};

/// The document, but for the version and the base path.
const DOCUMENT: &str = include_str!("openapi.json");

/// The OpenAPI document.
pub(super) fn answer() -> ApiResponse {
    ApiResponse::json(200, &document())
}

/// The Swagger document.
pub(super) fn answer_swagger() -> ApiResponse {
    ApiResponse::json(200, &to_swagger(&document()))
}

fn document() -> Value {
    // The tests parse it.
    let mut document: Value = serde_json::from_str(DOCUMENT).unwrap_or_default();
    document["info"]["version"] = json!(env!("CARGO_PKG_VERSION"));
    document["servers"] = json!([{"url": BASE_PATH}]);
    document
}

/// The same document in Swagger 2, as far as this document uses OpenAPI 3.
fn to_swagger(document: &Value) -> Value {
    let components = &document["components"];
    let swagger = json!({
        "swagger": "2.0",
        "info": document["info"],
        "basePath": BASE_PATH,
        "consumes": ["application/json"],
        "produces": ["application/json"],
        "tags": document["tags"],
        "paths": mapped(&document["paths"], |path| mapped(path, swagger_operation)),
        "definitions": components["schemas"],
        "responses": mapped(&components["responses"], swagger_response),
        "securityDefinitions": {"accessToken": {
            "type": "apiKey", "in": "header", "name": "Authorization", "description": "`Bearer ` and an access token."
        }},
    });
    with_swagger_references(swagger)
}

fn swagger_operation(operation: &Value) -> Value {
    let mut swagger = operation.as_object().cloned().unwrap_or_default();
    let mut parameters: Vec<Value> =
        operation["parameters"].as_array().into_iter().flatten().map(swagger_parameter).collect();
    if let Some(body) = swagger.remove("requestBody") {
        let schema = &body["content"]["application/json"]["schema"];
        parameters.push(json!({"name": "body", "in": "body", "required": true, "schema": schema}));
    }
    swagger.insert("parameters".to_owned(), parameters.into());
    swagger.insert("responses".to_owned(), mapped(&operation["responses"], swagger_response));
    Value::Object(swagger)
}

/// A parameter with the keys of its schema beside its own.
fn swagger_parameter(parameter: &Value) -> Value {
    flattened(parameter, "example")
}

fn swagger_response(response: &Value) -> Value {
    let mut swagger = response.as_object().cloned().unwrap_or_default();
    if let Some(content) = swagger.remove("content") {
        swagger.insert("schema".to_owned(), content["application/json"]["schema"].clone());
    }
    if let Some(headers) = swagger.get_mut("headers") {
        *headers = mapped(headers, |header| flattened(header, "example"));
    }
    Value::Object(swagger)
}

fn flattened(described: &Value, without: &str) -> Value {
    let mut flat = described.as_object().cloned().unwrap_or_default();
    flat.remove(without);
    if let Some(Value::Object(schema)) = flat.remove("schema") {
        flat.extend(schema);
    }
    Value::Object(flat)
}

fn mapped(object: &Value, change: impl Fn(&Value) -> Value) -> Value {
    let fields = object.as_object().into_iter().flatten();
    Value::Object(fields.map(|(name, value)| (name.clone(), change(value))).collect::<Map<_, _>>())
}

fn with_swagger_references(value: Value) -> Value {
    match value {
        Value::String(text) => text
            .replace("#/components/schemas/", "#/definitions/")
            .replace("#/components/responses/", "#/responses/")
            .into(),
        Value::Array(items) => items.into_iter().map(with_swagger_references).collect(),
        Value::Object(fields) => {
            Value::Object(fields.into_iter().map(|(name, value)| (name, with_swagger_references(value))).collect())
        }
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::Endpoint;

    #[test]
    fn every_documented_method_is_allowed_and_the_reverse() {
        let document = document();
        let paths = document["paths"].as_object().expect("the document lists paths");
        assert_eq!(paths.len(), 6);
        for (path, operations) in paths {
            let endpoint = Endpoint::from_path(&format!("{BASE_PATH}{path}")).expect("it is served");
            let documented = operations.as_object().expect("a path lists methods").keys();
            let mut documented: Vec<String> = documented.map(|method| method.to_uppercase()).collect();
            let implied = ["HEAD", "OPTIONS"];
            let mut allowed: Vec<&str> =
                endpoint.allowed_methods().split(", ").filter(|method| !implied.contains(method)).collect();
            documented.sort_unstable();
            allowed.sort_unstable();
            assert_eq!(documented, allowed, "{path}");
        }
    }

    #[test]
    fn the_swagger_document_refers_to_nothing_of_openapi_3() {
        let swagger = to_swagger(&document()).to_string();
        assert!(!swagger.contains("components") && !swagger.contains("requestBody"), "{swagger}");
        assert!(swagger.contains("\"#/definitions/TokenPair\"") && swagger.contains("\"#/responses/Unauthorized\""));
    }
}
