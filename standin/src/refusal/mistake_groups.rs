//! Groups of mistakes that a fault or variant answers in the same way.

use super::mistake::Mistake;
use crate::{
    api::Endpoint,
    json_body::{BadField, BodyError, TextField},
};

/// Whether a mistake is in the group.
pub(super) type MistakeGroup = fn(Mistake) -> bool;

pub(super) fn wrong_credentials(mistake: Mistake) -> bool {
    matches!(mistake, Mistake::UnknownLogin | Mistake::WrongPassword)
}

pub(super) fn incomplete_login(mistake: Mistake) -> bool {
    matches!(mistake, Mistake::LoginField(..))
}

pub(super) fn missing_password(mistake: Mistake) -> bool {
    mistake == Mistake::LoginField(TextField::Password, BadField::Missing)
}

pub(super) fn unreadable_login(mistake: Mistake) -> bool {
    matches!(mistake, Mistake::LoginBody(_))
}

pub(super) fn malformed_login(mistake: Mistake) -> bool {
    mistake == Mistake::LoginBody(BodyError::Malformed)
}

pub(super) fn missing_refresh_token(mistake: Mistake) -> bool {
    matches!(mistake, Mistake::RefreshMissing | Mistake::RefreshEmpty)
}

pub(super) fn refused_refresh_token(mistake: Mistake) -> bool {
    matches!(mistake, Mistake::RefreshUnknown | Mistake::RefreshSpent | Mistake::RefreshExpired)
}

pub(super) fn refused_one_time(mistake: Mistake) -> bool {
    matches!(mistake, Mistake::OneTimeUnknown | Mistake::OneTimeUsed | Mistake::OneTimeExpired)
}

pub(super) fn incomplete_verification(mistake: Mistake) -> bool {
    matches!(mistake, Mistake::OneTimeField(_))
}

pub(super) fn unreadable_verification(mistake: Mistake) -> bool {
    matches!(mistake, Mistake::OneTimeBody(_))
}

pub(super) fn wrong_method(mistake: Mistake) -> bool {
    matches!(mistake, Mistake::WrongMethod(_))
}

pub(super) fn missing_access_token(mistake: Mistake) -> bool {
    mistake == Mistake::NoToken(Endpoint::Accounts)
}

pub(super) fn unknown_access_token(mistake: Mistake) -> bool {
    mistake == Mistake::BadToken(Endpoint::Accounts)
}

pub(super) fn refused_settings(mistake: Mistake) -> bool {
    matches!(mistake, Mistake::SettingsBody | Mistake::SettingsValue)
}

pub(super) fn unknown_path(mistake: Mistake) -> bool {
    mistake == Mistake::UnknownPath
}
