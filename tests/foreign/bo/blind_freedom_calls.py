"""Odd servers that keep the contract: other tokens, other policies of sessions, other answers."""

import base64
import hashlib
import hmac
import json
import random
import secrets
import string
import threading
import time
from dataclasses import replace
from typing import TYPE_CHECKING

from .blind import ISSUE, PROTECTED, REFRESH, SETTINGS, VERIFY, around, bearer, given, inside, is_call, with_headers, with_members
from .messages import Answer
from .pairs import Refresh
from .refusals import Mistake

if TYPE_CHECKING:
    from .service import Service

KNOWN = (ISSUE, REFRESH, VERIFY, SETTINGS, *PROTECTED)
SPELLING_WARNS = ("ISSUE-14", "REFRESH-11", "OTT-15")


def coded(raw: bytes) -> str:
    """Base64url without padding."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


# Tokens


@inside()
def json_web_tokens(service: "Service") -> None:
    """Access and refresh tokens are signed JWTs; claims tell the times in fractions of seconds, an id tells them apart."""
    key = secrets.token_bytes(32)

    def signed(kind: str, life: float) -> str:
        now = time.time()
        claims = {"iss": "bo", "typ": kind, "iat": now, "nbf": now, "exp": now + life, "jti": secrets.token_hex(16)}
        parts = ".".join(coded(json.dumps(part).encode()) for part in ({"alg": "HS256", "typ": "JWT", "kid": "2"}, claims))
        return f"{parts}.{coded(hmac.digest(key, parts.encode(), hashlib.sha256))}"

    forge, settings = service.state.sessions._forge, service.state.settings
    forge.access = lambda: signed("access", settings.now.access)
    forge.refresh = lambda: signed("refresh", settings.now.refresh)


@inside()
def digits_only(service: "Service") -> None:
    """Tokens of every kind are strings of 45 digits."""
    forge = service.state.sessions._forge
    forge.access = forge.refresh = forge.one_time = lambda: "".join(random.SystemRandom().choices(string.digits, k=45))


@inside()
def prefixed_with_checksum(service: "Service") -> None:
    """Tokens begin with their kind and end with a checksum, as those of code hosts do."""
    def made(kind: str) -> str:
        body = "".join(random.SystemRandom().choices(string.ascii_letters + string.digits, k=30))
        return f"bo_{kind}_{body}{hashlib.sha256(body.encode()).hexdigest()[:6]}"

    forge = service.state.sessions._forge
    forge.access, forge.refresh, forge.one_time = lambda: made("at"), lambda: made("rt"), lambda: made("ot")


@inside()
def every_sign_of_token68(service: "Service") -> None:
    """Tokens use all signs that a header allows: `-._~+/` and `=` at the end."""
    def made() -> str:
        return "~." + "".join(random.SystemRandom().choices(string.ascii_letters + string.digits + "-._~+/", k=40)) + "=="

    forge = service.state.sessions._forge
    forge.access = forge.refresh = made


@inside()
def short_tokens(service: "Service") -> None:
    """Access and refresh tokens are 22 letters, digits and signs: 130 bits; a one-time token has 12 of them."""
    forge = service.state.sessions._forge
    forge.access = forge.refresh = lambda: coded(secrets.token_bytes(17))[:22]
    forge.one_time = lambda: coded(secrets.token_bytes(9))


@around()
def hex_in_any_case(request, inner, state):
    """Access tokens are hexadecimal numbers, and a number means the same in capitals."""
    token = bearer(request)
    return inner(with_headers(request, authorization=f"Bearer {token.lower()}")) if token else inner(request)


@inside(tension=("USE-5",))
def unused_bits(service: "Service") -> None:
    """Access tokens are 32 bytes in base64url: the last sign carries four bits, its other two are not looked at."""
    sessions, inner = service.state.sessions, service.handler
    sessions._forge.access = lambda: coded(secrets.token_bytes(32))

    def handler(request):
        token = bearer(request)
        try:
            same = coded(base64.b64decode(token + "=", altchars=b"-_", validate=True)) if len(token) == 43 else token
        except ValueError:
            same = token
        return inner(with_headers(request, authorization=f"Bearer {same}") if token else request)

    service.handler = handler


# Sessions


@inside(tension=("ISSUE-18",))
def five_sessions(service: "Service") -> None:
    """A user has five sessions; the oldest ends when a sixth begins."""
    sessions, issue = service.state.sessions, service.state.sessions.issue
    live: dict[str, list] = {}

    def issued(login, exclusive=True):
        with sessions._lock:
            pair = issue(login, exclusive)
            mine = live.setdefault(login, [])
            mine.append(sessions._refresh[pair.refresh].session)
            while len(mine) > 5:
                mine.pop(0).ended = True
            return pair

    sessions.issue = issued


flights: dict[str, list] = {}
flight_lock = threading.Lock()


@around()
def refreshes_at_once_share(request, inner, state):
    """Refreshes with one token that are under way at the same moment get the answer of the first; a later one is refused."""
    token = request.header("token")
    if not is_call(request, "GET", REFRESH) or not token:
        return inner(request)
    with flight_lock:
        flight = flights.get(token)
        first = flight is None
        if first:
            flight = flights[token] = [threading.Event(), None]
    if not first:
        flight[0].wait(5)
        return replace(flight[1]) if flight[1] else inner(request)
    answer = inner(request)
    time.sleep(0.03)
    with flight_lock:
        flight[1] = replace(answer, headers=dict(answer.headers))
        del flights[token]
    flight[0].set()
    return answer


@inside()
def second_refresh_ends_access(service: "Service") -> None:
    """An access token ends with the second refresh after it: the latest two of a session are good."""
    sessions, grant = service.state.sessions, service.state.sessions._grant

    def granted(session, generation, old=None):
        pair = grant(session, generation, old)
        mine = [held for held in sessions._access.values() if held.session is session]
        for held in mine[:-2]:
            del sessions._access[held.token]
        return pair

    sessions._grant = granted


@around()
def first_use_ends_the_old(request, inner, state):
    """The old access token is good until the one that a refresh gave instead is first used."""
    held = state.sessions._access.get(bearer(request))
    answer = inner(request)
    if held and answer.status == 200:
        with state.sessions._lock:
            mine = [one for one in state.sessions._access.values() if one.session is held.session]
            for old in mine[: mine.index(held)] if held in mine else []:
                state.sessions._access.pop(old.token, None)
    return answer


@inside(warns=("REFRESH-9",))
def rotates_late(service: "Service") -> None:
    """A refresh in the first half of a refresh token's life gives the same refresh token, renewed; later it rotates."""
    sessions, renew, grant = service.state.sessions, service.state.sessions._renew, service.state.sessions._grant
    begun: dict[str, float] = {}

    def renewed(held):
        now, life = sessions._clock.now(), service.state.settings.now.refresh
        first = begun.setdefault(held.token, held.deadline - life)
        if now - first >= life / 2:
            return renew(held)
        pair = renew(held)
        made = sessions._refresh.pop(pair.refresh)
        held.spent_at, held.deadline, held.mate = None, made.deadline, pair.access
        held.child = None
        return replace(pair, refresh=held.token)

    sessions._renew = renewed
    sessions._grant = grant


