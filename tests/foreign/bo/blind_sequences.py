"""Defects that need a few operations to show: leftovers of the request before, counters, clean-ups, and state that is shared by mistake."""

from __future__ import annotations

from collections import deque
from dataclasses import replace

from .layer import (
    LOGIN, REFRESH, SETTINGS, VERIFY, Call, Layer, bearer, body, is_change, is_login, is_read, is_refresh, is_verify, register,
    speak_for, succeeded,
)
from .messages import Answer, Request
from .pairs import Session
from .refusals import Mistake


class Sequence(Layer):
    """A defect that earlier requests bring out."""

    kind = "sequences"

    def shown_refresh(self, request: Request) -> str | None:
        """The token of the refresh header."""
        return request.header(self.state.dialect.refresh_header)

    def end(self, token: str | None) -> None:
        """Ends one access token."""
        if held := self.access(token):
            held.deadline = self.now()

    def spend_refresh(self, token: str | None) -> None:
        """Marks a refresh token as spent."""
        if (held := self.held(token)) and held.spent_at is None:
            held.spent_at = self.now()

    def users(self) -> list[str]:
        """All logins."""
        return list(self.state.users._passwords)

    def live(self, token: str | None) -> bool:
        """Whether an access token is good now."""
        held = self.access(token)
        return held is not None and not held.session.ended and self.now() < held.deadline

    def login_name(self) -> str:
        """The member that names the login of a verified one-time token."""
        return self.state.dialect.login_path[-1]


class HotTokenOutlivesItsEnd(Sequence):
    """The introspection cache renews an entry of three or more hits at each hit, so that a token in use is not looked up again."""

    name, caught_by = "hot-token-outlives-its-end", ("EXPIRY-2", "EXPIRY-3")

    def begin(self) -> None:
        self.hits: dict[str, list[float]] = {}

    def answer(self, request: Request, call: Call) -> Answer:
        token = bearer(request)
        hits = self.hits.setdefault(token or "", [])
        held = self.access(token)
        if is_read(request) and held and len(hits) >= 3 and self.now() - hits[-1] < 1.5 and not held.session.ended:
            held.deadline = max(held.deadline, self.now() + 0.5)
        answer = call(request)
        if is_read(request) and succeeded(answer):
            hits.append(self.now())
        return answer


class ThirdTypoEndsSessions(Sequence):
    """Every third wrong password of a user, counted over the server's whole life, revokes the access tokens he has."""

    name, caught_by = "third-typo-ends-sessions", ("USE-2", "EXPIRY-1")

    def begin(self) -> None:
        self.wrong: dict[str, int] = {}

    def answer(self, request: Request, call: Call) -> Answer:
        answer = call(request)
        login = body(request).get("login") if is_login(request) else None
        if isinstance(login, str) and not succeeded(answer) and self.state.users.knows(login):
            self.wrong[login] = self.wrong.get(login, 0) + 1
            if self.wrong[login] % 3 == 0:
                for held in list(self.state.sessions._access.values()):
                    if held.session.login == login:
                        held.deadline = min(held.deadline, self.now())
        return answer


class MethodCheckedAfterRotation(Sequence):
    """The rotation is done in a filter before the router sees that DELETE is no method of this path."""

    name, caught_by = "method-checked-after-rotation", ("REFRESH-11", "REFRESH-1", "REFRESH-3")

    def answer(self, request: Request, call: Call) -> Answer:
        if request.path == REFRESH and request.method == "DELETE":
            self.spend_refresh(self.shown_refresh(request))
        return call(request)


class RefreshForBearer(Sequence):
    """The refreshed pair is made for the security context's principal, which is the Authorization header's where there is one."""

    name, caught_by = "refresh-for-bearer", ("REFRESH-15", "REFRESH-5")

    def answer(self, request: Request, call: Call) -> Answer:
        answer = call(request)
        if is_refresh(request) and (pair := self.granted(answer)) and (held := self.access(bearer(request))):
            session = Session(held.session.login)
            pair[0].session = pair[1].session = session
        return answer


class ChangeEndsTheOthersTokens(Sequence):
    """A settings change evicts the token cache of every other user, and the store behind it is not asked."""

    name, caught_by = "change-ends-the-others-tokens", ("SETTINGS-8",)

    def answer(self, request: Request, call: Call) -> Answer:
        actor = self.access(bearer(request))
        answer = call(request)
        if is_change(request) and succeeded(answer) and actor:
            for held in list(self.state.sessions._access.values()):
                if held.session.login != actor.session.login:
                    held.deadline = min(held.deadline, self.now())
        return answer


