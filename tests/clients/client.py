"""A client of the BO token API for tests of `bo-conformance client`: right without a fault, wrong in one way with one.

usage: client.py [FAULT] [--ahead [SECONDS]] [--threads N] [--processes N] [--pace SECONDS] [--method GET|HEAD] [--calls N]
"""
import argparse, http.client, json, os, sys, threading, time, urllib.parse

parser = argparse.ArgumentParser()
parser.add_argument("fault", nargs="?", default="")
parser.add_argument("--ahead", nargs="?", type=float, const=0.5, default=0, help="seconds before the end to refresh at")
parser.add_argument("--threads", type=int, default=1)
parser.add_argument("--processes", type=int, default=1, help="each with a session of its own")
parser.add_argument("--pace", type=float, default=0.1)
parser.add_argument("--method", default="GET")
parser.add_argument("--calls", type=int, default=0)
options = parser.parse_args()
FAULT = options.fault
BASE = urllib.parse.urlsplit(os.environ["BO_BASE_URL"])
LOGIN, PASSWORD, PROBE = (os.environ["BO_" + name] for name in ("LOGIN", "PASSWORD", "PROBE"))
is_fault = lambda *names: FAULT in names


class Refused(Exception):
    pass


def request(method, path, headers=None, body=None, base=BASE):
    """Status, headers and JSON of an answer; status 0 where none came."""
    headers = dict(headers or {})
    if not is_fault("no-user-agent"):
        headers["User-Agent"] = "test-client/1"
    connection = http.client.HTTPConnection(base.hostname, base.port, timeout=10)
    try:
        connection.request(method, base.path + path, body, headers)
        answer = connection.getresponse()
        content = answer.read()
        try:
            content = json.loads(content)
        except ValueError:
            content = None
        return answer.status, answer.headers, content
    except (OSError, http.client.HTTPException):
        return 0, {}, None
    finally:
        connection.close()


class Session:
    def __init__(self):
        self.lock = threading.RLock()
        self.access = self.refresh_token = self.first_refresh = None
        self.old_access, self.old_uses, self.ends, self.generation = None, 0, 0, 0
        self.not_before = 0
        self.refused_logins = 0

    def login(self):
        if self.refused_logins >= 1 and not is_fault("login-loop"):
            sys.exit(1)
        body, headers = json.dumps({"login": LOGIN, "password": PASSWORD}), {"Content-Type": "application/json"}
        path = "/auth/token"
        if is_fault("form-login"):
            body, headers = urllib.parse.urlencode({"login": LOGIN, "password": PASSWORD}), {"Content-Type": "application/x-www-form-urlencoded"}
        if is_fault("text-login"):
            headers = {"Content-Type": "text/plain"}
        if is_fault("password-in-query"):
            path += "?" + urllib.parse.urlencode({"password": PASSWORD})
        if is_fault("password-in-header"):
            headers["X-Password"] = PASSWORD
        status, _, pair = request("POST", path, headers, body)
        if status != 200:
            self.refused_logins += status == 401
            raise Refused(status)
        self.refused_logins = 0
        self.take(pair)

    def take(self, pair):
        self.old_access, self.old_uses = self.access, 0
        self.access, self.refresh_token = pair["accessToken"], pair["refreshToken"]
        self.first_refresh = self.first_refresh or self.refresh_token
        self.ends = time.time() + pair["accessTokenLifeTime"]
        self.generation += 1
        if is_fault("print-secrets"):
            print(self.access, flush=True)

    def refresh(self):
        if time.time() < self.not_before and not is_fault("refresh-503-hammer"):
            raise Refused(503)
        token = self.first_refresh if is_fault("old-refresh") else self.refresh_token
        method, headers, body = "GET", {"token": token}, None
        path = "/auth/token/refresh"
        if is_fault("refresh-by-post"):
            method = "POST"
        if is_fault("refresh-in-body"):
            headers, body = {"Content-Type": "application/json"}, json.dumps({"token": token})
        if is_fault("refresh-in-query"):
            headers, path = {}, path + "?" + urllib.parse.urlencode({"token": token})
        if is_fault("access-to-refresh"):
            headers = {"token": self.access}
        status, answer, pair = request(method, path, headers, body)
        repeats = 6 if is_fault("lost-repeat") else 0
        while status == 0 and repeats:
            repeats -= 1
            status, answer, pair = request(method, path, headers, body)
            if status == 401 and repeats:
                status = 0
        if status == 0:
            if is_fault("lost-stop"):
                sys.exit(1)
            if is_fault("lost-hang"):
                time.sleep(3600)
        if status == 200:
            return self.take(pair)
        if status == 503:
            self.not_before = time.time() + float(answer.get("Retry-After") or 1)
            if is_fault("login-on-refresh-503"):
                return self.login()
            if is_fault("exit-on-refresh-503"):
                sys.exit(1)
            raise Refused(503)
        if status == 401 and is_fault("repeat-refused-refresh"):
            request(method, path, headers, body)
            request(method, path, headers, body)
        if status == 401 and is_fault("exit-on-refused-refresh"):
            sys.exit(1)
        self.login()
        if status == 401 and is_fault("login-twice"):
            self.login()

    def renew(self, generation):
        with threading.Lock() if is_fault("parallel-refresh") else self.lock:
            if generation != self.generation and not is_fault("parallel-refresh"):
                return
            if is_fault("login-instead-of-refresh", "login-each-call"):
                self.login()
            else:
                self.refresh()


