#!/usr/bin/env python3
"""Runs the program against a server that hides its live credentials in its answers, and searches everything that the program leaves.

Usage: leaks.py PROGRAM SEED...   Exits 1 when a whole credential can be read in a file or on the terminal, decoded or not, or when pieces of
more than one in fifty disguises can: some chains, as escapes that are rotated afterwards, are out of reach.

Nothing of the program is used to decode or to search: encoders, places and checker are written anew here.
"""

import base64
import binascii
import codecs
import gzip
import html
import http.client
import json
import os
import quopri
import random
import re
import subprocess
import sys
import tempfile
import threading
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
PASSWORDS = {"qa-certifier": "Canary+one/7Qw&%äß!", "qa-second": "Canary two\"9Zx<'>#?"}
BASE_PATH = "/api/v2"
# One disguise in so many may show a piece of its credential.
MOST_PIECES = 50


def separated(separator: str, form: str):
    return lambda data, _: separator.join(format(byte, form) for byte in data).encode()


def escapes(data: bytes, chance: random.Random, form: str, kept: bytes) -> bytes:
    share = chance.choice([0.2, 1.0])
    shown = lambda byte: bytes([byte]) if byte in kept and chance.random() >= share else (form % byte).encode()
    return b"".join(shown(byte) for byte in data)


LETTERS = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._"
ENCODERS = {
    "json": lambda data, chance: "".join(
        f"\\u{ord(c):04x}" if ord(c) > 126 or c in "\"\\" or chance.random() < 0.5 else c for c in data.decode("latin-1")
    ).encode(),
    "html": lambda data, chance: escapes(data, chance, chance.choice(["&#%d;", "&#x%x;"]), LETTERS),
    "percent": lambda data, chance: escapes(data, chance, chance.choice(["%%%02x", "%%%02X"]), LETTERS),
    "percent-twice": lambda data, chance: escapes(data, chance, "%%25%02x", LETTERS),
    "hex": lambda data, _: data.hex().encode(),
    "HEX": lambda data, _: data.hex().upper().encode(),
    "hex-colons": separated(":", "02x"),
    "hex-blanks": separated(" ", "02X"),
    "decimal": separated(", ", "d"),
    "octal": separated(" ", "o"),
    "base64": lambda data, _: base64.b64encode(data),
    "base64url": lambda data, _: base64.urlsafe_b64encode(data).rstrip(b"="),
    "base64-offset": lambda data, chance: base64.b64encode(b"user:"[chance.randrange(5) :] + data),
    "base64-mime": lambda data, _: base64.encodebytes(data).strip(),
    "base32": lambda data, _: base64.b32encode(data),
    "gzip-base64": lambda data, _: base64.b64encode(gzip.compress(data)),
    "utf-16": lambda data, _: data.decode("latin-1").encode("utf-16-le"),
    "quoted-printable": lambda data, _: quopri.encodestring(data, quotetabs=True),
    "rot13": lambda data, _: codecs.encode(data.decode("latin-1"), "rot13").encode("latin-1"),
    "reversed": lambda data, _: data[::-1],
    "uuencode": lambda data, _: b"".join(binascii.b2a_uu(data[at : at + 45]) for at in range(0, len(data), 45)),
    "upper": lambda data, _: data.upper(),
    "swapped": lambda data, _: data.swapcase(),
}