@inside(warns=("REFRESH-9", "REFRESH-17"))
def spent_when_new_is_used(service: "Service") -> None:
    """A refresh token is spent when the pair that it gave is first used, so that a lost answer does not matter."""
    sessions = service.state.sessions
    renew, who = sessions._renew, sessions.who
    parents: dict[str, Refresh] = {}

    def renewed(held):
        parent = parents.get(held.token)
        if parent:
            parent.spent_at = parent.spent_at or sessions._clock.now()
        pair = renew(held)
        held.spent_at = None
        parents[pair.access] = parents[pair.refresh] = held
        return pair

    def asked(token):
        login = who(token)
        parent = parents.get(token) if login else None
        if parent:
            parent.spent_at = parent.spent_at or sessions._clock.now()
        return login

    sessions._renew, sessions.who = renewed, asked


# What is answered


@around()
def form_logs_in_too(request, inner, state):
    """A form with login and password is a login too."""
    kind = (request.header("Content-Type") or "").lower()
    if is_call(request, "POST", ISSUE) and kind.startswith("application/x-www-form-urlencoded"):
        form = request.form()
        return inner(replace(request, body=json.dumps(form).encode()))
    return inner(request)


@around()
def refreshes_by_body_too(request, inner, state):
    """The refresh token may come in the body of the GET as well."""
    token = given(request).get("token", given(request).get("refreshToken"))
    if is_call(request, "GET", REFRESH) and not request.header("token") and isinstance(token, str):
        return inner(with_headers(request, token=token))
    return inner(request)


@around()
def head_refreshes(request, inner, state):
    """HEAD is GET without the body on every path, so it spends a refresh token."""
    return inner(replace(request, method="GET")) if request.method == "HEAD" else inner(request)


@around()
def queries_refused(request, inner, state):
    """The four calls take no query: a request with one is malformed."""
    unread = request.query and request.path in (ISSUE, REFRESH, VERIFY)
    return state.refusals.of(Mistake.UNREADABLE) if unread else inner(request)


@around(warns=("ISSUE-14",))
def get_describes_the_login(request, inner, state):
    """GET on the path of the login is answered 200 with the names of its members."""
    if is_call(request, "GET", ISSUE):
        return Answer(200, {"method": "POST", "members": ["login", "password"]})
    return inner(request)


@around(warns=SPELLING_WARNS)
def wrong_method_needs_a_token(request, inner, state):
    """The filter lets only the methods of the contract through without an access token; others get 401."""
    answer = inner(request)
    return state.refusals.of(Mistake.UNAUTHORIZED) if answer.status == 405 and not state.sessions.who(bearer(request)) else answer


@around(tension=("ERROR-3",))
def unknown_path_needs_a_token(request, inner, state):
    """A path that is not known gets 401 without an access token, 404 with one."""
    answer = inner(request)
    return state.refusals.of(Mistake.UNAUTHORIZED) if request.path not in KNOWN and not state.sessions.who(bearer(request)) else answer


