"""Defects that show only after some operations: what came before decides."""

from __future__ import annotations

from dataclasses import replace

from .layer import (
    LOGIN, REFRESH, VERIFY, Call, Layer, bearer, body, is_change, is_login, is_read, is_refresh, is_verify, register, speak_for,
    succeeded,
)
from .messages import Answer, Request
from .pairs import Session
from .refusals import Mistake


class History(Layer):
    """A defect with a memory."""

    kind = "history"

    def refresh_token(self, request: Request) -> str | None:
        """The token of the refresh header."""
        return request.header(self.state.dialect.refresh_header)

    def end_access(self, token: str | None) -> None:
        """Ends one access token."""
        if held := self.access(token):
            held.deadline = self.now()

    def spend(self, token: str | None) -> None:
        """Marks a refresh token as used."""
        held = self.held(token)
        if held and held.spent_at is None:
            held.spent_at = self.now()


# After a refusal

class NegativeCacheByPrefix(History):
    """A cache of refused tokens is keyed by their first 24 characters, so the refusal of an altered copy is remembered for the token itself."""

    name = "negative-cache-by-prefix"
    caught_by = ("USE-2", "EXPIRY-1", "USE-5")

    def begin(self) -> None:
        self.denied: set[str] = set()

    def answer(self, request: Request, call: Call) -> Answer:
        token = bearer(request)
        if not is_read(request) or not token:
            return call(request)
        if self.access(token) and token[:24] in self.denied:
            return self.refuse(Mistake.UNAUTHORIZED)
        answer = call(request)
        if answer.status == 401 and not self.access(token):
            self.denied.add(token[:24])
        return answer


class FailedLoginDropsRefresh(History):
    """A handler of suspicious logins deletes the newest refresh token of the login whose password was wrong."""

    name = "failed-login-drops-refresh"
    caught_by = ("REFRESH-1", "EXPIRY-4", "ISSUE-6")

    def answer(self, request: Request, call: Call) -> Answer:
        answer = call(request)
        login = body(request).get("login") if is_login(request) and not succeeded(answer) else None
        newest = [one for one in list(self.state.sessions._refresh.values()) if one.session.login == login and one.spent_at is None]
        if login and newest:
            self.spend(newest[-1].token)
        return answer


class WrongMethodSpendsRefresh(History):
    """A filter consumes the refresh token before the router finds that the method is not allowed."""

    name = "wrong-method-spends-refresh"
    caught_by = ("REFRESH-1", "REFRESH-11", "EXPIRY-4")

    def answer(self, request: Request, call: Call) -> Answer:
        answer = call(request)
        if request.path == REFRESH and request.method in ("POST", "PUT", "DELETE"):
            self.spend(self.refresh_token(request))
        return answer


class WrongMethodSpendsOneTime(History):
    """The handler is mapped for all methods, verifies first, and the method is looked at when the answer is written."""

    name = "wrong-method-spends-one-time"
    caught_by = ("OTT-7", "OTT-15")

    def answer(self, request: Request, call: Call) -> Answer:
        answer = call(request)
        made = self.made(body(request).get("token"))
        if request.path == VERIFY and request.method in ("PUT", "DELETE") and made:
            made.used = True
        return answer


class BadChangeEndsCaller(History):
    """The exception of a refused settings change rolls back the unit of work, and the caller's session row with it."""

    name = "bad-change-ends-caller"
    caught_by = ("USE-2", "EXPIRY-1", "SETTINGS-5", "SETTINGS-10")

    def answer(self, request: Request, call: Call) -> Answer:
        answer = call(request)
        if is_change(request) and answer.status in (400, 406):
            self.end_access(bearer(request))
        return answer