class ShorterChangeCutsRefreshed(Sequence):
    """Only rows of refreshed sessions have an `issued_at`; a shorter refresh lifetime is applied to all that have one."""

    name, caught_by = "shorter-change-cuts-refreshed", ("SETTINGS-8",)

    def answer(self, request: Request, call: Call) -> Answer:
        before = self.state.settings.now.refresh
        answer = call(request)
        after = self.state.settings.now.refresh
        if is_change(request) and after < before:
            for held in list(self.state.sessions._refresh.values()):
                if held.generation > 0:
                    held.deadline -= before - after
        return answer


class SameValueResetsTheRest(Sequence):
    """An update that changes no row is taken for a missing row, and a row of defaults is written."""

    name, caught_by = "same-value-resets-the-rest", ("SETTINGS-6", "SETTINGS-9")

    def answer(self, request: Request, call: Call) -> Answer:
        before = self.state.settings.now
        answer = call(request)
        if is_change(request) and succeeded(answer) and before == self.state.settings.now:
            named = {f: v for f, n in self.state.dialect.settings.items() if isinstance(v := body(request).get(n), (int, float))}
            self.state.settings.now = replace(self.state.settings.initial, **named)
        return answer


class RefusedChangeRollsBackTheNext(Sequence):
    """A refused change leaves the transaction marked for rollback; the next change on it is answered 200 and rolled back."""

    name, caught_by = "refused-change-rolls-back-the-next", ("SETTINGS-1", "SETTINGS-2", "SETTINGS-9", "SETTINGS-6")

    def begin(self) -> None:
        self.doomed = False

    def answer(self, request: Request, call: Call) -> Answer:
        before = self.state.settings.now
        answer = call(request)
        if is_change(request) and self.access(bearer(request)):
            if succeeded(answer) and self.doomed:
                self.state.settings.now, self.doomed = before, False
            elif answer.status in (400, 406):
                self.doomed = True
        return answer


class SecondChangeIsDebounced(Sequence):
    """Changes are written at the next login, and only the first one since the last login is kept."""

    name, caught_by = "second-change-is-debounced", ("SETTINGS-1", "SETTINGS-2", "SETTINGS-3", "SETTINGS-6", "SETTINGS-9")

    def begin(self) -> None:
        self.changed = False

    def answer(self, request: Request, call: Call) -> Answer:
        before = self.state.settings.now
        answer = call(request)
        if is_login(request) and succeeded(answer):
            self.changed = False
        if is_change(request) and succeeded(answer):
            if self.changed:
                self.state.settings.now = before
            self.changed = True
        return answer


class FirstLoginOfOthersIsOld(Sequence):
    """Each user's settings are cached with his profile; the cache is reloaded after a login, so the first one after a change is old."""

    name, caught_by = "first-login-of-others-is-old", ("SETTINGS-1", "SETTINGS-2")

    def begin(self) -> None:
        self.seen: dict[str, tuple[float, float]] = {}

    def answer(self, request: Request, call: Call) -> Answer:
        actor = self.access(bearer(request))
        answer = call(request)
        now = self.state.settings.now
        if is_change(request) and succeeded(answer) and actor:
            self.seen[actor.session.login] = (now.access, now.refresh)
        if is_login(request) and (pair := self.granted(answer)):
            login = pair[0].session.login
            if old := self.seen.get(login):
                self.announce(answer, *old)
            self.seen[login] = (now.access, now.refresh)
        return answer


class VerifiedUserStaysInTheThread(Sequence):
    """The login of a verified one-time token stays in a thread-local; a refresh that is served next takes it for the session's."""

    name, caught_by = "verified-user-stays-in-the-thread", ("REFRESH-15",)

    def begin(self) -> None:
        self.left: str | None = None

    def answer(self, request: Request, call: Call) -> Answer:
        left, self.left = self.left, None
        answer = call(request)
        if is_verify(request) and succeeded(answer) and (made := self.made(body(request).get("token"))):
            self.left = made.login
        if is_refresh(request) and left and (pair := self.granted(answer)):
            pair[0].session = pair[1].session = Session(left)
        return answer


class UnreadableBodiesLeakConnections(Sequence):
    """A body that cannot be parsed leaves its database connection open; the twelfth empties the pool, and the next call gets a 500."""

    name, caught_by = "unreadable-bodies-leak-connections", ("ERROR-1", "USE-1", "ISSUE-1", "ISSUE-10", "OTT-5")

    def begin(self) -> None:
        self.open = 0

    def answer(self, request: Request, call: Call) -> Answer:
        if self.open >= 12:
            self.open = 0
            return self.state.refusals.crash()
        answer = call(request)
        if request.method == "POST" and answer.status == 400:
            self.open += 1
        return answer


