#!/usr/bin/env python3
"""Runs the program against the server of tests/foreign at a limited pace, behind every kind of throttle, and prints what came of each run.

Usage: paced.py PROGRAM CASE [REPEAT] [-- ARGUMENT...]   One JSON line a run; `paced.py list` names the cases. Exits 1 when a verdict is not the
expected one. The arguments go to `run`, so `-- --requirement OTT-3` judges a part.
"""

import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
USERS = "qa-certifier:Canary+one/7Qw\nqa-second:Canary-two/9Zx"
LIMITED = ["--rate", "4", "--burst", "8", "--block", "3"]
LIVING = ["--access-lifetime", "300", "--refresh-lifetime", "3600", "--ott-lifetime", "30"]
WAF = b"<html><head><title>Request blocked</title></head><body>Your request was blocked. Incident 7781-22</body></html>"


@dataclass(frozen=True)
class Throttle:
    """A limit of a gateway: `rate` requests a second and `burst`, for the calls that `applies` matches, each with a bucket of its `key`."""

    rate: float
    burst: float
    status: int = 429  # 0: the connection is closed
    retry_after: str | None = None
    block: float = 0  # seconds without a pass after a violation
    applies: str = ""
    key: str = "all"  # all, path, login
    body: bytes = b'{"error":"1.2.0.99"}'
    kind: str = "application/json"
    delay: float = 0  # seconds before every answer
    for_ever_after: int = 0  # every request after so many is refused


@dataclass(frozen=True)
class Case:
    """A server, a configuration, and the verdict that is right."""

    server: list[str] = field(default_factory=lambda: LIVING + LIMITED)
    config: str = "allow_settings_change = true"
    throttle: Throttle | None = None
    expected: tuple[str, ...] = ("conformant",)
    longest: float = 900
    window: tuple[float, float] | None = None  # one-time tokens: part of the verifications that look first, and seconds until they write


FAST = "allow_settings_change = true\nrequests_per_second = 40\nburst = 40"
FREE = "allow_settings_change = true\nrequests_per_second = 0"
CASES = {
    "usual": Case(),
    "slow": Case(LIVING + ["--rate", "1", "--burst", "8", "--block", "3"], "allow_settings_change = true\nrequests_per_second = 1", longest=1800),
    "fixed": Case(LIVING + LIMITED, "allow_settings_change = false"),
    "latency": Case(throttle=Throttle(1e6, 1e6, delay=0.15)),
    "explore": Case(config="allow_settings_change = true\nexplore = 150"),
    "no-explore": Case(config="allow_settings_change = true\nexplore = 0"),
    "ott-reusable": Case(LIVING + LIMITED + ["--defect", "ott-reusable"], expected=("nonconformant",)),
    "ott-raced": Case(LIVING + LIMITED + ["--defect", "ott-raced"], expected=("nonconformant",)),
    "ott-window": Case(LIVING + LIMITED + ["--defect", "verify-window-rare"], expected=("nonconformant",), window=(0.2, 0.005)),
    # The gateway allows less than the configuration, or the configuration names no limit.
    "429": Case(LIVING, FAST, Throttle(20, 20)),
    "429-retry-after": Case(LIVING, FAST, Throttle(20, 20, retry_after="1")),
    "429-date": Case(LIVING, FAST, Throttle(20, 20, retry_after="date")),
    "429-free": Case(LIVING, FREE, Throttle(20, 20)),
    "503": Case(LIVING, FAST, Throttle(20, 20, 503, body=b"<html>503</html>", kind="text/html")),
    "closed": Case(LIVING, FAST, Throttle(20, 20, 0), ("conformant", "inconclusive")),
    "waf": Case(LIVING, FAST, Throttle(20, 20, 403, block=5, body=WAF, kind="text/html"), ("conformant", "inconclusive")),
    "blocked-a-minute": Case(LIVING, FAST, Throttle(20, 20, block=60), ("conformant", "inconclusive")),
    "by-login": Case(LIVING, FAST, Throttle(5, 10, applies="POST /api/v2/auth/token$", key="login")),
    "by-path": Case(LIVING, FAST, Throttle(8, 8, key="path"), ("conformant", "inconclusive")),
    "logins-a-minute": Case(LIVING, FAST, Throttle(30 / 60, 30, applies="POST /api/v2/auth/token$"), ("conformant", "inconclusive")),
    # Without a burst no requests meet, so races cannot be judged.
    "leaky": Case(LIVING, FAST, Throttle(10, 1), ("inconclusive",)),
    "endless": Case(LIVING, FAST, Throttle(1e6, 1e6, for_ever_after=60), ("inconclusive",), 180),
    "endless-503": Case(LIVING, FAST, Throttle(1e6, 1e6, 503, for_ever_after=60), ("inconclusive",), 180),
    "endless-waf": Case(LIVING, FAST, Throttle(1e6, 1e6, 403, body=WAF, kind="text/html", for_ever_after=60), ("inconclusive",), 180),
    "endless-closed": Case(LIVING, FAST, Throttle(1e6, 1e6, 0, for_ever_after=60), ("inconclusive",), 180),
    "endless-paced": Case(LIVING, "allow_settings_change = true", Throttle(1e6, 1e6, for_ever_after=60), ("inconclusive",), 180),
}


