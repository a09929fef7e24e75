"""One-time tokens: made outside the API, verified once."""

import threading
import time
from dataclasses import dataclass
from enum import Enum

from .catalogue import Switches
from .clock import Clock
from .sessions import KEPT, RACE_SECONDS, Sessions
from .settings import Settings
from .tokens import Forge
from .users import Users


class Fault(Enum):
    """Why a one-time token is no good."""

    UNKNOWN = "unknown"
    USED = "used"
    EXPIRED = "expired"


@dataclass
class OneTime:
    """A one-time token that was made."""

    token: str
    login: str
    deadline: float
    used: bool = False


@dataclass(frozen=True)
class Refused:
    """A refusal; `login` is whose token it was, which no answer may tell."""

    fault: Fault
    login: str | None = None


class OneTimeTokens:
    """All one-time tokens of one server. Verification is atomic, but for the defect that is about that."""

    def __init__(
        self, on: Switches, clock: Clock, settings: Settings, forge: Forge, users: Users, sessions: Sessions
    ) -> None:
        self._on, self._clock, self._settings, self._forge = on, clock, settings, forge
        self._users, self._sessions = users, sessions
        self._lock = threading.Lock()
        self._made: dict[str, OneTime] = {}

    def mint(self, login: str) -> str:
        """A fresh token of this login."""
        with self._lock:
            if len(self._made) >= KEPT:
                self._made = {k: v for k, v in self._made.items() if not self._clock.is_over(v.deadline)}
            lifetime = self._settings.now.ott / (2 if self._on("ott-dies-early") else 1)
            made = OneTime(self._forge.one_time(), login, self._clock.deadline(lifetime))
            self._made[made.token] = made
            return made.token

    def verify(self, token: str) -> str | Refused:
        """The login of a fresh token, which is spent thereby; or why it is refused."""
        if self._on("access-as-ott") and (login := self._sessions.who(token)):
            return login
        if self._on("ott-raced"):
            return self._verify_in_two_steps(token)
        with self._lock:
            outcome = self._look_up(token)
            return outcome if isinstance(outcome, Refused) else self._spend(outcome)

    def _verify_in_two_steps(self, token: str) -> str | Refused:
        with self._lock:
            outcome = self._look_up(token)
        time.sleep(RACE_SECONDS)
        with self._lock:
            return outcome if isinstance(outcome, Refused) else self._spend(outcome)

    def _look_up(self, token: str) -> OneTime | Refused:
        made = self._made.get(token)
        if made is None and self._on("ott-case-blind"):
            made = next((one for one in self._made.values() if one.token.casefold() == token.casefold()), None)
        if made is None:
            self._burn_newest()
            return Refused(Fault.UNKNOWN)
        if made.used:
            return Refused(Fault.USED, made.login)
        if self._clock.is_over(made.deadline) and not self._on("expired-ott-accepted"):
            return Refused(Fault.EXPIRED, made.login)
        return made

    def _burn_newest(self) -> None:
        if self._on("ott-burned-by-failure") and self._made:
            self._made[next(reversed(self._made))].used = True

    def _spend(self, made: OneTime) -> str:
        made.used = not self._on("ott-reusable")
        if self._on("ott-spent-together"):
            for other in self._made.values():
                other.used |= other.login == made.login
        return self._users.first() if self._on("ott-wrong-login") else made.login
