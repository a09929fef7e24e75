//! From an act to the request on the wire, in the target's dialect. Knows where tokens belong, not whether they are good.

use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::Value;
use steps::target::Dialect;

use super::{
    input::{BadBody, Text, escaped_json_text, fits_header, json_text},
    operation::{Act, BadValue, Call, Deviation, Field, Place, Scheme, Setting, Spelling, Trusted},
    wire::{Facts, Request},
};

/// The texts that a right request carries.
#[derive(Clone, Default)]
pub(crate) struct Parts {
    pub(crate) login: String,
    pub(crate) password: String,
    /// The token that the call is about; of a settings change the access token.
    pub(crate) token: String,
    /// The same text of another user or token.
    pub(crate) other: Option<String>,
    /// A right token of another kind.
    pub(crate) foreign: Option<String>,
    /// The access token beside a verification, where the server asks for one.
    pub(crate) beside: Option<String>,
    pub(crate) setting: Option<(Setting, u64)>,
}

impl Parts {
    fn field(&self, field: Field) -> &str {
        match field {
            Field::Login => &self.login,
            Field::Password => &self.password,
            Field::Token | Field::Value => &self.token,
        }
    }

    /// The content of a field under a deviation.
    pub(crate) fn shown(&self, field: Field, deviation: Deviation) -> String {
        match deviation {
            Deviation::Text(changed, Text::Forged(forgery)) if changed == field => {
                forgery.render(&self.login, self.field(field))
            }
            Deviation::Text(changed, text) if changed == field => text.render(self.field(field), self.other.as_deref()),
            Deviation::OtherKind(..) if field == Field::Token => self.foreign.clone().unwrap_or_default(),
            _ => self.field(field).to_owned(),
        }
    }
}

/// The request, or `None` where HTTP cannot carry it.
pub(crate) fn compose(act: Act, parts: &Parts, facts: &Facts) -> Option<Request> {
    let mut request = match act.call {
        Call::Login => body_call("/auth/token", "POST", &login_members(act, parts), act),
        Call::Verify => verification(act, parts),
        Call::Refresh => refresh(act, parts, &facts.dialect)?,
        Call::Use => authorized("GET", &facts.probe.as_ref()?.0, act, parts)?,
        Call::ReadSettings => authorized("GET", "/connectors/settings", act, parts)?,
        Call::Nowhere => authorized("GET", &facts.nowhere, act, parts)?,
        Call::Change => change(act, parts, &facts.dialect)?,
    };
    if let Deviation::Method(method) | Deviation::Unguarded(method) = act.deviation {
        request.method = method;
    }
    // A client library sends its access token along with whatever it sends.
    if let Some(beside) = parts.beside.as_ref().filter(|_| matches!(act.call, Call::Login | Call::Refresh)) {
        if request.headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("authorization")) {
            return None;
        }
        request.headers.push(("Authorization".to_owned(), format!("Bearer {beside}")));
    }
    if let Deviation::Trusted(trusted) = act.deviation {
        trust(trusted, &parts.login, &mut request);
    }
    if let Deviation::Beside(extra) = act.deviation {
        extra.add_to(&mut request);
    }
    if act.deviation == Deviation::Below {
        request.path = below(&request.path);
    }
    if act.deviation == Deviation::Browser {
        let pages = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
        request.headers.push(("Accept".to_owned(), pages.to_owned()));
    }
    if let Deviation::Spelled(spelling) = act.deviation {
        respell(spelling, &mut request);
    }
    if let Deviation::Place(place) = act.deviation {
        displace(place, act, parts, &mut request);
    }
    request.fresh = act.fresh;
    let sendable = request.headers.iter().all(|(_, value)| fits_header(value));
    sendable.then_some(request)
}

/// A path below this one, which may have a query.
fn below(path: &str) -> String {
    let (path, query) = path.split_once('?').map_or((path, ""), |(path, query)| (path, query));
    let joint = if query.is_empty() { "" } else { "?" };
    format!("{path}/7f3a{joint}{query}")
}

/// A member of a JSON object, its value as JSON.
type Member = (String, String);