class Gateway(ThreadingHTTPServer):
    """Passes requests on to a server, and refuses those above the limit."""

    daemon_threads = True
    request_queue_size = 256

    def __init__(self, server: str, throttle: Throttle) -> None:
        super().__init__(("127.0.0.1", 0), Connection)
        self.behind, self.throttle, self.lock = server, throttle, threading.Lock()
        self.buckets: dict[str, tuple[float, float]] = {}
        self.blocked = 0.0
        self.requests = self.refused = 0

    def handle_error(self, request: object, client_address: object) -> None:
        """Clients that go away are no news."""

    def passes(self, call: str, body: bytes) -> bool:
        """Whether this request is within the limit."""
        throttle, now = self.throttle, time.monotonic()
        with self.lock:
            self.requests += 1
            if throttle.for_ever_after:
                good = self.requests <= throttle.for_ever_after
                self.refused += not good
                return good
            if not re.search(throttle.applies, call):
                return True
            found = re.search(rb'"login"\s*:\s*"([^"]*)"', body)
            key = {"all": "", "path": call.split("?")[0], "login": found[1].decode("latin-1") if found else ""}[throttle.key]
            level, at = self.buckets.get(key, (throttle.burst, now))
            level = min(throttle.burst, level + (now - at) * throttle.rate)
            good = level >= 0.75 and now >= self.blocked
            if not good and throttle.block and now >= self.blocked:
                self.blocked = now + throttle.block
            self.buckets[key] = (level - good, now)
            self.refused += not good
            return good


class Connection(BaseHTTPRequestHandler):
    """One connection of a client."""

    server: Gateway
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing: request lines may hold tokens."""

    def _serve(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        throttle = self.server.throttle
        if not self.server.passes(f"{self.command} {self.path}", body):
            self._refuse(throttle)
            return
        if throttle.delay:
            time.sleep(throttle.delay)
        behind = HTTPConnection(self.server.behind, timeout=30)
        behind.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
        for name, value in self.headers.items():
            behind.putheader(name, value)
        behind.endheaders(body or None)
        answer = behind.getresponse()
        content = answer.read()
        self.send_response_only(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in ("transfer-encoding", "connection", "content-length"):
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)
        behind.close()

    def _refuse(self, throttle: Throttle) -> None:
        if throttle.status == 0:
            self.close_connection = True
            return
        self.send_response_only(throttle.status)
        if throttle.retry_after == "date":
            self.send_header("Retry-After", time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime(time.time() + 2)))
        elif throttle.retry_after:
            self.send_header("Retry-After", throttle.retry_after)
        self.send_header("Content-Type", throttle.kind)
        self.send_header("Content-Length", str(len(throttle.body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(throttle.body)

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = _serve


class Bench:
    """A server, perhaps a gateway before it, and a folder with the configuration."""

    def __init__(self, case: Case, folder: Path) -> None:
        self.case, self.folder = case, folder
        foreign = REPOSITORY / "tests/foreign"
        command = [sys.executable, str(foreign / "bo_server.py"), *case.server]
        if case.window:
            opened = f"defect.VerifyWindowRare.q, defect.VerifyWindowRare.seconds = {case.window}"
            code = f"import sys; sys.path.insert(0, {str(foreign)!r}); from bo import blind_concurrency as defect; {opened}; import bo_server; bo_server.main()"
            command = [sys.executable, "-c", code, *case.server]
        self.server = subprocess.Popen(command, env={**os.environ, "BO_FOREIGN_USERS": USERS}, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.base = self.server.stdout.readline().split()[1]
        authority = self.base.split("/")[2]
        url, self.gateway = self.base, None
        if case.throttle:
            self.gateway = Gateway(authority, case.throttle)
            threading.Thread(target=self.gateway.serve_forever, daemon=True).start()
            url = self.base.replace(authority, f"127.0.0.1:{self.gateway.server_address[1]}")
        self.config = folder / "bo-conformance.toml"
        self.config.write_text(f"""[targets.foreign]
