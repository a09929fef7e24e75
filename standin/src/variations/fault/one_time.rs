//! Faults in one-time tokens.

use crate::variations::table::variations_table;

variations_table! { OneTimeFault, table 4, OneTime;
    Status201: "one-time-status-201", Must, ["OTT-1"], "A verification is answered 201.";
    ContentTypeText: "one-time-content-type-text", Must, ["OTT-1"], "The login is declared as plain text.";
    ContentTypeMissing: "one-time-content-type-missing", Must, ["OTT-1"], "The login declares no content type.";
    Reusable: "one-time-reusable", Must, ["OTT-2", "OTT-3"], "A one-time token works until it expires.";
    ReusableShortly: "one-time-reusable-shortly", Must, ["OTT-2", "OTT-3"],
        "A one-time token can be used again in its first three seconds.";
    ThirdTimeWorks: "one-time-third-time-works", Must, ["OTT-2", "OTT-3"], "A used one-time token is refused once, then works again.";
    UsedCrashes: "one-time-used-500", Must, ["OTT-2"], "A used one-time token is answered 500.";
    SecondPartUnchecked: "one-time-second-part-unchecked", Must, ["OTT-4"], "The second part of a one-time token is not checked.";
    FirstPartUnchecked: "one-time-first-part-unchecked", Must, ["OTT-4"], "The first part of a one-time token is not checked.";
    CutShortAccepted: "one-time-cut-short-accepted", Must, ["OTT-4"], "The beginning of a one-time token is enough.";
    LongerAccepted: "one-time-longer-accepted", Must, ["OTT-4"], "What follows a one-time token is ignored.";
    HalfSignatureCompared: "one-time-half-signature", Must, ["OTT-4"], "Only the first half of the last part of a one-time token counts.";
    Counter: "one-time-counted", Should, ["OTT-17"], "One-time tokens differ by a counter only.";
    FewBits: "one-time-few-bits", Should, ["OTT-17"], "One-time tokens differ by 32 bits only.";
    CaseIgnored: "one-time-case-ignored", Must, ["OTT-4"], "One-time tokens are compared without regard to case.";
    BeginningCompared: "one-time-beginning-compared", Must, ["OTT-4"], "Only the first characters of a one-time token count.";
    MissingCrashes: "one-time-missing-500", Must, ["OTT-5", "OTT-6", "ERROR-1"], "A verification without a token is answered 500.";
    EmptyCrashes: "one-time-empty-500", Must, ["OTT-5"], "An empty one-time token is answered 500.";
    NullCrashes: "one-time-null-500", Must, ["OTT-5"], "Null as one-time token is answered 500.";
    NumberCrashes: "one-time-number-500", Must, ["OTT-5"], "A number as one-time token is answered 500.";
    BooleanCrashes: "one-time-boolean-500", Must, ["OTT-5"], "A boolean as one-time token is answered 500.";
    ListCrashes: "one-time-list-500", Must, ["OTT-5"], "A list as one-time token is answered 500.";
    ObjectCrashes: "one-time-object-500", Must, ["OTT-5"], "An object as one-time token is answered 500.";
    MalformedBodyCrashes: "one-time-malformed-500", Must, ["OTT-5", "ERROR-1"], "Malformed JSON is answered 500.";
    EmptyBodyCrashes: "one-time-empty-body-500", Must, ["OTT-5"], "An empty body is answered 500.";
    QueryAccepted: "one-time-query-accepted", Must, ["OTT-6"], "A one-time token in the query string is taken.";
    HeaderAccepted: "one-time-header-accepted", Must, ["OTT-6"], "A one-time token in the header token is taken.";
    SpentFromQuery: "one-time-spent-from-query", Must, ["OTT-6"], "A one-time token in the query string is refused, and spent.";
    SpentFromHeader: "one-time-spent-from-header", Must, ["OTT-6"], "A one-time token in a header is refused, and spent.";
    FailureSpends: "one-time-failure-spends", Must, ["OTT-7"], "An unknown token spends the valid ones.";
    ThreeFailuresSpend: "one-time-three-failures-spend", Must, ["OTT-7"], "Three unknown tokens spend the valid ones.";
    ThreeFailuresLock: "one-time-three-failures-lock", Must, ["OTT-7"], "After three unknown tokens nothing is verified.";
    UsersOthersSpent: "one-time-others-spent", Must, ["OTT-8"], "Verifying a token spends all of its user.";
    OlderSpent: "one-time-older-spent", Must, ["OTT-8"], "Verifying a token spends all older ones.";
    FirstUserNamed: "one-time-first-user-named", Must, ["OTT-9"], "Every token names the first user.";
    LatestUserNamed: "one-time-latest-user-named", Must, ["OTT-9"], "Every token names the user of the newest token.";
    AccessTokenAccepted: "one-time-access-token-accepted", Must, ["OTT-10"], "An access token passes for a one-time token.";
    RefreshTokenAccepted: "one-time-refresh-token-accepted", Must, ["OTT-10"], "A refresh token passes for a one-time token.";
    AcceptedAsAccess: "one-time-accepted-as-access", Must, ["OTT-10"], "A one-time token opens protected calls.";
    AcceptedAsRefresh: "one-time-accepted-as-refresh", Must, ["OTT-10"], "A one-time token is exchanged for a pair.";
    UsedNamesUser: "one-time-used-names-user", Must, ["OTT-11", "OTT-12"], "The refusal of a used token has the login.";
    UsedMentionsUser: "one-time-used-mentions-user", Must, ["OTT-11", "OTT-12"], "The message names the user of the token.";
    ExpiredNamesUser: "one-time-expired-names-user", Must, ["OTT-11", "OTT-12"],
        "The refusal of an expired token has the login.";
    UsedNotFound: "one-time-used-404", Should, ["OTT-12"], "A used token is answered 404, an unknown one 401.";
    UsedOtherCode: "one-time-used-code", Should, ["OTT-12"], "A used token has an error code of its own.";
    UsedOtherMessage: "one-time-used-message", Should, ["OTT-12"], "The message reveals that the token has been used.";
    ExpiredUnacceptable: "one-time-expired-406", Should, ["OTT-12"], "An expired token is answered 406, an unknown one 401.";
    ExpiredOtherCode: "one-time-expired-code", Should, ["OTT-12"], "An expired token has an error code of its own.";
    ExpiredOtherMessage: "one-time-expired-message", Should, ["OTT-12"], "The message reveals that the token has expired.";
    GetAccepted: "one-time-get-accepted", Must, ["OTT-15"], "GET verifies too.";
    PutAccepted: "one-time-put-accepted", Must, ["OTT-15"], "PUT verifies too.";
    DeleteAccepted: "one-time-delete-accepted", Must, ["OTT-15"], "DELETE verifies too.";
    WrongMethodBadRequest: "one-time-wrong-method-400", Should, ["OTT-15"], "Wrong methods are answered 400.";
}
