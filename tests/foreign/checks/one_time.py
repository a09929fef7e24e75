"""Checks of `POST /external/token/verify`."""

from .bench import OTT, Bench, tampered
from .registry import requirement

PATH = "/external/token/verify"


@requirement("OTT-1")
def fresh(bench: Bench) -> bool:
    return bench.verified(bench.mint()) == "alice"


@requirement("OTT-2")
def once_only(bench: Bench) -> bool:
    token = bench.mint()
    return [bench.verified(token) for _ in range(3)] == ["alice", None, None]


@requirement("OTT-3")
def one_of_many(bench: Bench) -> bool:
    token = bench.mint()
    return bench.at_once(lambda _: bench.verified(token)).count("alice") == 1


@requirement("OTT-4")
def near_misses(bench: Bench) -> bool:
    token = bench.mint()
    misses = ("x" + "0" * 64, tampered(token, 0), tampered(token, -1), token[:-1], token.swapcase())
    return not any(bench.verified(miss) for miss in misses)


@requirement("OTT-5")
def no_token(bench: Bench) -> bool:
    replies = [bench.verify(bad) for bad in (None, "", 7, [], {})]
    replies += [bench.send("POST", PATH, raw=raw) for raw in (b"", b"{", b"[]")]
    return all(reply.refused for reply in replies)


@requirement("OTT-6")
def token_elsewhere(bench: Bench) -> bool:
    token = bench.mint()
    bench.send("POST", f"{PATH}?token={token}", {}, {"token": token})
    return bench.verified(token) == "alice"


@requirement("OTT-7")
def failures_spend_nothing(bench: Bench) -> bool:
    token = bench.mint()
    for _ in range(3):
        bench.verify("x" + "1" * 64)
    return bench.verified(token) == "alice"


@requirement("OTT-8")
def others_stay_fresh(bench: Bench) -> bool:
    tokens = [bench.mint() for _ in range(3)]
    return [bench.verified(token) for token in tokens] == ["alice"] * 3


@requirement("OTT-9")
def two_users(bench: Bench) -> bool:
    tokens = {login: bench.mint(login) for login in ("alice", "bob")}
    return all(bench.verified(token) == login for login, token in tokens.items())


@requirement("OTT-10")
def kinds_are_apart(bench: Bench) -> bool:
    pair, token = bench.pair(), bench.mint()
    foreign = bench.use(token).status == 401 and bench.refresh(token).refused
    return foreign and not bench.verified(pair.access) and not bench.verified(pair.refresh)


@requirement("OTT-11")
def refusals_name_nobody(bench: Bench) -> bool:
    used, expired = bench.mint(), bench.mint()
    bench.verify(used)
    replies = [bench.verify(used), bench.verify("x")]
    bench.now += OTT * 2
    return not any("alice" in reply.text for reply in [*replies, bench.verify(expired)])


@requirement("OTT-12")
def refusals_are_alike(bench: Bench) -> bool:
    used, expired = bench.mint(), bench.mint()
    bench.verify(used)
    replies = [bench.verify(used), bench.verify("x")]
    bench.now += OTT * 2
    replies.append(bench.verify(expired))
    return len({(reply.status, _without_trace(reply.value)) for reply in replies}) == 1


@requirement("OTT-15")
def other_methods_verify_nothing(bench: Bench) -> bool:
    return not any("alice" in bench.verify(bench.mint(), method).text for method in ("GET", "PUT", "DELETE"))


def _without_trace(value: object) -> str:
    if isinstance(value, dict) and isinstance(value.get("error"), dict):
        return str({name: told for name, told in value["error"].items() if name not in ("traceId", "timestamp")})
    return str(value)
