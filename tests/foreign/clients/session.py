"""A client of the token API on the standard library alone, and clients that differ from it in one mistake each.

    python3 session.py [NAME]

NAME is a class below, in lower case with hyphens; without it the client is correct and refreshes ahead of time.
"""
import http.client
import json
import os
import random
import re
import sys
import threading
import time
from urllib.parse import quote, urlsplit

BASE = os.environ["BO_BASE_URL"]
USER = {"login": os.environ["BO_LOGIN"], "password": os.environ["BO_PASSWORD"]}
PAUSE = 0.1


class Pair:
    def __init__(self, body, asked):
        self.access, self.refresh = body["accessToken"], body["refreshToken"]
        self.asked, self.lifetime = asked, float(body["accessTokenLifeTime"])

    def near_end(self):
        return time.monotonic() > self.asked + self.lifetime - min(30, self.lifetime / 4)


class Client:
    """Correct: refreshes ahead of time and on 401, waits as asked, logs in when a refresh is refused."""

    headers = {"User-Agent": "bo-session/1.0"}

    def __init__(self):
        self.pair, self.refusals = None, 0

    def send(self, method, path, headers=None, body=None, base=BASE):
        url = urlsplit(base)
        connection = http.client.HTTPConnection(url.netloc, timeout=10)
        try:
            connection.request(method, url.path + path, body, {**self.headers, **(headers or {})})
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read()
        finally:
            connection.close()

    def post(self, path, body):
        return self.send("POST", path, {"Content-Type": "application/json"}, json.dumps(body))

    def ask_for_login(self):
        return self.post("/auth/token", USER)

    def ask_for_refresh(self, token):
        return self.send("GET", "/auth/token/refresh", {"token": token})

    def ask_probe(self):
        return self.send("GET", os.environ["BO_PROBE"], {"Authorization": "Bearer " + self.pair.access})

    def wait(self, headers, least=0.5):
        time.sleep(max(least, float(headers.get("Retry-After") or 0)))

    def keep(self, status, body, asked):
        if status == 200:
            self.pair = Pair(json.loads(body), asked)
        return status == 200

    def login(self):
        pause = 1
        while True:
            asked = time.monotonic()
            status, headers, body = self.ask_for_login()
            if self.keep(status, body, asked):
                return
            self.wait(headers, pause)
            pause = min(60, pause * 2)

    def refresh(self):
        lost = 0
        while True:
            asked = time.monotonic()
            try:
                status, headers, body = self.ask_for_refresh(self.pair.refresh)
            except (OSError, http.client.HTTPException):
                lost += 1
                if lost == 2:
                    return self.login()
                continue
            if self.keep(status, body, asked):
                return
            if status not in (429, 500, 502, 503, 504):
                return self.login()
            self.wait(headers)

    def refused(self):
        """A call was refused: a new pair, later and later while that does not help."""
        if self.refusals:
            time.sleep(min(60, 2 ** self.refusals))
        self.refusals += 1
        self.refresh()

    def before(self):
        if self.pair.near_end():
            self.refresh()

    def after(self, status, headers):
        if status == 401:
            self.refused()
        elif status in (429, 503):
            self.wait(headers)
        else:
            self.refusals = 0

    def step(self):
        self.before()
        try:
            status, headers, _ = self.ask_probe()
        except (OSError, http.client.HTTPException):
            return time.sleep(1)
        self.after(status, headers)

    def start(self):
        self.login()

    def run(self):
        self.start()
        while True:
            self.step()
            time.sleep(PAUSE)


# ---- correct in other styles

class Reactive(Client):
    """Refreshes on 401 only."""

    def before(self):
        pass


class Slow(Client):
    """Asks at long and uneven intervals."""

    def step(self):
        super().step()
        time.sleep(random.uniform(0.5, 1.9))


