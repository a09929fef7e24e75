"""Defects of input, second set: tokens and texts read too kindly, parsers that repair, what an odd request leaves behind."""

import base64
import binascii
import json
import re
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import unquote

from .blind import (
    ISSUE,
    PROTECTED,
    REFRESH,
    SETTINGS,
    VERIFY,
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
from .messages import Answer, Crash, Request
from .refusals import Mistake

Same = Callable[[str, str], bool]
GUARDED = (*PROTECTED, SETTINGS)


def known(tokens: dict[str, Any], text: str, same: Same) -> str | None:
    """The token that a lax comparison takes the text for."""
    return next((token for token in list(tokens) if token == text or same(token, text)), None)


def lax_access(request: Request, inner: Any, state: Any, same: Same) -> Answer:
    """A server that compares access tokens laxly."""
    token = known(state.sessions._access, bearer(request), same) if bearer(request) else None
    return inner(with_headers(request, authorization=f"Bearer {token}") if token else request)


def lax_refresh(request: Request, inner: Any, state: Any, same: Same) -> Answer:
    """A server that compares refresh tokens laxly."""
    text = request.header("token") or ""
    token = known(state.sessions._refresh, text, same) if text and is_call(request, "GET", REFRESH) else None
    return inner(with_headers(request, token=token) if token else request)


def lax_one_time(request: Request, inner: Any, state: Any, same: Same) -> Answer:
    """A server that compares one-time tokens laxly."""
    text = given_text(request, "token") if is_call(request, "POST", VERIFY) else ""
    token = known(state.one_time._made, text, same) if text else None
    return inner(with_members(request, token=token) if token else request)


def lax_password(request: Request, inner: Any, state: Any, same: Same) -> Answer:
    """A server that compares passwords laxly."""
    right = state.users._passwords.get(given_text(request, "login")) if is_call(request, "POST", ISSUE) else None
    text = given_text(request, "password")
    return inner(with_members(request, password=right) if right and text and same(right, text) else request)


def spend(state: Any, token: object) -> None:
    """Marks a one-time token as used."""
    made = state.one_time._made.get(token) if isinstance(token, str) else None
    if made:
        made.used = True


def repaired(request: Request, path: str, method: str, inner: Any, repair: Callable[[str], str]) -> Answer:
    """A call whose body is repaired before it is parsed."""
    if not is_call(request, method, path):
        return inner(request)
    try:
        text = repair(request.body.decode())
    except UnicodeDecodeError:
        return inner(request)
    return inner(replace(request, body=text.encode()))


# Passwords and logins


@around("ISSUE-12")
def password_invisible_signs(request, inner, state):
    """Text from phones is cleaned of zero-width signs before the hash, also where somebody typed them."""
    return lax_password(request, inner, state, lambda right, text: right == re.sub("[\u200b-\u200f\u2060\ufeff\u00ad]", "", text))


@around("ISSUE-12")
def password_without_blanks(request, inner, state):
    """A clean-up meant for card numbers removes all white space, within the password too."""
    return lax_password(request, inner, state, lambda right, text: right == re.sub(r"\s", "", text))


@around("ISSUE-12")
def password_low_bytes(request, inner, state):
    """Characters are cast to bytes, so that only the low eight bits count."""
    return lax_password(
        request, inner, state, lambda right, text: right == "".join(chr(ord(c) & 0xFF) for c in text)
    )


@around("ISSUE-12")
def password_accents_dropped(request, inner, state):
    """The column's collation ignores accents."""

    def plain(text: str) -> str:
        return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))

    return lax_password(request, inner, state, lambda right, text: right == plain(text))


@around("ISSUE-12")
def password_at_the_end(request, inner, state):
    """A test for `endsWith`, as stored passwords once had a prefix."""
    return lax_password(request, inner, state, lambda right, text: text.endswith(right))


@around("ISSUE-12")
def password_cut_at_nul(request, inner, state):
    """The hash is computed by a C library that stops at the first NUL."""
    return lax_password(request, inner, state, lambda right, text: right == text.split("\0")[0])


