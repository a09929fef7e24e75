"""The conforming variations, as data."""

from .variation import Freedom

FREEDOMS: tuple[Freedom, ...] = (
    # Sessions
    Freedom("single-session", "a new login ends the user's earlier sessions", tension=("ISSUE-18",)),
    Freedom("few-sessions", "a user has 24 sessions at the most; the oldest ends when one more begins"),
    Freedom("no-rotation", "a refresh gives the same refresh token again and renews its life", warns=("REFRESH-9",)),
    Freedom("lenient-rotation", "a spent refresh token stays valid until it expires", warns=("REFRESH-9",)),
    Freedom("spent-grace", "a spent refresh token is answered with the same pair again for 2 s", warns=("REFRESH-9",)),
    Freedom("refresh-revokes-access", "a refresh ends the access token that came with the refresh token"),
    Freedom(
        "reuse-revokes-after-leeway",
        "a spent refresh token shown again ends the whole session, but not within a second of the refresh that spent it",
    ),
    # Tokens
    Freedom("huge-tokens", "tokens of 4 kB"),
    Freedom("base64-tokens", "tokens with + and / and = in them"),
    Freedom("two-part-tokens", "tokens of two base64url parts joined by a dot"),
    # Lifetimes
    Freedom("whole-second-expiry", "lifetimes count from the second in which the token was made: up to 1 s less"),
    Freedom("whole-second-grace", "lifetimes end with the second in which they are over: up to 1 s more"),
    Freedom("float-lifetimes", "lifetimes are announced as floating-point numbers"),
    Freedom("no-refresh-lifetime", "the refresh token's lifetime is not announced", warns=("ISSUE-5",)),
    # Authorization
    Freedom("strict-scheme-case", "only `Bearer` with a capital letter is read"),
    Freedom("bare-token", "the token without `Bearer` is accepted too", warns=("USE-7",)),
    Freedom("query-token", "the token is accepted in the query string too", warns=("USE-8",)),
    Freedom("no-www-authenticate", "a 401 names no scheme", warns=("USE-9",)),
    # The wire
    Freedom("connection-close", "every answer closes its connection"),
    Freedom("chunked", "bodies come in small chunks"),
    Freedom("close-delimited", "a body ends where the connection does"),
    Freedom("gzip", "bodies are compressed unless the client forbids it"),
    Freedom("charset", "the content type names a charset"),
    Freedom("lowercase-headers", "header names are sent in lower case"),
    Freedom("session-cookie", "every answer sets a cookie"),
    Freedom("slow", "every answer takes 150 ms"),
    Freedom("trickle", "bodies come a few bytes at a time"),
    Freedom("no-cache-headers", "token answers do not say no-store", warns=("ISSUE-15", "REFRESH-12")),
    # Refusals
    Freedom("empty-errors", "errors have no body"),
    Freedom("error-array", "an error is an array of objects with a dotted code"),
    Freedom("error-text", "an error is a JSON string"),
    Freedom("error-trace", "every error has a trace id and a timestamp of its own"),
    Freedom("other-statuses", "refusals use other documented statuses"),
    Freedom("methods-404", "a wrong method is an unknown entity", warns=("ISSUE-14", "REFRESH-11", "OTT-15")),
    Freedom("telling-refusals", "unknown login and wrong password differ", warns=("ISSUE-8",)),
    # One-time tokens
    Freedom("ott-indicator", "a refused one-time token is answered 200 with isExpired"),
    Freedom("ott-valid-flag", "a refused one-time token is answered 200 with valid false and a null login"),
    Freedom("ott-needs-authorization", "verification wants an access token"),
    Freedom("pair-beside-login", "a verified one-time token is also answered with a pair"),
    Freedom("telling-ott-refusals", "used, expired and unknown one-time tokens differ", warns=("OTT-12",)),
    # Settings and the rest
    Freedom("patch-204", "a changed setting is answered 204"),
    Freedom("settings-write-only", "settings cannot be read"),
    Freedom("null-error-on-success", "every answered object has an error field that is null"),
)
