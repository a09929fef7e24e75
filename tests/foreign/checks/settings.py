"""Checks of `PATCH /connectors/settings`."""

from .bench import MARGIN, OTT, Bench
from .registry import requirement

IMPOSSIBLE = (0, -5, "20", None, True, [], 1e308)


@requirement("SETTINGS-1")
def access_lifetime(bench: Bench) -> bool:
    bench.set(access=20)
    pair = bench.pair()
    bench.now += 20 - MARGIN
    lives = bench.use(pair.access).status == 200
    bench.now += 2 * MARGIN
    return pair.access_lifetime == 20 and lives and bench.use(pair.access).status != 200


@requirement("SETTINGS-2")
def refresh_lifetime(bench: Bench) -> bool:
    bench.set(refresh=50)
    early, late = bench.pair("alice"), bench.pair("bob")
    bench.now += 50 - MARGIN
    lives = bench.refresh(early.refresh).status == 200
    bench.now += 2 * MARGIN
    return early.refresh_lifetime in (50, None) and lives and bench.refresh(late.refresh).refused


@requirement("SETTINGS-3")
def one_time_lifetime(bench: Bench) -> bool:
    bench.set(ott=20)
    early, late = bench.mint(), bench.mint()
    bench.now += 20 - MARGIN
    lives = bench.verified(early) == "alice"
    bench.now += 2 * MARGIN
    return lives and bench.verified(late) is None


@requirement("SETTINGS-4")
def unauthenticated(bench: Bench) -> bool:
    replies = [bench.set({}, ott=20), bench.set({"Authorization": "Bearer 00"}, ott=20)]
    return all(reply.status == 401 for reply in replies) and bench.lifetimes()["ott"] == OTT


@requirement("SETTINGS-5")
def impossible_values(bench: Bench) -> bool:
    before = bench.lifetimes()
    return all(bench.set(ott=bad).refused for bad in IMPOSSIBLE) and bench.lifetimes() == before


@requirement("SETTINGS-6")
def others_stay(bench: Bench) -> bool:
    bench.set(access=20)
    bench.set(ott=30)
    return bench.lifetimes() == {"access": 20, "refresh": 80, "ott": 30}