class RefusedChangeFlushedLater(History):
    """A refused change leaves the entity dirty in the ORM's session; the next good change flushes it too."""

    name = "refused-change-flushed-later"
    caught_by = ("SETTINGS-5", "SETTINGS-6", "SETTINGS-10", "SETTINGS-9")

    def begin(self) -> None:
        self.dirty: dict[str, float] = {}

    def answer(self, request: Request, call: Call) -> Answer:
        if not is_change(request) or not self.access(bearer(request)):
            return call(request)
        with self.lock:
            answer, settings = call(request), self.state.settings
            fields, wanted = self.state.dialect.settings, body(request)
            if succeeded(answer):
                left = {field: value for field, value in self.dirty.items() if fields[field] not in wanted}
                settings.now, self.dirty = replace(settings.now, **left), {}
            else:
                good = {field: settings._lifetime(wanted[name]) for field, name in fields.items() if name in wanted}
                self.dirty |= {field: value for field, value in good.items() if value is not None}
            return answer


class SavedRequestReplayed(History):
    """The security framework saves a request that was refused for want of a login and replays it after the next login."""

    name = "saved-request-replayed"
    caught_by = ("SETTINGS-4", "SETTINGS-9")

    def begin(self) -> None:
        self.saved: dict[str, object] | None = None

    def answer(self, request: Request, call: Call) -> Answer:
        answer = call(request)
        with self.lock:
            if is_change(request) and answer.status == 401:
                self.saved = body(request)
            elif is_login(request) and succeeded(answer) and self.saved:
                self.state.settings.change(self.saved)
                self.saved = None
        return answer


class ExpiredTokenEndsSession(History):
    """The first call with an expired access token removes the whole session, and the refresh token with it."""

    name = "expired-token-ends-session"
    caught_by = ("REFRESH-4", "EXPIRY-4")

    def answer(self, request: Request, call: Call) -> Answer:
        answer, held = call(request), self.access(bearer(request))
        if held and answer.status == 401 and held.deadline <= self.now():
            held.session.ended = True
        return answer


class BadRefreshesBlockNext(History):
    """A counter of bad refresh tokens is kept for the whole server: after two in a row the next one is refused unseen."""

    name = "bad-refreshes-block-next"
    caught_by = ("REFRESH-1", "REFRESH-7")

    def begin(self) -> None:
        self.bad = 0

    def answer(self, request: Request, call: Call) -> Answer:
        if not is_refresh(request):
            return call(request)
        with self.lock:
            known = self.held(self.refresh_token(request))
            if self.bad >= 2 and known:
                self.bad = 0
                return self.refuse(Mistake.REFRESH)
            self.bad = 0 if known else self.bad + 1
            return call(request)


class StaleErrorRefusesNext(History):
    """The error of a refused verification stays in a field of the shared validator, and the next token meets it."""

    name = "stale-error-refuses-next"
    caught_by = ("OTT-7", "OTT-1", "OTT-8")

    def begin(self) -> None:
        self.stale = False

    def answer(self, request: Request, call: Call) -> Answer:
        made = self.made(body(request).get("token")) if is_verify(request) else None
        if not made:
            return call(request)
        with self.lock:
            if self.stale and not made.used:
                self.stale = False
                return self.refuse(Mistake.ONE_TIME)
            self.stale = made.used
            return call(request)


class AccessAtRefreshEndsSession(History):
    """An access token shown where a refresh token belongs is taken for theft and ends its session."""

    name = "access-at-refresh-ends-session"
    caught_by = ("EXPIRY-1", "USE-2", "REFRESH-8", "REFRESH-1")

    def answer(self, request: Request, call: Call) -> Answer:
        held = self.access(self.refresh_token(request)) if is_refresh(request) else None
        if held:
            held.session.ended = True
        return call(request)


class RefreshAtDoorIsSpent(History):
    """The guard looks the bearer up in the table of all tokens and marks what it finds as used before it compares the type."""

    name = "refresh-at-door-is-spent"
    caught_by = ("REFRESH-1", "USE-6", "EXPIRY-4")

    def answer(self, request: Request, call: Call) -> Answer:
        answer = call(request)
        if is_read(request):
            self.spend(bearer(request))
        return answer


