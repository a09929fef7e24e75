//! Faults in refreshing a pair.

use crate::variations::table::variations_table;

variations_table! { RefreshFault, table 3, Refresh;
    Status201: "refresh-status-201", Must, ["REFRESH-1"], "A refresh is answered 201.";
    ContentTypeText: "refresh-content-type-text", Must, ["REFRESH-1"], "The new pair is declared as plain text.";
    ContentTypeMissing: "refresh-content-type-missing", Must, ["REFRESH-1"], "The new pair declares no content type.";
    AccessLifetimeMissing: "refresh-access-lifetime-missing", Must, ["REFRESH-1"], "A refresh does not announce the access lifetime.";
    RefreshLifetimeMissing: "refresh-refresh-lifetime-missing", Must, ["REFRESH-1"], "A refresh does not announce the refresh lifetime.";
    LifetimeText: "refresh-lifetime-text", Must, ["REFRESH-1"], "A refresh announces the access lifetime as a text.";
    SameAccessToken: "refresh-same-access-token", Must, ["REFRESH-2"], "A refresh prolongs the access token instead of replacing it.";
    DeadAccessToken: "refresh-dead-access-token", Must, ["REFRESH-2", "REFRESH-6"],
        "The access token of a refresh does not work.";
    SecondGenerationDies: "refresh-second-generation-dies", Must, ["REFRESH-3"], "A session can be refreshed once.";
    ThirdGenerationDies: "refresh-third-generation-dies", Must, ["REFRESH-3"], "A session can be refreshed twice.";
    FourthGenerationDies: "refresh-fourth-generation-dies", Must, ["REFRESH-3"], "A session can be refreshed three times.";
    LiveAccessTokenNeeded: "refresh-needs-live-access-token", Must, ["EXPIRY-4", "REFRESH-4"],
        "A session whose access token has expired cannot be refreshed.";
    LockedAfterExpiry: "refresh-locked-after-expiry", Must, ["REFRESH-4"],
        "In the minute after an access token has expired its session answers 500.";
    AuthorizationNeeded: "refresh-needs-authorization", Must,
        ["ISSUE-18", "REFRESH-1", "REFRESH-5"],
        "A refresh needs a valid access token beside the refresh token.";
    AccessLifetimeInherited: "refresh-lifetime-inherited", Must, ["REFRESH-6"],
        "A new access token ends when the old one would have ended.";
    AccessLifetimeHalved: "refresh-lifetime-halved", Must, ["REFRESH-6"], "Access tokens of a refresh live half as long as announced.";
    AccessLifetimeDoubled: "refresh-lifetime-doubled", Must, ["REFRESH-6"], "Access tokens of a refresh live twice as long as announced.";
    RefreshLifetimeInherited: "refresh-refresh-lifetime-inherited", Must, ["REFRESH-6"],
        "A new refresh token ends when the old one would have ended, and announces a full lifetime.";
    RefreshLifetimeDoubled: "refresh-refresh-lifetime-doubled", Must, ["REFRESH-6"], "Refresh tokens of a refresh live twice as long as announced.";
    LifetimeInMilliseconds: "refresh-lifetime-milliseconds", Must, ["REFRESH-1"], "A refresh announces the access lifetime in milliseconds.";
    QueryAccepted: "refresh-query-accepted", Should, ["REFRESH-18"], "A refresh token in the query string is taken.";
    HalfSignatureCompared: "refresh-half-signature", Must, ["REFRESH-7"], "Only the first half of the last part of a refresh token counts.";
    CaseIgnored: "refresh-case-ignored", Must, ["REFRESH-7"], "Refresh tokens are compared without regard to case.";
    MissingAccepted: "refresh-missing-accepted", Must, ["REFRESH-7", "ERROR-1"], "Without a token the first user gets a pair.";
    EmptyAccepted: "refresh-empty-accepted", Must, ["REFRESH-7"], "With an empty token the first user gets a pair.";
    EmptyCrashes: "refresh-empty-500", Must, ["REFRESH-7"], "An empty refresh token is answered 500.";
    ThreePartsAccepted: "refresh-three-parts-accepted", Must, ["REFRESH-7"], "A token of three parts is decoded and not checked.";
    ShortTokenAccepted: "refresh-short-token-accepted", Must, ["REFRESH-7"], "A made-up short token is exchanged for a pair.";
    ThreePartsCrash: "refresh-three-parts-500", Must, ["REFRESH-7"], "A made-up token of three parts is answered 500.";
    ShortTokenCrashes: "refresh-short-token-500", Must, ["REFRESH-7"], "A made-up short token is answered 500.";
    TamperedCrashes: "refresh-tampered-500", Must, ["REFRESH-7"], "A refresh token with a wrong second part is answered 500.";
    FirstPartUnchecked: "refresh-first-part-unchecked", Must, ["REFRESH-7"], "The first part of a refresh token is not checked.";
    SecondPartUnchecked: "refresh-second-part-unchecked", Must, ["REFRESH-7"], "The second part of a refresh token is not checked.";
    CutShortAccepted: "refresh-cut-short-accepted", Must, ["REFRESH-7"], "The beginning of a refresh token is enough.";
    LongerAccepted: "refresh-longer-accepted", Must, ["REFRESH-7"], "What follows a refresh token is ignored.";
    BeginningCompared: "refresh-beginning-compared", Must, ["REFRESH-7"], "Only the first characters of a refresh token count.";
    EndCompared: "refresh-end-compared", Must, ["REFRESH-7"], "Only the last characters of a refresh token count.";
    AccessTokenAccepted: "refresh-access-token-accepted", Must, ["REFRESH-8"], "An access token is exchanged for a new pair.";
    AccessTokenCrashes: "refresh-access-token-500", Must, ["REFRESH-8"], "An access token as refresh token is answered 500.";
    AccessTokenRedirected: "refresh-access-token-302", Must, ["REFRESH-8"], "An access token as refresh token is redirected.";
    SpentAccepted: "refresh-spent-accepted", Should, ["REFRESH-9"], "A spent refresh token still works.";
    SpentAcceptedShortly: "refresh-spent-accepted-shortly", Should, ["REFRESH-9"], "A spent refresh token works for another minute.";
    SpentAcceptedOnce: "refresh-spent-accepted-once", Should, ["REFRESH-9"], "A spent refresh token works once more.";
    SpentCrashes: "refresh-spent-500", Must, ["REFRESH-9", "REFRESH-10"], "A spent refresh token is answered 500.";
    ReplayEndsAtOnce: "refresh-replay-ends-session-at-once", Must, ["REFRESH-10"],
        "A spent refresh token that is presented again ends the session, however soon: of a race nobody keeps a pair.";
    PostAccepted: "refresh-post-accepted", Must, ["REFRESH-11"], "POST refreshes too.";
    PutAccepted: "refresh-put-accepted", Must, ["REFRESH-11"], "PUT refreshes too.";
    DeleteAccepted: "refresh-delete-accepted", Must, ["REFRESH-11"], "DELETE refreshes too.";
    WrongMethodBadRequest: "refresh-wrong-method-400", Should, ["REFRESH-11"], "Wrong methods are answered 400.";
    CacheHeaderMissing: "refresh-cache-header-missing", Should, ["REFRESH-12"], "No header forbids caching the new pair.";
    CachePublic: "refresh-cache-public", Should, ["REFRESH-12"], "The new pair may be stored by any cache.";
    ForeignPair: "refresh-foreign-pair", Must, ["REFRESH-15"], "A refresh gives the pair of another user.";
    PairOfLatestUser: "refresh-pair-of-latest-user", Must, ["REFRESH-15"], "A refresh gives a pair of the user who logged in last.";
    LoginGivesForeignPair: "refresh-login-gives-foreign-pair", Must, ["REFRESH-15"], "A login gives the pair of another user.";
    LatestUserRemembered: "refresh-latest-user-remembered", Must, ["REFRESH-15"],
        "Every access token passes for that of the user who logged in last.";
}