class Disguise:
    """A credential through a chain of encodings."""

    def __init__(self, credential: str, chance: random.Random) -> None:
        self.is_password = credential in PASSWORDS.values()
        text, name = credential, "plain"
        if not self.is_password and chance.random() < 0.15:
            parts = credential.split(".") if credential.count(".") == 2 else [credential[: len(credential) * 3 // 4]]
            text, name = max(parts, key=len), "part"
        self.names, self.steps = [name], [text.encode()]
        for _ in range(chance.randrange(4)):
            name, encode = chance.choice(list(ENCODERS.items()))
            if len(self.steps[-1]) > 700:
                break
            self.steps.append(encode(self.steps[-1], chance))
            self.names.append(name)
        if not self.is_recognisable():
            self.names, self.steps = self.names[:1], self.steps[:1]

    def is_recognisable(self) -> bool:
        """What only turns letters round cannot be undone within a dump, or where only a part of a token is written."""
        turned = {"rot13", "reversed"} & set(self.names)
        return not turned or not {"uuencode", "part"} & set(self.names)

    def text(self) -> str:
        return self.steps[-1].decode("utf-8", "replace")

    def line(self) -> str | None:
        """As a header can have it."""
        text = self.text()
        return text if text.isascii() and text.isprintable() else None

    def pieces(self) -> list[str]:
        """What must not be readable: a quarter of a token, half a password, in any step."""
        found = []
        for step in self.steps:
            text = step.decode("utf-8", "replace")
            size = max(8, len(text) // (2 if self.is_password else 4))
            found += [text[at : at + size] for at in range(0, len(text) - size + 1, size)]
        return found


class Proxy(ThreadingHTTPServer):
    """Between the program and the server: learns live credentials and adds them to answers."""

    daemon_threads = True
    request_queue_size = 256

    def __init__(self, server: str, seed: int) -> None:
        super().__init__(("127.0.0.1", 0), Connection)
        self.server_host = server
        self.chance = random.Random(seed)
        self.live = list(PASSWORDS.values()) * 3
        self.placed: list[tuple[str, Disguise]] = []
        self.lock = threading.Lock()

    def learn(self, body: bytes) -> None:
        for token in re.findall(rb'"(?:access|refresh)Token"\s*:\s*"([^"]+)"', body):
            with self.lock:
                self.live.append(token.decode())

    def disguise(self, place: str) -> Disguise:
        with self.lock:
            recent = self.live[:6] + self.live[-20:]
            made = Disguise(self.chance.choice(recent), self.chance)
            self.placed.append((place, made))
            return made


class Connection(BaseHTTPRequestHandler):
    """One connection of the program."""

    server: Proxy
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_message(self, *_: object) -> None:
        pass

    def _serve(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        upstream = http.client.HTTPConnection(self.server.server_host, timeout=30)
        headers = {name: value for name, value in self.headers.items() if name.lower() not in ("host", "connection")}
        upstream.request(self.command, self.path, body or None, headers)
        answer = upstream.getresponse()
        received = answer.read()
        upstream.close()
        self.server.learn(received)
        dropped = ("content-length", "transfer-encoding", "connection", "keep-alive")
        passed = [(name, value) for name, value in answer.getheaders() if name.lower() not in dropped]
        self._send(answer.status, answer.reason, passed, received)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = do_HEAD = _serve

    def _send(self, status: int, reason: str, headers: list[tuple[str, str]], body: bytes) -> None:
        chance = self.server.chance
        place = chance.choice(PLACES if status >= 400 else PLACES_OF_HEADERS)
        made = self.server.disguise(place)
        trailer = extension = b""
        line, text = made.line(), made.text()
        if place == "reason" and line:
            reason = line
        elif place == "trailer" and line:
            trailer = f"X-Trace: {line}\r\n".encode()
        elif place == "chunk extension" and line and ";" not in line:
            extension = f";ext={line}".encode()
        elif place in HEADERS and line:
            headers.append((HEADERS[place][0], HEADERS[place][1].format(line)))
        elif place in BODIES:
            media, write = BODIES[place]
            headers = [(name, value) for name, value in headers if name.lower() != "content-type"]
            headers.append(("Content-Type", media))
            body = write(text, body).encode("utf-8", "replace")
        self._write(status, reason, headers, body, trailer, extension)

    def _write(self, status, reason, headers, body, trailer, extension) -> None:
        head = [f"HTTP/1.1 {status} {reason}", *(f"{name}: {value}" for name, value in headers)]
        if self.command == "HEAD" or status in (204, 304):
            body = b""
        if trailer or extension:
            head.append("Transfer-Encoding: chunked")
            body = b"%x%s\r\n%s\r\n0%s\r\n%s\r\n" % (len(body), extension, body, extension, trailer)
        else:
            head.append(f"Content-Length: {len(body)}")
        self.wfile.write("\r\n".join(head).encode("utf-8", "replace") + b"\r\n\r\n" + body)


def member(text: str, body: bytes) -> str:
    try:
        answer = json.loads(body)
    except ValueError:
        answer = {}
    answer = answer if isinstance(answer, dict) else {}
    return json.dumps({**answer, "received": text}, ensure_ascii=False)


def in_two(text: str) -> dict[str, str]:
    """Halves of what is long enough to be recognised by its half."""
    middle = len(text) // 2 if re.fullmatch(r"[\w.+/=-]{40,}", text) else len(text)
    return {"a": text[:middle], "b": text[middle:]}


BODIES = {
    "member": ("application/json", member),
    "key": ("application/json", lambda text, _: json.dumps({"error": {text: "unknown"}})),
    "message": ("application/json", lambda text, _: json.dumps({"message": f"the token {text} is not valid"})),
    "two members": ("application/json", lambda text, _: json.dumps(in_two(text))),
    "guarded json": ("application/json", lambda text, _: ")]}'\n" + json.dumps({"value": text})),
    "xml": ("application/xml", lambda text, _: f"<error><detail>{html.escape(text)}</detail></error>"),
    "html": ("text/html", lambda text, _: f"<html><p>Sign in</p><!-- {text} --></html>"),
    "form": ("application/x-www-form-urlencoded", lambda text, _: urllib.parse.urlencode({"error": 1, "t": text})),
    "text": ("text/plain", lambda text, _: f"not valid: {text}\n"),
}
HEADERS = {
    "debug header": ("X-Debug", "{}"),
    "header name": ("X-{}", "1"),
    "cookie": ("Set-Cookie", "last={}; Path=/"),
    "location": ("Location", "https://bo.example/login?t={}#top"),
    "fragment": ("Location", "/#t={}"),
    "challenge": ("X-Challenge", 'Bearer realm="bo", state="{}"'),
    "etag": ("ETag", '"{}"'),
}
PLACES_OF_HEADERS = [*HEADERS, "reason", "trailer", "chunk extension"]
PLACES = [*PLACES_OF_HEADERS, *BODIES, *BODIES]


def readings(text: str) -> list[str]:
    """What a reader makes of a text: itself, and decoded."""
    unescape = lambda found: chr(int(found[1], 16))
    texts = [text, re.sub(r"\\u([0-9a-fA-F]{4})", unescape, text).replace("\\/", "/").replace('\\"', '"').replace("\\\\", "\\")]
    texts += [html.unescape(it) for it in list(texts)]
    texts += [urllib.parse.unquote(it) for it in texts[:2]] + [urllib.parse.unquote(urllib.parse.unquote(text))]
    for run in set(re.findall(r"[A-Za-z0-9+/_-]{16,}", text)):
        for start in range(4):
            part = run[start:].replace("-", "+").replace("_", "/")
            texts.append(base64.b64decode(part[: len(part) // 4 * 4]).decode("utf-8", "replace"))
    for run in set(re.findall(r"(?:[0-9a-fA-F]{2}){8,}", text)):
        texts.append(bytes.fromhex(run).decode("utf-8", "replace"))
    return texts


def run(program: str, seed: int, folder: Path) -> list[str]:
    users = "\n".join(f"{login}:{password}" for login, password in PASSWORDS.items())
    bo = subprocess.Popen(
        [sys.executable, str(REPOSITORY / "tests/foreign/bo_server.py")],
        env={**os.environ, "BO_FOREIGN_USERS": users}, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )
    proxy = Proxy(urllib.parse.urlsplit(bo.stdout.readline().split()[-1]).netloc, seed)
    threading.Thread(target=proxy.serve_forever, daemon=True).start()
    (folder / "second.password").write_text(PASSWORDS["qa-second"])
    (folder / "bo-conformance.toml").write_text(
        f"""[targets.hiding]
base_url = "http://127.0.0.1:{proxy.server_address[1]}{BASE_PATH}"
login = "qa-certifier"
password = {{ env = "FIRST_PASSWORD" }}
probe = "/whoami"
probe_login = "/user/name"
requests_per_second = 0
max_wait = "1s"
explore = 0
second_user = {{ login = "qa-second", password = {{ file = "second.password" }} }}
"""
    )
    environment = {**os.environ, "FIRST_PASSWORD": PASSWORDS["qa-certifier"], "XDG_STATE_HOME": str(folder / "state")}
    ended = subprocess.run(
        [program, "run", "--target", "hiding"], cwd=folder, env=environment, capture_output=True, text=True, timeout=300
    )
    bo.stdin.close()
    proxy.shutdown()
    shown = {"standard output": ended.stdout, "standard error": ended.stderr}
    for file in folder.rglob("*"):
        if file.is_file() and file.name not in ("second.password", "bo-conformance.toml"):
            shown[str(file.relative_to(folder))] = file.read_text(errors="replace")
    problems = []
    if ended.returncode not in (0, 1, 3) or "a secret of this run" in ended.stderr or "reports/results.json" not in shown:
        problems.append(f"the run ended with {ended.returncode}: {ended.stderr[-2000:]}")
    if len(proxy.placed) < 200:
        problems.append(f"only {len(proxy.placed)} credentials were placed")
    read = {place: "\n".join(readings(text)).lower() for place, text in shown.items()}
    secrets = {it for _, made in proxy.placed for it in [made.steps[0].decode()]} | set(PASSWORDS.values())
    pieces = set()
    for place, text in read.items():
        problems += [f"{place}: {secret}" for secret in secrets if secret.lower() in text]
        for where, made in proxy.placed:
            piece = next((piece for piece in made.pieces() if piece in shown[place]), None)
            if piece:
                pieces.add(id(made))
                print(f"  {place}: {piece!r} of {' '.join(made.names)} in {where}")
    if len(pieces) * MOST_PIECES > len(proxy.placed):
        problems.append(f"pieces of {len(pieces)} disguises of {len(proxy.placed)} can be read")
    print(f"seed {seed}: exit {ended.returncode}, {len(proxy.placed)} placed, {len(shown)} texts, {len(problems)} problems")
    return problems


def main() -> int:
    problems = []
    for seed in sys.argv[2:]:
        with tempfile.TemporaryDirectory() as folder:
            problems += run(os.path.abspath(sys.argv[1]), int(seed), Path(folder))
    print("\n".join(sorted(set(problems))[:200]))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
