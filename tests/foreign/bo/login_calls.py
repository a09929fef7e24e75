"""`/auth/token` and `/auth/token/refresh`."""

import base64
import binascii

from .messages import Answer, Crash, Request, Unreadable
from .refusals import Mistake
from .state import State
from .token_answers import TokenAnswers

QUOTES = frozenset("'\"")


class LoginCalls:
    """Gives out pairs of tokens."""

    def __init__(self, state: State, answers: TokenAnswers) -> None:
        self._state, self._answers = state, answers

    def issue(self, request: Request) -> Answer:
        """A pair for the login and password in the body."""
        given = self._credentials(request)
        login, password = given.get("login"), given.get("password")
        if not isinstance(login, str) or not login or not self._is_password(given):
            return self._state.refusals.of(Mistake.PARAMETER)
        if self._state.on("hostile-login-500") and _is_hostile(login):
            raise Crash
        if not self._state.users.admits(login, password if isinstance(password, str) else None):
            self._state.stats.count("failed_logins")
            return self._refused_login(login, str(password))
        return self._answers.pair(self._state.sessions.issue(login))

    def refresh(self, request: Request) -> Answer:
        """The next pair for the refresh token in the header."""
        token = request.header(self._state.dialect.refresh_header)
        if not token and self._state.on("empty-refresh-500"):
            raise Crash
        pair = self._state.sessions.refresh(token) if token else None
        if pair is None:
            return self._state.refusals.of(Mistake.REFRESH)
        return self._answers.pair(pair, refreshed=True)

    def _is_password(self, given: dict[str, object]) -> bool:
        password = given.get("password")
        if isinstance(password, str):
            return bool(password)
        return self._state.on("null-password") and "password" in given and password is None

    def _credentials(self, request: Request) -> dict[str, object]:
        if self._state.on("query-credentials") and "password" in request.query:
            return dict(request.query)
        if self._state.on("basic-credentials") and (basic := _basic(request.header("Authorization"))):
            return dict(basic)
        if self._state.on("form-credentials") and "form" in (request.header("Content-Type") or ""):
            return dict(request.form())
        try:
            return request.json_object()
        except Unreadable:
            if self._state.on("malformed-json-500"):
                raise Crash from None
            raise

    def _refused_login(self, login: str, password: str) -> Answer:
        told = "" if self._state.users.knows(login) or not self._state.on("telling-refusals") else "unknown"
        extra: dict[str, object] = {"given": password} if self._state.on("echoed-password") else {}
        return self._state.refusals.of(Mistake.CREDENTIALS, told, extra)


def _is_hostile(login: str) -> bool:
    return len(login) > 1000 or not login.isprintable() or bool(QUOTES & set(login))


def _basic(header: str | None) -> dict[str, str] | None:
    scheme, _, coded = (header or "").partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        login, colon, password = base64.b64decode(coded, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None
    return {"login": login, "password": password} if colon else None
