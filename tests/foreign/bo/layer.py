"""Defects imagined from the contract alone, each a layer around the API of a server that is otherwise right.

This file holds what the layers share; each kind has a file of its own.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from .blind import REGISTRY, Blind
from .messages import Answer, Request, Unreadable
from .refusals import Mistake

if TYPE_CHECKING:
    from .one_time import OneTime
    from .pairs import Access, Refresh, Session
    from .service import Service
    from .state import State

Call = Callable[[Request], Answer]

LOGIN, REFRESH, VERIFY, SETTINGS = (
    "/auth/token", "/auth/token/refresh", "/external/token/verify", "/connectors/settings",
)
PROTECTED = ("/whoami", "/accounts", SETTINGS)


class Layer:
    """One defect. The docstring of a subclass is the sentence about how it happens."""

    name = ""
    kind = ""
    caught_by: tuple[str, ...] = ()

    def __init__(self, state: State) -> None:
        self.state = state
        self.lock = threading.RLock()
        self.begin()

    def begin(self) -> None:
        """Sets up what this defect remembers."""

    def answer(self, request: Request, call: Call) -> Answer:
        """Answers a request; `call` is the right server."""
        return call(request)

    @classmethod
    def install(cls, service: Service) -> None:
        """Puts this layer around a server."""
        service.handler = partial(cls(service.state).answer, call=service.handler)

    # What the right server holds

    def now(self) -> float:
        """The server's clock."""
        return self.state.sessions._clock.now()

    def access(self, token: str | None) -> Access | None:
        """An access token that was given out, alive or not."""
        return self.state.sessions._access.get(token or "")

    def held(self, token: str | None) -> Refresh | None:
        """A refresh token that was given out, alive or not."""
        return self.state.sessions._refresh.get(token or "")

    def made(self, token: object) -> OneTime | None:
        """A one-time token that was made, alive or not."""
        return self.state.one_time._made.get(token) if isinstance(token, str) else None

    def refuse(self, mistake: Mistake) -> Answer:
        """The right server's refusal of a mistake."""
        return self.state.refusals.of(mistake)

    def accesses(self, session: Session) -> list[Access]:
        """The access tokens of a session, oldest first."""
        return [one for one in list(self.state.sessions._access.values()) if one.session is session]

    def refreshes(self, session: Session) -> list[Refresh]:
        """The refresh tokens of a session, oldest first."""
        return [one for one in list(self.state.sessions._refresh.values()) if one.session is session]

    def granted(self, answer: Answer) -> tuple[Access, Refresh] | None:
        """The pair in an answer, where there is one."""
        value, names = answer.value, self.state.dialect
        if answer.status != 200 or not isinstance(value, dict) or names.access not in value:
            return None
        access, refresh = self.access(value[names.access]), self.held(value[names.refresh])
        return (access, refresh) if access and refresh else None

    def announce(self, answer: Answer, access: float, refresh: float) -> None:
        """Writes other lifetimes into an answer with a pair, and keeps them."""
        pair, names, value = self.granted(answer), self.state.dialect, answer.value
        assert pair and isinstance(value, dict)
        value[names.access_lifetime], value[names.refresh_lifetime] = access, refresh
        pair[0].deadline, pair[1].deadline = self.now() + access, self.now() + refresh


def bearer(request: Request) -> str | None:
    """The token of the Authorization header."""
    scheme, _, token = (request.header("Authorization") or "").partition(" ")
    return token.strip() or None if scheme.lower() == "bearer" else None


def body(request: Request) -> dict[str, object]:
    """The body as an object; an empty one where it is none."""
    try:
        return request.json_object()
    except Unreadable:
        return {}


def is_login(request: Request) -> bool:
    """Whether this asks for a pair."""
    return request.method == "POST" and request.path == LOGIN


def is_refresh(request: Request) -> bool:
    """Whether this asks for the next pair."""
    return request.method == "GET" and request.path == REFRESH


def is_verify(request: Request) -> bool:
    """Whether this verifies a one-time token."""
    return request.method == "POST" and request.path == VERIFY


def is_change(request: Request) -> bool:
    """Whether this changes settings."""
    return request.method == "PATCH" and request.path == SETTINGS


def is_read(request: Request) -> bool:
    """Whether this is a protected call that changes nothing."""
    return request.method == "GET" and request.path in PROTECTED


def succeeded(answer: Answer) -> bool:
    """Whether a call was answered as the caller wished."""
    return 200 <= answer.status < 300


def speak_for(answer: Answer, login: str) -> Answer:
    """The answer of a protected call as another user gets it."""
    value = answer.value
    if isinstance(value, dict) and isinstance(value.get("user"), dict):
        value["user"]["name"] = login
    elif isinstance(value, list) and value and isinstance(value[0], dict):
        value[0]["owner"] = login
    return answer


def register(*layers: type[Layer]) -> None:
    """Makes defects known by their names."""
    for layer in layers:
        if layer.name in REGISTRY:
            raise ValueError(f"two variations are called {layer.name}")
        summary = " ".join((layer.__doc__ or "").split())
        REGISTRY[layer.name] = Blind(layer.name, layer.kind, summary, layer.caught_by, layer.install)
