//! Steps that send texts made to break a server in each place where a call takes a text, and JSON that is written oddly. Each text
//! is wrong in its place, so that every server has to refuse it.

use serde_json::{Value as Json, json};

use super::{
    login::unknown_login,
    words::{Action, Endpoint, TextPlace, Texts},
};
use crate::{
    Secret, StepError, World,
    api::{TOKEN_PATH, VERIFY_PATH},
    client::Trouble,
    fake,
    lifetimes::LifetimeKind,
    message::{Answer, Request},
    redactor::SecretKind,
};

/// Texts that programs send by mistake where they have no token.
const PLACEHOLDERS: [&str; 5] = ["null", "undefined", "true", "0", ""];

/// How many of each class are sent in one place where requests are dear.
const FEW_PLACEHOLDERS: usize = 3;
const FEW_TEXTS: usize = 2;
const FEW_MESSAGES: usize = 2;

/// A text that is repeated up to a number of characters, and whether a deployment gets it: those few have every class of length and
/// most classes of characters.
const HOSTILE: [(&str, usize, bool); 20] = [
    ("x", 255, false),
    ("x", 257, false),
    ("x", 10_000, false),
    ("x", 65_536, true),
    ("7", 1_000, false),
    ("я", 256, false),
    ("ユーザー", 1_000, false),
    ("🦊", 1, false),
    ("🦊", 257, true),
    ("e\u{301}", 255, false),
    ("\u{200b}", 1, false),
    ("\u{202e}x", 256, false),
    ("\0", 1, false),
    ("x\0", 256, true),
    ("\u{1b}[31m", 255, false),
    ("'\"\\", 257, false),
    ("%n%s", 1_000, true),
    ("' OR '1'='1' --", 15, false),
    ("../", 256, false),
    ("<b>${7*7}</b>", 1_000, false),
];

/// Longest text in a header: servers may end the connection over longer ones.
const LONGEST_HEADER: usize = 4_000;
/// A server may end the connection over longer texts than this in any place.
const MAY_BE_CUT: usize = 4_000;

impl Texts {
    /// The texts for this place.
    fn list(self, place: TextPlace, world: &World) -> Vec<String> {
        let takes_all = world.site().target.thorough || !world.is_unhurried();
        match self {
            Self::Placeholders => {
                let all = PLACEHOLDERS.into_iter().map(str::to_owned).chain([world.user().login]).collect();
                world.draw("placeholder words", all, place as usize, FEW_PLACEHOLDERS)
            }
            Self::Hostile => {
                let all = HOSTILE
                    .into_iter()
                    .filter(|(.., is_covering)| takes_all || *is_covering)
                    .map(|(unit, length, _)| unit.chars().cycle().take(place.shorten(length)).collect::<String>())
                    .filter(|text| place.takes(text))
                    .collect();
                world.draw("hostile texts", all, place as usize, FEW_TEXTS)
            }
        }
    }
}

impl TextPlace {
    fn is_header(self) -> bool {
        matches!(self, Self::Access | Self::Refresh)
    }

    fn shorten(self, length: usize) -> usize {
        if self.is_header() { length.min(LONGEST_HEADER) } else { length }
    }

    /// No header can carry a control character.
    fn takes(self, text: &str) -> bool {
        !self.is_header() || !text.chars().any(char::is_control)
    }
}

pub(super) async fn send_texts(world: &mut World, texts: Texts, place: TextPlace) -> Result<(), StepError> {
    let mut answers = Vec::new();
    let mut trouble = None;
    for text in texts.list(place, world) {
        match send_text(world, &text, place).await {
            Ok(answer) => answers.push(answer),
            // That the server ends the connection over a long text is a refusal too.
            Err(StepError::Inconclusive(reason)) if text.len() > MAY_BE_CUT => trouble = Some(reason),
            Err(error) => return Err(error),
        }
    }
    if let Some(reason) = trouble.filter(|_| answers.is_empty()) {
        return Err(StepError::Inconclusive(reason));
    }
    world.answers = answers;
    Ok(())
}