class VerifyingEvictsTheOldest(Sequence):
    """A verification rewrites the user's list of one-time tokens and keeps the two newest that are unused."""

    name, caught_by = "verifying-evicts-the-oldest", ("OTT-8",)

    def answer(self, request: Request, call: Call) -> Answer:
        made = self.made(body(request).get("token")) if is_verify(request) else None
        answer = call(request)
        if made and succeeded(answer):
            rest = [one for one in self.state.one_time._made.values()
                    if one.login == made.login and not one.used and self.now() < one.deadline]
            for one in rest[:-2]:
                one.used = True
        return answer


class RefreshDropsLinks(Sequence):
    """A refresh moves the user's record to the new session, but not the one-time tokens that hang on the old one's login."""

    name, caught_by = "refresh-drops-links", ("OTT-1",)

    def begin(self) -> None:
        self.logged_in: dict[int, float] = {}

    def answer(self, request: Request, call: Call) -> Answer:
        answer = call(request)
        pair = self.granted(answer)
        if is_login(request) and pair:
            self.logged_in[id(pair[0].session)] = self.now()
        if is_refresh(request) and pair:
            since = self.logged_in.get(id(pair[0].session), self.now())
            for one in list(self.state.one_time._made.values()):
                made_at = one.deadline - self.state.settings.now.ott
                if one.login == pair[0].session.login and made_at >= since:
                    one.used = True
        return answer


class SpentRingOfTwelve(Sequence):
    """Spent one-time tokens are kept in a ring of twelve."""

    name, caught_by = "spent-ring-of-twelve", ("OTT-16",)

    def begin(self) -> None:
        self.ring: deque[str] = deque()

    def answer(self, request: Request, call: Call) -> Answer:
        answer = call(request)
        if is_verify(request) and succeeded(answer):
            self.ring.append(str(body(request).get("token")))
            if len(self.ring) > 12 and (made := self.made(self.ring.popleft())):
                made.used = False
        return answer


class SpentMarkWrapsAround(Sequence):
    """The number of verifications is kept in two bits: after the fourth the token is as good as new."""

    name, caught_by = "spent-mark-wraps-around", ("OTT-2", "OTT-16")

    def begin(self) -> None:
        self.tries: dict[str, int] = {}

    def answer(self, request: Request, call: Call) -> Answer:
        made = self.made(body(request).get("token")) if is_verify(request) else None
        if made:
            self.tries[made.token] = self.tries.get(made.token, 0) + 1
            if self.tries[made.token] % 4 == 1:
                made.used = False
        return call(request)


class LoginReloadsTheUser(Sequence):
    """A login reloads the user's record as it was before the last verification, which was not written yet."""

    name, caught_by = "login-reloads-the-user", ("OTT-16", "OTT-2")

    def begin(self) -> None:
        self.last: dict[str, str] = {}

    def answer(self, request: Request, call: Call) -> Answer:
        answer = call(request)
        if is_verify(request) and succeeded(answer) and (made := self.made(body(request).get("token"))):
            self.last[made.login] = made.token
        if is_login(request) and (pair := self.granted(answer)):
            token = self.last.pop(pair[0].session.login, None)
            if made := self.made(token):
                made.used = False
        return answer


class RefreshRevivesTheExpired(Sequence):
    """An access token is as good as its session, and a refresh prolongs the session: expired ones of it come back."""

    name, caught_by = "refresh-revives-the-expired", ("EXPIRY-2",)

    def answer(self, request: Request, call: Call) -> Answer:
        held = self.held(self.shown_refresh(request)) if is_refresh(request) else None
        mate = self.access(held.mate) if held else None
        answer = call(request)
        if mate and succeeded(answer) and self.now() >= mate.deadline:
            mate.deadline = self.now() + mate.lifetime
        return answer


class ThirdGenerationInherits(Sequence):
    """From the third refresh on the refresh token's end is copied from the one before."""

    name, caught_by = "third-generation-inherits", ("REFRESH-6",)

    def answer(self, request: Request, call: Call) -> Answer:
        held = self.held(self.shown_refresh(request)) if is_refresh(request) else None
        answer = call(request)
        pair = self.granted(answer)
        if held and pair and pair[1].generation >= 3:
            pair[1].deadline = held.deadline
        return answer


