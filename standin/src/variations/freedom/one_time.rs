//! How the verification of one-time tokens may be answered.

use crate::variations::seeds;

seeds! { OneTime, shelf 11, OneTime;
    ValidFalse: "one-time-valid-false", Observe, [], "Refused tokens are answered 200 with valid: false.";
    IsValidFalse: "one-time-is-valid-false", Observe, [], "Refused tokens are answered 200 with isValid: false and null as login.";
    IsExpiredTrue: "one-time-is-expired-true", Observe, [], "Refused tokens are answered 200 with isExpired: true.";
    IndicatorsBeside: "one-time-indicators-beside", Observe, [], "The good answer says valid: true and isExpired: false beside the login.";
    PairBeside: "one-time-pair-beside", Observe, [], "The good answer has a pair of tokens beside the login.";
    NewestOnly: "one-time-newest-only", Observe, [], "A new token ends its user's earlier ones.";
    AuthorizationNeeded: "one-time-authorization-needed", Observe, [], "A verification needs an access token.";
}
