"""The rate limit: a bucket for the whole server, and a block for whoever keeps violating it."""

import math
import threading
from collections.abc import Callable
from dataclasses import dataclass

SLACK = 0.25
"""Part of a request that may be missing in the bucket: no network keeps a client's spacing to the millisecond."""
VIOLATIONS_TO_BLOCK = 5


@dataclass(frozen=True)
class Limit:
    """`rate` requests a second, `burst` at one moment; `block` seconds for a repeated violator."""

    rate: float
    burst: int
    block: float = 0
    says_when: bool = False


class Limiter:
    """Lets a request pass or says how many seconds to wait. Without a limit everything passes."""

    def __init__(self, limit: Limit | None, now: Callable[[], float]) -> None:
        self._limit, self._now = limit, now
        self._lock = threading.Lock()
        self._level = float(limit.burst) if limit else 0.0
        self._filled_at = now()
        self._counts: dict[str, int] = {}
        self._blocked_until: dict[str, float] = {}
        self.violations = 0
        self.blocked = 0

    @property
    def says_when(self) -> bool:
        """Whether a refusal carries `Retry-After`."""
        return bool(self._limit and self._limit.says_when)

    def wait(self, who: str) -> float:
        """Seconds until `who` may ask again; 0 when this request passes."""
        if self._limit is None:
            return 0
        with self._lock:
            now = self._now()
            if (until := self._blocked_until.get(who, 0)) > now:
                self.blocked += 1
                return until - now
            return self._draw(self._limit, who, now)

    def _draw(self, limit: Limit, who: str, now: float) -> float:
        self._level = min(limit.burst, self._level + (now - self._filled_at) * limit.rate)
        self._filled_at = now
        if self._level >= 1 - SLACK:
            self._level -= 1
            return 0
        self.violations += 1
        self._counts[who] = self._counts.get(who, 0) + 1
        if limit.block and self._counts[who] >= VIOLATIONS_TO_BLOCK:
            self._counts[who] = 0
            self._blocked_until[who] = now + limit.block
            return limit.block
        return (1 - self._level) / limit.rate


def retry_after(seconds: float) -> str:
    """The value of a `Retry-After` header: whole seconds, rounded up."""
    return str(max(1, math.ceil(seconds)))
