//! Steps that send what an endpoint must refuse: other values than texts, other messages than JSON objects, and credentials
//! where they do not belong.

use serde_json::{Value as Json, json};

use super::{
    login::try_password,
    words::{Endpoint, Field, Message, Place, Value},
};
use crate::{
    StepError, World,
    api::{TOKEN_PATH, VERIFY_PATH, issue_request},
    fake,
    lifetimes::LifetimeKind,
    message::Request,
};

pub(super) async fn send_value(world: &mut World, value: Value, field: Field) -> Result<(), StepError> {
    match field {
        // A text that no login is goes without the password of one that is.
        Field::Login if value.hostile_text().is_some() => {
            try_password(world, &value.hostile_text().unwrap_or_default(), fake::text(20)).await
        }
        Field::Login => send_login(world, "login", value, "").await,
        // Only an attempt that names the account can count against it.
        Field::Password => {
            let login = world.user().login;
            send_login(world, "password", value, &login).await
        }
        Field::OneTimeToken => {
            world.api.ensure_verify_exists().await?;
            let body = with_member(json!({}), "token", value);
            let answer = world.api.verification(Request::new("POST", VERIFY_PATH).json(&body)).await?;
            world.answered(answer);
            Ok(())
        }
    }
}

async fn send_login(world: &mut World, member: &str, value: Value, account: &str) -> Result<(), StepError> {
    let user = world.user();
    let body = with_member(json!({ "login": user.login, "password": user.password.expose() }), member, value);
    attempt(world, account, Request::new("POST", TOKEN_PATH).json(&body).carrying(&user.password)).await
}

/// The object with this value as a member, or without that member.
fn with_member(mut object: Json, member: &str, value: Value) -> Json {
    match value.json() {
        Some(value) => object[member] = value,
        None => drop(object.as_object_mut().and_then(|members| members.remove(member))),
    }
    object
}

/// Sends a login that is to be refused; `account` is the login that it may be counted against.
async fn attempt(world: &mut World, account: &str, request: Request) -> Result<(), StepError> {
    let answer = world.api.attempt(account, request).await?;
    world.answered(answer);
    Ok(())
}

impl Value {
    /// `None` for a member that is left out.
    fn json(self) -> Option<Json> {
        Some(match self {
            Self::Missing => return None,
            Self::Empty => json!(""),
            Self::Null => Json::Null,
            Self::Number => json!(12345),
            Self::Boolean => json!(true),
            Self::List => json!([]),
            Self::Object => json!({}),
            text => json!(text.hostile_text()),
        })
    }

    /// A text that tries to break the server.
    fn hostile_text(self) -> Option<String> {
        Some(match self {
            Self::Missing | Self::Empty | Self::Null | Self::Number | Self::Boolean | Self::List | Self::Object => {
                return None;
            }
            Self::Unicode => "пользователь-ユーザー-مستخدم".to_owned(),
            Self::Emoji => "🦊🔑👩‍💻".to_owned(),
            Self::Control => "qa\u{1}\u{7}\u{8}\r\n\t\u{1b}[31m".to_owned(),
            Self::NullCharacter => "qa\u{0}certifier".to_owned(),
            Self::Quotes => "qa'\"`\\".to_owned(),
            Self::Sql => "' OR '1'='1' --".to_owned(),
            Self::Format => "%s%n%x{0}${7*7}#{7*7}".to_owned(),
            Self::Path => "../../../../etc/passwd".to_owned(),
            Self::Markup => "<script>alert(1)</script>".to_owned(),
            Self::Long => "x".repeat(10_000),
        })
    }
}

pub(super) async fn send_message(world: &mut World, endpoint: Endpoint, message: Message) -> Result<(), StepError> {
    let user = world.user();
    let (path, object, secret) = match endpoint {
        Endpoint::Token => {
            (TOKEN_PATH, json!({ "login": user.login, "password": user.password.expose() }), user.password)
        }
        Endpoint::Verification => {
            let token = world.api.made_up(fake::text(43));
            (VERIFY_PATH, json!({ "token": token.expose() }), token)
        }
        Endpoint::Settings => {
            let object = world.api.settings_message(LifetimeKind::Access, &json!(fake::lifetime()));
            let answer = world.try_settings(message.text(&object).into_bytes()).await?;
            world.answered(answer);
            return Ok(());
        }
    };
    let request = Request::new("POST", path).text("application/json", message.text(&object)).carrying(&secret);
    match endpoint {
        Endpoint::Token => attempt(world, "", request).await,
        Endpoint::Verification => {
            world.api.ensure_verify_exists().await?;
            let answer = world.api.verification(request).await?;
            world.answered(answer);
            Ok(())
        }
        Endpoint::Settings => Ok(()),
    }
}

impl Message {
    fn text(self, object: &Json) -> String {
        let object = object.to_string();
        let unclosed = object.trim_end_matches('}');
        match self {
            Self::Empty => String::new(),
            Self::CutOff => unclosed.to_owned(),
            Self::TrailingComma => format!("{unclosed},}}"),
            Self::InList => format!("[{object}]"),
            Self::AsText => json!(object).to_string(),
            Self::PlainText => "let me in".to_owned(),
            Self::Number => "42".to_owned(),
            Self::Null => "null".to_owned(),
        }
    }
}

pub(super) async fn send_credentials(world: &mut World, place: Place) -> Result<(), StepError> {
    let request = place.request(world);
    let login = world.user().login;
    attempt(world, &login, request).await
}

impl Place {
    fn request(self, world: &World) -> Request {
        let user = world.user();
        let bare = Request::new("POST", TOKEN_PATH);
        let with_method = |method| Request { method, ..issue_request(&user) };
        match self {
            Self::Get => with_method("GET"),
            Self::Put => with_method("PUT"),
            Self::Delete => with_method("DELETE"),
            Self::Query => bare.query("login", &user.login).secret_query("password", &user.password),
            Self::Headers => bare.header("login", user.login.as_str()).secret_header("password", &user.password),
            Self::Form => {
                let form =
                    Request::new("POST", "").query("login", &user.login).query("password", user.password.expose());
                bare.text("application/x-www-form-urlencoded", form.path.trim_start_matches('?'))
                    .carrying(&user.password)
            }
            Self::Basic => {
                let request = bare.basic(&user);
                if let Some(pair) = request.secrets.first() {
                    world.api.made_up(pair.expose().to_owned());
                }
                request
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_that_are_not_json_objects_cannot_be_read_as_one() {
        let object = json!({ "token": "abc" });
        for message in [Message::Empty, Message::CutOff, Message::TrailingComma, Message::InList, Message::AsText] {
            let read: Option<Json> = serde_json::from_str(&message.text(&object)).ok();
            assert!(!read.is_some_and(|json| json.is_object()), "{message:?}");
        }
    }

    #[test]
    fn a_member_is_replaced_or_left_out() {
        let object = json!({ "login": "a", "password": "b" });
        assert_eq!(with_member(object.clone(), "login", Value::Missing), json!({ "password": "b" }));
        assert_eq!(with_member(object, "login", Value::Null), json!({ "login": null, "password": "b" }));
    }
}
