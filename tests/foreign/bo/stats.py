"""What a run did to this server, for the tests to look at."""

import threading
from collections import deque
from collections.abc import Callable


class Stats:
    """Counts requests to the API; the calls of the tests themselves are not among them."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._lock = threading.Lock()
        self._second: deque[float] = deque()
        self._counts = {"requests": 0, "failed_logins": 0, "crashes": 0, "through_proxy": 0, "peak_per_second": 0}

    def request(self) -> int:
        """Counts a request and returns its number, beginning with 1."""
        with self._lock:
            now = self._now()
            self._second.append(now)
            while now - self._second[0] >= 1:
                self._second.popleft()
            self._counts["peak_per_second"] = max(self._counts["peak_per_second"], len(self._second))
            self._counts["requests"] += 1
            return self._counts["requests"]

    def count(self, what: str) -> None:
        """Counts one more of these."""
        with self._lock:
            self._counts[what] += 1

    def shown(self) -> dict[str, int]:
        """All counts."""
        with self._lock:
            return dict(self._counts)
