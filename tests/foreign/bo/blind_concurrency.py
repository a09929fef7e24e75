"""Defects of races, load and chance: windows between a look and a write, pools, variables shared by requests."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from .layer import (
    Call, Layer, bearer, body, is_change, is_login, is_read, is_refresh, is_verify, register, speak_for,
    succeeded,
)
from .messages import Answer, Request
from .refusals import Mistake


class Concurrency(Layer):
    """A defect of requests that meet."""

    kind = "concurrency"

    def begin(self) -> None:
        self.inside = 0

    @contextmanager
    def counted(self) -> Iterator[int]:
        """How many requests are inside, this one among them."""
        with self.lock:
            self.inside += 1
            inside = self.inside
        try:
            yield inside
        finally:
            with self.lock:
                self.inside -= 1


def chance(q: float) -> bool:
    """True with probability q."""
    return random.random() < q


# Double spends

class SpentSeenLate(Concurrency):
    """Spent marks travel to the read replica, which every second verification asks, between three and twelve milliseconds after the first."""

    name = "spent-seen-late"
    caught_by = ("OTT-3", "OTT-2")

    def begin(self) -> None:
        self.at: dict[str, float] = {}

    def answer(self, request: Request, call: Call) -> Answer:
        made = self.made(body(request).get("token")) if is_verify(request) else None
        if not made:
            return call(request)
        with self.lock:
            lag = self.now() - self.at.get(made.token, -1)
            if made.used and 0.003 <= lag <= 0.012 and chance(0.5):
                made.used = False
            answer = call(request)
            if succeeded(answer):
                self.at[made.token] = self.now()
            return answer


class _VerifyWindow(Concurrency):
    """Look first, write later."""

    q, seconds = 0.0, 0.0

    def answer(self, request: Request, call: Call) -> Answer:
        made = self.made(body(request).get("token")) if is_verify(request) else None
        if not made or made.used or not chance(self.q):
            return call(request)
        time.sleep(self.seconds)
        with self.lock:
            made.used = False
            return call(request)


class VerifyWindowRare(_VerifyWindow):
    """One verification in twenty meets a paused worker, which looks first and writes six milliseconds later."""

    name = "verify-window-rare"
    caught_by = ("OTT-3", "OTT-2")
    q, seconds = 0.05, 0.006


class VerifyWindowNarrow(_VerifyWindow):
    """Every third verification takes the path without a row lock, whose window is six tenths of a millisecond."""

    name = "verify-window-narrow"
    caught_by = ("OTT-3", "OTT-2")
    q, seconds = 0.33, 0.0006


class MarkWrittenAfterAnswer(Concurrency):
    """Half of the spent marks are queued and written four milliseconds after the answer."""

    name = "mark-written-after-answer"
    caught_by = ("OTT-3", "OTT-2")

    def answer(self, request: Request, call: Call) -> Answer:
        answer = call(request)
        made = self.made(body(request).get("token")) if is_verify(request) and succeeded(answer) else None
        if made and chance(0.5):
            made.used = False
            threading.Timer(0.004, lambda: setattr(made, "used", True)).start()
        return answer


class MarkLostUnderLoad(Concurrency):
    """Spent marks are written as one list: where three verifications of different tokens overlap the last writer wins."""

    name = "mark-lost-under-load"
    caught_by = ("OTT-2", "OTT-16", "OTT-3")

    def answer(self, request: Request, call: Call) -> Answer:
        if not is_verify(request):
            return call(request)
        with self.counted() as inside:
            answer = call(request)
            made = self.made(body(request).get("token")) if succeeded(answer) else None
            time.sleep(0.002)
            if made and inside >= 3:
                made.used = False
            return answer


class VerifyAnswersCrossed(Concurrency):
    """The result of a verification is a field of a singleton: two users' verifications at once answer with one login, every second time."""

    name = "verify-answers-crossed"
    caught_by = ("OTT-9", "OTT-1", "OTT-3")

    def begin(self) -> None:
        self.inside, self.login = 0, ""

    def answer(self, request: Request, call: Call) -> Answer:
        if not is_verify(request):
            return call(request)
        answer, names = call(request), self.state.dialect
        made = self.made(body(request).get("token"))
        if made and succeeded(answer) and isinstance(answer.value, dict):
            self.login = made.login
            time.sleep(0.002)
            if chance(0.5):
                answer.value |= names.with_login(self.login)
        return answer


class VerifyPoolOfTwelve(Concurrency):
    """Verification has a pool of twelve connections; the thirteenth at once finds none and fails with 500."""

    name = "verify-pool-of-twelve"
    caught_by = ("OTT-3", "ERROR-1")

    def answer(self, request: Request, call: Call) -> Answer:
        if not is_verify(request):
            return call(request)
        with self.counted() as inside:
            time.sleep(0.004)
            return self.state.refusals.crash() if inside > 12 else call(request)


