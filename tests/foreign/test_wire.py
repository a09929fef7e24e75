"""Tests of what goes over a socket: the freedoms of the wire, connection trouble, limits, and the two programs."""

import http.client
import json
import socket
import subprocess
import sys
import threading
import time
import unittest
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

sys.dont_write_bytecode = True

from bo.catalogue import Switches  # noqa: E402
from bo.freedoms import FREEDOMS  # noqa: E402
from bo.limits import Limit  # noqa: E402
from bo.options import Place  # noqa: E402
from bo.server import BASE_PATH, Server  # noqa: E402
from bo.state import Options  # noqa: E402
from checks.bench import PASSWORDS, Bench  # noqa: E402
from checks.signs import SIGNS  # noqa: E402

HERE = Path(__file__).parent
LOGIN = json.dumps({"login": "alice", "password": PASSWORDS["alice"]})
WRONG = json.dumps({"login": "alice", "password": "quite wrong"})


@contextmanager
def serving(*freedoms: str, defect: str = "", after: int = 0, **options: Any) -> Iterator[Server]:
    """A listening server."""
    on = Switches(freedoms, [defect] if defect else [])
    server = Server(Options(users=PASSWORDS, on=on, **options), Place(0, after, None, None))
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
    connection = http.client.HTTPConnection(*server.server_address[:2], timeout=5)
    connection.request(method, BASE_PATH + path, body, {"Accept-Encoding": "identity"})
    answer = connection.getresponse()
    text = answer.read()
    connection.close()
    return answer, json.loads(text) if text else None


WIRE_SIGNS = {
    "connection-close": b"\r\nConnection: close\r\n",
    "chunked": b"\r\n7\r\n",
    "close-delimited": b"\r\nConnection: close\r\n\r\n{",
    "gzip": b"\r\n\r\n\x1f\x8b",
    "charset": b"application/json;charset=UTF-8",
    "lowercase-headers": b"\r\ncontent-type: ",
    "session-cookie": b"\r\nSet-Cookie: ",
}


class Freedoms(unittest.TestCase):
    """No freedom is a name without effect."""

    def test_freedoms_of_the_api_show(self) -> None:
        for name, shows in SIGNS.items():
            with self.subTest(name):
                self.assertFalse(shows(Bench()), "shows on the usual server")
                self.assertTrue(shows(Bench(freedoms=[name])))

    def test_freedoms_of_the_wire_show(self) -> None:
        for name, sign in WIRE_SIGNS.items():
            with self.subTest(name), serving(name) as server:
                self.assertIn(sign, exchange(server))

    def test_slow_freedoms_take_their_time(self) -> None:
        for name in ("slow", "trickle"):
            with self.subTest(name), serving(name) as server:
                began = time.monotonic()
                ask(server, "POST", "/auth/token", LOGIN)
                self.assertGreater(time.monotonic() - began, 0.02)

    def test_a_client_reads_every_freedom_of_the_wire(self) -> None:
        for name in (*WIRE_SIGNS, "slow", "trickle"):
            with self.subTest(name), serving(name) as server:
                answer, value = ask(server, "POST", "/auth/token", LOGIN)
                self.assertEqual((answer.status, value["accessTokenLifeTime"]), (200, 4))

    def test_every_freedom_is_looked_at(self) -> None:
        seen = {*SIGNS, *WIRE_SIGNS, "slow", "trickle"}
        self.assertEqual({freedom.name for freedom in FREEDOMS if not freedom.warns} - seen, set())


class Trouble(unittest.TestCase):
    """Connections that break, and only those to the API."""

    def test_half_answers(self) -> None:
        with serving(defect="half-answers") as server, self.assertRaises(http.client.IncompleteRead):
            ask(server, "POST", "/auth/token", LOGIN)

    def test_never_answers(self) -> None:
        with serving(defect="never-answers") as server, self.assertRaises(TimeoutError):
            exchange(server, 0.2)

    def test_resets_connections(self) -> None:
        with serving(defect="resets-connections") as server, self.assertRaises(ConnectionResetError):
            exchange(server)

    def test_infinite_body(self) -> None:
        with serving(defect="infinite-body") as server:
            connection = http.client.HTTPConnection(*server.server_address[:2], timeout=5)
            connection.request("POST", f"{BASE_PATH}/auth/token", LOGIN)
            self.assertEqual(len(connection.getresponse().read(1 << 20)), 1 << 20)
            connection.close()

    def test_garbage(self) -> None:
        with serving(defect="garbage") as server, self.assertRaises(http.client.BadStatusLine):
            ask(server, "POST", "/auth/token", LOGIN)

    def test_trouble_begins_after_the_requests_it_is_told(self) -> None:
        with serving(defect="half-answers", after=2) as server:
            for _ in range(2):
                self.assertEqual(ask(server, "POST", "/auth/token", LOGIN)[0].status, 200)
            with self.assertRaises(http.client.IncompleteRead):
                ask(server, "POST", "/auth/token", LOGIN)
            self.assertEqual(ask(server, "GET", "/_stats")[1]["requests"], 3)


