"""Defects of what comes in: characters, lengths, spellings, types, encodings, forms of headers, paths and methods."""

import json
import re
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING
from urllib.parse import unquote

from .blind import (
    ISSUE,
    PROTECTED,
    REFRESH,
    SETTINGS,
    VERIFY,
    Inner,
    around,
    bearer,
    given,
    given_text,
    inside,
    is_call,
    opened,
    with_headers,
    with_members,
)
from .messages import Answer, Crash, Request, Unreadable
from .refusals import Mistake

if TYPE_CHECKING:
    from .service import Service
    from .state import State

HTML = "<html><head><title>Error</title></head><body><center><h1>Error</h1></center><hr></body></html>"


def crash_if(condition: object) -> None:
    """Fails as a program does that did not expect this."""
    if condition:
        raise Crash


def cleaned(request: Request, inner: Inner, state: "State", clean: Callable[[str], str]) -> Answer:
    """A login whose password, like the right one, went through a filter before the two were compared."""
    right = state.users._passwords.get(given_text(request, "login"), "")
    password = given_text(request, "password")
    if is_call(request, "POST", ISSUE) and password and clean(password) == clean(right):
        return inner(with_members(request, password=right))
    return inner(request)


# Passwords that are not the password


@around("ISSUE-12")
def password_trailing_newline(request, inner, state):
    """The password is read like a line of a file, so line ends behind it do not count."""
    return cleaned(request, inner, state, lambda p: p.rstrip("\r\n"))


@around("ISSUE-12")
def password_leading_blanks(request, inner, state):
    """A form helper takes blanks away before the password, of every kind that Unicode has, and leaves those behind it."""
    return cleaned(request, inner, state, str.lstrip)


@around("ISSUE-12")
def password_ends_at_nul(request, inner, state):
    """The hashing library is written in C: the password ends at the first NUL."""
    return cleaned(request, inner, state, lambda p: p.split("\0")[0])


@around("ISSUE-12")
def password_compatibility_forms(request, inner, state):
    """Passwords are normalised to NFKC before they are compared, so full-width letters do as well."""
    return cleaned(request, inner, state, lambda p: unicodedata.normalize("NFKC", p))


@around("ISSUE-12")
def password_accents_ignored(request, inner, state):
    """The comparison runs in the database with a collation that ignores accents."""
    return cleaned(
        request, inner, state, lambda p: "".join(c for c in unicodedata.normalize("NFD", p) if not unicodedata.combining(c))
    )


@around("ISSUE-12")
def password_zero_width_dropped(request, inner, state):
    """A clean-up for pasted text drops zero-width characters and soft hyphens."""
    return cleaned(request, inner, state, lambda p: re.sub("[\u200b-\u200d\u2060\ufeff\u00ad]", "", p))


@around("ISSUE-12")
def password_tags_stripped(request, inner, state):
    """A filter against script injection takes tags out of every parameter."""
    return cleaned(request, inner, state, lambda p: re.sub(r"<[^>]*>", "", p))


@around("ISSUE-12")
def password_backslashes_dropped(request, inner, state):
    """Stripslashes: an old helper undoes a quoting that nobody applies any more."""
    return cleaned(request, inner, state, lambda p: p.replace("\\", ""))


@around("ISSUE-12")
def password_percent_decoded(request, inner, state):
    """A gateway decodes percent escapes in every string, as it would in a form."""
    return cleaned(request, inner, state, unquote)


@around("ISSUE-12")
def password_caps_lock(request, inner, state):
    """For the users' comfort the password is tried a second time as if Caps Lock had been on."""
    login = given_text(request, "login")
    right = state.users._passwords.get(login)
    return cleaned(request, inner, state, lambda p: p.swapcase() if p.swapcase() == right else p)


@around("ISSUE-12")
def password_first_letter_case(request, inner, state):
    """For the users' comfort the first letter may be a capital, as telephones write it."""
    right = state.users._passwords.get(given_text(request, "login"), "")
    return cleaned(request, inner, state, lambda p: right if p[1:] == right[1:] and p[:1].lower() == right[:1].lower() else p)


@around("ISSUE-9")
def password_in_a_list(request, inner, state):
    """The JSON binder unwraps a list of one value where a text is expected."""
    value = given(request).get("password")
    unwrap = is_call(request, "POST", ISSUE) and isinstance(value, list) and len(value) == 1
    return inner(with_members(request, password=value[0]) if unwrap else request)


@around("ISSUE-9")
def password_operator_object(request, inner, state):
    """The password goes into a document database's query, where an object is an operator."""
    value = given(request).get("password")
    login = given_text(request, "login")
    if is_call(request, "POST", ISSUE) and isinstance(value, dict) and set(value) & {"$ne", "$gt", "$exists", "$regex"}:
        return inner(with_members(request, password=state.users._passwords.get(login, "?")))
    return inner(request)


