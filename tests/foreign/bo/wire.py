"""How an answer goes out: headers, codings, pieces, and the ways of breaking off."""

import gzip
import json
import os
import socket
import struct
import time
from dataclasses import dataclass
from email.utils import formatdate
from http import HTTPStatus

from .catalogue import Switches
from .messages import Answer, Form, Request

SLOW_SECONDS = 0.15
TRICKLE_BYTES = 16
TRICKLE_SECONDS = 0.002
CHUNK_BYTES = 7
PATIENCE_SECONDS = 300
"""How long an unanswered client is held before the connection is given up."""
TROUBLE = ("half-answers", "never-answers", "resets-connections", "infinite-body", "garbage")


@dataclass
class Outgoing:
    """An answer made ready: the head's fields and the body's bytes."""

    status: int
    fields: dict[str, str]
    body: bytes | None
    closes: bool


class Wire:
    """Sends answers over a connected socket as the switches ask for."""

    def __init__(self, on: Switches, after: int) -> None:
        self._on, self._after = on, after
        self._trouble = next((name for name in TROUBLE if on(name)), None)

    def send(self, connection: socket.socket, request: Request, answer: Answer, number: int) -> bool:
        """Sends the answer to the API's request of this number, counted from 1. False: the connection is done."""
        if self._on("slow"):
            time.sleep(SLOW_SECONDS)
        outgoing = self._prepare(request, answer)
        if self._trouble and number > self._after:
            self._break_off(connection, outgoing)
            return False
        connection.sendall(answer.form.prelude)
        self._send(connection, request, outgoing, answer.form)
        return not outgoing.closes and not answer.form.hangs_up

    def send_plainly(self, connection: socket.socket, status: int, value: object) -> None:
        """Sends an answer to a call of the tests themselves, which no variation touches."""
        body = json.dumps(value).encode()
        fields = {"Content-Type": "application/json", "Content-Length": str(len(body))}
        connection.sendall(_head(status, fields) + body)

    def _prepare(self, request: Request, answer: Answer) -> Outgoing:
        body = answer.payload()
        closes = self._on("connection-close") or answer.form.version == "HTTP/1.0" or (request.header("Connection") or "").lower() == "close"
        named = {"Date": formatdate(usegmt=True), "Server": "foreign-bo/1", **answer.headers}
        fields = {name: value for name, value in named.items() if value is not None}
        if body is not None:
            kind = "text/html" if answer.text is not None else "application/json"
            fields.setdefault("Content-Type", f"{kind};charset=UTF-8" if self._on("charset") else kind)
            if self._on("gzip") and _allows_gzip(request):
                body = gzip.compress(body)
                fields |= {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
        if self._on("session-cookie"):
            fields["Set-Cookie"] = "JSESSIONID=0; Path=/; HttpOnly"
        return Outgoing(answer.status, fields, body, closes)

    def _send(self, connection: socket.socket, request: Request, outgoing: Outgoing, form: Form) -> None:
        body, fields = outgoing.body, outgoing.fields
        wire_body = body or b""
        if body and self._on("chunked") and form.version == "HTTP/1.1":
            fields["Transfer-Encoding"] = "chunked"
            wire_body = _chunked(body)
        elif body and self._on("close-delimited"):
            outgoing.closes = True
        elif outgoing.status != HTTPStatus.NO_CONTENT:
            fields["Content-Length"] = str(len(wire_body))
        if outgoing.closes:
            fields["Connection"] = "close"
        if self._on("lowercase-headers"):
            fields = {name.lower(): value for name, value in fields.items()}
        fields = {form.spell(name): value for name, value in fields.items()}
        head = _head(outgoing.status, fields, form.version)
        self._write(connection, head, b"" if request.method == "HEAD" else wire_body)

    def _write(self, connection: socket.socket, head: bytes, body: bytes) -> None:
        if not self._on("trickle"):
            connection.sendall(head + body)
            return
        connection.sendall(head)
        for start in range(0, len(body), TRICKLE_BYTES):
            connection.sendall(body[start : start + TRICKLE_BYTES])
            time.sleep(TRICKLE_SECONDS)

    def _break_off(self, connection: socket.socket, outgoing: Outgoing) -> None:
        if self._trouble == "half-answers":
            body = outgoing.body or b"{}"
            fields = outgoing.fields | {"Content-Length": str(len(body))}
            connection.sendall(_head(outgoing.status, fields) + body[: len(body) // 2])
        elif self._trouble == "never-answers":
            _wait_for_the_end(connection)
        elif self._trouble == "resets-connections":
            _reset(connection)
        elif self._trouble == "garbage":
            connection.sendall(b"\x15\x03\x01 this is no answer\r\n\r\n")
        else:
            _send_without_end(connection, outgoing)


def _head(status: int, fields: dict[str, str], version: str = "HTTP/1.1") -> bytes:
    known = {each.value: each.phrase for each in HTTPStatus}
    lines = [f"{version} {status} {known.get(status, '')}", *(f"{name}: {value}" for name, value in fields.items())]
    return "\r\n".join([*lines, "", ""]).encode("latin-1")


def _chunked(body: bytes) -> bytes:
    pieces = [body[start : start + CHUNK_BYTES] for start in range(0, len(body), CHUNK_BYTES)]
    return b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"


def _allows_gzip(request: Request) -> bool:
    accepted = request.header("Accept-Encoding")
    return accepted is None or "gzip" in accepted or "*" in accepted


def _wait_for_the_end(connection: socket.socket) -> None:
    connection.settimeout(PATIENCE_SECONDS)
    while connection.recv(4096):
        pass


def _reset(connection: socket.socket) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    os.close(connection.detach())


def _send_without_end(connection: socket.socket, outgoing: Outgoing) -> None:
    fields = outgoing.fields | {"Transfer-Encoding": "chunked"}
    connection.sendall(_head(outgoing.status, fields) + b"6\r\n[ null\r\n")
    chunk = b"4000\r\n" + b",null   " * 2048 + b"\r\n"
    while True:
        connection.sendall(chunk)
        time.sleep(0.001)
