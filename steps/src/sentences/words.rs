//! The words that steps take. Each kind is a closed list, so that a mistyped word is an undefined step.

use crate::step_parameter::StepParameter;

/// Declares one kind of word: its name in expressions, and each word with its text. Together they become the list of patterns.
macro_rules! words {
    ($(
        $(#[$doc:meta])*
        $kind:ident as $name:literal { $first:ident = $first_text:literal, $($word:ident = $text:literal,)* }
    )*) => {
        $(
            $(#[$doc])*
            #[derive(Clone, Copy, Debug, PartialEq, Eq)]
            pub(crate) enum $kind { $first, $($word,)* }

            impl $kind {
                /// The word as features have it.
                #[allow(dead_code, reason = "not every kind of word is shown")]
                pub(crate) fn phrase(self) -> &'static str {
                    match self {
                        Self::$first => $first_text,
                        $(Self::$word => $text,)*
                    }
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
        )*

        /// The name of each kind of word and the pattern that matches its words.
        pub(crate) fn patterns() -> Vec<(&'static str, &'static str)> {
            vec![$(($name, concat!($first_text, $("|", $text,)*))),*]
        }
    };
}

words! {
    /// Who acts.
    User as "user" { First = "the user", Second = "the second user", Unknown = "an unknown user", }

    /// Whose logins meet.
    Users as "users" { First = "the user", Each = "each user", }

    /// Whether requests follow or meet each other.
    Timing as "timing" { InTurn = "one after another", AtOnce = "at the same moment", }

    /// A token that the scenario holds, or one made up.
    Token as "token" {
        Access = "the access token",
        Refresh = "the refresh token",
        EarlierAccess = "the earlier access token",
        EarlierRefresh = "the earlier refresh token",
        UserAccess = "the user's access token",
        SecondUserAccess = "the second user's access token",
        OneTime = "the one-time token",
        EarlierOneTime = "the earlier one-time token",
        None = "no token",
        Empty = "an empty token",
        Altered = "an altered access token",
        MadeUp = "a made-up token",
        MadeUpShort = "a made-up short token",
        MadeUpOfTwo = "a made-up token of two parts",
        MadeUpOfThree = "a made-up token of three parts",
        MadeUpOneTime = "a made-up one-time token",
    }

    /// What is done with a token: the protected call, a refresh, or the verification of a one-time token.
    Action as "action" { Use = "used", Present = "presented", Verify = "verified", }

    /// How another call of the API is made.
    Method as "method" { Get = "GET", Post = "POST", Put = "PUT", Patch = "PATCH", Delete = "DELETE", Head = "HEAD", }

    /// How that departs from the documented request.
    Variation as "variation" {
        Get = "with GET",
        Post = "with POST",
        Put = "with PUT",
        Delete = "with DELETE",
        Query = "in the query string",
        QueryUnderscored = "in the query string as access_token",
        QueryCamel = "in the query string as accessToken",
        QueryToken = "in the query string as token",
        Header = "in a header",
        Body = "in the request body",
        NoScheme = "without the word Bearer",
        LowerCaseScheme = "with the word bearer in lower case",
        UnknownPath = "on an unknown path",
        BasicScheme = "after the word Basic",
        TokenScheme = "after the word Token",
        Cookie = "by the cookie of the login alone",
        OtherCase = "with the name of its header in other case",
        CutOff = "inside JSON that is cut off",
        InList = "inside a list",
    }

    /// How a good token is changed.
    Change as "change" {
        Start = "the start of each part changed",
        Middle = "the middle of each part changed",
        WithoutPart = "each part taken away",
        End = "the end of each part changed",
        Half = "half of it cut off",
        HalfOfLastPart = "half of its last part cut off",
        Longer = "characters added",
        Recased = "its letters re-cased",
        Scattered = "one character after another changed",
        Every = "every change",
    }

    /// Which connections requests take.
    Connection as "connection" { One = "one connection", New = "new connections", }

    /// What is presented or verified many times at one moment.
    Race as "race" { Refresh = "a fresh refresh token is presented", OneTime = "a fresh one-time token is verified", }

    /// What is tried on every node while it is fresh.
    Credential as "credential" { Access = "access token", Refresh = "refresh token", OneTime = "one-time token", }

    /// Passwords that are not the right one.
    Password as "password" {
        Wrong = "a wrong password",
        Short = "the password cut short",
        Long = "the password made longer",
        Recased = "the password in other case",
        BlankBefore = "a blank before the password",
        BlankAfter = "a blank after the password",
        OtherUsers = "the second user's password",
        FirstUsers = "the user's password",
        OtherEnd = "the password with another last character",
        Nul = "the password and a null character",
        Encoded = "the password percent-encoded",
    }

    /// A member of a request's JSON.
    Field as "field" { Login = "login", Password = "password", OneTimeToken = "one-time token", }

    /// What is sent in place of a text that the server knows.
    Value as "value" {
        Missing = "nothing",
        Empty = "an empty text",
        Null = "null",
        Number = "a number",
        Boolean = "a boolean",
        List = "a list",
        Object = "an object",
        Unicode = "a text of Unicode letters",
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

    /// An endpoint that takes a JSON object.
    Endpoint as "endpoint" { Token = "token", Verification = "verification", Settings = "settings", }

    /// What an endpoint is sent in place of its JSON object.
    Message as "message" {
        Empty = "an empty body",
        CutOff = "JSON that is cut off",
        TrailingComma = "JSON with a trailing comma",
        InList = "the object inside a list",
        AsText = "the object as a text",
        PlainText = "plain text",
        Number = "a number",
        Null = "null",
    }

    /// Texts that are tried one after the other.
    Texts as "texts" { Hostile = "hostile texts", Placeholders = "placeholder words", }

    /// Where a call takes a text.
    TextPlace as "text_place" {
        Login = "the login",
        Password = "the password",
        Access = "the access token",
        Refresh = "the refresh token",
        OneTime = "the one-time token",
        Lifetime = "the access lifetime",
    }

    /// Where and how credentials do not belong.
    Place as "place" {
        Query = "in the query string",
        Headers = "in request headers",
        Form = "as a form",
        Basic = "as Basic authentication",
        Get = "with GET",
        Put = "with PUT",
        Delete = "with DELETE",
    }

    /// A point in the life of a token.
    Moment as "moment" { HalfOver = "is half over", NearlyOver = "is nearly over", Passed = "has passed", }

    /// A lifetime among the settings.
    Lifetime as "lifetime" { Access = "access", Refresh = "refresh", OneTime = "one-time", }

    /// A change of a lifetime: for all scenarios that ask for it, or for this one alone.
    Adjustment as "adjustment" { Shortened = "shortened", Changed = "changed", }

    /// Values that no lifetime can have.
    SettingValue as "setting_value" { Zero = "0", Negative = "-60", Text = "\"ten\"", }

    /// What a login announces of a lifetime.
    Announcement as "announcement" { Shortened = "as shortened", Changed = "as changed", Before = "as before", }

    /// A mistake of a client.
    Mistake as "mistake" {
        UnknownLogin = "a login of an unknown user",
        NoPassword = "a login without a password",
        NoJson = "a login that is not JSON",
        LoginMethod = "a login with a wrong method",
        NoToken = "a call without a token",
        MadeUpToken = "a call with a made-up token",
        MadeUpRefresh = "a refresh with a made-up token",
        NoRefresh = "a refresh without a token",
        RefreshMethod = "a refresh with a wrong method",
        MadeUpOneTime = "a verification of a made-up token",
        NoOneTime = "a verification without a token",
        VerificationNoJson = "a verification that is not JSON",
        VerificationMethod = "a verification with a wrong method",
        UnknownPath = "an unknown path",
    }

    /// What an answer is by its status and type.
    AnswerKind as "answer_kind" {
        JsonObject = "200 with a JSON object",
        ClientError = "a client error",
        DocumentedError = "a documented client error",
        DocumentedRefusal = "a documented refusal",
    }

    /// What becomes of a call.
    Verdict as "verdict" { Accepted = "accepted", Refused = "refused", Unauthorized = "refused with 401", }

    /// What an answer may have to keep to itself.
    Content as "content" {
        Token = "a token",
        Password = "the password",
        Internals = "a secret or an internal detail",
        User = "the name of a user",
    }

    /// A part of a token answer.
    Part as "part" {
        Access = "the access token",
        Refresh = "the refresh token",
        AccessLifetime = "the access lifetime",
        RefreshLifetime = "the refresh lifetime",
        All = "all parts of a login",
    }

    /// A kind of token that a server issues.
    Member as "member" { Access = "access token", Refresh = "refresh token", OneTime = "one-time token", }

    /// What is recorded where the contract leaves a choice.
    Finding as "finding" {
        Outcome = "outcome",
        ErrorCode = "error code",
        Pair = "presence of a token pair",
        AccessToken = "need for an access token",
    }
}