class Threads(Client):
    """Four threads, one lock around the session."""

    def run(self):
        self.login()
        self.lock, self.quiet_until = threading.Lock(), 0
        threads = [threading.Thread(target=self.work) for _ in range(4)]
        [t.start() for t in threads]
        [t.join() for t in threads]

    def work(self):
        while True:
            time.sleep(max(0.15, self.quiet_until - time.monotonic()))
            with self.lock:
                self.before()
                used = self.pair.access
            try:
                status, headers, _ = self.send("GET", os.environ["BO_PROBE"], {"Authorization": "Bearer " + used})
            except (OSError, http.client.HTTPException):
                time.sleep(1)
                continue
            with self.lock:
                if status == 401 and used == self.pair.access:
                    self.refused()
                elif status in (429, 503):
                    asked = float(headers.get("Retry-After") or 1)
                    self.quiet_until = max(self.quiet_until, time.monotonic() + asked)
                elif status == 200:
                    self.refusals = 0


class Timer(Client):
    """A timer refreshes at 70 % of the lifetime; calls are HEAD requests on a connection that is kept."""

    def run(self):
        self.login()
        self.lock = threading.Lock()
        self.set_timer()
        kept = None
        while True:
            time.sleep(PAUSE)
            with self.lock:
                access = self.pair.access
            url = urlsplit(BASE)
            try:
                kept = kept or http.client.HTTPConnection(url.netloc, timeout=10)
                kept.request("HEAD", url.path + os.environ["BO_PROBE"], headers={**self.headers, "Authorization": "Bearer " + access})
                answer = kept.getresponse()
                answer.read()
            except (OSError, http.client.HTTPException):
                kept = None
                time.sleep(0.5)
                continue
            with self.lock:
                if answer.status != 401 or access == self.pair.access:
                    self.after(answer.status, answer.headers)

    def set_timer(self):
        timer = threading.Timer(self.pair.lifetime * 0.7, self.ring)
        timer.daemon = True
        timer.start()

    def ring(self):
        with self.lock:
            if time.monotonic() > self.pair.asked + self.pair.lifetime * 0.6:
                self.refresh()
        self.set_timer()


class OneTime(Client):
    """Verifies the one-time token once, then goes on."""

    def start(self):
        self.post("/external/token/verify", {"token": os.environ["BO_OTT"]})
        self.login()


# ---- one mistake each

class RefreshInPast(Client):
    """Takes a margin of an hour off every lifetime, so that each token seems to have ended."""

    def before(self):
        if time.monotonic() > self.pair.asked + self.pair.lifetime - 3600:
            self.refresh()


class Milliseconds(Client):
    """Takes the lifetime for milliseconds."""

    def before(self):
        if time.monotonic() > self.pair.asked + self.pair.lifetime / 1000:
            self.refresh()


class ClockZone(Client):
    """Reckons the end in another time zone, an hour too late, and does not know 401."""

    def before(self):
        if time.monotonic() > self.pair.asked + self.pair.lifetime + 3600:
            self.refresh()

    def after(self, status, headers):
        if status in (429, 503):
            self.wait(headers)


class LoginOnExpiry(Client):
    """Logs in wherever a refresh is due."""

    def refresh(self):
        self.login()


class LoginEachCall(Client):
    """Logs in for each call."""

    def before(self):
        self.login()


class KeepsFirstRefresh(Client):
    """Takes the new access token of a refresh and keeps the first refresh token."""

    def keep(self, status, body, asked):
        first = self.pair and self.pair.refresh
        kept = super().keep(status, body, asked)
        if kept and first:
            self.pair.refresh = first
        return kept


class RefreshTokenAsBearer(Client):
    """Tries the refresh token on the call itself when the access token has ended."""

    def before(self):
        pass

    def after(self, status, headers):
        if status == 401:
            self.send("GET", os.environ["BO_PROBE"], {"Authorization": "Bearer " + self.pair.refresh})
        super().after(status, headers)


class BearerAtRefresh(Client):
    """Sends the refresh token as a Bearer token to the refresh endpoint."""

    def ask_for_refresh(self, token):
        return self.send("GET", "/auth/token/refresh", {"Authorization": "Bearer " + token})


class PostRefresh(Client):
    """Refreshes with a POST and the token in the body."""

    def ask_for_refresh(self, token):
        return self.post("/auth/token/refresh", {"token": token})


