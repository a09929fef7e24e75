"""Checks of `Authorization: Bearer`, and of lifetimes that pass."""

from .bench import ACCESS, MARGIN, OTT, REFRESH, Bench, tampered
from .registry import requirement


@requirement("USE-2")
def used_again(bench: Bench) -> bool:
    token = bench.pair().access
    return all(bench.user_of(token) == "alice" for _ in range(6))


@requirement("USE-3")
def no_header(bench: Bench) -> bool:
    return bench.send("GET", "/whoami").status == 401 and bench.send("GET", "/accounts?limit=1").status == 401


@requirement("USE-4")
def made_up_token(bench: Bench) -> bool:
    return bench.use("0" * 64).status == 401


@requirement("USE-5")
def tampered_token(bench: Bench) -> bool:
    token = bench.pair().access
    return not any(bench.use(tampered(token, at)).status == 200 for at in (0, len(token) // 2, -1))


@requirement("USE-6")
def refresh_token_is_no_access_token(bench: Bench) -> bool:
    return bench.use(bench.pair().refresh).status != 200


@requirement("USE-7")
def bare_token(bench: Bench) -> bool:
    return bench.send("GET", "/whoami", headers={"Authorization": bench.pair().access}).status == 401


@requirement("USE-8")
def token_in_query(bench: Bench) -> bool:
    return bench.send("GET", f"/whoami?access_token={bench.pair().access}").status == 401


@requirement("USE-9")
def scheme_is_named(bench: Bench) -> bool:
    return bench.send("GET", "/whoami").headers.get("WWW-Authenticate", "").startswith("Bearer")


@requirement("EXPIRY-1")
def access_lives(bench: Bench) -> bool:
    token = bench.pair().access
    bench.now += ACCESS - MARGIN
    return bench.use(token).status == 200


@requirement("EXPIRY-2")
def access_dies(bench: Bench) -> bool:
    token = bench.pair().access
    bench.now += ACCESS + MARGIN
    return bench.use(token).status != 200


@requirement("EXPIRY-3")
def use_does_not_prolong(bench: Bench) -> bool:
    token = bench.pair().access
    bench.now += ACCESS / 3
    bench.use(token)
    bench.now += ACCESS * 2 / 3 + MARGIN
    return bench.use(token).status != 200


@requirement("EXPIRY-4")
def refresh_lives_and_dies(bench: Bench) -> bool:
    early, late = bench.pair("alice").refresh, bench.pair("bob").refresh
    bench.now += REFRESH - MARGIN
    lives = bench.refresh(early).status == 200
    bench.now += 2 * MARGIN
    return lives and bench.refresh(late).refused


@requirement("EXPIRY-5")
def one_time_dies(bench: Bench) -> bool:
    token = bench.mint()
    bench.now += OTT + MARGIN
    return bench.verified(token) is None


@requirement("EXPIRY-6")
def one_time_lives(bench: Bench) -> bool:
    token = bench.mint()
    bench.now += OTT - MARGIN
    return bench.verified(token) == "alice"
