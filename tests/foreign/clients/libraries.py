"""Correct clients on libraries of PyPI, each with its own means to refresh:  python libraries.py NAME"""
import asyncio
import os
import sys
import time

BASE, PROBE = os.environ["BO_BASE_URL"], os.environ["BO_PROBE"]
USER = {"login": os.environ["BO_LOGIN"], "password": os.environ["BO_PASSWORD"]}
BUSY = (429, 503)


def retry_after(answer):
    return float(answer.headers.get("Retry-After") or 1)


def with_requests():
    """requests: an AuthBase whose response hook refreshes, and urllib3's Retry for 429 and 503."""
    import requests
    from requests.adapters import HTTPAdapter
    from urllib3.util.retry import Retry

    session = requests.Session()
    session.mount("http://", HTTPAdapter(max_retries=Retry(
        total=4, connect=2, read=2, status_forcelist=BUSY, backoff_factor=1, respect_retry_after_header=True, raise_on_status=False)))

    class Auth(requests.auth.AuthBase):
        pair, refusals = None, 0

        def login(self):
            pause = 1
            while True:
                answer = session.post(BASE + "/auth/token", json=USER)
                if answer.ok:
                    self.pair = answer.json()
                    return
                time.sleep(pause)
                pause = min(60, 2 * pause)

        def renew(self):
            try:
                answer = session.get(BASE + "/auth/token/refresh", headers={"token": self.pair["refreshToken"]})
            except requests.ConnectionError:
                return self.login()
            if answer.ok:
                self.pair = answer.json()
            elif answer.status_code not in BUSY:
                self.login()

        def __call__(self, request):
            if self.pair is None:
                self.login()
            request.headers["Authorization"] = "Bearer " + self.pair["accessToken"]
            request.register_hook("response", self.answered)
            return request

        def answered(self, answer, **options):
            if answer.status_code != 401:
                self.refusals = 0
                return answer
            if self.refusals:
                time.sleep(min(60, 2 ** self.refusals))
            self.refusals += 1
            self.renew()
            answer.content
            answer.close()
            again = answer.request.copy()
            again.headers["Authorization"] = "Bearer " + self.pair["accessToken"]
            again.deregister_hook("response", self.answered)
            return answer.connection.send(again, **options)

    auth = Auth()
    while True:
        try:
            answer = session.get(BASE + PROBE, auth=auth, allow_redirects=False, timeout=30)
            if answer.status_code in BUSY:
                time.sleep(retry_after(answer))
        except requests.RequestException:
            time.sleep(1)
        time.sleep(0.1)


def with_httpx():
    """httpx: an Auth class with a flow that yields the refresh."""
    import httpx

    class Auth(httpx.Auth):
        requires_response_body = True
        pair, refusals = None, 0

        def auth_flow(self, request):
            if self.pair is None:
                yield from self.login()
            request.headers["Authorization"] = "Bearer " + self.pair["accessToken"]
            answer = yield request
            if answer.status_code == 401:
                time.sleep(min(60, 2 ** self.refusals) if self.refusals else 0)
                self.refusals += 1
                yield from self.refresh()
                request.headers["Authorization"] = "Bearer " + self.pair["accessToken"]
                answer = yield request
            if answer.status_code == 200:
                self.refusals = 0

        def login(self):
            pause = 1
            while True:
                answer = yield httpx.Request("POST", BASE + "/auth/token", json=USER)
                if answer.status_code == 200:
                    self.pair = answer.json()
                    return
                time.sleep(pause)
                pause = min(60, 2 * pause)

        def refresh(self):
            while True:
                answer = yield httpx.Request("GET", BASE + "/auth/token/refresh", headers={"token": self.pair["refreshToken"]})
                if answer.status_code == 200:
                    self.pair = answer.json()
                    return
                if answer.status_code not in BUSY:
                    yield from self.login()
                    return
                time.sleep(retry_after(answer))

    auth, lost = Auth(), 0
    with httpx.Client(auth=auth, timeout=10) as client:
        while True:
            try:
                answer = client.get(BASE + PROBE)
                lost = 0
                if answer.status_code in BUSY:
                    time.sleep(retry_after(answer))
            except httpx.TransportError:
                lost += 1
                if lost == 2:
                    auth.pair = None
                time.sleep(0.3)
            time.sleep(0.1)


