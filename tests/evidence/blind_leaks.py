#!/usr/bin/env python3
"""Tricks of servers that hide live credentials in their answers, imagined before the redactor was read, and a checker of its own.

Usage: blind_leaks.py PROGRAM [TRICK...]   Runs the program once for each trick and searches files, stdout and stderr. Exits 1 when a trick shows
a credential. `blind_leaks.py PROGRAM --together` hides each answer's credentials by another trick, in one run.
"""

import base64
import codecs
import collections
import gzip
import html
import json
import os
import quopri
import random
import re
import subprocess
import sys
import tempfile
import threading
import time
import unicodedata
import urllib.parse
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
PASSWORDS = {"qa-certifier": 'Grün "Tor"\'7 <Qx>&Zw', "qa-second": "w8Kq"}
REQUIREMENTS = ["ISSUE-1", "ISSUE-6", "ISSUE-8", "ISSUE-16", "USE-1", "USE-3", "USE-4", "REFRESH-1", "REFRESH-7", "OTT-1", "OTT-4", "ERROR-3", "ERROR-4"]
TRICKS = {}


class Outgoing:
    """An answer before it is written: everything that a trick can change."""

    def __init__(self, answer) -> None:
        self.status, self.value = answer.status, answer.value
        self.reason, self.body = "Answer", answer.payload()
        self.headers = [("Content-Type", "application/json"), *answer.headers.items()]
        self.trailers, self.extension = [], ""

    def member(self, value: object, name: str = "detail") -> None:
        """Adds a member to a JSON object."""
        if isinstance(self.value, dict):
            self.value = {**self.value, name: value}
            self.body = json.dumps(self.value, ensure_ascii=False).encode()

    def page(self, text: str | bytes, kind: str) -> None:
        """Replaces the body, unless it gives out tokens."""
        if isinstance(self.value, dict) and "accessToken" in self.value:
            return
        self.body = text if isinstance(text, bytes) else text.encode(errors="surrogatepass")
        self.headers = [(n, v) for n, v in self.headers if n.lower() != "content-type"] + [("Content-Type", kind)]

    def header(self, name: str, value: str) -> None:
        self.headers.append((name, value))


def trick(function):
    """Registers a trick: it hides a secret in an answer and returns what of the answer is the secret."""
    TRICKS[function.__name__.replace("_", "-")] = function
    return function


def member(name: str, encode):
    def hide(secret: str, out: Outgoing, dice: random.Random) -> str:
        hidden = encode(secret, dice)
        out.member(hidden)
        return hidden if isinstance(hidden, str) else json.dumps(hidden)

    TRICKS[name] = hide


def header(name: str, field: str, form: str, encode=lambda text: urllib.parse.quote(text)):
    def hide(secret: str, out: Outgoing, dice: random.Random) -> str:
        hidden = encode(secret)
        out.header(field, form % hidden)
        return hidden

    TRICKS[name] = hide


def page(name: str, kind: str, form: str, encode):
    def hide(secret: str, out: Outgoing, dice: random.Random) -> str:
        hidden = encode(secret)
        out.page(form.replace("@", hidden), kind)
        return hidden

    TRICKS[name] = hide


def bare(text: bytes) -> str:
    return base64.urlsafe_b64encode(text).decode().rstrip("=")


def whole(digits: str, data: bytes) -> str:
    number, text = int.from_bytes(data, "big"), ""
    while number:
        number, rest = divmod(number, len(digits))
        text = digits[rest] + text
    return text


def pieces(text: str, size: int) -> list[str]:
    return [text[at : at + size] for at in range(0, len(text), size)]


def z85(data: bytes) -> str:
    signs = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#"
    data += b"\0" * (-len(data) % 4)
    text = ""
    for at in range(0, len(data), 4):
        number, part = int.from_bytes(data[at : at + 4], "big"), ""
        for _ in range(5):
            number, rest = divmod(number, 85)
            part = signs[rest] + part
        text += part
    return text


BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
NATO = "alpha bravo charlie delta echo foxtrot golf hotel india juliett kilo lima mike november oscar papa quebec romeo sierra tango uniform victor whiskey xray yankee zulu"
SPOKEN = {word[0]: word for word in NATO.split()} | dict(zip("0123456789", "zero one two three four five six seven eight nine".split())) | {"-": "dash"}