class OneTimeAtDoorIsSpent(History):
    """The guard tries every kind of token, the one-time token too, and throws the outcome away."""

    name = "one-time-at-door-is-spent"
    caught_by = ("OTT-6", "OTT-7", "OTT-10")

    def answer(self, request: Request, call: Call) -> Answer:
        answer, made = call(request), self.made(bearer(request))
        if is_read(request) and made:
            made.used = True
        return answer


class ThreeStraysEndToken(History):
    """A guard against scanners ends an access token after three unknown paths, without a word."""

    name = "three-strays-end-token"
    caught_by = ("EXPIRY-1", "USE-2", "ERROR-3")

    def begin(self) -> None:
        self.strays: dict[str, int] = {}

    def answer(self, request: Request, call: Call) -> Answer:
        answer, token = call(request), bearer(request)
        if answer.status == 404 and token and self.access(token):
            self.strays[token] = self.strays.get(token, 0) + 1
            if self.strays[token] >= 3:
                self.end_access(token)
        return answer


class LeftoverBody(History):
    """The rest of an unreadable body stays in the pooled parser; the next login is appended to it and cannot be read."""

    name = "leftover-body"
    caught_by = ("ISSUE-1", "ISSUE-10")

    def begin(self) -> None:
        self.left = False

    def answer(self, request: Request, call: Call) -> Answer:
        if not is_login(request):
            return call(request)
        with self.lock:
            if self.left and body(request):
                self.left = False
                return self.refuse(Mistake.UNREADABLE)
            self.left = bool(request.body) and not body(request)
            return call(request)


class BreakerFailsOpen(History):
    """A circuit breaker around the token check opens after five refusals in a row, and an open breaker lets the next call pass."""

    name = "breaker-fails-open"
    caught_by = ("USE-3", "USE-4", "USE-5", "USE-6", "USE-7", "EXPIRY-2", "OTT-10")

    def begin(self) -> None:
        self.refused = 0

    def answer(self, request: Request, call: Call) -> Answer:
        answer = call(request)
        if not is_read(request):
            return answer
        with self.lock:
            if answer.status != 401:
                self.refused = 0
            elif self.refused >= 5:
                self.refused = 0
                return self._open(request)
            else:
                self.refused += 1
            return answer

    def _open(self, request: Request) -> Answer:
        login = self.state.users.first()
        value: object = [{"id": 7001, "owner": login, "currency": "EUR"}] if "acc" in request.path else {"user": {"name": login}}
        return Answer(200, value)


class HandlerMissIsCached(History):
    """The router caches that no handler was found for the path, without the method, and serves the miss once more."""

    name = "handler-miss-is-cached"
    caught_by = ("ISSUE-1", "ISSUE-14", "ERROR-1")

    def begin(self) -> None:
        self.missed = False

    def answer(self, request: Request, call: Call) -> Answer:
        if request.path != LOGIN:
            return call(request)
        with self.lock:
            if is_login(request) and self.missed:
                self.missed = False
                return self.refuse(Mistake.METHOD)
            self.missed = not is_login(request)
            return call(request)


class DeleteLogsOut(History):
    """DELETE of the token resource is answered 405 by the gateway, but a listener for sign-outs has seen it already."""

    name = "delete-logs-out"
    caught_by = ("EXPIRY-1", "USE-2", "ISSUE-14", "REFRESH-11")

    def answer(self, request: Request, call: Call) -> Answer:
        answer = call(request)
        if request.method == "DELETE" and request.path in (LOGIN, REFRESH):
            self.end_access(bearer(request))
            if held := self.held(self.refresh_token(request)):
                self.end_access(held.mate)
        return answer


