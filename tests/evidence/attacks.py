#!/usr/bin/env python3
"""Servers that want the program to hang, to grow or to say what they say, imagined before the client was read.

Usage: attacks.py PROGRAM [ATTACK...]   Runs the program against each, once to its end and once interrupted. Exits 1 when a run uses 300 MB, does not
end by itself, prints an order of the server, or needs more than 2 s to obey SIGINT.
"""

import gzip
import json
import os
import random
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import zlib
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
sys.dont_write_bytecode = True
sys.path.insert(0, str(REPOSITORY / "tests/foreign"))

from bo.messages import Request  # noqa: E402
from bo.service import Service  # noqa: E402
from bo.settings import Lifetimes  # noqa: E402
from bo.state import Options  # noqa: E402

BASE_PATH = "/api/v2"
MEGABYTES = 300
ENDS_WITHIN = 240
REQUIREMENTS = os.environ.get("REQUIREMENTS", "ISSUE-1 ISSUE-6 ISSUE-10 USE-1 USE-2 USE-4 REFRESH-1 REFRESH-7 OTT-1 OTT-4 ERROR-3 ERROR-4").split()
ATTACKS = {}
ORDERS = (
    "\x1b]0;owned\x07\x1b[31mred\n::set-output name=x::owned\n::add-mask::a\n##vso[task.setvariable variable=x]owned\n##[error]owned\n"
    "section_start:1560896352:x[collapsed=true]\r\x1b[0Kowned\n\u202eevil\u202c\u2066x\u2069\u200b\u061c\u2028::error::owned\u2029\x9b31m\x85::warning::owned\n"
    "<script>owned</script><img src=x onerror=alert(1)>]]>\n[link](javascript:alert(1)) ![i](https://evil.example/p.png) | a | b |\n```\n=cmd|'/C calc'!A0\n@evil"
)


class Answer(list):
    """The pieces of an answer on the wire; a number is a pause in seconds. `endless` repeats the last piece."""

    endless = False


def attack(function):
    """Registers an attack: a function of the right answer's status, body and headers, and of whether it gives tokens."""
    ATTACKS[function.__name__.replace("_", "-")] = function
    return function


def plain(status: int, body: bytes, headers: str = "", reason: str = "x") -> bytes:
    kind = "" if "content-type" in headers.lower() else "Content-Type: application/json\r\n"
    return f"HTTP/1.1 {status} {reason}\r\n{kind}{headers}Content-Length: {len(body)}\r\n\r\n".encode() + body


def of(name: str, answer, grants: bool = False):
    """An attack that leaves answers with tokens alone, unless `grants`."""
    def send(status, body, gives):
        return [plain(status, body)] if gives and not grants else answer(status, body)

    ATTACKS[name] = send


def endless(*pieces) -> Answer:
    sent = Answer(pieces)
    sent.endless = True
    return sent


def bomb(status, body):
    return [plain(status, BOMB, "Content-Encoding: gzip\r\n")]


def zeros(megabytes: int, bits: int) -> bytes:
    packer, block = zlib.compressobj(9, wbits=bits), b" " * 1_000_000
    return b"".join(packer.compress(block) for _ in range(megabytes)) + packer.flush()


BOMB = zeros(700, 31)
DEFLATED = zeros(700, 15)
dice = random.Random(7)
word = lambda n: "".join(dice.choice("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") for _ in range(n))
TOKENS = [word(20) for _ in range(40_000)]
MEMBERS = json.dumps({"error": {word(9): word(3) for _ in range(45_000)}}).encode()
STRINGS = json.dumps({"error": {"tokens": TOKENS[:36_000]}}).encode()
NUMBERS = json.dumps({"error": {"k" * 400_000: list(range(10)) * 20_000}}).encode()

