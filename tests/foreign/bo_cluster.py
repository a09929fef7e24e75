#!/usr/bin/env python3
"""A cluster of BO nodes behind a balancer, for tests: prints one line of JSON with their URLs, and serves until stdin is closed.

A model of its own, apart from `bo_server.py`: every event has a time and a node, and a node knows what happened on itself at once and what
happened elsewhere after the lag of the fault. Without a fault all nodes know everything at once.
"""

import argparse
import json
import secrets
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

BASE = "/api"
FAULTS = {
    "ott-spent": "other nodes learn late that a one-time token was used",
    "ott-issued": "other nodes learn a one-time token late",
    "access-issued": "other nodes learn an access token late",
    "refresh-issued": "other nodes learn a refresh token late",
    "refresh-spent": "other nodes learn late that a refresh token was spent",
    "ended": "other nodes learn late that a refresh ended an access token",
    "settings": "other nodes learn late that the settings were changed",
    "other-key": "the last node signs with another key: its access tokens are good there alone, and the others' are not",
    "clock": "the clock of the last node is 30 s ahead",
    "old-build": "the last node announces no refresh lifetime and answers errors with pages",
    "down": "the last node answers 503",
}
FREEDOMS = {
    "headers": "each node names other software, and itself",
    "keeps-refresh": "a refresh gives the same refresh token again",
    "ends-access": "a refresh ends the access token before it",
    "one-session": "a login ends the sessions of its user",
    "node-in-errors": "errors name the node",
}