def with_aiohttp():
    """aiohttp: five tasks and one lock."""
    import aiohttp

    async def main():
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(10)) as http:
            state = {"refusals": 0, "quiet": 0.0}
            lock = asyncio.Lock()

            async def login():
                pause = 1
                while True:
                    async with http.post(BASE + "/auth/token", json=USER) as answer:
                        if answer.status == 200:
                            state["pair"] = await answer.json()
                            return
                    await asyncio.sleep(pause)
                    pause = min(60, 2 * pause)

            async def refresh():
                for _ in range(2):
                    try:
                        async with http.get(BASE + "/auth/token/refresh", headers={"token": state["pair"]["refreshToken"]}) as answer:
                            if answer.status == 200:
                                state["pair"] = await answer.json()
                                return
                            if answer.status not in BUSY:
                                break
                            await asyncio.sleep(retry_after(answer))
                    except aiohttp.ClientError:
                        continue
                await login()

            async def renew(used):
                async with lock:
                    if used != state["pair"]["accessToken"]:
                        return
                    if state["refusals"]:
                        await asyncio.sleep(min(60, 2 ** state["refusals"]))
                    state["refusals"] += 1
                    await refresh()

            async def work():
                while True:
                    await asyncio.sleep(max(0.15, state["quiet"] - time.monotonic()))
                    async with lock:
                        used = state["pair"]["accessToken"]
                    try:
                        async with http.get(BASE + PROBE, headers={"Authorization": "Bearer " + used}, allow_redirects=False) as answer:
                            await answer.read()
                    except (aiohttp.ClientError, asyncio.TimeoutError):
                        await asyncio.sleep(1)
                        continue
                    if answer.status == 401:
                        await renew(used)
                    elif answer.status in BUSY:
                        state["quiet"] = max(state["quiet"], time.monotonic() + retry_after(answer))
                    elif answer.status == 200:
                        state["refusals"] = 0

            await login()
            await asyncio.gather(*(work() for _ in range(5)))

    asyncio.run(main())


def with_oauthlib():
    """requests-oauthlib: OAuth2Session with auto_refresh_url, whose refresh is bent to a GET with the header `token`."""
    import oauthlib.oauth2 as oauth2
    import requests
    from requests_oauthlib import OAuth2Session

    os.environ["OAUTHLIB_INSECURE_TRANSPORT"] = "1"

    def pair(answer):
        body = answer.json()
        lifetime = body["accessTokenLifeTime"]
        return {"access_token": body["accessToken"], "refresh_token": body["refreshToken"], "token_type": "Bearer",
                "expires_in": lifetime, "expires_at": time.time() + lifetime * 0.8}

    def login():
        pause = 1
        while True:
            answer = requests.post(BASE + "/auth/token", json=USER, timeout=10)
            if answer.ok:
                return pair(answer)
            time.sleep(pause)
            pause = min(60, 2 * pause)

    class Session(OAuth2Session):
        def refresh_token(self, url, **_):
            while True:
                try:
                    answer = requests.get(url, headers={"token": self.token["refresh_token"]}, timeout=10)
                except requests.ConnectionError:
                    self.token = login()
                    return self.token
                if answer.status_code in BUSY:
                    time.sleep(retry_after(answer))
                    continue
                self.token = pair(answer) if answer.ok else login()
                return self.token

    url = BASE + "/auth/token/refresh"
    session = Session(client=oauth2.LegacyApplicationClient("none"), token=login(), auto_refresh_url=url, token_updater=lambda _: None)
    refusals = 0
    while True:
        try:
            answer = session.get(BASE + PROBE, allow_redirects=False, timeout=10)
            if answer.status_code == 401:
                time.sleep(min(60, 2 ** refusals) if refusals else 0)
                refusals += 1
                session.refresh_token(url)
            elif answer.status_code in BUSY:
                time.sleep(retry_after(answer))
            else:
                refusals = 0
        except requests.RequestException:
            time.sleep(1)
        time.sleep(0.1)


