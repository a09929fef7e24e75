"""A server without a socket and with a clock that is turned, and the requests that the checks send to it."""

import base64
import json
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from bo.catalogue import Switches
from bo.dialect import USUAL, Dialect
from bo.messages import Request
from bo.service import Service
from bo.settings import Lifetimes
from bo.state import Options

PASSWORDS = {"alice": "Corr3ct-horse", "bob": "Battery-5taple", "carol": "Purple-m0nkey"}
ACCESS, REFRESH, OTT = 40, 80, 60
MARGIN = 3
AT_ONCE = 6


@dataclass(frozen=True)
class Reply:
    """What came back; `value` is the body read as JSON, `text` the body as it was."""

    status: int
    headers: dict[str, str]
    text: str
    value: Any

    @property
    def refused(self) -> bool:
        """A client error."""
        return 400 <= self.status < 500


@dataclass(frozen=True)
class Tokens:
    """A pair as the client reads it."""

    access: Any
    refresh: Any
    access_lifetime: Any
    refresh_lifetime: Any


class Bench:
    """One server under check."""

    def __init__(
        self, freedoms: Iterable[str] = (), defects: Iterable[str] = (), dialect: Dialect = USUAL, minimum: float = 0
    ) -> None:
        self.now = 1000.25
        self.dialect = dialect
        self.service = Service(
            Options(
                users=PASSWORDS,
                lifetimes=Lifetimes(ACCESS, REFRESH, OTT),
                minimum_lifetime=minimum,
                dialect=dialect,
                on=Switches(freedoms, defects),
                seconds=lambda: self.now,
            )
        )

    def send(
        self, method: str, target: str, value: object = None, headers: dict[str, str] | None = None,
        raw: bytes | None = None,
    ) -> Reply:
        """Sends one request; `value` as JSON, or `raw` as it is."""
        body = raw if raw is not None else b"" if value is None else json.dumps(value).encode()
        answer = self.service.answer(Request.read(method, target, headers or {}, body))
        text = (answer.payload() or b"").decode()
        return Reply(answer.status, answer.headers, text, _json(text))

    def log_in(self, login: Any = "alice", password: Any = None, method: str = "POST") -> Reply:
        """Asks for a pair; with the login's own password unless another is given."""
        given = PASSWORDS.get(login) if password is None and isinstance(login, str) else password
        return self.send(method, "/auth/token", {"login": login, "password": given})

    def pair(self, login: str = "alice") -> Tokens:
        """A fresh pair."""
        return self.tokens(self.log_in(login))

    def tokens(self, reply: Reply) -> Tokens:
        """The pair in an answer; what is not there is None."""
        value = reply.value if isinstance(reply.value, dict) else {}
        names = self.dialect
        return Tokens(*map(value.get, (names.access, names.refresh, names.access_lifetime, names.refresh_lifetime)))

    def gives_tokens(self, reply: Reply) -> bool:
        """Whether an answer carries a token."""
        found = self.tokens(reply)
        return bool(found.access or found.refresh)

    def use(self, token: object) -> Reply:
        """The protected call with this access token."""
        return self.send("GET", "/whoami", headers={"Authorization": f"Bearer {token}"})

    def user_of(self, token: object) -> str | None:
        """Who an access token stands for."""
        reply = self.use(token)
        return reply.value["user"]["name"] if reply.status == 200 else None

    def refresh(self, token: object, method: str = "GET") -> Reply:
        """A refresh with this refresh token."""
        return self.send(method, "/auth/token/refresh", headers={self.dialect.refresh_header: str(token)})

    def mint(self, login: str = "alice") -> str:
        """A fresh one-time token."""
        return self.service.state.one_time.mint(login)

    def verify(self, token: object, method: str = "POST") -> Reply:
        """A verification, repeated with an access token where the server wants one."""
        reply = self.send(method, "/external/token/verify", {"token": token})
        if reply.status != 401:
            return reply
        headers = {"Authorization": f"Bearer {self.pair('carol').access}"}
        return self.send(method, "/external/token/verify", {"token": token}, headers)

    def verified(self, token: object) -> str | None:
        """The login that a verification tells."""
        reply = self.verify(token)
        place: Any = reply.value if reply.status == 200 else None
        for name in self.dialect.login_path:
            place = place.get(name) if isinstance(place, dict) else None
        return place

    def set(self, headers: dict[str, str] | None = None, **lifetimes: object) -> Reply:
        """Changes lifetimes (access, refresh, ott), authorized unless other headers are given."""
        named = {self.dialect.settings[field]: value for field, value in lifetimes.items()}
        if headers is None:
            headers = {"Authorization": f"Bearer {self.pair('carol').access}"}
        return self.send("PATCH", "/connectors/settings", named, headers)

    def lifetimes(self) -> dict[str, float]:
        """The lifetimes in force."""
        return dict(vars(self.service.state.settings.now))

    def at_once(self, call: Callable[[int], Any], times: int = AT_ONCE) -> list[Any]:
        """Makes these calls at the same moment."""
        gate = threading.Barrier(times)

        def held(number: int) -> Any:
            gate.wait(timeout=10)
            return call(number)

        with ThreadPoolExecutor(times) as pool:
            return list(pool.map(held, range(times)))


def tampered(token: str, at: int) -> str:
    """The token with another character at this place."""
    at %= len(token)
    return token[:at] + ("A" if token[at] != "A" else "B") + token[at + 1 :]


def credentials_in_query(login: str) -> str:
    """A login and its password as a query or form."""
    return urlencode({"login": login, "password": PASSWORDS[login]})


def basic(login: str) -> dict[str, str]:
    """A login and its password as Basic authorization."""
    return {"Authorization": "Basic " + base64.b64encode(f"{login}:{PASSWORDS[login]}".encode()).decode()}


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return None
