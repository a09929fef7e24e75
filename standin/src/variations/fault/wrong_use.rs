//! Faults in calls with an access token.

use crate::variations::table::variations_table;

variations_table! { UseFault, table 1, Use;
    NotYetValid: "use-not-yet-valid", Must, ["ISSUE-18", "USE-1"],
        "An access token of a login is refused in its first two seconds.";
    GoodOnce: "use-good-once", Must, ["USE-2"], "An access token works for one call. EXPIRY-1 fails too: it uses the token when it is new, and again at its end.";
    GoodThreeTimes: "use-good-three-times", Must, ["USE-2"], "An access token works for three calls.";
    GoodFiveTimes: "use-good-five-times", Must, ["USE-2"], "An access token works for five calls.";
    OpenToAll: "use-open-to-all", Must, ["USE-3", "USE-8", "USE-9", "ERROR-1"], "Without a token the answer is 200 and an empty list.";
    NoTokenBadRequest: "use-no-token-400", Must, ["USE-3"], "A call without a token is answered 400.";
    NoTokenForbidden: "use-no-token-403", Must, ["USE-3", "ERROR-1"], "A call without a token is answered 403.";
    NoTokenCrashes: "use-no-token-500", Must, ["USE-3", "ERROR-1"], "A call without a token is answered 500.";
    NoTokenRedirected: "use-no-token-302", Must, ["USE-3", "ERROR-1"], "A call without a token is sent to a login page.";
    ThreePartsAccepted: "use-three-parts-accepted", Must, ["USE-4"], "A token of three parts is decoded and not checked.";
    ShortTokenAccepted: "use-short-token-accepted", Must, ["USE-4"], "A token too short for a signature is let through.";
    ThreePartsCrash: "use-three-parts-500", Must, ["USE-4"], "A made-up token of three parts is answered 500.";
    ShortTokenCrashes: "use-short-token-500", Must, ["USE-4"], "A made-up short token is answered 500.";
    SignatureUnchecked: "use-signature-unchecked", Must, ["USE-5"], "The second part of an access token is not checked.";
    PayloadUnchecked: "use-payload-unchecked", Must, ["USE-5"], "The first part of an access token is not checked.";
    UnsignedAccepted: "use-unsigned-accepted", Must, ["USE-5"], "An access token without its second part is accepted.";
    CutShortAccepted: "use-cut-short-accepted", Must, ["USE-5"], "The beginning of an access token is enough.";
    LongerAccepted: "use-longer-accepted", Must, ["USE-5"], "What follows an access token is ignored.";
    BeginningCompared: "use-beginning-compared", Must, ["USE-5"], "Only the first characters of an access token count.";
    EndCompared: "use-end-compared", Must, ["USE-5"], "Only the last characters of an access token count.";
    WrongSignatureBadRequest: "use-wrong-signature-400", Must, ["USE-5"], "A wrong second part is answered 400.";
    WrongSignatureForbidden: "use-wrong-signature-403", Must, ["USE-5"], "A wrong second part is answered 403.";
    WrongSignatureCrashes: "use-wrong-signature-500", Must, ["USE-5"], "A wrong second part is answered 500.";
    RefreshTokenAccepted: "use-refresh-token-accepted", Must, ["USE-6"], "A refresh token passes for an access token.";
    RefreshTokenBadRequest: "use-refresh-token-400", Must, ["USE-6"], "A refresh token as access token is answered 400.";
    RefreshTokenForbidden: "use-refresh-token-403", Must, ["USE-6"], "A refresh token as access token is answered 403.";
    RefreshTokenCrashes: "use-refresh-token-500", Must, ["USE-6"], "A refresh token as access token is answered 500.";
    HalfSignatureCompared: "use-half-signature", Must, ["USE-5"], "Only the first half of the last part of an access token counts.";
    CaseIgnored: "use-case-ignored", Must, ["USE-5"], "Access tokens are compared without regard to case.";
    NullAccepted: "use-null-accepted", Must, ["USE-4"], "The word null opens calls.";
    UndefinedCrashes: "use-undefined-500", Must, ["USE-4"], "The word undefined is answered 500.";
    LoginAccepted: "use-login-accepted", Must, ["USE-4"], "A login passes for an access token.";
    SlashAtEndOpen: "use-slash-at-end-open", Must, ["USE-11"], "A path with a slash at its end is open.";
    DoubledSlashOpen: "use-doubled-slash-open", Must, ["USE-11"], "A path with a doubled slash is open.";
    EncodedPathOpen: "use-encoded-path-open", Must, ["USE-11"], "A percent-encoded path is open.";
    UpperCasePathOpen: "use-upper-case-path-open", Must, ["USE-11"], "A path in capitals is open.";
    ParameterPathOpen: "use-path-parameter-open", Must, ["USE-11"], "A path with a parameter after a semicolon is open.";
    ExtensionOpen: "use-extension-open", Must, ["USE-11"], "A path with an extension is open.";
    AnySchemeAccepted: "use-any-scheme-accepted", Should, ["USE-12"], "Any word may stand before an access token.";
    CookieAccepted: "use-cookie-accepted", Should, ["USE-12"], "The cookie that a login sets is enough.";
    BareTokenAccepted: "use-bare-token-accepted", Should, ["USE-7"], "The word Bearer may be left out.";
    QueryAccessTokenAccepted: "use-query-access-token", Should, ["USE-8"], "The query parameter access_token opens calls.";
    QueryCamelCaseAccepted: "use-query-camel-case", Should, ["USE-8"], "The query parameter accessToken opens calls.";
    QueryTokenAccepted: "use-query-token", Should, ["USE-8"], "The query parameter token opens calls.";
    ChallengeMissing: "use-challenge-missing", Should, ["USE-9"], "A 401 names no scheme.";
    BasicChallenge: "use-basic-challenge", Should, ["USE-9"], "A 401 asks for Basic authentication.";
}
