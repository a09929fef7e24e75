//! What comes beside a right request and means nothing to the contract: odd queries, unreadable headers of negotiation, proxies, traces
//! and cookies. A server may refuse the request or leave the extra unread; it never fails.

use super::wire::Request;

/// Something odd beside a right request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Extra {
    /// A query string with an escape that is none.
    QueryEscape,
    /// A query string with lists, objects, an empty name, bytes that are no UTF-8 and one name twice.
    QueryForms,
    /// A long query string.
    QueryLong,
    /// Languages and character sets that cannot be read.
    Languages,
    /// Kinds of content that cannot be read.
    Kinds,
    /// What proxies add, unreadable.
    Proxies,
    /// What tracing adds, unreadable.
    Traces,
    /// Cookies without names, values or ends.
    Cookies,
    /// Conditions and moments that cannot be read.
    Conditions,
    /// Credentials of the proxy, and a page of another host as the origin.
    Origins,
}

impl Extra {
    pub(crate) const ALL: [Self; 10] = [
        Self::QueryEscape,
        Self::QueryForms,
        Self::QueryLong,
        Self::Languages,
        Self::Kinds,
        Self::Proxies,
        Self::Traces,
        Self::Cookies,
        Self::Conditions,
        Self::Origins,
    ];

    /// Adds it to a request.
    pub(crate) fn add_to(self, request: &mut Request) {
        if let Some(query) = self.query() {
            request.path.push(if request.path.contains('?') { '&' } else { '?' });
            request.path.push_str(&query);
        }
        request.headers.extend(self.headers().iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        // A header beside that of a body would be a second one.
        if self == Self::Kinds && request.body.is_none() {
            request.headers.push(("Content-Type".to_owned(), ";;json".to_owned()));
        }
    }

    fn query(self) -> Option<String> {
        match self {
            Self::QueryEscape => Some("q=%zz&r=%".to_owned()),
            Self::QueryForms => Some("a[]=1&a[b][c]=2&=x&y&y=%ff%fe&y=%00".to_owned()),
            Self::QueryLong => Some(format!("q={}", "q7".repeat(900))),
            _ => None,
        }
    }

    fn headers(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::QueryEscape | Self::QueryForms | Self::QueryLong => &[],
            Self::Languages => {
                &[("Accept-Language", "x-; q=9, **, tlh_!!;;q=z"), ("Accept-Charset", "x-unknown-7;q=a")]
            }
            Self::Kinds => &[("Accept", "text/;q=z, /json, application/json, */*")],
            Self::Proxies => &[
                ("X-Forwarded-For", "not-an-address, , 999.1.2.3:x"),
                ("X-Forwarded-Proto", "https, x"),
                ("X-Forwarded-Port", "-1"),
                ("Forwarded", "for=;;=\"x"),
                ("X-Real-IP", "::::"),
            ],
            Self::Traces => &[
                ("traceparent", "00-zz-zz-zz"),
                ("tracestate", "=,=;"),
                ("X-B3-TraceId", "not hexadecimal"),
                ("X-Request-Id", "{0}%s${x}'\"<>"),
            ],
            Self::Cookies => &[("Cookie", "=; ;x=\"; JSESSIONID=%00{; $Version=9; a=b=c")],
            Self::Conditions => &[
                ("If-Modified-Since", "yesterday"),
                ("If-Unmodified-Since", "Thu, 99 Zzz 0000 99:99:99 GMT"),
                ("Range", "lines=x-"),
                ("Date", "soon"),
            ],
            Self::Origins => &[("Origin", "not a url"), ("Referer", "://"), ("Proxy-Authorization", "Basic ???")],
        }
    }
}
