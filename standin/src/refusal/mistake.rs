//! The mistakes of clients, as endpoints name them.

use crate::{
    api::Endpoint,
    json_body::{BadField, BodyError, TextField},
    response::ApiResponse,
};

/// A response, or the refusal of the request.
pub(crate) type EndpointResult = Result<ApiResponse, Refusal>;

/// A mistake of a client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mistake {
    LoginBody(BodyError),
    LoginField(TextField, BadField),
    UnknownLogin,
    WrongPassword,
    RefreshMissing,
    RefreshEmpty,
    RefreshUnknown,
    RefreshSpent,
    RefreshExpired,
    OneTimeBody(BodyError),
    OneTimeField(BadField),
    OneTimeUnknown,
    OneTimeUsed,
    OneTimeExpired,
    NoToken(Endpoint),
    BadToken(Endpoint),
    ExpiredToken(Endpoint),
    SettingsBody,
    SettingsValue,
    WrongMethod(Endpoint),
    UnknownPath,
    UnknownCode,
    TooLarge,
    TooManyRequests,
}

/// A refused request.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Refusal {
    pub(crate) mistake: Mistake,
    /// The status that a fault returns instead of the documented one.
    pub(crate) status: Option<u16>,
    /// The owner of the refused token, if known. Only faults reveal it.
    pub(crate) owner: Option<usize>,
}

impl From<Mistake> for Refusal {
    fn from(mistake: Mistake) -> Self {
        Self { mistake, status: None, owner: None }
    }
}

impl Refusal {
    /// A mistake that crashes the server.
    pub(crate) fn crash(mistake: Mistake) -> Self {
        Self { mistake, status: Some(500), owner: None }
    }
}
