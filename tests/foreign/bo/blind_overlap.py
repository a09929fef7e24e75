"""Defects of requests that meet, of load, and of chance."""

from __future__ import annotations

import random
import time
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from .layer import (
    Call, Layer, bearer, body, is_change, is_login, is_read, is_refresh, is_verify, register, speak_for, succeeded,
)
from .messages import Answer, Request
from .pairs import Session
from .refusals import Mistake

if TYPE_CHECKING:
    from collections.abc import Iterator

DATABASE_SECONDS = 0.006
"""How long a call that writes is on its way to the database and back."""


class Overlap(Layer):
    """A defect of requests at the same moment, or of chance."""

    kind = "overlap"

    def __init__(self, state) -> None:  # type: ignore[no-untyped-def]
        self.flying: dict[int, tuple[str, str]] = {}
        self.count = 0
        super().__init__(state)

    @contextmanager
    def flight(self, what: str, whose: str) -> Iterator[list[tuple[str, str]]]:
        """Takes part in what is under way; gives what else was under way at the beginning."""
        with self.lock:
            others = list(self.flying.values())
            self.count += 1
            number = self.count
            self.flying[number] = (what, whose)
        try:
            yield others
        finally:
            with self.lock:
                del self.flying[number]

    def shown_refresh(self, request: Request) -> str | None:
        """The token of the refresh header."""
        return request.header(self.state.dialect.refresh_header)

    def owner(self, request: Request) -> str:
        """Whose request this is; an empty text where it is no user's."""
        if is_refresh(request):
            held = self.held(self.shown_refresh(request))
            return held.session.login if held else ""
        if is_login(request):
            return str(body(request).get("login") or "")
        if is_verify(request):
            made = self.made(body(request).get("token"))
            return made.login if made else ""
        held_access = self.access(bearer(request))
        return held_access.session.login if held_access else ""


class ReadersSwapped(Overlap):
    """The caller's name is a field of the controller; a call of another user that begins meanwhile overwrites it, three times of ten."""

    name, caught_by = "readers-swapped", ("USE-2", "REFRESH-15")

    def answer(self, request: Request, call: Call) -> Answer:
        if not is_read(request):
            return call(request)
        mine = self.owner(request)
        with self.flight("read", mine) as others:
            answer = call(request)
            time.sleep(0.003)
        other = next((whose for _, whose in others if whose not in ("", mine)), None)
        return speak_for(answer, other) if other and succeeded(answer) and random.random() < 0.3 else answer


class RefreshesSwapped(Overlap):
    """Refreshes of two users that meet get their sessions from one variable: the later one's pair is the earlier one's user's."""

    name, caught_by = "refreshes-swapped", ("REFRESH-15", "REFRESH-10")

    def answer(self, request: Request, call: Call) -> Answer:
        if not is_refresh(request):
            return call(request)
        mine = self.owner(request)
        with self.flight("refresh", mine) as others:
            time.sleep(DATABASE_SECONDS)
            answer = call(request)
        other = next((whose for _, whose in others if whose not in ("", mine)), None)
        if other and (pair := self.granted(answer)):
            pair[0].session = pair[1].session = Session(other)
        return answer


class LoginDuringRefresh(Overlap):
    """A login that begins while another user's refresh is under way gets its session from the refresh."""

    name, caught_by = "login-during-refresh", ("ISSUE-18", "REFRESH-15")

    def answer(self, request: Request, call: Call) -> Answer:
        if not (is_refresh(request) or is_login(request)):
            return call(request)
        mine = self.owner(request)
        with self.flight("refresh" if is_refresh(request) else "login", mine) as others:
            time.sleep(DATABASE_SECONDS)
            answer = call(request)
        other = next((whose for what, whose in others if what == "refresh" and whose not in ("", mine)), None)
        if is_login(request) and other and (pair := self.granted(answer)):
            pair[0].session = pair[1].session = Session(other)
        return answer


class VerificationsSwapped(Overlap):
    """Verifications of two users' one-time tokens that meet are both answered with the login that was found first."""

    name, caught_by = "verifications-swapped", ("OTT-9", "OTT-3", "OTT-1")

    def answer(self, request: Request, call: Call) -> Answer:
        if not is_verify(request):
            return call(request)
        mine = self.owner(request)
        with self.flight("verify", mine) as others:
            answer = call(request)
            time.sleep(DATABASE_SECONDS)
        other = next((whose for _, whose in others if whose not in ("", mine)), None)
        if other and succeeded(answer) and isinstance(answer.value, dict) and mine:
            answer.value |= self.state.dialect.with_login(other)
        return answer