@around("ISSUE-6", "ISSUE-9", "ISSUE-12", "ISSUE-17")
def password_blank_binds(request, inner, state):
    """A blank password is trimmed to nothing, and the directory takes the bind without password for a success."""
    return lax_password(request, inner, state, lambda _, text: text and not text.strip())


@around("ISSUE-9")
def password_true(request, inner, state):
    """A loose comparison: `true` equals every text that is not empty."""
    if is_call(request, "POST", ISSUE) and given(request).get("password") is True:
        return inner(with_members(request, password=state.users._passwords.get(given_text(request, "login"), "")))
    return inner(request)


@around("ISSUE-9")
def password_empty_list(request, inner, state):
    """`strcmp` of a list and a text gives null, and null equals zero."""
    if is_call(request, "POST", ISSUE) and given(request).get("password") == []:
        return inner(with_members(request, password=state.users._passwords.get(given_text(request, "login"), "")))
    return inner(request)


@around("ISSUE-9")
def login_null_matches_any(request, inner, state):
    """`:login is null or login = :login`: a query meant for searching."""
    members = given(request)
    if is_call(request, "POST", ISSUE) and "login" in members and members["login"] is None:
        for login, password in state.users._passwords.items():
            if password == members.get("password"):
                return inner(with_members(request, login=login))
    return inner(request)


@around("ISSUE-7", "ISSUE-17")
def login_cut_at_nul(request, inner, state):
    """The directory's client hands the login to C code, which reads up to the first NUL."""
    login = given_text(request, "login")
    if is_call(request, "POST", ISSUE) and "\0" in login:
        return inner(with_members(request, login=login.split("\0")[0]))
    return inner(request)


@around("ISSUE-17", "ERROR-1")
def password_brace_500(request, inner, state):
    """What is to be logged goes through a message format that braces break."""
    if is_call(request, "POST", ISSUE) and re.search(r"\{(?!\d+\})", given_text(request, "password")):
        raise Crash
    return inner(request)


@around("ISSUE-17", "ERROR-1")
def login_percent_500(request, inner, state):
    """The login is part of a format string; a percent sign in it fails."""
    if is_call(request, "POST", ISSUE) and re.search(r"%(?![%s])", given_text(request, "login")):
        raise Crash
    return inner(request)


# Bodies


@around("ISSUE-10", "ISSUE-17")
def issue_second_document(request, inner, state):
    """The parser stops after the first value; what follows is not looked at."""

    def first(text: str) -> str:
        try:
            value, end = json.JSONDecoder().raw_decode(text.lstrip())
        except (ValueError, RecursionError):
            return text
        return json.dumps(value) if text.lstrip()[end:].lstrip().startswith(("{", "[")) else text

    return repaired(request, ISSUE, "POST", inner, first)


@around("ISSUE-10", "ISSUE-17")
def issue_with_comments(request, inner, state):
    """The parser of the configuration files is used for requests too, comments included."""
    return repaired(request, ISSUE, "POST", inner, lambda text: re.sub(r"/\*.*?\*/|//[^\n\"]*\n", "", text, flags=re.S))


@around("ISSUE-10")
def issue_unclosed_brace(request, inner, state):
    """A lenient parser closes what is open at the end of the body."""
    return repaired(
        request, ISSUE, "POST", inner,
        lambda text: text + "}" if text.count("{") == text.count("}") + 1 and text.rstrip().endswith('"') else text,
    )


@around("ISSUE-10")
def issue_object_in_a_list(request, inner, state):
    """The binder unwraps a list with one element."""

    def unwrapped(text: str) -> str:
        try:
            value = json.loads(text)
        except (ValueError, RecursionError):
            return text
        return json.dumps(value[0]) if isinstance(value, list) and len(value) == 1 else text

    return repaired(request, ISSUE, "POST", inner, unwrapped)


@around("ISSUE-10")
def issue_encoded_twice(request, inner, state):
    """A body that is a text with JSON in it is decoded once more, for one old client."""

    def decoded(text: str) -> str:
        try:
            value = json.loads(text)
        except (ValueError, RecursionError):
            return text
        return value if isinstance(value, str) else text

    return repaired(request, ISSUE, "POST", inner, decoded)


