//! Faults that no scenario names: an effect that shows after a few requests, a class of input, a lifetime that only some settings meet.
//! They are there for `explore`; what they do is in `crate::unforeseen`.

use crate::variations::table::variations_table;

variations_table! { UnforeseenFault, table 14, Session;
    // History.
    FailedLoginMixesUsers: "history-failed-login-mixes-users", Must, ["REFRESH-15"], "After a failed login of a user the next login of another gets that user's pair.";
    TamperedCopyPoisons: "history-tampered-copy-poisons", Must, ["USE-2"], "An access token is refused for ever after a copy with another end was shown.";
    EightOthersForgetUse: "history-eight-others-forget-use", Must, ["OTT-16"], "A used one-time token is good again after eight others were verified.";
    ThreeOthersForgetUse: "history-three-others-forget-use", Must, ["OTT-16"], "A used one-time token is good again after three others were verified.";
    GoodTokenCached: "history-good-token-cached", Must, ["USE-5"], "Access tokens that were accepted are cached by their first 32 characters.";
    TwoBadRefreshesLock: "history-two-bad-refreshes-lock", Must, ["REFRESH-1"], "After two unknown refresh tokens in a row the next good one is refused.";
    WrongMethodSpends: "history-wrong-method-spends", Must, ["OTT-1"], "A one-time token that was sent with a wrong method is spent.";
    TrailingTextSpends: "history-malformed-body-spends", Must, ["OTT-1"], "A one-time token inside a malformed body is spent.";
    RefusedChangeResets: "history-refused-change-resets", Must, ["SETTINGS-5"], "A refused change sets the refresh lifetime to ten minutes.";
    OldSessionsOldLifetimes: "history-old-sessions-old-lifetimes", Must, ["SETTINGS-7"], "After a change of a lifetime a refresh of an older pair announces the old one.";
    OtherUsersLoginEndsRefresh: "history-other-login-ends-refresh", Must, ["REFRESH-1"], "A login of another user ends the newest refresh token.";
    TenUsesEndRefresh: "history-ten-uses-end-refresh", Must, ["REFRESH-1"], "Ten uses of an access token end the refresh token beside it.";
    SpentReturnsAfterTwo: "history-spent-returns-after-two", Should, ["REFRESH-9"], "A spent refresh token is good again once two more generations were refreshed.";
    SpentReturnsAfterLogin: "history-spent-returns-after-login", Should, ["REFRESH-9"], "A spent refresh token is good again after another login of its user.";
    VerificationSpendsOtherUsers: "history-verification-spends-others", Must, ["OTT-8"], "The third verification in a row spends the newest token of another user.";
    FourOutstanding: "history-four-outstanding", Must, ["OTT-8"], "Verifying a token while four others are outstanding ends the oldest of them.";
    FourFailuresRefuseNext: "history-four-failures-refuse-next", Must, ["OTT-7"], "After four failed verifications the next good token is refused once.";
    BadRefreshEndsAccess: "history-bad-refresh-ends-access", Must, ["USE-2"], "A tampered copy of a refresh token ends the access token beside it.";
    ThirdTryAccepted: "history-third-try-accepted", Must, ["USE-5"], "The third showing of the same unknown access token is accepted.";
    ChangeEndsOneTimes: "history-change-ends-one-times", Must, ["SETTINGS-8"], "A change of the access lifetime ends all one-time tokens.";
    ChangeCutsAccess: "history-change-cuts-access", Must, ["SETTINGS-8"], "A change to a shorter access lifetime cuts that of tokens that are there.";
    FourthShowingWorks: "history-fourth-showing-works", Must, ["OTT-2"], "A used one-time token is good again when it is shown a fourth time.";
    ExpiredOnSecondTry: "history-expired-on-second-try", Must, ["EXPIRY-5"], "An expired one-time token is accepted when it is shown again.";
    ExpiredRefreshSecondTry: "history-expired-refresh-second-try", Must, ["EXPIRY-4"], "An expired refresh token is accepted when it is shown again.";
    FailedLoginEndsSessions: "history-failed-login-ends-sessions", Must, ["USE-2"], "A wrong password ends that user's access tokens.";
    UnknownPathEndsSession: "history-unknown-path-ends-session", Must, ["USE-2"], "An unknown path ends the session whose token came with it.";
    SecondChangeIgnored: "history-second-change-ignored", Must, ["SETTINGS-1"], "The second change of the access lifetime is accepted and has no effect.";
    FailedVerificationMixesUsers: "history-failed-verification-mixes-users", Must, ["OTT-9"], "The verification after a failed one names the user of the first token.";
    FourthGenerationOldPair: "history-fourth-generation-old-pair", Must, ["REFRESH-2"], "The fourth refresh of a chain gives the pair of the third again.";
    SiblingEnded: "history-sibling-ended", Must, ["USE-2"], "The second refresh of a session ends the access token of the user's previous session.";
    SpentByOtherKind: "history-shown-as-access-spends", Must, ["OTT-10"], "A one-time token that is shown as an access token is spent.";
    RefreshShownAsAccessDies: "history-refresh-shown-as-access-dies", Must, ["REFRESH-1"], "A refresh token that is shown as an access token is ended.";
    // Input.
    LoginFirstSixteen: "input-login-first-16", Must, ["ISSUE-7"], "Only the first ten characters of a login are compared.";
    LoginEndsAtNul: "input-login-ends-at-nul", Must, ["ISSUE-7"], "A login ends at its first NUL.";
    LoginZeroWidth: "input-login-zero-width", Must, ["ISSUE-7"], "Characters without width are taken out of logins.";
    LoginCombining: "input-login-combining", Must, ["ISSUE-7"], "Combining marks are taken out of logins.";
    LoginPercent: "input-login-percent", Must, ["ISSUE-7"], "Percent escapes are decoded in logins.";
    PasswordEndsAtNul: "input-password-ends-at-nul", Must, ["ISSUE-12"], "A password ends at its first NUL.";
    PasswordControl: "input-password-control", Must, ["ISSUE-12"], "Control characters are taken out of passwords.";
    PasswordPlainOnly: "input-password-plain-only", Must, ["ISSUE-12"], "Everything that is not ASCII is taken out of passwords.";
    PasswordLastIgnored: "input-password-last-ignored", Must, ["ISSUE-12"], "The last character of a password is not compared.";
    PasswordFirstSixteen: "input-password-first-16", Must, ["ISSUE-12"], "Only the first sixteen characters of a password are compared.";
    AccessFirstThirtyTwo: "input-access-first-48", Must, ["USE-5"], "Only the first 48 characters of an access token are compared.";
    AccessMiddle: "input-access-middle", Must, ["USE-5"], "Characters 40 to 60 of an access token are not compared.";
    AccessPercent: "input-access-percent", Must, ["USE-5"], "Percent escapes are decoded in access tokens.";
    AccessDoubled: "input-access-doubled", Must, ["USE-5"], "An access token twice in a row is taken for it.";
    RefreshSixteenth: "input-refresh-16th", Must, ["REFRESH-7"], "The sixteenth character of a refresh token is not compared.";
    RefreshQuoted: "input-refresh-quoted", Must, ["REFRESH-7"], "Quotes around a refresh token are taken away.";
    OneTimeTrimmed: "input-one-time-trimmed", Must, ["OTT-4"], "Blanks around a one-time token are taken away.";
    OneTimeFirstCase: "input-one-time-first-case", Must, ["OTT-4"], "The case of the first letter of a one-time token does not matter.";
    OneTimeFirstTwentyFour: "input-one-time-first-40", Must, ["OTT-4"], "Only the first 40 characters of a one-time token are compared.";
    PasswordEmojiCrashes: "input-password-emoji-500", Must, ["ISSUE-17"], "A character beyond the first plane in a password is answered 500.";
    PasswordLongCrashes: "input-password-long-500", Must, ["ISSUE-17"], "A password over 1,000 characters is answered 500.";
    LoginLengthCrashes: "input-login-256-500", Must, ["ISSUE-17"], "A login of exactly 256 characters is answered 500.";
    OneTimeLongCrashes: "input-one-time-long-500", Must, ["OTT-4"], "A one-time token over 4,000 characters is answered 500.";
    OneTimeUnicodeCrashes: "input-one-time-unicode-500", Must, ["OTT-4"], "A one-time token with a character that is not ASCII is answered 500.";
    SurrogateCrashes: "input-surrogate-500", Must, ["ISSUE-17"], "A lone surrogate in a body is answered 500.";
    AccessLongCrashes: "input-access-long-500", Must, ["USE-4"], "An access token over 900 characters is answered 500.";
    RefreshFormatCrashes: "input-refresh-format-500", Must, ["REFRESH-7"], "A percent sign in a refresh token is answered 500.";
    SettingsObjectCrashes: "input-settings-object-500", Must, ["SETTINGS-5"], "An object as a lifetime is answered 500.";
    VerifyTrailingText: "input-verify-trailing-text", Must, ["OTT-5"], "Text behind the JSON of a verification is ignored.";
    LoginListed: "input-password-listed", Must, ["ISSUE-9"], "A password as the only one of a list is taken for it.";
    // Time.
    RefreshedHalves: "time-refreshed-halves", Must, ["REFRESH-6"], "Access tokens of the third generation live half as announced.";
    HourAtMost: "time-hour-at-most", Must, ["EXPIRY-1"], "No access token lives longer than an hour, whatever is set.";
    MillisecondOverflow: "time-millisecond-overflow", Must, ["EXPIRY-1"], "Refresh lifetimes beyond 2,147,483 s end at once.";
    FailedTryProlongs: "time-failed-try-prolongs", Must, ["EXPIRY-5"], "A failed verification prolongs all one-time tokens.";
    LateUseCached: "time-late-use-cached", Must, ["EXPIRY-2"], "An access token that was used in the last tenth of its life is accepted for a minute more.";
    RefreshRevivesExpired: "time-refresh-revives-expired", Must, ["EXPIRY-2"], "A refresh makes the expired access token beside it good again.";
    SpentReturnsWithTime: "time-spent-returns", Should, ["REFRESH-9"], "A spent refresh token is good again after ten minutes.";
    UsedReturnsWithTime: "time-used-returns", Must, ["OTT-16"], "A used one-time token is good again in the last fifth of its life.";
    LateRefreshRefused: "time-late-refresh-refused", Must, ["EXPIRY-4"], "A refresh in the last tenth of the refresh lifetime is refused.";
    SessionEnds: "time-session-ends", Must, ["REFRESH-6"], "A refreshed refresh token ends with the first one of its session, and announces a full lifetime.";
    // Concurrency.
    VerificationsOfTwoCollide: "concurrency-verifications-collide", Must, ["OTT-3"], "Two verifications that meet take each other's login.";
    FifthUseRefused: "concurrency-fifth-use-refused", Must, ["USE-2"], "Of uses of one access token that meet only four are let through.";
    LoginHidesRefresh: "concurrency-refreshes-share-pair", Must, ["REFRESH-2"], "Refreshes of two sessions that meet get the same pair.";
    BadCloseToGood: "concurrency-bad-close-to-good", Must, ["USE-5"], "A bad access token that meets a good one is let through.";
}
