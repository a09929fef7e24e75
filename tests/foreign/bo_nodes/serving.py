"""Sockets: a balancer and nodes that can go away and come back on the same ports."""

import contextlib
import json
import socket
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from .cluster import Cluster

BASE = "/api"


class Front:
    """What stands before the nodes: cookies, headers, and the answers while they restart."""

    def __init__(self, cluster: Cluster, host: str = "127.0.0.1") -> None:
        self.cluster, self.outage = cluster, None
        self.servers = [Server(self, node, host) for node in [None, *range(cluster.nodes)]]

    def restart(self, seconds: float, outage: str) -> None:
        """Restarts all nodes and returns when they serve again. `outage` is what clients get meanwhile."""
        if outage == "rolling":
            for node in range(self.cluster.nodes):
                self.cluster.down_nodes = {node}
                time.sleep(seconds / self.cluster.nodes)
            self.cluster.down_nodes = set()
        else:
            self.outage = outage
            if outage == "refuse":
                for server in self.servers:
                    server.close()
            time.sleep(seconds)
        with self.cluster.guard:
            self.cluster.restarts += 1
            self.cluster.restarted()
        if outage == "refuse":
            for server in self.servers:
                server.open()
        self.outage = None

    def meanwhile(self, path: str) -> "tuple[int, object, dict] | None":
        """The answer to a call during an outage that is no refused connection."""
        if self.outage == "queue":
            while self.outage:
                time.sleep(0.01)
        page = "<html><body>Back soon</body></html>"
        return {
            "503": (503, {"errorId": "1.6.0.3"}, {"Retry-After": "1"}), "503-page": (503, page, {"Retry-After": "2"}),
            "503-empty": (503, None, {}), "200-page": (200, page, {}), "401": (401, {"errorId": "1.2.0.12"}, {}),
            "500": (500, {"errorId": "0"}, {}), "404": (404, {"errorId": "1.6.1.1"}, {}), "302": (302, page, {"Location": "/sorry"}),
            "200-empty": (200, {}, {}), "403": (403, page, {}),
        }.get(self.outage)


class Connection(BaseHTTPRequestHandler):
    """A connection to a node, or to the balancer."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    node: "int | None" = None

    def log_message(self, format: str, *args: object) -> None:
        pass

    def serve(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        if self.server.is_closed:
            self.close_connection = True
            return
        front: Front = self.server.front
        path = self.path.split("?")[0].removeprefix(BASE)
        meanwhile = front.meanwhile(path)
        if meanwhile:
            return self.send(meanwhile[0], meanwhile[1], None, None, meanwhile[2])
        node, cookie = self.choose(front.cluster)
        if node in front.cluster.down_nodes:
            return self.send(503, {"errorId": "0"}, None, None, {"Retry-After": "1"})
        if "slow-node" in front.cluster.on and node == front.cluster.nodes - 1:
            time.sleep(0.25)
        status, answer = front.cluster.answer(node, self.command, path, self.headers, body)
        self.send(status, answer, node, cookie, {})

    def choose(self, cluster: Cluster) -> "tuple[int, str | None]":
        """The node of this server, or the one that the balancer's policy has for this request."""
        if self.server.node is not None:
            return self.server.node, None
        if cluster.balance == "sticky":
            for part in (self.headers.get("Cookie") or "").split(";"):
                name, _, value = part.strip().partition("=")
                if name == "ROUTE" and value.isdecimal() and int(value) < cluster.nodes and int(value) not in cluster.down_nodes:
                    return int(value), None
            node = cluster.next_node()
            return node, f"ROUTE={node}; Path=/"
        if cluster.balance == "request" or self.node is None or self.node in cluster.down_nodes:
            self.node = cluster.next_node()
        return self.node, None

    def send(self, status: int, value: object, node: "int | None", cookie: "str | None", more: dict) -> None:
        on = self.server.front.cluster.on
        kind = "text/html" if isinstance(value, str) else "application/json"
        body = b"" if value is None else value.encode() if isinstance(value, str) else json.dumps(value).encode()
        fields = {"Content-Type": kind, "Cache-Control": "no-store", "Content-Length": str(len(body)), **more}
        if status == 401:
            fields["WWW-Authenticate"] = "Bearer"
        if "headers" in on and node is not None:
            fields |= {"Server": ["nginx", "Jetty(9.4)", "undertow"][node % 3], "X-Node": f"node-{node}", "Via": f"1.1 edge-{node}"}
        if "cookies" in on and node is not None:
            cookie = cookie or f"JSESSIONID={time.monotonic_ns():x}.node{node}; Path=/; HttpOnly"
        if cookie:
            fields["Set-Cookie"] = cookie
        if "closes" in on and node == 0:
            fields["Connection"] = "close"
            self.close_connection = True
        self.send_response_only(status)
        for name, content in fields.items():
            self.send_header(name, content)
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = serve


class Listener(ThreadingHTTPServer):
    """One listening socket, without asking for names."""

    daemon_threads = True
    request_queue_size = 256

    def __init__(self, owner: "Server", address: "tuple[str, int]") -> None:
        self.owner, self.front, self.node = owner, owner.front, owner.node
        self.connections: "set[socket.socket]" = set()
        self.address_family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
        super().__init__(address, Connection)
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    @property
    def is_closed(self) -> bool:
        return self.owner.listener is not self

    def server_bind(self) -> None:
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(self.server_address)
        self.server_address = self.socket.getsockname()
        self.server_name, self.server_port = self.server_address[:2]

    def process_request(self, request: socket.socket, client_address: object) -> None:
        self.connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: socket.socket) -> None:
        self.connections.discard(request)
        super().shutdown_request(request)

    def cut(self) -> None:
        """Ends all connections, as the end of a process does."""
        for connection in list(self.connections):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: object, client_address: object) -> None:
        """Clients that go away are no news."""


class Server:
    """A node's or the balancer's port."""

    def __init__(self, front: Front, node: "int | None", host: str) -> None:
        self.front, self.node, self.address = front, node, (host, 0)
        self.listener: "Listener | None" = None
        self.open()

    def open(self) -> None:
        listener = Listener(self, self.address)
        self.address = listener.server_address[:2]
        self.listener = listener

    def close(self) -> None:
        listener, self.listener = self.listener, None
        listener.shutdown()
        listener.server_close()
        listener.cut()

    @property
    def url(self) -> str:
        host = f"[{self.address[0]}]" if ":" in self.address[0] else self.address[0]
        return f"http://{host}:{self.address[1]}{BASE}"


class Control(BaseHTTPRequestHandler):
    """What only the tests ask: a fresh one-time token, and a restart."""

    def log_message(self, format: str, *args: object) -> None:
        pass

    def do_POST(self) -> None:
        sent = json.loads(self.rfile.read(int(self.headers.get("Content-Length", "0"))) or b"{}")
        front: Front = self.server.front
        if self.path == "/mint":
            value = {"minted": front.cluster.mint(sent["login"])}
        else:
            front.restart(float(sent.get("seconds", 1)), sent.get("outage", "refuse"))
            value = {}
        body = json.dumps(value).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def serve_control(front: Front) -> str:
    """The URL of the tests' own calls."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Control)
    server.front = front
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}"
