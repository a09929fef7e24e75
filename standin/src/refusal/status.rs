//! The status of a refusal. The documentation lists 400, 401, 404, 405 and 406 for mistakes of clients; deployments differ in
//! which they use for which mistake.

use super::{
    mistake::{Mistake, Refusal},
    mistake_groups::{self as groups, MistakeGroup},
};
use crate::{
    api::Endpoint,
    call::CallContext,
    json_body::{BadField, BodyError, TextField},
    variations::{
        ErrorFault, ExpiryFault, IssueFault, OneTimeFault, RefreshFault, RefusalVariant, UseFault, VariationKey,
    },
};

/// The status of a refusal.
pub(super) fn choose_status(call: &CallContext<'_>, refusal: &Refusal) -> u16 {
    let mistake = refusal.mistake;
    refusal
        .status
        .or_else(|| status_by_rule(call, &ISSUE_RULES, mistake))
        .or_else(|| status_by_rule(call, &USE_RULES, mistake))
        .or_else(|| status_by_rule(call, &EXPIRY_RULES, mistake).filter(|_| !call.state.reconfigured))
        .or_else(|| status_by_rule(call, &REFRESH_RULES, mistake))
        .or_else(|| status_by_rule(call, &ONE_TIME_RULES, mistake))
        .or_else(|| status_by_rule(call, &ERROR_RULES, mistake))
        .or_else(|| status_by_rule(call, &VARIANT_RULES, mistake))
        .or_else(|| hidden_path_status(call, mistake))
        .unwrap_or_else(|| documented_status(mistake))
}

fn status_by_rule<K: VariationKey>(call: &CallContext<'_>, rules: &[StatusRule<K>], mistake: Mistake) -> Option<u16> {
    rules.iter().find(|(key, includes, _)| includes(mistake) && call.has(*key)).map(|(.., status)| *status)
}

fn documented_status(mistake: Mistake) -> u16 {
    match mistake {
        Mistake::LoginBody(_) | Mistake::OneTimeBody(_) | Mistake::SettingsBody | Mistake::TooLarge => 400,
        Mistake::UnknownLogin | Mistake::WrongPassword => 401,
        Mistake::NoToken(_) | Mistake::BadToken(_) | Mistake::ExpiredToken(_) => 401,
        Mistake::RefreshUnknown | Mistake::RefreshSpent | Mistake::RefreshExpired => 401,
        Mistake::OneTimeUnknown | Mistake::OneTimeUsed | Mistake::OneTimeExpired => 401,
        Mistake::UnknownPath | Mistake::UnknownCode => 404,
        Mistake::WrongMethod(_) => 405,
        Mistake::TooManyRequests => 429,
        Mistake::LoginField(..) | Mistake::OneTimeField(_) | Mistake::SettingsValue => 406,
        Mistake::RefreshMissing | Mistake::RefreshEmpty => 406,
    }
}

/// 401 for unknown paths without a token, for the variant that hides which paths exist.
fn hidden_path_status(call: &CallContext<'_>, mistake: Mistake) -> Option<u16> {
    let hidden = call.has(RefusalVariant::PathsHidden) && call.request.header("authorization").is_none();
    (hidden && groups::unknown_path(mistake)).then_some(401)
}

/// A variation, the mistakes that it concerns, and the status that it returns for them.
type StatusRule<K> = (K, MistakeGroup, u16);

const ISSUE_RULES: [StatusRule<IssueFault>; 13] = [
    (IssueFault::WrongPasswordAnswered200, |m| m == Mistake::WrongPassword, 200),
    (IssueFault::WrongPasswordCrashes, |m| m == Mistake::WrongPassword, 500),
    (IssueFault::UnknownLoginAnswered200, |m| m == Mistake::UnknownLogin, 200),
    (IssueFault::UnknownLoginCrashes, |m| m == Mistake::UnknownLogin, 500),
    (IssueFault::UnknownLoginNotFound, |m| m == Mistake::UnknownLogin, 404),
    (IssueFault::LoginNullCrashes, |m| m == Mistake::LoginField(TextField::Login, BadField::Null), 500),
    (IssueFault::LoginObjectCrashes, |m| m == Mistake::LoginField(TextField::Login, BadField::Object), 500),
    (IssueFault::PasswordNumberCrashes, |m| m == Mistake::LoginField(TextField::Password, BadField::Number), 500),
    (IssueFault::EmptyBodyCrashes, |m| m == Mistake::LoginBody(BodyError::Empty), 500),
    (IssueFault::ListBodyCrashes, |m| m == Mistake::LoginBody(BodyError::List), 500),
    (IssueFault::TextBodyCrashes, |m| m == Mistake::LoginBody(BodyError::Text), 500),
    (IssueFault::ScalarBodyCrashes, |m| m == Mistake::LoginBody(BodyError::Scalar), 500),
    (IssueFault::WrongMethodBadRequest, |m| m == Mistake::WrongMethod(Endpoint::Token), 400),
];

const USE_RULES: [StatusRule<UseFault>; 4] = [
    (UseFault::NoTokenBadRequest, groups::missing_access_token, 400),
    (UseFault::NoTokenForbidden, groups::missing_access_token, 403),
    (UseFault::NoTokenCrashes, groups::missing_access_token, 500),
    (UseFault::NoTokenRedirected, groups::missing_access_token, 302),
];

