//! Faults in refusals, each in one kind of mistake.

use crate::variations::table::variations_table;

variations_table! { ErrorFault, table 6, Errors;
    CredentialsForbidden: "error-credentials-403", Must, ["ERROR-1"], "Wrong credentials are answered 403.";
    CredentialsUnprocessable: "error-credentials-422", Must, ["ERROR-1"], "Wrong credentials are answered 422.";
    IncompleteUnprocessable: "error-incomplete-422", Must, ["ERROR-1"], "An incomplete login is answered 422.";
    IncompleteCrashes: "error-password-missing-500", Must, ["ISSUE-9", "ERROR-1"], "A login without a password is answered 500.";
    UnreadableUnprocessable: "error-unreadable-422", Must, ["ERROR-1"], "A login other than a JSON object is answered 422.";
    UnreadableUnsupported: "error-unreadable-415", Must, ["ERROR-1"], "A login other than a JSON object is answered 415.";
    MalformedCrashes: "error-malformed-500", Must, ["ISSUE-10", "ERROR-1"], "A login other than JSON is answered 500.";
    WrongMethodNotImplemented: "error-wrong-method-501", Must, ["ISSUE-14", "ERROR-1"], "A login with a wrong method is answered 501.";
    RefreshWrongMethodForbidden: "error-refresh-wrong-method-403", Must, ["REFRESH-11", "ERROR-1"],
        "A refresh with a wrong method is answered 403.";
    VerifyWrongMethodForbidden: "error-verify-wrong-method-403", Must, ["OTT-15", "ERROR-1"],
        "A verification with a wrong method is answered 403.";
    RefreshForbidden: "error-refresh-403", Must, ["ERROR-1"], "A bad refresh token is answered 403.";
    RefreshMissingUnprocessable: "error-refresh-missing-422", Must, ["ERROR-1"], "A refresh without a token is answered 422.";
    RefreshMissingCrashes: "error-refresh-missing-500", Must, ["REFRESH-7", "ERROR-1"], "A refresh without a token is answered 500.";
    OneTimeForbidden: "error-one-time-403", Must, ["ERROR-1"], "A bad one-time token is answered 403.";
    OneTimeGone: "error-one-time-410", Must, ["ERROR-1"], "A bad one-time token is answered 410.";
    OneTimeMissingUnprocessable: "error-one-time-missing-422", Must, ["ERROR-1"], "A verification without a token is answered 422.";
    OneTimeUnreadableUnsupported: "error-one-time-unreadable-415", Must, ["ERROR-1"], "A verification other than JSON is answered 415.";
    UnknownPathForbidden: "error-unknown-path-403", Must, ["ERROR-1", "ERROR-3"], "An unknown path is answered 403.";
    UnknownPathBadRequest: "error-unknown-path-400", Must, ["ERROR-3"], "An unknown path is answered 400.";
    UnknownPathUnauthorized: "error-unknown-path-401", Must, ["ERROR-3"], "An unknown path is answered 401 even with a token.";
    UnknownPathCrashes: "error-unknown-path-500", Must, ["ERROR-1", "ERROR-3"], "An unknown path is answered 500.";
    UnknownPathRedirected: "error-unknown-path-302", Must, ["ERROR-1", "ERROR-3"], "An unknown path leads to a login page.";
    CredentialsHtml: "error-credentials-html", Must, ["ERROR-2"], "Wrong credentials are answered with an HTML page.";
    CredentialsPlainText: "error-credentials-plain-text", Must, ["ERROR-2"], "Wrong credentials are answered in plain text.";
    IncompleteHtml: "error-incomplete-html", Must, ["ERROR-2"], "An incomplete login is answered with an HTML page.";
    IncompleteAsText: "error-incomplete-as-text", Must, ["ERROR-2"], "The error of an incomplete login is declared as plain text.";
    UnreadableHtml: "error-unreadable-html", Must, ["ERROR-2"], "A login other than JSON is answered with an HTML page.";
    WrongMethodHtml: "error-wrong-method-html", Must, ["ERROR-2"], "Wrong methods are answered with the web server's page.";
    RefreshHtml: "error-refresh-html", Must, ["ERROR-2"], "A bad refresh token is answered with an HTML page.";
    RefreshBrokenJson: "error-refresh-broken-json", Must, ["ERROR-2"], "The error of a bad refresh token is JSON with single quotes.";
    OneTimeHtml: "error-one-time-html", Must, ["ERROR-2"], "A bad one-time token is answered with an HTML page.";
    NoTokenHtml: "error-no-token-html", Must, ["ERROR-2"], "A call without a token is answered with an HTML page.";
    UnknownPathHtml: "error-unknown-path-html", Must, ["ERROR-2"], "An unknown path is answered with the web server's page.";
    UnknownPathUntyped: "error-unknown-path-untyped", Must, ["ERROR-2"], "The error of an unknown path declares no content type.";
    StackTraceShown: "error-stack-trace", Must, ["ERROR-4"], "A login other than JSON is answered with a stack trace.";
    SqlShown: "error-sql", Must, ["ERROR-4"], "Wrong credentials are answered with the SQL query that found no user.";
    FilePathShown: "error-file-path", Must, ["ERROR-4"], "An unknown path is answered with a path on the server's disk.";
    ExceptionShown: "error-exception", Must, ["ERROR-4"], "A bad refresh token is answered with an exception's class.";
    ExceptionShownForOneTime: "error-one-time-exception", Must, ["ERROR-4"], "A missing one-time token is answered with an exception's class.";
    ConnectionShown: "error-connection", Must, ["ERROR-4"], "A missing password is answered with the database connection.";
    PasswordEchoed: "error-password-echoed", Must, ["ISSUE-16", "ERROR-4"], "The error of wrong credentials repeats the password.";
    RefreshTokenEchoed: "error-refresh-token-echoed", Must, ["ERROR-4"], "The error of a bad refresh token repeats it.";
    OneTimeTokenEchoed: "error-one-time-token-echoed", Must, ["ERROR-4"], "The error of a bad one-time token repeats it.";
    AccessTokenEchoed: "error-access-token-echoed", Must, ["ERROR-4"], "The error of a bad access token repeats it.";
}