fn member(act: Act, parts: &Parts, field: Field, name: &str) -> Option<Member> {
    let text = json_text(&parts.shown(field, act.deviation));
    let value = match act.deviation {
        Deviation::Absent(absent) if absent == field => return None,
        Deviation::Place(Place::QueryBeside) if field == Field::Password => return None,
        Deviation::Browser if field != Field::Login => return None,
        Deviation::Json(changed, odd) if changed == field => odd.render(&text),
        Deviation::Spelled(Spelling::JsonEscaped) => escaped_json_text(&parts.shown(field, act.deviation)),
        _ => text,
    };
    Some((name.to_owned(), value))
}

fn login_members(act: Act, parts: &Parts) -> Vec<Member> {
    [(Field::Login, "login"), (Field::Password, "password")]
        .into_iter()
        .filter_map(|(field, name)| member(act, parts, field, name))
        .chain(more_members(act, parts))
        .collect()
}

/// Members that no call asks for, before and behind which the right ones are.
fn more_members(act: Act, parts: &Parts) -> Vec<Member> {
    const USERS: [&str; 7] = ["user", "username", "userName", "userLogin", "account", "sub", "name"];
    let named = |names: &[&str], value: &str| -> Vec<Member> {
        names.iter().map(|name| ((*name).to_owned(), json_text(value))).collect()
    };
    match (act.deviation, &parts.other) {
        (Deviation::Spelled(Spelling::MoreMembers), _) => {
            [("remember", "true"), ("client", "{\"version\":[2,4]}"), ("locale", "null"), ("scope", "\"rest\"")]
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .to_vec()
        }
        (Deviation::Spelled(Spelling::OtherMembers), Some(other)) if act.call == Call::Verify => {
            named(&["login", "user", "username", "userLogin"], other)
        }
        (Deviation::Spelled(Spelling::OtherMembers), Some(other)) => named(&USERS, other),
        _ => Vec::new(),
    }
}

fn body_call(path: &str, method: &'static str, members: &[Member], act: Act) -> Request {
    let body = match act.deviation {
        Deviation::Body(bad) => bad.render(&object(members)),
        Deviation::Place(Place::QueryBeside) => Some(object(members).into_bytes()),
        Deviation::Place(_) => Some(b"{}".to_vec()),
        Deviation::Spelled(Spelling::JsonSpaced) => Some(spaced(members).into_bytes()),
        Deviation::Spelled(Spelling::JsonReversed) => {
            let reversed: Vec<Member> = members.iter().rev().cloned().collect();
            Some(object(&reversed).into_bytes())
        }
        _ => Some(object(members).into_bytes()),
    };
    let form = matches!(act.deviation, Deviation::Body(BadBody::Form));
    let media_type = match act.deviation {
        _ if form => "application/x-www-form-urlencoded",
        Deviation::Spelled(Spelling::Charset) => "application/json;charset=UTF-8",
        Deviation::Spelled(Spelling::MediaTypeCase) => "Application/JSON",
        Deviation::Content(content) => content.media_type(),
        _ => "application/json",
    };
    Request { method, path: path.to_owned(), body: body.map(|body| (media_type, body)), ..Request::default() }
}

fn object(members: &[Member]) -> String {
    let members: Vec<String> = members.iter().map(|(name, value)| format!("\"{name}\":{value}")).collect();
    format!("{{{}}}", members.join(","))
}

fn spaced(members: &[Member]) -> String {
    let members: Vec<String> = members.iter().map(|(name, value)| format!("\n\t\"{name}\" :  {value}")).collect();
    format!(" \n{{{}\r\n }} \n", members.join(" ,"))
}

fn verification(act: Act, parts: &Parts) -> Request {
    let own = member(act, parts, Field::Token, "token");
    let members: Vec<Member> = own.into_iter().chain(more_members(act, parts)).collect();
    let mut request = body_call("/external/token/verify", "POST", &members, act);
    if let Some(beside) = &parts.beside {
        request.headers.push(("Authorization".to_owned(), format!("Bearer {beside}")));
    }
    request
}

