//! The base URL of the REST API. Accepts what people paste and normalises it.

use std::fmt;

use reqwest::Url;
use thiserror::Error;

/// An absolute `http` or `https` URL without query, fragment, credentials or trailing slash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BaseUrl(Url);

/// Why a text is not a base URL.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum BaseUrlError {
    /// It is not a URL.
    #[error("`{0}` is not a URL; write it like https://HOST:8443/proftrading/rest")]
    Malformed(String),
    /// Its scheme is not `http` or `https`.
    #[error("`{0}` does not begin with https:// or http://")]
    Scheme(String),
    /// It carries a login or password, which would show in every report.
    #[error("the base URL must not carry a login or password; use the keys `login` and `password`")]
    Credentials,
}

/// The text without what may be a login and a password before an `@`.
fn without_credentials(text: &str) -> String {
    text.rsplit_once('@').map_or_else(|| text.to_owned(), |(_, host)| format!("…@{host}"))
}

impl BaseUrl {
    /// Parses a base URL. Accepts the address of the Swagger page, which people paste, and cuts it back to the API.
    ///
    /// # Errors
    /// Names what is wrong with the text and how to write it.
    pub fn parse(text: &str) -> Result<Self, BaseUrlError> {
        let mut url = Url::parse(text.trim()).map_err(|_| BaseUrlError::Malformed(without_credentials(text)))?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(BaseUrlError::Scheme(without_credentials(text)));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(BaseUrlError::Credentials);
        }
        url.set_fragment(None);
        url.set_query(None);
        let api = without_swagger(url.as_str()).trim_end_matches('/');
        Url::parse(api).map(Self).map_err(|_| BaseUrlError::Malformed(without_credentials(text)))
    }

    /// The URL of a path below it as one text; `path` begins with a slash and may have a query.
    #[must_use]
    pub fn join(&self, path: &str) -> String {
        format!("{}{path}", self.as_str())
    }

    /// The same as requests take it. Whatever the path, the host stays.
    pub(crate) fn url(&self, path: &str) -> Url {
        let (path, query) = path.split_once('?').map_or((path, None), |(path, query)| (path, Some(query)));
        let mut url = self.0.clone();
        url.set_path(&format!("{}{path}", self.0.path().trim_end_matches('/')));
        url.set_query(query);
        url
    }

    /// Scheme, host and path as one text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str().trim_end_matches('/')
    }

    /// The name or address of the host; an IPv6 address without brackets.
    pub(crate) fn host(&self) -> &str {
        self.0.host_str().unwrap_or_default().trim_start_matches('[').trim_end_matches(']')
    }

    /// Whether the connection is encrypted.
    #[must_use]
    pub fn is_encrypted(&self) -> bool {
        self.0.scheme() == "https"
    }
}

impl fmt::Display for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

fn without_swagger(url: &str) -> &str {
    ["/swagger-ui.html", "/swagger-ui", "/swagger.json", "/v2/api-docs"]
        .iter()
        .find_map(|page| url.find(page).map(|at| &url[..at]))
        .unwrap_or(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_swagger_page_stands_for_the_api_below_it() {
        for pasted in [
            "https://bo.example:8443/proftrading/rest",
            "https://bo.example:8443/proftrading/rest/",
            "https://bo.example:8443/proftrading/rest/swagger-ui.html#",
            "https://bo.example:8443/proftrading/rest/swagger-ui/index.html#/auth",
        ] {
            let read = BaseUrl::parse(pasted).map(|url| url.to_string());
            assert_eq!(read, Ok("https://bo.example:8443/proftrading/rest".to_owned()), "{pasted}");
        }
    }

    #[test]
    fn requests_go_where_the_text_says() {
        for base in ["https://bo.example:8443/proftrading/rest", "http://127.0.0.1:80", "http://[::1]:8080/a%20b"] {
            let base = BaseUrl::parse(base).expect("it is a base URL");
            for path in ["/auth/token", "/accounts?limit=1", "//accounts", "/a b/ä?x=%2F&y=a b", "/a/../b?c=?d", "/?"]
            {
                let read = Url::parse(&base.join(path)).map(|url| url.to_string());
                assert_eq!(Ok(base.url(path).to_string()), read, "{path} below {base}");
            }
        }
    }

    #[test]
    fn what_cannot_be_a_base_url_is_refused() {
        assert!(matches!(BaseUrl::parse("bo.example"), Err(BaseUrlError::Malformed(_))));
        assert!(matches!(BaseUrl::parse("ftp://bo.example"), Err(BaseUrlError::Scheme(_))));
        assert_eq!(BaseUrl::parse("https://me:pw@bo.example"), Err(BaseUrlError::Credentials));
        for slip in ["http//me:pw@bo.example", "htps://me:pw@bo.example", "https://me:pw@bo .example"] {
            let error = BaseUrl::parse(slip).expect_err("it is no URL").to_string();
            assert!(!error.contains("pw") && error.contains("bo"), "{error}");
        }
    }
}
