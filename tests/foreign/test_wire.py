"""Tests of the freedoms of the wire, and of connections that break."""

import http.client
import sys
import time
import unittest
from contextlib import closing

sys.dont_write_bytecode = True

from bo.freedoms import FREEDOMS  # noqa: E402
from bo.options import Place  # noqa: E402
from bo.server import BASE_PATH  # noqa: E402
from checks.bench import Bench  # noqa: E402
from checks.serving import LOGIN, ask, exchange, serving  # noqa: E402
from checks.signs import SIGNS  # noqa: E402


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
            with closing(http.client.HTTPConnection(*server.server_address[:2], timeout=5)) as connection:
                connection.request("POST", f"{BASE_PATH}/auth/token", LOGIN)
                self.assertEqual(len(connection.getresponse().read(1 << 20)), 1 << 20)

    def test_garbage(self) -> None:
        with serving(defect="garbage") as server, self.assertRaises(http.client.BadStatusLine):
            ask(server, "POST", "/auth/token", LOGIN)

    def test_trouble_begins_after_the_requests_it_is_told(self) -> None:
        with serving(defect="half-answers", place=Place(0, 2, None, None)) as server:
            for _ in range(2):
                self.assertEqual(ask(server, "POST", "/auth/token", LOGIN)[0].status, 200)
            with self.assertRaises(http.client.IncompleteRead):
                ask(server, "POST", "/auth/token", LOGIN)
            self.assertEqual(ask(server, "GET", "/_stats")[1]["requests"], 3)


if __name__ == "__main__":
    unittest.main()
