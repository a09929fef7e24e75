//! How answers may be written and sent.

use crate::variations::seeds;

seeds! { Answer, shelf 9, Answer;
    ConnectionClosed: "answer-connection-closed", Observe, [], "Every answer closes its connection.";
    Chunked: "answer-chunked", Observe, [], "Bodies come in chunks, their length unannounced (when served on a port of its own).";
    CharsetNamed: "answer-charset-named", Observe, [], "The content type names its character set.";
    Slow: "answer-slow", Observe, [], "Every answer takes 30 ms.";
    Pretty: "answer-pretty", Observe, [], "JSON comes with line breaks and indentation.";
    KeysReversed: "answer-keys-reversed", Observe, [], "The fields of answers come in the reverse order.";
    BlankAround: "answer-blank-around", Observe, [], "There are blanks and line breaks around the JSON.";
    SlashesEscaped: "answer-slashes-escaped", Observe, [], "Slashes in JSON texts are escaped.";
    CookieSet: "answer-cookie-set", Observe, [], "A load balancer sets a cookie.";
    ExtraHeaders: "answer-extra-headers", Observe, [], "Answers have more headers than needed.";
    ExtraFields: "answer-extra-fields", Observe, [], "Token answers have more fields than documented.";
    PragmaBeside: "answer-pragma-beside", Observe, [], "Storing is forbidden in several words and by Pragma too.";
    FractionalLifetimes: "answer-fractional-lifetimes", Observe, [], "Lifetimes are told as 300.0.";
    RefreshLifetimeUntold: "answer-refresh-lifetime-untold", Should, [], "No answer tells the refresh lifetime.";
}