@around("ISSUE-9")
def password_compared_loosely(request, inner, state):
    """Loose comparison of a dynamic language: true equals any text that is not empty."""
    login = given_text(request, "login")
    if is_call(request, "POST", ISSUE) and given(request).get("password") is True:
        return inner(with_members(request, password=state.users._passwords.get(login, "?")))
    return inner(request)


# Logins that are nobody's


@around("ISSUE-7", "ISSUE-12")
def login_wildcards(request, inner, state):
    """The login is looked up with LIKE, or in a directory, without escaping wildcards."""
    login = given_text(request, "login")
    if is_call(request, "POST", ISSUE) and set(login) & set("%_*"):
        pattern = login.replace("%", "*").replace("_", "?")
        found = [known for known in state.users._passwords if fnmatchcase(known, pattern)]
        return inner(with_members(request, login=found[0]) if found else request)
    return inner(request)


@around("ISSUE-17", "ISSUE-12")
def login_comments_out(request, inner, state):
    """The query is put together from text: a quote and a comment in the login cut the password's condition off."""
    login = given_text(request, "login")
    known, quote, rest = login.partition("'")
    if is_call(request, "POST", ISSUE) and quote and ("--" in rest or "#" in rest) and known in state.users._passwords:
        return inner(with_members(request, login=known, password=state.users._passwords[known]))
    return inner(request)


@around("ISSUE-9", "ISSUE-7")
def login_in_a_list(request, inner, state):
    """The JSON binder joins a list of texts where a text is expected."""
    value = given(request).get("login")
    if is_call(request, "POST", ISSUE) and isinstance(value, list) and value and all(isinstance(v, str) for v in value):
        return inner(with_members(request, login=value[0]))
    return inner(request)


@around("REFRESH-15", "ISSUE-12")
def issue_bound_to_other_member(request, inner, state):
    """Mass assignment: a member `user` or `username` beside the login overwrites whose session it is."""
    other = given_text(request, "username") or given_text(request, "user")
    answer = inner(request)
    if is_call(request, "POST", ISSUE) and answer.status == 200 and state.users.knows(other):
        held = state.sessions._access[answer.value[state.dialect.access]]
        held.session.login = other
    return answer


# Characters and lengths that break


def breaks_on(name: str, path: str, request: Request, condition: Callable[[str], object]) -> None:
    """Fails where the member of this name of this call fulfils the condition."""
    if request.path == path and (text := given_text(request, name)):
        crash_if(condition(text))


@around("ISSUE-17")
def login_many_digits(request, inner, state):
    """A login of digits only is parsed as an account number of 32 bits."""
    breaks_on("login", ISSUE, request, lambda t: t.isdecimal() and int(t) >= 1 << 31)
    return inner(request)


@around("ISSUE-17")
def login_line_separator(request, inner, state):
    """The audit log writes JavaScript, where U+2028 ends a line inside a string."""
    breaks_on("login", ISSUE, request, lambda t: "\u2028" in t or "\u2029" in t)
    return inner(request)


@around("ISSUE-17")
def login_mixed_directions(request, inner, state):
    """The login is prepared by stringprep, which throws where right-to-left and left-to-right letters meet."""
    breaks_on("login", ISSUE, request, lambda t: {unicodedata.bidirectional(c) for c in t} & {"R", "AL"})
    return inner(request)


@around("ISSUE-17")
def login_template(request, inner, state):
    """The message of the refusal is a template: an expression in the login is evaluated and fails."""
    breaks_on("login", ISSUE, request, lambda t: "${" in t or "{{" in t or "#{" in t)
    return inner(request)


@around("ISSUE-17")
def login_one_character(request, inner, state):
    """The mask for the log takes the second character of the login."""
    breaks_on("login", ISSUE, request, lambda t: len(t) == 1)
    return inner(request)


@around("ISSUE-17", "ISSUE-9")
def login_blank_only(request, inner, state):
    """A login of blanks is split into words, and the first of none is taken."""
    breaks_on("login", ISSUE, request, lambda t: not t.strip())
    return inner(request)


@around("ISSUE-17")
def login_directory_special(request, inner, state):
    """The login goes into a directory filter unescaped, and parentheses or a backslash make the filter invalid."""
    breaks_on("login", ISSUE, request, lambda t: set("()\\") & set(t))
    return inner(request)


@around("ISSUE-17")
def password_emoji(request, inner, state):
    """Failed logins are recorded in a table of three-byte characters; the password is hashed there."""
    breaks_on("password", ISSUE, request, lambda t: any(ord(c) > 0xFFFF for c in t))
    return inner(request)


@around("ISSUE-17")
def password_lone_surrogate(request, inner, state):
    """The password is encoded as UTF-8 for hashing, which half a pair of surrogates does not survive."""
    breaks_on("password", ISSUE, request, lambda t: any(0xD800 <= ord(c) < 0xE000 for c in t))
    return inner(request)