session = Session()


def probe_headers():
    token = session.access
    if is_fault("old-access") and session.old_access and session.old_uses < 4:
        token, session.old_uses = session.old_access, session.old_uses + 1
    headers = {"Authorization": "Bearer " + token}
    if is_fault("bare-token"):
        headers = {"Authorization": token}
    if is_fault("refresh-to-probe"):
        headers["token"] = session.refresh_token
    if is_fault("refresh-as-cookie"):
        headers["Cookie"] = "refresh=" + session.refresh_token
    if is_fault("password-to-probe"):
        headers["X-Password"] = PASSWORD
    if is_fault("no-token-now-and-then") and session.old_uses % 4 == 3:
        headers = {}
    session.old_uses += is_fault("no-token-now-and-then")
    return headers


def call():
    """One call with all that belongs to it. Returns the seconds to wait before the next one."""
    if is_fault("login-each-call"):
        session.login()
    generation = session.generation
    if options.ahead and time.time() > session.ends - options.ahead or is_fault("refresh-each-call"):
        session.renew(generation)
        generation = session.generation
    path = PROBE
    if is_fault("token-in-query"):
        path += "&" + urllib.parse.urlencode({"access_token": session.access})
    status, headers, _ = request(options.method, path, probe_headers())
    if status == 401:
        if is_fault("exit-on-401"):
            sys.exit(1)
        if is_fault("give-up-on-401"):
            time.sleep(3600)
        if is_fault("never-refresh"):
            return options.pace
        if is_fault("late-refresh"):
            for _ in range(4):
                request(options.method, path, probe_headers())
                time.sleep(options.pace)
        session.renew(generation)
        status, headers, _ = request(options.method, path, probe_headers())
        while status == 401 and is_fault("hot-401"):
            session.renew(session.generation)
            status, headers, _ = request(options.method, path, probe_headers())
        if status == 401 and not is_fault("hot-401", "slow-401"):
            call.refusals += 1
            return 0.5 * 2 ** call.refusals
    elif status < 300:
        call.refusals = 0
    if status in (429, 503):
        if is_fault("renew-on-503"):
            session.renew(session.generation)
        if is_fault("login-on-503"):
            session.login()
        if is_fault("exit-on-503"):
            sys.exit(1)
        ignored = is_fault("ignore-429") and status == 429 or is_fault("ignore-503") and status == 503 and headers.get("Retry-After")
        if is_fault("hot-503") and not headers.get("Retry-After"):
            return 0.0
        if is_fault("steady-503") and not headers.get("Retry-After"):
            return options.pace
        if not ignored:
            return float(headers.get("Retry-After") or 1)
    if status == 307 and is_fault("follow-with-token"):
        request("GET", "", probe_headers(), base=urllib.parse.urlsplit(headers["Location"]))
    return options.pace


call.refusals = 0


def work():
    calls = 0
    while True:
        wait = options.pace
        try:
            wait = call()
        except Refused as refused:
            wait = 0.0 if is_fault("refresh-503-hammer") else max(wait, 0.2)
        calls += 1
        if is_fault("crash") and calls == 25:
            raise RuntimeError("it crashes")
        if is_fault("hang") and calls == 12:
            time.sleep(3600)
        if options.calls and calls >= options.calls:
            return
        time.sleep(wait)


def verify():
    token, headers = os.environ["BO_OTT"], {"Content-Type": "application/json"}
    path = "/external/token/verify" + ("?token=" + urllib.parse.quote(token) if is_fault("ott-in-query") else "")
    for _ in range(2 if is_fault("ott-twice") else 1):
        request("POST", path, headers, json.dumps({"token": token}))


if __name__ == "__main__":
    if is_fault("never-start"):
        time.sleep(3600)
    if is_fault("ignore-signals"):
        import signal
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    if is_fault("fork") and os.fork() == 0:
        os.setsid()
    for _ in range(options.processes - 1):
        if os.fork() == 0:
            break
    try:
        session.login()
    except Refused:
        if not is_fault("login-loop"):
            sys.exit(1)
        while True:
            try:
                session.login()
            except Refused:
                time.sleep(options.pace)
    if is_fault("ott-twice", "ott-in-query", "ott"):
        verify()
    threads = [threading.Thread(target=work, daemon=True) for _ in range(options.threads - 1)]
    for thread in threads:
        thread.start()
    work()