base_url = "{url}"
login = "qa-certifier"
password = {{ env = "PASSWORD_1" }}
probe = "/whoami"
probe_login = "/user/name"
{case.config}

[targets.foreign.second_user]
login = "qa-second"
password = {{ env = "PASSWORD_2" }}

[targets.foreign.ott]
command = ["{REPOSITORY}/tests/foreign/mint_ott.sh", "{self.base}", "{{login}}"]
login = "qa-certifier"
second_login = "qa-second"
lifetime = "{case.server[case.server.index("--ott-lifetime") + 1]}s"
""")

    def start(self, program: str, arguments: list[str], name: str = "run") -> subprocess.Popen:
        """Starts a run in the folder; what it prints is kept there."""
        first, second = (line.split(":", 1)[1] for line in USERS.splitlines())
        environment = {**os.environ, "PASSWORD_1": first, "PASSWORD_2": second, "NO_COLOR": "1"}
        printed = (self.folder / f"{name}.txt").open("w")
        command = [program, *arguments, "--config", str(self.config)]
        return subprocess.Popen(command, env=environment, cwd=self.folder, stdout=printed, stderr=subprocess.STDOUT)

    def stats(self) -> dict[str, int]:
        """What the server counted."""
        connection = HTTPConnection(self.base.split("/")[2], timeout=30)
        connection.request("GET", "/api/v2/_stats")
        return json.loads(connection.getresponse().read())

    def end(self) -> None:
        """Ends the server."""
        self.server.stdin.close()
        self.server.wait(10)


def results(folder: Path) -> dict:
    """The results of a run, reduced to what is compared."""
    file = folder / "reports/results.json"
    if not file.exists():
        return {"verdict": None}
    data = json.loads(file.read_text())
    broken = {it["id"]: it["verdict"] for it in data["requirements"] if it["verdict"] in ("fail", "inconclusive", "warn")}
    return {"verdict": data["verdict"], "counts": data["counts"], "seconds": round(data["durationMs"] / 1000), "not passed": broken, "traffic": data["traffic"]}


def run(program: str, case: Case, arguments: list[str], keep: Path | None = None) -> dict:
    """One run; returns what came of it."""
    with tempfile.TemporaryDirectory(prefix="paced-") as name:
        folder = keep or Path(name)
        folder.mkdir(parents=True, exist_ok=True)
        bench = Bench(case, folder)
        try:
            began = time.monotonic()
            process = bench.start(program, ["run", *arguments])
            try:
                code: int | str = process.wait(case.longest)
            except subprocess.TimeoutExpired:
                code = "too long"
                process.send_signal(signal.SIGINT)
                process.wait(60)
            stats = bench.stats()
            told = {"exit": code, "took": round(time.monotonic() - began), **results(folder), "server": stats}
            if bench.gateway:
                told["refused"] = bench.gateway.refused
            return told
        finally:
            bench.end()


def main() -> int:
    """Returns 1 when a verdict is not the expected one."""
    arguments = sys.argv[1:]
    extra = arguments[arguments.index("--") + 1 :] if "--" in arguments else []
    arguments = arguments[: arguments.index("--")] if "--" in arguments else arguments
    if arguments == ["list"] or len(arguments) < 2:
        print(*CASES, sep="\n")
        return 0
    program, name, repeat = str(Path(arguments[0]).resolve()), arguments[1], int(arguments[2]) if len(arguments) > 2 else 1
    wrong = 0
    for number in range(repeat):
        keep = Path(os.environ["KEEP"]) / f"{name}-{number}" if "KEEP" in os.environ else None
        came = run(program, CASES[name], extra, keep)
        is_right = came["verdict"] in CASES[name].expected and came["exit"] != "too long"
        wrong += not is_right
        print(json.dumps({"case": name, "right": is_right, **came}), flush=True)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