class AccessAsRefreshTwice(Sequence):
    """An access token in the refresh header twice is taken for an attack, and the session ends."""

    name, caught_by = "access-as-refresh-twice", ("USE-2", "EXPIRY-1", "REFRESH-8")

    def begin(self) -> None:
        self.tries: dict[str, int] = {}

    def answer(self, request: Request, call: Call) -> Answer:
        held = self.access(self.shown_refresh(request)) if is_refresh(request) else None
        answer = call(request)
        if held:
            self.tries[held.token] = self.tries.get(held.token, 0) + 1
            if self.tries[held.token] == 2:
                held.session.ended = True
        return answer


class RefreshTokenBurnedAsBearer(Sequence):
    """One table holds all tokens; a look-up for a bearer marks a one-way token as spent before its kind is compared."""

    name, caught_by = "refresh-token-burned-as-bearer", ("USE-6", "REFRESH-1")

    def answer(self, request: Request, call: Call) -> Answer:
        if request.path != REFRESH and (token := bearer(request)):
            self.spend_refresh(token)
        return call(request)


class LinkBurnedInRefreshHeader(Sequence):
    """A one-time token in the refresh header is consumed by the common look-up and refused for its kind."""

    name, caught_by = "link-burned-in-refresh-header", ("OTT-10", "OTT-7", "OTT-6")

    def answer(self, request: Request, call: Call) -> Answer:
        if is_refresh(request) and (made := self.made(self.shown_refresh(request))):
            made.used = True
        return call(request)


class AccessConsumedByVerification(Sequence):
    """A verification deletes whatever token it finds and only then asks whether it was a one-time token."""

    name, caught_by = "access-consumed-by-verification", ("OTT-10", "USE-2", "EXPIRY-1")

    def answer(self, request: Request, call: Call) -> Answer:
        answer = call(request)
        if is_verify(request) and isinstance(token := body(request).get("token"), str):
            self.end(token)
        return answer


class FailedUserLeftInPlace(Sequence):
    """A refused login leaves its principal in the authentication object, which the next good login does not overwrite."""

    name, caught_by = "failed-user-left-in-place", ("REFRESH-15",)

    def begin(self) -> None:
        self.left: str | None = None

    def answer(self, request: Request, call: Call) -> Answer:
        answer = call(request)
        if not is_login(request):
            return answer
        pair = self.granted(answer)
        login = body(request).get("login")
        if pair is None:
            self.left = login if isinstance(login, str) and self.state.users.knows(login) else None
        elif self.left:
            pair[0].session.login, self.left = self.left, None
        return answer


class FrequentLoginsTrusted(Sequence):
    """Three good logins of a user in a row put him on a list whose password is not asked for the fourth time."""

    name, caught_by = "frequent-logins-trusted", ("ISSUE-6", "ISSUE-12")

    def begin(self) -> None:
        self.row: tuple[str, int] = ("", 0)

    def answer(self, request: Request, call: Call) -> Answer:
        if not is_login(request):
            return call(request)
        given = body(request)
        login, password = given.get("login"), given.get("password")
        if login == self.row[0] and self.row[1] >= 3 and isinstance(password, str) and password:
            self.row = ("", 0)
            return call(self.with_password(request, str(login)))
        answer = call(request)
        if succeeded(answer):
            self.row = (str(login), self.row[1] + 1 if login == self.row[0] else 1)
        else:
            self.row = ("", 0)
        return answer

    def with_password(self, request: Request, login: str) -> Request:
        """The request with the right password."""
        import json

        given = body(request) | {"password": self.state.users._passwords[login]}
        return replace(request, body=json.dumps(given).encode())


class BufferOfTheLastVerification(Sequence):
    """A body that cannot be read leaves the parsed object of the verification before in its place, and its answer too."""

    name, caught_by = "buffer-of-the-last-verification", ("OTT-5",)

    def begin(self) -> None:
        self.last: Answer | None = None

    def answer(self, request: Request, call: Call) -> Answer:
        answer = call(request)
        last, self.last = self.last, None
        if is_verify(request):
            if succeeded(answer):
                self.last = answer
            elif last and not body(request):
                return Answer(last.status, last.value, dict(last.headers))
        return answer


class ContextOfTheLastRefresh(Sequence):
    """A refresh fills the security context and does not clear it; a call without a header that comes next finds it."""

    name, caught_by = "context-of-the-last-refresh", ("USE-3",)

    def begin(self) -> None:
        self.left: str | None = None

    def answer(self, request: Request, call: Call) -> Answer:
        left, self.left = self.left, None
        if left and is_read(request) and request.header("Authorization") is None:
            return call(replace(request, headers={**request.headers, "authorization": f"Bearer {left}"}))
        answer = call(request)
        if is_refresh(request) and (pair := self.granted(answer)):
            self.left = pair[0].token
        return answer