class AccessTokenInUrl(Client):
    """Sends the access token in the query too."""

    def ask_probe(self):
        path = os.environ["BO_PROBE"] + "&access_token=" + quote(self.pair.access)
        return self.send("GET", path, {"Authorization": "Bearer " + self.pair.access})


class RefreshTokenInUrl(Client):
    """Sends the refresh token in the query too."""

    def ask_for_refresh(self, token):
        return self.send("GET", "/auth/token/refresh?token=" + quote(token), {"token": token})


class NakedToken(Client):
    """Forgets the word Bearer."""

    def ask_probe(self):
        return self.send("GET", os.environ["BO_PROBE"], {"Authorization": self.pair.access})


class FormLogin(Client):
    """Declares its JSON login as a form."""

    def ask_for_login(self):
        return self.send("POST", "/auth/token", {"Content-Type": "application/x-www-form-urlencoded"}, json.dumps(USER))


class PasswordOnCalls(Client):
    """Sends the password with each call, in a header of its own."""

    headers = {"User-Agent": "bo-session/1.0", "X-Auth-Password": USER["password"]}

    def ask_for_login(self):
        kept, self.headers = self.headers, Client.headers
        try:
            return super().ask_for_login()
        finally:
            self.headers = kept


class IgnoresRetryAfter(Client):
    """Repeats a call at its usual pace after 429."""

    def after(self, status, headers):
        if status != 429:
            super().after(status, headers)


class RetryAfterMilliseconds(Client):
    """Takes Retry-After for milliseconds."""

    def wait(self, headers, least=0.5):
        time.sleep(max(least, float(headers.get("Retry-After") or 0) / 1000))


class DoubleRetry(Client):
    """Two layers repeat: each 503 costs up to nine requests within a second."""

    def ask_probe(self):
        for outer in range(3):
            for inner in range(3):
                status, headers, body = super().ask_probe()
                if status != 503:
                    return status, headers, body
                time.sleep(0.05)
        return status, headers, body


class RefreshOnAnyError(Client):
    """Takes every error for an ended session and refreshes."""

    def after(self, status, headers):
        if status >= 400:
            self.refresh()
        super().after(status, headers)


class LoginOn503(Client):
    """Begins a new session when a call is answered 503."""

    def after(self, status, headers):
        super().after(status, headers)
        if status == 503:
            self.login()


class LoginWhenRefreshIsBusy(Client):
    """Logs in where a refresh is answered 503."""

    def refresh(self):
        asked = time.monotonic()
        try:
            status, headers, body = self.ask_for_refresh(self.pair.refresh)
        except (OSError, http.client.HTTPException):
            return self.login()
        if not self.keep(status, body, asked):
            self.wait(headers, 0)
            self.login()


class RefreshAgainAndAgain(Client):
    """Repeats a refused refresh with the same token before it logs in."""

    def refresh(self):
        for _ in range(6):
            asked = time.monotonic()
            try:
                status, headers, body = self.ask_for_refresh(self.pair.refresh)
            except (OSError, http.client.HTTPException):
                return self.login()
            if self.keep(status, body, asked):
                return
            self.wait(headers)
        self.login()


class RefreshHammer(Client):
    """Repeats a refresh whose answer was lost as often as it takes."""

    def refresh(self):
        for _ in range(8):
            try:
                return super().refresh_once()
            except (OSError, http.client.HTTPException):
                time.sleep(0.1)
        self.login()


def refresh_once(self):
    asked = time.monotonic()
    status, headers, body = self.ask_for_refresh(self.pair.refresh)
    if self.keep(status, body, asked):
        return
    if status not in (429, 503):
        return self.login()
    self.wait(headers)
    refresh_once(self)


Client.refresh_once = refresh_once


class LostAnswerIsFatal(Client):
    """Does not survive a lost answer to a refresh."""

    def refresh(self):
        self.refresh_once()


class LoginLoop(Client):
    """Repeats a refused login at once, for ever."""

    def login(self):
        while True:
            asked = time.monotonic()
            status, _, body = self.ask_for_login()
            if self.keep(status, body, asked):
                return
            time.sleep(0.2)


