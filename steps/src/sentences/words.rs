//! The words that sentences take: each kind is a closed list, so that a mistyped word is an undefined step.

use crate::step_definition::StepParameter;

/// Declares the words of one kind: an enum, its texts, and how a sentence names it.
macro_rules! words {
    ($(#[$doc:meta])* $kind:ident as $name:literal { $first:ident = $first_text:literal, $($word:ident = $text:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum $kind { $first, $($word,)* }

        impl $kind {
            /// Matches each of the words.
            const PATTERN: &'static str = concat!($first_text, $("|", $text,)*);

            /// As features write it.
            #[allow(dead_code, reason = "not every kind is written back")]
            pub(crate) fn as_written(self) -> &'static str {
                match self { Self::$first => $first_text, $(Self::$word => $text,)* }
            }
        }

        impl StepParameter for $kind {
            const NAME: &'static str = $name;

            fn parse(text: &str) -> Result<Self, String> {
                match text {
                    $first_text => Ok(Self::$first),
                    $($text => Ok(Self::$word),)*
                    _ => Err(format!("`{text}` is not one of the words of {{{}}}", $name)),
                }
            }
        }
    };
}

words! {
    /// Who acts.
    User as "user" { First = "the user", Second = "the second user", }
}

words! {
    /// A token in the scenario's hands, or one made up.
    Token as "token" {
        Access = "the access token",
        Refresh = "the refresh token",
        EarlierAccess = "the earlier access token",
        EarlierRefresh = "the earlier refresh token",
        OneTime = "the one-time token",
        MadeUpOneTime = "a made-up one-time token",
        MadeUp = "a made-up token",
        MadeUpShort = "a made-up short token",
        MadeUpOfTwo = "a made-up token of two parts",
        MadeUpOfThree = "a made-up token of three parts",
        Empty = "an empty token",
    }
}

words! {
    /// How a good token is spoilt.
    Change as "change" {
        Start = "the start of each part changed",
        Middle = "the middle of each part changed",
        WithoutPart = "each part taken away",
        Half = "half of it cut off",
        Longer = "characters added",
        Recased = "its letters re-cased",
    }
}

words! {
    /// What is nearly the right password, or not at all.
    Password as "password" {
        Wrong = "a wrong password",
        Short = "the password cut short",
        Long = "the password made longer",
        Recased = "the password in other case",
        BlankBefore = "a blank before the password",
        BlankAfter = "a blank after the password",
        OtherUsers = "the second user's password",
    }
}

words! {
    /// A field of the login.
    Field as "field" { Login = "login", Password = "password", }
}

words! {
    /// What is in a field instead of text.
    State as "state" {
        Missing = "missing",
        Empty = "empty",
        Null = "null",
        Number = "a number",
        Boolean = "a boolean",
        List = "a list",
        Object = "an object",
    }
}

words! {
    /// What is sent instead of a login.
    Body as "body" {
        Empty = "an empty body",
        CutOff = "the credentials cut off in the middle",
        CommaTooMany = "the credentials with a comma too many",
        InList = "the credentials inside a list",
        AsText = "the credentials as a text",
        PlainText = "plain text",
        Number = "a number",
        Null = "null",
    }
}

words! {
    /// A login that tries to break the server.
    Hostile as "hostile" {
        Unicode = "Unicode letters",
        Emoji = "an emoji",
        Control = "control characters",
        NullCharacter = "a null character",
        Quotes = "quotes",
        Sql = "an SQL condition",
        Format = "a format string",
        Path = "a path",
        Markup = "markup",
        Long = "ten thousand letters",
    }
}

words! {
    /// Where credentials do not belong.
    Place as "place" {
        Query = "in the query string",
        Headers = "in request headers",
        Form = "as a form",
        Basic = "as Basic authentication",
    }
}

words! {
    /// Where a one-time token does not belong.
    WrongPlace as "wrong_place" { Query = "in the query string", Header = "in a header", }
}

words! {
    /// An HTTP method that an endpoint does not have.
    Method as "method" { Get = "GET", Post = "POST", Put = "PUT", Delete = "DELETE", }
}

words! {
    /// Which side of the end of a lifetime.
    When as "when" { NearlyOver = "is nearly over", Passed = "has passed", }
}

words! {
    /// A part of a token answer.
    Part as "part" {
        Access = "access token",
        Refresh = "refresh token",
        AccessLifetime = "access lifetime",
        RefreshLifetime = "refresh lifetime",
    }
}

words! {
    /// One of the two tokens of a pair.
    Member as "member" { Access = "access token", Refresh = "refresh token", }
}

words! {
    /// What a verification carries instead of a token.
    Verification as "verification" {
        NoToken = "no token",
        Empty = "an empty token",
        Null = "null as token",
        Number = "a number as token",
        Boolean = "a boolean as token",
        List = "a list as token",
        Object = "an object as token",
        Malformed = "malformed JSON",
        EmptyBody = "an empty body",
    }
}

words! {
    /// A lifetime among the settings.
    Lifetime as "lifetime" { Access = "access", Refresh = "refresh", OneTime = "one-time", }
}

words! {
    /// What no lifetime can be.
    Value as "value" { Zero = "0", Negative = "-60", Text = "\"ten\"", }
}

words! {
    /// A mistake of a client.
    Mistake as "mistake" {
        UnknownLogin = "a login of somebody unknown",
        NoPassword = "a login without a password",
        NoJson = "a login that is no JSON",
        LoginMethod = "a login with a wrong method",
        NoToken = "a call without a token",
        MadeUpToken = "a call with a made-up token",
        MadeUpRefresh = "a refresh with a made-up token",
        NoRefresh = "a refresh without a token",
        RefreshMethod = "a refresh with a wrong method",
        MadeUpOneTime = "a verification of a made-up token",
        NoOneTime = "a verification without a token",
        VerificationNoJson = "a verification that is no JSON",
        VerificationMethod = "a verification with a wrong method",
        UnknownPath = "an unknown path",
    }
}

impl Method {
    /// As it goes over the wire.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Delete => "DELETE",
        }
    }
}

/// The name of each kind of word and the pattern that matches its words.
pub(crate) fn patterns() -> Vec<(&'static str, &'static str)> {
    vec![
        (User::NAME, User::PATTERN),
        (Token::NAME, Token::PATTERN),
        (Change::NAME, Change::PATTERN),
        (Password::NAME, Password::PATTERN),
        (Field::NAME, Field::PATTERN),
        (State::NAME, State::PATTERN),
        (Body::NAME, Body::PATTERN),
        (Hostile::NAME, Hostile::PATTERN),
        (Place::NAME, Place::PATTERN),
        (WrongPlace::NAME, WrongPlace::PATTERN),
        (Method::NAME, Method::PATTERN),
        (When::NAME, When::PATTERN),
        (Part::NAME, Part::PATTERN),
        (Member::NAME, Member::PATTERN),
        (Verification::NAME, Verification::PATTERN),
        (Lifetime::NAME, Lifetime::PATTERN),
        (Value::NAME, Value::PATTERN),
        (Mistake::NAME, Mistake::PATTERN),
    ]
}
