//! Every variation of the catalogue is seen by some client: a server that has it answers a fixed round of requests
//! differently from one that has none.

mod support;

use std::collections::HashMap;

use serde_json::{Value, json};
use standin::{Response, variations};
use support::{Client, Pair};

/// What a client has seen, with tokens as their looks and the order in which they came.
#[derive(Default)]
struct Sights {
    seen: Vec<String>,
    tokens: HashMap<String, usize>,
}

impl Sights {
    /// Looks at an answer, at once: nobody waits for one that is held back, so requests of a round may meet.
    fn look(&mut self, response: Response) -> Response {
        let written = String::from_utf8_lossy(&response.body).split('"').map(looks).collect::<Vec<_>>().join("\"");
        let body = serde_json::from_slice(&response.body).map(|json| self.shape(&json)).unwrap_or_default();
        let (status, headers) = (response.status, &response.headers);
        self.seen.push(format!("{status} {headers:?} {written} {body} {:?} {}", response.delay, response.chunked));
        response
    }

    fn shape(&mut self, json: &Value) -> Value {
        match json {
            Value::Object(fields) => fields.iter().map(|(name, value)| (name.clone(), self.shape(value))).collect(),
            Value::Array(items) => items.iter().map(|item| self.shape(item)).collect(),
            Value::String(text) if looks(text) != *text => self.token(text).into(),
            other => other.clone(),
        }
    }

    /// Looks at a token that came on another way.
    fn notice(&mut self, token: &str) {
        let looks = self.token(token);
        self.seen.push(looks);
    }

    fn token(&mut self, text: &str) -> String {
        let next = self.tokens.len();
        let number = *self.tokens.entry(text.to_owned()).or_insert(next);
        format!("{}#{number}", looks(text))
    }
}

