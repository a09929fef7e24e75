//! Sentences about logins that must not succeed: wrong credentials, malformed ones, and right ones in the wrong place.

use serde_json::{Value, json};

use super::words::{Body, Field, Hostile, Method, Password, Place, State};
use crate::{
    Secret, StepError, World,
    api::{TOKEN_PATH, credentials_request, issue_request},
    fake,
    message::Request,
};

pub(super) async fn logs_in_with(world: &mut World, password: Password) -> Result<(), StepError> {
    try_password(world, password).await
}

async fn try_password(world: &mut World, password: Password) -> Result<(), StepError> {
    let user = world.user();
    let tried = password.nearly(user.password.expose(), world)?;
    if tried == user.password.expose() {
        return Err(StepError::skipped("the password is the same either way"));
    }
    let answer = world.api.attempt_password(&user.login, &tried).await?;
    world.sent = vec![Secret::new(tried)];
    world.answered(answer);
    Ok(())
}

impl Password {
    fn nearly(self, right: &str, world: &World) -> Result<String, StepError> {
        Ok(match self {
            Self::Wrong => fake::text(20),
            Self::Short => right.char_indices().next_back().map_or_else(String::new, |(at, _)| right[..at].to_owned()),
            Self::Long => format!("{right}x"),
            Self::Recased => recased(right),
            Self::BlankBefore => format!(" {right}"),
            Self::BlankAfter => format!("{right} "),
            Self::OtherUsers => world.second_user()?.password.expose().to_owned(),
        })
    }
}

fn recased(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_lowercase() { c.to_uppercase().to_string() } else { c.to_lowercase().to_string() })
        .collect()
}

pub(super) async fn somebody_unknown(world: &mut World) -> Result<(), StepError> {
    try_login(world, &unknown_login()).await
}

/// A login that no deployment has.
pub(super) fn unknown_login() -> String {
    format!("nobody-{}", fake::text(12))
}

async fn try_login(world: &mut World, login: &str) -> Result<(), StepError> {
    let password = fake::text(20);
    let answer = world.api.attempt_password(login, &password).await?;
    world.sent = vec![Secret::new(password)];
    world.answered(answer);
    Ok(())
}

/// The wrong password stands between two unknown logins: what differs between those two is no sign of anything.
pub(super) async fn wrong_and_unknown(world: &mut World) -> Result<(), StepError> {
    try_wrong_and_unknown(world).await
}

async fn try_wrong_and_unknown(world: &mut World) -> Result<(), StepError> {
    let known = world.user().login;
    let logins = [unknown_login(), known, unknown_login()];
    let mut answers = Vec::with_capacity(logins.len());
    for login in &logins {
        try_login(world, login).await?;
        answers.append(&mut world.answers);
    }
    world.answers = answers;
    world.named = logins.to_vec();
    Ok(())
}

pub(super) async fn logs_in_with_field(world: &mut World, field: Field, state: State) -> Result<(), StepError> {
    try_field(world, field, state).await
}

async fn try_field(world: &mut World, field: Field, state: State) -> Result<(), StepError> {
    let user = world.user();
    let mut body = json!({ "login": user.login, "password": user.password.expose() });
    let name = if field == Field::Login { "login" } else { "password" };
    match state.value() {
        Some(value) => body[name] = value,
        None => drop(body.as_object_mut().and_then(|fields| fields.remove(name))),
    }
    // Only an attempt that still names the account can count against it.
    let names_account = field == Field::Password;
    send_attempt(
        world,
        if names_account { &user.login } else { "" },
        Request::new("POST", TOKEN_PATH).json(&body).carrying(&user.password),
    )
    .await
}

impl State {
    fn value(self) -> Option<Value> {
        Some(match self {
            Self::Missing => return None,
            Self::Empty => json!(""),
            Self::Null => Value::Null,
            Self::Number => json!(12345),
            Self::Boolean => json!(true),
            Self::List => json!([]),
            Self::Object => json!({}),
        })
    }
}

async fn send_attempt(world: &mut World, login: &str, request: Request) -> Result<(), StepError> {
    let answer = world.api.attempt(login, request).await?;
    world.answered(answer);
    Ok(())
}

pub(super) async fn token_endpoint_is_sent(world: &mut World, body: Body) -> Result<(), StepError> {
    let password = world.user().password;
    let request = Request::new("POST", TOKEN_PATH).text("application/json", body.text(world)).carrying(&password);
    send_attempt(world, "", request).await
}

impl Body {
    fn text(self, world: &World) -> String {
        let user = world.user();
        let credentials = json!({ "login": user.login, "password": user.password.expose() }).to_string();
        match self {
            Self::Empty => String::new(),
            Self::CutOff => credentials[..credentials.len() - 1].to_owned(),
            Self::CommaTooMany => format!("{},}}", &credentials[..credentials.len() - 1]),
            Self::InList => format!("[{credentials}]"),
            Self::AsText => json!(credentials).to_string(),
            Self::PlainText => "let me in".to_owned(),
            Self::Number => "42".to_owned(),
            Self::Null => "null".to_owned(),
        }
    }
}

pub(super) async fn logs_in_as(world: &mut World, hostile: Hostile) -> Result<(), StepError> {
    try_login(world, &hostile.login()).await
}

impl Hostile {
    fn login(self) -> String {
        match self {
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
        }
    }
}

pub(super) async fn credentials_are_sent(world: &mut World, place: Place) -> Result<(), StepError> {
    let request = place.request(world);
    let login = world.user().login;
    send_attempt(world, &login, request).await
}

impl Place {
    fn request(self, world: &World) -> Request {
        let user = world.user();
        let bare = Request::new("POST", TOKEN_PATH);
        match self {
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
                if let Some((_, sent)) = request.headers.last() {
                    world.api.made_up(sent.trim_start_matches("Basic ").to_owned());
                }
                request
            }
        }
    }
}

pub(super) async fn credentials_are_sent_with(world: &mut World, method: Method) -> Result<(), StepError> {
    let user = world.user();
    let request = Request { method: method.name(), ..issue_request(&user) };
    send_attempt(world, &user.login, request).await
}

/// A login that nobody has, without a password.
pub(super) fn without_password() -> Request {
    Request::new("POST", TOKEN_PATH).json(&json!({ "login": unknown_login() }))
}

/// A login that nobody has, with a password that nobody has.
pub(super) fn of_somebody_unknown(world: &World, password: &Secret) -> Request {
    world.site().redactor.keep(password, crate::SecretKind::Password);
    credentials_request(&unknown_login(), password)
}
