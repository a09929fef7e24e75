//! The external link of the trading terminal, beside the API: whoever opens it gets a fresh one-time token of that user. A real
//! server makes them in a terminal that this program has not; nothing of the contract speaks of it.

use std::str::FromStr;

use url::Url;

use crate::{Request, Response, Server};

/// Where the link of a login begins, from the root of the server.
pub const PATH: &str = "/external-link/";

/// The page of a client that external links lead to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Landing(Url);

impl FromStr for Landing {
    type Err = url::ParseError;

    /// Reads the address of a page.
    ///
    /// # Errors
    /// When it is no whole URL.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Url::parse(text).map(Self)
    }
}

impl Landing {
    /// The address with a token in it.
    fn with(&self, token: &str) -> String {
        let mut address = self.0.clone();
        address.query_pairs_mut().append_pair("token", token);
        address.into()
    }
}

/// Opens a link: leads to the landing page with a token, or shows the token where there is none. `None` for a request that
/// is about something else.
pub(crate) fn open(server: &Server, request: &Request) -> Option<Response> {
    let login = request.path.strip_prefix(PATH).filter(|_| request.method == "GET")?;
    let Some(token) = server.mint(login) else {
        return Some(text(404, "there is no such user\n"));
    };
    Some(match server.landing() {
        Some(landing) => Response::empty(303).with("Location", &landing.with(&token)),
        None => text(200, &format!("{token}\n")),
    })
}

fn text(status: u16, text: &str) -> Response {
    let response = Response { status, body: text.as_bytes().to_vec(), ..Response::default() };
    response.with("Content-Type", "text/plain; charset=utf-8").with("Cache-Control", "no-store")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Options;

    fn opened(options: Options, path: &str) -> Option<Response> {
        let request = Request { method: "GET".to_owned(), path: path.to_owned(), ..Request::default() };
        open(&Server::new(options), &request)
    }

    #[test]
    fn a_link_leads_to_the_landing_page_whose_own_query_stays() {
        let landing = "http://localhost:3000/welcome?lang=en#top".parse().ok();
        let response = opened(Options { landing, ..Options::default() }, "/external-link/qa-certifier");
        let response = response.expect("it is a link");
        let address = response.header("location").expect("it leads somewhere");
        assert_eq!(response.status, 303);
        let begins = "http://localhost:3000/welcome?lang=en&token=";
        assert!(address.starts_with(begins) && address.ends_with("#top"), "{address}");
    }

    #[test]
    fn without_a_landing_page_the_token_is_shown_and_a_stranger_gets_none() {
        let shown = opened(Options::default(), "/external-link/qa-certifier").expect("it is a link");
        assert!(shown.status == 200 && shown.body.len() > 20);
        assert_eq!(opened(Options::default(), "/external-link/nobody").map(|it| it.status), Some(404));
        assert_eq!(opened(Options::default(), "/proftrading/rest/external-link/qa-certifier"), None);
    }
}