@around("ISSUE-17")
def password_upper_controls(request, inner, state):
    """A table for characters below 256 has holes between 128 and 159."""
    breaks_on("password", ISSUE, request, lambda t: any(0x7F <= ord(c) < 0xA0 for c in t))
    return inner(request)


@around("ISSUE-17")
def password_percent_format(request, inner, state):
    """The refused password is part of a format string for the trace, off in production, formatted all the same."""
    breaks_on("password", ISSUE, request, lambda t: "%" in t)
    return inner(request)


@around("ISSUE-17")
def password_of_256(request, inner, state):
    """A buffer of 256 with an end mark: one length only is one too many."""
    breaks_on("password", ISSUE, request, lambda t: len(t) == 256)
    return inner(request)


@around("ISSUE-17")
def password_very_long(request, inner, state):
    """The slow hash refuses long passwords by an exception that nobody maps."""
    breaks_on("password", ISSUE, request, lambda t: len(t.encode(errors="surrogatepass")) > 4096)
    return inner(request)


@around("OTT-5")
def one_time_nul(request, inner, state):
    """The database driver refuses NUL in a text by an exception."""
    breaks_on("token", VERIFY, request, lambda t: "\0" in t)
    return inner(request)


@around("OTT-5")
def one_time_emoji(request, inner, state):
    """The token column is ASCII; what is not, fails in the driver."""
    breaks_on("token", VERIFY, request, lambda t: not t.isascii())
    return inner(request)


@around("OTT-5")
def one_time_too_long(request, inner, state):
    """A token longer than its column of 255 fails in the driver."""
    breaks_on("token", VERIFY, request, lambda t: len(t) > 255)
    return inner(request)


@around("OTT-5")
def one_time_quote(request, inner, state):
    """The token goes into the query as it is."""
    breaks_on("token", VERIFY, request, lambda t: "'" in t)
    return inner(request)


@around("REFRESH-7")
def refresh_percent(request, inner, state):
    """The refresh token is percent-decoded by hand, and a sign without two digits fails."""
    crash_if(request.path == REFRESH and re.search("%(?![0-9a-fA-F]{2})", request.header("token") or ""))
    return inner(request)


@around("REFRESH-7")
def refresh_beyond_ascii(request, inner, state):
    """The refresh token is compared as ASCII bytes, and others do not encode."""
    crash_if(request.path == REFRESH and not (request.header("token") or "").isascii())
    return inner(request)


@around("REFRESH-7")
def refresh_too_long(request, inner, state):
    """A refresh token beyond the column's 512 fails in the driver."""
    crash_if(request.path == REFRESH and len(request.header("token") or "") > 512)
    return inner(request)


@around("REFRESH-7")
def refresh_not_uuids(request, inner, state):
    """A refresh token without a dash is split all the same, and the second piece taken."""
    token = request.header("token")
    crash_if(request.path == REFRESH and token and "-" not in token)
    return inner(request)


@around("USE-4", "ERROR-1")
def bearer_without_token(request, inner, state):
    """The header is split at the blank and its second piece taken, also where there is none."""
    crash_if(request.path in PROTECTED and (request.header("Authorization") or "").strip().lower() == "bearer")
    return inner(request)


@around("USE-4")
def access_looks_signed(request, inner, state):
    """A token with dots is taken for a signed one, and its head read without a guard."""
    crash_if(request.path in PROTECTED and bearer(request).count(".") >= 1)
    return inner(request)


@around("USE-4")
def access_very_long(request, inner, state):
    """The cache before the database takes keys of 250 characters and fails beyond, as memcached does."""
    crash_if(request.path in PROTECTED and len(bearer(request)) > 250)
    return inner(request)


# JSON that is none, or odd


@around("ISSUE-10", "ISSUE-17")
def issue_trailing_text(request, inner, state):
    """The parser stops at the end of the first value and never looks at what follows."""
    if is_call(request, "POST", ISSUE):
        try:
            value, _ = json.JSONDecoder().raw_decode(request.body.decode())
            return inner(replace(request, body=json.dumps(value).encode()))
        except ValueError:
            pass
    return inner(request)


@around("ISSUE-10")
def issue_lenient_quotes(request, inner, state):
    """The parser is set lenient: single quotes and names without quotes are JSON for it."""
    if is_call(request, "POST", ISSUE) and not given(request):
        text = request.body.decode(errors="replace").replace("'", '"')
        text = re.sub(r"([{,]\s*)([A-Za-z]\w*)\s*:", r'\1"\2":', text)
        return inner(replace(request, body=text.encode()))
    return inner(request)


@around("ISSUE-10")
def issue_comments(request, inner, state):
    """The parser is the one for configuration files: comments and a comma too many are no fault."""
    if is_call(request, "POST", ISSUE) and not given(request):
        text = re.sub(r"/\*.*?\*/|//[^\n]*", "", request.body.decode(errors="replace"), flags=re.S)
        return inner(replace(request, body=re.sub(r",\s*([}\]])", r"\1", text).encode()))
    return inner(request)


