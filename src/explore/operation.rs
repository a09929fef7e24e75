//! What a walk does, step by step. An operation names tokens by the step that made them, so that it can be carried out again on another
//! server, and left out where what it needs was left out.

use std::time::Duration;

use super::{
    extra::Extra,
    input::{BadBody, Odd, Text},
};

/// The step that made a pair or a one-time token.
pub(crate) type Id = u32;

/// One step of a walk.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Step {
    /// Its number, kept when others are left out.
    pub(crate) id: Id,
    pub(crate) operation: Operation,
}

/// What a step does.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Operation {
    /// One request.
    Act(Act),
    /// A fresh one-time token of this user from the source.
    Mint { user: usize },
    /// Time passes.
    Pass(Pass),
    /// Requests that meet: each with the time after the first at which it leaves, in microseconds.
    Together(Vec<(u32, Act)>),
}

/// One request: a call, what it is about, and in what it deviates from the right one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Act {
    pub(crate) call: Call,
    pub(crate) subject: Subject,
    pub(crate) deviation: Deviation,
    /// Over a connection of its own.
    pub(crate) fresh: bool,
}

/// A call of the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Call {
    Login,
    Use,
    Refresh,
    Verify,
    Change,
    ReadSettings,
    /// A path that the API does not have.
    Nowhere,
}

/// Whom or what a request is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Subject {
    /// A user who logs in.
    User(usize),
    /// A pair: its access token in use, its refresh token in a refresh.
    Pair(Id),
    /// A one-time token.
    OneTime(Id),
    /// A change of a setting with the access token of a pair.
    Setting { pair: Id, setting: Setting, value: u64 },
}

/// A lifetime among the settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Setting {
    Access,
    Refresh,
    OneTime,
}

/// A kind of token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Kind {
    Access,
    Refresh,
    OneTime,
}

/// A text that a request carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Field {
    Login,
    Password,
    /// The token that the call is about; of a settings change the access token.
    Token,
    /// The value of a setting.
    Value,
}

/// In what a request deviates from the right one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Deviation {
    /// In nothing.
    None,
    /// It is right, and written in another way.
    Spelled(Spelling),
    /// Another text in a field.
    Text(Field, Text),
    /// No text in a field of the body.
    Json(Field, Odd),
    /// Without a field.
    Absent(Field),
    /// Another body.
    Body(BadBody),
    /// Another method.
    Method(&'static str),
    /// What belongs in body or header is in another place instead.
    Place(Place),
    /// The Authorization header is another one.
    Scheme(Scheme),
    /// Another spelling of the path, without a token.
    Path(PathSpelling),
    /// A right token of another kind.
    OtherKind(Id, Kind),
    /// A value that cannot be a lifetime.
    Value(BadValue),
    /// Without a token, and with what a careless server takes for one.
    Trusted(Trusted),
    /// The right body, declared as another kind of content.
    Content(Content),
    /// By another method and without a token; of a settings change.
    Unguarded(&'static str),
    /// Without what is needed, and as a browser asks: for HTML first.
    Browser,
    /// A good value, and beside it a bad one of another lifetime.
    HalfBad,
    /// It is right, and something odd is beside it.
    Beside(Extra),
    /// The right request to a path below the right one.
    Below,
}

/// Another way to write the right request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Spelling {
    HeaderLower,
    HeaderUpper,
    HeaderMixed,
    JsonSpaced,
    JsonReversed,
    JsonEscaped,
    Charset,
    MoreHeaders,
    Cookie,
    /// With a list of what is accepted, JSON first.
    AcceptList,
    /// With the kind of content in capitals.
    MediaTypeCase,
    /// Through a proxy that names the client.
    Forwarded,
    /// With more members, which a server may refuse.
    MoreMembers,
    /// With members that name another user, which a server may refuse.
    OtherMembers,
    /// With an access token of another user beside it, which a server may refuse.
    OtherBearer,
}

/// What a careless server takes for a right to a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Trusted {
    /// Headers that name the server's own address as the client's.
    LocalAddress,
    /// Headers that name the user, as a proxy sets them.
    NamedUser,
    /// Headers that name another path, as a rewriting proxy sets them.
    NamedPath,
    /// The path of an open call, and the protected one in a header.
    OpenPath,
    /// Another method in a header.
    NamedMethod,
    /// Open paths and kinds of files in the query string.
    Query,
    /// A page of the server itself as the origin.
    Origin,
    /// Conditions and ranges that a cache answers.
    Conditions,
    /// Headers and cookies that make somebody an administrator.
    Privileges,
}