class PrincipalLeftBehind(History):
    """A failed login leaves the thread's security context uncleared; the next login fills it, and the next call of anybody reads it."""

    name = "principal-left-behind"
    caught_by = ("REFRESH-15", "ISSUE-18", "USE-2")

    def begin(self) -> None:
        self.failed, self.left = False, ""

    def answer(self, request: Request, call: Call) -> Answer:
        answer = call(request)
        with self.lock:
            if is_login(request):
                login = str(body(request).get("login"))
                self.left = login if self.failed and succeeded(answer) else ""
                self.failed = not succeeded(answer) and self.state.users.knows(login)
            elif is_read(request) and succeeded(answer) and self.left:
                login, self.left = self.left, ""
                return speak_for(answer, login)
        return answer


class RefusedOneTimeLeavesLogin(History):
    """The login of a token that was refused as used stays in the reused result object and goes out with the next good one."""

    name = "refused-one-time-leaves-login"
    caught_by = ("OTT-9", "OTT-1")

    def begin(self) -> None:
        self.left: str | None = None

    def answer(self, request: Request, call: Call) -> Answer:
        if not is_verify(request):
            return call(request)
        with self.lock:
            made, answer = self.made(body(request).get("token")), call(request)
            left, self.left = self.left, made.login if made and not succeeded(answer) else None
            if left and succeeded(answer) and isinstance(answer.value, dict):
                answer.value |= self.state.dialect.with_login(left)
            return answer


class MalformedVerifyRollsBack(History):
    """Verification writes on a pooled connection that commits later; an unreadable request rolls that connection back."""

    name = "malformed-verify-rolls-back"
    caught_by = ("OTT-16", "OTT-2", "OTT-5")

    def begin(self) -> None:
        self.last: str | None = None

    def answer(self, request: Request, call: Call) -> Answer:
        if not is_verify(request):
            return call(request)
        with self.lock:
            answer, token = call(request), body(request).get("token")
            if not isinstance(token, str) and (made := self.made(self.last)):
                made.used = False
            self.last = token if succeeded(answer) and isinstance(token, str) else None
            return answer


class FailedLoginRollsBackRotation(History):
    """Rotation and login share a transaction of the worker: the exception of a failed login undoes that a token was spent."""

    name = "failed-login-rolls-back-rotation"
    caught_by = ("REFRESH-9",)

    def begin(self) -> None:
        self.last: str | None = None

    def answer(self, request: Request, call: Call) -> Answer:
        answer = call(request)
        with self.lock:
            if is_refresh(request) and succeeded(answer):
                self.last = self.refresh_token(request)
            elif is_login(request):
                if not succeeded(answer) and (held := self.held(self.last)):
                    held.spent_at = None
                self.last = None
        return answer


# After a refresh

class AbsoluteSessionEnd(History):
    """From the second generation on a refresh token ends when the login's own would have: the column is copied, not computed."""

    name = "absolute-session-end"
    caught_by = ("REFRESH-6", "EXPIRY-4")

    def answer(self, request: Request, call: Call) -> Answer:
        answer = call(request)
        pair = self.granted(answer) if is_refresh(request) else None
        if pair and pair[1].generation >= 2:
            pair[1].deadline = self.refreshes(pair[1].session)[0].deadline
        return answer


class AlternatingRefreshChangesUser(History):
    """A cache of one principal is replaced at every second miss only: when two users take turns the third refresh gets the other's."""

    name = "alternating-refresh-changes-user"
    caught_by = ("REFRESH-15",)

    def begin(self) -> None:
        self.before: list[str] = []

    def answer(self, request: Request, call: Call) -> Answer:
        answer = call(request)
        pair = self.granted(answer) if is_refresh(request) else None
        if pair:
            with self.lock:
                login = pair[0].session.login
                if len(self.before) == 2 and self.before[0] == login != self.before[1]:
                    pair[0].session = Session(self.before[1])
                    self.before = []
                else:
                    self.before = [*self.before, login][-2:]
        return answer