def with_authlib():
    """authlib's OAuth2Client on httpx: the token is refreshed when a call finds it ended, by a method of our own."""
    import httpx
    from authlib.integrations.httpx_client import OAuth2Client

    class Client(OAuth2Client):
        def keep(self, answer):
            body = answer.json()
            self.token = {"access_token": body["accessToken"], "refresh_token": body["refreshToken"], "token_type": "Bearer",
                          "expires_at": time.time() + body["accessTokenLifeTime"] * 0.75}

        def login(self):
            pause = 1
            while True:
                answer = httpx.post(BASE + "/auth/token", json=USER)
                if answer.status_code == 200:
                    return self.keep(answer)
                time.sleep(pause)
                pause = min(60, 2 * pause)

        def renew(self):
            lost = 0
            while lost < 2:
                try:
                    answer = httpx.get(BASE + "/auth/token/refresh", headers={"token": self.token["refresh_token"]})
                except httpx.TransportError:
                    lost += 1
                    continue
                if answer.status_code == 200:
                    return self.keep(answer)
                if answer.status_code not in BUSY:
                    break
                time.sleep(retry_after(answer))
            self.login()

        def ensure_active_token(self, token):
            if time.time() > token["expires_at"]:
                self.renew()
            return True

    client, refusals = Client(token_endpoint=BASE + "/auth/token"), 0
    client.login()
    while True:
        try:
            client.ensure_active_token(client.token)
            answer = client.get(BASE + PROBE)
            if answer.status_code == 401:
                time.sleep(min(60, 2 ** refusals) if refusals else 0)
                refusals += 1
                client.renew()
            elif answer.status_code in BUSY:
                time.sleep(retry_after(answer))
            else:
                refusals = 0
        except httpx.TransportError:
            time.sleep(1)
        time.sleep(0.1)


def with_urllib3():
    """urllib3: its Retry honours Retry-After; calls alternate between HEAD and GET."""
    import urllib3

    http = urllib3.PoolManager(maxsize=2, timeout=10, retries=urllib3.Retry(
        total=None, connect=2, read=1, redirect=False, status=5, status_forcelist=BUSY, backoff_factor=1, raise_on_status=False))
    agent = {"User-Agent": "bo-pool/1"}
    state = {}

    def login():
        pause = 1
        while True:
            answer = http.request("POST", BASE + "/auth/token", json=USER, headers={**agent, "Content-Type": "application/json"})
            if answer.status == 200:
                state.update(answer.json())
                return
            time.sleep(pause)
            pause = min(60, 2 * pause)

    login()
    refusals = 0
    while True:
        try:
            for method in ("GET", "HEAD"):
                time.sleep(0.08)
                answer = http.request(method, BASE + PROBE, headers={**agent, "Authorization": "Bearer " + state["accessToken"]})
                if answer.status != 401:
                    refusals = 0
                    continue
                time.sleep(min(60, 2 ** refusals) if refusals else 0)
                refusals += 1
                try:
                    answer = http.request("GET", BASE + "/auth/token/refresh", headers={**agent, "token": state["refreshToken"]})
                except urllib3.exceptions.HTTPError:
                    login()
                    continue
                if answer.status == 200:
                    state.update(answer.json())
                elif answer.status not in BUSY:
                    login()
        except urllib3.exceptions.HTTPError:
            time.sleep(1)


if __name__ == "__main__":
    globals()["with_" + sys.argv[1]]()
