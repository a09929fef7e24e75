"""Authlib's OAuth2Client for httpx: `ensure_active_token` refreshes ahead of time, with the request of this API."""

import os
import sys
import time

import httpx
from authlib.integrations.httpx_client import OAuth2Client

BASE = os.environ["BO_BASE_URL"]


class BoClient(OAuth2Client):
    def sign_in(self):
        body = {"login": os.environ["BO_LOGIN"], "password": os.environ["BO_PASSWORD"]}
        answer = self.request("POST", BASE + "/auth/token", json=body, withhold_token=True, auth=None)
        if answer.status_code == 401:
            sys.exit("the login is refused")
        self.keep(answer.json())

    def keep(self, pair):
        life = pair["accessTokenLifeTime"]
        self.token = {
            "access_token": pair["accessToken"], "refresh_token": pair["refreshToken"], "token_type": "Bearer",
            "expires_in": life, "expires_at": int(time.time() + life),
        }

    def _refresh_token(self, url, refresh_token=None, **_):
        for _ in range(4):
            try:
                answer = self.request("GET", url, headers={"token": refresh_token}, withhold_token=True, auth=None)
            except httpx.TransportError:
                break
            if answer.status_code == 200:
                self.keep(answer.json())
                return self.token
            if answer.status_code != 503:
                break
            time.sleep(float(answer.headers.get("Retry-After", 1)))
        self.sign_in()
        return self.token


def main():
    client = BoClient(token_endpoint=BASE + "/auth/token/refresh", leeway=0, timeout=8)
    client.sign_in()
    refusals = 0
    while True:
        try:
            answer = client.get(BASE + os.environ["BO_PROBE"])
            if answer.status_code == 401:
                client.refresh_token()
                answer = client.get(BASE + os.environ["BO_PROBE"])
                refusals = refusals + 1 if answer.status_code == 401 else 0
                time.sleep(2**refusals - 1)
            if answer.status_code in (429, 503):
                time.sleep(float(answer.headers.get("Retry-After", 1)))
        except httpx.TransportError:
            time.sleep(0.5)
        time.sleep(0.1)


main()
