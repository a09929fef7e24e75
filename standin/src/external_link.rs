//! The external link of the trading terminal, beside the API: opening it returns a new one-time token of its user. The contract
//! does not cover it; it replaces the terminal that a real server has.

use crate::{request::ApiRequest, response::ApiResponse, server::StandIn};

/// The path that the external link of a login begins with, from the root of the server.
pub const PATH: &str = "/external-link/";

/// Opens a link: redirects to the landing page with a token, or shows the token without a landing page. `None` for other
/// requests.
pub(crate) fn open(server: &StandIn, request: &ApiRequest) -> Option<ApiResponse> {
    let login = request.path.strip_prefix(PATH).filter(|_| request.method == "GET")?;
    let Some(token) = server.mint(login) else {
        return Some(plain_text(404, "unknown user\n"));
    };
    Some(match server.landing() {
        Some(landing) => ApiResponse::empty(303).with("Location", &landing.with_token(&token)),
        None => plain_text(200, &format!("{token}\n")),
    })
}

fn plain_text(status: u16, text: &str) -> ApiResponse {
    let response = ApiResponse { status, body: text.as_bytes().to_vec(), ..ApiResponse::default() };
    response.with("Content-Type", "text/plain; charset=utf-8").with("Cache-Control", "no-store")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::options::StandInOptions;

    fn open_path(options: StandInOptions, path: &str) -> Option<ApiResponse> {
        let request = ApiRequest { method: "GET".to_owned(), path: path.to_owned(), ..ApiRequest::default() };
        open(&StandIn::new(options), &request)
    }

    #[test]
    fn a_link_redirects_to_the_landing_page_and_keeps_its_query() {
        let landing = "http://localhost:3000/welcome?lang=en#top".parse().ok();
        let response =
            open_path(StandInOptions { landing, ..StandInOptions::default() }, "/external-link/qa-certifier");
        let response = response.expect("it is a link");
        let address = response.header("location").expect("it redirects");
        assert_eq!(response.status, 303);
        let begins = "http://localhost:3000/welcome?lang=en&token=";
        assert!(address.starts_with(begins) && address.ends_with("#top"), "{address}");
    }

    #[test]
    fn a_link_without_a_landing_page_shows_a_token_to_known_users_only() {
        let shown = open_path(StandInOptions::default(), "/external-link/qa-certifier").expect("it is a link");
        assert!(shown.status == 200 && shown.body.len() > 20);
        assert_eq!(open_path(StandInOptions::default(), "/external-link/unknown").map(|it| it.status), Some(404));
        assert_eq!(open_path(StandInOptions::default(), "/proftrading/rest/external-link/qa-certifier"), None);
    }
}
