"""Defects of time: ends too early or too late, units, clean-ups, idle limits, and settings that come late or not at all."""

import math
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from .blind import ISSUE, PROTECTED, REFRESH, SETTINGS, VERIFY, around, bearer, given_text, inside, is_call
from .messages import Crash

if TYPE_CHECKING:
    from .service import Service

INT = 1 << 31


def on_grant(service: "Service", change: Callable[[object, object, int], None]) -> None:
    """Hands the records of every new pair over: access, refresh, and the number of refreshes before."""
    sessions, grant = service.state.sessions, service.state.sessions._grant

    def granted(session, generation, old=None):  # type: ignore[no-untyped-def]
        pair = grant(session, generation, old)
        change(sessions._access[pair.access], sessions._refresh[pair.refresh], generation)
        return pair

    sessions._grant = granted


def on_mint(service: "Service", change: Callable[[object], None]) -> None:
    """Hands every new one-time token over."""
    one_time, mint = service.state.one_time, service.state.one_time.mint

    def minted(login: str) -> str:
        token = mint(login)
        change(one_time._made[token])
        return token

    one_time.mint = minted


def stretched(service: "Service", kind: str, share: float, beyond: float = 0) -> None:
    """Lets tokens of one kind live another share of their lifetime, where that is longer than `beyond` seconds."""
    now = service.state.sessions._clock.now

    def change_pair(access, refresh, _):  # type: ignore[no-untyped-def]
        held = access if kind == "access" else refresh
        left = held.deadline - now()
        if left > beyond:
            held.deadline = now() + left * share

    def change_one_time(made):  # type: ignore[no-untyped-def]
        left = made.deadline - now()
        if left > beyond:
            made.deadline = now() + left * share

    if kind == "ott":
        on_mint(service, change_one_time)
    else:
        on_grant(service, change_pair)


@inside("EXPIRY-1")
def access_ends_at_seven_tenths(service):
    """Tokens are cached for 70 % of their life, and what the cache lost is not looked up."""
    stretched(service, "access", 0.7)


@inside("EXPIRY-2")
def access_lives_a_third_longer(service):
    """A leeway for clocks that differ was meant in per cent of something else."""
    stretched(service, "access", 1.33)


@inside("EXPIRY-4")
def refresh_lives_a_third_longer(service):
    """The clean-up keeps refresh tokens a third longer, and nobody but the clean-up ends them."""
    stretched(service, "refresh", 1.33)


@inside("EXPIRY-4")
def refresh_ends_at_seven_tenths(service):
    """The refresh token's end is counted with the factor that was meant for the access token's renewal."""
    stretched(service, "refresh", 0.7)


@inside("EXPIRY-5")
def one_time_lives_half_longer(service):
    """The one-time token's end is counted from the click, not from its making."""
    stretched(service, "ott", 1.5)


@inside("EXPIRY-6")
def one_time_ends_at_three_quarters(service):
    """The store's own expiry is set with a margin of safety of a quarter."""
    stretched(service, "ott", 0.75)


@inside("EXPIRY-1", "SETTINGS-1")
def access_longer_than_ten_capped(service):
    """The store has a limit of its own, 10 s, that the setting does not know."""
    now = service.state.sessions._clock.now

    def cap(access, *_):
        access.deadline = min(access.deadline, now() + 10)

    on_grant(service, cap)


@inside("EXPIRY-2", "SETTINGS-1")
def access_shorter_than_five_padded(service):
    """The store keeps nothing shorter than 5 s."""
    now = service.state.sessions._clock.now

    def pad(access, *_):
        access.deadline = max(access.deadline, now() + 5)

    on_grant(service, pad)


@inside("EXPIRY-1", "SETTINGS-1")
def lifetime_beyond_int_milliseconds(service):
    """Seconds times 1,000 in 32 bits: from 2,147,484 s on the end lies in the past."""
    now = service.state.sessions._clock.now

    def wrap(access, refresh, _):
        for held in (access, refresh):
            left = held.deadline - now()
            if left * 1000 >= INT:
                held.deadline = now() + ((int(left * 1000) + INT) % (2 * INT) - INT) / 1000

    on_grant(service, wrap)


