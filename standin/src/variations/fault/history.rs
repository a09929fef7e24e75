//! Faults of history: the effect of a request on tokens shows only in a later one. And faults of chance and of load.

use crate::variations::table::variations_table;

variations_table! { HistoryFault, table 17, Session;
    UseRefusedByChance: "chance-use-refused", Must, ["USE-2"], "One good access token in twenty is refused.";
    RefreshRefusedByChance: "chance-refresh-refused", Must, ["REFRESH-3"], "One good refresh token in ten is refused.";
    VerificationRefusedByChance: "chance-verification-refused", Must, ["OTT-7"], "One good one-time token in four is refused, and not spent.";
    HundredUses: "load-fifty-uses", Must, ["USE-2"], "An access token works for fifty calls.";
    AccessCopyEnds: "after-access-copy-ended", Must, ["USE-2"], "A copy of an access token without its end ends it.";
    AccessPresentedEnds: "after-access-presented-ended", Must, ["USE-2"], "An access token that is presented as a refresh token is ended.";
    AccessBareEnds: "after-access-bare-ended", Must, ["USE-2"], "An access token that comes without the word Bearer is ended.";
    AccessNowhereEnds: "after-access-nowhere-ended", Must, ["USE-2"], "An unknown path ends the access token that came with it.";
    AccessVerifiedEnds: "after-access-verified-ended", Must, ["USE-2"], "An access token that is verified as a one-time token is ended.";
    WrongPasswordEndsAccess: "after-wrong-password-access-ended", Must, ["USE-2"], "A wrong password ends the access tokens of its user.";
    RefreshCopyEnds: "after-refresh-copy-ended", Must, ["REFRESH-1"], "A copy of a refresh token without its end ends it.";
    RefreshUsedEnds: "after-refresh-used-ended", Must, ["REFRESH-1"], "A refresh token that is used as an access token is ended.";
    RefreshPostedEnds: "after-refresh-posted-ended", Must, ["REFRESH-1"], "A refresh token that comes with POST is ended.";
    RefreshQueryEnds: "after-refresh-in-query-ended", Must, ["REFRESH-1"], "A refresh token in the query string is ended.";
    WrongPasswordEndsRefresh: "after-wrong-password-refresh-ended", Must, ["REFRESH-1"], "A wrong password ends the refresh tokens of its user.";
    RefreshVerifiedEnds: "after-refresh-verified-ended", Must, ["REFRESH-1"], "A refresh token that is verified as a one-time token is ended.";
    OneTimeCopySpends: "after-one-time-copy-spent", Must, ["OTT-7"], "A copy of a one-time token without its end spends it.";
    OneTimeUsedSpends: "after-one-time-used-spent", Must, ["OTT-7"], "A one-time token that is used as an access token is spent.";
    OneTimePresentedSpends: "after-one-time-presented-spent", Must, ["OTT-7"], "A one-time token that is presented as a refresh token is spent.";
    OneTimeGetSpends: "after-one-time-get-spent", Must, ["OTT-7"], "A one-time token that comes with GET is spent.";
    OneTimeCutOffSpends: "after-one-time-cut-off-spent", Must, ["OTT-7"], "A one-time token inside JSON that is cut off is spent.";
    OneTimeListSpends: "after-one-time-list-spent", Must, ["OTT-7"], "A one-time token inside a list is spent.";
    RevivedByVerifications: "revived-by-verifications", Must, ["OTT-16"], "A used one-time token is good again after three others.";
    RevivedByLogin: "revived-by-login", Must, ["OTT-16"], "A login makes used one-time tokens good again.";
    RevivedByRefresh: "revived-by-refresh", Must, ["OTT-16"], "A refresh makes used one-time tokens good again.";
    RevivedByChange: "revived-by-change", Must, ["OTT-16"], "A change of settings makes used one-time tokens good again.";
    ChangeEndsAccess: "change-ends-access", Must, ["SETTINGS-8"], "A change of the access lifetime ends all access tokens.";
    ChangeEndsRefresh: "change-ends-refresh", Must, ["SETTINGS-8"], "A change of the refresh lifetime ends all refresh tokens.";
    ChangeEndsOneTime: "change-ends-one-time", Must, ["SETTINGS-8"], "A change of the one-time lifetime ends all one-time tokens.";
    ChangeCutsAccess: "change-cuts-access", Must, ["SETTINGS-8"], "A change of the access lifetime holds for tokens issued before.";
    ChangeCutsRefresh: "change-cuts-refresh", Must, ["SETTINGS-8"], "A change of the refresh lifetime holds for tokens issued before.";
    ChangeForgotten: "change-forgotten", Must, ["SETTINGS-9"], "Half a minute after a change the lifetimes are as at the start.";
    RefreshedKeepOld: "change-not-for-refreshed", Must, ["SETTINGS-7"], "Pairs from a refresh have the lifetimes of the start.";
}