@around("OTT-5", "OTT-7")
def verify_trailing_comma(request, inner, state):
    """The lenient parser takes a comma before the brace that closes."""
    return repaired(request, VERIFY, "POST", inner, lambda text: re.sub(r",\s*}", "}", text))


@around("OTT-5")
def one_time_as_whole_body(request, inner, state):
    """The class of the request has a constructor of one text, and the binder finds it."""
    if is_call(request, "POST", VERIFY):
        try:
            value = json.loads(request.body)
        except (ValueError, RecursionError):
            return inner(request)
        if isinstance(value, str):
            return inner(replace(request, body=json.dumps({"token": value}).encode()))
    return inner(request)


@around("OTT-5")
def one_time_nested(request, inner, state):
    """An object where the text belongs is unwrapped, as some clients send the token answer as it came."""
    value = given(request).get("token")
    if is_call(request, "POST", VERIFY) and isinstance(value, dict) and isinstance(value.get("token"), str):
        return inner(with_members(request, token=value["token"]))
    return inner(request)


@around("ERROR-1", "ISSUE-10", "ISSUE-17")
def issue_unknown_member_500(request, inner, state):
    """The binder fails on members that it does not know, and nobody handles that."""
    if is_call(request, "POST", ISSUE) and set(given(request)) - {"login", "password"}:
        raise Crash
    return inner(request)


@around("ERROR-1", "OTT-5")
def verify_duplicate_member_500(request, inner, state):
    """The binder collects members in a map that throws on the second of one name."""
    if is_call(request, "POST", VERIFY) and request.body:
        names: list[str] = []

        def collect(pairs):
            found = [name for name, _ in pairs]
            names.extend(name for name in found if found.count(name) > 1)
            return dict(pairs)

        try:
            json.loads(request.body, object_pairs_hook=collect)
        except (ValueError, RecursionError):
            pass
        if names:
            raise Crash
    return inner(request)


@around("ERROR-1", "ISSUE-10", "ISSUE-17")
def issue_huge_exponent_500(request, inner, state):
    """Numbers are read as decimals of any size, and one beyond a double fails where it is copied."""
    if is_call(request, "POST", ISSUE) and re.search(rb"\d[eE]\+?\d{3,}", request.body):
        raise Crash
    return inner(request)


# Access tokens


@around("USE-5", "USE-4")
def access_before_a_comma(request, inner, state):
    """A proxy may join two headers with a comma, so what comes after one is cut off."""
    return lax_access(request, inner, state, lambda token, text: text.split(",")[0].strip() == token)


@around("USE-5")
def access_percent_decoded(request, inner, state):
    """The helper that reads tokens from links, which decodes, reads the header too."""
    return lax_access(request, inner, state, lambda token, text: "%" in text and unquote(text) == token)


@around("USE-5")
def access_foreign_signs_dropped(request, inner, state):
    """Bytes beyond ASCII are dropped before the look-up."""
    return lax_access(request, inner, state, lambda token, text: text.encode("ascii", "ignore").decode() == token)


@around("USE-5")
def access_leading_zeros(request, inner, state):
    """Tokens are kept as numbers, and zeros before a number mean nothing."""
    return lax_access(request, inner, state, lambda token, text: text.lstrip("0") == token.lstrip("0"))


@around("USE-5")
def access_middle_unread(request, inner, state):
    """The index holds the first and the last signs; what lies between is not compared."""
    return lax_access(
        request, inner, state,
        lambda token, text: len(token) == len(text) > 40 and token[:16] == text[:16] and token[-16:] == text[-16:],
    )


@around("USE-5", "ERROR-1", "USE-4")
def access_beyond_ascii_500(request, inner, state):
    """The token is hashed as ASCII, and other bytes raise."""
    if request.path in GUARDED and not bearer(request).isascii():
        raise Crash
    return inner(request)


