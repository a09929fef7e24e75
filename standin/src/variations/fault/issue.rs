//! Faults in logging in.

use crate::variations::table::variations_table;

variations_table! { IssueFault, table 0, Issue;
    Status201: "issue-status-201", Must, ["ISSUE-1"], "A login is answered 201.";
    ContentTypeText: "issue-content-type-text", Must, ["ISSUE-1"], "The token answer is declared as plain text.";
    ContentTypeHtml: "issue-content-type-html", Must, ["ISSUE-1"], "The token answer is declared as HTML.";
    ContentTypeMissing: "issue-content-type-missing", Must, ["ISSUE-1"], "The token answer declares no content type.";
    BlankInAccessToken: "issue-access-token-blank", Must, ["ISSUE-2"], "Access tokens of logins have a blank in them.";
    TabInAccessToken: "issue-access-token-tab", Must, ["ISSUE-2"], "Access tokens of logins have a tab in them.";
    BlankInRefreshToken: "issue-refresh-token-blank", Must, ["ISSUE-3"], "Refresh tokens of logins have a blank in them.";
    RefreshTokenIsAccessToken: "issue-one-token-for-both", Must,
        ["ISSUE-3", "ISSUE-18", "USE-6", "REFRESH-1", "REFRESH-5"],
        "The login answer repeats the access token as the refresh token.";
    AccessLifetimeMissing: "issue-access-lifetime-missing", Must, ["ISSUE-4"], "The access lifetime is not announced.";
    AccessLifetimeText: "issue-access-lifetime-text", Must, ["ISSUE-4"], "The access lifetime is announced as a text.";
    AccessLifetimeZero: "issue-access-lifetime-zero", Must, ["ISSUE-4"], "The access lifetime is announced as zero.";
    AccessLifetimeNegative: "issue-access-lifetime-negative", Must, ["ISSUE-4"], "The access lifetime is announced as -1.";
    AccessLifetimePeriod: "issue-access-lifetime-period", Must, ["ISSUE-4"], "The access lifetime is announced as an ISO period.";
    AccessLifetimeObject: "issue-access-lifetime-object", Must, ["ISSUE-4"], "The access lifetime is announced as value and unit.";
    RefreshLifetimeMissing: "issue-refresh-lifetime-missing", Should, ["ISSUE-5"], "The refresh lifetime is not announced.";
    RefreshLifetimeText: "issue-refresh-lifetime-text", Should, ["ISSUE-5"], "The refresh lifetime is announced as a text.";
    RefreshLifetimeZero: "issue-refresh-lifetime-zero", Should, ["ISSUE-5"], "The refresh lifetime is announced as zero.";
    WrongPasswordAccepted: "issue-wrong-password-accepted", Must, ["ISSUE-6", "ISSUE-12"],
        "Any password opens a known login.";
    WrongPasswordAnswered200: "issue-wrong-password-200", Must, ["ISSUE-6", "ISSUE-8"],
        "A wrong password is refused with status 200.";
    WrongPasswordCrashes: "issue-wrong-password-500", Must, ["ISSUE-6", "ISSUE-8"],
        "A wrong password is answered 500.";
    UnknownLoginAnswered200: "issue-unknown-login-200", Must, ["ISSUE-7", "ISSUE-8", "ISSUE-17", "ERROR-1"],
        "An unknown login is refused with status 200.";
    UnknownLoginCrashes: "issue-unknown-login-500", Must, ["ISSUE-7", "ISSUE-8", "ISSUE-17", "ERROR-1"],
        "An unknown login is answered 500.";
    UnknownLoginNotFound: "issue-unknown-login-404", Should, ["ISSUE-8"],
        "An unknown login is answered 404, a wrong password 401.";
    UnknownLoginOtherCode: "issue-unknown-login-code", Should, ["ISSUE-8"],
        "An unknown login has another error code than a wrong password.";
    UnknownLoginOtherMessage: "issue-unknown-login-message", Should, ["ISSUE-8"],
        "The message reveals that the login is unknown.";
    LoginMissing: "issue-login-missing", Must, ["ISSUE-9"], "Without a login the password alone is enough.";
    LoginEmpty: "issue-login-empty", Must, ["ISSUE-9"], "With an empty login the password alone is enough.";
    LoginNull: "issue-login-null", Must, ["ISSUE-9"], "With null as login the password alone is enough.";
    LoginNumber: "issue-login-number", Must, ["ISSUE-9"], "With a number as login the password alone is enough.";
    LoginBoolean: "issue-login-boolean", Must, ["ISSUE-9"], "With a boolean as login the password alone is enough.";
    LoginList: "issue-login-list", Must, ["ISSUE-9"], "With a list as login the password alone is enough.";
    LoginObject: "issue-login-object", Must, ["ISSUE-9"], "With an object as login the password alone is enough.";
    PasswordMissing: "issue-password-missing", Must, ["ISSUE-9"], "Without a password the login alone is enough.";
    PasswordEmpty: "issue-password-empty", Must, ["ISSUE-9"], "An empty password opens every login.";
    PasswordNull: "issue-password-null", Must, ["ISSUE-9"], "Null as password opens every login.";
    PasswordNumber: "issue-password-number", Must, ["ISSUE-9"], "A number as password opens every login.";
    PasswordBoolean: "issue-password-boolean", Must, ["ISSUE-9"], "A boolean as password opens every login.";
    PasswordList: "issue-password-list", Must, ["ISSUE-9"], "A list as password opens every login.";
    PasswordObject: "issue-password-object", Must, ["ISSUE-9"], "An object as password opens every login.";
    LoginNullCrashes: "issue-login-null-500", Must, ["ISSUE-9"], "Null as login is answered 500.";
    LoginObjectCrashes: "issue-login-object-500", Must, ["ISSUE-9"], "An object as login is answered 500.";
    PasswordNumberCrashes: "issue-password-number-500", Must, ["ISSUE-9"], "A number as password is answered 500.";
    EmptyBodyCrashes: "issue-empty-body-500", Must, ["ISSUE-10"], "An empty body is answered 500.";
    ListBodyCrashes: "issue-list-500", Must, ["ISSUE-10"], "A list as body is answered 500.";
    TextBodyCrashes: "issue-text-500", Must, ["ISSUE-10"], "A JSON text as body is answered 500.";
    ScalarBodyCrashes: "issue-scalar-500", Must, ["ISSUE-10"], "A number or null as body is answered 500.";
    ListAccepted: "issue-list-accepted", Must, ["ISSUE-10"], "Credentials inside a list are taken.";
    TextAccepted: "issue-text-accepted", Must, ["ISSUE-10"], "Credentials as JSON inside a text are taken.";
    CutOffAccepted: "issue-cut-off-accepted", Must, ["ISSUE-10"], "JSON without its last brace is taken.";
    CommaAccepted: "issue-comma-accepted", Must, ["ISSUE-10"], "JSON with a comma too many is taken.";
    QueryAccepted: "issue-query-accepted", Must, ["ISSUE-11"], "Credentials in the query string are taken.";
    HeadersAccepted: "issue-headers-accepted", Must, ["ISSUE-11"], "Credentials in the headers login and password are taken.";
    BasicAccepted: "issue-basic-accepted", Must, ["ISSUE-11"], "Basic authentication is taken.";
    PasswordCutShort: "issue-password-cut-short", Must, ["ISSUE-12"], "The beginning of the password is enough.";
    PasswordMadeLonger: "issue-password-longer", Must, ["ISSUE-12"], "What follows the password is ignored.";
    PasswordInOtherCase: "issue-password-other-case", Must, ["ISSUE-12"], "Passwords are compared without regard to case.";
    PasswordBlankBefore: "issue-password-blank-before", Must, ["ISSUE-12"], "Blanks before the password are ignored.";
    PasswordBlankAfter: "issue-password-blank-after", Must, ["ISSUE-12"], "Blanks after the password are ignored.";
    PasswordFirstEight: "issue-password-first-eight", Must, ["ISSUE-12"], "Only eight characters of the password count.";
    PasswordContained: "issue-password-contained", Must, ["ISSUE-12"], "Anything that contains the password will do.";
    PasswordOfAnother: "issue-password-of-another", Must, ["ISSUE-12"], "Any user's password opens every login.";
    PasswordEndIgnored: "issue-password-end-ignored", Must, ["ISSUE-12"], "The last character of a password does not count.";
    PasswordCutAtNul: "issue-password-cut-at-nul", Must, ["ISSUE-12"], "A password ends at its first null character.";
    PasswordDecoded: "issue-password-decoded", Must, ["ISSUE-12"], "Percent escapes are decoded in passwords.";
    AnyLoginWithPassword: "issue-any-login-with-password", Must, ["ISSUE-12"], "A password that somebody has opens for a login that nobody has.";
    SameAccessToken: "issue-access-token-repeated", Must, ["ISSUE-13", "ISSUE-18", "ISSUE-19"],
        "A user who logs in again gets the same access token.";
    SameRefreshToken: "issue-refresh-token-repeated", Must, ["ISSUE-13", "ISSUE-18", "ISSUE-19"],
        "A user who logs in again gets the same refresh token.";
    GetAccepted: "issue-get-accepted", Must, ["ISSUE-14"], "GET issues tokens too.";
    PutAccepted: "issue-put-accepted", Must, ["ISSUE-14"], "PUT issues tokens too.";
    DeleteAccepted: "issue-delete-accepted", Must, ["ISSUE-14"], "DELETE issues tokens too.";
    WrongMethodBadRequest: "issue-wrong-method-400", Should, ["ISSUE-14"], "Wrong methods are answered 400.";
    CacheHeaderMissing: "issue-cache-header-missing", Should, ["ISSUE-15"], "No header forbids caching the token answer.";
    CachePublic: "issue-cache-public", Should, ["ISSUE-15"], "The token answer may be stored by any cache.";
    CachePrivate: "issue-cache-private", Should, ["ISSUE-15"], "The token answer may be stored by the client's cache.";
    PasswordInAnswer: "issue-password-in-answer", Must, ["ISSUE-16"], "The token answer repeats the password.";
    UnicodeCrashes: "issue-unicode-500", Must, ["ISSUE-17"], "Letters beyond ASCII in a login are answered 500.";
    EmojiCrashes: "issue-emoji-500", Must, ["ISSUE-17"], "An emoji in a login is answered 500.";
    ControlCrashes: "issue-control-500", Must, ["ISSUE-17"], "Control characters in a login are answered 500.";
    NullCharacterCrashes: "issue-null-character-500", Must, ["ISSUE-17"], "A null character in a login is answered 500.";
    QuoteCrashes: "issue-quote-500", Must, ["ISSUE-17"], "A quote in a login is answered 500.";
    FormatCrashes: "issue-format-500", Must, ["ISSUE-17"], "A percent sign in a login is answered 500.";
    PathCrashes: "issue-path-500", Must, ["ISSUE-17"], "A path as login is answered 500.";
    MarkupCrashes: "issue-markup-500", Must, ["ISSUE-17"], "Markup in a login is answered 500.";
    LongLoginCrashes: "issue-long-login-500", Must, ["ISSUE-17"], "A very long login is answered 500.";
    SqlInjected: "issue-sql-injected", Must, ["ISSUE-17"], "An SQL condition as login opens the first account.";
    AccessCounter: "issue-access-token-counted", Should, ["ISSUE-19", "REFRESH-2"], "Access tokens differ by a counter only.";
    KnownLoginSlower: "issue-known-login-slower", Should, ["ISSUE-21"], "A wrong password of a known login takes 25 ms longer.";
    AccessFewBits: "issue-access-token-few-bits", Should, ["ISSUE-19"], "Access tokens differ by 48 bits only.";
    RefreshCounter: "issue-refresh-token-counted", Should, ["ISSUE-19"], "Refresh tokens differ by a counter only.";
    RefreshFewBits: "issue-refresh-token-few-bits", Should, ["ISSUE-19"], "Refresh tokens differ by 48 bits only.";
}
