"""When a lifetime is over."""

import math
import time
from collections.abc import Callable

from .catalogue import Switches


class Clock:
    """Real time, unless a test hands over another source of seconds."""

    def __init__(self, on: Switches, seconds: Callable[[], float] = time.monotonic) -> None:
        self._on = on
        self.now = seconds

    def deadline(self, lifetime: float) -> float:
        """The moment at which a lifetime of so many seconds, beginning now, is over."""
        start = self.now()
        if self._on("whole-second-expiry"):
            return math.floor(start) + lifetime
        if self._on("whole-second-grace"):
            return math.floor(start) + lifetime + 1
        return start + lifetime

    def is_over(self, deadline: float) -> bool:
        """Whether this moment has come."""
        return self.now() >= deadline