class OneInFourteenVerificationsLost(Concurrency):
    """One answer in fourteen is lost behind the commit: the token is spent, and the client is refused."""

    name = "one-in-fourteen-verifications-lost"
    caught_by = ("OTT-1", "OTT-3", "OTT-8")

    def answer(self, request: Request, call: Call) -> Answer:
        answer = call(request)
        lost = is_verify(request) and succeeded(answer) and chance(1 / 14)
        return self.refuse(Mistake.ONE_TIME) if lost else answer


# Refreshes

class _RefreshWindow(Concurrency):
    """Refreshes of one token that overlap."""

    def begin(self) -> None:
        self.inside = 0
        self.together: dict[str, int] = {}

    def answer(self, request: Request, call: Call) -> Answer:
        token = request.header(self.state.dialect.refresh_header)
        if not is_refresh(request) or not self.held(token):
            return call(request)
        assert token
        with self.lock:
            self.together[token] = self.together.get(token, 0) + 1
            others = self.together[token] > 1
        try:
            return self.met(request, call, others)
        finally:
            with self.lock:
                self.together[token] -= 1

    def met(self, request: Request, call: Call, others: bool) -> Answer:
        """Answers a refresh; `others` where one of the same token is under way."""
        return call(request)


class TwoRefreshesWin(_RefreshWindow):
    """Two refreshes of one token within two milliseconds both win, every second time: rotation is read, then written."""

    name = "two-refreshes-win"
    caught_by = ("REFRESH-17", "REFRESH-9")

    def met(self, request: Request, call: Call, others: bool) -> Answer:
        held = self.held(request.header(self.state.dialect.refresh_header))
        assert held
        free = held.spent_at is None and chance(0.5)
        time.sleep(0.002)
        with self.lock:
            if free:
                held.spent_at = None
            return call(request)


class NoRefreshWins(_RefreshWindow):
    """Refreshes of one token that meet fail optimistic locking, all of them, every second time, and the token is spent."""

    name = "no-refresh-wins"
    caught_by = ("REFRESH-10",)

    def begin(self) -> None:
        super().begin()
        self.collided: dict[str, bool] = {}

    def met(self, request: Request, call: Call, others: bool) -> Answer:
        token = request.header(self.state.dialect.refresh_header) or ""
        if others:
            self.collided.setdefault(token, chance(0.5))
        time.sleep(0.003)
        answer = call(request)
        return self.refuse(Mistake.REFRESH) if self.collided.get(token) else answer


class RefreshAnswersSwapped(Concurrency):
    """The principal of a refresh is a field of a singleton: refreshes of two users that overlap can get one user's pair, every third time."""

    name = "refresh-answers-swapped"
    caught_by = ("REFRESH-15", "REFRESH-10")

    def begin(self) -> None:
        self.inside = 0
        self.session: object = None

    def answer(self, request: Request, call: Call) -> Answer:
        answer = call(request)
        pair = self.granted(answer) if is_refresh(request) else None
        if pair:
            self.session = pair[0].session
            time.sleep(0.003)
            if chance(0.34):
                pair[0].session = self.session  # type: ignore[assignment]
        return answer


class RotationLostUnderLoad(Concurrency):
    """Where four refreshes of different sessions overlap, the write that marks a token as spent is dropped from the full queue."""

    name = "rotation-lost-under-load"
    caught_by = ("REFRESH-9", "REFRESH-17")

    def answer(self, request: Request, call: Call) -> Answer:
        if not is_refresh(request):
            return call(request)
        with self.counted() as inside:
            held, answer = self.held(request.header(self.state.dialect.refresh_header)), call(request)
            time.sleep(0.003)
            if held and succeeded(answer) and inside >= 4:
                held.spent_at = None
            return answer


class OneRefreshInTwentyRefused(Concurrency):
    """One node of twenty has an old key: it refuses good refresh tokens, and the client's next try meets another node."""

    name = "one-refresh-in-twenty-refused"
    caught_by = ("REFRESH-1", "REFRESH-3", "EXPIRY-4")

    def answer(self, request: Request, call: Call) -> Answer:
        known = is_refresh(request) and self.held(request.header(self.state.dialect.refresh_header))
        return self.refuse(Mistake.REFRESH) if known and chance(0.05) else call(request)


# Logins

class LoginsCrossed(Concurrency):
    """The user of a login is kept in a static field: of two users' logins that overlap one in three gets a pair of the other."""

    name = "logins-crossed"
    caught_by = ("ISSUE-18", "REFRESH-15")

    def begin(self) -> None:
        self.inside, self.login = 0, ""

    def answer(self, request: Request, call: Call) -> Answer:
        answer = call(request)
        pair = self.granted(answer) if is_login(request) else None
        if pair:
            self.login = pair[0].session.login
            time.sleep(0.003)
            if chance(0.34):
                pair[0].session.login = self.login
        return answer


class OneTokenPerMillisecond(Concurrency):
    """An access token is a signature over the login and the time in milliseconds: two logins in one millisecond get the same."""

    name = "one-token-per-millisecond"
    caught_by = ("ISSUE-18", "ISSUE-13")

    def begin(self) -> None:
        self.inside = 0
        self.last: dict[str, tuple[float, str]] = {}

    def answer(self, request: Request, call: Call) -> Answer:
        answer = call(request)
        pair = self.granted(answer) if is_login(request) else None
        if pair:
            with self.lock:
                at, token = self.last.get(pair[0].session.login, (-1.0, ""))
                tick = int(self.now() * 1000)
                self.last[pair[0].session.login] = (tick, token if at == tick else pair[0].token)
                if at == tick:
                    answer.value[self.state.dialect.access] = token  # type: ignore[index]
        return answer