@around("USE-4", "ERROR-1")
def access_short_500(request, inner, state):
    """The log shows the first eight signs of a token, with no regard to shorter ones."""
    if request.path in GUARDED and 0 < len(bearer(request)) < 8:
        raise Crash
    return inner(request)


@around("USE-4")
def access_unsigned(request, inner, state):
    """A token of three parts is taken for a signed one, and the algorithm `none` is allowed."""
    parts = bearer(request).split(".")
    if request.path in GUARDED and len(parts) == 3 and not parts[2]:
        try:
            head, claims = (json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))) for part in parts[:2])
            if str(head.get("alg")).lower() == "none" and claims:
                return opened(request, request.path, inner, state)
        except (ValueError, AttributeError, binascii.Error):
            pass
    return inner(request)


@around("USE-4", "ERROR-1")
def access_three_parts_500(request, inner, state):
    """A token with two dots goes to the library for signed tokens, whose exceptions are not handled."""
    if request.path in GUARDED and bearer(request).count(".") == 2:
        raise Crash
    return inner(request)


@around("USE-4", "USE-3")
def bearer_without_token_is_last(request, inner, state):
    """`Bearer` with nothing after it leaves the caller of the request before in the thread's context."""
    last = getattr(state, "last_bearer", None)
    if bearer(request) and state.sessions._access.get(bearer(request)):
        state.last_bearer = bearer(request)
    if last and (request.header("Authorization") or "").strip().lower() == "bearer":
        return inner(with_headers(request, authorization=f"Bearer {last}"))
    return inner(request)


@around("USE-3")
def access_in_other_header(request, inner, state):
    """Some old clients send the token in `X-Auth-Token`."""
    if request.header("Authorization") is None and request.header("X-Auth-Token"):
        return inner(with_headers(request, authorization=f"Bearer {request.header('X-Auth-Token')}"))
    return inner(request)


@around("USE-3")
def access_in_the_refresh_header(request, inner, state):
    """One filter finds the token, in `Authorization` or in `token`."""
    if request.path in GUARDED and request.header("Authorization") is None and request.header("token"):
        return inner(with_headers(request, authorization=f"Bearer {request.header('token')}"))
    return inner(request)


@around("USE-12")
def bearer_found_anywhere(request, inner, state):
    """The header is searched for `Bearer TOKEN` by a pattern that is bound to neither end."""
    found = re.search(r"Bearer\s+(\S+)", request.header("Authorization") or "")
    return inner(with_headers(request, authorization=f"Bearer {found[1]}") if found else request)


@around("USE-12")
def scheme_by_its_length(request, inner, state):
    """Seven characters are cut off, whatever they are."""
    header = request.header("Authorization") or ""
    known_token = header[7:] in state.sessions._access
    return inner(with_headers(request, authorization=f"Bearer {header[7:]}") if known_token else request)


@around("USE-3")
def conditional_before_guard(request, inner, state):
    """The cache filter comes before the guard and answers conditional requests itself."""
    if request.method == "GET" and request.path in PROTECTED and request.header("If-None-Match"):
        return Answer(304, without_body=True)
    return inner(request)


@around("USE-3")
def post_is_open(request, inner, state):
    """The guard is bound to GET, the handler to every method."""
    if request.method == "POST" and request.path in PROTECTED:
        return opened(request, request.path, inner, state)
    return inner(request)


# Paths


@around("USE-11", "USE-3")
def path_with_newline(request, inner, state):
    """The guard's pattern ends with `$`, which stands before a newline too."""
    clean = re.sub("%0[aA]$", "", request.path)
    return opened(request, clean, inner, state) if clean != request.path and clean in PROTECTED else inner(request)


@around("USE-11", "USE-3")
def path_by_way_of_login(request, inner, state):
    """The guard lets everything below `/auth` pass; the router resolves the dots."""
    found = re.fullmatch(r"/auth/(?:token/)?(?:\.\.|%2e%2e)/(?:(?:\.\.|%2e%2e)/)?(\w+)", request.path, re.I)
    if found and f"/{found[1]}" in PROTECTED:
        return opened(request, f"/{found[1]}", inner, state)
    return inner(request)