@around()
def malformed_by_chance(request, inner, state):
    """A malformed request is refused with 400 or 406, as one of two validators comes first."""
    answer = inner(request)
    if answer.status in (400, 406):
        answer.status = random.choice((400, 406))
    return answer


@around()
def errors_are_numbers(request, inner, state):
    """The body of an error is a number, its code."""
    answer = inner(request)
    if answer.status >= 400 and not answer.without_body:
        answer.value = 1200 + answer.status
    return answer


@around()
def only_methods_without_body(request, inner, state):
    """Errors have a body, but for 404 and 405, which the framework answers with none."""
    answer = inner(request)
    answer.without_body |= answer.status in (404, 405) and request.path != VERIFY
    return answer


@around()
def login_in_the_error(request, inner, state):
    """A refused login is answered with the login that was sent."""
    answer, login = inner(request), given(request).get("login")
    if is_call(request, "POST", ISSUE) and answer.status == 401 and isinstance(answer.value, dict) and isinstance(login, str) and len(login) < 300:
        answer.value["error"]["login"] = login
    return answer


@around()
def errors_in_chinese(request, inner, state):
    """Reasons are written in Chinese, raw in UTF-8, with a sentence of help."""
    answer = inner(request)
    if answer.status >= 400 and isinstance(answer.value, dict):
        answer.value["error"] |= {"消息": "请求被拒绝 🚫", "帮助": "请检查密码、令牌或请求格式"}
        answer.raw = json.dumps(answer.value, ensure_ascii=False).encode()
    return answer


@around()
def no_good_in_200(request, inner, state):
    """Verification always answers 200 where the request can be read at all: with the login, or an empty one and `isValid` false."""
    answer = inner(request)
    if is_call(request, "POST", VERIFY):
        if answer.status == 200:
            answer.value["isValid"] = True
        elif answer.status in (400, 404, 406):
            return Answer(200, {"login": "", "isValid": False, "isExpired": None})
    return answer


@around()
def login_and_nothing_else(request, inner, state):
    """A verified one-time token is answered with its login alone."""
    answer = inner(request)
    if is_call(request, "POST", VERIFY) and answer.status == 200:
        answer.value = {"login": answer.value["login"]}
    return answer


@around()
def one_time_401(request, inner, state):
    """A one-time token that is no good gets 401."""
    answer = inner(request)
    return state.refusals.of(Mistake.UNAUTHORIZED) if is_call(request, "POST", VERIFY) and answer.status == 404 else answer


@around()
def refresh_refusals_differ(request, inner, state):
    """Without a refresh token the status is 400, with an access token 406, with any other that is no good 404."""
    answer, token = inner(request), request.header("token")
    if is_call(request, "GET", REFRESH) and answer.status == 401:
        answer.status = 400 if not token else 406 if state.sessions.who(token) else 404
        answer.headers.pop("WWW-Authenticate", None)
    return answer


@around()
def no_verification(request, inner, state):
    """There is no verification of one-time tokens: the path is unknown."""
    return inner(replace(request, path="/external")) if request.path == VERIFY else inner(request)


# Settings


@around()
def settings_answer_empty(request, inner, state):
    """A changed setting is answered 200 without a body."""
    answer = inner(request)
    return Answer(200, without_body=True) if is_call(request, "PATCH", SETTINGS) and answer.status == 200 else answer


@around()
def settings_of_ten_and_more(request, inner, state):
    """A lifetime below ten seconds is refused."""
    values = [v for v in given(request).values() if isinstance(v, (int, float))]
    refused = is_call(request, "PATCH", SETTINGS) and state.sessions.who(bearer(request)) and any(v < 10 for v in values)
    return state.refusals.of(Mistake.VALUE) if refused else inner(request)


@around()
def settings_up_to_a_day(request, inner, state):
    """A lifetime of more than a day, or with a fraction, is refused."""
    values = [v for v in given(request).values() if isinstance(v, (int, float))]
    refused = is_call(request, "PATCH", SETTINGS) and state.sessions.who(bearer(request)) and any(v > 86400 or v != v // 1 for v in values)
    return state.refusals.of(Mistake.VALUE) if refused else inner(request)


@around(tension=("SETTINGS-5",))
def settings_in_text_too(request, inner, state):
    """A lifetime may come as text: `"60"` is 60."""
    texts = {n: int(v) for n, v in given(request).items() if isinstance(v, str) and v.isascii() and v.isdigit() and len(v) < 9}
    return inner(with_members(request, **texts)) if is_call(request, "PATCH", SETTINGS) and texts else inner(request)


@around()
def settings_forbidden(request, inner, state):
    """Nobody of these users may change settings: 403 with an access token."""
    refused = is_call(request, "PATCH", SETTINGS) and state.sessions.who(bearer(request))
    return Answer(403, {"error": {"reason": "not-yours"}}) if refused else inner(request)


@around()
def no_settings(request, inner, state):
    """There are no settings to change: the path is unknown."""
    return inner(replace(request, path="/connectors")) if request.path == SETTINGS else inner(request)
