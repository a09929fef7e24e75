//! The page at `/`: what the stand-in offers and how it is set up. It shows neither passwords nor tokens.

use super::Service;
use crate::{api::BASE_PATH, external_link, request::ApiRequest, response::ApiResponse};

const PAGE: &str = include_str!("overview.html");

/// The page only lays itself out.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'";

/// The page, if the request is for it.
pub(super) fn open(service: &Service, request: &ApiRequest) -> Option<ApiResponse> {
    if request.path != "/" || !["GET", "HEAD"].contains(&request.method.as_str()) {
        return None;
    }
    let body = if request.method == "HEAD" { Vec::new() } else { render(service).into_bytes() };
    let response = ApiResponse { status: 200, body, ..ApiResponse::default() };
    Some(
        response
            .with("Content-Type", "text/html; charset=utf-8")
            .with("Content-Security-Policy", POLICY)
            .with("Cache-Control", "no-store"),
    )
}

fn render(service: &Service) -> String {
    let origin = &service.options().origin;
    let users = service.server().users();
    let first = users.first().map(|user| user.login.as_str()).unwrap_or_default();
    let curl = if origin.starts_with("https:") { "--cacert CA.pem " } else { "" };
    let values = [
        ("{base}", escape(&format!("{origin}{BASE_PATH}"))),
        ("{base_path}", BASE_PATH.to_owned()),
        ("{curl}", curl.to_owned()),
        ("{first}", escape(first)),
        ("{users}", users.iter().map(|user| user_row(&user.login)).collect()),
        ("{state}", state_rows(service).iter().map(|(name, value)| row(name, value)).collect()),
    ];
    // What a value contains is not filled in again: each placeholder is split off the page that is left.
    let mut page = String::new();
    let mut rest = PAGE;
    while let Some((at, (name, value))) =
        values.iter().filter_map(|pair| rest.find(pair.0).map(|at| (at, pair))).min_by_key(|(at, _)| *at)
    {
        page.push_str(&rest[..at]);
        page.push_str(value);
        rest = &rest[at + name.len()..];
    }
    page + rest
}

fn user_row(login: &str) -> String {
    let login = escape(login);
    format!("<tr><td>{login}</td><td><a href=\"{0}{login}\">{0}{login}</a></td></tr>\n", external_link::PATH)
}

fn row(name: &str, value: &str) -> String {
    format!("<tr><th scope=\"row\">{}</th><td>{}</td></tr>\n", escape(name), escape(value))
}

fn state_rows(service: &Service) -> Vec<(&'static str, String)> {
    let (server, options) = (service.server(), service.options());
    let lifetimes = server.lifetimes();
    let faults = server.variations().names();
    let limit = options.rate_limit.as_ref().map(|limit| {
        format!(
            "{} requests per second and {} at one moment for each token and collection (--requests-per-second, --burst)",
            limit.per_second, limit.burst
        )
    });
    let lockout = options.lockout.as_ref().map(|lockout| {
        format!("{} s after {} failed logins in a row (--lock-after)", lockout.time.as_secs_f64(), lockout.after)
    });
    let off = |flag: &str| format!("off ({flag} turns it on)");
    vec![
        ("Access token", format!("lives {} s", lifetimes.access.as_secs_f64())),
        ("Refresh token", format!("lives {} s", lifetimes.refresh.as_secs_f64())),
        ("One-time token", format!("lives {} s", lifetimes.one_time.as_secs_f64())),
        ("Faults", if faults.is_empty() { off("--fault NAME") } else { faults.join(", ") }),
        ("Rate limit", limit.unwrap_or_else(|| off("--requests-per-second N"))),
        ("Lock-out", lockout.unwrap_or_else(|| off("--lock-after N"))),
        (
            "Web pages that may call",
            Some(options.origins.names().join(", ")).filter(|it| !it.is_empty()).unwrap_or_else(|| off("--cors")),
        ),
        ("Control address", options.control.clone().unwrap_or_else(|| off("--control ADDRESS"))),
    ]
}

fn escape(text: &str) -> String {
    let escaped = |c: char| match c {
        '&' => "&amp;".to_owned(),
        '<' => "&lt;".to_owned(),
        '>' => "&gt;".to_owned(),
        '"' => "&quot;".to_owned(),
        '\'' => "&#39;".to_owned(),
        other => other.to_string(),
    };
    text.chars().map(escaped).collect()
}