class Limits(unittest.TestCase):
    """What a server on the network guards itself with."""

    def test_violations_are_refused_counted_and_blocked(self) -> None:
        now = [0.0]
        limit = Limit(rate=4, burst=3, block=2, says_when=True)
        with serving(limit=limit, seconds=lambda: now[0]) as server:
            statuses = [ask(server, "POST", "/auth/token", LOGIN)[0].status for _ in range(9)]
            self.assertEqual(statuses, [200] * 3 + [429] * 6)
            self.assertEqual(ask(server, "POST", "/auth/token", LOGIN)[0].headers["Retry-After"], "2")
            now[0] = 1.9
            self.assertEqual(ask(server, "POST", "/auth/token", LOGIN)[0].status, 429)
            now[0] = 2.1
            self.assertEqual(ask(server, "POST", "/auth/token", LOGIN)[0].status, 200)
            stats = ask(server, "GET", "/_stats")[1]
            self.assertEqual((stats["violations"], stats["blocked"], stats["requests"]), (5, 3, 12))

    def test_a_paced_client_is_never_refused(self) -> None:
        now = [0.0]
        with serving(limit=Limit(rate=4, burst=8, block=3), seconds=lambda: now[0]) as server:
            for number in range(30):
                now[0] = max(0, number - 7) / 4
                self.assertEqual(ask(server, "POST", "/auth/token", LOGIN)[0].status, 200, number)

    def test_wrong_passwords_in_a_row_lock_a_login(self) -> None:
        with serving(lock_after=2) as server:
            for body in (WRONG, LOGIN, WRONG):
                ask(server, "POST", "/auth/token", body)
            self.assertEqual(ask(server, "POST", "/auth/token", LOGIN)[0].status, 200)
            for body in (WRONG, WRONG):
                ask(server, "POST", "/auth/token", body)
            self.assertEqual(ask(server, "POST", "/auth/token", LOGIN)[0].status, 401)
            stats = ask(server, "GET", "/_stats")[1]
            self.assertEqual((stats["locked_logins"], stats["failed_logins"]), (1, 5))

    def test_lifetimes_below_the_minimum_are_refused(self) -> None:
        bench = Bench(minimum=10)
        self.assertEqual((bench.set(access=9).status, bench.set(access=10).status), (406, 200))

    def test_requests_that_are_hardly_http_get_json(self) -> None:
        for line in (b"BREW /api/v2/auth/token HTTP/1.1", b"GET / HTTP/9.9", b"GET /" + b"x" * 70_000 + b" HTTP/1.1"):
            with serving() as server, socket.create_connection(server.server_address[:2], timeout=5) as connection:
                connection.sendall(line + b"\r\nHost: x\r\n\r\n")
                answer = connection.recv(65536)
                self.assertRegex(answer, rb"(?s)^HTTP/1.1 40[05] .*application/json.*\{\"error\"")


class Programs(unittest.TestCase):
    """`bo_server.py` and `mint_ott.py` as a test starts them."""

    def test_serves_mints_and_ends_with_its_stdin(self) -> None:
        command = [sys.executable, str(HERE / "bo_server.py"), "--user", "alice:pw:with:colons", "--ott-lifetime", "30"]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
            assert server.stdin and server.stdout
            word, url = server.stdout.readline().split()
            self.assertEqual(word, "listening")
            token = self._mint(url, "alice")
            self.assertRegex(token.stdout, r"^x[0-9a-f]{64}\n$")
            self.assertEqual(self._mint(url, "nobody").returncode, 1)
            server.stdin.close()
            self.assertEqual(server.wait(timeout=5), 0)

    def test_a_wrong_command_line_ends_with_2(self) -> None:
        for wrong in (["--defect", "no-such"], ["--user", "x:y", "--freedom", "ott-reusable"], []):
            run = subprocess.run([sys.executable, str(HERE / "bo_server.py"), *wrong], capture_output=True, timeout=10)
            self.assertEqual((run.returncode, run.stdout), (2, b""))

    def _mint(self, url: str, login: str) -> "subprocess.CompletedProcess[str]":
        command = [sys.executable, str(HERE / "mint_ott.py"), url, login]
        return subprocess.run(command, capture_output=True, text=True, timeout=10)


if __name__ == "__main__":
    unittest.main()
