//! Proxies that the environment names. The program goes through none but the one of the configuration, so that every machine
//! judges the same server; a variable that other programs would follow is named where it may explain a failure.

/// The variables of curl and most programs; the lower-case names come first there too.
const VARIABLES: [&str; 6] = ["https_proxy", "HTTPS_PROXY", "http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"];

/// The variable that would send a request for an `https` or `http` base URL through a proxy, if one is set.
pub(super) fn proxy_variable(encrypted: bool) -> Option<&'static str> {
    let other = if encrypted { "http_proxy" } else { "https_proxy" };
    let applies = VARIABLES.into_iter().filter(|name| !name.eq_ignore_ascii_case(other));
    applies.into_iter().find(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty()))
}
