"""What happens on one node and is learnt by the others."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Event:
    """Something that happened on a node."""

    at: float
    node: int
    number: int
    """Counted over all events of the cluster of the same kind, from 1."""
    gap: float
    """Seconds since the event of the same kind before it."""


@dataclass
class Token:
    """A token that a node made, and what became of it."""

    text: str
    kind: str
    login: str
    ends: float
    born: Event
    gone: "Event | None" = None
    """When it was used or spent, or when a refresh or login ended it."""
    generation: int = 0
    mate: "Token | None" = None
    """Of a refresh token: the access token of the same pair."""
    used_on: "set[int] | None" = None
    """Nodes that have accepted it."""
    lifetime: float = 0


@dataclass(frozen=True)
class Ask:
    """A request, as a node gets it."""

    node: int
    method: str
    path: str
    headers: object
    sent: "dict | None"

    def bearer(self) -> "str | None":
        """The token of the Authorization header."""
        scheme, _, token = (self.headers.get("Authorization") or "").partition(" ")
        return token if scheme.lower() == "bearer" else None
