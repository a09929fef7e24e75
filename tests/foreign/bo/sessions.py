"""Pairs of tokens: issue, refresh, and who an access token stands for."""

import threading
import time

from .catalogue import Switches
from .clock import Clock
from .pairs import Access, Pair, Refresh, Session
from .settings import Settings
from .tokens import Forge
from .users import Users

RACE_SECONDS = 0.03
"""How long the raced defects leave their gap open."""
LEEWAY_SECONDS = 1.0
GRACE_SECONDS = 2.0
"""How long a spent refresh token is answered with the same pair again, where there is such a grace."""
MOST_SESSIONS = 24
"""Sessions of one login, where their number is limited."""
KEPT = 20_000
"""Tokens of one kind that are kept before the expired ones are forgotten."""


class Collision(Exception):
    """Two refreshes of one token met in a server that cannot take it."""


class Sessions:
    """All pairs of one server. Every public method is atomic, but for the defects that are about that."""

    def __init__(self, on: Switches, clock: Clock, settings: Settings, forge: Forge, users: Users) -> None:
        self._on, self._clock, self._settings, self._forge, self._users = on, clock, settings, forge, users
        self._lock = threading.RLock()
        self._access: dict[str, Access] = {}
        self._refresh: dict[str, Refresh] = {}
        self._last: Pair | None = None
        self._in_flight: set[str] = set()

    def issue(self, login: str, exclusive: bool = True) -> Pair:
        """A pair for a new session; `exclusive` where the session may end earlier ones of this login."""
        with self._lock:
            if exclusive and self._on("single-session"):
                for held in self._refresh.values():
                    held.session.ended |= held.session.login == login
            if exclusive and self._on("few-sessions"):
                self._end_oldest(login)
            pair = self._last = self._grant(Session(login), 0)
        if self._on("crossed-logins"):
            time.sleep(RACE_SECONDS)
            return self._last
        return pair

    def _end_oldest(self, login: str) -> None:
        """Makes room for one more session of a login."""
        sessions = {id(held.session): held.session for held in self._refresh.values()}.values()
        live = [session for session in sessions if session.login == login and not session.ended]
        for session in live[: len(live) + 1 - MOST_SESSIONS]:
            session.ended = True

    def who(self, token: str) -> str | None:
        """The login that an access token stands for, while it does."""
        with self._lock:
            held = self._find_access(token)
            if held is None:
                return None
            held.uses += 1
            if self._on("three-uses") and held.uses > 3:
                return None
            if self._on("sliding-access"):
                held.deadline = self._clock.deadline(held.lifetime)
            return held.session.login

    def refresh(self, token: str) -> Pair | None:
        """The next pair of a session, or nothing when the refresh token is not good.

        Raises Collision where the server has that defect.
        """
        if self._on("refresh-race-500"):
            return self._colliding(token)
        if self._on("refresh-race-dead-pairs"):
            return self._overlapping(token)
        with self._lock:
            if again := self._answered_again(token):
                return again
            held = self._usable(token)
            return self._renew(held) if held else None

    def _answered_again(self, token: str) -> Pair | None:
        held = self._refresh.get(token)
        if not held or held.spent_at is None or held.session.ended or not self._on("spent-grace"):
            return None
        return held.child if self._clock.now() - held.spent_at < GRACE_SECONDS else None

    def _colliding(self, token: str) -> Pair | None:
        with self._lock:
            if token in self._in_flight:
                raise Collision
            self._in_flight.add(token)
        time.sleep(RACE_SECONDS)
        with self._lock:
            self._in_flight.discard(token)
            held = self._usable(token)
            return self._renew(held) if held else None

    def _overlapping(self, token: str) -> Pair | None:
        with self._lock:
            held = self._usable(token)
        time.sleep(RACE_SECONDS)
        with self._lock:
            if held is None:
                return None
            if held.child:
                self._access.pop(held.child.access, None)
                self._refresh.pop(held.child.refresh, None)
            return self._renew(held)

    def _find_access(self, token: str) -> Access | None:
        held = self._access.get(token)
        if held is None and self._on("token-tail-unchecked"):
            held = next((one for one in self._access.values() if _same_head(one.token, token)), None)
        if held is None and self._on("refresh-token-as-access") and token in self._refresh:
            held = self._access.get(self._refresh[token].mate)
        if held is None or held.session.ended:
            return None
        over = self._clock.is_over(held.deadline) and not self._on("expired-access-accepted")
        return None if over else held

    def _usable(self, token: str) -> Refresh | None:
        held = self._refresh.get(token)
        if held is None and self._on("refresh-tail-unchecked"):
            held = next((one for one in self._refresh.values() if _same_head(one.token, token)), None)
        if held is None and self._on("access-token-refreshes"):
            held = next((one for one in self._refresh.values() if one.mate == token), None)
        if held is None or held.session.ended:
            return None
        if self._clock.is_over(held.deadline) and not self._on("expired-refresh-accepted"):
            return None
        if held.spent_at is not None:
            self._punish_reuse(held, held.spent_at)
            return None
        dead = self._on("second-generation-dies") and held.generation >= 2
        return None if dead else held

    def _punish_reuse(self, held: Refresh, spent_at: float) -> None:
        past_leeway = self._clock.now() - spent_at > LEEWAY_SECONDS
        if self._on("reuse-revokes-family") or (self._on("reuse-revokes-after-leeway") and past_leeway):
            held.session.ended = True

    def _renew(self, held: Refresh) -> Pair:
        kept = self._on("no-rotation")
        if not kept and not self._on("lenient-rotation"):
            held.spent_at = self._clock.now()
        if self._on("refresh-revokes-access"):
            self._access.pop(held.mate, None)
        session = held.session
        if self._on("refreshed-to-other-user"):
            session = Session(self._users.other_than(session.login))
        held.child = self._grant(session, held.generation + 1, held)
        return held.child

    def _grant(self, session: Session, generation: int, old: Refresh | None = None) -> Pair:
        self._forget_expired()
        lifetimes = self._settings.now
        access = self._access_string(session, old)
        refresh = access if self._on("refresh-equals-access") else self._forge.refresh()
        if old and self._on("no-rotation"):
            refresh = old.token
        real = self._real_access_lifetime(generation)
        self._access[access] = Access(access, session, self._clock.deadline(real), real)
        refresh_deadline = self._clock.deadline(self._real_refresh_lifetime())
        if old and refresh == old.token:
            old.deadline = refresh_deadline
        else:
            self._refresh[refresh] = Refresh(refresh, session, refresh_deadline, generation, access)
        return Pair(access, refresh, lifetimes.access, lifetimes.refresh)

    def _access_string(self, session: Session, old: Refresh | None) -> str:
        if old and self._on("refresh-same-access"):
            return old.mate
        if not old and self._on("same-access-token"):
            for held in self._access.values():
                if held.session.login == session.login and not self._clock.is_over(held.deadline):
                    return held.token
        return self._forge.access()

    def _real_access_lifetime(self, generation: int) -> float:
        only_announced = self._on("settings-only-announced")
        lifetime = (self._settings.initial if only_announced else self._settings.now).access
        short = self._on("access-dies-early") or (generation > 0 and self._on("refreshed-access-short"))
        return lifetime / 2 if short else lifetime

    def _real_refresh_lifetime(self) -> float:
        if self._on("refresh-dies-with-access"):
            return self._settings.now.access
        return self._settings.now.refresh / (2 if self._on("refresh-dies-early") else 1)

    def _forget_expired(self) -> None:
        if max(len(self._access), len(self._refresh)) < KEPT:
            return
        self._access = {k: v for k, v in self._access.items() if not self._clock.is_over(v.deadline)}
        self._refresh = {k: v for k, v in self._refresh.items() if not self._clock.is_over(v.deadline)}


def _same_head(held: str, given: str) -> bool:
    return len(held) == len(given) and held[: len(held) // 2] == given[: len(given) // 2]
