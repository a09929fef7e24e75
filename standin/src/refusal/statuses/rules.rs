//! The statuses of servers that differ: faults by area, then freedoms. A line for each.

use crate::{
    call::BadBody,
    endpoints::{Endpoint, Field, FieldState},
    refusal::{
        Mistake,
        groups::{self, Group},
    },
    variations::{fault, freedom},
};

/// A variation, the mistakes it is about, and the status it answers them with.
pub(super) type Rule<S> = (S, Group, u16);

pub(super) const OF_ISSUE: [Rule<fault::Issue>; 13] = [
    (fault::Issue::WrongPasswordAnswered200, |m| m == Mistake::WrongPassword, 200),
    (fault::Issue::WrongPasswordCrashes, |m| m == Mistake::WrongPassword, 500),
    (fault::Issue::UnknownLoginAnswered200, |m| m == Mistake::UnknownLogin, 200),
    (fault::Issue::UnknownLoginCrashes, |m| m == Mistake::UnknownLogin, 500),
    (fault::Issue::UnknownLoginNotFound, |m| m == Mistake::UnknownLogin, 404),
    (fault::Issue::LoginNullCrashes, |m| m == Mistake::LoginField(Field::Login, FieldState::Null), 500),
    (fault::Issue::LoginObjectCrashes, |m| m == Mistake::LoginField(Field::Login, FieldState::Object), 500),
    (fault::Issue::PasswordNumberCrashes, |m| m == Mistake::LoginField(Field::Password, FieldState::Number), 500),
    (fault::Issue::EmptyBodyCrashes, |m| m == Mistake::LoginBody(BadBody::Empty), 500),
    (fault::Issue::ListBodyCrashes, |m| m == Mistake::LoginBody(BadBody::List), 500),
    (fault::Issue::TextBodyCrashes, |m| m == Mistake::LoginBody(BadBody::Text), 500),
    (fault::Issue::ScalarBodyCrashes, |m| m == Mistake::LoginBody(BadBody::Scalar), 500),
    (fault::Issue::WrongMethodBadRequest, |m| m == Mistake::WrongMethod(Endpoint::Token), 400),
];

pub(super) const OF_USE: [Rule<fault::Use>; 4] = [
    (fault::Use::NoTokenBadRequest, groups::absent_access_token, 400),
    (fault::Use::NoTokenForbidden, groups::absent_access_token, 403),
    (fault::Use::NoTokenCrashes, groups::absent_access_token, 500),
    (fault::Use::NoTokenRedirected, groups::absent_access_token, 302),
];

pub(super) const OF_EXPIRY: [Rule<fault::Expiry>; 6] = [
    (fault::Expiry::ExpiredAccessForbidden, |m| m == Mistake::ExpiredToken(Endpoint::Accounts), 403),
    (fault::Expiry::ExpiredAccessCrashes, |m| m == Mistake::ExpiredToken(Endpoint::Accounts), 500),
    (fault::Expiry::ExpiredAccessBadRequest, |m| m == Mistake::ExpiredToken(Endpoint::Accounts), 400),
    (fault::Expiry::ExpiredRefreshCrashes, |m| m == Mistake::RefreshExpired, 500),
    (fault::Expiry::ExpiredRefreshRedirected, |m| m == Mistake::RefreshExpired, 302),
    (fault::Expiry::ExpiredOneTimeCrashes, |m| m == Mistake::OneTimeExpired, 500),
];

pub(super) const OF_REFRESH: [Rule<fault::Refresh>; 3] = [
    (fault::Refresh::EmptyCrashes, |m| m == Mistake::RefreshEmpty, 500),
    (fault::Refresh::SpentCrashes, |m| m == Mistake::RefreshSpent, 500),
    (fault::Refresh::WrongMethodBadRequest, |m| m == Mistake::WrongMethod(Endpoint::Refresh), 400),
];