const EXPIRY_RULES: [StatusRule<ExpiryFault>; 6] = [
    (ExpiryFault::ExpiredAccessForbidden, |m| m == Mistake::ExpiredToken(Endpoint::Accounts), 403),
    (ExpiryFault::ExpiredAccessCrashes, |m| m == Mistake::ExpiredToken(Endpoint::Accounts), 500),
    (ExpiryFault::ExpiredAccessBadRequest, |m| m == Mistake::ExpiredToken(Endpoint::Accounts), 400),
    (ExpiryFault::ExpiredRefreshCrashes, |m| m == Mistake::RefreshExpired, 500),
    (ExpiryFault::ExpiredRefreshRedirected, |m| m == Mistake::RefreshExpired, 302),
    (ExpiryFault::ExpiredOneTimeCrashes, |m| m == Mistake::OneTimeExpired, 500),
];

const REFRESH_RULES: [StatusRule<RefreshFault>; 3] = [
    (RefreshFault::EmptyCrashes, |m| m == Mistake::RefreshEmpty, 500),
    (RefreshFault::SpentCrashes, |m| m == Mistake::RefreshSpent, 500),
    (RefreshFault::WrongMethodBadRequest, |m| m == Mistake::WrongMethod(Endpoint::Refresh), 400),
];

const ONE_TIME_RULES: [StatusRule<OneTimeFault>; 4] = [
    (OneTimeFault::UsedCrashes, |m| m == Mistake::OneTimeUsed, 500),
    (OneTimeFault::UsedNotFound, |m| m == Mistake::OneTimeUsed, 404),
    (OneTimeFault::ExpiredUnacceptable, |m| m == Mistake::OneTimeExpired, 406),
    (OneTimeFault::WrongMethodBadRequest, |m| m == Mistake::WrongMethod(Endpoint::Verify), 400),
];

const ERROR_RULES: [StatusRule<ErrorFault>; 22] = [
    (ErrorFault::CredentialsForbidden, groups::wrong_credentials, 403),
    (ErrorFault::CredentialsUnprocessable, groups::wrong_credentials, 422),
    (ErrorFault::IncompleteUnprocessable, groups::incomplete_login, 422),
    (ErrorFault::IncompleteCrashes, groups::missing_password, 500),
    (ErrorFault::UnreadableUnprocessable, groups::unreadable_login, 422),
    (ErrorFault::UnreadableUnsupported, groups::unreadable_login, 415),
    (ErrorFault::MalformedCrashes, groups::malformed_login, 500),
    (ErrorFault::WrongMethodNotImplemented, |m| m == Mistake::WrongMethod(Endpoint::Token), 501),
    (ErrorFault::RefreshWrongMethodForbidden, |m| m == Mistake::WrongMethod(Endpoint::Refresh), 403),
    (ErrorFault::VerifyWrongMethodForbidden, |m| m == Mistake::WrongMethod(Endpoint::Verify), 403),
    (ErrorFault::RefreshForbidden, groups::refused_refresh_token, 403),
    (ErrorFault::RefreshMissingUnprocessable, groups::missing_refresh_token, 422),
    (ErrorFault::RefreshMissingCrashes, |m| m == Mistake::RefreshMissing, 500),
    (ErrorFault::OneTimeForbidden, groups::refused_one_time, 403),
    (ErrorFault::OneTimeGone, groups::refused_one_time, 410),
    (ErrorFault::OneTimeMissingUnprocessable, groups::incomplete_verification, 422),
    (ErrorFault::OneTimeUnreadableUnsupported, groups::unreadable_verification, 415),
    (ErrorFault::UnknownPathForbidden, groups::unknown_path, 403),
    (ErrorFault::UnknownPathBadRequest, groups::unknown_path, 400),
    (ErrorFault::UnknownPathUnauthorized, groups::unknown_path, 401),
    (ErrorFault::UnknownPathCrashes, groups::unknown_path, 500),
    (ErrorFault::UnknownPathRedirected, groups::unknown_path, 302),
];

const VARIANT_RULES: [StatusRule<RefusalVariant>; 17] = [
    (RefusalVariant::Credentials400, groups::wrong_credentials, 400),
    (RefusalVariant::Credentials404, groups::wrong_credentials, 404),
    (RefusalVariant::Credentials406, groups::wrong_credentials, 406),
    (RefusalVariant::Incomplete400, groups::incomplete_login, 400),
    (RefusalVariant::Incomplete401, groups::incomplete_login, 401),
    (RefusalVariant::Unreadable406, groups::unreadable_login, 406),
    (RefusalVariant::Refresh400, groups::refused_refresh_token, 400),
    (RefusalVariant::Refresh404, groups::refused_refresh_token, 404),
    (RefusalVariant::Refresh406, groups::refused_refresh_token, 406),
    (RefusalVariant::RefreshMissing401, groups::missing_refresh_token, 401),
    (RefusalVariant::OneTime400, groups::refused_one_time, 400),
    (RefusalVariant::OneTime404, groups::refused_one_time, 404),
    (RefusalVariant::OneTime406, groups::refused_one_time, 406),
    (RefusalVariant::OneTimeMissing400, groups::incomplete_verification, 400),
    (RefusalVariant::Settings400, groups::refused_settings, 400),
    (RefusalVariant::WrongMethod404, groups::wrong_method, 404),
    (RefusalVariant::WrongMethod400, groups::wrong_method, 400),
];