/// A kind of content that the body is not declared as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Content {
    Missing,
    Text,
    Xml,
    Form,
    Octets,
    Unknown,
    OddCharset,
    Broken,
}

/// A place where nothing counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Place {
    Query(&'static str),
    Header(&'static str),
    Cookie,
    /// As HTTP Basic authentication; of a login.
    Basic,
    Form,
    /// In the body of a refresh.
    Body,
    /// In the query string, beside a body that lacks the secret only.
    QueryBeside,
    /// In the query string of a GET without a body.
    QueryOfGet,
    /// The same, with a POST named as the method in a header and in the query string.
    NamedPost,
}

/// What an Authorization header says beside a bearer token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Scheme {
    Bare,
    Lower,
    Basic,
    Token,
    Digest,
    Glued,
    Twice,
    WithMore,
    Empty,
    OnlyName,
    /// The login of the user as the token.
    Login,
    Comma,
    /// After the credentials of another scheme.
    AfterOther,
}

/// Another way to write a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum PathSpelling {
    SlashBehind,
    SlashTwice,
    SlashTwiceInside,
    Dot,
    DotDot,
    EncodedLetter,
    EncodedSlash,
    EncodedDots,
    Upper,
    Semicolon,
    SemicolonInside,
    Extension,
    NulBehind,
    BlankBehind,
    QueryBehind,
    Backslash,
    DotSemicolon,
    Head,
    EncodedSlashBehind,
    TabBehind,
    LineBehind,
    DotBehind,
    EncodedTwice,
    EncodedInside,
    BelowOpen,
    BelowOpenEncoded,
    SemicolonSession,
    SemicolonStatic,
    Static(u8),
    UpperFirst,
    BadEscape,
    NotUtf8,
    Wide,
    Long,
}

/// Kinds of files that filters often leave open.
const STATIC: [&str; 7] = ["css", "js", "png", "ico", "html", "svg", "txt"];

/// What cannot be a lifetime.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum BadValue {
    Zero,
    Negative,
    NegativeLarge,
    Text,
    TextNumber,
    EmptyText,
    Null,
    True,
    List,
    Object,
    Fraction,
    Exponent,
    TooLarge,
    Beyond,
    Words,
    NegativeZero,
    TextLeading,
    TextNegative,
    NegativeFraction,
    TextHexadecimal,
    TextExponent,
    TextUnit,
    TextClock,
    TextSigned,
    Infinite,
    NegativeInfinite,
}

/// How much time passes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Pass {
    /// So much.
    For(Duration),
    /// Until a token has only a little of its life left.
    Before(Id, Kind),
    /// Until a token's life is over.
    After(Id, Kind),
    /// Until so many hundredths of a token's life are over.
    Part(Id, Kind, u8),
}

impl Deviation {
    /// Whether the request is a right one.
    pub(crate) fn is_right(self) -> bool {
        matches!(self, Self::None | Self::Spelled(_))
    }

    /// Whether a server may grant the request, and spend the token in it.
    pub(crate) fn may_be_granted(self) -> bool {
        match self {
            Self::Body(bad) => bad.may_be_read(),
            Self::Place(place) => place == Place::Form,
            Self::Beside(_) | Self::Content(_) => true,
            _ => self.is_right(),
        }
    }
}

impl Act {
    /// The right request.
    pub(crate) fn right(call: Call, subject: Subject) -> Self {
        Self { call, subject, deviation: Deviation::None, fresh: false }
    }

    /// The same with a deviation.
    pub(crate) fn with(self, deviation: Deviation) -> Self {
        Self { deviation, ..self }
    }

    /// The class of the request as coverage counts it: the call and its deviation without seeds.
    pub(crate) fn class(self) -> String {
        let deviation = match self.deviation {
            Deviation::None => "right".to_owned(),
            Deviation::Text(field, Text::Made { length, alphabet, .. }) => format!("{field:?} {length} {alphabet:?}"),
            Deviation::Text(field, Text::Spoilt { how, .. }) => format!("{field:?} {}", how.class()),
            Deviation::OtherKind(_, kind) => format!("other kind {kind:?}"),
            other => format!("{other:?}"),
        };
        format!("{:?} {deviation}", self.call)
    }
}

