"""Tests of what a server on the network guards itself with."""

import socket
import sys
import unittest

sys.dont_write_bytecode = True

from bo.limits import Limit  # noqa: E402
from checks.bench import Bench  # noqa: E402
from checks.serving import LOGIN, WRONG, ask, serving  # noqa: E402


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


if __name__ == "__main__":
    unittest.main()
