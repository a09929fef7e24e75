"""Defects of time, second set: coarse clocks, sweeps, idle limits, what a late call wakes or ends, and settings that miss somebody."""

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from .blind import PROTECTED, REFRESH, SETTINGS, VERIFY, around, bearer, given, given_text, inside, is_call, with_headers
from .messages import Answer, Request

Change = Callable[[Any, Any, int, Any], None]


def on_grant(service: Any, change: Change) -> None:
    """Hands over what is kept of every new pair, the number of refreshes before it, and the spent record."""
    sessions, grant = service.state.sessions, service.state.sessions._grant

    def granted(session: Any, generation: int, old: Any = None) -> Any:
        pair = grant(session, generation, old)
        change(sessions._access[pair.access], sessions._refresh[pair.refresh], generation, old)
        return pair

    sessions._grant = granted


def on_mint(service: Any, change: Callable[[Any], None]) -> None:
    """Hands over what is kept of every new one-time token."""
    one_time, mint = service.state.one_time, service.state.one_time.mint

    def minted(login: str) -> str:
        token = mint(login)
        change(one_time._made[token])
        return token

    one_time.mint = minted


def clock(service: Any) -> Callable[[], float]:
    """The server's clock."""
    return service.state.sessions._clock.now


def announced(service: Any, change: Callable[[dict[str, Any], Request], None]) -> None:
    """Changes what answers with a pair announce."""
    inner = service.handler

    def handler(request: Request) -> Answer:
        answer = inner(request)
        if answer.status == 200 and isinstance(answer.value, dict) and service.state.dialect.access in answer.value:
            change(answer.value, request)
        return answer

    service.handler = handler


# Clocks


