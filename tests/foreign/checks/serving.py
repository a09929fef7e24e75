"""Servers that listen, and requests over a socket to them."""

import http.client
import json
import socket
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

from bo.catalogue import Switches
from bo.options import Place
from bo.server import BASE_PATH, Server
from bo.state import Options

from .bench import PASSWORDS

LOGIN = json.dumps({"login": "alice", "password": PASSWORDS["alice"]})
WRONG = json.dumps({"login": "alice", "password": "quite wrong"})


@contextmanager
def serving(
    *freedoms: str, defect: str = "", place: Place = Place(0, 0, None, None), **options: Any
) -> Iterator[Server]:
    """A listening server."""
    on = Switches(freedoms, [defect] if defect else [])
    server = Server(Options(users=PASSWORDS, on=on, **options), place)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


def exchange(server: Server, seconds: float = 5) -> bytes:
    """Everything that a log-in brings back until the connection ends."""
    with socket.create_connection(server.server_address[:2], timeout=seconds) as connection:
        head = f"POST {BASE_PATH}/auth/token HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: {len(LOGIN)}"
        connection.sendall(f"{head}\r\n\r\n{LOGIN}".encode())
        return b"".join(iter(lambda: connection.recv(65536), b""))


def ask(server: Server, method: str, path: str, body: str = "") -> tuple[http.client.HTTPResponse, Any]:
    """One request on a connection of its own; the body read as JSON when it is any."""
    with closing(http.client.HTTPConnection(*server.server_address[:2], timeout=5)) as connection:
        connection.request(method, BASE_PATH + path, body, {"Accept-Encoding": "identity"})
        answer = connection.getresponse()
        text = answer.read()
    return answer, json.loads(text) if text else None