@around("OTT-5", "OTT-7")
def one_time_cut_body(request, inner, state):
    """The token is taken while the body is parsed; that the body ends in the middle is noticed after it was spent."""
    if is_call(request, "POST", VERIFY) and not given(request):
        for token in re.findall(r'"token"\s*:\s*"([^"]+)"', request.body.decode(errors="replace")):
            state.one_time.verify(token)
    return inner(request)


@around("OTT-5")
def one_time_bare_value(request, inner, state):
    """The body is read as a map; a text, a number or null in its place is a failed cast."""
    if is_call(request, "POST", VERIFY):
        try:
            crash_if(not isinstance(json.loads(request.body), dict))
        except (ValueError, RecursionError):
            pass
    return inner(request)


@around("OTT-5")
def one_time_object(request, inner, state):
    """Where the token is an object or a list, its text value is null and dereferenced."""
    crash_if(is_call(request, "POST", VERIFY) and isinstance(given(request).get("token"), (dict, list)))
    return inner(request)


@around("OTT-5")
def one_time_in_a_list(request, inner, state):
    """The JSON binder unwraps a list of one value where a text is expected, and the token is spent."""
    value = given(request).get("token")
    unwrap = is_call(request, "POST", VERIFY) and isinstance(value, list) and len(value) == 1
    return inner(with_members(request, token=value[0]) if unwrap else request)


@around("OTT-5")
def one_time_nested_deep(request, inner, state):
    """The parser calls itself for each level and runs out of stack."""
    crash_if(is_call(request, "POST", VERIFY) and max(request.body.count(b"["), request.body.count(b"{")) > 400)
    return inner(request)


@around("OTT-5", "ERROR-1")
def one_time_broken_utf8(request, inner, state):
    """The body is decoded strictly before it is parsed."""
    if is_call(request, "POST", VERIFY):
        try:
            request.body.decode()
        except UnicodeDecodeError:
            raise Crash from None
    return inner(request)


@around("ISSUE-17")
def issue_duplicate_member(request, inner, state):
    """The binder is told to fail on duplicate members, and nobody maps its exception."""
    if is_call(request, "POST", ISSUE):
        def check(pairs: list[tuple[str, object]]) -> dict[str, object]:
            crash_if(len({name for name, _ in pairs}) < len(pairs))
            return dict(pairs)

        try:
            json.loads(request.body, object_pairs_hook=check)
        except (ValueError, RecursionError):
            pass
    return inner(request)


@around("ISSUE-17", "ISSUE-10")
def issue_huge_number(request, inner, state):
    """A number beyond 64 bits, anywhere in the body, is an arithmetic exception."""
    crash_if(is_call(request, "POST", ISSUE) and re.search(rb"[:\[]\s*-?(\d{19,}|\d[\d.]*[eE]\+?\d{3,})", request.body))
    return inner(request)


@around("ISSUE-10")
def issue_byte_order_mark(request, inner, state):
    """A body that begins with a byte order mark fails in a stage before the parser."""
    crash_if(is_call(request, "POST", ISSUE) and request.body[:3] in (b"\xef\xbb\xbf", b"\xff\xfe{", b"\xfe\xff\0"))
    return inner(request)


# Good requests that are not understood


@around("ISSUE-1")
def issue_escapes_unread(request, inner, state):
    """The body is read by a pattern of the author's own, which knows no escapes."""
    body_of_call = is_call(request, "POST", ISSUE) and b"\\u00" in request.body
    return state.refusals.of(Mistake.CREDENTIALS) if body_of_call else inner(request)


@around("ISSUE-1")
def issue_order_of_members(request, inner, state):
    """The body is read by a pattern of the author's own, which wants the login first."""
    names = list(given(request))
    swapped = is_call(request, "POST", ISSUE) and names[:2] == ["password", "login"]
    return state.refusals.of(Mistake.PARAMETER) if swapped else inner(request)


@around("ISSUE-1")
def content_type_with_charset(request, inner, state):
    """The content type is compared as a whole, so one with a charset is none that is known."""
    kind = request.header("Content-Type") or "application/json"
    odd = is_call(request, "POST", ISSUE) and kind != "application/json" and kind.lower().startswith("application/json")
    return state.refusals.of(Mistake.UNREADABLE) if odd else inner(request)


@around("ISSUE-1")
def accept_list_unread(request, inner, state):
    """Accept is compared as a whole, so a list of kinds, as browsers send it, is not acceptable."""
    accept = request.header("Accept") or "*/*"
    return state.refusals.of(Mistake.VALUE) if "," in accept else inner(request)


