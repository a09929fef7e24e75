//! Faults at the ends of lifetimes. Those of access tokens concern tokens of a login, and all of them lifetimes that
//! the settings have not changed: refreshing and settings have faults of their own.

use crate::variations::table::variations_table;

variations_table! { ExpiryFault, table 2, Expiry;
    AccessEarly: "expiry-access-early", Must, ["EXPIRY-1"], "Access tokens end five seconds early.";
    AccessHalf: "expiry-access-half", Must, ["EXPIRY-1"], "Access tokens live half as long as announced.";
    AccessInMilliseconds: "expiry-access-milliseconds", Must, ["ISSUE-5", "EXPIRY-1", "SETTINGS-1"],
        "The access lifetime is announced in milliseconds.";
    AccessLate: "expiry-access-late", Must, ["EXPIRY-2"], "Access tokens end five seconds late.";
    AccessTwice: "expiry-access-twice", Must, ["EXPIRY-2"], "Access tokens live twice as long as announced.";
    AccessNever: "expiry-access-never", Must, ["EXPIRY-2"], "The end of access tokens is announced and never comes.";
    ExpiredAccessBadRequest: "expiry-access-400", Must, ["EXPIRY-2"], "An expired access token is answered 400.";
    ExpiredAccessForbidden: "expiry-access-403", Must, ["EXPIRY-2"], "An expired access token is answered 403.";
    ExpiredAccessCrashes: "expiry-access-500", Must, ["EXPIRY-2"], "An expired access token is answered 500.";
    UseProlongs: "expiry-use-prolongs", Must, ["EXPIRY-3"], "Every use gives an access token a new lifetime.";
    LateUseProlongs: "expiry-late-use-prolongs", Must, ["EXPIRY-3"],
        "A use in the second half of its lifetime prolongs an access token.";
    RefreshEarly: "expiry-refresh-early", Must, ["EXPIRY-4"], "Refresh tokens end five seconds early.";
    RefreshHalf: "expiry-refresh-half", Must, ["EXPIRY-4"], "Refresh tokens live half as long as announced.";
    RefreshInMilliseconds: "expiry-refresh-milliseconds", Must, ["EXPIRY-4", "SETTINGS-2"],
        "The refresh lifetime is announced in milliseconds.";
    RefreshLate: "expiry-refresh-late", Must, ["EXPIRY-4"], "Refresh tokens end five seconds late.";
    RefreshTwice: "expiry-refresh-twice", Must, ["EXPIRY-4"], "Refresh tokens live twice as long as announced.";
    RefreshNever: "expiry-refresh-never", Must, ["EXPIRY-4"], "The end of refresh tokens is announced and never comes.";
    ExpiredRefreshCrashes: "expiry-refresh-500", Must, ["EXPIRY-4"], "An expired refresh token is answered 500.";
    ExpiredRefreshRedirected: "expiry-refresh-302", Must, ["EXPIRY-4"], "An expired refresh token is sent to a login page.";
    OneTimeLate: "expiry-one-time-late", Must, ["EXPIRY-5"], "One-time tokens end five seconds late.";
    OneTimeTwice: "expiry-one-time-twice", Must, ["EXPIRY-5"], "One-time tokens live twice as long.";
    OneTimeNever: "expiry-one-time-never", Must, ["EXPIRY-5"], "One-time tokens do not end.";
    ExpiredOneTimeCrashes: "expiry-one-time-500", Must, ["EXPIRY-5"], "An expired one-time token is answered 500.";
    OneTimeEarly: "expiry-one-time-early", Must, ["EXPIRY-6"], "One-time tokens end five seconds early.";
    AccessSeventy: "expiry-access-70-percent", Must, ["EXPIRY-1"], "Access tokens live 70 % of their lifetime.";
    AccessThirtyMore: "expiry-access-130-percent", Must, ["EXPIRY-2"], "Access tokens live 130 % of their lifetime.";
    AccessAtMost: "expiry-access-at-most-200", Must, ["EXPIRY-1"], "No access token lives longer than 200 seconds.";
    RefreshSeventy: "expiry-refresh-70-percent", Must, ["EXPIRY-4"], "Refresh tokens live 70 % of their lifetime.";
    RefreshThirtyMore: "expiry-refresh-130-percent", Must, ["EXPIRY-4"], "Refresh tokens live 130 % of their lifetime.";
    OneTimeSeventy: "expiry-one-time-70-percent", Must, ["EXPIRY-6"], "One-time tokens live 70 % of their lifetime.";
    OneTimeThirtyMore: "expiry-one-time-130-percent", Must, ["EXPIRY-5"], "One-time tokens live 130 % of their lifetime.";
    OneTimeHalf: "expiry-one-time-half", Must, ["EXPIRY-6"], "One-time tokens live half their lifetime.";
}