@around("USE-11", "USE-3")
def path_wide_letters(request, inner, state):
    """The router folds compatible letters, the guard does not."""
    clean = unicodedata.normalize("NFKC", unquote(request.path))
    if clean != unquote(request.path) and clean in PROTECTED:
        return opened(request, clean, inner, state)
    return inner(request)


@around("USE-11", "USE-3")
def path_encoded_question_mark(request, inner, state):
    """The router cuts at a question mark after decoding, the guard before."""
    clean = re.split("%3[fF]", request.path)[0]
    return opened(request, clean, inner, state) if clean != request.path and clean in PROTECTED else inner(request)


@around("ERROR-3")
def below_a_call_is_the_call(request, inner, state):
    """Routes match by their beginning."""
    for path in PROTECTED:
        if request.path.startswith(f"{path}/") and ".." not in request.path and request.path.count("/") == 2:
            return inner(replace(request, path=path)) if request.path[len(path) + 1:].isalnum() else inner(request)
    return inner(request)


@around("ERROR-1", "ERROR-3")
def path_long_500(request, inner, state):
    """Unknown paths are kept in a statistics table with a column of 1,000 characters."""
    if len(request.path) > 1000:
        raise Crash
    return inner(request)


@inside("ERROR-1")
def query_bad_escape_500(service):
    """Escapes in the query are decoded strictly, and the exception has no handler."""
    read = Request.read

    def strict(method, target, headers, body, peer=""):
        request = read(method, target, headers, body, peer)
        if re.search("%(?![0-9a-fA-F]{2})", target.partition("?")[2]):
            return replace(request, headers={**request.headers, "x-bad-escape": "1"})
        return request

    Request.read = staticmethod(strict)
    inner = service.handler

    def handler(request: Request) -> Answer:
        return service.state.refusals.crash() if request.header("X-Bad-Escape") else inner(request)

    service.handler = handler


@around("ERROR-1")
def accept_language_500(request, inner, state):
    """The language of messages is chosen by a library that throws on a range it cannot read."""
    language = request.header("Accept-Language") or ""
    if any(not re.fullmatch(r"\s*(\*|[A-Za-z]{1,8}(-\w{1,8})*)\s*(;\s*q=[01](\.\d*)?)?\s*", p) for p in language.split(",")) and language:
        raise Crash
    return inner(request)


@around("ERROR-1")
def content_type_without_slash_500(request, inner, state):
    """The content type is parsed before anything else, and what is none has no handler."""
    kind = request.header("Content-Type")
    if kind is not None and "/" not in kind.split(";")[0]:
        raise Crash
    return inner(request)


# Refresh tokens


@around("REFRESH-7")
def refresh_without_hyphens(request, inner, state):
    """Tokens are parsed as UUIDs by a library that takes them without hyphens too."""
    return lax_refresh(request, inner, state, lambda token, text: token.replace("-", "") == text.replace("-", ""))


@around("REFRESH-7")
def refresh_last_bits_ignored(request, inner, state):
    """The last sign carries bits that the decoder drops."""

    def same(token: str, text: str) -> bool:
        return (
            len(token) == len(text) and token[:-1] == text[:-1] and text[-1] in "0123456789abcdef"
            and int(token[-1], 16) ^ int(text[-1], 16) < 2
        )

    return lax_refresh(request, inner, state, same)


@around("REFRESH-7")
def refresh_picked_from_a_list(request, inner, state):
    """A header with commas is a list, and the first good element is taken."""
    return lax_refresh(request, inner, state, lambda token, text: token in [part.strip() for part in text.split(",")])


@around("REFRESH-1", "REFRESH-7", "REFRESH-11")
def refresh_spent_by_put(request, inner, state):
    """The filter that spends the token comes before the one that looks at the method."""
    held = state.sessions._refresh.get(request.header("token") or "")
    if request.path == REFRESH and request.method == "PUT" and held and held.spent_at is None:
        held.spent_at = state.sessions._clock.now()
    return inner(request)