class OldAccessEndsNew(History):
    """The session row has one current token: whoever uses the older one after a refresh makes it current again."""

    name = "old-access-ends-new"
    caught_by = ("EXPIRY-1", "REFRESH-2", "USE-2", "REFRESH-14", "REFRESH-6")

    def answer(self, request: Request, call: Call) -> Answer:
        answer, held = call(request), self.access(bearer(request)) if is_read(request) else None
        if held and not held.session.ended:
            tokens = self.accesses(held.session)
            if tokens[-1] is not held:
                self.end_access(tokens[-1].token)
        return answer


class ThreeSpentPerSession(History):
    """The list of spent refresh tokens keeps three for each session; what falls out of it is good again."""

    name = "three-spent-per-session"
    caught_by = ("REFRESH-9",)

    def answer(self, request: Request, call: Call) -> Answer:
        answer = call(request)
        pair = self.granted(answer) if is_refresh(request) else None
        for held in self.refreshes(pair[1].session) if pair else ():
            if held.generation < pair[1].generation - 3:
                held.spent_at = None
        return answer


class FifthGenerationRepeats(History):
    """Access tokens come from a ring of random blocks drawn in advance, and the fifth refresh of a session reads a block twice."""

    name = "fifth-generation-repeats"
    caught_by = ("REFRESH-2",)

    def answer(self, request: Request, call: Call) -> Answer:
        old = self.held(self.refresh_token(request)) if is_refresh(request) else None
        answer = call(request)
        pair = self.granted(answer)
        if old and pair and pair[1].generation == 5 and (mate := self.access(old.mate)):
            mate.deadline = pair[0].deadline
            pair[1].mate = mate.token
            answer.value[self.state.dialect.access] = mate.token  # type: ignore[index]
        return answer


class CachedRefreshAnswer(History):
    """A cache in front takes the GET for cacheable once it was hit twice in a second; its key is the path without the header."""

    name = "cached-refresh-answer"
    caught_by = ("REFRESH-7", "REFRESH-12")

    def begin(self) -> None:
        self.hits: list[float] = []
        self.kept: Answer | None = None

    def answer(self, request: Request, call: Call) -> Answer:
        if not is_refresh(request):
            return call(request)
        with self.lock:
            recent = [at for at in self.hits if self.now() - at < 1]
            if not self.refresh_token(request) and len(recent) >= 2 and self.kept:
                return self.kept
            answer = call(request)
            if succeeded(answer):
                self.hits, self.kept = [*recent, self.now()], answer
            return answer


class NeighbourEndedByRefresh(History):
    """Sessions are indexed by their start in milliseconds, coarsely: a refresh moves every session of the same tick, and loses the others."""

    name = "neighbour-ended-by-refresh"
    caught_by = ("USE-2", "EXPIRY-1", "REFRESH-1", "REFRESH-15", "ISSUE-18")

    def begin(self) -> None:
        self.started: list[tuple[float, Session]] = []

    def answer(self, request: Request, call: Call) -> Answer:
        answer = call(request)
        pair = self.granted(answer)
        if not pair:
            return answer
        session = pair[0].session
        with self.lock:
            if is_login(request):
                self.started = [*self.started[-20:], (self.now(), session)]
            for at, other in self.started if is_refresh(request) else ():
                near = any(one is session and abs(at - then) < 0.05 for then, one in self.started)
                if near and other.login != session.login:
                    other.ended = True
        return answer


# After other logins

class SettingsCachedPerUser(History):
    """Lifetimes are cached with the user's profile; the login after a change still reads the old ones and refreshes the cache."""

    name = "settings-cached-per-user"
    caught_by = ("SETTINGS-1", "SETTINGS-2")

    def begin(self) -> None:
        self.cache: dict[str, object] = {}

    def answer(self, request: Request, call: Call) -> Answer:
        answer = call(request)
        pair = self.granted(answer) if is_login(request) else None
        if pair:
            with self.lock:
                login, now = pair[0].session.login, self.state.settings.now
                old = self.cache.get(login, now)
                self.cache[login] = now
                if old != now:
                    self.announce(answer, old.access, old.refresh)  # type: ignore[attr-defined]
        return answer