@around("OTT-1")
def one_time_pretty_printed(request, inner, state):
    """The body is read by a pattern of the author's own, which does not go beyond the first line."""
    printed = is_call(request, "POST", VERIFY) and b"\n" in request.body.strip()
    return state.refusals.of(Mistake.PARAMETER) if printed else inner(request)


# Headers and kinds of content


@around("ERROR-1")
def content_type_missing(request, inner, state):
    """The content type is asked for its main part, also where there is none."""
    crash_if(request.method == "POST" and request.body and request.header("Content-Type") is None)
    return inner(request)


@around("ERROR-1")
def content_type_unknown_charset(request, inner, state):
    """The charset of the content type is looked up, and an unknown one is an exception."""
    found = re.search(r"charset\s*=\s*\"?([\w-]+)", request.header("Content-Type") or "", re.I)
    crash_if(found and found[1].lower() not in ("utf-8", "utf8", "iso-8859-1", "us-ascii", "utf-16"))
    return inner(request)


@around("ERROR-2")
def errors_for_browsers(request, inner, state):
    """The error page's kind follows Accept: who takes HTML gets HTML."""
    answer = inner(request)
    if answer.status >= 400 and "text/html" in (request.header("Accept") or ""):
        return Answer(answer.status, headers=answer.headers, text=HTML)
    return answer


@around("ERROR-2")
def other_content_in_html(request, inner, state):
    """A body of another kind never reaches the API: the container refuses it with a page of its own."""
    kind = request.header("Content-Type") or "application/json"
    if request.method == "POST" and request.body and "json" not in kind.lower():
        return Answer(400, text=HTML)
    return inner(request)


@around("ERROR-2")
def large_body_in_html(request, inner, state):
    """The proxy in front refuses bodies above 16 kB with a page of its own."""
    return Answer(400, text=HTML) if len(request.body) > 16_000 else inner(request)


@around("USE-3")
def local_address_trusted(request, inner, state):
    """Calls from this machine need no token, and the address is read from a header that anybody can send."""
    claimed = (request.header("X-Forwarded-For") or request.header("X-Real-IP") or "").split(",")[0].strip()
    local = claimed in ("127.0.0.1", "::1", "localhost") and request.path in PROTECTED
    return opened(request, request.path, inner, state) if local else inner(request)


@around("USE-3")
def path_in_a_header(request, inner, state):
    """The framework takes the path from a header of the rewriting proxy, after the filter looked at the other one."""
    other = request.header("X-Original-URL") or request.header("X-Rewrite-URL") or ""
    path = next((p for p in PROTECTED if other.partition("?")[0].endswith(p)), None)
    return opened(request, path, inner, state) if path and not bearer(request) else inner(request)


@around("USE-12")
def any_scheme(request, inner, state):
    """The word before the token is cut off, whatever it is."""
    scheme, _, token = (request.header("Authorization") or "").partition(" ")
    if token and scheme.lower() not in ("bearer", "basic"):
        return inner(with_headers(request, authorization=f"Bearer {token}"))
    return inner(request)


@around("USE-8")
def token_in_query_by_other_name(request, inner, state):
    """A download link needs no header: `token`, `jwt` or `access-token` in the query string do."""
    found = next((request.query[n] for n in ("token", "jwt", "access-token", "auth") if n in request.query), None)
    if found and request.path in PROTECTED and not request.header("Authorization"):
        return inner(with_headers(request, authorization=f"Bearer {found}"))
    return inner(request)


# Tokens that are not the token


def _like(request: Request, inner: Inner, state: "State", same: Callable[[str, str], bool]) -> Answer:
    token = bearer(request)
    if token and token not in state.sessions._access:
        found = next((known for known in list(state.sessions._access) if same(known, token)), None)
        if found:
            return inner(with_headers(request, authorization=f"Bearer {found}"))
    return inner(request)


@around("USE-5")
def access_foreign_signs_skipped(request, inner, state):
    """The decoder skips signs outside its alphabet, as lenient base64 decoders do."""
    return _like(request, inner, state, lambda known, token: re.sub(r"[^0-9a-zA-Z]", "", token) == known)


@around("USE-5")
def access_last_sign(request, inner, state):
    """The last sign carries two bits only, the rest of it is never compared."""
    return _like(request, inner, state, lambda known, token: len(known) == len(token) and known[:-1] == token[:-1])


@around("USE-5")
def access_window_unchecked(request, inner, state):
    """The token is compared by its head and its tail; an eighth of it in the third quarter does not count."""
    def same(known: str, token: str) -> bool:
        a, b = len(known) * 5 // 8, len(known) * 6 // 8
        return len(known) == len(token) and known[:a] == token[:a] and known[b:] == token[b:]

    return _like(request, inner, state, same)


@around("USE-5")
def access_longer(request, inner, state):
    """The key in the cache is cut at its usual length, so what is appended does not count."""
    return _like(request, inner, state, lambda known, token: token.startswith(known))


