"""Checks of `GET /auth/token/refresh`."""

from .bench import ACCESS, MARGIN, Bench, tampered
from .registry import requirement


@requirement("REFRESH-1")
def same_shape(bench: Bench) -> bool:
    issued, reply = bench.log_in(), None
    reply = bench.refresh(bench.tokens(issued).refresh)
    return reply.status == 200 and reply.value.keys() == issued.value.keys()


@requirement("REFRESH-2")
def new_access(bench: Bench) -> bool:
    old = bench.pair()
    new = bench.tokens(bench.refresh(old.refresh))
    return new.access != old.access and bench.use(new.access).status == 200


@requirement("REFRESH-3")
def three_generations(bench: Bench) -> bool:
    token = bench.pair().refresh
    for _ in range(4):
        reply = bench.refresh(token)
        if reply.status != 200:
            return False
        token = bench.tokens(reply).refresh
    return True


@requirement("REFRESH-4")
def after_access_expired(bench: Bench) -> bool:
    pair = bench.pair()
    bench.now += ACCESS + MARGIN
    return bench.refresh(pair.refresh).status == 200


@requirement("REFRESH-6")
def full_lifetime(bench: Bench) -> bool:
    pair = bench.pair()
    bench.now += ACCESS / 4
    new = bench.tokens(bench.refresh(pair.refresh)).access
    bench.now += ACCESS - MARGIN
    return bench.use(new).status == 200


@requirement("REFRESH-7")
def bad_refresh_tokens(bench: Bench) -> bool:
    token = bench.pair().refresh
    bad = ("", "0" * 73, tampered(token, 0), tampered(token, -1), token[:-1])
    return bench.send("GET", "/auth/token/refresh").refused and all(bench.refresh(one).refused for one in bad)


@requirement("REFRESH-8")
def access_is_no_refresh_token(bench: Bench) -> bool:
    return bench.refresh(bench.pair().access).refused


@requirement("REFRESH-9")
def spent_token(bench: Bench) -> bool:
    token = bench.pair().refresh
    bench.refresh(token)
    return bench.refresh(token).refused


@requirement("REFRESH-10")
def refreshes_at_once(bench: Bench) -> bool:
    token = bench.pair().refresh
    replies = bench.at_once(lambda _: bench.refresh(token))
    given = [bench.tokens(reply).access for reply in replies if reply.status == 200]
    no_trouble = all(reply.status == 200 or reply.refused for reply in replies)
    return no_trouble and bool(given) and all(bench.use(access).status == 200 for access in given)


@requirement("REFRESH-11")
def other_methods_refresh_nothing(bench: Bench) -> bool:
    token = bench.pair().refresh
    return not any(bench.gives_tokens(bench.refresh(token, method)) for method in ("POST", "PUT", "DELETE"))


@requirement("REFRESH-12")
def refresh_is_not_cached(bench: Bench) -> bool:
    return "no-store" in bench.refresh(bench.pair().refresh).headers.get("Cache-Control", "")


@requirement("REFRESH-14")
def old_access_after_refresh_is_steady(bench: Bench) -> bool:
    """What becomes of the old access token is free, but it is the same each time it is looked at."""
    pair = bench.pair()
    new = bench.tokens(bench.refresh(pair.refresh))
    return new.access == pair.access or len({bench.use(pair.access).status for _ in range(5)}) == 1


@requirement("REFRESH-15")
def belongs_to_the_user(bench: Bench) -> bool:
    pairs = {login: bench.tokens(bench.refresh(bench.pair(login).refresh)) for login in ("alice", "bob")}
    return all(bench.user_of(pair.access) == login for login, pair in pairs.items())