class FifthLoginReusesRefresh(History):
    """A user has four slots for sessions; the fifth login takes the first slot, and its refresh token is the slot's."""

    name = "fifth-login-reuses-refresh"
    caught_by = ("ISSUE-13", "ISSUE-19")

    def begin(self) -> None:
        self.slots: dict[str, list[str]] = {}

    def answer(self, request: Request, call: Call) -> Answer:
        answer = call(request)
        pair = self.granted(answer) if is_login(request) else None
        if pair:
            with self.lock:
                slots = self.slots.setdefault(pair[0].session.login, [])
                if len(slots) < 4:
                    slots.append(pair[1].token)
                else:
                    self._reuse(slots.pop(0), answer, pair[1])
                    slots.append(pair[1].token)
        return answer

    def _reuse(self, token: str, answer: Answer, held: object) -> None:
        refreshes = self.state.sessions._refresh
        refreshes.pop(held.token)  # type: ignore[attr-defined]
        held.token = token  # type: ignore[attr-defined]
        refreshes[token] = held  # type: ignore[assignment]
        answer.value[self.state.dialect.refresh] = token  # type: ignore[index]


class RingOfEightSessions(History):
    """The ninth login overwrites the first entry of a ring, and the token of the ninth login before points to the new owner."""

    name = "ring-of-eight-sessions"
    caught_by = ("REFRESH-15", "USE-2", "ISSUE-18")

    def begin(self) -> None:
        self.ring: list[Session] = []

    def answer(self, request: Request, call: Call) -> Answer:
        answer = call(request)
        pair = self.granted(answer) if is_login(request) else None
        if pair:
            with self.lock:
                self.ring.append(pair[0].session)
                if len(self.ring) > 8:
                    self.ring.pop(0).login = pair[0].session.login
        return answer


class WarmLoginCache(History):
    """After three good logins within five seconds the directory is not asked again, and the cache compares the password's length only."""

    name = "warm-login-cache"
    caught_by = ("ISSUE-6", "ISSUE-12")

    def begin(self) -> None:
        self.good: dict[str, list[float]] = {}
        self.lengths: dict[str, int] = {}

    def answer(self, request: Request, call: Call) -> Answer:
        answer, given = call(request), body(request)
        login, password = given.get("login"), given.get("password")
        if not is_login(request) or not isinstance(login, str) or not isinstance(password, str):
            return answer
        with self.lock:
            recent = [at for at in self.good.get(login, []) if self.now() - at < 5]
            if succeeded(answer):
                self.good[login], self.lengths[login] = [*recent, self.now()], len(password)
            elif len(recent) >= 3 and self.lengths[login] == len(password):
                right = self.state.users._passwords[login]
                return call(replace(request, body=_credentials(login, right)))
        return answer


class LookupMissKeepsUser(History):
    """A login that is not found leaves the previous user in the variable, and the password is compared with his."""

    name = "lookup-miss-keeps-user"
    caught_by = ("ISSUE-7", "ISSUE-12")

    def begin(self) -> None:
        self.last: tuple[str, str] | None = None

    def answer(self, request: Request, call: Call) -> Answer:
        if not is_login(request):
            return call(request)
        with self.lock:
            given, answer = body(request), call(request)
            login, password = given.get("login"), given.get("password")
            if succeeded(answer):
                self.last = (str(login), str(password))
            elif isinstance(login, str) and login and not self.state.users.knows(login) and self.last:
                last, self.last = self.last, None
                if password == last[1]:
                    return call(replace(request, body=_credentials(*last)))
            return answer