impl Setting {
    pub(crate) const ALL: [Self; 3] = [Self::Access, Self::Refresh, Self::OneTime];
}

impl Trusted {
    pub(crate) const ALL: [Self; 9] = [
        Self::Conditions,
        Self::Privileges,
        Self::LocalAddress,
        Self::NamedUser,
        Self::NamedPath,
        Self::OpenPath,
        Self::NamedMethod,
        Self::Query,
        Self::Origin,
    ];
}

impl Content {
    pub(crate) const ALL: [Self; 8] =
        [Self::Missing, Self::Text, Self::Xml, Self::Form, Self::Octets, Self::Unknown, Self::OddCharset, Self::Broken];

    /// The media type; an empty one is not sent.
    pub(crate) fn media_type(self) -> &'static str {
        match self {
            Self::Missing => "",
            Self::Text => "text/plain",
            Self::Xml => "application/xml",
            Self::Form => "application/x-www-form-urlencoded",
            Self::Octets => "application/octet-stream",
            Self::Unknown => "application/vnd.unknown+cbor",
            Self::OddCharset => "application/json; charset=x-unknown-7",
            Self::Broken => "json",
        }
    }
}

impl BadValue {
    pub(crate) const ALL: [Self; 26] = [
        Self::TextHexadecimal,
        Self::TextExponent,
        Self::TextUnit,
        Self::TextClock,
        Self::TextSigned,
        Self::Infinite,
        Self::NegativeInfinite,
        Self::TextLeading,
        Self::TextNegative,
        Self::NegativeFraction,
        Self::Zero,
        Self::Negative,
        Self::NegativeLarge,
        Self::Text,
        Self::TextNumber,
        Self::EmptyText,
        Self::Null,
        Self::True,
        Self::List,
        Self::Object,
        Self::Fraction,
        Self::Exponent,
        Self::TooLarge,
        Self::Beyond,
        Self::Words,
        Self::NegativeZero,
    ];

    /// As JSON.
    pub(crate) fn json(self) -> &'static str {
        match self {
            Self::Zero => "0",
            Self::Negative => "-1",
            Self::NegativeLarge => "-2147483649",
            Self::Text => "\"soon\"",
            Self::TextNumber => "\"60\"",
            Self::EmptyText => "\"\"",
            Self::Null => "null",
            Self::True => "true",
            Self::List => "[60]",
            Self::Object => "{\"value\":60}",
            Self::Fraction => "60.5",
            Self::Exponent => "6e1",
            Self::TooLarge => "9223372036854775808",
            Self::Beyond => "1e30",
            Self::Words => "\"PT1M\"",
            Self::NegativeZero => "-0.0",
            Self::TextLeading => "\"60abc\"",
            Self::TextNegative => "\"-60\"",
            Self::NegativeFraction => "-0.5",
            Self::TextHexadecimal => "\"0x3c\"",
            Self::TextExponent => "\"6e1\"",
            Self::TextUnit => "\"60s\"",
            Self::TextClock => "\"00:01:00\"",
            Self::TextSigned => "\"+60\"",
            Self::Infinite => "1e999",
            Self::NegativeInfinite => "-1e999",
        }
    }

    /// Whether the contract leaves open what a server makes of it.
    pub(crate) fn is_open(self) -> bool {
        // A text of digits is a number to many JSON libraries.
        matches!(
            self,
            Self::Null
                | Self::Fraction
                | Self::Exponent
                | Self::TooLarge
                | Self::Beyond
                | Self::Infinite
                | Self::TextNumber
                | Self::TextSigned
                | Self::TextExponent
        )
    }
}

