"""Who a request speaks for, by its `Authorization` header."""

from .messages import Answer, Request
from .refusals import Mistake
from .state import State


class Authorization:
    """Reads access tokens and refuses those that are no good."""

    def __init__(self, state: State) -> None:
        self._state = state

    def user(self, request: Request) -> str | None:
        """The login that the request's access token stands for."""
        token = self._bearer(request)
        return self._state.sessions.who(token) if token else None

    def _bearer(self, request: Request) -> str | None:
        header = request.header("Authorization")
        if header is None:
            return request.query.get("access_token") if self._state.on("query-token") else None
        scheme, _, token = header.partition(" ")
        if not token:
            return scheme if self._state.on("bare-token") else None
        named = scheme == "Bearer" or (scheme.lower() == "bearer" and not self._state.on("strict-scheme-case"))
        return token.strip() if named else None

    def refused(self, request: Request) -> Answer:
        """The answer to a request without a good access token."""
        token = self._bearer(request)
        extra: dict[str, object] = {"given": token} if token and self._state.on("echoed-token") else {}
        refused = self._state.refusals.of(Mistake.UNAUTHORIZED, extra=extra)
        if token and self._state.on("made-up-token-403"):
            refused.status = 403
        return refused
