"""Which request is whose: paths, methods, and what is answered where there is no call."""

from collections.abc import Callable

from .authorization import Authorization
from .login_calls import LoginCalls
from .messages import Answer, Crash, Request, Unreadable
from .one_time_calls import OneTimeCalls
from .protected_calls import ProtectedCalls
from .refusals import Mistake
from .sessions import Collision
from .state import State
from .token_answers import TokenAnswers

Call = Callable[[Request], Answer]


class Api:
    """Answers the calls of the BO API; paths are below the base path."""

    def __init__(self, state: State) -> None:
        self._state = state
        answers, authorization = TokenAnswers(state), Authorization(state)
        login = LoginCalls(state, answers)
        one_time = OneTimeCalls(state, answers, authorization)
        protected = ProtectedCalls(state, authorization)
        self._calls: dict[str, dict[str, Call]] = {
            "/auth/token": {"POST": login.issue},
            "/auth/token/refresh": {"GET": login.refresh},
            "/external/token/verify": {"POST": one_time.verify},
            "/connectors/settings": {"PATCH": protected.change_settings, "GET": protected.show_settings},
            "/whoami": {"GET": protected.whoami},
            "/accounts": {"GET": protected.accounts},
        }
        self._vary()

    def answer(self, request: Request) -> Answer:
        """The answer to a request that is within the rate limit."""
        try:
            return self._route(request)
        except Unreadable:
            return self._state.refusals.of(Mistake.UNREADABLE)
        except (Collision, Crash):
            return self._state.refusals.crash()

    def _vary(self) -> None:
        if self._state.on("put-issues"):
            self._also("PUT", "/auth/token", "POST")
        if self._state.on("post-refreshes"):
            self._also("POST", "/auth/token/refresh", "GET")
        if self._state.on("put-verifies"):
            self._also("PUT", "/external/token/verify", "POST")
        if self._state.on("settings-write-only"):
            del self._calls["/connectors/settings"]["GET"]

    def _also(self, method: str, path: str, usual_method: str) -> None:
        self._calls[path][method] = self._calls[path][usual_method]

    def _route(self, request: Request) -> Answer:
        methods = self._calls.get(request.path)
        if methods is None:
            return self._unknown_path()
        call = methods.get(request.method)
        if call is None:
            refused = self._state.refusals.of(Mistake.METHOD)
            if refused.status == 405:
                refused.headers["Allow"] = ", ".join(methods)
            return refused
        return call(request)

    def _unknown_path(self) -> Answer:
        if self._state.on("unknown-path-200"):
            return Answer(200, {})
        if self._state.on("unknown-path-redirect"):
            return Answer(302, without_body=True, headers={"Location": "/login"})
        return self._state.refusals.of(Mistake.PATH)
