"""`/external/token/verify`."""

from .authorization import Authorization
from .messages import Answer, Crash, Request
from .one_time import Refused
from .refusals import Mistake
from .state import State
from .token_answers import TokenAnswers


class OneTimeCalls:
    """Verifies one-time tokens."""

    def __init__(self, state: State, answers: TokenAnswers, authorization: Authorization) -> None:
        self._state, self._answers, self._authorization = state, answers, authorization

    def verify(self, request: Request) -> Answer:
        """The login of the one-time token in the body, which is spent thereby."""
        if self._state.on("ott-needs-authorization") and self._authorization.user(request) is None:
            return self._authorization.refused(request)
        token = request.query.get("token") if self._state.on("ott-from-query") else None
        if token is None:
            token = self._one_time_parameter(request)
        if token is None:
            return self._state.refusals.of(Mistake.PARAMETER)
        outcome = self._state.one_time.verify(token)
        return self._refused_one_time(outcome) if isinstance(outcome, Refused) else self._verified(outcome)

    def _one_time_parameter(self, request: Request) -> str | None:
        given = request.json_object()
        if self._state.on("ott-null-500") and "token" in given and given["token"] is None:
            raise Crash
        token = given.get("token")
        return token if isinstance(token, str) and token else None

    def _verified(self, login: str) -> Answer:
        value = {**self._state.dialect.with_login(login), "isExpired": False, "verifiedBy": "external-links"}
        if self._state.on("pair-beside-login"):
            value |= self._answers.pair_fields(self._state.sessions.issue(login, exclusive=False))
        return self._answers.of(value)

    def _refused_one_time(self, refused: Refused) -> Answer:
        if self._state.on("ott-indicator"):
            return self._answers.of({"isExpired": True})
        if self._state.on("ott-valid-flag"):
            return self._answers.of({"valid": False, **self._state.dialect.with_login(None)})
        told = refused.fault.value if self._state.on("telling-ott-refusals") else ""
        leaked = refused.login if self._state.on("ott-leaks-login") else None
        extra = self._state.dialect.with_login(leaked) if leaked else {}
        return self._state.refusals.of(Mistake.ONE_TIME, told, extra)
