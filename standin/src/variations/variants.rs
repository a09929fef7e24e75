//! Conforming variants: what the documentation leaves to a deployment. A suite that judges by the documentation must not blame
//! a server for any of them. Those that miss good practice have the level `Should`.

use crate::variations::table::variations_table;

// The forms of tokens: clients treat tokens as opaque.
variations_table! { TokenVariant, table 8, Token;
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

// How responses are written and sent.
variations_table! { AnswerVariant, table 9, Answer;
    ConnectionClosed: "answer-connection-closed", Observe, [], "Every answer closes its connection.";
    Chunked: "answer-chunked", Observe, [], "Bodies come in chunks, their length unannounced (when served on a port of its own).";
    CharsetNamed: "answer-charset-named", Observe, [], "The content type names its character set.";
    Slow: "answer-slow", Observe, [], "Every answer takes 30 ms.";
    Pretty: "answer-pretty", Observe, [], "JSON comes with line breaks and indentation.";
    KeysReversed: "answer-keys-reversed", Observe, [], "The fields of answers come in the reverse order.";
    BlankAround: "answer-blank-around", Observe, [], "There are blanks and line breaks around the JSON.";
    SlashesEscaped: "answer-slashes-escaped", Observe, [], "Slashes in JSON texts are escaped.";
    CookieSet: "answer-cookie-set", Observe, [], "A load balancer sets a cookie.";
    ExtraHeaders: "answer-extra-headers", Observe, [], "Answers have more headers than needed.";
    ExtraFields: "answer-extra-fields", Observe, [], "Token answers have more fields than documented.";
    PragmaBeside: "answer-pragma-beside", Observe, [], "Caching is forbidden by several directives and by Pragma.";
    FractionalLifetimes: "answer-fractional-lifetimes", Observe, [], "Lifetimes are written as 300.0.";
    RefreshLifetimeMissing: "answer-refresh-lifetime-untold", Should, [], "No response announces the refresh lifetime.";
}

// What begins and ends sessions, and how a caller identifies itself.
variations_table! { SessionVariant, table 10, Session;
    OnePerUser: "session-one-per-user", Observe, [], "A login ends the access tokens of that user that are older than a second.";
    OnlyNewest: "session-only-newest", Observe, [], "A login ends that user's earlier tokens of both kinds at once.";
    LoginInAnyCase: "session-login-in-any-case", Observe, [], "Logins, not passwords, are compared without regard to case.";
    LoginTrimmed: "session-login-trimmed", Observe, [], "Blanks around a login are ignored.";
    FormAccepted: "session-form-accepted", Observe, [], "Credentials may come as a form.";
    SchemeInExactCase: "session-scheme-in-exact-case", Observe, [], "The word Bearer must be written with a capital B.";
    OwnHeaderAccepted: "session-own-header-accepted", Observe, [], "The header X-Auth-Token is taken beside Authorization.";
    RefreshTokenStays: "session-refresh-token-stays", Should, [], "A refresh gives a new access token and the same refresh token.";
    SpentTokenStays: "session-spent-token-stays", Should, [], "A refresh gives a new refresh token, and the old one still works.";
    RefreshEndsAccessToken: "session-refresh-ends-access-token", Observe, [], "A refresh ends the access token that it replaces.";
    ReplayEndsAll: "session-replay-ends-session", Observe, [],
        "A spent refresh token that is presented again after five seconds ends the session.";
    RefreshTokenInBody: "session-refresh-token-in-body", Observe, [], "The refresh token may come in the body too.";
    FixedEnd: "session-fixed-end", Observe, [], "A refresh does not prolong the session: the announced refresh lifetime is the time left.";
    EndsRoundedDown: "session-ends-rounded-down", Observe, [], "Tokens end at the whole second before their end.";
    EndsRoundedUp: "session-ends-rounded-up", Observe, [], "Tokens end at the whole second after their end.";
}

// How a verification of a one-time token is answered.
variations_table! { OneTimeVariant, table 11, OneTime;
    ValidFalse: "one-time-valid-false", Observe, [], "Refused tokens are answered 200 with valid: false.";
    IsValidFalse: "one-time-is-valid-false", Observe, [], "Refused tokens are answered 200 with isValid: false and null as login.";
    IsExpiredTrue: "one-time-is-expired-true", Observe, [], "Refused tokens are answered 200 with isExpired: true.";
    IndicatorsBeside: "one-time-indicators-beside", Observe, [], "The success response has valid: true and isExpired: false beside the login.";
    PairBeside: "one-time-pair-beside", Observe, [], "The success response has a pair of tokens beside the login.";
    NewestOnly: "one-time-newest-only", Observe, [], "A new token ends its user's earlier ones.";
    AuthorizationNeeded: "one-time-authorization-needed", Observe, [], "A verification needs an access token.";
}

// How a change of the settings is answered.
variations_table! { SettingsVariant, table 12, Settings;
    NoContent: "settings-no-content", Observe, [], "A change is answered 204.";
    EmptyAnswer: "settings-empty-answer", Observe, [], "A change is answered 200 without a body.";
    ShortestTwoSeconds: "settings-shortest-two-seconds", Observe, [], "No lifetime can be set below two seconds.";
}

// How refusals are sent: any documented status, any JSON.
variations_table! { RefusalVariant, table 13, Errors;
    Credentials400: "refusal-credentials-400", Observe, [], "Wrong credentials are answered 400.";
    Credentials404: "refusal-credentials-404", Observe, [], "Wrong credentials are answered 404.";
    Credentials406: "refusal-credentials-406", Observe, [], "Wrong credentials are answered 406.";
    Incomplete400: "refusal-incomplete-400", Observe, [], "An incomplete login is answered 400.";
    Incomplete401: "refusal-incomplete-401", Observe, [], "An incomplete login is answered 401.";
    Unreadable406: "refusal-unreadable-406", Observe, [], "A login other than a JSON object is answered 406.";
    Refresh400: "refusal-refresh-400", Observe, [], "A bad refresh token is answered 400.";
    Refresh404: "refusal-refresh-404", Observe, [], "A bad refresh token is answered 404.";
    Refresh406: "refusal-refresh-406", Observe, [], "A bad refresh token is answered 406.";
    RefreshMissing401: "refusal-refresh-missing-401", Observe, [], "A refresh without a token is answered 401.";
    OneTime400: "refusal-one-time-400", Observe, [], "A bad one-time token is answered 400.";
    OneTime404: "refusal-one-time-404", Observe, [], "A bad one-time token is answered 404.";
    OneTime406: "refusal-one-time-406", Observe, [], "A bad one-time token is answered 406.";
    OneTimeMissing400: "refusal-one-time-missing-400", Observe, [], "A verification without a token is answered 400.";
    Settings400: "refusal-settings-400", Observe, [], "A bad lifetime is answered 400.";
    WrongMethod404: "refusal-wrong-method-404", Should, [], "Wrong methods are answered 404.";
    WrongMethod400: "refusal-wrong-method-400", Should, [], "Wrong methods are answered 400.";
    MethodsUnlisted: "refusal-methods-unlisted", Observe, [], "A 405 does not list the methods that there are.";
    PathsHidden: "refusal-paths-hidden", Observe, [], "Without a token an unknown path is answered 401.";
    Unchallenged: "refusal-unchallenged", Should, [], "A 401 names no scheme.";
    ChallengeDetailed: "refusal-challenge-detailed", Observe, [], "A 401 names scheme, realm and error.";
    NoBody: "refusal-no-body", Observe, [], "Errors have no body.";
    Problem: "refusal-problem", Observe, [], "Errors have the fields of a problem report.";
    Nested: "refusal-nested", Observe, [], "Code and message are inside an object named error.";
    Listed: "refusal-listed", Observe, [], "Errors are lists.";
    BareText: "refusal-bare-text", Observe, [], "Errors are JSON texts.";
    NumericCodes: "refusal-numeric-codes", Observe, [], "Errors have numbers for codes.";
    Traced: "refusal-traced", Observe, [], "Errors have a trace id and a time, different each time.";
    CodesUnexplained: "refusal-codes-unexplained", Observe, [], "No error code is explained.";
}
