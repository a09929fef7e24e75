//! How tokens may look: clients treat them as opaque.

use crate::variations::seeds;

seeds! { Token, shelf 8, Token;
    AccessHex: "token-access-hex", Observe, [], "Access tokens are 64 hexadecimal digits.";
    AccessUuid: "token-access-uuid", Observe, [], "Access tokens are UUIDs.";
    AccessJwt: "token-access-jwt", Observe, [], "Access tokens are JSON Web Tokens.";
    AccessOpaque: "token-access-opaque", Observe, [], "Access tokens are one opaque part.";
    AccessLarge: "token-access-large", Observe, [], "Access tokens are 4 kB long.";
    AccessPadded: "token-access-padded", Observe, [], "Access tokens have pluses, slashes and equals signs in them.";
    AccessUrlMarks: "token-access-url-marks", Observe, [], "Access tokens have tildes, dots and underlines in them.";
    RefreshHex: "token-refresh-hex", Observe, [], "Refresh tokens are 64 hexadecimal digits.";
    RefreshUuid: "token-refresh-uuid", Observe, [], "Refresh tokens are UUIDs.";
    RefreshJwt: "token-refresh-jwt", Observe, [], "Refresh tokens are JSON Web Tokens.";
    RefreshPadded: "token-refresh-padded", Observe, [], "Refresh tokens have pluses, slashes and equals signs in them.";
    OneTimeHex: "token-one-time-hex", Observe, [], "One-time tokens are 32 hexadecimal digits.";
    OneTimeUuid: "token-one-time-uuid", Observe, [], "One-time tokens are UUIDs.";
}
