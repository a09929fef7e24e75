"""Checks of `POST /auth/token`."""

from .bench import AT_ONCE, PASSWORDS, Bench, basic, credentials_in_query
from .registry import requirement

HOSTILE = ("\u0000\u0007", "' OR '1'='1", '"; --', "ž\u202e💥", "x" * 10_000)
NO_STRINGS = (None, "", 7, True, [], {})


@requirement("ISSUE-3")
def tokens_differ(bench: Bench) -> bool:
    pair = bench.pair()
    return bool(pair.access) and bool(pair.refresh) and pair.access != pair.refresh


@requirement("ISSUE-4")
def access_lifetime_is_a_number(bench: Bench) -> bool:
    lifetime = bench.pair().access_lifetime
    return isinstance(lifetime, (int, float)) and lifetime == 40


@requirement("ISSUE-5")
def refresh_lifetime_is_told(bench: Bench) -> bool:
    lifetime = bench.pair().refresh_lifetime
    return isinstance(lifetime, (int, float)) and lifetime == 80


@requirement("ISSUE-6")
def wrong_password(bench: Bench) -> bool:
    reply = bench.log_in(password="quite wrong")
    return reply.refused and not bench.gives_tokens(reply)


@requirement("ISSUE-7")
def unknown_login(bench: Bench) -> bool:
    reply = bench.log_in("nobody", "x")
    return reply.refused and not bench.gives_tokens(reply)


@requirement("ISSUE-8")
def refusals_are_alike(bench: Bench) -> bool:
    wrong, unknown = bench.log_in(password="quite wrong"), bench.log_in("nobody", "quite wrong")
    return (wrong.status, _stable(wrong.value)) == (unknown.status, _stable(unknown.value))


@requirement("ISSUE-9")
def parameters_are_strings(bench: Bench) -> bool:
    bodies = [{"login": "alice", "password": bad} for bad in NO_STRINGS]
    bodies += [{"login": bad, "password": PASSWORDS["alice"]} for bad in NO_STRINGS]
    bodies += [{"login": "alice"}, {"password": PASSWORDS["alice"]}]
    replies = [bench.send("POST", "/auth/token", body) for body in bodies]
    return all(reply.refused and not bench.gives_tokens(reply) for reply in replies)


@requirement("ISSUE-10")
def malformed_bodies(bench: Bench) -> bool:
    bodies = (b"", b"{", b"[]", b'"x"', b"\xff\xfe", b"[" * 100_000, b'{"login":NaN}')
    return all(bench.send("POST", "/auth/token", raw=body).refused for body in bodies)


@requirement("ISSUE-11")
def credentials_elsewhere(bench: Bench) -> bool:
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    replies = (
        bench.send("POST", "/auth/token?" + credentials_in_query("alice")),
        bench.send("POST", "/auth/token", headers=basic("alice")),
        bench.send("POST", "/auth/token", raw=credentials_in_query("alice").encode(), headers=form),
    )
    return not any(bench.gives_tokens(reply) for reply in replies)


@requirement("ISSUE-12")
def near_misses(bench: Bench) -> bool:
    right = PASSWORDS["alice"]
    misses = (right[:-1], right + "1", right.swapcase(), f" {right}", f"{right} ", PASSWORDS["bob"])
    return not any(bench.gives_tokens(bench.log_in(password=miss)) for miss in misses)


@requirement("ISSUE-13")
def issues_differ(bench: Bench) -> bool:
    first, second = bench.pair(), bench.pair()
    return first.access != second.access and first.refresh != second.refresh


@requirement("ISSUE-14")
def other_methods_issue_nothing(bench: Bench) -> bool:
    return not any(bench.gives_tokens(bench.log_in(method=method)) for method in ("GET", "PUT", "DELETE"))


@requirement("ISSUE-14 should")
@requirement("REFRESH-11 should")
@requirement("OTT-15 should")
def other_methods_get_405(bench: Bench) -> bool:
    wrong = (("GET", "/auth/token"), ("PUT", "/auth/token/refresh"), ("DELETE", "/external/token/verify"))
    return all(bench.send(method, path).status == 405 for method, path in wrong)


@requirement("ISSUE-15")
def issue_is_not_cached(bench: Bench) -> bool:
    return "no-store" in bench.log_in().headers.get("Cache-Control", "")


@requirement("ISSUE-16")
def password_is_not_echoed(bench: Bench) -> bool:
    return "s3cret-guess" not in bench.log_in(password="s3cret-guess").text


@requirement("ISSUE-17")
def hostile_logins(bench: Bench) -> bool:
    return all(bench.log_in(login, "x").refused for login in HOSTILE)


@requirement("ISSUE-18")
def logins_at_once(bench: Bench) -> bool:
    names = ["alice", "bob"] * (AT_ONCE // 2)
    pairs = bench.at_once(lambda number: bench.pair(names[number]))
    users = [bench.user_of(pair.access) for pair in pairs]
    return users == names and len({pair.access for pair in pairs}) == len(pairs)


@requirement("ISSUE-19")
def tokens_share_nothing(bench: Bench) -> bool:
    first, second = bench.pair(), bench.pair()
    return all(
        sum(x == y for x, y in zip(one, other, strict=True)) < len(one) / 2
        for one, other in ((first.access, second.access), (first.refresh, second.refresh))
    )


def _stable(value: object) -> object:
    if isinstance(value, dict):
        return {name: _stable(inner) for name, inner in value.items() if name not in ("traceId", "timestamp")}
    return value