class Cluster:
    """What all nodes hold, and when each learns it."""

    def __init__(self, arguments: argparse.Namespace) -> None:
        self.guard = threading.RLock()
        self.later_fault, self.lag, self.freedoms = arguments.fault, arguments.lag, arguments.freedom
        self.has_begun = not arguments.later
        self.nodes, self.balance = arguments.nodes, arguments.balance
        self.users = dict(user.split(":", 1) for user in arguments.user)
        self.settings = [(-1e9, 0, {"access": arguments.access_lifetime, "refresh": arguments.refresh_lifetime,
                                    "ott": arguments.ott_lifetime})]
        self.access: dict[str, dict] = {}
        self.refresh: dict[str, dict] = {}
        self.ott: dict[str, dict] = {}
        self.turn = 0

    @property
    def fault(self) -> "str | None":
        return self.later_fault if self.has_begun else None

    def knows(self, node: int, event: "tuple[float, int] | None", kind: str) -> bool:
        """Whether a node knows of an event of this kind."""
        if event is None:
            return False
        at, where = event
        return where == node or self.fault != kind or time.monotonic() >= at + self.lag

    def clock(self, node: int) -> float:
        ahead = 30 if self.fault == "clock" and node == self.nodes - 1 else 0
        return time.monotonic() + ahead

    def lifetimes(self, node: int) -> dict:
        known = [values for at, where, values in self.settings if self.knows(node, (at, where), "settings")]
        return known[-1]

    def event(self, node: int) -> "tuple[float, int]":
        return (time.monotonic(), node)

    def pair(self, node: int, login: str) -> dict:
        lifetimes, now = self.lifetimes(node), self.clock(node)
        access, refresh = f"{secrets.token_hex(16)}.{secrets.token_hex(16)}", secrets.token_urlsafe(32)
        born = self.event(node)
        self.access[access] = {"login": login, "ends": now + lifetimes["access"], "born": born, "ended": None}
        self.refresh[refresh] = {"login": login, "ends": now + lifetimes["refresh"], "born": born, "spent": None,
                                 "access": access}
        answer = {"accessToken": access, "refreshToken": refresh, "accessTokenLifeTime": lifetimes["access"],
                  "refreshTokenLifeTime": lifetimes["refresh"]}
        if self.is_old(node):
            del answer["refreshTokenLifeTime"]
        return answer

    def is_old(self, node: int) -> bool:
        return self.fault == "old-build" and node == self.nodes - 1

    def mint(self, login: str) -> str:
        with self.guard:
            node, token = self.next_node(), "o" + secrets.token_hex(24)
            self.ott[token] = {"login": login, "ends": self.clock(node) + self.lifetimes(node)["ott"],
                               "born": self.event(node), "used": None}
            return token

    def next_node(self) -> int:
        with self.guard:
            self.turn += 1
            node = self.turn % self.nodes
            return 0 if self.fault == "down" and node == self.nodes - 1 else node

    def user_of(self, node: int, headers) -> "str | None":
        scheme, _, token = (headers.get("Authorization") or "").partition(" ")
        record = self.access.get(token) if scheme.lower() == "bearer" else None
        if not record or not self.knows(node, record["born"], "access-issued"):
            return None
        last = self.nodes - 1
        if self.fault == "other-key" and (record["born"][1] == last) != (node == last):
            return None
        ended = self.knows(node, record["ended"], "ended")
        return None if ended or self.clock(node) >= record["ends"] else record["login"]

    def answer(self, node: int, method: str, path: str, headers, body: bytes) -> "tuple[int, dict | list]":
        """Status and JSON for a call on a node."""
        try:
            sent = json.loads(body) if body else {}
        except (ValueError, RecursionError):
            return 400, {"errorId": "1.6.2.3"}
        sent = sent if isinstance(sent, dict) else None
        with self.guard:
            if path == "/auth/token":
                return self.log_in(node, method, sent)
            if path == "/auth/token/refresh":
                return self.renew(node, method, headers.get("token"))
            if path == "/external/token/verify":
                return self.verify(node, method, sent)
            login = self.user_of(node, headers)
            if path == "/connectors/settings":
                return self.change(node, method, sent) if login else (401, {"errorId": "1.2.0.12"})
            if path == "/accounts":
                return (200, [{"owner": login}]) if login else (401, {"errorId": "1.2.0.12"})
            return 404, {"errorId": "1.6.1.1"}

    def log_in(self, node, method, sent):
        if method != "POST":
            return 405, {"errorId": "1.6.1.2"}
        if sent is None or not all(isinstance(sent.get(name), str) and sent[name] for name in ("login", "password")):
            return 400, {"errorId": "1.6.2.2"}
        login = sent["login"]
        if self.users.get(login) != sent["password"]:
            return 401, {"errorId": "1.2.0.11"}
        if "one-session" in self.freedoms:
            for record in self.access.values():
                if record["login"] == login:
                    record["ended"] = record["ended"] or self.event(node)
            for record in self.refresh.values():
                if record["login"] == login:
                    record["spent"] = record["spent"] or self.event(node)
        return 200, self.pair(node, login)

    def renew(self, node, method, token):
        if method != "GET":
            return 405, {"errorId": "1.6.1.2"}
        record = self.refresh.get(token)
        if (not record or not self.knows(node, record["born"], "refresh-issued")
                or self.knows(node, record["spent"], "refresh-spent") or self.clock(node) >= record["ends"]):
            return 401, {"errorId": "1.2.0.13"}
        answer = self.pair(node, record["login"])
        if "keeps-refresh" in self.freedoms:
            answer["refreshToken"] = token
        else:
            record["spent"] = record["spent"] or self.event(node)
        if "ends-access" in self.freedoms or self.fault == "ended":
            self.access[record["access"]]["ended"] = self.event(node)
        return 200, answer

    def verify(self, node, method, sent):
        if method != "POST":
            return 405, {"errorId": "1.6.1.2"}
        token = sent.get("token") if sent else None
        if not isinstance(token, str) or not token:
            return 400, {"errorId": "1.6.2.2"}
        record = self.ott.get(token)
        if (not record or not self.knows(node, record["born"], "ott-issued")
                or self.knows(node, record["used"], "ott-spent") or self.clock(node) >= record["ends"]):
            return 401, {"errorId": "1.2.0.14"}
        record["used"] = self.event(node)
        return 200, {"login": record["login"]}

    def change(self, node, method, sent):
        names = {"accessTokenLifeTime": "access", "refreshTokenLifeTime": "refresh", "ottLifeTime": "ott"}
        if method not in ("GET", "PATCH"):
            return 405, {"errorId": "1.6.1.2"}
        if method == "PATCH":
            known = {name: value for name, value in (sent or {}).items() if name in names}
            if not known or any(type(value) is not int or value <= 0 for value in known.values()):
                return 406, {"errorId": "1.6.2.2"}
            values = self.lifetimes(node) | {names[name]: value for name, value in known.items()}
            self.settings.append((*self.event(node), values))
        return 200, {name: self.lifetimes(node)[short] for name, short in names.items()}