of("endless-headers", lambda s, b: endless(f"HTTP/1.1 {s} x\r\n".encode(), b"".join(b"X-%d: aaaa\r\n" % i for i in range(500))))
of("header-of-one-megabyte", lambda s, b: [plain(s, b, f"X-Long: {'a b' * 330_000}\r\n")])
of("header-of-one-megabyte-in-grants", lambda s, b: [plain(s, b, f"X-Long: {word(60) * 16_000}\r\n")], grants=True)
of("twenty-thousand-headers", lambda s, b: [plain(s, b, "".join(f"X-H{i}: {i}\r\n" for i in range(20_000)))])
of("five-thousand-cookies", lambda s, b: [plain(s, b, "".join(f"Set-Cookie: c{i}={TOKENS[i]}\r\n" for i in range(5_000)))], grants=True)
of("ninety-cookies-each-new", lambda s, b: [plain(s, b, "".join(f"Set-Cookie: c{i}={os.urandom(16).hex()}; Path=/\r\n" for i in range(90)))], grants=True)
of("slow-drip-of-a-body", lambda s, b: endless(f"HTTP/1.1 {s} x\r\nContent-Type: application/json\r\nContent-Length: 900000\r\n\r\n".encode(), 0.2, b" "))
of("slow-drip-of-a-head", lambda s, b: endless(b"HTTP/1.1 ", 0.3, b"4"))
of("flood-of-early-hints", lambda s, b: endless(b"", b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" * 50))
of("continue-for-ever-slowly", lambda s, b: endless(b"", 0.2, b"HTTP/1.1 100 Continue\r\n\r\n"))
of("redirect-loop", lambda s, b: [plain(302, b"", "Location: /api/v2/whoami\r\n")])
of("redirect-to-a-file", lambda s, b: [plain(307, b"", "Location: file:///etc/passwd\r\n")])
for name, size in {"letters": "zz", "negative": "-1", "huge": "f" * 30, "nearly-all-memory": "7fffffffffffffff", "long-extension": "1;" + "a" * 900_000}.items():
    of(f"chunk-size-{name}", lambda s, b, size=size: [f"HTTP/1.1 {s} x\r\nTransfer-Encoding: chunked\r\n\r\n{size}\r\nx\r\n".encode(), 0.1])
of("chunks-of-one-byte", lambda s, b: [f"HTTP/1.1 {s} x\r\nTransfer-Encoding: chunked\r\n\r\n".encode() + b"1\r\n \r\n" * 150_000 + b"0\r\n\r\n"])
of("endless-trailers", lambda s, b: endless(f"HTTP/1.1 {s} x\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{{}}\r\n0\r\n".encode(), b"X-T: aaaa\r\n" * 500))
of("gzip-bomb", bomb)
of("deflate-bomb", lambda s, b: [plain(s, DEFLATED, "Content-Encoding: deflate\r\n")])
of("gzip-bomb-in-grants", bomb, grants=True)
of("gzip-cut-short", lambda s, b: [plain(s, gzip.compress(b * 50)[:-9], "Content-Encoding: gzip\r\n")])
of("deep-lists", lambda s, b: [plain(s, b"[" * 900_000)])
of("deep-lists-closed", lambda s, b: [plain(s, b"[" * 450_000 + b"]" * 450_000)])
of("deep-objects", lambda s, b: [plain(s, b'{"a":' * 150_000 + b"1" + b"}" * 150_000)])
of("deep-markup", lambda s, b: [plain(s, b"<a>" * 300_000, "Content-Type: text/html\r\n")])
of("number-of-900000-digits", lambda s, b: [plain(s, b'{"error": ' + b"7" * 900_000 + b"}")])
of("numbers-below-a-long-key", lambda s, b: [plain(s, NUMBERS)])
of("members-by-the-thousand", lambda s, b: [plain(s, MEMBERS)])
of("token-like-strings-by-the-thousand", lambda s, b: [plain(s, STRINGS)])
of("escapes-throughout", lambda s, b: [plain(s, b'{"error": "' + b"\\u0041" * 150_000 + b'"}')])
of("surrogates-throughout", lambda s, b: [plain(s, b'{"error": "' + b"\\ud800" * 150_000 + b'"}')])
of("base64-of-one-letter", lambda s, b: [plain(s, b'{"error": "' + b"A" * 900_000 + b'"}')])
of("base64-of-random-bytes", lambda s, b: [plain(s, ('{"error": "' + word(900_000) + '"}').encode())])
of("percent-throughout", lambda s, b: [plain(s, b'{"error": "' + b"%2525" * 180_000 + b'"}')])
of("entities-throughout", lambda s, b: [plain(s, b"<p>" + b"&amp;#38;amp;" * 70_000, "Content-Type: text/html\r\n")])
of("blanks-by-the-megabyte", lambda s, b: [plain(s, b"{" + b"\n" * 900_000 + b"}")])
of("single-characters-by-the-thousand", lambda s, b: [plain(s, json.dumps({"error": [c for c in word(150_000)]}).encode())])
of("digits-in-pairs", lambda s, b: [plain(s, (" ".join(f"{dice.randrange(256):02x}" for _ in range(300_000))).encode(), "Content-Type: text/plain\r\n")])
of("length-of-an-exabyte", lambda s, b: [f"HTTP/1.1 {s} x\r\nContent-Length: 1000000000000000000\r\n\r\n{{}}".encode()])
of("length-below-zero", lambda s, b: [f"HTTP/1.1 {s} x\r\nContent-Length: -5\r\n\r\n{{}}".encode()])
of("two-lengths", lambda s, b: [plain(s, b, "Content-Length: 3\r\n")])
of("length-and-chunks", lambda s, b: [f"HTTP/1.1 {s} x\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{{}}\r\n0\r\n\r\n".encode()])
of("chunked-twice", lambda s, b: [f"HTTP/1.1 {s} x\r\nTransfer-Encoding: chunked, chunked\r\n\r\n2\r\n{{}}\r\n0\r\n\r\n".encode()])
of("endless-body", lambda s, b: endless(f"HTTP/1.1 {s} x\r\nContent-Type: application/json\r\n\r\n[".encode(), b"1," * 5_000))
of("no-answer", lambda s, b: endless(b"", 0.5, b""))
of("no-answer-at-all", lambda s, b: endless(b"", 0.5, b""), grants=True)
of("throttled-for-ever", lambda s, b: [plain(429, b"{}", "Retry-After: 99999999999\r\n")])
of("throttled-for-ever-from-the-first", lambda s, b: [plain(429, b"{}", "Retry-After: 1\r\n")], grants=True)
of("unavailable-until-2099", lambda s, b: [plain(503, b"{}", "Retry-After: Fri, 31 Dec 2099 23:59:59 GMT\r\n")])
of("answer-of-version-nine", lambda s, b: [b"hello\r\n"])
of("preface-of-another-protocol", lambda s, b: [b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"])
of("status-999", lambda s, b: [plain(999, b)])
of("status-of-five-digits", lambda s, b: [plain(40100, b)])
of("body-with-204", lambda s, b: [plain(204, b'{"a": 1}')])
of("not-modified", lambda s, b: [plain(304, b"")])
of("switching-protocols", lambda s, b: [plain(101, b"", "Upgrade: websocket\r\nConnection: Upgrade\r\n")])
of("answer-sent-twice", lambda s, b: [plain(s, b) * 2], grants=True)
of("nul-bytes", lambda s, b: [plain(s, b'{"error": "a\\u0000b\x00c"}\x00', "X-N: a\x00b\r\n")])
of("reset-in-the-middle", lambda s, b: [plain(s, b)[:-3], "reset"])
of("orders-in-bodies", lambda s, b: [plain(s, json.dumps({"error": ORDERS, ORDERS: ORDERS}, ensure_ascii=False).encode())])
of("orders-as-plain-text", lambda s, b: [plain(s, ORDERS.encode(), "Content-Type: text/plain\r\n")])
of("orders-in-headers", lambda s, b: [plain(s, b, f"X-Order: {ORDERS.replace(chr(10), ' ').replace(chr(13), ' ')}\r\nServer: ::error::owned \x1b[31m\r\nWWW-Authenticate: Bearer realm=\"##vso[x]owned\"\r\n", reason="::set-output name=a::owned \x1b[2J")], grants=True)


@attack
def token_of_many_parts(status, body, gives):
    if not gives:
        return [plain(status, body)]
    value = json.loads(body)
    return [plain(status, json.dumps({**value, "accessToken": value["accessToken"] + ".a" * 100_000}).encode())]


@attack
def token_of_a_megabyte(status, body, gives):
    if not gives:
        return [plain(status, body)]
    value = json.loads(body)
    return [plain(status, json.dumps({**value, "refreshToken": value["refreshToken"] + word(900_000)}).encode())]


def lifetime(name: str, written: str):
    def send(status, body, gives):
        return [plain(status, re.sub(rb'(LifeTime":)\d+', rb"\g<1>" + written.encode(), body) if gives else body)]

    ATTACKS[f"lifetime-{name}"] = send


lifetime("beyond-numbers", "1e400")
lifetime("nearly-infinite", "1e308")
lifetime("below-zero", "-9223372036854775809")
lifetime("of-long-digits", "9" * 100_000)
lifetime("tiny", "0.0000000001")


@attack
def many_tokens_in_grants(status, body, gives):
    return [plain(status, json.dumps({**json.loads(body), "tokens": TOKENS[:30_000]}).encode() if gives else body)]


@attack
def orders_in_grants(status, body, gives):
    return [plain(status, json.dumps({**json.loads(body), "tokenType": ORDERS, ORDERS: 1}).encode() if gives else body)]


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256

    def __init__(self, name: str) -> None:
        super().__init__(("127.0.0.1", 0), Connection)
        self.service = Service(Options(users={"qa-certifier": "Canary+one/7Qw", "qa-second": "Canary-two/9Zx"}, lifetimes=Lifetimes(300, 900, 300)))
        self.attack = ATTACKS[name]

    def handle_error(self, request, client_address) -> None:
        if not isinstance(sys.exc_info()[1], OSError):
            import traceback
            traceback.print_exc()


class Connection(BaseHTTPRequestHandler):
    server: Server
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_message(self, *_) -> None:
        pass

    def _serve(self) -> None:
        request = Request.read(self.command, self.path, self.headers, self.rfile.read(int(self.headers.get("Content-Length") or 0)))
        below = request.path.removeprefix(BASE_PATH) if request.path.startswith(f"{BASE_PATH}/") else "//"
        if below == "/_mint":
            self.wfile.write(plain(200, json.dumps(self.server.service.mint(request)).encode()))
            return
        answer = self.server.service.answer(Request(request.method, below, request.query, request.headers, request.body))
        body = answer.payload() or b""
        self._play(self.server.attack(answer.status, body, b"accessToken" in body and b"LifeTime" in body))

    def _play(self, pieces) -> None:
        for piece in pieces:
            self._send(piece)
        while getattr(pieces, "endless", False):
            for piece in pieces[1:]:
                self._send(piece)
        if not pieces[-1:] or isinstance(pieces[-1], float) or b"HTTP/1.1 " not in pieces[0][:9]:
            self.close_connection = True

    def _send(self, piece) -> None:
        if isinstance(piece, float):
            time.sleep(piece)
        elif piece == "reset":
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
            self.close_connection = True
            self.connection.close()
        else:
            self.connection.sendall(piece)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = do_HEAD = _serve


CONFIGURATION = """[targets.x]
base_url = "http://127.0.0.1:{port}{base}"
login = "qa-certifier"
password = {{ env = "PW1" }}
probe = "/whoami"
probe_login = "/user/name"
requests_per_second = 0
explore = 0
max_wait = "1s"
second_user = {{ login = "qa-second", password = {{ env = "PW2" }} }}
ott = {{ command = ["{mint}", "http://127.0.0.1:{port}{base}", "{{login}}"], login = "qa-certifier" }}
"""

BAD_LINE = re.compile(r"^\s*(::|##vso|##\[|section_start:)|##vso\[|##\[error|[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]", re.M)


def start(program: str, name: str, home: Path, server: Server) -> subprocess.Popen:
    (home / "bo-conformance.toml").write_text(CONFIGURATION.format(port=server.server_address[1], base=BASE_PATH, mint=REPOSITORY / "tests/foreign/mint_ott.sh"))
    environment = {**os.environ, "PW1": "Canary+one/7Qw", "PW2": "Canary-two/9Zx", "XDG_STATE_HOME": str(home / "state")}
    with open(home / "stdout", "wb") as out, open(home / "stderr", "wb") as err:
        return subprocess.Popen([program, "run", "--target", "x", "--requirement", *REQUIREMENTS], cwd=home, env=environment, stdout=out, stderr=err, stdin=subprocess.DEVNULL)


def peak(process: subprocess.Popen) -> int:
    try:
        return int(re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{process.pid}/status").read_text())[1]) // 1024
    except (OSError, TypeError):
        return 0


def wait(process: subprocess.Popen, limit: float) -> tuple[float, int]:
    begin, most = time.monotonic(), 0
    while process.poll() is None and time.monotonic() - begin < limit:
        most = max(most, peak(process))
        time.sleep(0.02)
    return time.monotonic() - begin, most


def problems_of(program: str, name: str) -> tuple[str, list[str]]:
    server = Server(name)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    problems, summary = [], ""
    try:
        with tempfile.TemporaryDirectory() as folder:
            home = Path(folder)
            run = start(program, name, home, server)
            seconds, most = wait(run, ENDS_WITHIN)
            if run.poll() is None:
                problems.append(f"no end after {ENDS_WITHIN} s")
                run.kill()
            code = run.wait()
            if most > MEGABYTES:
                problems.append(f"{most} MB")
            if code not in (0, 1, 2, 3):
                problems.append(f"exit {code}: {(home / 'stderr').read_text(errors='replace')[-300:]}")
            for output in ("stdout", "stderr"):
                text = (home / output).read_bytes().decode(errors="replace")
                bad = BAD_LINE.search(text)
                if bad:
                    problems.append(f"{output} has {text[max(0, bad.start() - 30):bad.end() + 30]!r}")
                if len(text) > 1_000_000:
                    problems.append(f"{output} has {len(text)} characters")
            size = sum(file.stat().st_size for file in home.rglob("reports/*"))
            last = ((home / "stdout").read_text(errors="replace").strip() or (home / "stderr").read_text(errors="replace").strip()).splitlines()[-1:]
            summary = f"exit {code}, {seconds:.1f} s, {most} MB, reports {size // 1024} kB, {last[0][:110] if last else ''}"
        with tempfile.TemporaryDirectory() as folder:
            home = Path(folder)
            run = start(program, name, home, server)
            wait(run, min(4.0, seconds * 0.6))
            if run.poll() is None:
                run.send_signal(signal.SIGINT)
                obeyed, _ = wait(run, 20)
                summary += f", SIGINT {obeyed:.2f} s"
                if obeyed > 2:
                    problems.append(f"SIGINT needs {obeyed:.1f} s")
                if run.poll() is None:
                    run.kill()
                run.wait()
    finally:
        server.shutdown()
    return summary, problems


def main() -> int:
    program, failed = os.path.abspath(sys.argv[1]), 0
    for name in sys.argv[2:] or ATTACKS:
        summary, problems = problems_of(program, name)
        failed += bool(problems)
        print(f"{name}: {'; '.join(problems) or 'ok'} ({summary})", flush=True)
    print(f"{failed} attacks succeed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