@inside("EXPIRY-1")
def ends_on_five_second_marks(service):
    """Ends are rounded down to the tick of the wheel that a timer turns every five seconds, but never below a second."""
    now = service.state.sessions._clock.now

    def round_down(access, *_):
        access.deadline = max(now() + 1, access.deadline // 5 * 5)

    on_grant(service, round_down)


@around("EXPIRY-1")
def access_ended_at_the_mark(request, inner, state):
    """Every session ends when the day does, whatever its lifetime; the day here has 25 s."""
    held = state.sessions._access.get(bearer(request))
    if held and (held.deadline - held.lifetime) // 25 < state.sessions._clock.now() // 25:
        held.deadline = 0
    return inner(request)


@inside("EXPIRY-2")
def access_ends_by_sweep(service):
    """Only a clean-up that runs every six seconds ends tokens."""

    def later(access, *_):
        access.deadline = math.ceil(access.deadline / 6) * 6

    on_grant(service, later)


@inside("EXPIRY-5")
def one_time_ends_by_sweep(service):
    """Only a clean-up that runs every six seconds ends one-time tokens."""

    def later(made):
        made.deadline = math.ceil(made.deadline / 6) * 6

    on_mint(service, later)


@around("EXPIRY-4")
def refresh_swept_early(request, inner, state):
    """A clean-up every four seconds takes the tokens that would not see the next one."""
    if is_call(request, "GET", REFRESH) and (held := state.sessions._refresh.get(request.header("token") or "")):
        last_sweep = state.sessions._clock.now() // 4 * 4
        if held.deadline < last_sweep + 4 and last_sweep > held.deadline - state.settings.now.refresh:
            held.deadline = 0
    return inner(request)


@around("EXPIRY-3")
def access_slides_in_its_last_third(request, inner, state):
    """Sliding sessions as frameworks have them: a use in the last third of the life renews it."""
    held, clock = state.sessions._access.get(bearer(request)), state.sessions._clock
    answer = inner(request)
    if held and answer.status == 200 and 0 < held.deadline - clock.now() < held.lifetime / 3:
        held.deadline = clock.deadline(held.lifetime)
    return answer


@around("EXPIRY-2", "EXPIRY-3")
def access_checked_lately(request, inner, state):
    """A good check is remembered for half a lifetime, beyond the token's end if that comes first."""
    token, now = bearer(request), state.sessions._clock.now()
    memory = state.__dict__.setdefault("checked", {})
    held = state.sessions._access.get(token)
    if held and request.path in PROTECTED and held.deadline <= now < memory.get(token, 0):
        end, held.deadline = held.deadline, now + 1
        answer = inner(request)
        held.deadline = end
        return answer
    answer = inner(request)
    if held and answer.status == 200 and token not in memory:
        memory[token] = 0
    if held and answer.status == 200:
        memory[token] = now + held.lifetime / 2
    return answer


@around("EXPIRY-1")
def access_idle_end(request, inner, state):
    """A session that was idle for half its lifetime is ended."""
    token, now = bearer(request), state.sessions._clock.now()
    memory = state.__dict__.setdefault("idle", {})
    held = state.sessions._access.get(token)
    if held:
        since = memory.get(token, held.deadline - held.lifetime)
        if now - since > held.lifetime / 2:
            held.deadline = 0
        memory[token] = now
    return inner(request)


@inside("REFRESH-6")
def refreshed_access_has_the_rest(service):
    """The new access token takes over the end of the one it replaces, while that lives."""
    sessions = service.state.sessions
    grant, now = sessions._grant, sessions._clock.now

    def granted(session, generation, old=None):
        pair = grant(session, generation, old)
        mate = sessions._access.get(old.mate) if old else None
        if mate and mate.deadline > now():
            sessions._access[pair.access].deadline = mate.deadline
        return pair

    sessions._grant = granted


@inside("REFRESH-6")
def refreshed_refresh_has_the_rest(service):
    """A session has one end, fixed at the login; the refreshed refresh token announces a full life all the same."""
    sessions = service.state.sessions
    grant = sessions._grant

    def granted(session, generation, old=None):
        pair = grant(session, generation, old)
        if old:
            sessions._refresh[pair.refresh].deadline = min(old.deadline, sessions._refresh[pair.refresh].deadline)
        return pair

    sessions._grant = granted


@inside("REFRESH-6")
def third_access_short(service):
    """From the third pair of a session on the lifetime is the short one of a silent renewal."""
    now = service.state.sessions._clock.now

    def shorten(access, _, generation):
        if generation >= 2:
            access.deadline = now() + access.lifetime * 0.6

    on_grant(service, shorten)


@around("REFRESH-1")
def refreshed_lifetimes_in_milliseconds(request, inner, state):
    """The second way to make the answer forgot to divide by 1,000, for the refresh token only."""
    answer = inner(request)
    if is_call(request, "GET", REFRESH) and answer.status == 200:
        answer.value[state.dialect.refresh_lifetime] *= 1000
    return answer


@around("EXPIRY-2")
def expired_access_forbidden(request, inner, state):
    """An expired token is told apart from an unknown one, by 403."""
    held = state.sessions._access.get(bearer(request))
    answer = inner(request)
    if held and answer.status == 401 and state.sessions._clock.is_over(held.deadline):
        answer.status = 403
    return answer


@around("EXPIRY-4", "ERROR-1")
def expired_refresh_crashes(request, inner, state):
    """The exception for an expired token is not the one that is mapped for unknown ones."""
    held = state.sessions._refresh.get(request.header("token") or "") if request.path == REFRESH else None
    if held and state.sessions._clock.is_over(held.deadline):
        raise Crash
    return inner(request)


@around("EXPIRY-5", "ERROR-1")
def expired_one_time_crashes(request, inner, state):
    """The exception for an expired token is not the one that is mapped for unknown ones."""
    made = state.one_time._made.get(given_text(request, "token")) if request.path == VERIFY else None
    if made and not made.used and state.one_time._clock.is_over(made.deadline):
        raise Crash
    return inner(request)


@around("EXPIRY-2")
def expired_access_back_after_refresh(request, inner, state):
    """Whether a token is over hangs on its session's last renewal, so a refresh brings the expired one back."""
    token = request.header("token") or ""
    old = state.sessions._refresh.get(token) if is_call(request, "GET", REFRESH) else None
    answer = inner(request)
    if old and answer.status == 200 and (mate := state.sessions._access.get(old.mate)):
        mate.deadline = state.sessions._clock.deadline(mate.lifetime)
    return answer


@around("OTT-2", "OTT-16")
def spent_mark_short(request, inner, state):
    """The mark of a spent token lives a third as long as the token."""
    if is_call(request, "POST", VERIFY):
        memory = state.__dict__.setdefault("marks", {})
        token, now = given_text(request, "token"), state.one_time._clock.now()
        made = state.one_time._made.get(token)
        if made and made.used and now - memory.get(token, now) > state.settings.now.ott / 3:
            made.used = False
        answer = inner(request)
        if made and made.used and answer.status == 200:
            memory[token] = now
        return answer
    return inner(request)


@around("REFRESH-9")
def spent_refresh_back(request, inner, state):
    """The mark of a spent refresh token lives as long as an access token does, the token itself longer."""
    held = state.sessions._refresh.get(request.header("token") or "") if request.path == REFRESH else None
    if held and held.spent_at is not None and state.sessions._clock.now() - held.spent_at > state.settings.now.access:
        held.spent_at = None
    return inner(request)


@around("SETTINGS-8")
def shorter_setting_cuts(request, inner, state):
    """The end is not stored but counted from the making with the setting of today."""
    held = state.sessions._access.get(bearer(request))
    if held:
        made_at = held.__dict__.setdefault("made_at", held.deadline - held.lifetime)
        held.deadline = made_at + min(held.lifetime, state.settings.now.access)
    return inner(request)


@around("SETTINGS-8")
def shorter_refresh_setting_cuts(request, inner, state):
    """The end of a refresh token is counted from its making with the setting of today."""
    held = state.sessions._refresh.get(request.header("token") or "") if request.path == REFRESH else None
    if held:
        life = held.__dict__.get("life")
        if life and held.deadline - life + state.settings.now.refresh < held.deadline:
            held.deadline += state.settings.now.refresh - life
            held.life = state.settings.now.refresh
    answer = inner(request)
    if answer.status == 200 and isinstance(answer.value, dict) and request.path in (ISSUE, REFRESH):
        new = state.sessions._refresh.get(answer.value.get(state.dialect.refresh))
        if new:
            new.life = state.settings.now.refresh
    return answer


@around("SETTINGS-9")
def setting_falls_back(request, inner, state):
    """The change is made in memory, and a reload of the configuration every eight seconds undoes it."""
    now = state.sessions._clock.now()
    if now - state.__dict__.get("changed_at", now) > 8:
        state.settings.now = state.settings.initial
        state.changed_at = now
    answer = inner(request)
    if is_call(request, "PATCH", SETTINGS) and answer.status < 300:
        state.changed_at = now
    return answer


@inside("SETTINGS-1", "SETTINGS-2")
def setting_comes_late(service):
    """Settings are cached for two seconds where pairs are made."""
    sessions = service.state.sessions
    grant, now = sessions._grant, sessions._clock.now
    cached = [now() - 9, service.state.settings.now]

    def granted(session, generation, old=None):
        settings = service.state.settings
        if now() - cached[0] > 2:
            cached[:] = [now(), settings.now]
        real, settings.now = settings.now, cached[1]
        try:
            return grant(session, generation, old)
        finally:
            settings.now = real

    sessions._grant = granted


@inside("SETTINGS-7")
def refreshed_by_old_setting(service):
    """A session keeps the lifetimes of its login, and its refreshed pairs announce the new ones."""
    sessions = service.state.sessions
    now = sessions._clock.now
    grant = sessions._grant

    def granted(session, generation, old=None):
        pair = grant(session, generation, old)
        if not old:
            session.first = (pair.access_lifetime, pair.refresh_lifetime)
        first = getattr(session, "first", None)
        if old and first:
            sessions._access[pair.access].deadline = now() + first[0]
            sessions._refresh[pair.refresh].deadline = now() + first[1]
        return pair

    sessions._grant = granted


@inside("SETTINGS-3")
def one_time_setting_ignored(service):
    """The one-time tokens' maker read its setting when it was started."""
    first, now = service.state.settings.initial.ott, service.state.sessions._clock.now

    def keep(made):
        made.deadline = now() + first

    on_mint(service, keep)


@around("SETTINGS-6")
def access_setting_moves_one_time(request, inner, state):
    """A one-time token longer than the access lifetime was thought to be a mistake, so the setting caps both."""
    answer = inner(request)
    if is_call(request, "PATCH", SETTINGS) and answer.status < 300:
        now = state.settings.now
        state.settings.now = replace(now, ott=min(now.ott, now.access))
    return answer


@around("SETTINGS-8")
def any_change_ends_old_one_time(request, inner, state):
    """A change of the settings builds the one-time tokens' store anew; those made more than a second ago are gone."""
    answer = inner(request)
    if is_call(request, "PATCH", SETTINGS) and answer.status < 300:
        for made in state.one_time._made.values():
            if not made.used:
                made.deadline = min(made.deadline, state.one_time._clock.now())
    return answer


@inside("EXPIRY-4", "REFRESH-4")
def refresh_idle_while_access_unused(service):
    """A session whose access token was never used is taken for abandoned when that token ends."""
    sessions, usable = service.state.sessions, service.state.sessions._usable

    def looked_up(token: str):
        held = sessions._refresh.get(token)
        mate = sessions._access.get(held.mate) if held else None
        if mate and mate.uses == 0 and sessions._clock.is_over(mate.deadline):
            return None
        return usable(token)

    sessions._usable = looked_up


@inside("EXPIRY-2")
def login_wakes_expired(service):
    """The end of a session is the user's, not the token's: a new login renews what the user had, expired or not."""
    sessions = service.state.sessions

    def renew(access, _, generation):
        if generation == 0:
            for held in list(sessions._access.values()):
                if held is not access and held.session.login == access.session.login:
                    held.deadline = max(held.deadline, access.deadline)

    on_grant(service, renew)