@inside("EXPIRY-1")
def access_ends_on_a_coarse_tick(service):
    """Ends are kept in a cache that counts in steps of five seconds, rounded down."""
    on_grant(service, lambda access, *_: setattr(access, "deadline", max(clock(service)() + 0.5, access.deadline // 5 * 5)))


@inside("EXPIRY-6")
def one_time_made_on_a_coarse_clock(service):
    """The job that makes the links takes its time from a clock that moves every three seconds."""

    def change(made):
        made.deadline -= clock(service)() % 3

    on_mint(service, change)


@inside("EXPIRY-1")
def one_of_three_clocks_ahead(service):
    """One of three machines behind the balancer has a clock that is three seconds ahead."""
    sessions, count = service.state.sessions, iter(range(1 << 60))
    find, now = sessions._find_access, sessions._clock.now

    def found(token):
        held = find(token)
        ahead = next(count) % 3 == 2
        return None if held and ahead and held.deadline - now() < min(3, held.lifetime * 0.7) else held

    sessions._find_access = found


@inside("EXPIRY-2")
def one_of_four_clocks_behind(service):
    """One of four machines behind the balancer has a clock that is three seconds behind."""
    sessions, count = service.state.sessions, iter(range(1 << 60))
    find, now = sessions._find_access, sessions._clock.now

    def found(token):
        held, kept = find(token), sessions._access.get(token)
        behind = next(count) % 4 == 3
        return kept if not held and behind and kept and not kept.session.ended and now() - kept.deadline < 3 else held

    sessions._find_access = found


@inside("REFRESH-2")
def refreshed_access_not_yet_valid(service):
    """A refreshed token is valid from the next whole second on, as its beginning is rounded up."""
    begins: dict[str, float] = {}
    sessions, now = service.state.sessions, service.state.sessions._clock.now
    find = sessions._find_access

    def change(access, _, generation, __):
        if generation:
            begins[access.token] = math.ceil(now())

    def found(token):
        return None if now() < begins.get(token, 0) else find(token)

    on_grant(service, change)
    sessions._find_access = found


# Early and late by a share, and the wrong end


@inside("EXPIRY-4")
def refresh_ends_at_four_fifths(service):
    """A margin against late clients, taken from the server's own end."""

    def change(_, refresh, *__):
        refresh.deadline -= (refresh.deadline - clock(service)()) / 5

    on_grant(service, change)


@inside("EXPIRY-4")
def refresh_counts_from_the_access_end(service):
    """The refresh token's lifetime begins when the access token's ends."""

    def change(access, refresh, *_):
        refresh.deadline += access.deadline - clock(service)()

    on_grant(service, change)


@inside("EXPIRY-5", "SETTINGS-3")
def one_time_lives_ten_seconds_at_least(service):
    """Mail takes a while, so a hidden minimum keeps links alive for ten seconds."""
    on_mint(service, lambda made: setattr(made, "deadline", max(made.deadline, clock(service)() + 10)))


@inside("EXPIRY-5")
def one_time_late_by_a_third(service):
    """The sender adds a third of the lifetime for slow mail."""

    def change(made):
        made.deadline += (made.deadline - clock(service)()) / 3

    on_mint(service, change)


@inside("EXPIRY-1", "ISSUE-4", "SETTINGS-1")
def announced_in_tens(service):
    """Lifetimes are announced in steps of ten seconds, rounded up."""

    def change(value, _):
        name = service.state.dialect.access_lifetime
        value[name] = math.ceil(value[name] / 10) * 10

    announced(service, change)


# Sweeps, caches and first uses


@inside("EXPIRY-2")
def access_ended_by_a_sweep(service):
    """Nothing but a job that runs every seven seconds ends access tokens."""
    on_grant(service, lambda access, *_: setattr(access, "deadline", math.ceil(access.deadline / 7) * 7))


@inside("EXPIRY-5")
def one_time_ended_by_the_next_mint(service):
    """Expired links are removed when the next one is made, and nothing else looks at the end."""
    now = clock(service)

    def change(made):
        for other in list(service.state.one_time._made.values()):
            if other is not made and getattr(other, "true_end", math.inf) <= now():
                other.deadline = 0
        made.true_end = made.deadline
        made.deadline = math.inf

    on_mint(service, change)


@inside("EXPIRY-2")
def lifetime_begins_at_first_use(service):
    """The cache entry with the end is written when a token is first used."""
    sessions, now = service.state.sessions, service.state.sessions._clock.now
    find = sessions._find_access

    def found(token):
        held = sessions._access.get(token)
        if held and not held.uses:
            held.deadline = now() + held.lifetime
        return find(token)

    sessions._find_access = found


@inside("EXPIRY-1", "USE-2")
def access_idle_limit(service):
    """A session that rests for two fifths of its lifetime is closed."""
    sessions, now, used = service.state.sessions, service.state.sessions._clock.now, {}
    find = sessions._find_access
    on_grant(service, lambda access, *_: used.__setitem__(access.token, now()))

    def found(token):
        held = find(token)
        if held and now() - used.get(token, now()) > held.lifetime * 0.4:
            return None
        used[token] = now()
        return held

    sessions._find_access = found


@inside("EXPIRY-4")
def refresh_idle_half(service):
    """A refresh token is dropped when its session made no call for half its lifetime."""
    sessions, now = service.state.sessions, service.state.sessions._clock.now
    begun, touched = {}, {}
    find, usable = sessions._find_access, sessions._usable

    def change(_, refresh, *__):
        begun[refresh.token] = (now(), refresh.deadline - now())

    def found(token):
        held = find(token)
        if held:
            touched[id(held.session)] = now()
        return held

    def checked(token):
        held = usable(token)
        if held and token in begun:
            start, lifetime = begun[token]
            if now() - max(start, touched.get(id(held.session), 0)) > lifetime / 2:
                return None
        return held

    on_grant(service, change)
    sessions._find_access, sessions._usable = found, checked


@inside("EXPIRY-4")
def refresh_kept_alive_by_use(service):
    """Every call of a session pushes the end of its refresh token away."""
    sessions, now, lifetimes = service.state.sessions, service.state.sessions._clock.now, {}
    find = sessions._find_access
    on_grant(service, lambda access, refresh, *_: lifetimes.__setitem__(access.token, (refresh, refresh.deadline - now())))

    def found(token):
        held = find(token)
        if held and token in lifetimes:
            refresh, lifetime = lifetimes[token]
            refresh.deadline = now() + lifetime
        return held

    sessions._find_access = found


# What a late call wakes or ends


@inside("EXPIRY-2")
def expired_access_at_second_try(service):
    """The refused look-up touches the record, and the touch renews it for two seconds."""
    sessions, now = service.state.sessions, service.state.sessions._clock.now
    find = sessions._find_access

    def found(token):
        held, kept = find(token), sessions._access.get(token)
        if not held and kept and not kept.session.ended and not hasattr(kept, "touched"):
            kept.touched = True
            kept.deadline = now() + 2
        return held

    sessions._find_access = found


@around("EXPIRY-5")
def expired_one_time_at_second_try(request, inner, state):
    """An expired link is renewed when somebody clicks it, so that support has fewer calls."""
    answer = inner(request)
    made = state.one_time._made.get(given_text(request, "token")) if is_call(request, "POST", VERIFY) else None
    if made and not made.used and answer.status != 200:
        made.deadline = state.sessions._clock.now() + state.settings.now.ott
    return answer


@around("EXPIRY-4")
def expired_refresh_at_second_try(request, inner, state):
    """The retry of an expired refresh goes to the replica, where ends are not kept."""
    held = state.sessions._refresh.get(request.header("token") or "") if is_call(request, "GET", REFRESH) else None
    answer = inner(request)
    if held and answer.status != 200 and held.spent_at is None and not held.session.ended:
        held.deadline = state.sessions._clock.now() + 3
    return answer


@around("EXPIRY-2", "SETTINGS-4")
def expired_access_changes_settings(request, inner, state):
    """The older call looks for the token but not for its end."""
    held = state.sessions._access.get(bearer(request))
    if held and is_call(request, "PATCH", SETTINGS) and state.sessions._clock.is_over(held.deadline):
        fresh = state.sessions.issue(held.session.login, exclusive=False).access
        return inner(with_headers(request, authorization=f"Bearer {fresh}"))
    return inner(request)


@inside("EXPIRY-2")
def refresh_wakes_expired_access(service):
    """The end is kept with the session: a refresh moves it for all access tokens that the session had."""
    sessions = service.state.sessions

    def change(access, _, generation, __):
        if generation:
            for other in list(sessions._access.values()):
                if other.session is access.session:
                    other.deadline = access.deadline

    on_grant(service, change)


@around("REFRESH-4", "REFRESH-1")
def expired_access_takes_refresh_along(request, inner, state):
    """The row of an expired token is deleted when it is shown, and the refresh token goes with it."""
    held = state.sessions._access.get(bearer(request)) if request.path in PROTECTED else None
    if held and state.sessions._clock.is_over(held.deadline):
        for refresh in list(state.sessions._refresh.values()):
            if refresh.mate == held.token:
                refresh.deadline = 0
    return inner(request)


# Refreshed pairs


@inside("REFRESH-6")
def refreshed_access_capped_by_spent_refresh(service):
    """A refreshed access token never outlives the refresh token that it was got with."""

    def change(access, _, generation, old):
        if old is not None:
            access.deadline = min(access.deadline, old.deadline)

    on_grant(service, change)


@inside("REFRESH-6")
def session_ends_after_two_lives(service):
    """A session has an end of its own, two refresh lifetimes after the login, which no answer announces."""
    now, ends = clock(service), {}

    def change(access, refresh, generation, _):
        end = ends.setdefault(id(access.session), now() + 2 * (refresh.deadline - now()))
        ends[id(access.session)], ends[access.token] = end, access.session
        access.deadline, refresh.deadline = min(access.deadline, end), min(refresh.deadline, end)

    on_grant(service, change)


@inside("REFRESH-6")
def refresh_after_access_end_gives_half(service):
    """A refresh that comes when the access token is over counts as idle, and idle sessions get half."""
    sessions, now = service.state.sessions, clock(service)

    def change(access, _, generation, old):
        mate = sessions._access.get(old.mate) if old is not None else None
        if mate is None and old is not None or mate is not None and now() >= mate.deadline:
            access.deadline -= (access.deadline - now()) / 2

    on_grant(service, change)


@inside("EXPIRY-2", "REFRESH-6", "REFRESH-1")
def refresh_announces_what_was_left(service):
    """The answer of a refresh is filled in before the new end is set, so it announces what was left of the old token."""
    sessions, now, left = service.state.sessions, clock(service), {}

    def grant_change(access, _, generation, old):
        mate = sessions._access.get(old.mate) if old is not None else None
        if mate is not None:
            left[access.token] = max(1, math.ceil(mate.deadline - now()))

    def change(value, _):
        names = service.state.dialect
        value[names.access_lifetime] = left.get(value[names.access], value[names.access_lifetime])

    on_grant(service, grant_change)
    announced(service, change)


@inside("REFRESH-6", "EXPIRY-4")
def rotated_refresh_keeps_old_end(service):
    """Rotation replaces the string in the row; the column with the end is not touched."""

    def change(_, refresh, __, old):
        if old is not None:
            refresh.deadline = min(refresh.deadline, old.deadline)

    on_grant(service, change)


# Settings


@inside("SETTINGS-1", "SETTINGS-2", "SETTINGS-3")
def setting_in_force_after_three_seconds(service):
    """Settings are read again every three seconds."""
    settings, now, state = service.state.settings, clock(service), {}
    change, grant, mint = settings.change, service.state.sessions._grant, service.state.one_time.mint

    def changed(wanted):
        state.setdefault("old", settings.now)
        state.setdefault("until", now() + 3)
        return change(wanted)

    def late(call):
        def with_old(*arguments):
            if now() >= state.get("until", 0):
                state.clear()
                return call(*arguments)
            current, settings.now = settings.now, state["old"]
            try:
                return call(*arguments)
            finally:
                settings.now = current

        return with_old

    settings.change = changed
    service.state.sessions._grant, service.state.one_time.mint = late(grant), late(mint)


@around("SETTINGS-5", "SETTINGS-9", "SETTINGS-10")
def refused_setting_goes_back_to_first(request, inner, state):
    """The roll-back of a refused change loads the file, not what was in force."""
    answer = inner(request)
    if is_call(request, "PATCH", SETTINGS) and answer.status in (400, 406) and given(request):
        state.settings.now = state.settings.initial
    return answer


@inside("SETTINGS-8")
def refresh_end_follows_setting(service):
    """Only the beginning of a refresh token is kept; its end is reckoned with the lifetime that is in force."""
    sessions, now, begun = service.state.sessions, clock(service), {}
    usable = sessions._usable
    on_grant(service, lambda _, refresh, *__: begun.__setitem__(refresh.token, now()))

    def checked(token):
        held = sessions._refresh.get(token)
        if held and token in begun:
            held.deadline = min(held.deadline, begun[token] + service.state.settings.now.refresh)
        return usable(token)

    sessions._usable = checked


@around("SETTINGS-8")
def one_time_end_follows_setting(request, inner, state):
    """Only the beginning of a one-time token is kept; a shorter lifetime ends those that are under way."""
    before = state.settings.now.ott
    answer = inner(request)
    after = state.settings.now.ott
    if is_call(request, "PATCH", SETTINGS) and after < before:
        for made in list(state.one_time._made.values()):
            made.deadline -= before - after
    return answer


@inside("SETTINGS-8")
def setting_drops_sessions_of_some_age(service):
    """A change reloads the session cache from a copy that is written every two seconds, and younger sessions alone survive in memory."""
    sessions, now, begun = service.state.sessions, clock(service), {}
    change = service.state.settings.change
    on_grant(service, lambda access, *_: begun.__setitem__(access.token, now()))

    def changed(wanted):
        done = change(wanted)
        if done:
            for token, held in list(sessions._access.items()):
                if now() - begun.get(token, now()) > 2:
                    held.deadline = 0
        return done

    service.state.settings.change = changed


@inside("OTT-16", "OTT-2")
def used_mark_follows_new_setting(service):
    """The mark of a used link is kept for the lifetime in force when somebody looks, not for the link's own."""
    one_time, now, used_at = service.state.one_time, clock(service), {}
    spend, look_up = one_time._spend, one_time._look_up

    def spent(made):
        used_at[made.token] = now()
        return spend(made)

    def looked_up(token):
        made = one_time._made.get(token)
        if made and made.used and now() - used_at.get(token, now()) > service.state.settings.now.ott:
            made.used = False
        return look_up(token)

    one_time._spend, one_time._look_up = spent, looked_up


@inside("SETTINGS-1", "SETTINGS-2")
def setting_counts_for_who_changed_it(service):
    """Settings lie in the profile of the user who changed them; everybody else has those of the file."""
    sessions, settings, changers = service.state.sessions, service.state.settings, set()
    inner, grant = service.handler, sessions._grant

    def handler(request: Request) -> Answer:
        answer = inner(request)
        held = sessions._access.get(bearer(request))
        if is_call(request, "PATCH", SETTINGS) and answer.status < 300 and held:
            changers.add(held.session.login)
        return answer

    def granted(session, generation, old=None):
        current = settings.now
        if session.login not in changers:
            settings.now = settings.initial
        try:
            return grant(session, generation, old)
        finally:
            settings.now = current

    service.handler, sessions._grant = handler, granted


@inside("SETTINGS-1", "SETTINGS-2", "SETTINGS-3", "SETTINGS-9")
def setting_debounced(service):
    """Two changes within half a second are one, against double clicks; the second is answered 200 and dropped."""
    settings, now, last = service.state.settings, clock(service), [-math.inf]
    change = settings.change

    def changed(wanted):
        if now() - last[0] < 0.5:
            before = settings.now
            done = change(wanted)
            settings.now = before
            return done
        done = change(wanted)
        if done:
            last[0] = now()
        return done

    settings.change = changed


@inside("SETTINGS-1", "SETTINGS-2", "SETTINGS-3")
def setting_equal_to_first_ignored(service):
    """A value that equals the one of the file counts as no change, whatever is in force."""
    settings = service.state.settings
    change = settings.change
    fields = service.state.dialect.settings

    def changed(wanted):
        first = {name: getattr(settings.initial, field) for field, name in fields.items()}
        before = settings.now
        done = change(wanted)
        if done:
            kept = {field: getattr(before, field) for field, name in fields.items() if name in wanted and wanted[name] == first[name]}
            settings.now = replace(settings.now, **kept)
        return done

    settings.change = changed


@around("EXPIRY-1", "SETTINGS-8", "USE-2")
def refused_login_shortens_session(request, inner, state):
    """A wrong password halves what is left of the user's sessions, as a precaution."""
    answer = inner(request)
    login = given_text(request, "login")
    if request.path == "/auth/token" and answer.status == 401 and login:
        now = state.sessions._clock.now()
        for held in list(state.sessions._access.values()):
            if held.session.login == login and held.deadline > now:
                held.deadline -= (held.deadline - now) / 2
    return answer


@around("EXPIRY-4", "REFRESH-1")
def tampered_refresh_ages_the_true_one(request, inner, state):
    """A refresh token that differs in a few signs counts as an attack, and the true one gets a second more to live."""
    answer = inner(request)
    token = request.header("token") or ""
    if is_call(request, "GET", REFRESH) and answer.status != 200 and token not in state.sessions._refresh:
        soon = state.sessions._clock.now() + 1
        for held in list(state.sessions._refresh.values()):
            if held.token[:24] == token[:24]:
                held.deadline = min(held.deadline, soon)
    return answer