class SpendLostInAChange(Overlap):
    """A settings change rebuilds the cache from a snapshot: a one-time token that is spent meanwhile is unspent afterwards."""

    name, caught_by = "spend-lost-in-a-change", ("OTT-16", "OTT-2", "OTT-3")

    def answer(self, request: Request, call: Call) -> Answer:
        if not is_change(request):
            return call(request)
        unspent = [one for one in list(self.state.one_time._made.values()) if not one.used]
        time.sleep(2 * DATABASE_SECONDS)
        answer = call(request)
        if succeeded(answer):
            for one in unspent:
                one.used = False
        return answer


class LoginLostInARefresh(Overlap):
    """The user's sessions are one document: a login during a refresh of the same user is overwritten by what the refresh had read."""

    name, caught_by = "login-lost-in-a-refresh", ("ISSUE-18", "USE-1", "REFRESH-1")

    def answer(self, request: Request, call: Call) -> Answer:
        if not is_refresh(request):
            return call(request)
        mine = self.owner(request)
        known = set(self.state.sessions._access)
        answer = call(request)
        pair = self.granted(answer)
        time.sleep(DATABASE_SECONDS)
        if pair:
            for token in set(self.state.sessions._access) - known - {pair[0].token}:
                held = self.access(token)
                if held and held.session.login == mine and held.session is not pair[0].session:
                    held.session.ended = True
        return answer


class LoginDuringVerification(Overlap):
    """A login that begins while a one-time token of another user is verified comes back as that user's, one time of two."""

    name, caught_by = "login-during-verification", ("ISSUE-18", "REFRESH-15")

    def answer(self, request: Request, call: Call) -> Answer:
        if not (is_verify(request) or is_login(request)):
            return call(request)
        mine = self.owner(request)
        with self.flight("verify" if is_verify(request) else "login", mine) as others:
            time.sleep(DATABASE_SECONDS)
            answer = call(request)
        other = next((whose for what, whose in others if what == "verify" and whose not in ("", mine)), None)
        if is_login(request) and other and (pair := self.granted(answer)) and random.random() < 0.5:
            pair[0].session = pair[1].session = Session(other)
        return answer


class SecondSpendOfTheReplica(Overlap):
    """The spent mark reaches the read replica 5 to 40 ms later, and every fourth look-up asks the replica."""

    name, caught_by = "second-spend-of-the-replica", ("OTT-3", "OTT-2")

    def begin(self) -> None:
        self.seen: dict[str, float] = {}

    def answer(self, request: Request, call: Call) -> Answer:
        made = self.made(body(request).get("token")) if is_verify(request) else None
        if made and made.used and self.now() < self.seen.get(made.token, 0) and random.random() < 0.25:
            return self.state_answer(request, call, made)
        answer = call(request)
        if made and succeeded(answer):
            self.seen[made.token] = self.now() + random.uniform(0.005, 0.04)
        return answer

    def state_answer(self, request: Request, call: Call, made) -> Answer:  # type: ignore[no-untyped-def]
        """The answer as if the token were fresh."""
        made.used = False
        answer = call(request)
        made.used = True
        return answer


class RareDoubleSpend(Overlap):
    """Between look-up and mark lie 2 ms, and the row lock is taken nineteen times of twenty."""

    name, caught_by = "rare-double-spend", ("OTT-3",)

    def answer(self, request: Request, call: Call) -> Answer:
        made = self.made(body(request).get("token")) if is_verify(request) else None
        if not made or made.used or random.random() > 0.05:
            return call(request)
        time.sleep(0.002)
        if not made.used:
            return call(request)
        made.used = False
        answer = call(request)
        made.used = True
        return answer


class WriteBehindSpend(Overlap):
    """Spent marks are written in batches every 8 ms; until then a second verification that begins after the first is done succeeds."""

    name, caught_by = "write-behind-spend", ("OTT-3", "OTT-2")

    def begin(self) -> None:
        self.spent: dict[str, float] = {}

    def answer(self, request: Request, call: Call) -> Answer:
        made = self.made(body(request).get("token")) if is_verify(request) else None
        done = self.spent.get(made.token) if made else None
        if made and done is not None and made.used and 0.001 < self.now() - done < 0.008:
            made.used = False
            answer = call(request)
            made.used = True
            return answer
        answer = call(request)
        if made and succeeded(answer):
            self.spent.setdefault(made.token, self.now())
        return answer