class DiesOn401(Client):
    """Refreshes ahead of time only, and ends when a call is refused."""

    def after(self, status, headers):
        if status == 401:
            sys.exit("a call was refused")
        super().after(status, headers)


class EndsWhenRefreshIsRefused(Client):
    """Ends when its refresh token is refused, instead of logging in."""

    def refresh(self):
        login, self.login = self.login, lambda: sys.exit("the session is over")
        try:
            super().refresh()
        finally:
            self.login = login


class SwallowsErrors(Client):
    """Ignores what the call was answered, and refreshes never."""

    def before(self):
        pass

    def after(self, status, headers):
        pass


class ThirdTimeLucky(Client):
    """Repeats a refused call twice, with the same token, before it refreshes."""

    def before(self):
        pass

    def ask_probe(self):
        for _ in range(3):
            status, headers, body = super().ask_probe()
            if status != 401:
                break
            time.sleep(0.1)
        return status, headers, body


class FixedHeader(Client):
    """Builds the header of its calls once, and keeps it for a while after each refresh."""

    def ask_probe(self):
        if not hasattr(self, "fixed") or time.monotonic() > self.fixed[1]:
            self.fixed = "Bearer " + self.pair.access, time.monotonic() + 4
        return self.send("GET", os.environ["BO_PROBE"], {"Authorization": self.fixed[0]})


class CachedRefresh(Client):
    """An HTTP cache between the client and the server keeps the answer to the GET of a refresh."""

    def ask_for_refresh(self, token):
        if not hasattr(self, "cache") or time.monotonic() > self.cache[0]:
            self.cache = time.monotonic() + 6, super().ask_for_refresh(token)
        return self.cache[1]


class SleepsForEver(Client):
    """Sleeps an hour after 429."""

    def after(self, status, headers):
        if status == 429:
            time.sleep(3600)
        super().after(status, headers)


class Recursion(Client):
    """Answers a refused call with a refresh and the same call, without end or pause."""

    def after(self, status, headers):
        while status == 401:
            self.refresh()
            status, headers, _ = self.ask_probe()
        super().after(status, headers)


class FollowsWithToken(Client):
    """Follows a redirect of a call and sends the same headers there."""

    def ask_probe(self):
        headers = {"Authorization": "Bearer " + self.pair.access}
        answer = self.send("GET", os.environ["BO_PROBE"], headers)
        if answer[0] in (301, 302, 303, 307, 308):
            url = urlsplit(answer[1]["Location"])
            base = f"{url.scheme}://{url.netloc}" if url.netloc else "http://" + urlsplit(BASE).netloc
            self.send("GET", url.path or "/", headers, base=base)
        return answer


class OneTimeTwice(OneTime):
    """Verifies the one-time token again when it logs in again and at each fiftieth call."""

    calls = 0

    def step(self):
        self.calls += 1
        if self.calls % 20 == 0:
            self.post("/external/token/verify", {"token": os.environ["BO_OTT"]})
        super().step()


class OneTimeInQuery(OneTime):
    """Sends the one-time token in the query of the verification."""

    def start(self):
        self.post("/external/token/verify?token=" + quote(os.environ["BO_OTT"]), {"token": os.environ["BO_OTT"]})
        self.login()


class NoThreadLock(Client):
    """Four threads and no lock: each that sees the end of the token refreshes."""

    def run(self):
        self.login()
        threads = [threading.Thread(target=self.work) for _ in range(4)]
        [t.start() for t in threads]
        [t.join() for t in threads]

    def work(self):
        while True:
            self.step()
            time.sleep(0.05)


class PrintsTokens(Client):
    """Logs the header of its first call."""

    def ask_probe(self):
        print("GET", os.environ["BO_PROBE"], "Authorization: Bearer " + self.pair.access, flush=True)
        return super().ask_probe()


class Nameless(Client):
    """Sends no User-Agent."""

    headers = {}


def classes(of=Client):
    for kind in [of] + [k for c in of.__subclasses__() for k in classes(c)]:
        yield kind


if __name__ == "__main__":
    names = {re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", k.__name__).lower(): k for k in classes()}
    names[sys.argv[1] if len(sys.argv) > 1 else "client"]().run()
