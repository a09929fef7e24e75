"""httpx with httpx-auth: its cache of tokens and its refresh, on a transport that speaks this API's form of both."""

import json
import os
import sys
import time
from urllib.parse import parse_qs

import httpx
import httpx_auth

BASE = os.environ["BO_BASE_URL"]


class TokenCalls(httpx.BaseTransport):
    """Turns a grant of OAuth into a call of this API, and its answer back."""

    def __init__(self):
        self.wire = httpx.HTTPTransport()

    def handle_request(self, request):
        form = {name: values[0] for name, values in parse_qs(request.read().decode()).items()}
        if form["grant_type"] == "password":
            return self.sign_in(form["username"], form["password"])
        for _ in range(4):
            asked = httpx.Request("GET", BASE + "/auth/token/refresh", headers={"token": form["refresh_token"]})
            try:
                answer = self.send(asked)
            except httpx.TransportError:
                break
            if answer.status_code != 503:
                break
            time.sleep(float(answer.headers.get("Retry-After", 1)))
        else:
            return answer
        if "answer" in locals() and answer.status_code == 200:
            return self.translated(answer)
        return self.sign_in(os.environ["BO_LOGIN"], os.environ["BO_PASSWORD"])

    def sign_in(self, login, password):
        answer = self.send(httpx.Request("POST", BASE + "/auth/token", json={"login": login, "password": password}))
        if answer.status_code == 401:
            sys.exit("the login is refused")
        return self.translated(answer)

    def send(self, request):
        request.headers["User-Agent"] = f"python-httpx/{httpx.__version__}"
        answer = self.wire.handle_request(request)
        answer.read()
        return answer

    @staticmethod
    def translated(answer):
        if answer.status_code != 200:
            return answer
        pair = answer.json()
        body = {"access_token": pair["accessToken"], "refresh_token": pair["refreshToken"], "expires_in": pair["accessTokenLifeTime"]}
        return httpx.Response(200, headers={"Content-Type": "application/json"}, content=json.dumps(body))


def main():
    auth = httpx_auth.OAuth2ResourceOwnerPasswordCredentials(
        BASE + "/auth/token", username=os.environ["BO_LOGIN"], password=os.environ["BO_PASSWORD"], early_expiry=0.5,
        client=httpx.Client(transport=TokenCalls()),
    )
    refusals = 0
    with httpx.Client(auth=auth, timeout=8) as client:
        while True:
            try:
                answer = client.get(BASE + os.environ["BO_PROBE"])
            except (httpx.TransportError, httpx_auth.AuthenticationFailed):
                time.sleep(0.5)
                continue
            if answer.status_code == 401:
                # The library renews by time only: what it holds is made to look expired.
                tokens = httpx_auth.OAuth2.token_cache.tokens
                for state, (token, _, *rest) in list(tokens.items()):
                    tokens[state] = (token, 0, *rest)
                time.sleep(2**refusals - 1)
                refusals += 1
            elif answer.status_code < 300:
                refusals = 0
            if answer.status_code in (429, 503):
                time.sleep(float(answer.headers.get("Retry-After", 1)))
            time.sleep(0.1)


main()