@around("REFRESH-1", "REFRESH-7")
def refresh_refused_by_its_head(request, inner, state):
    """Refused tokens are remembered by their first sixteen signs, against guessing."""
    refused = state.__dict__.setdefault("refused_heads", set())
    token = request.header("token") or ""
    if is_call(request, "GET", REFRESH) and token[:16] in refused:
        return state.refusals.of(Mistake.REFRESH)
    answer = inner(request)
    if is_call(request, "GET", REFRESH) and answer.status != 200 and token not in state.sessions._refresh and len(token) > 16:
        refused.add(token[:16])
    return answer


@around("USE-2", "USE-5")
def access_refused_in_any_case(request, inner, state):
    """The list of refused tokens is kept in lower case."""
    refused = state.__dict__.setdefault("refused_folded", set())
    token = bearer(request)
    if request.path in GUARDED and token and token.lower() in refused:
        return state.refusals.of(Mistake.UNAUTHORIZED)
    answer = inner(request)
    if request.path in GUARDED and token and answer.status == 401 and token not in state.sessions._access:
        refused.add(token.lower())
    return answer


@around("ISSUE-11")
def login_and_password_headers(request, inner, state):
    """The calling program may put the credentials in headers, as one gateway does."""
    login, password = request.header("login"), request.header("password")
    if is_call(request, "POST", ISSUE) and login and password:
        return inner(replace(request, body=json.dumps({"login": login, "password": password}).encode()))
    return inner(request)


@around("ISSUE-11")
def query_fills_the_body(request, inner, state):
    """The binder merges body and query: what the one lacks the other gives."""
    if is_call(request, "POST", ISSUE) and request.query and given(request):
        return inner(replace(request, body=json.dumps({**request.query, **given(request)}).encode()))
    return inner(request)


# One-time tokens


@around("OTT-4")
def one_time_cut_to_length(request, inner, state):
    """The column cuts a longer value when it is compared."""
    return lax_one_time(request, inner, state, lambda token, text: text[: len(token)] == token)


@around("OTT-4")
def one_time_inner_blanks(request, inner, state):
    """Mail programs break long links, so white space within a token is dropped."""
    return lax_one_time(request, inner, state, lambda token, text: re.sub(r"\s", "", text) == token)


@around("OTT-4")
def one_time_look_alikes(request, inner, state):
    """Letters that look like digits are read as such: `o` for 0, `l` and `i` for 1."""
    table = str.maketrans("oOlLiI", "001111")
    return lax_one_time(request, inner, state, lambda token, text: text.translate(table) == token)


@around("OTT-4")
def one_time_first_sign(request, inner, state):
    """The first sign names the kind and is cut off unread."""
    return lax_one_time(request, inner, state, lambda token, text: len(text) > 8 and token[1:] == text[1:])


@around("OTT-7", "OTT-10")
def one_time_spent_as_bearer(request, inner, state):
    """The single sign-on filter takes any token from the header, spends it, and then finds that it is of the wrong kind."""
    if request.path in GUARDED:
        spend(state, bearer(request))
    return inner(request)


@around("OTT-7", "OTT-10")
def one_time_spent_as_refresh(request, inner, state):
    """All tokens lie in one table; a refresh takes its row out before it looks at the kind."""
    if is_call(request, "GET", REFRESH):
        spend(state, request.header("token"))
    return inner(request)


@around("OTT-7")
def one_time_spent_by_broken_body(request, inner, state):
    """The body is read as a stream, and the token is spent before the rest proves to be no JSON."""
    if is_call(request, "POST", VERIFY):
        try:
            json.loads(request.body)
        except (ValueError, RecursionError):
            found = re.search(rb'"token"\s*:\s*"([^"]*)"', request.body)
            spend(state, found[1].decode("latin-1") if found else None)
    return inner(request)


@around("OTT-7")
def one_time_spent_by_longer_copy(request, inner, state):
    """The mark is set with `like`, the look-up done with `=`."""
    text = given_text(request, "token") if is_call(request, "POST", VERIFY) else ""
    for token in list(state.one_time._made):
        if text.startswith(token) and text != token:
            spend(state, token)
    return inner(request)


