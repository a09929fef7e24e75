"""The calls that need an access token: two to look at, and the settings."""

import threading
from collections.abc import Callable

from .authorization import Authorization
from .messages import Answer, Request
from .refusals import Mistake
from .state import State


class ProtectedCalls:
    """`/whoami`, `/accounts` and `/connectors/settings`."""

    def __init__(self, state: State, authorization: Authorization) -> None:
        self._state, self._authorization = state, authorization
        self._settings_lock = threading.Lock()

    def whoami(self, request: Request) -> Answer:
        """Names the user of the access token."""
        return self._guarded(request, lambda login: {"user": {"name": login}})

    def accounts(self, request: Request) -> Answer:
        """A list with one account of the user."""
        return self._guarded(request, lambda login: [{"id": 7001, "owner": login, "currency": "EUR"}])

    def change_settings(self, request: Request) -> Answer:
        """Changes the lifetimes that the body names."""
        if self._authorization.user(request) is None and not self._state.on("settings-unauthenticated"):
            return self._authorization.refused(request)
        wanted = request.json_object()
        with self._settings_lock:
            if not self._state.settings.change(wanted):
                return self._state.refusals.of(Mistake.VALUE)
            shown = self._state.settings.shown()
        return Answer(204, without_body=True) if self._state.on("patch-204") else Answer(200, shown)

    def show_settings(self, request: Request) -> Answer:
        """The lifetimes in force."""
        return self._guarded(request, lambda _: self._state.settings.shown())

    def _guarded(self, request: Request, content: Callable[[str], object]) -> Answer:
        login = self._authorization.user(request)
        if login is None and not (self._state.on("anonymous-accepted") and request.header("Authorization") is None):
            return self._authorization.refused(request)
        value = content(login or "anonymous")
        if isinstance(value, dict) and self._state.on("null-error-on-success"):
            value["error"] = None
        return Answer(200, value)