/// What a text looks like that is too long to be a word.
fn looks(text: &str) -> String {
    if text.len() <= 18 || text.contains(' ') {
        return text.to_owned();
    }
    text.replace(|c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_', "x")
}

/// One round of requests to a server of its own.
type Round = fn(&Client, &mut Sights);

const ROUNDS: [Round; 15] = [
    logins,
    near_passwords,
    bad_logins,
    hostile_logins,
    misplaced_credentials,
    calls,
    expiry_of_access,
    refreshes,
    bad_refreshes,
    expiry_of_refresh,
    one_time,
    bad_one_time,
    settings,
    bad_settings,
    races,
];

fn sights_of(names: &[&str]) -> Vec<String> {
    let mut sights = Sights::default();
    ROUNDS.iter().for_each(|round| round(&Client::of(names), &mut sights));
    sights.seen
}

#[test]
fn two_servers_without_variations_are_not_told_apart() {
    assert_eq!(sights_of(&[]), sights_of(&[]));
}

#[test]
fn every_variation_is_seen() {
    let documented = sights_of(&[]);
    let all = variations::faults().iter().chain(variations::freedoms());
    let unseen: Vec<_> = all.map(|one| one.name).filter(|name| sights_of(&[name]) == documented).collect();
    assert!(unseen.is_empty(), "no request shows {unseen:?}");
}

fn logins(client: &Client, sights: &mut Sights) {
    for _ in 0..2 {
        sights.look(client.post_login(&client.credentials()));
    }
    let first = client.pair();
    client.turn(2.0);
    client.second_pair();
    client.pair();
    sights.look(client.probe(&first.access));
    sights.look(client.send("GET", "/auth/token", &[], client.credentials().to_string().as_bytes()));
    sights.look(client.send("PUT", "/auth/token", &[], client.credentials().to_string().as_bytes()));
    sights.look(client.send("DELETE", "/auth/token", &[], client.credentials().to_string().as_bytes()));
    sights.look(client.send("GET", "/no/such/path", &[], b""));
    sights.look(client.send("GET", "/no/such/path", &[("Authorization", "Bearer x")], b""));
    sights.look(client.send("GET", "/methods/errors?errorId=1.2.0.11", &[], b""));
    sights.look(client.send("GET", "/swagger.json", &[], b""));
}

fn near_passwords(client: &Client, sights: &mut Sights) {
    let password = client.password();
    let near = [
        "wrong".to_owned(),
        password[..password.len() - 3].to_owned(),
        format!("{password}x"),
        password.to_ascii_uppercase(),
        format!(" {password}"),
        format!("{password} "),
        format!("{}xxxxxxx", &password[..8]),
        format!("x{password}x"),
        client.server.users()[1].password.clone(),
    ];
    for password in near {
        sights.look(client.post_login(&json!({"login": client.login(), "password": password})));
    }
    for login in ["nobody".to_owned(), client.login().to_uppercase(), format!(" {}", client.login())] {
        sights.look(client.post_login(&json!({"login": login, "password": client.password()})));
    }
}

fn bad_logins(client: &Client, sights: &mut Sights) {
    for field in ["login", "password"] {
        for bad in [json!(null), json!(""), json!(1), json!(true), json!([]), json!({})] {
            let mut credentials = client.credentials();
            credentials[field] = bad;
            sights.look(client.post_login(&credentials));
        }
        let mut credentials = client.credentials();
        credentials.as_object_mut().expect("an object").remove(field);
        sights.look(client.post_login(&credentials));
    }
    let good = client.credentials().to_string();
    let inside = [
        good[..good.len() - 1].to_owned(),
        json!([client.credentials()]).to_string(),
        json!(good).to_string(),
        good.replace('}', ",}"),
    ];
    for body in ["", "{", "7"].map(str::to_owned).into_iter().chain(inside) {
        sights.look(client.send("POST", "/auth/token", &[], body.as_bytes()));
    }
}

fn hostile_logins(client: &Client, sights: &mut Sights) {
    let long = "x".repeat(10_000);
    for login in ["Jürgen", "😀", "a\tb", "a\0b", "a'b", "' OR '1'='1", "%s%n", "../../etc/passwd", "<b>", &long] {
        sights.look(client.post_login(&json!({"login": login, "password": "wrong"})));
    }
}

fn misplaced_credentials(client: &Client, sights: &mut Sights) {
    let (login, password) = (client.login(), client.password());
    let basic = base64_of(&format!("{login}:{password}"));
    sights.look(client.send("POST", &format!("/auth/token?login={login}&password={password}"), &[], b"{}"));
    sights.look(client.send("POST", "/auth/token", &[("login", &login), ("password", &password)], b"{}"));
    sights.look(client.send("POST", "/auth/token", &[], format!("login={login}&password={password}").as_bytes()));
    sights.look(client.send("POST", "/auth/token", &[("Authorization", &format!("Basic {basic}"))], b"{}"));
}

fn base64_of(text: &str) -> String {
    use base64::{Engine, engine::general_purpose::STANDARD};
    STANDARD.encode(text)
}

/// A token as somebody may have changed it, in each of its parts and as a whole.
fn tampered(token: &str) -> Vec<String> {
    let (first, second) = token.split_once('.').unwrap_or((token, ""));
    vec![
        format!("!{}.{second}", first.get(1..).unwrap_or_default()),
        format!("{first}.!{}", second.get(1..).unwrap_or_default()),
        first.to_owned(),
        second.to_owned(),
        token[..token.len() / 2].to_owned(),
        format!("{token}xyz"),
        token.to_ascii_uppercase(),
        "a-made-up.token-of.three-parts".to_owned(),
        "a-made-up-token-without-any-part".to_owned(),
        "short".to_owned(),
    ]
}

fn calls(client: &Client, sights: &mut Sights) {
    let pair = client.pair();
    for _ in 0..6 {
        sights.look(client.probe(&pair.access));
    }
    sights.look(client.send("GET", "/accounts", &[], b""));
    for wrong in tampered(&pair.access).into_iter().chain([pair.refresh.clone(), client.mint()]) {
        sights.look(client.probe(&wrong));
    }
    for header in [pair.access.clone(), format!("bearer {}", pair.access)] {
        sights.look(client.send("GET", "/accounts", &[("Authorization", &header)], b""));
    }
    sights.look(client.send("GET", "/accounts", &[("X-Auth-Token", &pair.access)], b""));
    for name in ["access_token", "accessToken", "token"] {
        sights.look(client.send("GET", &format!("/accounts?{name}={}", pair.access), &[], b""));
    }
    client.second_pair();
    sights.look(client.probe(&pair.access));
}

fn expiry_of_access(client: &Client, sights: &mut Sights) {
    client.turn(0.4);
    let pair = client.pair();
    for ahead in [160.0, 138.5, 1.1, 0.6, 3.0, 250.0, 100_000.0] {
        client.turn(ahead);
        sights.look(client.probe(&pair.access));
    }
}

fn refreshes(client: &Client, sights: &mut Sights) {
    let old = client.pair();
    client.second_pair();
    client.turn(100.0);
    let new = Pair::of(&sights.look(client.refresh(&old.refresh)));
    for access in [&old.access, &new.access] {
        sights.look(client.probe(access));
    }
    for _ in 0..2 {
        sights.look(client.refresh(&old.refresh));
    }
    client.turn(70.0);
    sights.look(client.refresh(&old.refresh));
    sights.look(client.probe(&new.access));
    client.turn(140.0);
    sights.look(client.probe(&new.access));
    let mut latest = new.refresh;
    for _ in 0..3 {
        latest = Pair::of(&sights.look(client.refresh(&latest))).refresh;
    }
}

fn bad_refreshes(client: &Client, sights: &mut Sights) {
    let pair = client.pair();
    sights.look(client.send("GET", "/auth/token/refresh", &[], b""));
    sights.look(client.refresh(""));
    for wrong in tampered(&pair.refresh).into_iter().chain([pair.access.clone(), client.mint()]) {
        sights.look(client.refresh(&wrong));
    }
    for method in ["POST", "PUT", "DELETE"] {
        let token = client.pair().refresh;
        sights.look(client.send(method, "/auth/token/refresh", &[("token", &token)], b""));
    }
    let body = json!({"token": client.pair().refresh}).to_string();
    sights.look(client.send("GET", "/auth/token/refresh", &[], body.as_bytes()));
}

fn expiry_of_refresh(client: &Client, sights: &mut Sights) {
    for ahead in [302.0, 2000.0, 3598.0, 3602.0, 5000.0, 1_000_000.0] {
        let client = Client { server: client.server.clone() };
        let pair = client.pair();
        client.turn(ahead);
        sights.look(client.refresh(&pair.refresh));
    }
}

fn one_time(client: &Client, sights: &mut Sights) {
    let tokens: Vec<String> = (0..3).map(|_| client.mint()).collect();
    let others = client.server.mint("qa-second").expect("a known login");
    sights.look(client.verify("made-up"));
    tokens.iter().for_each(|token| sights.notice(token));
    for token in [&tokens[1], &tokens[1], &tokens[1], &tokens[0], &tokens[2], &others] {
        sights.look(client.verify(token));
    }
    for ahead in [16.0, 28.0, 32.0, 50.0, 1_000_000.0] {
        let late = client.mint();
        client.turn(ahead);
        sights.look(client.verify(&late));
    }
}

fn bad_one_time(client: &Client, sights: &mut Sights) {
    let (pair, token) = (client.pair(), client.mint());
    let refused = json!({"token": "x"}).to_string();
    for bad in [json!(null), json!(""), json!(1), json!(true), json!([]), json!({})] {
        sights.look(client.send("POST", "/external/token/verify", &[], json!({"token": bad}).to_string().as_bytes()));
    }
    for body in ["", "{", "{}"] {
        sights.look(client.send("POST", "/external/token/verify", &[], body.as_bytes()));
    }
    for wrong in tampered(&token).iter().chain([&pair.access, &pair.refresh, &token]) {
        sights.look(client.verify(wrong));
    }
    for method in ["GET", "PUT", "DELETE"] {
        let body = json!({"token": client.mint()}).to_string();
        sights.look(client.send(method, "/external/token/verify", &[], body.as_bytes()));
    }
    let (asked, headed) = (client.mint(), client.mint());
    sights.look(client.send("POST", &format!("/external/token/verify?token={asked}"), &[], b"{}"));
    sights.look(client.send("POST", "/external/token/verify", &[("token", &headed)], b"{}"));
    for token in [&asked, &headed] {
        sights.look(client.verify(token));
    }
    let good = client.mint();
    for _ in 0..3 {
        sights.look(client.send("POST", "/external/token/verify", &[], refused.as_bytes()));
    }
    sights.look(client.verify(&good));
}

fn settings(client: &Client, sights: &mut Sights) {
    for (name, lifetime) in [("accessTokenLifeTime", 20), ("refreshTokenLifeTime", 21), ("ottLifeTime", 22)] {
        let access = client.pair().access;
        sights.look(client.patch(&access, &json!({name: lifetime})));
        let pair = Pair::of(&sights.look(client.post_login(&client.credentials())));
        let token = client.mint();
        client.turn(18.0);
        sights.look(client.probe(&pair.access));
        client.turn(4.0);
        sights.look(client.probe(&pair.access));
        sights.look(client.refresh(&pair.refresh));
        sights.look(client.verify(&token));
    }
    let access = client.pair().access;
    sights.look(client.patch(&access, &json!({"ottLifeTime": 1})));
    sights.look(client.send("GET", "/connectors/settings", &[("Authorization", &format!("Bearer {access}"))], b""));
}

fn bad_settings(client: &Client, sights: &mut Sights) {
    let access = client.pair().access;
    sights.look(client.send("PATCH", "/connectors/settings", &[], br#"{"accessTokenLifeTime": 44}"#));
    sights.look(client.post_login(&client.credentials()));
    sights.look(client.patch("made-up", &json!({"accessTokenLifeTime": 55})));
    for bad in [json!(0), json!(-60), json!("ten")] {
        sights.look(client.patch(&access, &json!({"accessTokenLifeTime": bad})));
        sights.look(client.post_login(&client.credentials()));
    }
    sights.look(client.send("PATCH", "/connectors/settings", &[("Authorization", &format!("Bearer {access}"))], b"{"));
}

/// Requests that meet: nobody waits for the answer before the next is sent.
fn races(client: &Client, sights: &mut Sights) {
    let users = client.server.users().to_vec();
    let logins = [0, 0, 1].map(|user: usize| {
        let body = json!({"login": users[user].login, "password": users[user].password});
        Pair::of(&sights.look(client.post_login(&body)))
    });
    for pair in &logins {
        sights.look(client.probe(&pair.access));
    }
    let refreshed: Vec<Pair> = (0..3).map(|_| Pair::of(&sights.look(client.refresh(&logins[2].refresh)))).collect();
    for pair in &refreshed {
        sights.look(client.probe(&pair.access));
    }
    let token = client.mint();
    for _ in 0..4 {
        sights.look(client.verify(&token));
    }
}