async fn send_text(world: &mut World, text: &str, place: TextPlace) -> Result<Answer, StepError> {
    let token = Secret::new(text);
    Ok(match place {
        TextPlace::Login => attempt(world, "", json!({ "login": text, "password": made_up_password(world) })).await?,
        // Only a login that exists makes a server look at the password.
        TextPlace::Password => {
            let login = world.user().login;
            attempt(world, &login, json!({ "login": login, "password": text })).await?
        }
        TextPlace::Access => Action::Use.send(&world.api, world.api.probe_request()?.bearer_text(text)).await?,
        TextPlace::Refresh => {
            let request = Action::Present.request(&world.api, Some(&token))?;
            Action::Present.send(&world.api, Request { secrets: Vec::new(), ..request }).await?
        }
        TextPlace::OneTime => {
            let request = Request::new("POST", VERIFY_PATH).json(&json!({ "token": text }));
            Action::Verify.send(&world.api, request).await?
        }
        TextPlace::Lifetime => {
            let body = world.api.settings_message(LifetimeKind::Access, &json!(text));
            world.try_settings(body.to_string().into_bytes()).await?
        }
    })
}

/// Masked in records like every password.
fn made_up_password(world: &World) -> String {
    let password = fake::text(20);
    world.site().redactor.keep(&Secret::new(password.as_str()), SecretKind::Password);
    password
}

async fn attempt(world: &World, account: &str, body: Json) -> Result<Answer, Trouble> {
    world.api.attempt(account, Request::new("POST", TOKEN_PATH).json(&body)).await
}

/// How often brackets are nested in odd JSON.
const NESTED: usize = 5_000;

/// Messages with these members that no reader of JSON takes for something right, because the members themselves are wrong.
fn odd_messages(object: &Json, is_thorough: bool) -> Vec<Vec<u8>> {
    let members = object.to_string();
    let inner = members.trim_start_matches('{').trim_end_matches('}').to_owned();
    let (first, rest) = inner.split_once(':').unwrap_or((&inner, ""));
    let rest = rest.split_once(',').map_or_else(String::new, |(_, rest)| format!(",{rest}"));
    let with_first = |value: &str| format!("{{{first}:{value}{rest}}}").into_bytes();
    let covering = [
        with_first(r#""\ud800""#),
        with_first(&format!("{}{}", "[".repeat(NESTED), "]".repeat(NESTED))),
        with_first("1e999999"),
        format!("{members} and more").into_bytes(),
    ];
    let not_utf8 = [b"{".as_slice(), first.as_bytes(), b":\"\xff\xfe\"", rest.as_bytes(), b"}"].concat();
    let others = [
        format!("{{{inner},{inner}}}").into_bytes(),
        format!("{members}{members}").into_bytes(),
        with_first(&"9".repeat(400)),
        not_utf8,
    ];
    covering.into_iter().chain(others.into_iter().filter(|_| is_thorough)).collect()
}

pub(super) async fn send_odd_json(world: &mut World, endpoint: Endpoint) -> Result<(), StepError> {
    let object = match endpoint {
        Endpoint::Token => json!({ "login": unknown_login(world), "password": made_up_password(world) }),
        Endpoint::Verification => json!({ "token": fake::text(43) }),
        Endpoint::Settings => world.api.settings_message(LifetimeKind::Access, &json!(-60)),
    };
    let mut answers = Vec::new();
    let takes_all = world.site().target.thorough || !world.is_unhurried();
    let messages = world.draw("odd messages", odd_messages(&object, takes_all), endpoint as usize, FEW_MESSAGES);
    for message in messages {
        let request = |path| Request::new("POST", path).text("application/json", message.clone());
        answers.push(match endpoint {
            Endpoint::Token => world.api.attempt("", request(TOKEN_PATH)).await?,
            Endpoint::Verification => Action::Verify.send(&world.api, request(VERIFY_PATH)).await?,
            Endpoint::Settings => world.try_settings(message).await?,
        });
    }
    world.answers = answers;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_deployment_gets_every_class_of_length() {
        let lengths: Vec<usize> =
            HOSTILE.iter().filter(|(.., covering)| *covering).map(|(_, length, _)| *length).collect();
        assert_eq!(lengths, [65_536, 257, 256, 1_000]);
    }

    #[test]
    fn odd_json_is_wrong_for_every_reader() {
        let object = json!({ "login": "a", "password": "b" });
        for message in odd_messages(&object, true) {
            let read: Option<Json> = serde_json::from_slice(&message).ok();
            // Of duplicate members a reader may take either: both are the same.
            assert!(read.is_none_or(|read| read == object), "{}", String::from_utf8_lossy(&message));
        }
    }
}