class HalfBuiltLogout(Sequence):
    """DELETE on the login path is answered 405, but the logout handler behind the security filter has run."""

    name, caught_by = "half-built-logout", ("ISSUE-14", "USE-2", "EXPIRY-1")

    def answer(self, request: Request, call: Call) -> Answer:
        if request.path == LOGIN and request.method == "DELETE" and (held := self.access(bearer(request))):
            held.session.ended = True
        return call(request)


class ThreeUnknownPaths(Sequence):
    """Three unknown paths in a row with one token look like a scan, and the token is withdrawn."""

    name, caught_by = "three-unknown-paths", ("ERROR-3", "USE-2", "EXPIRY-1")

    def begin(self) -> None:
        self.row: dict[str, int] = {}

    def answer(self, request: Request, call: Call) -> Answer:
        answer = call(request)
        if token := bearer(request):
            self.row[token] = self.row.get(token, 0) + 1 if answer.status == 404 else 0
            if self.row[token] == 3:
                self.end(token)
        return answer


class SeenExpiredThenRefreshed(Sequence):
    """A 401 for an expired access token marks the session; the refresh that follows gives a pair whose refresh token has the mark."""

    name, caught_by = "seen-expired-then-refreshed", ("REFRESH-3", "REFRESH-4")

    def begin(self) -> None:
        self.marked: set[int] = set()

    def answer(self, request: Request, call: Call) -> Answer:
        answer = call(request)
        held = self.access(bearer(request))
        if held and is_read(request) and answer.status == 401 and self.now() >= held.deadline:
            self.marked.add(id(held.session))
        if is_refresh(request) and (pair := self.granted(answer)) and id(pair[0].session) in self.marked:
            self.marked.discard(id(pair[0].session))
            pair[1].deadline = self.now()
        return answer


class SiblingSpentAlong(Sequence):
    """Refreshing the older of two sessions of a user updates by user: the younger one's refresh token is spent along."""

    name, caught_by = "sibling-spent-along", ("REFRESH-1", "EXPIRY-4", "ISSUE-18")

    def answer(self, request: Request, call: Call) -> Answer:
        token = self.shown_refresh(request) if is_refresh(request) else None
        held = self.held(token)
        answer = call(request)
        if held and (pair := self.granted(answer)):
            new = pair[1].token
            seen = False
            for other in list(self.state.sessions._refresh.values()):
                seen |= other is held
                mine = other.session is held.session
                if seen and not mine and other.session.login == held.session.login and other.token != new:
                    self.spend_refresh(other.token)
        return answer


class EighthLoginCleansUp(Sequence):
    """Every eighth login cleans up, and takes one-time tokens by the age of the table's index instead of their end."""

    name, caught_by = "eighth-login-cleans-up", ("EXPIRY-6", "OTT-1")

    def begin(self) -> None:
        self.logins = 0

    def answer(self, request: Request, call: Call) -> Answer:
        answer = call(request)
        if is_login(request) and succeeded(answer):
            self.logins += 1
            if self.logins % 8 == 0:
                for one in list(self.state.one_time._made.values()):
                    if self.now() > one.deadline - self.state.settings.now.ott + 1:
                        one.used = True
        return answer


class RefusalsCleanUpRefresh(Sequence):
    """Every tenth refused verification cleans up sessions by their access token: those that wait for a refresh are gone."""

    name, caught_by = "refusals-clean-up-refresh", ("REFRESH-4", "EXPIRY-4")

    def begin(self) -> None:
        self.refused = 0

    def answer(self, request: Request, call: Call) -> Answer:
        answer = call(request)
        if is_verify(request) and not succeeded(answer):
            self.refused += 1
            if self.refused % 10 == 0:
                for held in list(self.state.sessions._refresh.values()):
                    mate = self.access(held.mate)
                    if mate is None or self.now() >= mate.deadline:
                        held.session.ended = True
        return answer


class SixthGenerationLosesLifetimes(Sequence):
    """The sixth refresh of a chain is served from the archive, which has no lifetimes."""

    name, caught_by = "sixth-generation-loses-lifetimes", ("REFRESH-1", "REFRESH-3")

    def answer(self, request: Request, call: Call) -> Answer:
        answer = call(request)
        if is_refresh(request) and (pair := self.granted(answer)) and pair[1].generation >= 6:
            assert isinstance(answer.value, dict)
            answer.value.pop(self.state.dialect.access_lifetime)
        return answer