@around("USE-5")
def access_shorter(request, inner, state):
    """The token is looked up by prefix, so that support may paste the first three quarters of it."""
    return _like(request, inner, state, lambda known, token: len(token) * 4 >= len(known) * 3 and known.startswith(token))


@around("USE-4")
def access_word(request, inner, state):
    """A client library without a token sends `None` or `[object Object]`; a session of nobody hangs on it since a test."""
    if request.path in PROTECTED and bearer(request) in ("None", "nil", "[object Object]", "NaN"):
        return opened(request, request.path, inner, state)
    return inner(request)


@around("REFRESH-7")
def refresh_window_unchecked(request, inner, state):
    """Of the two halves of a refresh token the second is compared by its first group only."""
    token = request.header("token") or ""
    if request.path == REFRESH and token not in state.sessions._refresh:
        found = next((k for k in list(state.sessions._refresh) if len(k) == len(token) and k[:45] == token[:45]), None)
        return inner(with_headers(request, token=found) if found else request)
    return inner(request)


@around("REFRESH-7")
def refresh_longer(request, inner, state):
    """The column is as wide as a refresh token, and what is longer is cut before it is looked up."""
    token = request.header("token") or ""
    return inner(with_headers(request, token=token[:73]) if request.path == REFRESH and token else request)


@around("REFRESH-7")
def refresh_wildcard(request, inner, state):
    """Refresh tokens are looked up with LIKE, so `%` finds somebody's."""
    token = request.header("token") or ""
    if request.path == REFRESH and "%" in token:
        pattern = token.replace("%", "*")
        live = [k for k, h in state.sessions._refresh.items() if h.spent_at is None and fnmatchcase(k, pattern)]
        return inner(with_headers(request, token=live[-1]) if live else request)
    return inner(request)


@around("OTT-4")
def one_time_wildcard(request, inner, state):
    """One-time tokens are looked up with LIKE, so `%` finds somebody's."""
    token = given_text(request, "token")
    if is_call(request, "POST", VERIFY) and set(token) & set("%*"):
        pattern = token.replace("%", "*")
        live = [k for k, made in state.one_time._made.items() if not made.used and fnmatchcase(k, pattern)]
        return inner(with_members(request, token=live[-1]) if live else request)
    return inner(request)


@around("OTT-4")
def one_time_tail_cut(request, inner, state):
    """The link's parameter is cut at 60 characters, so the last few do not count."""
    token = given_text(request, "token")
    if is_call(request, "POST", VERIFY) and len(token) >= 60:
        found = next((k for k in list(state.one_time._made) if k[:60] == token[:60]), None)
        return inner(with_members(request, token=found) if found else request)
    return inner(request)


@around("OTT-1", "OTT-9")
def one_time_login_overwritten(request, inner, state):
    """Mass assignment: a login beside the token overwrites whose token it was."""
    answer, login = inner(request), given_text(request, "login")
    if is_call(request, "POST", VERIFY) and answer.status == 200 and login and isinstance(answer.value, dict):
        answer.value |= state.dialect.with_login(login)
    return answer


@around("OTT-6", "OTT-15")
def one_time_spent_by_get(request, inner, state):
    """A handler before the check of the method redeems what stands in the query string, as link previews call it."""
    if request.path == VERIFY and request.method == "GET" and "token" in request.query:
        state.one_time.verify(request.query["token"])
    return inner(request)


@around("OTT-7")
def one_time_spent_by_other_content(request, inner, state):
    """The token is redeemed by a filter that reads any body; that the kind of content is wrong is found out after it."""
    kind = request.header("Content-Type") or "application/json"
    if is_call(request, "POST", VERIFY) and "json" not in kind:
        token = given_text(request, "token") or request.form().get("token", "")
        state.one_time.verify(token)
        return state.refusals.of(Mistake.UNREADABLE)
    return inner(request)


@around("OTT-7")
def one_time_spent_by_near_miss(request, inner, state):
    """Attempts are counted by the token's first sixteen characters, and a failed one locks them all."""
    token = given_text(request, "token")
    if is_call(request, "POST", VERIFY) and len(token) > 16 and token not in state.one_time._made:
        for known, made in list(state.one_time._made.items()):
            made.used |= known[:16] == token[:16]
    return inner(request)


# Paths and methods


@around("USE-11")
def path_encoded_letter(request, inner, state):
    """The filter compares the raw path, the router the decoded one."""
    path = unquote(request.path)
    if path != request.path and path in PROTECTED:
        return opened(request, path, inner, state)
    return inner(request)


@around("USE-11")
def path_encoded_twice(request, inner, state):
    """The proxy decodes once, the router once more, and the filter sits between them."""
    path = unquote(unquote(request.path))
    if path != unquote(request.path) and path in PROTECTED:
        return opened(request, path, inner, state)
    return inner(request)


