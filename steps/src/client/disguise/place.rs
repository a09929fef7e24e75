//! Answers with a disguised credential in them.

use serde_json::{Value, json};

use super::{chain::Disguise, draw::Draw};

type Headers = Vec<(String, String)>;

/// The name of the place, and the answer.
pub(super) fn answer_with(disguise: &Disguise, draw: &mut Draw) -> (&'static str, (Headers, Vec<u8>)) {
    let text = disguise.text();
    let is_line = !text.chars().any(char::is_control);
    loop {
        let (name, needs, build) = PLACES[draw.below(PLACES.len())];
        let fits = match needs {
            Needs::Nothing => true,
            Needs::Line => is_line,
            Needs::Name => is_line && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte)),
            // Half of it must be long enough to be recognised by its form.
            Needs::Token => {
                !disguise.is_ordinary_in_parts
                    && text.len() >= 40
                    && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.+/=".contains(&byte))
            }
        };
        if fits {
            return (name, build(text, draw));
        }
    }
}

#[derive(Clone, Copy)]
enum Needs {
    Nothing,
    Line,
    Name,
    Token,
}

type Build = fn(&str, &mut Draw) -> (Headers, Vec<u8>);

const PLACES: [(&str, Needs, Build); 25] = [
    ("value", Needs::Nothing, |text, draw| object(name(draw), json!(text))),
    ("nested value", Needs::Nothing, |text, draw| object("details", json!([{ name(draw): { "value": text } }]))),
    ("message", Needs::Nothing, |text, _| object("message", json!(format!("The token {text} has been used before")))),
    ("quoted in message", Needs::Nothing, |text, _| object("message", json!(format!("no session for '{text}'")))),
    ("key", Needs::Nothing, |text, _| object(text, json!("unknown"))),
    ("list", Needs::Nothing, |text, _| body("application/json", json!([1, text, null]).to_string())),
    ("json text", Needs::Nothing, |text, _| body("application/json", json!(text).to_string())),
    ("json in json", Needs::Nothing, |text, _| object("cause", json!(json!({ "header": text }).to_string()))),
    ("two members", Needs::Token, |text, draw| {
        let at = text.floor_char_boundary(text.len() / 2);
        object("parts", json!({ "first": text[..at], name(draw): text[at..] }))
    }),
    ("broken json", Needs::Nothing, |text, _| {
        let whole = json!({ "value": text, "code": 1 }).to_string();
        body("application/json", format!(")]}}',\n{}", &whole[..whole.len() - 1]))
    }),
    ("plain text", Needs::Nothing, |text, _| body("text/plain", format!("invalid: {text}\nTry again later."))),
    ("bare text", Needs::Nothing, |text, _| body("text/plain", text.to_owned())),
    ("xml text", Needs::Nothing, |text, _| {
        body("application/xml", format!("<error><detail>{}</detail></error>", markup(text)))
    }),
    ("xml attribute", Needs::Nothing, |text, _| {
        body("application/xml", format!("<error id=\"{}\" code=\"7\"/>", markup(text)))
    }),
    ("html comment", Needs::Nothing, |text, _| {
        body("text/html", format!("<html><!-- debug {text} --><h1>Unauthorized</h1></html>"))
    }),
    ("html script", Needs::Nothing, |text, _| {
        body("text/html", format!("<script>var t={};</script><p>Sign in</p>", json!(text)))
    }),
    ("form", Needs::Nothing, |text, draw| {
        body("application/x-www-form-urlencoded", format!("ok=0&{}={}", name(draw), form(text)))
    }),
    ("header", Needs::Line, |text, draw| {
        header(draw.one_of(&["X-Debug", "X-Trace", "Server", "ETag", "X-Principal"]), text)
    }),
    ("header sentence", Needs::Line, |text, _| header("Warning", &format!("199 bo \"no session {text}\""))),
    ("challenge", Needs::Line, |text, _| {
        header("WWW-Authenticate", &format!("Bearer realm=\"bo\", error_description=\"{text}\""))
    }),
    ("header name", Needs::Name, |text, _| header(&format!("X-{text}"), "1")),
    ("cookie", Needs::Name, |text, _| header("Set-Cookie", &format!("last={text}; Path=/; HttpOnly"))),
    ("cookie name", Needs::Name, |text, _| header("Set-Cookie", &format!("{text}=1; Path=/"))),
    ("location query", Needs::Line, |text, _| {
        header("Location", &format!("https://bo.example/login?back=%2Faccounts&t={text}"))
    }),
    ("location path", Needs::Line, |text, _| header("Location", &format!("/s/{text}/accounts#top"))),
];

fn name<'a>(draw: &mut Draw) -> &'a str {
    draw.one_of(&["value", "detail", "id", "received", "header", "token", "principal", "accessToken"])
}

fn object(name: &str, value: Value) -> (Headers, Vec<u8>) {
    body("application/json", json!({ "error": "Unauthorized", "status": 401, name: value }).to_string())
}

fn body(media_type: &str, body: String) -> (Headers, Vec<u8>) {
    (vec![("Content-Type".to_owned(), media_type.to_owned())], body.into_bytes())
}

fn header(name: &str, value: &str) -> (Headers, Vec<u8>) {
    let (mut headers, body) = object("message", json!("Login or password is wrong"));
    headers.push((name.to_owned(), value.to_owned()));
    (headers, body)
}

fn markup(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;")
}

fn form(text: &str) -> String {
    text.bytes()
        .map(|byte| if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}
