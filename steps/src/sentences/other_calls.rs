//! Steps for other calls of the same API: any path below the base URL, with a token where the contract has it, judged by its status and by a
//! JSON Schema. They are for features of users; the contract needs none of them.

use serde_json::Value;

use super::words::{Method, Token};
use crate::{Mismatch, SchemaProblem, StepError, World, message::Request, step_parameter::StepParameter};

/// These sentences with an example each.
pub(crate) const OTHER_CALLS: [(&str, &str); 3] = [
    ("{token} is used for {method} {string}", r#"the access token is used for GET "/accounts?limit=1""#),
    (
        "{token} is used for {method} {string} with the JSON {string}",
        r#"the access token is used for POST "/orders" with the JSON '{"symbol": "EURUSD"}'"#,
    ),
    ("the answer matches the schema {string}", r#"the answer matches the schema "accounts""#),
];

/// A path below the base URL, with its query.
pub(crate) struct CallPath(String);

/// A request body.
pub(crate) struct JsonText(Value);

impl StepParameter for CallPath {
    const NAME: &'static str = "string";

    fn parse(text: &str) -> Result<Self, String> {
        let path = String::parse(text)?;
        let (before, _) = path.split_once('?').unwrap_or((&path, ""));
        let leads_out =
            !before.starts_with('/') || before.starts_with("//") || before.split('/').any(|part| part == "..");
        if leads_out || path.chars().any(|character| character.is_whitespace() || character == '#') {
            return Err(format!("`{path}` is no path below the base URL, such as `/accounts?limit=1`"));
        }
        Ok(Self(path))
    }
}

impl StepParameter for JsonText {
    const NAME: &'static str = "string";

    fn parse(text: &str) -> Result<Self, String> {
        let text = String::parse(text)?;
        serde_json::from_str(&text).map(Self).map_err(|error| format!("`{text}` is not JSON: {error}"))
    }
}

pub(super) async fn call(world: &mut World, token: Token, method: Method, path: CallPath) -> Result<(), StepError> {
    send(world, token, Request::new(method.phrase(), path.0)).await
}

pub(super) async fn call_with_json(
    world: &mut World,
    token: Token,
    method: Method,
    path: CallPath,
    body: JsonText,
) -> Result<(), StepError> {
    send(world, token, Request::new(method.phrase(), path.0).json(&body.0)).await
}

async fn send(world: &mut World, token: Token, request: Request) -> Result<(), StepError> {
    let request = match token.secret(world)? {
        Some(token) => request.bearer(&token),
        None => request,
    };
    let answer = world.api.call(request).await?;
    world.answered(answer);
    Ok(())
}

pub(super) async fn matches_schema(world: &mut World, name: String) -> Result<(), StepError> {
    let answer = world.answer()?;
    let expected = format!("JSON that matches the schema \"{name}\"");
    let Some(json) = &answer.json else {
        let answered = format!("{}, and the body is not JSON", answer.status_text());
        return Err(Mismatch::new(expected, answered).at(answer.exchange).into());
    };
    let own = world.own_schemas.as_ref().filter(|schemas| schemas.contains(&name));
    let schemas = own.unwrap_or(&world.site().shared.schemas);
    let problems = schemas.problems(&name, json).map_err(|error| StepError::inconclusive(error.to_string()))?;
    if problems.is_empty() {
        return Ok(());
    }
    let problems: Vec<String> = problems.iter().take(3).map(SchemaProblem::to_string).collect();
    let answered = format!("{}: {}", answer.status_text(), problems.join("; "));
    Err(Mismatch::new(expected, answered).at(answer.exchange).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_paths_below_the_base_url_are_called() {
        for path in ["/accounts", "/accounts?from=../x&to=//y", "/a/b.c/d;x=1"] {
            assert!(CallPath::parse(path).is_ok(), "{path}");
        }
        for path in ["accounts", "https://other.example/", "//other.example/", "/../admin", "/a/..", "/a b", "/a#b", ""]
        {
            assert!(CallPath::parse(path).is_err(), "{path}");
        }
        assert!(JsonText::parse(r#"{\"a\": [1]}"#).is_ok() && JsonText::parse("{a}").is_err());
    }
}