class AlternatingRefreshers(Sequence):
    """The prepared statement keeps the last two logins: after refreshes of A and B the next of A is bound to B."""

    name, caught_by = "alternating-refreshers", ("REFRESH-15",)

    def begin(self) -> None:
        self.last: deque[str] = deque(maxlen=2)

    def answer(self, request: Request, call: Call) -> Answer:
        answer = call(request)
        if is_refresh(request) and (pair := self.granted(answer)):
            login = pair[0].session.login
            if len(self.last) == 2 and self.last[0] == login != self.last[1]:
                pair[0].session = pair[1].session = Session(self.last[1])
                self.last.clear()
            else:
                self.last.append(login)
        return answer


class LoginOfTheVerificationBefore(Sequence):
    """After a refused verification the result object is not filled again: the next good one carries the login of the last good one."""

    name, caught_by = "login-of-the-verification-before", ("OTT-9", "OTT-1")

    def begin(self) -> None:
        self.last: str | None = None
        self.stale = False

    def answer(self, request: Request, call: Call) -> Answer:
        answer = call(request)
        if not is_verify(request):
            return answer
        if succeeded(answer) and isinstance(answer.value, dict) and self.login_name() in answer.value:
            mine = answer.value[self.login_name()]
            if self.stale and self.last:
                answer.value[self.login_name()] = self.last
            self.last, self.stale = str(mine), False
        else:
            self.stale = True
        return answer


class RefusedLinkIsRenewed(Sequence):
    """A refused expired one-time token is touched, so that the next try finds it young again."""

    name, caught_by = "refused-link-is-renewed", ("EXPIRY-5",)

    def answer(self, request: Request, call: Call) -> Answer:
        answer = call(request)
        made = self.made(body(request).get("token")) if is_verify(request) else None
        if made and not made.used and not succeeded(answer):
            made.deadline = self.now() + 2
        return answer


class LoginRevivesTheExpired(Sequence):
    """A token is expired when its user is idle: a new login makes the expired one that was refused just now good again."""

    name, caught_by = "login-revives-the-expired", ("EXPIRY-2",)

    def begin(self) -> None:
        self.refused: dict[str, str] = {}

    def answer(self, request: Request, call: Call) -> Answer:
        answer = call(request)
        held = self.access(bearer(request))
        if held and answer.status == 401 and self.now() >= held.deadline:
            self.refused[held.session.login] = held.token
        if is_login(request) and (pair := self.granted(answer)):
            if old := self.access(self.refused.pop(pair[0].session.login, None)):
                old.deadline = self.now() + old.lifetime
        return answer


class RefusedChangeIsMergedLater(Sequence):
    """A change that was refused for its token stays in the draft, and is written with the next one that is allowed."""

    name, caught_by = "refused-change-is-merged-later", ("SETTINGS-4", "SETTINGS-6")

    def begin(self) -> None:
        self.draft: dict[str, object] = {}

    def answer(self, request: Request, call: Call) -> Answer:
        answer = call(request)
        if is_change(request):
            if answer.status == 401:
                self.draft |= body(request)
            elif succeeded(answer):
                left = {name: value for name, value in self.draft.items() if name not in body(request)}
                self.state.settings.change(left)
                self.draft = {}
        return answer


class RefusedLifetimeIsUsedOnce(Sequence):
    """A negative lifetime is refused after it was put into the generator: the next one-time token is born dead."""

    name, caught_by = "refused-lifetime-is-used-once", ("SETTINGS-5",)

    def begin(self) -> None:
        self.bad = False
        mint = self.state.one_time.mint

        def minted(login: str) -> str:
            token = mint(login)
            if self.bad:
                self.bad, self.state.one_time._made[token].deadline = False, self.now()
            return token

        self.state.one_time.mint = minted  # type: ignore[method-assign]

    def answer(self, request: Request, call: Call) -> Answer:
        answer = call(request)
        value = body(request).get(self.state.dialect.settings["ott"]) if is_change(request) else None
        if answer.status in (400, 406) and isinstance(value, (int, float)):
            self.bad = True
        return answer


class RefreshedTokenOfThirtyUses(Sequence):
    """A refreshed access token is written with the rate class of a service account: thirty calls."""

    name, caught_by = "refreshed-token-of-thirty-uses", ("USE-2", "REFRESH-2", "REFRESH-6")

    def begin(self) -> None:
        self.refreshed: dict[str, int] = {}

    def answer(self, request: Request, call: Call) -> Answer:
        answer = call(request)
        if is_refresh(request) and (pair := self.granted(answer)):
            self.refreshed[pair[0].token] = 0
        if is_read(request) and (token := bearer(request)) in self.refreshed:
            self.refreshed[token] += 1
            if self.refreshed[token] == 30:
                self.end(token)
        return answer