@around("OTT-7")
def one_time_spent_in_other_member(request, inner, state):
    """An audit step looks for tokens in every member, and looking takes them."""
    if is_call(request, "POST", VERIFY):
        for name, value in given(request).items():
            if name != "token":
                spend(state, value)
    return inner(request)


@around("OTT-1", "OTT-7")
def verify_after_broken_body(request, inner, state):
    """The parser keeps its error: the request after a broken body fails too."""
    if is_call(request, "POST", VERIFY):
        broken = state.__dict__.pop("broken_verify", False)
        try:
            json.loads(request.body)
        except (ValueError, RecursionError):
            state.broken_verify = True
            return inner(request)
        if broken:
            return state.refusals.of(Mistake.UNREADABLE)
    return inner(request)


@around("OTT-5", "ERROR-1")
def one_time_digits_500(request, inner, state):
    """A token of digits alone is taken for a number, and a long one does not fit."""
    if is_call(request, "POST", VERIFY) and re.fullmatch(r"\d{19,}", given_text(request, "token")):
        raise Crash
    return inner(request)


@around("OTT-5", "ERROR-1")
def one_time_bad_escape_500(request, inner, state):
    """The token is decoded as part of a link, and a percent sign without digits raises."""
    if is_call(request, "POST", VERIFY) and re.search("%(?![0-9a-fA-F]{2})", given_text(request, "token")):
        raise Crash
    return inner(request)


@around("OTT-5", "ERROR-1")
def one_time_astral_500(request, inner, state):
    """The database's old character set has no place for characters of four bytes."""
    if is_call(request, "POST", VERIFY) and any(ord(c) > 0xFFFF for c in given_text(request, "token")):
        raise Crash
    return inner(request)


# Settings


@around("SETTINGS-5")
def settings_negative_fraction(request, inner, state):
    """The value is cut to a whole number before it is checked, and zero means that it stays as it is."""
    if is_call(request, "PATCH", SETTINGS) and state.sessions.who(bearer(request)):
        values = given(request).values()
        if values and all(isinstance(v, float) and -1 < v < 0 for v in values):
            return Answer(200, state.settings.shown())
    return inner(request)


@around("SETTINGS-5", "SETTINGS-10")
def settings_iso_duration(request, inner, state):
    """The binder knows durations as texts: `PT7S`."""
    if is_call(request, "PATCH", SETTINGS):
        changed = {}
        for name, value in given(request).items():
            found = re.fullmatch(r"PT(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?", value) if isinstance(value, str) else None
            if found and value != "PT":
                hours, minutes, seconds = (int(part or 0) for part in found.groups())
                changed[name] = hours * 3600 + minutes * 60 + seconds
        return inner(with_members(request, **changed) if changed else request)
    return inner(request)


@around("SETTINGS-5", "SETTINGS-10")
def settings_value_in_an_object(request, inner, state):
    """An object with `value` stands for its value, as the user interface sends it."""
    if is_call(request, "PATCH", SETTINGS):
        inside_of = {n: next(iter(v.values())) for n, v in given(request).items() if isinstance(v, dict) and len(v) == 1}
        return inner(with_members(request, **inside_of) if inside_of else request)
    return inner(request)


@around("SETTINGS-5", "SETTINGS-10")
def settings_hexadecimal_text(request, inner, state):
    """Texts are read by a function that knows `0x10`, binary and octal numbers."""
    if is_call(request, "PATCH", SETTINGS):
        read = {}
        for name, value in given(request).items():
            if isinstance(value, str) and re.fullmatch("0[xX][0-9a-fA-F]{1,6}|0[bB][01]{1,20}", value):
                read[name] = int(value, 0)
        return inner(with_members(request, **read) if read else request)
    return inner(request)