def mathematical(text: str) -> str:
    moved = {ord(c): chr(0x1D400 + i) for i, c in enumerate("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")}
    return text.translate(moved | {ord(str(n)): chr(0x1D7CE + n) for n in range(10)})


def xxd(data: bytes) -> str:
    rows = [data[at : at + 16] for at in range(0, len(data), 16)]
    shown = lambda row: "".join(chr(b) if 32 <= b < 127 else "." for b in row)
    return "\n".join(f"{16 * i:08x}: {' '.join(pieces(row.hex(), 4)):39}  {shown(row)}" for i, row in enumerate(rows))


# In a member of a JSON object
member("nested-json-four-times", lambda s, d: json.dumps(json.dumps(json.dumps(json.dumps({"t": s})))))
member("jwt-in-base64", lambda s, d: base64.b64encode(f"eyJhbGciOiJub25lIn0.{bare(json.dumps({'jti': s}).encode())}.".encode()).decode())
member("members-split", lambda s, d: {f"part{i}": part for i, part in enumerate(pieces(s, 8))})
member("list-of-characters", lambda s, d: list(s))
member("soft-hyphens", lambda s, d: "\u00ad".join(s))
member("zero-width-blanks", lambda s, d: "\u200b".join(pieces(s, 2)))
member("hex-in-mixed-case", lambda s, d: "".join(d.choice([c.upper(), c]) for c in s.encode().hex()))
member("base58", lambda s, d: whole(BASE58, s.encode()))
member("base62", lambda s, d: whole(BASE62, s.encode()))
member("base85", lambda s, d: base64.b85encode(s.encode()).decode())
member("ascii85", lambda s, d: base64.a85encode(s.encode(), adobe=True).decode())
member("z85", lambda s, d: z85(s.encode()))
member("base64-url-in-dotted-groups", lambda s, d: ".".join(pieces(bare(s.encode()), 11)))
member("base64-of-gzip", lambda s, d: base64.b64encode(gzip.compress(json.dumps({"t": s}).encode(), mtime=0)).decode())
member("data-uri", lambda s, d: "data:application/json;base64," + base64.b64encode(s.encode()).decode())
member("prefix-of-twelve", lambda s, d: s[:12])
member("suffix-of-twelve", lambda s, d: s[-12:])
member("every-second-character", lambda s, d: s[::2])
member("reversed", lambda s, d: s[::-1])
member("rot13", lambda s, d: codecs.encode(s, "rot13"))
member("rot47-of-base64", lambda s, d: "".join(chr(33 + (ord(c) + 14) % 94) for c in base64.b64encode(s.encode()).decode()))
member("upper-case", lambda s, d: s.upper())
member("percent-three-times", lambda s, d: "".join(f"%2525{b:02X}" for b in s.encode()))
member("base32-like-a-license", lambda s, d: "-".join(pieces(base64.b32encode(s.encode()).decode().rstrip("="), 5)))
member("base64-of-utf16", lambda s, d: base64.b64encode(s.encode("utf-16-le")).decode())
member("full-width", lambda s, d: "".join(chr(ord(c) + 0xFEE0) if 33 <= ord(c) < 127 else c for c in s))
member("mathematical-bold", lambda s, d: mathematical(s))
member("combining-marks-between", lambda s, d: "".join(c + "\u0332" for c in s))
member("binary", lambda s, d: " ".join(f"{b:08b}" for b in s.encode()))
member("spoken-alphabet", lambda s, d: " ".join(SPOKEN.get(c.lower(), c) for c in s))
member("one-big-number", lambda s, d: int.from_bytes(s.encode(), "big"))
member("url-with-user", lambda s, d: f"https://qa-certifier:{urllib.parse.quote(s, safe='')}@bo.example/x")
member("basic-credentials", lambda s, d: "Basic " + base64.b64encode(f"qa-certifier:{s}".encode()).decode())
member("hex-dump", lambda s, d: xxd(s.encode()))
member("c-escapes", lambda s, d: "".join(d.choice([f"\\x{b:02x}", f"\\{b:03o}"]) for b in s.encode()))
member("from-char-code", lambda s, d: f"String.fromCharCode({','.join(str(ord(c)) for c in s)})")
member("css-escapes", lambda s, d: "".join(f"\\{ord(c):x} " for c in s))
member("xor-hex", lambda s, d: bytes(b ^ 0x55 for b in s.encode()).hex())
member("tabs-between", lambda s, d: "\t".join(s))
member("tags-between", lambda s, d: "".join(f"<b>{c}</b>" for c in s))
member("colours-between", lambda s, d: "".join(f"\x1b[3{i % 8}m{c}" for i, c in enumerate(s)))
member("base64-of-reversed", lambda s, d: base64.b64encode(s[::-1].encode()).decode())
member("between-words", lambda s, d: " and ".join(f"the{part}cat" for part in pieces(s, 10)))
member("hex-with-prefixes", lambda s, d: ", ".join(f"0x{b:02X}" for b in s.encode()))
member("rotated-in-place", lambda s, d: s[len(s) // 2 :] + s[: len(s) // 2])
member("counted-characters", lambda s, d: {str(i): c for i, c in enumerate(s)})
member("concatenation", lambda s, d: '"' + '" + "'.join(pieces(s, 6)) + '"')
member("base64-twice-in-lines", lambda s, d: base64.encodebytes(base64.b64encode(s.encode())).decode().replace("\n", "\r\n "))
member("stack-trace", lambda s, d: f"java.lang.IllegalStateException: at com.example.Token${s}.check(Token.java:118)")


@trick
def key_of_a_member(secret, out, dice):
    out.member({secret: True}, "index")
    return secret


@trick
def first_of_duplicate_keys(secret, out, dice):
    out.member("x")
    if isinstance(out.value, dict) and out.body:
        out.body = out.body.replace(b'"detail"', b'"detail": ' + json.dumps(secret).encode() + b', "detail"', 1)
    return secret


@trick
def zipped_with_another(secret, out, dice):
    other = "".join(dice.choice("0123456789abcdef") for _ in secret)
    out.member("".join(a + b for a, b in zip(secret, other)))
    return "".join(a + b for a, b in zip(secret, other))


# In headers
header("cookie-value", "Set-Cookie", "sid=%s; Path=/")
header("cookie-name", "Set-Cookie", "%s=1; Path=/")
header("etag", "ETag", 'W/"%s"')
header("location-fragment", "Location", "/cb?state=ok#access_token=%s&x=1", lambda s: "".join(f"%{b:02x}" for b in s.encode()))
header("link", "Link", '<https://bo.example/t/%s>; rel="next"')
header("challenge-quoted-pairs", "WWW-Authenticate", 'Bearer realm="bo", error_description="%s"', lambda s: "".join("\\" + c for c in urllib.parse.quote(s)))
header("server-timing", "Server-Timing", 'db;desc="%s";dur=53')
header("content-disposition", "Content-Disposition", "attachment; filename*=UTF-8''%s", lambda s: "".join(f"%{b:02X}" for b in s.encode()))
header("refresh-header", "Refresh", "5; url=/x;%s")
header("alt-svc", "Alt-Svc", 'h3="%s:443"; ma=60')
header("content-security-policy", "Content-Security-Policy", "script-src 'nonce-%s'", lambda s: base64.b64encode(s.encode()).decode())
header("traceparent", "traceparent", "00-%s-01", lambda s: s.encode().hex())
header("encoded-word", "Warning", "199 bo =?utf-8?Q?%s?=", lambda s: "".join(f"={b:02X}" for b in s.encode()))


@trick
def header_name(secret, out, dice):
    name = re.sub("[^A-Za-z0-9-]", "-", secret)
    out.header(f"X-{name}", "1")
    return name


@trick
def over_three_headers(secret, out, dice):
    hidden = urllib.parse.quote(secret)
    for number, part in enumerate(pieces(hidden, len(hidden) // 3 + 1)):
        out.header(f"X-Part-{number}", part)
    return hidden


@trick
def content_type_parameter(secret, out, dice):
    hidden = urllib.parse.quote(secret)
    out.headers = [(n, f"{v}; boundary={hidden}" if n == "Content-Type" else v) for n, v in out.headers]
    return hidden


@trick
def reason_phrase(secret, out, dice):
    out.reason = urllib.parse.quote(secret)
    return out.reason


@trick
def trailer(secret, out, dice):
    out.trailers.append(("X-Trail", urllib.parse.quote(secret)))
    return urllib.parse.quote(secret)


@trick
def chunk_extension(secret, out, dice):
    out.extension = f";sig={urllib.parse.quote(secret)}"
    return urllib.parse.quote(secret)


# In other bodies
page("lines-split", "text/plain", "Trace of the call\n@\nend of trace\n", lambda s: "\n".join(pieces(s, 8)))
page("html-attributes", "text/html", "<html><body><h1>Error</h1><div data-a='@'>failed</div></body></html>", lambda s: "".join(f"&#{ord(c):05d}" for c in s))
page("xml-cdata", "application/xml", "<error><m>The call failed</m><t>@</t></error>", lambda s: "".join(f"<![CDATA[{p}]]>" for p in pieces(s, 7)))
page("yaml-folded", "application/yaml", "error: failed\ntoken: >-\n@\n", lambda s: "\n".join(f"    {p}" for p in pieces(s, 9)))
page("toml-continued", "application/toml", 'error = "failed"\ntoken = """\\\n@"""\n', lambda s: "\\\n".join(pieces(s, 9)))
page("csv-cells", "text/csv", "id,name\n1,@\n", lambda s: ",".join(f'"{p}"' for p in pieces(s, 3)))
page("script-comments", "text/javascript", "/* failed */ var t = @;", lambda s: "/**/".join(f'"{p}"+' for p in pieces(s, 5)) + '""')
page("svg-text", "image/svg+xml", "<svg><text>@</text></svg>", lambda s: "<!-- -->".join(pieces(s, 4)))
page("quoted-printable", "text/plain", "The call failed: @\n", lambda s: "=\n".join(pieces("".join(f"={b:02X}" for b in s.encode()), 24)))
page("form-fields", "application/x-www-form-urlencoded", "error=failed&token=@", lambda s: "".join(f"%{b:02x}" for b in s.encode()))
page("multipart", "multipart/form-data; boundary=b", '--b\r\nContent-Disposition: form-data; name="t"\r\n\r\n@\r\n--b--\r\n', lambda s: s)
page("json-lines", "application/x-ndjson", '{"a": 1}\n{"t": @}\n', lambda s: json.dumps(s))
page("php-serialized", "text/plain", 'a:1:{s:1:"t";@}', lambda s: f's:{len(s.encode())}:"{s}";')


@trick
def utf16_body(secret, out, dice):
    out.page(json.dumps({"error": "failed", "t": secret}, ensure_ascii=False).encode("utf-16"), "application/json; charset=utf-16")
    return secret


@trick
def utf7_body(secret, out, dice):
    out.page(("+ADw-b+AD4- failed: " + "".join(f"+{base64.b64encode(c.encode('utf-16-be')).decode().rstrip('=')}-" for c in secret)).encode(), "text/html; charset=utf-7")
    return "".join(f"+{base64.b64encode(c.encode('utf-16-be')).decode().rstrip('=')}-" for c in secret)


@trick
def ebcdic_body(secret, out, dice):
    out.page(f"failed {secret}".encode("cp037"), "text/plain; charset=ibm037")
    return secret.encode("cp037").decode("latin-1")


def coded(name: str, coding: str, pack):
    def hide(secret: str, out: Outgoing, dice: random.Random) -> str:
        out.page(pack(json.dumps({"error": "failed", "t": secret}).encode()), "application/json")
        if "accessToken" not in str(out.value):
            out.header("Content-Encoding", coding)
        return secret

    TRICKS[name] = hide


def stored_brotli(data: bytes) -> bytes:
    bits = 0 | 0 << 1 | 0 << 2 | (len(data) - 1) << 4 | 1 << 20
    return bits.to_bytes(3, "little") + data + b"\x03"


coded("deflate-body", "deflate", lambda data: zlib.compress(data))
coded("stored-deflate-body", "deflate", lambda data: zlib.compress(data, 0))
coded("brotli-body", "br", stored_brotli)
coded("gzip-twice", "gzip, gzip", lambda data: gzip.compress(gzip.compress(data)))
coded("unknown-coding", "zstd", lambda data: b"\x28\xb5\x2f\xfd" + data)


@trick
def request_repeated(secret, out, dice):
    hidden = secret.encode().hex(" ", 2).upper()
    out.member(f"You sent: Authorization: Bearer {hidden}")
    return hidden


@trick
def plain_among_words(secret, out, dice):
    out.member(f"The value {secret} is not known here.")
    return secret


class Server(ThreadingHTTPServer):
    """The foreign server, with one trick or all of them."""

    daemon_threads = True
    request_queue_size = 256

    def __init__(self, tricks: list[str], passwords: dict[str, str]) -> None:
        super().__init__(("127.0.0.1", 0), Connection)
        self.service = Service(Options(users=passwords, lifetimes=Lifetimes(300, 900, 300)))
        self.tricks, self.passwords = tricks, passwords
        self.lock, self.number, self.minted = threading.Lock(), 0, collections.deque(maxlen=4)
        self.hidden: dict[str, set[tuple[str, str]]] = {name: set() for name in tricks}

    def credentials(self) -> list[str]:
        sessions = self.service.state.sessions
        live = [*list(sessions._access)[-1:], *list(sessions._refresh)[-1:], *list(self.minted)[-1:], self.passwords["qa-certifier"]]
        return live

    def disguise(self, out: Outgoing) -> None:
        with self.lock:
            self.number += 1
            name = self.tricks[self.number % len(self.tricks)]
            live = self.credentials()
            secret = live[(self.number // len(self.tricks)) % len(live)]
        before = out.body
        hidden = TRICKS[name](secret, out, random.Random(self.number))
        dummy = TRICKS[name]("".join(chr(ord(c) ^ 1) if c.isalnum() else c for c in secret), Outgoing(Plain(out)), random.Random(self.number))
        if before is not None or hidden:
            self.hidden[name].add((secret, str(hidden), str(dummy)))

    def handle_error(self, request, client_address) -> None:
        if not isinstance(sys.exc_info()[1], OSError):
            import traceback
            traceback.print_exc()


class Plain:
    """Something to try a trick on."""

    def __init__(self, out: Outgoing) -> None:
        self.status, self.value, self.headers = out.status, {}, {}

    def payload(self) -> bytes:
        return b"{}"


class Connection(BaseHTTPRequestHandler):
    server: Server
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_message(self, *_) -> None:
        pass

    def _serve(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        request = Request.read(self.command, self.path, self.headers, body)
        if request.path == f"{BASE_PATH}/_mint":
            minted = self.server.service.mint(request)
            self.server.minted.append(minted["minted"])
            text = json.dumps(minted).encode()
            self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(text) + text)
            return
        below = request.path.removeprefix(BASE_PATH) if request.path.startswith(f"{BASE_PATH}/") else "//"
        answer = self.server.service.answer(Request(request.method, below, request.query, request.headers, request.body))
        out = Outgoing(answer)
        self.server.disguise(out)
        self.wfile.write(wire(out, self.command == "HEAD"))

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = do_HEAD = _serve


def wire(out: Outgoing, without_body: bool) -> bytes:
    body = out.body or b""
    head = [f"HTTP/1.1 {out.status} {out.reason}", *(f"{n}: {v}" for n, v in out.headers)]
    if out.trailers or out.extension:
        head.append("Transfer-Encoding: chunked")
        sent = b"%x%s\r\n%s\r\n" % (len(body), out.extension.encode("latin-1"), body) if body else b""
        sent += b"0\r\n" + b"".join(f"{n}: {v}\r\n".encode("latin-1") for n, v in out.trailers) + b"\r\n"
    else:
        head.append(f"Content-Length: {len(body)}")
        sent = body
    return "\r\n".join([*head, "", ""]).encode("latin-1", errors="replace") + (b"" if without_body else sent)


# The checker

UNESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})|\\x([0-9a-fA-F]{2})|\\(.)", re.S)


def unescaped(text: str) -> str:
    def plain(match: re.Match) -> str:
        if match[1] or match[2]:
            return chr(int(match[1] or match[2], 16))
        return {"n": "\n", "t": "\t", "r": "\r"}.get(match[3], match[3])

    text = UNESCAPE.sub(plain, text)
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def views(data: bytes) -> list[str]:
    """A file's text as it is, unescaped, decoded, and the text hidden in runs of hexadecimal or base64."""
    text = data.decode(errors="replace")
    layers = [text, unescaped(text), html.unescape(text), unescaped(unescaped(text)), unescaped(html.unescape(text)), urllib.parse.unquote(text)]
    found = []
    for layer in layers[:2]:
        for run in re.findall(r"[A-Za-z0-9+/_-]{12,}", layer):
            try:
                found.append(base64.urlsafe_b64decode(run.replace("+", "-").replace("/", "_") + "=" * (-len(run) % 4)).decode("latin-1"))
            except ValueError:
                pass
        found += [bytes.fromhex(run).decode("latin-1") for run in re.findall(r"\b(?:[0-9a-fA-F]{2}){8,}\b", layer)]
    layers.append("\n".join(found))
    return layers


def skeleton(text: str) -> str:
    """Only letters and digits, in their plain form: whatever stands between them does not matter."""
    plain = unicodedata.normalize("NFKC", text)
    return "".join(c for c in plain if c.isalnum())


def windows(hidden: str, dummy: str) -> set[str]:
    """What shows that a disguise is there: at least half of each would differ, were the secret another one."""
    short, other = skeleton(hidden), skeleton(dummy)
    size = max(8, min(20, len(short) // 2))
    places = range(len(short) - size + 1)
    if len(short) != len(other):
        return {short[at : at + size] for at in places} - {other[at : at + size] for at in range(len(other) - size + 1)}
    return {short[at : at + size] for at in places if sum(a != b for a, b in zip(short[at : at + size], other[at : at + size])) * 2 >= size}


def search(home: Path, server: Server) -> dict[str, list[str]]:
    """For each trick that shows a credential: where, and what."""
    files = [file for file in home.rglob("*") if file.is_file() and file.suffix not in (".toml", ".sh") and "state" not in file.parts]
    shown: dict[str, list[str]] = {}
    for file in files:
        layers = views(file.read_bytes())
        skeletons = [skeleton(layer) for layer in layers[:5]]
        for name, hidden in server.hidden.items():
            for secret, disguise, dummy in hidden:
                plain = next((secret for layer in layers if secret in layer), None)
                piece = plain or next((w for w in windows(disguise, dummy) if any(w in text for text in skeletons)), None)
                if piece:
                    shown.setdefault(name, []).append(f"{file.name}: {piece!r} of {disguise[:80]!r}")
    return shown


CONFIGURATION = """[targets.x]
base_url = "http://127.0.0.1:{port}{base}"
login = "qa-certifier"
password = {{ env = "PW1" }}
probe = "/whoami"
probe_login = "/user/name"
requests_per_second = 0
explore = 0
second_user = {{ login = "qa-second", password = {{ env = "PW2" }} }}
ott = {{ command = ["{mint}", "http://127.0.0.1:{port}{base}", "{{login}}"], login = "qa-certifier" }}
"""


def attempt(program: str, tricks: list[str], requirements: list[str]) -> tuple[dict[str, list[str]], int, float, dict]:
    """One run. Returns what leaked, the exit code, seconds, and how often each trick was used."""
    server = Server(tricks, PASSWORDS)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        (home / "bo-conformance.toml").write_text(CONFIGURATION.format(port=server.server_address[1], base=BASE_PATH, mint=REPOSITORY / "tests/foreign/mint_ott.sh"))
        environment = {**os.environ, "PW1": PASSWORDS["qa-certifier"], "PW2": PASSWORDS["qa-second"], "XDG_STATE_HOME": str(home / "state"),
                       "GITHUB_STEP_SUMMARY": str(home / "step-summary"), "GITHUB_ACTIONS": "true", "GITLAB_CI": "true"}
        begin = time.monotonic()
        arguments = [program, "run", "--target", "x", "-v", *(["--requirement", *requirements] if requirements else [])]
        with open(home / "stdout", "wb") as out, open(home / "stderr", "wb") as err:
            code = subprocess.run(arguments, cwd=home, env=environment, stdout=out, stderr=err, stdin=subprocess.DEVNULL, timeout=900).returncode
        seconds = time.monotonic() - begin
        if os.environ.get("KEEP"):
            import shutil
            shutil.copytree(home, os.environ["KEEP"], dirs_exist_ok=True)
        shown = search(home, server)
        server.shutdown()
        return shown, code, seconds, {name: len(hidden) for name, hidden in server.hidden.items()}


def main() -> int:
    program, names = os.path.abspath(sys.argv[1]), sys.argv[2:]
    if names == ["--together"]:
        rounds = [list(TRICKS)]
    else:
        rounds = [[name] for name in names or TRICKS]
    leaks = 0
    for tricks in rounds:
        shown, code, seconds, used = attempt(program, tricks, [] if len(tricks) > 1 else REQUIREMENTS)
        for name in tricks:
            found = shown.get(name, [])
            leaks += bool(found)
            print(f"{name}: {'LEAK' if found else 'ok'}, used {used[name]} times, exit {code}, {seconds:.1f} s", flush=True)
            for line in sorted(found)[:4]:
                print(f"    {line}", flush=True)
    print(f"{leaks} of {len(TRICKS) if len(rounds) > 1 or len(rounds[0]) > 1 else 1} tricks show a credential")
    return 1 if leaks else 0


if __name__ == "__main__":
    sys.exit(main())
