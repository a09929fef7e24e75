"""Defects and freedoms written from the contract alone, each as a change around a server that is right without it.

They are kept apart from `defects` and `freedoms`: their authors had not seen the suite. Every module `blind_*.py` of this
package registers its own, and `blind/SCORES.md` tells which of them the suite found.
"""

import importlib
import json
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from .messages import Answer, Crash, Request, Unreadable

if TYPE_CHECKING:
    from .service import Service
    from .state import State

ISSUE, REFRESH, VERIFY, SETTINGS = "/auth/token", "/auth/token/refresh", "/external/token/verify", "/connectors/settings"
PROTECTED = ("/whoami", "/accounts")

Inner = Callable[[Request], Answer]
Wrapper = Callable[[Request, Inner, "State"], Answer]


@dataclass(frozen=True)
class Blind:
    """One variation. `breaks` holds the requirements that a defect breaks; a freedom breaks none.

    `warns` and `tension` of a freedom mean what they mean in `variation.Freedom`.
    """

    name: str
    kind: str
    summary: str
    breaks: tuple[str, ...]
    install: Callable[["Service"], None]
    warns: tuple[str, ...] = ()
    tension: tuple[str, ...] = ()


REGISTRY: dict[str, Blind] = {}


def around(*breaks: str, warns: tuple[str, ...] = (), tension: tuple[str, ...] = ()) -> Callable[[Wrapper], Wrapper]:
    """Registers a wrapper of every request. Its name and the first line of its text are the variation's."""

    def register(function: Wrapper) -> Wrapper:
        def install(service: "Service") -> None:
            inner = service.handler

            def handler(request: Request) -> Answer:
                try:
                    return function(request, inner, service.state)
                except Crash:
                    return service.state.refusals.crash()

            service.handler = handler

        _add(function, breaks, install, warns, tension)
        return function

    return register


def inside(*breaks: str, warns: tuple[str, ...] = (), tension: tuple[str, ...] = ()) -> Callable[[Callable[["Service"], None]], Callable[["Service"], None]]:
    """Registers a change of a whole server, made once when it starts."""

    def register(function: Callable[["Service"], None]) -> Callable[["Service"], None]:
        _add(function, breaks, function, warns, tension)
        return function

    return register


def _add(
    function: Callable[..., Any], breaks: tuple[str, ...], install: Callable[["Service"], None], warns: tuple[str, ...], tension: tuple[str, ...]
) -> None:
    name = function.__name__.strip("_").replace("_", "-")
    if name in REGISTRY:
        raise ValueError(f"two variations are called {name}")
    kind = function.__module__.rpartition("blind_")[2]
    REGISTRY[name] = Blind(name, kind, " ".join((function.__doc__ or "").split()), breaks, install, warns, tension)


def load() -> dict[str, Blind]:
    """All variations of all modules `blind_*.py`."""
    package = importlib.import_module(__package__ or "bo")
    for module in pkgutil.iter_modules(package.__path__):
        if module.name.startswith("blind_"):
            importlib.import_module(f"{package.__name__}.{module.name}")
    return REGISTRY


def listing() -> list[dict[str, object]]:
    """What `--list` shows of them."""
    shown = load().values()
    return [
        {"name": b.name, "kind": b.kind, "summary": b.summary, "breaks": b.breaks, "warns": b.warns, "tension": b.tension} for b in shown
    ]


def given(request: Request) -> dict[str, Any]:
    """The members of the JSON body; none where there is no object."""
    try:
        return request.json_object() if request.body else {}
    except Unreadable:
        return {}


def given_text(request: Request, name: str) -> str:
    """One member of the JSON body, if it is a string; otherwise an empty one."""
    value = given(request).get(name)
    return value if isinstance(value, str) else ""


def with_members(request: Request, **members: object) -> Request:
    """The request with these members changed or added."""
    return replace(request, body=json.dumps({**given(request), **members}).encode())


def with_headers(request: Request, **headers: str) -> Request:
    """The request with these headers changed or added; `_` stands for `-`."""
    return replace(request, headers={**request.headers, **{k.replace("_", "-"): v for k, v in headers.items()}})


def is_call(request: Request, method: str, path: str) -> bool:
    """Whether this is the call that the contract names so."""
    return request.method == method and request.path == path


def bearer(request: Request) -> str:
    """The token of the Authorization header; an empty one where there is none."""
    scheme, _, token = (request.header("Authorization") or "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def opened(request: Request, path: str, inner: Inner, state: "State") -> Answer:
    """What a protected path answers to its first user, whoever asks."""
    access = state.sessions.issue(state.users.first(), exclusive=False).access
    return inner(with_headers(replace(request, path=path, method="GET"), authorization=f"Bearer {access}"))
