"""The state of all nodes: who knows what, and when. Each method that is short is there for a defect to replace."""

import argparse
import json
import secrets
import threading
import time

from .events import Ask, Event, Token

NAMES = {"accessTokenLifeTime": "access", "refreshTokenLifeTime": "refresh", "ottLifeTime": "ott"}
UNKNOWN, SPENT = (401, {"errorId": "1.2.0.12"}), (401, {"errorId": "1.2.0.13"})


class Cluster:
    """A cluster without a fault: all nodes know everything at once."""

    breaks: "tuple[str, ...]" = ()
    freedoms: "tuple[str, ...]" = ()

    def __init__(self, arguments: argparse.Namespace) -> None:
        self.guard = threading.RLock()
        self.nodes, self.balance, self.lag = arguments.nodes, arguments.balance, arguments.lag
        self.on = {*self.freedoms, *arguments.freedom}
        self.users = dict(user.split(":", 1) for user in arguments.user)
        self.lifetimes = {"access": arguments.access_lifetime, "refresh": arguments.refresh_lifetime,
                          "ott": arguments.ott_lifetime}
        self.initial = dict(self.lifetimes)
        self.changes: "list[tuple[Event, dict]]" = []
        self.tokens: "dict[str, Token]" = {}
        self.counts: "dict[str, int]" = {}
        self.latest: "dict[str, float]" = {}
        self.turn, self.jump, self.restarts = 0, 0.0, 0
        self.down_nodes: "set[int]" = set()

    # What a defect replaces

    def delay(self, node: int, event: Event, kind: str, token: "Token | None") -> "bool | float":
        """Seconds until another node learns of an event; True for the lag of the command line. `kind` is one of access, refresh,
        ott (made), access-gone, refresh-gone, ott-gone and settings."""
        return 0

    def skew(self, node: int, kind: str, token: "Token | None") -> float:
        """Seconds by which the clock of a node is ahead when it makes (no token) or judges one."""
        return 0

    def text(self, node: int, kind: str, login: str) -> str:
        """A new token."""
        return {"access": f"{secrets.token_hex(16)}.{secrets.token_hex(16)}", "refresh": secrets.token_urlsafe(32),
                "ott": "o" + secrets.token_hex(24)}[kind]

    def restarted(self) -> None:
        """What a restart does to the state."""

    # What happens

    def event(self, node: int, kind: str) -> Event:
        now = time.monotonic()
        number = self.counts[kind] = self.counts.get(kind, 0) + 1
        gap, self.latest[kind] = now - self.latest.get(kind, 0), now
        return Event(now, node, number, gap)

    def knows(self, node: int, event: "Event | None", kind: str, token: "Token | None") -> bool:
        if event is None:
            return False
        wait = 0 if event.node == node else self.delay(node, event, kind, token)
        return time.monotonic() >= event.at + (self.lag if wait is True else wait)

    def now(self, node: int, kind: str, token: "Token | None" = None) -> float:
        return time.monotonic() + self.jump + self.skew(node, kind, token)

    def in_force(self, node: int, kind: str) -> float:
        known = [values for event, values in self.changes if self.knows(node, event, "settings", None) and kind in values]
        return known[-1][kind] if known else self.lifetimes[kind]

    def make(self, node: int, kind: str, login: str, generation: int = 0) -> Token:
        seconds = self.in_force(node, kind)
        token = Token(self.text(node, kind, login), kind, login, self.now(node, kind) + seconds, self.event(node, kind),
                      generation=generation, used_on=set(), lifetime=seconds)
        self.tokens[token.text] = token
        return token

    def pair(self, node: int, login: str, generation: int = 0) -> "tuple[dict, Token]":
        access, refresh = (self.make(node, kind, login, generation) for kind in ("access", "refresh"))
        refresh.mate = access
        return {"accessToken": access.text, "refreshToken": refresh.text, "accessTokenLifeTime": access.lifetime,
                "refreshTokenLifeTime": refresh.lifetime}, refresh

    def good(self, node: int, text: object, kind: str) -> "Token | None":
        """The token, if this node takes it."""
        token = self.tokens.get(text) if isinstance(text, str) else None
        if (not token or token.kind != kind or not self.knows(node, token.born, kind, token)
                or self.knows(node, token.gone, f"{kind}-gone", token) or self.now(node, kind, token) >= token.ends):
            return None
        token.used_on.add(node)
        return token

    def end(self, node: int, token: Token) -> None:
        token.gone = token.gone or self.event(node, f"{token.kind}-gone")

    def mint(self, login: str) -> str:
        with self.guard:
            return self.make(self.next_node(), "ott", login).text

    def next_node(self) -> int:
        """The node of the balancer's next request or connection; it skips those that are down."""
        with self.guard:
            for _ in range(self.nodes):
                self.turn += 1
                if self.turn % self.nodes not in self.down_nodes:
                    break
            return self.turn % self.nodes

    # The calls

    def answer(self, node: int, method: str, path: str, headers: object, body: bytes) -> "tuple[int, object]":
        try:
            sent = json.loads(body) if body else {}
        except (ValueError, RecursionError):
            return 400, {"errorId": "1.6.2.3"}
        return self.respond(Ask(node, method, path, headers, sent if isinstance(sent, dict) else None))

    def respond(self, ask: Ask) -> "tuple[int, object]":
        """Status and JSON for a call on a node."""
        calls = {"/auth/token": (("POST",), self.log_in), "/auth/token/refresh": (("GET",), self.renew),
                 "/external/token/verify": (("POST",), self.verify), "/connectors/settings": (("GET", "PATCH"), self.change),
                 "/accounts": (("GET",), self.accounts)}
        methods, call = calls.get(ask.path, ((), None))
        if call is None:
            return 404, {"errorId": "1.6.1.1"}
        if ask.method not in methods:
            return 405, {"errorId": "1.6.1.2"}
        with self.guard:
            return call(ask)

    def log_in(self, ask: Ask) -> "tuple[int, object]":
        sent = ask.sent
        if sent is None or not all(isinstance(sent.get(name), str) and sent[name] for name in ("login", "password")):
            return 400, {"errorId": "1.6.2.2"}
        if self.users.get(sent["login"]) != sent["password"]:
            return 401, {"errorId": "1.2.0.11"}
        if "one-session" in self.on:
            for token in self.tokens.values():
                if token.login == sent["login"] and token.kind != "ott":
                    self.end(ask.node, token)
        return 200, self.pair(ask.node, sent["login"])[0]

    def renew(self, ask: Ask) -> "tuple[int, object]":
        token = self.good(ask.node, ask.headers.get("token"), "refresh")
        if not token:
            return SPENT
        answer, _ = self.pair(ask.node, token.login, token.generation + 1)
        if "keeps-refresh" in self.on:
            answer["refreshToken"] = token.text
        else:
            self.end(ask.node, token)
        if "ends-access" in self.on:
            self.end(ask.node, token.mate)
        return 200, answer

    def verify(self, ask: Ask) -> "tuple[int, object]":
        text = ask.sent.get("token") if ask.sent else None
        if not isinstance(text, str) or not text:
            return 400, {"errorId": "1.6.2.2"}
        token = self.good(ask.node, text, "ott")
        if not token:
            return 401, {"errorId": "1.2.0.14"}
        token.gone = self.event(ask.node, "ott-gone")
        return 200, {"login": token.login}

    def accounts(self, ask: Ask) -> "tuple[int, object]":
        token = self.good(ask.node, ask.bearer(), "access")
        return (200, [{"owner": token.login}]) if token else UNKNOWN

    def change(self, ask: Ask) -> "tuple[int, object]":
        if not self.good(ask.node, ask.bearer(), "access"):
            return UNKNOWN
        if ask.method == "PATCH":
            values = {name: value for name, value in (ask.sent or {}).items() if name in NAMES}
            if not values or any(type(value) is not int or value <= 0 for value in values.values()):
                return 406, {"errorId": "1.6.2.2"}
            self.changes.append((self.event(ask.node, "settings"), {NAMES[name]: value for name, value in values.items()}))
        return 200, {name: self.in_force(ask.node, kind) for name, kind in NAMES.items()}