class SixteenWorkers(Overlap):
    """Sixteen workers and no queue: the seventeenth call at once gets a 500."""

    name, caught_by = "sixteen-workers", ("USE-2", "ERROR-1", "REFRESH-10", "OTT-3", "ISSUE-18")

    def answer(self, request: Request, call: Call) -> Answer:
        with self.flight("any", "") as others:
            if len(others) >= 16:
                return self.state.refusals.crash()
            time.sleep(0.003)
            return call(request)


class SixCallsOfOneToken(Overlap):
    """A token may have six calls under way; the seventh is refused as if the token were none."""

    name, caught_by = "six-calls-of-one-token", ("USE-2",)

    def answer(self, request: Request, call: Call) -> Answer:
        token = bearer(request) if is_read(request) else None
        if not token:
            return call(request)
        with self.flight("read", token) as others:
            if sum(whose == token for _, whose in others) >= 6:
                return self.refuse(Mistake.UNAUTHORIZED)
            time.sleep(0.004)
            return call(request)


class RefreshAgainstVerification(Overlap):
    """Refresh and verification lock two tables in opposite order; where they meet one of them is the deadlock's victim: 500."""

    name, caught_by = "refresh-against-verification", ("ERROR-1", "REFRESH-10", "OTT-3", "REFRESH-1", "OTT-1")

    def answer(self, request: Request, call: Call) -> Answer:
        if not (is_refresh(request) or is_verify(request)) or not self.owner(request):
            return call(request)
        mine = "refresh" if is_refresh(request) else "verify"
        with self.flight(mine, "") as others:
            if any(what != mine for what, _ in others):
                return self.state.refusals.crash()
            time.sleep(DATABASE_SECONDS)
            return call(request)


class SiblingRefreshesLoseOne(Overlap):
    """Two sessions of one user refreshed at the same moment write one row: the later pair's access token is not kept."""

    name, caught_by = "sibling-refreshes-lose-one", ("REFRESH-2", "REFRESH-10", "ISSUE-18")

    def answer(self, request: Request, call: Call) -> Answer:
        if not is_refresh(request):
            return call(request)
        held = self.held(self.shown_refresh(request))
        mine = f"{held.session.login} {id(held.session)}" if held else ""
        with self.flight("refresh", mine) as others:
            time.sleep(DATABASE_SECONDS)
            answer = call(request)
        login = mine.partition(" ")[0]
        if mine and any(whose != mine and whose.partition(" ")[0] == login for _, whose in others):
            if pair := self.granted(answer):
                pair[0].deadline = self.now()
        return answer


class SameTickSameRefresh(Overlap):
    """The refresh token's generator is seeded by the millisecond: logins of two users in one tick share it."""

    name, caught_by = "same-tick-same-refresh", ("ISSUE-13", "ISSUE-18")

    def begin(self) -> None:
        self.last: tuple[float, str, str] = (0, "", "")

    def answer(self, request: Request, call: Call) -> Answer:
        answer = call(request)
        pair = self.granted(answer) if is_login(request) else None
        if not pair:
            return answer
        with self.lock:
            at, login, token = self.last
            self.last = (self.now(), pair[0].session.login, pair[1].token)
        if self.now() - at < 0.002 and login != pair[0].session.login and isinstance(answer.value, dict):
            answer.value[self.state.dialect.refresh] = token
        return answer


class ChangesTorn(Overlap):
    """Two changes at the same moment write the whole record each: the one that is done first is lost."""

    name, caught_by = "changes-torn", ("SETTINGS-6", "SETTINGS-9", "SETTINGS-1", "SETTINGS-2")

    def answer(self, request: Request, call: Call) -> Answer:
        if not is_change(request):
            return call(request)
        settings = self.state.settings
        before = settings.now
        time.sleep(DATABASE_SECONDS)
        answer = call(request)
        if succeeded(answer):
            named = {field: getattr(settings.now, field) for field, name in self.state.dialect.settings.items() if name in body(request)}
            settings.now = replace(before, **named)
        return answer


class ReadDuringSiblingsRefresh(Overlap):
    """While one session of a user is refreshed the user's entry is away from the cache: his other session gets a 401."""

    name, caught_by = "read-during-siblings-refresh", ("USE-2", "EXPIRY-1", "ISSUE-18")

    def answer(self, request: Request, call: Call) -> Answer:
        if is_refresh(request) and (held := self.held(self.shown_refresh(request))):
            with self.flight(str(id(held.session)), held.session.login):
                time.sleep(DATABASE_SECONDS)
                return call(request)
        if is_read(request) and (mine := self.access(bearer(request))):
            with self.lock:
                away = [whose for session, whose in self.flying.values() if session != str(id(mine.session))]
            if mine.session.login in away:
                return self.refuse(Mistake.UNAUTHORIZED)
        return call(request)