fn refresh(act: Act, parts: &Parts, dialect: &Dialect) -> Option<Request> {
    let mut request = Request { method: "GET", path: "/auth/token/refresh".to_owned(), ..Request::default() };
    let shown = !matches!(act.deviation, Deviation::Absent(_) | Deviation::Place(_) | Deviation::Browser);
    if shown {
        let token = parts.shown(Field::Token, act.deviation);
        request.headers.push((dialect.refresh_header.clone(), token));
    }
    Some(request)
}

fn authorized(method: &'static str, path: &str, act: Act, parts: &Parts) -> Option<Request> {
    let mut request = Request { method, path: path.to_owned(), ..Request::default() };
    match act.deviation {
        Deviation::Absent(_)
        | Deviation::Place(_)
        | Deviation::Trusted(_)
        | Deviation::Unguarded(_)
        | Deviation::Browser => {}
        Deviation::Path(spelling) => {
            request.path = spelling.render(path);
            if spelling == super::operation::PathSpelling::Head {
                request.method = "HEAD";
            }
        }
        Deviation::Scheme(scheme) => {
            request.headers.push(("Authorization".to_owned(), credentials(scheme, parts)));
        }
        _ => {
            let token = parts.shown(Field::Token, act.deviation);
            request.headers.push(("Authorization".to_owned(), format!("Bearer {token}")));
        }
    }
    Some(request)
}

fn credentials(scheme: Scheme, parts: &Parts) -> String {
    let token = &parts.token;
    match scheme {
        Scheme::Bare => token.clone(),
        Scheme::Lower => format!("bearer {token}"),
        Scheme::Basic => format!("Basic {}", STANDARD.encode(format!("{}:{token}", parts.login))),
        Scheme::Token => format!("Token {token}"),
        Scheme::Digest => format!("Digest {token}"),
        Scheme::Glued => format!("Bearer{token}"),
        Scheme::Twice => format!("Bearer Bearer {token}"),
        Scheme::WithMore => format!("Bearer {token} {token}"),
        Scheme::Empty => "Bearer ".to_owned(),
        Scheme::OnlyName => "Bearer".to_owned(),
        Scheme::Login => format!("Bearer {}", parts.login),
        Scheme::Comma => format!("Bearer {token},x"),
        Scheme::AfterOther => format!("Basic Og== Bearer {token}"),
    }
}

fn change(act: Act, parts: &Parts, dialect: &Dialect) -> Option<Request> {
    let mut request = authorized("PATCH", "/connectors/settings", act, parts)?;
    let (setting, value) = parts.setting?;
    let name = setting_name(setting, dialect);
    let json = match act.deviation {
        Deviation::Value(bad) => bad.json().to_owned(),
        Deviation::Text(Field::Value, text) => json_text(&text.render(&value.to_string(), None)),
        Deviation::Json(Field::Value, odd) => odd.render(&value.to_string()),
        _ => value.to_string(),
    };
    let mut body = Dialect::settings_body(name, &json);
    if act.deviation == Deviation::HalfBad {
        let other = if setting == Setting::Refresh { Setting::Access } else { Setting::Refresh };
        body = merged(&body, &Dialect::settings_body(setting_name(other, dialect), "-60"));
    }
    request.body = match act.deviation {
        Deviation::Body(bad) => bad.render(&body).map(|bytes| ("application/json", bytes)),
        Deviation::Content(content) => Some((content.media_type(), body.into_bytes())),
        _ => Some(("application/json", body.into_bytes())),
    };
    Some(request)
}

fn setting_name(setting: Setting, dialect: &Dialect) -> &str {
    match setting {
        Setting::Access => &dialect.settings_access_lifetime,
        Setting::Refresh => &dialect.settings_refresh_lifetime,
        Setting::OneTime => &dialect.settings_ott_lifetime,
    }
}

