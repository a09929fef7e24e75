"""Makes token strings. Nothing is in them: what a token means is known to the server alone."""

import base64
import itertools
import secrets
import uuid

from .catalogue import Switches

HUGE_BYTES = 3071
"""Bytes of a huge token; 4,096 characters in base64 with padding."""


class Forge:
    """Makes access, refresh and one-time tokens of at least 244 random bits in the format the switches ask for."""

    def __init__(self, on: Switches) -> None:
        self._on = on
        self._counter = itertools.count(1)
        self._shared = secrets.token_hex(24)

    def access(self) -> str:
        """A new access token."""
        return self._special() or secrets.token_hex(32)

    def refresh(self) -> str:
        """A new refresh token: usually two UUIDs, so that it looks like no access token."""
        return self._special() or f"{uuid.uuid4()}-{uuid.uuid4()}"

    def one_time(self) -> str:
        """A new one-time token."""
        return self._special() or "x" + secrets.token_hex(32)

    def _special(self) -> str | None:
        if self._on("counter-tokens"):
            return f"{self._shared}{next(self._counter) * 977:016x}"
        size = HUGE_BYTES if self._on("huge-tokens") else 32
        if self._on("base64-tokens"):
            return _with_all_signs(size)
        if self._on("two-part-tokens"):
            return f"{secrets.token_urlsafe(max(size - 48, 96))}.{secrets.token_urlsafe(48)}"
        return base64.b32encode(secrets.token_bytes(size * 5 // 6)).decode() if size == HUGE_BYTES else None


def _with_all_signs(size: int) -> str:
    while True:
        token = base64.b64encode(secrets.token_bytes(size)).decode()
        if "+" in token and "/" in token and token.endswith("="):
            return token