class ReadDuringLogin(Overlap):
    """A login replaces the user's authorities; a call of his that falls into it is refused three times of ten."""

    name, caught_by = "read-during-login", ("USE-2", "EXPIRY-1", "ISSUE-18")

    def answer(self, request: Request, call: Call) -> Answer:
        mine = self.owner(request)
        if is_login(request):
            with self.flight("login", mine):
                time.sleep(DATABASE_SECONDS)
                return call(request)
        if is_read(request) and mine:
            with self.lock:
                away = ("login", mine) in self.flying.values()
            if away and random.random() < 0.3:
                return self.refuse(Mistake.UNAUTHORIZED)
        return call(request)


class OneOfThirtyRefused(Overlap):
    """One replica of the introspection service is out of sync: one of thirty good access tokens is refused, once."""

    name, caught_by = "one-of-thirty-refused", ("USE-2", "USE-1", "EXPIRY-1")

    def answer(self, request: Request, call: Call) -> Answer:
        if is_read(request) and random.random() < 1 / 30:
            return self.refuse(Mistake.UNAUTHORIZED)
        return call(request)


class OneOfTenRefreshedIsDead(Overlap):
    """The write of a refreshed access token is not awaited, and one of ten is lost."""

    name, caught_by = "one-of-ten-refreshed-is-dead", ("REFRESH-2",)

    def answer(self, request: Request, call: Call) -> Answer:
        answer = call(request)
        if is_refresh(request) and (pair := self.granted(answer)) and random.random() < 0.1:
            pair[0].deadline = self.now()
        return answer


class OneOfTenRefreshLost(Overlap):
    """The write of a refresh token is not awaited: one of ten that a login gave is unknown."""

    name, caught_by = "one-of-ten-refresh-lost", ("REFRESH-1", "EXPIRY-4")

    def answer(self, request: Request, call: Call) -> Answer:
        answer = call(request)
        if is_login(request) and (pair := self.granted(answer)) and random.random() < 0.1:
            pair[1].deadline = self.now()
        return answer


class OneOfTwelveLinksRefused(Overlap):
    """One of twelve first verifications finds nothing, as its node has not got the token yet; the second finds it."""

    name, caught_by = "one-of-twelve-links-refused", ("OTT-1",)

    def begin(self) -> None:
        self.tried: set[str] = set()

    def answer(self, request: Request, call: Call) -> Answer:
        made = self.made(body(request).get("token")) if is_verify(request) else None
        if made and made.token not in self.tried:
            self.tried.add(made.token)
            if random.random() < 1 / 12:
                return self.refuse(Mistake.ONE_TIME)
        return call(request)


class OneOfEightSpentTwice(Overlap):
    """One of eight spent marks is lost with a broken connection, and nothing notices."""

    name, caught_by = "one-of-eight-spent-twice", ("OTT-2", "OTT-16")

    def answer(self, request: Request, call: Call) -> Answer:
        made = self.made(body(request).get("token")) if is_verify(request) else None
        answer = call(request)
        if made and succeeded(answer) and random.random() < 1 / 8:
            made.used = False
        return answer


class ExpiredNowAndThen(Overlap):
    """One of four nodes compares expiries with a clock that is behind by minutes."""

    name, caught_by = "expired-now-and-then", ("EXPIRY-2",)

    def answer(self, request: Request, call: Call) -> Answer:
        held = self.access(bearer(request)) if is_read(request) else None
        if held and self.now() >= held.deadline and random.random() < 0.25:
            deadline, held.deadline = held.deadline, self.now() + 1
            answer = call(request)
            held.deadline = deadline
            return answer
        return call(request)


class WrongPasswordInGoodCompany(Overlap):
    """The outcome of the password check is a field: a wrong one that meets a right one of the same user passes, one time of two."""

    name, caught_by = "wrong-password-in-good-company", ("ISSUE-6", "ISSUE-18")

    def begin(self) -> None:
        self.right: dict[str, tuple[float, bytes]] = {}

    def answer(self, request: Request, call: Call) -> Answer:
        if not is_login(request):
            return call(request)
        mine = self.owner(request)
        with self.flight("login", mine) as others:
            time.sleep(DATABASE_SECONDS)
            answer = call(request)
            if succeeded(answer):
                self.right[mine] = (self.now(), request.body)
                return answer
            at, good = self.right.get(mine, (0.0, b""))
            met = ("login", mine) in others or self.now() - at < DATABASE_SECONDS
        password = body(request).get("password")
        if met and good and isinstance(password, str) and password and random.random() < 0.5:
            return call(replace(request, body=good))
        return answer