class Connection(BaseHTTPRequestHandler):
    """A connection to a node, or to the balancer."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    node: "int | None" = None

    def log_message(self, format: str, *args: object) -> None:
        pass

    def serve(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        path = self.path.split("?")[0].removeprefix(BASE)
        cluster: Cluster = self.server.cluster
        if path == "/_mint":
            return self.send(200, {"minted": cluster.mint(json.loads(body)["login"])}, None)
        if path == "/_begin":
            cluster.has_begun = True
            return self.send(200, {}, None)
        node, cookie = self.choose(cluster)
        if cluster.fault == "down" and node == cluster.nodes - 1:
            return self.send(503, {"errorId": "0"}, node)
        status, answer = cluster.answer(node, self.command, path, self.headers, body)
        if status >= 400 and "node-in-errors" in cluster.freedoms:
            answer["node"] = f"node-{node}"
        self.send(status, answer, node, cookie)

    def choose(self, cluster: Cluster) -> "tuple[int, str | None]":
        """The node of this server, or the one that the balancer's policy has for this request."""
        if self.server.node is not None:
            return self.server.node, None
        if cluster.balance == "sticky":
            for part in (self.headers.get("Cookie") or "").split(";"):
                name, _, value = part.strip().partition("=")
                if name == "ROUTE" and value.isdecimal() and int(value) < cluster.nodes:
                    return int(value), None
            node = cluster.next_node()
            return node, f"ROUTE={node}; Path=/"
        if cluster.balance == "request" or self.node is None:
            self.node = cluster.next_node()
        return self.node, None

    def send(self, status: int, value: object, node: "int | None", cookie: "str | None" = None) -> None:
        cluster: Cluster = self.server.cluster
        old = node is not None and cluster.is_old(node) and status >= 400
        body = b"<html>error</html>" if old else json.dumps(value).encode()
        self.send_response_only(status)
        self.send_header("Content-Type", "text/html" if old else "application/json")
        self.send_header("Cache-Control", "no-store")
        if status == 401:
            self.send_header("WWW-Authenticate", "Bearer")
        if "headers" in cluster.freedoms and node is not None:
            self.send_header("Server", ["nginx", "Jetty(9.4)", "undertow"][node % 3])
            self.send_header("X-Node", f"node-{node}")
        if cookie:
            self.send_header("Set-Cookie", cookie)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = serve


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256

    def __init__(self, cluster: Cluster, node: "int | None") -> None:
        self.cluster, self.node = cluster, node
        super().__init__(("127.0.0.1", 0), Connection)
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def server_bind(self) -> None:
        self.socket.bind(self.server_address)
        self.server_address = self.socket.getsockname()
        self.server_name, self.server_port = "127.0.0.1", self.server_address[1]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}{BASE}"


def main() -> int:
    line = argparse.ArgumentParser(prog="bo_cluster.py", description=__doc__.splitlines()[0])
    line.add_argument("--nodes", type=int, default=3)
    line.add_argument("--user", action="append", default=[], metavar="LOGIN:PASSWORD")
    line.add_argument("--fault", choices=sorted(FAULTS))
    line.add_argument("--freedom", action="append", default=[], choices=sorted(FREEDOMS))
    line.add_argument("--later", action="store_true", help="the fault begins with a call of _begin, as in a rolling upgrade")
    line.add_argument("--lag", type=float, default=1e9, help="seconds; without it other nodes never learn")
    line.add_argument("--balance", choices=["sticky", "connection", "request"], default="connection")
    for kind, seconds in (("access", 300), ("refresh", 3600), ("ott", 60)):
        line.add_argument(f"--{kind}-lifetime", type=int, default=seconds)
    cluster = Cluster(line.parse_args())
    balancer = Server(cluster, None)
    nodes = [Server(cluster, node) for node in range(cluster.nodes)]
    print(json.dumps({"balancer": balancer.url, "nodes": [node.url for node in nodes]}), flush=True)
    while sys.stdin.buffer.read(4096):
        pass
    return 0


if __name__ == "__main__":
    sys.exit(main())
