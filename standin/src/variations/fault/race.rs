//! Faults that only requests at the same moment meet.

use crate::variations::seeds;

seeds! { Race, shelf 7, Race;
    LoginsShareVariable: "race-logins-share-pair", Must, ["ISSUE-18"], "Logins of one user that meet get the same pair.";
    UsersShareVariable: "race-users-share-pair", Must, ["ISSUE-18"], "Logins of two users that meet get the same pair.";
    LoginsLoseUpdates: "race-logins-lose-updates", Must, ["ISSUE-18"], "Of logins that meet only the last pair works.";
    LoginsCollide: "race-logins-collide", Must, ["ISSUE-18"], "A login that meets another is answered 500.";
    RefreshesCollide: "race-refreshes-collide", Must, ["REFRESH-10"], "A refresh that meets another of its token is answered 500.";
    RefreshedPairsDie: "race-refreshed-pairs-die", Must, ["REFRESH-10"], "Of refreshes that meet only the first pair works.";
    LastRefreshWins: "race-last-refresh-wins", Must, ["REFRESH-10"], "Of refreshes that meet only the last pair works.";
    RefreshRevokesFamily: "race-refresh-revokes-family", Must, ["REFRESH-10"],
        "A refresh that meets another of its token ends the session that has just been renewed.";
    VerifiedByAll: "race-verified-by-all", Must, ["OTT-3"], "Verifications of one token that meet all succeed.";
    VerifiedByTwo: "race-verified-by-two", Must, ["OTT-3"], "Of verifications of one token that meet two succeed.";
}