impl PathSpelling {
    pub(crate) const ALL: [Self; 40] = [
        Self::Wide,
        Self::Long,
        Self::BadEscape,
        Self::NotUtf8,
        Self::EncodedSlashBehind,
        Self::TabBehind,
        Self::LineBehind,
        Self::DotBehind,
        Self::EncodedTwice,
        Self::EncodedInside,
        Self::BelowOpen,
        Self::BelowOpenEncoded,
        Self::SemicolonSession,
        Self::SemicolonStatic,
        Self::Static(0),
        Self::Static(1),
        Self::Static(2),
        Self::Static(3),
        Self::Static(4),
        Self::Static(5),
        Self::Static(6),
        Self::UpperFirst,
        Self::SlashBehind,
        Self::SlashTwice,
        Self::SlashTwiceInside,
        Self::Dot,
        Self::DotDot,
        Self::EncodedLetter,
        Self::EncodedSlash,
        Self::EncodedDots,
        Self::Upper,
        Self::Semicolon,
        Self::SemicolonInside,
        Self::Extension,
        Self::NulBehind,
        Self::BlankBehind,
        Self::QueryBehind,
        Self::Backslash,
        Self::DotSemicolon,
        Self::Head,
    ];

    /// The path in this spelling; it begins with a slash and may have a query.
    pub(crate) fn render(self, path: &str) -> String {
        let (path, query) =
            path.split_once('?').map_or((path, String::new()), |(path, query)| (path, format!("?{query}")));
        let name = path.trim_start_matches('/');
        let spelled = match self {
            Self::SlashBehind => format!("{path}/"),
            Self::SlashTwice => format!("/{path}"),
            Self::SlashTwiceInside => format!("/.//{name}"),
            Self::Dot => format!("/./{name}"),
            Self::DotDot => format!("/x/../{name}"),
            Self::EncodedLetter => encoded_first(name),
            Self::EncodedSlash => format!("/%2F{name}"),
            Self::EncodedDots => format!("/x/%2e%2e/{name}"),
            Self::Upper => path.to_ascii_uppercase(),
            Self::Semicolon => format!("{path};x"),
            Self::SemicolonInside => format!("/;a=b/{name}"),
            Self::Extension => format!("{path}.json"),
            Self::NulBehind => format!("{path}%00"),
            Self::BlankBehind => format!("{path}%20"),
            Self::QueryBehind => format!("{path}%3f"),
            Self::Backslash => format!("/%5c{name}"),
            Self::DotSemicolon => format!("/..;/{name}"),
            Self::Head => path.to_owned(),
            Self::EncodedSlashBehind => format!("{path}%2f"),
            Self::TabBehind => format!("{path}%09"),
            Self::LineBehind => format!("{path}%0a"),
            Self::DotBehind => format!("{path}."),
            Self::EncodedTwice => encoded_first(name).replace('%', "%25"),
            Self::EncodedInside => encoded_last(path),
            // Plain dot segments are resolved before a request is sent.
            Self::BelowOpen => format!("/auth/token/..;/..;/{name}"),
            Self::BelowOpenEncoded => format!("/auth/token/..%2f..%2f{name}"),
            Self::SemicolonSession => format!("{path};jsessionid=1F2E"),
            Self::SemicolonStatic => format!("{path};.css"),
            Self::Static(kind) => format!("{path}.{}", STATIC[usize::from(kind) % STATIC.len()]),
            Self::UpperFirst => upper_first(name),
            Self::BadEscape => format!("{path}%zz"),
            Self::NotUtf8 => format!("{path}%ff%fe"),
            Self::Wide => wide_first(name),
            Self::Long => format!("{path}/{}", "q7".repeat(900)),
        };
        spelled + &query
    }
}

/// The first letter as the one of the same meaning that is twice as wide.
fn wide_first(name: &str) -> String {
    let mut chars = name.chars();
    let first = chars.next().map(u32::from).filter(|first| (0x21..0x7f).contains(first)).unwrap_or(0x78);
    let wide = char::from_u32(first + 0xfee0).unwrap_or('x').to_string();
    let encoded: String = wide.bytes().map(|byte| format!("%{byte:02X}")).collect();
    format!("/{encoded}{}", chars.as_str())
}

fn encoded_last(path: &str) -> String {
    let mut chars = path.chars();
    chars.next_back().map_or_else(String::new, |last| format!("{}%{:02x}", chars.as_str(), u32::from(last)))
}

fn upper_first(name: &str) -> String {
    let mut chars = name.chars();
    chars.next().map_or_else(|| "/".to_owned(), |first| format!("/{}{}", first.to_ascii_uppercase(), chars.as_str()))
}

fn encoded_first(name: &str) -> String {
    let mut chars = name.chars();
    chars.next().map_or_else(|| "/".to_owned(), |first| format!("/%{:02x}{}", u32::from(first), chars.as_str()))
}