@around("USE-11")
def path_parameter_first(request, inner, state):
    """The filter sees `;x` before the name, the router takes path parameters out of every segment."""
    path = re.sub(r";[^/]*", "", request.path).replace("//", "/")
    if ";" in request.path.rpartition("/")[0] + "/" and path in PROTECTED:
        return opened(request, path, inner, state)
    return inner(request)


@around("USE-11")
def path_static_extension(request, inner, state):
    """Static files are open: everything whose path ends with one of their extensions."""
    name, _, extension = request.path.rpartition(".")
    if name in PROTECTED and extension in ("css", "js", "png", "ico", "svg", "woff2", "html"):
        return opened(request, name, inner, state)
    return inner(request)


@around("USE-11")
def path_below_open_one(request, inner, state):
    """What begins with the login's path is open, and dot segments are resolved after that."""
    if request.path.startswith("/auth/token/"):
        parts: list[str] = []
        for part in unquote(request.path).split("/")[1:]:
            parts = parts[:-1] if part == ".." else parts if part in ("", ".") else [*parts, part]
        if f"/{'/'.join(parts)}" in PROTECTED:
            return opened(request, f"/{'/'.join(parts)}", inner, state)
    return inner(request)


@around("USE-3")
def path_named_in_query(request, inner, state):
    """The list of open paths is searched for in the whole request line, the query string included."""
    if request.path in PROTECTED and any("/auth/token" in f"{k}={v}" for k, v in request.query.items()):
        return opened(request, request.path, inner, state)
    return inner(request)


@around("USE-3")
def head_is_open(request, inner, state):
    """The filter is mapped to GET, POST, PATCH and DELETE; HEAD goes by it."""
    if request.method == "HEAD" and request.path in PROTECTED:
        return opened(request, request.path, inner, state)
    return inner(request)


@around("ISSUE-14")
def get_with_body_issues(request, inner, state):
    """The handler is mapped without a method: whatever brings a body gets a pair."""
    if request.path == ISSUE and request.method in ("GET", "DELETE") and request.body:
        return inner(replace(request, method="POST"))
    return inner(request)


@around("ISSUE-11", "ISSUE-14")
def method_overridden(request, inner, state):
    """A filter for old browsers lets a header name the method, after the router's check."""
    method = request.header("X-HTTP-Method-Override") or request.query.get("_method")
    if method and request.method == "GET" and request.path == ISSUE:
        return inner(replace(request, method=method.upper(), body=json.dumps(dict(request.query)).encode()))
    return inner(request)


@around("ERROR-2")
def wrong_method_in_html(request, inner, state):
    """The container answers a wrong method before the API sees it, with a page of its own."""
    answer = inner(request)
    return Answer(405, headers=answer.headers, text=HTML) if answer.status == 405 else answer


@around("ERROR-2", "ERROR-3")
def unknown_file_in_html(request, inner, state):
    """What looks like a file is looked for on the disk, and the file server has a page of its own."""
    answer = inner(request)
    looks = re.search(r"\.\w{1,5}$", request.path)
    return Answer(404, text=HTML) if answer.status == 404 and request.path != VERIFY and looks else answer


@around("ERROR-3")
def unknown_path_odd_escape(request, inner, state):
    """A path that does not decode as UTF-8 fails in the router."""
    try:
        unquote(request.path, errors="strict")
    except UnicodeDecodeError:
        raise Crash from None
    crash_if(re.search("%(?![0-9a-fA-F]{2})", request.path))
    return inner(request)


@around("ERROR-1")
def unknown_path_by_post(request, inner, state):
    """Where nothing is mapped, a POST is forwarded to the error page, which knows GET only."""
    answer = inner(request)
    crash_if(request.method in ("POST", "PUT", "PATCH") and answer.status == 404 and request.path.count("/") >= 1
             and request.path not in (ISSUE, REFRESH, VERIFY, SETTINGS, *PROTECTED))
    return answer


@around("ERROR-4", "ISSUE-16")
def parser_quotes_the_body(request, inner, state):
    """The parser's message is passed on, and it quotes the source where it failed."""
    if is_call(request, "POST", ISSUE):
        try:
            request.json_object()
        except Unreadable:
            source = request.body[-60:].decode(errors="replace")
            return Answer(400, {"error": {"reason": f"unexpected end of input near {source!r}"}})
    return inner(request)


@around("ERROR-4")
def binder_names_its_class(request, inner, state):
    """The binder's message is passed on where a member has the wrong type, with the class it could not make."""
    wrong = [n for n in ("login", "password", "token") if isinstance(given(request).get(n), (list, dict))]
    if request.method == "POST" and wrong:
        reason = f"Cannot deserialize value of type `java.lang.String` from Object value (through reference chain: com.vendor.api.Credentials[\"{wrong[0]}\"])"
        return Answer(400, {"error": {"reason": reason}})
    return inner(request)