/// Both objects in one, whose members may lie deeper.
fn merged(first: &str, second: &str) -> String {
    fn merge(into: &mut Value, from: Value) {
        match (into, from) {
            (Value::Object(into), Value::Object(from)) => {
                for (name, value) in from {
                    merge(into.entry(name).or_insert(Value::Null), value);
                }
            }
            (into, from) => *into = from,
        }
    }
    let mut both: Value = serde_json::from_str(first).unwrap_or_default();
    merge(&mut both, serde_json::from_str(second).unwrap_or_default());
    both.to_string()
}

fn respell(spelling: Spelling, request: &mut Request) {
    let mixed = |name: &str| -> String {
        let recase = |(at, c): (usize, char)| if at % 2 == 0 { c.to_ascii_uppercase() } else { c.to_ascii_lowercase() };
        name.chars().enumerate().map(recase).collect()
    };
    match spelling {
        Spelling::HeaderLower => request.headers.iter_mut().for_each(|(name, _)| name.make_ascii_lowercase()),
        Spelling::HeaderUpper => request.headers.iter_mut().for_each(|(name, _)| name.make_ascii_uppercase()),
        Spelling::HeaderMixed => request.headers.iter_mut().for_each(|(name, _)| *name = mixed(name)),
        Spelling::MoreHeaders => {
            for (name, value) in
                [("Accept", "application/json"), ("Accept-Language", "de, en;q=0.5"), ("X-Request-Id", "7f3a")]
            {
                request.headers.push((name.to_owned(), value.to_owned()));
            }
        }
        Spelling::Cookie => request.headers.push(("Cookie".to_owned(), "route=2; theme=dark".to_owned())),
        Spelling::AcceptList => {
            request.headers.push(("Accept".to_owned(), "application/json, text/plain, */*".to_owned()));
        }
        Spelling::Forwarded => {
            for (name, value) in
                [("X-Forwarded-For", "203.0.113.9, 198.51.100.4"), ("X-Forwarded-Proto", "https"), ("Via", "1.1 edge")]
            {
                request.headers.push((name.to_owned(), value.to_owned()));
            }
        }
        Spelling::JsonSpaced
        | Spelling::JsonReversed
        | Spelling::JsonEscaped
        | Spelling::Charset
        | Spelling::MediaTypeCase
        | Spelling::MoreMembers
        | Spelling::OtherMembers
        | Spelling::OtherBearer => {}
    }
}

/// Adds what a careless server takes for a right to the call.
fn trust(trusted: Trusted, login: &str, request: &mut Request) {
    let path = request.path.split('?').next().unwrap_or_default().to_owned();
    let all = |names: &[&str], value: &str| -> Vec<(String, String)> {
        names.iter().map(|name| ((*name).to_owned(), value.to_owned())).collect()
    };
    const ADDRESS: [&str; 6] =
        ["X-Forwarded-For", "X-Real-IP", "X-Client-IP", "True-Client-IP", "X-Originating-IP", "X-Cluster-Client-IP"];
    const USER: [&str; 7] = [
        "X-Forwarded-User",
        "X-Remote-User",
        "Remote-User",
        "X-Authenticated-User",
        "X-User",
        "X-User-Login",
        "X-Auth-Request-User",
    ];
    const PATH: [&str; 4] = ["X-Original-URL", "X-Rewrite-URL", "X-Forwarded-Uri", "X-Original-URI"];
    const METHOD: [&str; 3] = ["X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"];
    match trusted {
        Trusted::LocalAddress => {
            request.headers.extend(all(&ADDRESS, "127.0.0.1"));
            request.headers.push(("Forwarded".to_owned(), "for=127.0.0.1;proto=https".to_owned()));
        }
        Trusted::NamedUser => request.headers.extend(all(&USER, login)),
        Trusted::NamedPath => request.headers.extend(all(&PATH, &path)),
        Trusted::OpenPath => {
            request.headers.extend(all(&PATH, &path));
            request.path = "/auth/token".to_owned();
        }
        Trusted::NamedMethod => request.headers.extend(all(&METHOD, "OPTIONS")),
        Trusted::Query => {
            let joint = if request.path.contains('?') { '&' } else { '?' };
            request.path.push_str(&format!("{joint}next=/auth/token&page=swagger-ui.html&file=/logo.png"));
        }
        Trusted::Conditions => {
            for (name, value) in [
                ("If-None-Match", "*"),
                ("If-Modified-Since", "Fri, 31 Dec 2038 23:59:59 GMT"),
                ("Cache-Control", "only-if-cached, max-stale=31536000"),
            ] {
                request.headers.push((name.to_owned(), value.to_owned()));
            }
        }
        Trusted::Privileges => {
            request.headers.extend(all(&["X-Admin", "X-Internal", "X-Debug", "X-Test", "X-Authenticated"], "true"));
            request.headers.extend(all(&["X-Role", "X-Roles", "X-Scope"], "admin"));
            request.headers.push(("Cookie".to_owned(), "admin=true; role=admin; authenticated=1; debug=1".to_owned()));
        }
        Trusted::Origin => {
            request.headers.push(("Origin".to_owned(), "null".to_owned()));
            request.headers.push(("Referer".to_owned(), "http://localhost/swagger-ui.html".to_owned()));
            request.headers.push(("X-Requested-With".to_owned(), "XMLHttpRequest".to_owned()));
        }
    }
}

