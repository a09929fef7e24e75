"""Other forms of the same API: what a deployment may change without breaking the contract.

A dress turns a request in its own form into the contract's, or one of the contract's form into one that is refused, and the
answer back. The API behind it knows nothing of it.
"""

import json
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from .messages import Answer, Request, Unreadable
from .refusals import Mistake, Refusals
from .state import State

GATEWAY_KEY = "Canary-gateway-key-5Kd8"
"""What the gateway in front of the API wants in `X-Api-Key`."""

PATHS = {
    "/auth/token": "/v2/session/login",
    "/auth/token/refresh": "/v2/session/renew",
    "/external/token/verify": "/v2/link/check",
    "/connectors/settings": "/v2/admin/lifetimes",
}


class Refused(Exception):
    """The request is not in this deployment's form."""

    def __init__(self, mistake: Mistake) -> None:
        super().__init__(mistake)
        self.mistake = mistake


@dataclass(frozen=True)
class Dress:
    """One form. `configuration` is what a client writes down to follow it; dresses of the same `part` exclude each other."""

    name: str
    part: str
    configuration: tuple[str, ...]
    request: Callable[[Request, State], Request] | None = None
    answer: Callable[[dict[str, object], State], None] | None = None


class Dressed:
    """The dresses of one server."""

    def __init__(self, names: Iterable[str], state: State) -> None:
        wanted = list(names)
        known = {dress.name: dress for dress in DRESSES}
        unknown = [name for name in wanted if name not in known]
        if unknown:
            raise ValueError(f"unknown dress: {', '.join(unknown)}; --list shows them all")
        # Paths first, as the other forms belong to the contract's paths.
        self._dresses = sorted((known[name] for name in wanted), key=lambda dress: dress.part != "paths")
        self._state, self._refusals = state, Refusals(state.on)

    def answer(self, request: Request, answered: Callable[[Request], Answer]) -> Answer:
        """The answer in this deployment's form."""
        try:
            for dress in self._dresses:
                if dress.request:
                    request = dress.request(request, self._state)
        except Refused as refused:
            return self._refusals.of(refused.mistake)
        answer = answered(request)
        if answer.status == 200 and isinstance(answer.value, dict):
            for dress in self._dresses:
                if dress.answer:
                    dress.answer(answer.value, self._state)
        return answer


def _lifetimes(change: Callable[[float], object]) -> Callable[[dict[str, object], State], None]:
    def apply(value: dict[str, object], state: State) -> None:
        names = state.dialect
        if names.access not in value:
            return
        for name in (names.access_lifetime, names.refresh_lifetime):
            lifetime = value.get(name)
            if isinstance(lifetime, (int, float)):
                value[name] = change(lifetime)

    return apply


def _iso(lifetime: float) -> str:
    return datetime.fromtimestamp(time.time() + lifetime, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _renamed_credentials(request: Request, _: State) -> Request:
    if request.path != "/auth/token" or not request.body:
        return request
    try:
        given = request.json_object()
    except Unreadable:
        return request
    names = {"username": "login", "passphrase": "password"}
    inner = {names[name]: value for name, value in given.items() if name in names}
    return replace(request, body=json.dumps({**{n: v for n, v in given.items() if n not in ("login", "password")}, **inner}).encode())


def _with_tenant(request: Request, _: State) -> Request:
    if request.path == "/auth/token" and request.method == "POST" and request.body:
        try:
            if request.json_object().get("tenant") != "main":
                raise Refused(Mistake.PARAMETER)
        except Unreadable:
            pass
    return request


def _through_gateway(request: Request, _: State) -> Request:
    if request.header("X-Api-Key") != GATEWAY_KEY:
        raise Refused(Mistake.UNAUTHORIZED)
    return request


def _other_paths(request: Request, _: State) -> Request:
    if request.path in PATHS:
        return replace(request, path="//")
    known = {other: usual for usual, other in PATHS.items()}
    return replace(request, path=known.get(request.path, request.path))


def _refresh(request: Request, state: State, method: str, token: str | None) -> Request:
    if request.path != "/auth/token/refresh":
        return request
    headers = {name: value for name, value in request.headers.items() if name != state.dialect.refresh_header.lower()}
    if token:
        headers[state.dialect.refresh_header.lower()] = token
    if request.method == method:
        return replace(request, method="GET", headers=headers)
    return replace(request, method="PUT", headers=headers)


def _posted_refresh(request: Request, state: State) -> Request:
    try:
        token = request.json_object().get("refresh") if request.body else None
    except Unreadable:
        token = None
    return _refresh(request, state, "POST", token if isinstance(token, str) else None)


def _bearer_refresh(request: Request, state: State) -> Request:
    scheme, _, token = (request.header("Authorization") or "").partition(" ")
    return _refresh(request, state, "GET", token if scheme == "Bearer" else None)


def _nested_settings(request: Request, state: State) -> Request:
    if request.path != "/connectors/settings" or request.method != "PATCH":
        return request
    try:
        inner = request.json_object().get("sessions")
    except Unreadable:
        return request
    return replace(request, body=json.dumps(inner if isinstance(inner, dict) else {}).encode())


def _nest_shown_settings(value: dict[str, object], state: State) -> None:
    names = set(state.dialect.settings.values())
    if names <= value.keys():
        value["sessions"] = {name: value.pop(name) for name in names}


DRESSES: tuple[Dress, ...] = (
    Dress("lifetimes-in-milliseconds", "unit", ('dialect.lifetime_unit = "milliseconds"',),
          answer=_lifetimes(lambda lifetime: int(lifetime * 1000))),
    Dress("lifetimes-in-minutes", "unit", ('dialect.lifetime_unit = "minutes"',), answer=_lifetimes(lambda lifetime: lifetime / 60)),
    Dress("lifetimes-end-at-epoch", "unit", ('dialect.lifetime_unit = "moment"',),
          answer=_lifetimes(lambda lifetime: int(time.time() + lifetime))),
    Dress("lifetimes-end-at-time", "unit", ('dialect.lifetime_unit = "moment"',), answer=_lifetimes(_iso)),
    Dress("other-credential-names", "credentials",
          ('dialect.login_field = "username"', 'dialect.password_field = "passphrase"'), request=_renamed_credentials),
    Dress("tenant", "tenant", ('login_fields = { tenant = "main" }',), request=_with_tenant),
    Dress("gateway-key", "gateway", ('headers = { "X-Api-Key" = { env = "GATEWAY_KEY" } }',), request=_through_gateway),
    Dress("other-paths", "paths",
          ('dialect.token_path = "/v2/session/login"', 'dialect.refresh_path = "/v2/session/renew"',
           'dialect.verify_path = "/v2/link/check"', 'dialect.settings_path = "/v2/admin/lifetimes"'), request=_other_paths),
    Dress("refresh-by-post", "refresh", ('dialect.refresh_body = "refresh"',), request=_posted_refresh),
    Dress("refresh-as-bearer", "refresh", ('dialect.refresh_header = "Authorization"', 'dialect.refresh_prefix = "Bearer "'),
          request=_bearer_refresh),
    Dress("nested-settings", "settings",
          ('dialect.settings_access_lifetime = "/sessions/accessTokenLifeTime"',
           'dialect.settings_refresh_lifetime = "/sessions/refreshTokenLifeTime"',
           'dialect.settings_ott_lifetime = "/sessions/ottLifeTime"'), request=_nested_settings, answer=_nest_shown_settings),
)