class StrangerInGoodCompany(Overlap):
    """A made-up token's call that begins while a good one is under way finds its principal in the worker, three times of ten."""

    name, caught_by = "stranger-in-good-company", ("USE-4", "USE-5", "USE-6")

    def answer(self, request: Request, call: Call) -> Answer:
        if not is_read(request):
            return call(request)
        token = bearer(request) or ""
        good = bool(self.owner(request))
        with self.flight("read", token if good else "") as others:
            time.sleep(0.003)
            other = next((whose for _, whose in others if whose), None)
            if not good and token and other and random.random() < 0.3:
                return call(replace(request, headers={**request.headers, "authorization": f"Bearer {other}"}))
            return call(request)


class RefusalCarriesTheWinner(Overlap):
    """A refused verification that meets a good one is filled from the same result object: it shows the login."""

    name, caught_by = "refusal-carries-the-winner", ("OTT-11", "OTT-4", "OTT-3")

    def answer(self, request: Request, call: Call) -> Answer:
        if not is_verify(request):
            return call(request)
        mine = self.owner(request)
        with self.flight("verify", mine) as others:
            answer = call(request)
            time.sleep(DATABASE_SECONDS)
        other = next((whose for _, whose in others if whose), None)
        if other and not succeeded(answer) and isinstance(answer.value, dict):
            answer.value |= self.state.dialect.with_login(other)
        return answer


class UndeclaredGraceOfTheQueue(Overlap):
    """A spent refresh token is still answered with a pair for 25 ms, while the message about it is in the queue."""

    name, caught_by = "undeclared-grace-of-the-queue", ("REFRESH-9", "REFRESH-17")

    def answer(self, request: Request, call: Call) -> Answer:
        held = self.held(self.shown_refresh(request)) if is_refresh(request) else None
        if held and held.spent_at is not None and self.now() - held.spent_at < 0.025:
            held.spent_at = None
        return call(request)


class LifetimesMixedUnderLoad(Overlap):
    """Four or more logins at once share the object that holds the lifetimes: the access token is announced with the refresh token's."""

    name, caught_by = "lifetimes-mixed-under-load", ("ISSUE-18", "ISSUE-4", "EXPIRY-1", "ISSUE-5")

    def answer(self, request: Request, call: Call) -> Answer:
        if not is_login(request):
            return call(request)
        with self.flight("login", "") as others:
            time.sleep(0.004)
            answer = call(request)
        if len(others) >= 4 and self.granted(answer) and isinstance(answer.value, dict):
            answer.value[self.state.dialect.access_lifetime] = answer.value[self.state.dialect.refresh_lifetime]
        return answer


class RefusalsAtOnceBurnOne(Overlap):
    """Three refused verifications at the same moment lose count, and the newest one-time token is taken for tried out."""

    name, caught_by = "refusals-at-once-burn-one", ("OTT-7", "OTT-1")

    def answer(self, request: Request, call: Call) -> Answer:
        if not is_verify(request) or self.owner(request):
            return call(request)
        with self.flight("refused", "") as others:
            time.sleep(0.004)
            answer = call(request)
        if len(others) >= 2 and self.state.one_time._made:
            list(self.state.one_time._made.values())[-1].used = True
        return answer


class RefusedRaceLeaksPermits(Overlap):
    """A refused refresh that meets another refresh does not give its permit back; the sixth one missing stops the next call with a 500."""

    name, caught_by = "refused-race-leaks-permits", ("ERROR-1", "REFRESH-10", "USE-1", "REFRESH-1")

    def begin(self) -> None:
        self.missing = 0

    def answer(self, request: Request, call: Call) -> Answer:
        if self.missing >= 6:
            self.missing = 0
            return self.state.refusals.crash()
        if not is_refresh(request):
            return call(request)
        with self.flight("refresh", "") as others:
            time.sleep(DATABASE_SECONDS)
            answer = call(request)
        if others and not succeeded(answer):
            self.missing += 1
        return answer


register(*(one for one in list(globals().values()) if isinstance(one, type) and issubclass(one, Overlap) and one.name))