pub(super) const OF_ONE_TIME: [Rule<fault::OneTime>; 4] = [
    (fault::OneTime::UsedCrashes, |m| m == Mistake::OneTimeUsed, 500),
    (fault::OneTime::UsedNotFound, |m| m == Mistake::OneTimeUsed, 404),
    (fault::OneTime::ExpiredUnacceptable, |m| m == Mistake::OneTimeExpired, 406),
    (fault::OneTime::WrongMethodBadRequest, |m| m == Mistake::WrongMethod(Endpoint::Verify), 400),
];

pub(super) const OF_ERRORS: [Rule<fault::Errors>; 22] = [
    (fault::Errors::CredentialsForbidden, groups::wrong_credentials, 403),
    (fault::Errors::CredentialsUnprocessable, groups::wrong_credentials, 422),
    (fault::Errors::IncompleteUnprocessable, groups::incomplete_login, 422),
    (fault::Errors::IncompleteCrashes, groups::absent_password, 500),
    (fault::Errors::UnreadableUnprocessable, groups::unreadable_login, 422),
    (fault::Errors::UnreadableUnsupported, groups::unreadable_login, 415),
    (fault::Errors::MalformedCrashes, groups::malformed_login, 500),
    (fault::Errors::WrongMethodNotImplemented, |m| m == Mistake::WrongMethod(Endpoint::Token), 501),
    (fault::Errors::RefreshWrongMethodForbidden, |m| m == Mistake::WrongMethod(Endpoint::Refresh), 403),
    (fault::Errors::VerifyWrongMethodForbidden, |m| m == Mistake::WrongMethod(Endpoint::Verify), 403),
    (fault::Errors::RefreshForbidden, groups::refused_refresh_token, 403),
    (fault::Errors::RefreshMissingUnprocessable, groups::absent_refresh_token, 422),
    (fault::Errors::RefreshMissingCrashes, |m| m == Mistake::RefreshMissing, 500),
    (fault::Errors::OneTimeForbidden, groups::refused_one_time, 403),
    (fault::Errors::OneTimeGone, groups::refused_one_time, 410),
    (fault::Errors::OneTimeMissingUnprocessable, groups::incomplete_verification, 422),
    (fault::Errors::OneTimeUnreadableUnsupported, groups::unreadable_verification, 415),
    (fault::Errors::UnknownPathForbidden, groups::unknown_path, 403),
    (fault::Errors::UnknownPathBadRequest, groups::unknown_path, 400),
    (fault::Errors::UnknownPathUnauthorized, groups::unknown_path, 401),
    (fault::Errors::UnknownPathCrashes, groups::unknown_path, 500),
    (fault::Errors::UnknownPathRedirected, groups::unknown_path, 302),
];

pub(super) const FREEDOMS: [Rule<freedom::Refusal>; 17] = [
    (freedom::Refusal::Credentials400, groups::wrong_credentials, 400),
    (freedom::Refusal::Credentials404, groups::wrong_credentials, 404),
    (freedom::Refusal::Credentials406, groups::wrong_credentials, 406),
    (freedom::Refusal::Incomplete400, groups::incomplete_login, 400),
    (freedom::Refusal::Incomplete401, groups::incomplete_login, 401),
    (freedom::Refusal::Unreadable406, groups::unreadable_login, 406),
    (freedom::Refusal::Refresh400, groups::refused_refresh_token, 400),
    (freedom::Refusal::Refresh404, groups::refused_refresh_token, 404),
    (freedom::Refusal::Refresh406, groups::refused_refresh_token, 406),
    (freedom::Refusal::RefreshMissing401, groups::absent_refresh_token, 401),
    (freedom::Refusal::OneTime400, groups::refused_one_time, 400),
    (freedom::Refusal::OneTime404, groups::refused_one_time, 404),
    (freedom::Refusal::OneTime406, groups::refused_one_time, 406),
    (freedom::Refusal::OneTimeMissing400, groups::incomplete_verification, 400),
    (freedom::Refusal::Settings400, groups::refused_settings, 400),
    (freedom::Refusal::WrongMethod404, groups::wrong_method, 404),
    (freedom::Refusal::WrongMethod400, groups::wrong_method, 400),
];