fn displace(place: Place, act: Act, parts: &Parts, request: &mut Request) {
    let pairs: Vec<(&str, &str)> = match act.call {
        Call::Login => vec![("login", &parts.login), ("password", &parts.password)],
        _ => vec![("token", &parts.token)],
    };
    match place {
        Place::Query(name) => {
            for (own, value) in &pairs {
                let name = if act.call == Call::Login { own } else { &name };
                let joint = if request.path.contains('?') { '&' } else { '?' };
                request.path.push_str(&format!("{joint}{name}={}", url_encoded(value)));
            }
        }
        Place::QueryBeside => {
            let secret = pairs.last().map(|(name, value)| format!("?{name}={}", url_encoded(value)));
            request.path.push_str(&secret.unwrap_or_default());
        }
        Place::QueryOfGet | Place::NamedPost => {
            let query: Vec<String> =
                pairs.iter().map(|(name, value)| format!("{name}={}", url_encoded(value))).collect();
            request.path.push_str(&format!("?{}", query.join("&")));
            if place == Place::NamedPost {
                request.path.push_str("&_method=POST");
                request.headers.push(("X-HTTP-Method-Override".to_owned(), "POST".to_owned()));
            }
            request.method = "GET";
            request.body = None;
        }
        Place::Header(name) => {
            for (own, value) in &pairs {
                let name = if act.call == Call::Login { *own } else { name };
                request.headers.push((name.to_owned(), (*value).to_owned()));
            }
        }
        Place::Cookie => {
            for name in ["token", "access_token", "accessToken", "Authorization"] {
                request.headers.push(("Cookie".to_owned(), format!("{name}={}", parts.token)));
            }
        }
        Place::Basic => {
            let basic = STANDARD.encode(format!("{}:{}", parts.login, parts.password));
            request.headers.push(("Authorization".to_owned(), format!("Basic {basic}")));
        }
        Place::Form => {
            let fields: Vec<String> =
                pairs.iter().map(|(name, value)| format!("{name}={}", url_encoded(value))).collect();
            request.body = Some(("application/x-www-form-urlencoded", fields.join("&").into_bytes()));
        }
        Place::Body => {
            request.body =
                Some(("application/json", format!("{{\"token\":{}}}", json_text(&parts.token)).into_bytes()));
        }
    }
}

fn url_encoded(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    text.bytes().map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}

/// Whether the text in a field is the right one after all, as where a way of spoiling it changes nothing.
pub(crate) fn is_right_after_all(act: Act, parts: &Parts) -> bool {
    match act.deviation {
        Deviation::Text(Field::Value, _) => false,
        Deviation::Text(field, Text::Made { .. } | Text::Spoilt { .. } | Text::Others) => {
            parts.shown(field, act.deviation) == parts.field(field)
        }
        _ => false,
    }
}

/// Whether the bad value is one.
pub(crate) fn bad_value(act: Act) -> Option<BadValue> {
    if let Deviation::Value(bad) = act.deviation { Some(bad) } else { None }
}
