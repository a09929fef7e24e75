"""Every variation of `bo/blind_*.py` starts, and leaves the ordinary calls right."""

import json
import random
import unittest

from bo.blind import PROTECTED, load
from bo.catalogue import Switches
from bo.messages import Answer, Request
from bo.service import Service
from bo.state import Options

SEED = 2
"""Variations by chance are right with it."""
OTHER_ANSWERS = {"no-verification", "no-good-in-200", "one-time-401", "settings-of-ten-and-more", "settings-forbidden", "no-settings"}
"""Freedoms that answer verifications or settings in another way, or not at all."""
USERS = {"alice": "Secret-pass-1", "bob": "Other-pass-2"}


def call(service: Service, method: str, path: str, body: object = None, **headers: str) -> Answer:
    """One request to a server without a socket."""
    raw = b"" if body is None else json.dumps(body).encode()
    fields = {"Content-Type": "application/json", "Accept": "application/json"} | {k.title(): v for k, v in headers.items()}
    return service.answer(Request.read(method, path, fields, raw))


class OrdinaryCalls(unittest.TestCase):
    """What must work whatever the variation."""

    def test_each_variation(self) -> None:
        for name, blind in load().items():
            with self.subTest(name):
                random.seed(SEED)
                on = Switches([] if blind.breaks else [name], [name] if blind.breaks else [])
                service = Service(Options(USERS, on=on))
                access = self.pairs(service)
                if name not in OTHER_ANSWERS:
                    self.one_time_and_settings(service, access)
                self.assertEqual(service.state.stats.shown()["crashes"], 0)

    def pairs(self, service: Service) -> str:
        pair = call(service, "POST", "/auth/token", {"login": "alice", "password": USERS["alice"]})
        self.assertEqual(pair.status, 200)
        access = pair.value["accessToken"]
        for path in PROTECTED:
            self.assertEqual(call(service, "GET", path, authorization=f"Bearer {access}").status, 200)
            self.assertEqual(call(service, "GET", path).status, 401)
        self.assertEqual(call(service, "GET", "/auth/token/refresh", token=pair.value["refreshToken"]).status, 200)
        self.assertEqual(call(service, "POST", "/auth/token", {"login": "alice", "password": "wrong"}).status, 401)
        return access

    def one_time_and_settings(self, service: Service, access: str) -> None:
        token = service.mint(Request.read("POST", "/", {}, b'{"login": "bob"}'))["minted"]
        verified = call(service, "POST", "/external/token/verify", {"token": token})
        self.assertEqual((verified.status, verified.value["login"]), (200, "bob"))
        self.assertEqual(call(service, "POST", "/external/token/verify", {"token": token}).status, 404)
        changed = call(service, "PATCH", "/connectors/settings", {"accessTokenLifeTime": 7}, authorization=f"Bearer {access}")
        self.assertEqual(changed.status, 200)


if __name__ == "__main__":
    unittest.main()
