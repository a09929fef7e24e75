"""What the server remembers of a pair of tokens."""

from dataclasses import dataclass


@dataclass
class Session:
    """What begins with a login and is carried on by refreshes."""

    login: str
    ended: bool = False


@dataclass
class Access:
    """An access token that was given out."""

    token: str
    session: Session
    deadline: float
    lifetime: float
    uses: int = 0


@dataclass
class Refresh:
    """A refresh token that was given out; `mate` is the access token it came with."""

    token: str
    session: Session
    deadline: float
    generation: int
    mate: str
    spent_at: float | None = None
    child: "Pair | None" = None


@dataclass(frozen=True)
class Pair:
    """What a token answer gives; lifetimes in seconds."""

    access: str
    refresh: str
    access_lifetime: float
    refresh_lifetime: float
