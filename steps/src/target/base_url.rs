//! The address below which the REST API lives. Accepts what people paste and keeps one spelling of it.

use std::fmt;

use reqwest::Url;
use thiserror::Error;

/// An absolute `http` or `https` URL without query, fragment, credentials or trailing slash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BaseUrl(String);

/// Why a text is no base URL.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum BaseUrlError {
    /// It cannot be read as a URL at all.
    #[error("`{0}` is not a URL; write it like https://HOST:8443/proftrading/rest")]
    Malformed(String),
    /// Its scheme is not one the API is served with.
    #[error("`{0}` does not begin with https:// or http://")]
    Scheme(String),
    /// It carries a login or password, which would show in every report.
    #[error("the base URL must not carry a login or password; use the keys `login` and `password`")]
    Credentials,
}

impl BaseUrl {
    /// Reads a base URL. The address of the Swagger page is accepted and cut back to the API below it, as facts
    /// about real deployments say that people paste it.
    ///
    /// # Errors
    /// Says what is wrong with the text and how to write it.
    pub fn parse(text: &str) -> Result<Self, BaseUrlError> {
        let mut url = Url::parse(text.trim()).map_err(|_| BaseUrlError::Malformed(text.to_owned()))?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(BaseUrlError::Scheme(text.to_owned()));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(BaseUrlError::Credentials);
        }
        url.set_fragment(None);
        url.set_query(None);
        Ok(Self(without_swagger(url.as_str()).trim_end_matches('/').to_owned()))
    }

    /// The URL of a path below it; `path` begins with a slash.
    #[must_use]
    pub fn join(&self, path: &str) -> String {
        format!("{}{path}", self.0)
    }

    /// Scheme, host and path as one text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether the connection is encrypted.
    #[must_use]
    pub fn is_encrypted(&self) -> bool {
        self.0.starts_with("https:")
    }
}

impl fmt::Display for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
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
    fn what_cannot_be_a_base_url_is_refused() {
        assert!(matches!(BaseUrl::parse("bo.example"), Err(BaseUrlError::Malformed(_))));
        assert!(matches!(BaseUrl::parse("ftp://bo.example"), Err(BaseUrlError::Scheme(_))));
        assert_eq!(BaseUrl::parse("https://me:pw@bo.example"), Err(BaseUrlError::Credentials));
    }
}