class LoginAfterRefreshForgetsSpent(History):
    """A login after a refresh reloads the user's tokens from the store, where the marks of spent one-time tokens are written late."""

    name = "login-after-refresh-forgets-spent"
    caught_by = ("OTT-16", "OTT-2")

    def begin(self) -> None:
        self.refreshed: set[str] = set()

    def answer(self, request: Request, call: Call) -> Answer:
        answer = call(request)
        pair = self.granted(answer)
        if pair:
            with self.lock:
                login = pair[0].session.login
                if is_refresh(request):
                    self.refreshed.add(login)
                elif login in self.refreshed:
                    self.refreshed.discard(login)
                    for made in list(self.state.one_time._made.values()):
                        made.used &= made.login != login
        return answer


# After a change of settings

class SecondChangeForgetsSpent(History):
    """Every second change of the settings rebuilds the cache of one-time tokens from rows that do not hold the mark."""

    name = "second-change-forgets-spent"
    caught_by = ("OTT-16", "OTT-2")

    def begin(self) -> None:
        self.changes = 0

    def answer(self, request: Request, call: Call) -> Answer:
        answer = call(request)
        if is_change(request) and succeeded(answer):
            with self.lock:
                self.changes += 1
                for made in list(self.state.one_time._made.values()) if self.changes % 2 == 0 else ():
                    made.used = False
        return answer


class RefreshReloadsSettings(History):
    """After a refresh the settings are read again from the file the server was started with."""

    name = "refresh-reloads-settings"
    caught_by = ("SETTINGS-9", "SETTINGS-1", "SETTINGS-2", "SETTINGS-3", "SETTINGS-7")

    def answer(self, request: Request, call: Call) -> Answer:
        answer = call(request)
        if is_refresh(request) and succeeded(answer):
            self.state.settings.now = self.state.settings.initial
        return answer


class StaleBaseByCaller(History):
    """The form's model is loaded at a caller's first change and kept: his next change writes the other lifetimes as they were then."""

    name = "stale-base-by-caller"
    caught_by = ("SETTINGS-6", "SETTINGS-9")

    def begin(self) -> None:
        self.models: dict[str, object] = {}

    def answer(self, request: Request, call: Call) -> Answer:
        token = bearer(request)
        if not is_change(request) or not token or not self.access(token):
            return call(request)
        with self.lock:
            model = self.models.setdefault(token, self.state.settings.now)
            before = self.state.settings.now
            self.state.settings.now = model  # type: ignore[assignment]
            answer = call(request)
            if not succeeded(answer):
                self.state.settings.now = before
            return answer


class SameValueDeletesRow(History):
    """A change to the value in force is taken for nothing to store; the row is deleted and the default counts again."""

    name = "same-value-deletes-row"
    caught_by = ("SETTINGS-9", "SETTINGS-1", "SETTINGS-2", "SETTINGS-3")

    def answer(self, request: Request, call: Call) -> Answer:
        with self.lock:
            before, settings = self.state.settings.now, self.state.settings
            answer = call(request)
            if is_change(request) and succeeded(answer):
                for field, name in self.state.dialect.settings.items():
                    if body(request).get(name) == getattr(before, field):
                        settings.now = replace(settings.now, **{field: getattr(settings.initial, field)})
            return answer


class LifetimesFixedAtFirstRefresh(History):
    """A session that has been refreshed once carries its lifetimes along, whatever is set later."""

    name = "lifetimes-fixed-at-first-refresh"
    caught_by = ("SETTINGS-7",)

    def begin(self) -> None:
        self.fixed: dict[int, tuple[Session, object]] = {}

    def answer(self, request: Request, call: Call) -> Answer:
        answer = call(request)
        pair = self.granted(answer) if is_refresh(request) else None
        if pair:
            session = pair[0].session
            _, old = self.fixed.setdefault(id(session), (session, self.state.settings.now))
            if old != self.state.settings.now:
                self.announce(answer, old.access, old.refresh)  # type: ignore[attr-defined]
        return answer


