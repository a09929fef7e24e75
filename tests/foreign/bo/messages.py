"""A request and its answer, free of the socket they came by."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlsplit


class Unreadable(Exception):
    """The body is no JSON object."""


class Crash(Exception):
    """A defect that shows as a 500."""


@dataclass(frozen=True)
class Request:
    """One request. `path` is without query; header names are looked up without regard to case."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes
    peer: str = ""

    @staticmethod
    def read(method: str, target: str, headers: Mapping[str, str], body: bytes, peer: str = "") -> "Request":
        """A request as it stands in the request line; the absolute form, as sent to a proxy, is read too."""
        parts = urlsplit(target)
        query = dict(parse_qsl(parts.query, keep_blank_values=True, errors="replace"))
        folded = {name.lower(): value for name, value in headers.items()}
        return Request(method, parts.path, query, folded, body, peer)

    def header(self, name: str) -> str | None:
        """The value of a header."""
        return self.headers.get(name.lower())

    def json_object(self) -> dict[str, object]:
        """The body as a JSON object. Raises Unreadable when it is none."""
        try:
            value = json.loads(self.body, parse_constant=_refuse_constant)
        except (ValueError, RecursionError) as trouble:
            raise Unreadable from trouble
        if not isinstance(value, dict):
            raise Unreadable
        return value

    def form(self) -> dict[str, str]:
        """The body as a form."""
        return dict(parse_qsl(self.body.decode("latin-1"), keep_blank_values=True))


def _refuse_constant(name: str) -> float:
    raise ValueError(name)


@dataclass
class Form:
    """How an answer goes over the wire, where that is unusual. `prelude` is sent before its head; `hangs_up`: the connection ends unannounced."""

    version: str = "HTTP/1.1"
    spell: Callable[[str], str] = str
    prelude: bytes = b""
    hangs_up: bool = False


@dataclass
class Answer:
    """One answer. `value` is sent as JSON, `text` as HTML, `raw` as it is; none of them: no body. A header that is null is not sent."""

    status: int
    value: object = None
    headers: dict[str, str | None] = field(default_factory=dict)
    text: str | None = None
    without_body: bool = False
    raw: bytes | None = None
    form: Form = field(default_factory=Form)

    def payload(self) -> bytes | None:
        """The body's bytes, before any transfer coding."""
        if self.text is not None:
            return self.text.encode()
        if self.raw is not None:
            return self.raw
        return None if self.without_body else json.dumps(self.value, separators=(",", ":")).encode()
