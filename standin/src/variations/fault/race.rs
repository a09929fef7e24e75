//! Faults that only overlapping requests observe.

use crate::variations::table::variations_table;

variations_table! { RaceFault, table 7, Race;
    LoginsShareVariable: "race-logins-share-pair", Must, ["ISSUE-18"], "Overlapping logins of one user get the same pair.";
    UsersShareVariable: "race-users-share-pair", Must, ["ISSUE-18"], "Overlapping logins of two users get the same pair.";
    LoginsLoseUpdates: "race-logins-lose-updates", Must, ["ISSUE-18"], "Of overlapping logins only the last pair works.";
    LoginsCollide: "race-logins-collide", Must, ["ISSUE-18"], "A login that overlaps another is answered 500.";
    RefreshesCollide: "race-refreshes-collide", Must, ["REFRESH-10"], "A refresh that overlaps another of its token is answered 500.";
    RefreshedPairsDie: "race-refreshed-pairs-die", Must, ["REFRESH-10"], "Of overlapping refreshes only the first pair works.";
    LastRefreshWins: "race-last-refresh-wins", Must, ["REFRESH-10"], "Of overlapping refreshes only the last pair works.";
    RefreshRevokesFamily: "race-refresh-revokes-family", Must, ["REFRESH-10"],
        "A refresh that overlaps another of its token ends the session that has just been renewed.";
    RefreshedByAll: "race-refreshed-by-all", Should, ["REFRESH-17"], "Overlapping refreshes of one token all get pairs of their own.";
    UsesRefused: "race-uses-refused", Must, ["USE-2"], "Of overlapping uses of access tokens more than six are refused.";
    VerifiedByAll: "race-verified-by-all", Must, ["OTT-3"], "Overlapping verifications of one token all succeed.";
    VerifiedByTwo: "race-verified-by-two", Must, ["OTT-3"], "Of overlapping verifications of one token two succeed.";
}
