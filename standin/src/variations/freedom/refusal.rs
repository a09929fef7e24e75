//! How mistakes may be refused: any documented status, any JSON.

use crate::variations::seeds;

seeds! { Refusal, shelf 13, Errors;
    Credentials400: "refusal-credentials-400", Observe, [], "Wrong credentials are answered 400.";
    Credentials404: "refusal-credentials-404", Observe, [], "Wrong credentials are answered 404.";
    Credentials406: "refusal-credentials-406", Observe, [], "Wrong credentials are answered 406.";
    Incomplete400: "refusal-incomplete-400", Observe, [], "An incomplete login is answered 400.";
    Incomplete401: "refusal-incomplete-401", Observe, [], "An incomplete login is answered 401.";
    Unreadable406: "refusal-unreadable-406", Observe, [], "A login that is no JSON object is answered 406.";
    Refresh400: "refusal-refresh-400", Observe, [], "A bad refresh token is answered 400.";
    Refresh404: "refusal-refresh-404", Observe, [], "A bad refresh token is answered 404.";
    Refresh406: "refusal-refresh-406", Observe, [], "A bad refresh token is answered 406.";
    RefreshMissing401: "refusal-refresh-missing-401", Observe, [], "A refresh without a token is answered 401.";
    OneTime400: "refusal-one-time-400", Observe, [], "A bad one-time token is answered 400.";
    OneTime404: "refusal-one-time-404", Observe, [], "A bad one-time token is answered 404.";
    OneTime406: "refusal-one-time-406", Observe, [], "A bad one-time token is answered 406.";
    OneTimeMissing400: "refusal-one-time-missing-400", Observe, [], "A verification without a token is answered 400.";
    Settings400: "refusal-settings-400", Observe, [], "A bad lifetime is answered 400.";
    WrongMethod404: "refusal-wrong-method-404", Should, [], "Wrong methods are answered 404.";
    WrongMethod400: "refusal-wrong-method-400", Should, [], "Wrong methods are answered 400.";
    MethodsUnlisted: "refusal-methods-unlisted", Observe, [], "A 405 does not list the methods that there are.";
    PathsHidden: "refusal-paths-hidden", Observe, [], "Without a token an unknown path is answered 401.";
    Unchallenged: "refusal-unchallenged", Should, [], "A 401 names no scheme.";
    ChallengeDetailed: "refusal-challenge-detailed", Observe, [], "A 401 names scheme, realm and error.";
    NoBody: "refusal-no-body", Observe, [], "Errors have no body.";
    Problem: "refusal-problem", Observe, [], "Errors have the fields of a problem report.";
    Nested: "refusal-nested", Observe, [], "Code and message are inside an object named error.";
    Listed: "refusal-listed", Observe, [], "Errors are lists.";
    BareText: "refusal-bare-text", Observe, [], "Errors are JSON texts.";
    NumericCodes: "refusal-numeric-codes", Observe, [], "Errors have numbers for codes.";
    Traced: "refusal-traced", Observe, [], "Errors have a trace id and a time, different each time.";
    CodesUnexplained: "refusal-codes-unexplained", Observe, [], "No error code is explained.";
}