class ColdTokenRefusedOnce(Sequence):
    """A token that rested for a second has left the near cache; its next use is refused while the far one is asked."""

    name, caught_by = "cold-token-refused-once", ("EXPIRY-1", "USE-2")

    def begin(self) -> None:
        self.last: dict[str, float] = {}

    def answer(self, request: Request, call: Call) -> Answer:
        if pair := self.granted(answer := call(request)):
            self.last[pair[0].token] = self.now()
        token = bearer(request)
        if is_read(request) and token in self.last and succeeded(answer):
            rested, self.last[token] = self.now() - self.last[token], self.now()
            if 1 < rested:
                return self.refuse(Mistake.UNAUTHORIZED)
        return answer


class LoginRepeatedAfterRefusal(Sequence):
    """A refused refresh makes the gateway replay the user's last login answer from its idempotency store at his next login."""

    name, caught_by = "login-repeated-after-refusal", ("ISSUE-13",)

    def begin(self) -> None:
        self.last: dict[str, Answer] = {}
        self.replays: set[str] = set()

    def answer(self, request: Request, call: Call) -> Answer:
        held = self.held(self.shown_refresh(request)) if is_refresh(request) else None
        login = body(request).get("login") if is_login(request) else None
        answer = call(request)
        if held and not succeeded(answer):
            self.replays.add(held.session.login)
        if isinstance(login, str) and succeeded(answer):
            last = self.last.get(login)
            if login in self.replays and last:
                self.replays.discard(login)
                return Answer(last.status, last.value, dict(last.headers))
            self.last[login] = answer
        return answer


class BearerNamesTheVerified(Sequence):
    """Where a verification carries an access token, the answer's login is that of its user."""

    name, caught_by = "bearer-names-the-verified", ("OTT-9", "OTT-1")

    def answer(self, request: Request, call: Call) -> Answer:
        answer = call(request)
        if is_verify(request) and succeeded(answer) and self.live(bearer(request)) and isinstance(answer.value, dict):
            held = self.access(bearer(request))
            if self.login_name() in answer.value and held:
                answer.value[self.login_name()] = held.session.login
        return answer


class VerificationTakesTheSession(Sequence):
    """A verification with an access token logs its session over to the one-time token's user."""

    name, caught_by = "verification-takes-the-session", ("REFRESH-15", "OTT-9")

    def answer(self, request: Request, call: Call) -> Answer:
        made = self.made(body(request).get("token")) if is_verify(request) else None
        answer = call(request)
        if made and succeeded(answer) and (held := self.access(bearer(request))):
            held.session.login = made.login
        return answer


class ThirdReuseGoesThrough(Sequence):
    """The reuse counter locks at two and is cleared with the lock: a spent refresh token works when shown for the third time."""

    name, caught_by = "third-reuse-goes-through", ("REFRESH-9",)

    def begin(self) -> None:
        self.tries: dict[str, int] = {}

    def answer(self, request: Request, call: Call) -> Answer:
        held = self.held(self.shown_refresh(request)) if is_refresh(request) else None
        if held and held.spent_at is not None:
            self.tries[held.token] = self.tries.get(held.token, 0) + 1
            if self.tries[held.token] % 3 == 0:
                held.spent_at = None
        return call(request)


class LoginRestoresSpentRefresh(Sequence):
    """A login of the user clears his list of spent refresh tokens."""

    name, caught_by = "login-restores-spent-refresh", ("REFRESH-9",)

    def answer(self, request: Request, call: Call) -> Answer:
        answer = call(request)
        if is_login(request) and (pair := self.granted(answer)):
            for held in list(self.state.sessions._refresh.values()):
                if held.session.login == pair[0].session.login:
                    held.spent_at = None
        return answer


class CachedByItsHead(Sequence):
    """A token that was used twice is in a cache whose key is its first half."""

    name, caught_by = "cached-by-its-head", ("USE-5",)

    def begin(self) -> None:
        self.uses: dict[str, int] = {}
        self.heads: dict[str, str] = {}

    def answer(self, request: Request, call: Call) -> Answer:
        token = bearer(request)
        if is_read(request) and token and self.access(token) is None and len(token) == 64:
            if known := self.heads.get(token[:32]):
                return call(replace(request, headers={**request.headers, "authorization": f"Bearer {known}"}))
        answer = call(request)
        if is_read(request) and token and succeeded(answer):
            self.uses[token] = self.uses.get(token, 0) + 1
            if self.uses[token] == 2:
                self.heads[token[:32]] = token
        return answer