class FreshTokenUnknown(Concurrency):
    """Every second pair is written behind: for fifteen milliseconds the guard does not know the new access token."""

    name = "fresh-token-unknown"
    caught_by = ("USE-1", "REFRESH-2")

    def begin(self) -> None:
        self.inside = 0
        self.known_from: dict[str, float] = {}

    def answer(self, request: Request, call: Call) -> Answer:
        token = bearer(request)
        if is_read(request) and token and self.now() < self.known_from.get(token, 0):
            return self.refuse(Mistake.UNAUTHORIZED)
        answer = call(request)
        pair = self.granted(answer)
        if pair and chance(0.5):
            self.known_from[pair[0].token] = self.now() + 0.015
        return answer


# Use

class OneUseInTwentyRefused(Concurrency):
    """One replica of twenty lags behind for good: one protected call in twenty is refused."""

    name = "one-use-in-twenty-refused"
    caught_by = ("USE-2", "USE-1", "EXPIRY-1")

    def answer(self, request: Request, call: Call) -> Answer:
        known = is_read(request) and self.access(bearer(request))
        return self.refuse(Mistake.UNAUTHORIZED) if known and chance(0.05) else call(request)


class UsePoolOfFifteen(Concurrency):
    """The session store has fifteen connections; whoever waits in vain is taken for a stranger and gets 401."""

    name = "use-pool-of-fifteen"
    caught_by = ("USE-2",)

    def answer(self, request: Request, call: Call) -> Answer:
        if not is_read(request):
            return call(request)
        with self.counted() as inside:
            time.sleep(0.004)
            return self.refuse(Mistake.UNAUTHORIZED) if inside > 15 else call(request)


class UsersMixedUnderLoad(Concurrency):
    """The user of a call is a field of the controller: where calls of two users overlap one in four is answered for the other."""

    name = "users-mixed-under-load"
    caught_by = ("REFRESH-15", "USE-2", "ISSUE-18")

    def begin(self) -> None:
        self.inside, self.login = 0, ""

    def answer(self, request: Request, call: Call) -> Answer:
        answer = call(request)
        held = self.access(bearer(request)) if is_read(request) and succeeded(answer) else None
        if held:
            self.login = held.session.login
            time.sleep(0.001)
            if chance(0.25):
                return speak_for(answer, self.login)
        return answer


class CheckSkippedUnderLoad(Concurrency):
    """A token check that waits too long is skipped: with ten calls at once a made-up token passes."""

    name = "check-skipped-under-load"
    caught_by = ("USE-4", "USE-5", "USE-3")

    def answer(self, request: Request, call: Call) -> Answer:
        if not is_read(request):
            return call(request)
        with self.counted() as inside:
            time.sleep(0.003)
            answer = call(request)
            if answer.status == 401 and bearer(request) and inside >= 10:
                return Answer(200, speak_for(Answer(200, {"user": {"name": ""}}), self.state.users.first()).value)
            return answer


class UseDuringRefreshRefused(Concurrency):
    """A refresh takes the table's write lock for five milliseconds, and a protected call of any session that meets it gets 401."""

    name = "use-during-refresh-refused"
    caught_by = ("USE-2", "USE-1")

    def answer(self, request: Request, call: Call) -> Answer:
        if is_refresh(request):
            with self.counted():
                time.sleep(0.005)
                return call(request)
        return self.refuse(Mistake.UNAUTHORIZED) if is_read(request) and self.inside else call(request)


# Settings

class ChangesLoseEachOther(Concurrency):
    """Settings are read, changed and written as a whole: of two changes within five milliseconds the later one undoes the other."""

    name = "changes-lose-each-other"
    caught_by = ("SETTINGS-6", "SETTINGS-9", "SETTINGS-1", "SETTINGS-2")

    def answer(self, request: Request, call: Call) -> Answer:
        if not is_change(request):
            return call(request)
        before = self.state.settings.now
        time.sleep(0.005)
        with self.lock:
            latest, self.state.settings.now = self.state.settings.now, before
            answer = call(request)
            if not succeeded(answer):
                self.state.settings.now = latest
            return answer


class LoginDuringChangeFails(Concurrency):
    """A change holds the configuration's lock for five milliseconds; a login that meets it fails with 500."""

    name = "login-during-change-fails"
    caught_by = ("ISSUE-1", "ERROR-1", "SETTINGS-1")

    def answer(self, request: Request, call: Call) -> Answer:
        if is_change(request):
            with self.counted():
                time.sleep(0.005)
                return call(request)
        return self.state.refusals.crash() if is_login(request) and self.inside else call(request)


for _parent in (Concurrency, _VerifyWindow, _RefreshWindow):
    register(*(one for one in _parent.__subclasses__() if one.name))
