"""Every variation of `bo_nodes` starts, leaves the ordinary calls of one node right, and survives a restart as a program."""

import argparse
import unittest

from bo_nodes.blind import load

USERS = ["alice:Secret-pass-1", "bob:Other-pass-2"]


def options(**changes: object) -> argparse.Namespace:
    values = {"nodes": 3, "balance": "request", "lag": 0.2, "freedom": [], "user": USERS, "access_lifetime": 300,
              "refresh_lifetime": 3600, "ott_lifetime": 60}
    return argparse.Namespace(**(values | changes))


class OrdinaryCalls(unittest.TestCase):
    def test_each_variation(self) -> None:
        for name, blind in load().items():
            with self.subTest(name):
                cluster = blind.make(options())
                self.ordinary(cluster)
                cluster.restarts += 1
                cluster.restarted()
                anonymous = 200 if name == "restart-open-while-warming" else 401
                self.assertEqual(cluster.answer(1, "GET", "/accounts", {}, b"")[0], anonymous)

    def ordinary(self, cluster: object) -> None:
        status, pair = cluster.answer(1, "POST", "/auth/token", {}, b'{"login": "alice", "password": "Secret-pass-1"}')
        self.assertEqual(status, 200)
        used = cluster.answer(1, "GET", "/accounts", {"Authorization": f"Bearer {pair['accessToken']}"}, b"")
        self.assertEqual(used, (200, [{"owner": "alice"}]))
        self.assertEqual(cluster.answer(1, "GET", "/auth/token/refresh", {"token": pair["refreshToken"]}, b"")[0], 200)
        one_time = next(token for token in (cluster.mint("bob") for _ in range(9)) if cluster.tokens[token].born.node == 1)
        body = f'{{"token": "{one_time}"}}'.encode()
        self.assertEqual(cluster.answer(1, "POST", "/external/token/verify", {}, body), (200, {"login": "bob"}))
        self.assertEqual(cluster.answer(1, "POST", "/external/token/verify", {}, body)[0], 401)


if __name__ == "__main__":
    unittest.main()
