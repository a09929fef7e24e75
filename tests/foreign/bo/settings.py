"""The three lifetimes and how they are changed."""

import math
from dataclasses import asdict, dataclass, replace

from .catalogue import Switches
from .dialect import Dialect

LONGEST = 315_360_000.0
"""Longest lifetime that can be set, in seconds: ten years."""


@dataclass(frozen=True)
class Lifetimes:
    """Lifetimes in seconds."""

    access: float = 4
    refresh: float = 8
    ott: float = 4


class Settings:
    """The lifetimes in force."""

    def __init__(self, initial: Lifetimes, minimum: float, dialect: Dialect, on: Switches) -> None:
        self.initial = initial
        self.now = initial
        self._minimum = minimum
        self._dialect = dialect
        self._on = on

    def change(self, wanted: dict[str, object]) -> bool:
        """Changes the lifetimes that are named, all or none. False when a value is impossible or nothing is named."""
        changes: dict[str, float] = {}
        for field, name in self._dialect.settings.items():
            if name in wanted:
                value = self._lifetime(wanted[name])
                if value is None:
                    return self._on("settings-negative-200")
                changes[field] = value
        base = self.initial if self._on("settings-reset-others") else self.now
        self.now = replace(base, **changes)
        return bool(changes)

    def shown(self) -> dict[str, float]:
        """The lifetimes under this deployment's names."""
        values = asdict(self.now)
        return {name: values[field] for field, name in self._dialect.settings.items()}

    def _lifetime(self, value: object) -> float | None:
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            return None
        # A number of hundreds of digits is compared first: it is too large for `isfinite`.
        possible = 0 < value <= LONGEST and math.isfinite(value) and value >= self._minimum
        return value if possible else None
