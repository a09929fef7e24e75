"""What an answer with tokens looks like."""

from .messages import Answer
from .pairs import Pair
from .state import State


class TokenAnswers:
    """Puts pairs into answers under the names of this deployment."""

    def __init__(self, state: State) -> None:
        self._state = state

    def pair(self, pair: Pair, refreshed: bool = False) -> Answer:
        """The answer that gives out a pair."""
        value = self.pair_fields(pair)
        if refreshed and self._state.on("refresh-without-lifetime"):
            value.pop(self._state.dialect.access_lifetime)
            value.pop(self._state.dialect.refresh_lifetime, None)
        return self.of(value)

    def of(self, value: dict[str, object]) -> Answer:
        """An answer that no cache may keep."""
        if self._state.on("null-error-on-success"):
            value["error"] = None
        cached = {} if self._state.on("no-cache-headers") else {"Cache-Control": "no-store", "Pragma": "no-cache"}
        return Answer(200, value, dict(cached))

    def pair_fields(self, pair: Pair) -> dict[str, object]:
        """A pair's tokens and lifetimes."""
        names = self._state.dialect
        access_lifetime = self._announced(pair.access_lifetime)
        value: dict[str, object] = {
            "tokenType": "bearer",
            names.refresh: pair.refresh,
            names.refresh_lifetime: self._announced(pair.refresh_lifetime),
            names.access: pair.access,
            names.access_lifetime: str(access_lifetime) if self._state.on("lifetime-as-text") else access_lifetime,
            "scope": ["rest", "external"],
        }
        if self._state.on("no-refresh-lifetime"):
            del value[names.refresh_lifetime]
        return value

    def _announced(self, lifetime: float) -> float:
        if self._state.on("float-lifetimes"):
            return float(lifetime)
        return int(lifetime) if lifetime == int(lifetime) else lifetime