class LoginPurgesByNewLifetime(History):
    """A clean-up at every login deletes access tokens older than the lifetime that is set now, not the one they were given."""

    name = "login-purges-by-new-lifetime"
    caught_by = ("SETTINGS-8", "EXPIRY-1")

    def answer(self, request: Request, call: Call) -> Answer:
        answer = call(request)
        if is_login(request) and succeeded(answer):
            limit = self.state.settings.now.access
            for held in list(self.state.sessions._access.values()):
                if self.now() - (held.deadline - held.lifetime) > limit:
                    self.end_access(held.token)
        return answer


class MillisecondsAfterChange(History):
    """Changed lifetimes are kept as milliseconds; the refresh answer is the one place that forgets to divide."""

    name = "milliseconds-after-change"
    caught_by = ("REFRESH-1", "SETTINGS-7")

    def answer(self, request: Request, call: Call) -> Answer:
        answer, settings, names = call(request), self.state.settings, self.state.dialect
        if is_refresh(request) and isinstance(answer.value, dict) and succeeded(answer):
            if settings.now.access != settings.initial.access:
                answer.value[names.access_lifetime] = int(settings.now.access * 1000)
        return answer


# After N uses, and by order

class EveryThirtyThirdUse(History):
    """A usage counter of five bits and a sign wraps: every thirty-third use of an access token finds it invalid."""

    name = "every-thirty-third-use"
    caught_by = ("USE-2",)

    def answer(self, request: Request, call: Call) -> Answer:
        held, answer = self.access(bearer(request)), call(request)
        return self.refuse(Mistake.UNAUTHORIZED) if held and is_read(request) and held.uses and held.uses % 33 == 0 else answer


class WarmCacheByPrefix(History):
    """From the third use on an access token is looked up in a cache whose key is its first 40 characters."""

    name = "warm-cache-by-prefix"
    caught_by = ("USE-5",)

    def answer(self, request: Request, call: Call) -> Answer:
        token = bearer(request)
        if is_read(request) and token and not self.access(token):
            for held in list(self.state.sessions._access.values()):
                if held.uses >= 3 and held.token[:40] == token[:40]:
                    return call(replace(request, headers={**request.headers, "authorization": f"Bearer {held.token}"}))
        return call(request)


class ThreeSpentPerLogin(History):
    """The marks of spent one-time tokens are a list of three for each login; older ones are forgotten."""

    name = "three-spent-per-login"
    caught_by = ("OTT-16", "OTT-2")

    def begin(self) -> None:
        self.spent: dict[str, list[str]] = {}

    def answer(self, request: Request, call: Call) -> Answer:
        answer = call(request)
        made = self.made(body(request).get("token")) if is_verify(request) and succeeded(answer) else None
        if made:
            with self.lock:
                spent = self.spent.setdefault(made.login, [])
                spent.append(made.token)
                if len(spent) > 3 and (old := self.made(spent.pop(0))):
                    old.used = False
        return answer


class FifthTryAccepted(History):
    """A retry policy gives up after four refusals of one token and answers from the copy it made before."""

    name = "fifth-try-accepted"
    caught_by = ("OTT-2", "OTT-16")

    def begin(self) -> None:
        self.tries: dict[str, int] = {}

    def answer(self, request: Request, call: Call) -> Answer:
        made = self.made(body(request).get("token")) if is_verify(request) else None
        if made:
            with self.lock:
                self.tries[made.token] = self.tries.get(made.token, 0) + 1
                if self.tries[made.token] == 5:
                    made.used = False
        return call(request)


class HighWaterMark(History):
    """One-time tokens carry a running number for each login, and a token below the highest verified number counts as used."""

    name = "high-water-mark"
    caught_by = ("OTT-8", "OTT-1", "OTT-7")

    def answer(self, request: Request, call: Call) -> Answer:
        answer = call(request)
        made = self.made(body(request).get("token")) if is_verify(request) and succeeded(answer) else None
        for older in list(self.state.one_time._made.values()) if made else ():
            if older is made:
                break
            older.used |= older.login == made.login
        return answer


def _credentials(login: str, password: str) -> bytes:
    import json

    return json.dumps({"login": login, "password": password}).encode()


register(*History.__subclasses__())