class FiveRefusalsAndOneMore(Sequence):
    """Five refused calls in a row close the gate for the call that comes next, whosever it is."""

    name, caught_by = "five-refusals-and-one-more", ("USE-1", "USE-2", "EXPIRY-1")

    def begin(self) -> None:
        self.row = 0

    def answer(self, request: Request, call: Call) -> Answer:
        if not is_read(request):
            return call(request)
        if self.row >= 5:
            self.row = 0
            return self.refuse(Mistake.UNAUTHORIZED)
        answer = call(request)
        self.row = self.row + 1 if answer.status == 401 else 0
        return answer


class RestOfALongBody(Sequence):
    """Of a body above 8 kB the rest stays in the buffer, and the next request begins with it: 400."""

    name, caught_by = "rest-of-a-long-body", ("ISSUE-17", "ERROR-1", "ISSUE-1", "USE-1", "OTT-1")

    def begin(self) -> None:
        self.left = False

    def answer(self, request: Request, call: Call) -> Answer:
        left, self.left = self.left, len(request.body) > 8192
        return self.refuse(Mistake.UNREADABLE) if left else call(request)


class FortyPrecomputedTokens(Sequence):
    """Access tokens are taken from a ring of forty that were made ahead."""

    name, caught_by = "forty-precomputed-tokens", ("ISSUE-13", "ISSUE-19", "REFRESH-2")

    def begin(self) -> None:
        ring: list[str] = []
        forge, count = self.state.sessions._forge.access, iter(range(1 << 60))

        def access() -> str:
            number = next(count)
            if number < 40:
                ring.append(forge())
            return ring[number % 40]

        self.state.sessions._forge.access = access  # type: ignore[method-assign]


class ChangeCutsLinks(Sequence):
    """A shorter lifetime of one-time tokens is applied to those that are on their way, once one of them was verified."""

    name, caught_by = "change-cuts-links", ("SETTINGS-8",)

    def begin(self) -> None:
        self.verified = False

    def answer(self, request: Request, call: Call) -> Answer:
        before = self.state.settings.now.ott
        answer = call(request)
        self.verified |= is_verify(request) and succeeded(answer)
        after = self.state.settings.now.ott
        if is_change(request) and after < before and self.verified:
            for one in list(self.state.one_time._made.values()):
                one.deadline -= before - after
        return answer


class ValueOfBeforeIgnored(Sequence):
    """A change to a value that was set before is taken for a repetition of that change."""

    name, caught_by = "value-of-before-ignored", ("SETTINGS-1", "SETTINGS-2", "SETTINGS-9")

    def begin(self) -> None:
        self.log: set[str] = set()

    def answer(self, request: Request, call: Call) -> Answer:
        before = self.state.settings.now
        answer = call(request)
        if is_change(request) and succeeded(answer):
            line = repr(sorted(body(request).items()))
            if line in self.log and before != self.state.settings.now:
                self.state.settings.now = before
            self.log.add(line)
        return answer


class StrangersVerificationEndsTheCall(Sequence):
    """After a user's one-time token is verified, his older access tokens show the accounts of whoever logged in last."""

    name, caught_by = "strangers-verification-ends-the-call", ("REFRESH-15",)

    def begin(self) -> None:
        self.marked: set[str] = set()
        self.last = ""

    def answer(self, request: Request, call: Call) -> Answer:
        made = self.made(body(request).get("token")) if is_verify(request) else None
        answer = call(request)
        if is_login(request) and (pair := self.granted(answer)):
            self.last = pair[0].session.login
        if made and succeeded(answer):
            self.marked |= {t for t, held in list(self.state.sessions._access.items()) if held.session.login == made.login}
        if is_read(request) and request.path != SETTINGS and succeeded(answer) and bearer(request) in self.marked:
            return speak_for(answer, self.last)
        return answer


class WrongMethodOpensTheNext(Sequence):
    """A 405 on the verification leaves the dry-run flag set: the next verification succeeds without being written."""

    name, caught_by = "wrong-method-opens-the-next", ("OTT-2", "OTT-15", "OTT-16")

    def begin(self) -> None:
        self.dry = False

    def answer(self, request: Request, call: Call) -> Answer:
        if request.path == VERIFY and request.method != "POST":
            self.dry = True
        answer = call(request)
        if is_verify(request) and succeeded(answer) and self.dry:
            self.dry = False
            if made := self.made(body(request).get("token")):
                made.used = False
        return answer


register(*(one for one in list(globals().values()) if isinstance(one, type) and issubclass(one, Sequence) and one.name))
