#!/usr/bin/env python3
"""Disturbs runs that shorten lifetimes, at random, and checks what becomes of the server's settings.

Usage: disturb.py PROGRAM FIRST_SEED COUNT   Exits 1 when a disturbance leaves other values, exit 0 and no word about it.

Each ends with the original values, at once or after the command that the program names; or the exit is not 0 and every report that was
written names `bo-conformance restore`.
"""

import http.client
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
USERS = "qa-certifier:Canary+one/7Qw\nqa-second:Canary-two/9Zx"
DRESSES = {
    None: "",
    "lifetimes-in-milliseconds": 'dialect = { lifetime_unit = "milliseconds" }',
    "lifetimes-in-minutes": "",
    "unconfigured-milliseconds": "",
}


class Proxy(ThreadingHTTPServer):
    """Lets some requests that change settings fail, before or after the server has them."""

    daemon_threads = True
    request_queue_size = 256

    def __init__(self, server: str, chance: random.Random, trouble: float) -> None:
        super().__init__(("127.0.0.1", 0), Connection)
        self.server_host, self.chance, self.trouble = server, chance, trouble

    def handle_error(self, request: object, client_address: object) -> None:
        pass


class Connection(BaseHTTPRequestHandler):
    server: Proxy
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_message(self, *_: object) -> None:
        pass

    def _serve(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        fails = self.command == "PATCH" and self.server.chance.random() < self.server.trouble
        how = self.server.chance.choice(["502", "503", "closed", "closed after", "500", "429"]) if fails else ""
        if how == "closed":
            self.close_connection = True
            self.connection.close()
            return
        if how.isdigit():
            self._send(int(how), [("Retry-After", "0")] if how in ("503", "429") else [], b"")
            return
        upstream = http.client.HTTPConnection(self.server.server_host, timeout=30)
        headers = {name: value for name, value in self.headers.items() if name.lower() not in ("host", "connection")}
        upstream.request(self.command, self.path, body or None, headers)
        answer = upstream.getresponse()
        received = answer.read()
        if how == "closed after":
            self.close_connection = True
            self.connection.close()
            return
        dropped = ("content-length", "transfer-encoding", "connection", "keep-alive")
        self._send(answer.status, [(n, v) for n, v in answer.getheaders() if n.lower() not in dropped], received)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = do_HEAD = _serve

    def _send(self, status, headers, body) -> None:
        head = [f"HTTP/1.1 {status} x", *(f"{n}: {v}" for n, v in headers), f"Content-Length: {len(body)}"]
        self.wfile.write("\r\n".join(head).encode() + b"\r\n\r\n" + body)


def lifetimes(server: str) -> dict:
    connection = http.client.HTTPConnection(server, timeout=30)
    connection.request("GET", "/api/v2/_stats")
    return json.loads(connection.getresponse().read())["lifetimes"]


def workplace(folder: Path, port: int, lines: str) -> Path:
    folder.mkdir()
    (folder / "bo-conformance.toml").write_text(
        f"""[targets.x]
base_url = "http://127.0.0.1:{port}/api/v2"
login = "qa-certifier"
password = {{ env = "PW" }}
probe = "/accounts?limit=1"
requests_per_second = 0
max_wait = "9s"
explore = 0
allow_settings_change = true
short_lifetimes = {{ access = "4s", refresh = "7s" }}
{lines}
"""
    )
    return folder


def command(program: str, folder: Path, *arguments: str) -> subprocess.Popen:
    environment = {**os.environ, "PW": "Canary+one/7Qw", "XDG_STATE_HOME": str(folder / "state")}
    output = open(folder / f"output-{arguments[0]}", "wb")
    return subprocess.Popen([program, *arguments], cwd=folder, env=environment, stdout=output, stderr=subprocess.STDOUT)


def disturb(program: str, seed: int) -> str | None:
    chance = random.Random(seed)
    dress = chance.choice(list(DRESSES))
    kind = chance.choice(["kill", "kill", "term", "int", "hup", "second run", "none"])
    trouble = chance.choice([0, 0, 0.3, 0.6])
    options = ["--access-lifetime", "300", "--refresh-lifetime", "3600"]
    if dress:
        options += ["--dress", dress.replace("unconfigured", "lifetimes-in")]
    if chance.random() < 0.3:
        options += ["--freedom", "settings-write-only"]
    if chance.random() < 0.2:
        options += ["--rate", "30", "--burst", "30", "--retry-after"]
    bo = subprocess.Popen([sys.executable, str(REPOSITORY / "tests/foreign/bo_server.py"), *options],
                          env={**os.environ, "BO_FOREIGN_USERS": USERS}, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    server = urllib.parse.urlsplit(bo.stdout.readline().split()[-1]).netloc
    proxy = Proxy(server, chance, trouble)
    threading.Thread(target=proxy.serve_forever, daemon=True).start()
    port = proxy.server_address[1]
    before = lifetimes(server)
    name = f"seed {seed}: {kind}, {dress}, trouble {trouble}, {' '.join(options[4:])}"
    try:
        with tempfile.TemporaryDirectory() as home:
            first = workplace(Path(home) / "a", port, DRESSES[dress])
            run = command(program, first, "run", "--target", "x", "--requirement", "EXPIRY-1", "SETTINGS-4", "ISSUE-4")
            time.sleep(chance.uniform(0.1, 12))
            other = None
            if kind == "second run":
                other = command(program, workplace(Path(home) / "b", port, DRESSES[dress]), "run", "--target", "x", "--requirement", "EXPIRY-1")
            elif kind != "none" and run.poll() is None:
                run.send_signal({"kill": signal.SIGKILL, "term": signal.SIGTERM, "int": signal.SIGINT, "hup": signal.SIGHUP}[kind])
            codes = [process.wait(timeout=600) for process in (run, other) if process]
            texts = [file.read_text(errors="replace") for file in Path(home).rglob("*") if file.name.startswith("output-")]
            if lifetimes(server) == before:
                return None
            if kind == "kill" and codes[0] == -signal.SIGKILL:
                proxy.trouble = 0
                mended = command(program, first, "restore", "--target", "x").wait(timeout=600)
                after = lifetimes(server)
                return None if after == before else f"{name}: restore ended with {mended}, {before} became {after}: {(first / 'output-restore').read_text()[-600:]}"
            reports = [file for file in Path(home).rglob("reports/*") if file.suffix in (".json", ".html", ".xml", ".md")]
            silent = [file.name for file in reports if "bo-conformance restore" not in file.read_text(errors="replace")]
            told = any("bo-conformance restore" in text for text in texts)
            if 0 in codes and len(codes) == 1 or silent or not told:
                return f"{name}: exits {codes}, {before} became {lifetimes(server)}, silent {silent}, told {told}: {texts[0][-600:]}"
            return None
    finally:
        proxy.shutdown()
        bo.stdin.close()
        bo.wait()


def main() -> int:
    problems = []
    for seed in range(int(sys.argv[2]), int(sys.argv[2]) + int(sys.argv[3])):
        problem = disturb(os.path.abspath(sys.argv[1]), seed)
        print(problem or f"seed {seed}: ok", flush=True)
        problems += [problem] if problem else []
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
