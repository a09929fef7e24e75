"""Odd servers that keep the contract: what a fair judge accepts."""

import json
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import unquote

from .blind import ISSUE, PROTECTED, REFRESH, SETTINGS, VERIFY, around, bearer, given, given_text, inside, is_call, with_headers, with_members
from .messages import Answer
from .refusals import Mistake

if TYPE_CHECKING:
    from .service import Service

KNOWN = (ISSUE, REFRESH, VERIFY, SETTINGS, *PROTECTED)


@around()
def stale_authorization_refused(request, inner, state):
    """An Authorization header with a token that is no good is refused with 401 on every call, also where none is needed."""
    token = bearer(request)
    if request.path in KNOWN and token and state.sessions.who(token) is None:
        return state.refusals.of(Mistake.UNAUTHORIZED)
    return inner(request)


@around()
def login_in_any_case(request, inner, state):
    """Logins are not told apart by case."""
    login = given_text(request, "login")
    known = next((k for k in state.users._passwords if k.casefold() == login.casefold()), None)
    return inner(with_members(request, login=known) if is_call(request, "POST", ISSUE) and known else request)


@around()
def login_without_blanks_around(request, inner, state):
    """Blanks around a login do not count."""
    login = given_text(request, "login").strip(" ")
    return inner(with_members(request, login=login) if is_call(request, "POST", ISSUE) and state.users.knows(login) else request)


@around()
def duplicate_members_refused(request, inner, state):
    """A JSON object that names a member twice is refused."""
    twice = []

    def check(pairs):
        twice.extend([1] if len({n for n, _ in pairs}) < len(pairs) else [])
        return dict(pairs)

    try:
        json.loads(request.body or b"{}", object_pairs_hook=check)
    except (ValueError, RecursionError):
        pass
    return state.refusals.of(Mistake.UNREADABLE) if twice and request.path in KNOWN and request.method != "GET" else inner(request)


@around()
def unknown_members_refused(request, inner, state):
    """A member that the call does not know is refused."""
    allowed = {ISSUE: {"login", "password"}, VERIFY: {"token"}, SETTINGS: set(state.dialect.settings.values())}
    unknown = request.path in allowed and request.method in ("POST", "PATCH") and set(given(request)) - allowed[request.path]
    if unknown and (request.path != SETTINGS or state.sessions.who(bearer(request))):
        return state.refusals.of(Mistake.PARAMETER)
    return inner(request)


@around()
def only_json_content(request, inner, state):
    """A body whose content type is not JSON is refused with 406."""
    kind = (request.header("Content-Type") or "").partition(";")[0].strip().lower()
    refused = request.path in KNOWN and request.method in ("POST", "PATCH") and request.body and kind != "application/json"
    return state.refusals.of(Mistake.VALUE) if refused else inner(request)


@around()
def small_bodies(request, inner, state):
    """A body of more than 4 kB is refused with 400, whatever is in it."""
    refused = len(request.body) > 4096 and request.path in KNOWN and (request.path != SETTINGS or state.sessions.who(bearer(request)))
    return state.refusals.of(Mistake.UNREADABLE) if refused else inner(request)


@inside()
def lifetime_floor_of_rest(service: "Service") -> None:
    """Announces the whole seconds left, one less than what was set, and keeps what it announces."""
    sessions, grant = service.state.sessions, service.state.sessions._grant

    def granted(session, generation, old=None):
        pair = grant(session, generation, old)
        if pair.access_lifetime <= 2 or pair.refresh_lifetime <= 2:
            return pair
        sessions._access[pair.access].deadline -= 1
        sessions._refresh[pair.refresh].deadline -= 1
        return replace(pair, access_lifetime=pair.access_lifetime - 1, refresh_lifetime=pair.refresh_lifetime - 1)

    sessions._grant = granted


@around()
def head_as_get(request, inner, state):
    """HEAD is answered wherever GET is, with GET's head and checks."""
    if request.method == "HEAD" and request.path in PROTECTED:
        return inner(replace(request, method="GET"))
    return inner(request)


@around()
def options_answered(request, inner, state):
    """OPTIONS needs no token and is answered 204, as browsers ask before a call from another origin."""
    if request.method == "OPTIONS":
        return Answer(204, without_body=True, headers={"Allow": "GET, POST, PATCH, OPTIONS"})
    return inner(request)


@around()
def slash_at_the_end_ignored(request, inner, state):
    """A slash at the end of a path does not count, and the checks are the same."""
    path = request.path.rstrip("/") or request.path
    return inner(replace(request, path=path) if path in KNOWN else request)


@around()
def paths_in_any_case(request, inner, state):
    """Paths are not told apart by case, and the checks are the same."""
    path = request.path.lower()
    return inner(replace(request, path=path) if path in KNOWN else request)


@around()
def paths_decoded(request, inner, state):
    """Percent escapes in a path are decoded once before anything else, and the checks are the same."""
    path = unquote(request.path)
    return inner(replace(request, path=path) if path in KNOWN else request)


@around()
def refresh_with_scheme(request, inner, state):
    """`Bearer ` before the refresh token is ignored."""
    token = request.header("token") or ""
    if request.path == REFRESH and token.startswith("Bearer "):
        return inner(with_headers(request, token=token.removeprefix("Bearer ")))
    return inner(request)


@around()
def unknown_setting_ignored(request, inner, state):
    """A change that names no setting changes nothing and is answered 200, where it has a member at all."""
    names = set(state.dialect.settings.values())
    wanted = given(request)
    if is_call(request, "PATCH", SETTINGS) and state.sessions.who(bearer(request)) and wanted and not set(wanted) & names:
        return Answer(200, state.settings.shown())
    return inner(request)


@around()
def old_tokens_follow_longer_setting(request, inner, state):
    """A longer lifetime prolongs the access tokens that live, a shorter one cuts none."""
    before = state.settings.now.access
    answer = inner(request)
    if state.settings.now.access > before:
        with state.sessions._lock:
            for held in state.sessions._access.values():
                if not state.sessions._clock.is_over(held.deadline):
                    held.deadline += state.settings.now.access - before
    return answer


@around()
def answers_with_much_beside(request, inner, state):
    """Objects that are answered carry many more members, nested ones and ids among them."""
    answer = inner(request)
    if answer.status == 200 and isinstance(answer.value, dict) and request.path in (ISSUE, REFRESH, VERIFY):
        answer.value |= {"nodename": "bo-1", "sessionid": 4711, "server": {"time": 1764074400123, "zone": "UTC"}, "flags": [1, 2, 3]}
    return answer


@around()
def refusal_names_several_schemes(request, inner, state):
    """A 401 names Basic and Bearer, the latter with the reason."""
    answer = inner(request)
    if answer.status == 401:
        answer.headers["WWW-Authenticate"] = 'Basic realm="old", Bearer realm="bo", error="invalid_token", error_description="no"'
    return answer


@around()
def long_tokens_malformed(request, inner, state):
    """A header of more than 8 kB is a malformed request: 400."""
    longest = max((len(value) for value in request.headers.values()), default=0)
    return state.refusals.of(Mistake.UNREADABLE) if longest > 8192 else inner(request)


@around()
def unknown_paths_guarded(request, inner, state):
    """A path that nobody knows is 404 with a token and without, and says which paths there are."""
    answer = inner(request)
    if answer.status == 404 and request.path not in KNOWN:
        answer.headers["Link"] = '</api/v2/swagger.json>; rel="service-desc"'
    return answer
