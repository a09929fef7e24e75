//! Faults in the connectors settings.

use crate::variations::table::variations_table;

variations_table! { SettingsFault, table 5, Settings;
    AccessIgnored: "settings-access-ignored", Must, ["SETTINGS-1"], "A change of the access lifetime is confirmed and ignored.";
    AccessOnlyAnnounced: "settings-access-only-told", Must, ["SETTINGS-1"], "A changed access lifetime is announced and not applied.";
    AccessOnlyApplied: "settings-access-only-kept", Must, ["SETTINGS-1"], "A changed access lifetime is applied and not announced.";
    AccessInMinutes: "settings-access-minutes", Must, ["SETTINGS-1"], "A changed access lifetime counts in minutes.";
    RefreshIgnored: "settings-refresh-ignored", Must, ["SETTINGS-2"], "A change of the refresh lifetime is confirmed and ignored.";
    RefreshOnlyAnnounced: "settings-refresh-only-told", Must, ["SETTINGS-2"], "A changed refresh lifetime is announced and not applied.";
    RefreshOnlyApplied: "settings-refresh-only-kept", Must, ["SETTINGS-2"], "A changed refresh lifetime is applied and not announced.";
    RefreshInMinutes: "settings-refresh-minutes", Must, ["SETTINGS-2"], "A changed refresh lifetime counts in minutes.";
    OneTimeIgnored: "settings-one-time-ignored", Must, ["SETTINGS-3"], "A changed lifetime of one-time tokens is not applied.";
    OneTimeInMinutes: "settings-one-time-minutes", Must, ["SETTINGS-3"], "A changed lifetime of one-time tokens counts in minutes.";
    OpenWithoutToken: "settings-open-without-token", Must, ["SETTINGS-4"], "Settings can be changed without an access token.";
    OpenWithAnyToken: "settings-open-with-any-token", Must, ["SETTINGS-4"], "Settings can be changed with a made-up token.";
    ChangedBeforeRefusal: "settings-changed-before-401", Must, ["SETTINGS-4"], "Without an access token the answer is 401 and the change is made.";
    NoTokenForbidden: "settings-no-token-403", Must, ["SETTINGS-4"], "A change without a good access token is answered 403.";
    ZeroAccepted: "settings-zero-accepted", Must, ["SETTINGS-5"], "A lifetime can be set to zero.";
    NegativeAccepted: "settings-negative-accepted", Must, ["SETTINGS-5"], "The sign of a lifetime is ignored.";
    TextAccepted: "settings-text-accepted", Must, ["SETTINGS-5"], "A text as lifetime sets it to one second.";
    TextCrashes: "settings-text-500", Must, ["SETTINGS-5"], "A text as lifetime is answered 500.";
    BadValueIgnored: "settings-bad-value-200", Must, ["SETTINGS-5"], "A bad lifetime is answered 200 and ignored.";
    RefusedButStored: "settings-refused-but-stored", Must, ["SETTINGS-5"], "A bad lifetime is refused, and stored as one second.";
    MalformedCrashes: "settings-malformed-500", Must, ["SETTINGS-10"], "A change other than JSON is answered 500.";
    EmptyAccepted: "settings-empty-200", Must, ["SETTINGS-10"], "A change without a body is answered 200.";
    ListTaken: "settings-list-taken", Must, ["SETTINGS-10"], "A change inside a list is made.";
    TextTaken: "settings-text-taken", Must, ["SETTINGS-10"], "A change as JSON inside a text is made.";
    HalfStored: "settings-half-stored", Should, ["SETTINGS-10"], "Of a change that is half bad the good half is made.";
    OthersReset: "settings-others-reset", Must, ["SETTINGS-6"], "A change sets the other lifetimes to their factory values.";
    AccessSetsRefresh: "settings-access-sets-refresh", Must, ["SETTINGS-6"], "A change of the access lifetime changes the refresh lifetime.";
    AccessSetsOneTime: "settings-access-sets-one-time", Must, ["SETTINGS-6"],
        "A change of the access lifetime sets that of one-time tokens to a tenth of it.";
    RefreshSetsAccess: "settings-refresh-sets-access", Must, ["SETTINGS-6"], "A change of the refresh lifetime changes the access lifetime.";
    OneTimeSetsAccess: "settings-one-time-sets-access", Must, ["SETTINGS-6"], "A change of the one-time lifetime changes the access lifetime.";
    OneTimeSetsRefresh: "settings-one-time-sets-refresh", Must, ["SETTINGS-6"], "A change of the one-time lifetime changes the refresh lifetime.";
}