# Settings


def _settings_body(request: Request, state: "State", change: Callable[[str, object], object]) -> Request:
    names = set(state.dialect.settings.values())
    if is_call(request, "PATCH", SETTINGS) and (wanted := given(request)):
        return with_members(request, **{n: change(n, v) for n, v in wanted.items() if n in names})
    return request


@around("SETTINGS-5")
def settings_truth_is_one(request, inner, state):
    """The binder turns true into 1 where a number is expected."""
    return inner(_settings_body(request, state, lambda n, v: int(v) if v is True else v))


@around("SETTINGS-5")
def settings_in_a_list(request, inner, state):
    """The JSON binder unwraps a list of one value where a number is expected."""
    return inner(_settings_body(request, state, lambda n, v: v[0] if isinstance(v, list) and len(v) == 1 else v))


@around("SETTINGS-5")
def settings_leading_number(request, inner, state):
    """Texts are parsed up to the first sign that is no digit: `12abc` is 12."""
    def read(_: str, value: object) -> object:
        found = re.match(r"\s*\d+", value) if isinstance(value, str) else None
        return int(found[0]) if found else value

    return inner(_settings_body(request, state, read))


@around("SETTINGS-5")
def settings_null_is_default(request, inner, state):
    """Null means the factory setting."""
    first = vars(state.settings.initial)
    by_name = {name: first[field] for field, name in state.dialect.settings.items()}
    return inner(_settings_body(request, state, lambda n, v: by_name[n] if v is None else v))


@around("SETTINGS-5")
def settings_negative_one_time(request, inner, state):
    """The check of the value was copied for the third lifetime and lost its sign on the way."""
    name = state.dialect.settings["ott"]
    return inner(_settings_body(request, state, lambda n, v: abs(v) if n == name and isinstance(v, (int, float)) else v))


@around("SETTINGS-5", "SETTINGS-10")
def settings_refused_but_kept(request, inner, state):
    """The refresh lifetime is checked when the answer is made, after it was stored."""
    value = given(request).get(state.dialect.settings["refresh"])
    answer = inner(request)
    if is_call(request, "PATCH", SETTINGS) and 400 <= answer.status < 500 and answer.status != 401:
        if isinstance(value, (int, float)) and not isinstance(value, bool) and value < 0:
            state.settings.now = replace(state.settings.now, refresh=1)
    return answer


@around("SETTINGS-10")
def settings_huge_number(request, inner, state):
    """A number beyond 64 bits is an arithmetic exception."""
    crash_if(is_call(request, "PATCH", SETTINGS) and re.search(rb":\s*-?(\d{19,}|\d[\d.]*[eE]\+?\d{2,})", request.body))
    return inner(request)


@around("SETTINGS-10")
def settings_empty_object_resets(request, inner, state):
    """The body is a whole set of settings: what is not in it takes its first value, checked for the empty object only by chance."""
    names = set(state.dialect.settings.values())
    answer = inner(request)
    if is_call(request, "PATCH", SETTINGS) and answer.status in (400, 406) and not set(given(request)) & names:
        state.settings.now = state.settings.initial
    return answer


@around("SETTINGS-4")
def settings_slash_at_the_end(request, inner, state):
    """The filter knows the path without the slash, the router both."""
    if request.method == "PATCH" and request.path == f"{SETTINGS}/":
        access = state.sessions.issue(state.users.first(), exclusive=False).access
        return inner(with_headers(replace(request, path=SETTINGS), authorization=f"Bearer {access}"))
    return inner(request)


@around("SETTINGS-4")
def settings_by_refresh_token(request, inner, state):
    """The settings belong to another module, whose check takes any token of a live session."""
    held = state.sessions._refresh.get(bearer(request))
    if is_call(request, "PATCH", SETTINGS) and held:
        access = state.sessions.issue(held.session.login, exclusive=False).access
        return inner(with_headers(request, authorization=f"Bearer {access}"))
    return inner(request)


@around("SETTINGS-4")
def settings_by_post(request, inner, state):
    """The filter guards PATCH; the router takes POST and PUT for the old clients."""
    if request.path == SETTINGS and request.method in ("POST", "PUT"):
        access = state.sessions.issue(state.users.first(), exclusive=False).access
        return inner(with_headers(replace(request, method="PATCH"), authorization=f"Bearer {access}"))
    return inner(request)


@inside("USE-13")
def headers_in_two_spellings(service: "Service") -> None:
    """Headers are looked up in the two usual spellings only."""
    from . import messages

    def read(method, target, headers, body, peer=""):  # type: ignore[no-untyped-def]
        kept = {n: v for n, v in headers.items() if n.lower() not in ("authorization", "token") or n in (n.lower(), n.title())}
        return _read(method, target, kept, body, peer)

    _read = messages.Request.read
    messages.Request.read = staticmethod(read)  # type: ignore[method-assign]