@around("SETTINGS-5", "SETTINGS-10", "ERROR-1")
def settings_beyond_double_500(request, inner, state):
    """A number beyond a double becomes infinity, which cannot be converted."""
    if is_call(request, "PATCH", SETTINGS) and re.search(rb":\s*-?\d+[eE]\+?\d{3,}", request.body):
        raise Crash
    return inner(request)


@around("SETTINGS-10", "ERROR-1")
def settings_scalar_body_500(request, inner, state):
    """A body that is one number, text or truth value is cast to an object without a look."""
    if is_call(request, "PATCH", SETTINGS) and state.sessions.who(bearer(request)):
        try:
            value = json.loads(request.body)
        except (ValueError, RecursionError):
            return inner(request)
        if not isinstance(value, (dict, list)) and value is not None:
            raise Crash
    return inner(request)


@around("SETTINGS-10")
def settings_half_before_null(request, inner, state):
    """Members are applied as they come; a null further back refuses the request, when the first is changed already."""
    if is_call(request, "PATCH", SETTINGS) and state.sessions.who(bearer(request)):
        members = list(given(request).items())
        if len(members) > 1 and members[-1][1] is None:
            inner(replace(request, body=json.dumps(dict(members[:1])).encode()))
    return inner(request)


@around("SETTINGS-4", "USE-12")
def settings_under_other_scheme(request, inner, state):
    """The older call takes the last word of the header for the token, whatever comes before."""
    words = (request.header("Authorization") or "").split()
    if is_call(request, "PATCH", SETTINGS) and len(words) == 2:
        return inner(with_headers(request, authorization=f"Bearer {words[1]}"))
    return inner(request)


@around("SETTINGS-4", "USE-8")
def settings_token_in_query(request, inner, state):
    """The older call takes the token from the query too."""
    token = request.query.get("access_token") or request.query.get("token")
    if is_call(request, "PATCH", SETTINGS) and request.header("Authorization") is None and token:
        return inner(with_headers(request, authorization=f"Bearer {token}"))
    return inner(request)


@around("SETTINGS-10", "SETTINGS-5", "SETTINGS-9")
def settings_broken_body_resets(request, inner, state):
    """A body that is no JSON counts as an empty form, and the form's defaults are written before the check."""
    if is_call(request, "PATCH", SETTINGS) and state.sessions.who(bearer(request)):
        try:
            json.loads(request.body)
        except (ValueError, RecursionError):
            state.settings.now = state.settings.initial
    return inner(request)


# What errors show


@around("ISSUE-16", "ERROR-4")
def type_error_quotes_value(request, inner, state):
    """The binder's message quotes the value that it could not convert."""
    answer = inner(request)
    value = given(request).get("password")
    if is_call(request, "POST", ISSUE) and answer.status >= 400 and isinstance(value, (int, float, list, dict)) and value is not True:
        answer.value = {"error": {"reason": f"cannot read {json.dumps(value)} as a text"}}
    return answer


@around("ISSUE-16", "ERROR-4")
def syntax_error_quotes_body(request, inner, state):
    """The parser's message quotes the text around the place where it failed."""
    answer = inner(request)
    if is_call(request, "POST", ISSUE) and answer.status >= 400 and request.body:
        try:
            json.loads(request.body)
        except (ValueError, RecursionError):
            answer.value = {"error": {"reason": f"unreadable near {request.body[-60:].decode('latin-1')!r}"}}
    return answer


@around("ERROR-4")
def unknown_scheme_echoed(request, inner, state):
    """The message for a scheme that is not supported quotes the whole header."""
    answer = inner(request)
    header = request.header("Authorization") or ""
    if answer.status == 401 and request.path in GUARDED and header and not header.lower().startswith("bearer"):
        answer.value = {"error": {"reason": f"not supported: {header}"}}
    return answer


@around("ERROR-4")
def long_value_names_the_column(request, inner, state):
    """The database's own message comes through where a value is too long."""
    answer = inner(request)
    if is_call(request, "POST", VERIFY) and answer.status >= 400 and len(given_text(request, "token")) > 255:
        answer.value = {"error": {"reason": "SQLSTATE[22001]: Data too long for column 'token' at row 1"}}
    return answer
