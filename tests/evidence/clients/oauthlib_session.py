"""requests-oauthlib: refreshes ahead of time by `expires_at`; `urllib3.Retry` follows `Retry-After`."""

import os
import sys
import time

import requests
from oauthlib.oauth2 import LegacyApplicationClient, TokenExpiredError
from requests.adapters import HTTPAdapter
from requests_oauthlib import OAuth2Session
from urllib3.util.retry import Retry

os.environ["OAUTHLIB_INSECURE_TRANSPORT"] = "1"
BASE = os.environ["BO_BASE_URL"]
RETRY = Retry(total=3, connect=0, read=0, status_forcelist=[429, 503], respect_retry_after_header=True, raise_on_status=False)


class BoSession(OAuth2Session):
    """The grant of this API in place of the one of OAuth."""

    def sign_in(self):
        with requests.Session() as plain:
            body = {"login": os.environ["BO_LOGIN"], "password": os.environ["BO_PASSWORD"]}
            answer = plain.post(BASE + "/auth/token", json=body, timeout=5)
        if answer.status_code == 401:
            sys.exit("the login is refused")
        self.keep(answer.json())

    def keep(self, pair):
        life = pair["accessTokenLifeTime"]
        self.token = {
            "access_token": pair["accessToken"], "refresh_token": pair["refreshToken"], "token_type": "Bearer",
            "expires_in": life, "expires_at": time.time() + life - min(0.5, life / 4),
        }

    def refresh_token(self, token_url, **_):
        try:
            with requests.Session() as plain:
                plain.mount("http://", HTTPAdapter(max_retries=RETRY))
                answer = plain.get(token_url, headers={"token": self.token["refresh_token"]}, timeout=8)
        except requests.ConnectionError:
            self.sign_in()
            return self.token
        if answer.status_code == 200:
            self.keep(answer.json())
        elif answer.status_code == 401:
            self.sign_in()
        return self.token


def main():
    refresh_url = BASE + "/auth/token/refresh"
    session = BoSession(
        client=LegacyApplicationClient(client_id=""), auto_refresh_url=refresh_url, token_updater=lambda token: None
    )
    session.mount("http://", HTTPAdapter(max_retries=RETRY))
    session.sign_in()
    refusals = 0
    while True:
        url = BASE + os.environ["BO_PROBE"]
        try:
            answer = session.get(url, timeout=8, allow_redirects=False)
            if answer.status_code == 401:
                session.refresh_token(refresh_url)
                answer = session.get(url, timeout=8, allow_redirects=False)
                refusals = refusals + 1 if answer.status_code == 401 else 0
                time.sleep(2**refusals - 1)
            if answer.status_code == 503:
                time.sleep(1)
        except (requests.RequestException, TokenExpiredError):
            time.sleep(0.5)
        time.sleep(0.1)


main()
