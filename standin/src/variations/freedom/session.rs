//! What may begin and end sessions, and how a caller may show who it is.

use crate::variations::seeds;

seeds! { Session, shelf 10, Session;
    OnePerUser: "session-one-per-user", Observe, [], "A login ends the access tokens of that user that are older than a second.";
    OnlyNewest: "session-only-newest", Observe, [], "A login ends that user's earlier tokens of both kinds at once.";
    LoginInAnyCase: "session-login-in-any-case", Observe, [], "Logins, not passwords, are compared without regard to case.";
    LoginTrimmed: "session-login-trimmed", Observe, [], "Blanks around a login are ignored.";
    SchemeInExactCase: "session-scheme-in-exact-case", Observe, [], "The word Bearer must be written with a capital B.";
    OwnHeaderAccepted: "session-own-header-accepted", Observe, [], "The header X-Auth-Token is taken beside Authorization.";
    RefreshTokenStays: "session-refresh-token-stays", Should, [], "A refresh gives a new access token and the same refresh token.";
    SpentTokenStays: "session-spent-token-stays", Should, [], "A refresh gives a new refresh token, and the old one stays good.";
    RefreshEndsAccessToken: "session-refresh-ends-access-token", Observe, [], "A refresh ends the access token that it replaces.";
    ReplayEndsAll: "session-replay-ends-session", Observe, [],
        "A spent refresh token that is shown again after five seconds ends the session.";
    ReplayEndsAtOnce: "session-replay-ends-session-at-once", Observe, [],
        "A spent refresh token that is shown again ends the session, however soon.";
    RefreshTokenInBody: "session-refresh-token-in-body", Observe, [], "The refresh token may come in the body too.";
    FixedEnd: "session-fixed-end", Observe, [], "A refresh does not prolong the session: the refresh lifetime told is what is left.";
    EndsRoundedDown: "session-ends-rounded-down", Observe, [], "Tokens end at the whole second before their end.";
    EndsRoundedUp: "session-ends-rounded-up", Observe, [], "Tokens end at the whole second after their end.";
}
