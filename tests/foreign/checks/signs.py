"""How each freedom that breaks no requirement shows without a socket, so that none is a name without effect."""

from collections.abc import Callable

from .bench import ACCESS, OTT, Bench

Sign = Callable[[Bench], bool]


def _access_survives_login(bench: Bench, logins: int = 1) -> bool:
    first = bench.pair()
    for _ in range(logins):
        bench.pair()
    return bench.use(first.access).status == 200


def _access_survives_refresh(bench: Bench) -> bool:
    first = bench.pair()
    bench.refresh(first.refresh)
    return bench.use(first.access).status == 200


def _session_survives_reuse(bench: Bench, seconds: float) -> bool:
    first = bench.pair()
    second = bench.tokens(bench.refresh(first.refresh))
    bench.now += seconds
    bench.refresh(first.refresh)
    return bench.refresh(second.refresh).status == 200


def _alive(bench: Bench, seconds: float) -> bool:
    token = bench.pair().access
    bench.now += seconds
    return bench.use(token).status == 200


def _refusal(bench: Bench) -> object:
    return bench.log_in(password="quite wrong").value


def _lower_case_scheme(bench: Bench) -> int:
    return bench.send("GET", "/whoami", headers={"Authorization": f"bearer {bench.pair().access}"}).status


def _verified(bench: Bench) -> dict[str, object]:
    headers = {"Authorization": f"Bearer {bench.pair('bob').access}"}
    value = bench.send("POST", "/external/token/verify", {"token": bench.mint()}, headers).value
    assert isinstance(value, dict)
    return value


def _traces(bench: Bench) -> set[str]:
    return {str(_refusal(bench)["error"].get("traceId")) for _ in range(2)}  # type: ignore[index]


SIGNS: dict[str, Sign] = {
    "single-session": lambda bench: not _access_survives_login(bench),
    "few-sessions": lambda bench: not _access_survives_login(bench, 24),
    "refresh-revokes-access": lambda bench: not _access_survives_refresh(bench),
    "reuse-revokes-after-leeway": lambda bench: not _session_survives_reuse(bench, 2),
    "huge-tokens": lambda bench: len(bench.pair().access) >= 4000,
    "base64-tokens": lambda bench: all(sign in bench.pair().refresh for sign in "+/="),
    "two-part-tokens": lambda bench: bench.mint().count(".") == 1,
    "whole-second-expiry": lambda bench: not _alive(bench, ACCESS - 0.1),
    "whole-second-grace": lambda bench: _alive(bench, ACCESS + 0.5),
    "float-lifetimes": lambda bench: isinstance(bench.pair().access_lifetime, float),
    "strict-scheme-case": lambda bench: _lower_case_scheme(bench) == 401,
    "empty-errors": lambda bench: bench.log_in(password="quite wrong").text == "",
    "error-array": lambda bench: isinstance(_refusal(bench), list),
    "error-text": lambda bench: isinstance(_refusal(bench), str),
    "error-trace": lambda bench: len(_traces(bench)) == 2,
    "other-statuses": lambda bench: bench.log_in(password="quite wrong").status == 400,
    "ott-indicator": lambda bench: bench.verify("x").value == {"isExpired": True},
    "ott-valid-flag": lambda bench: bench.verify("x").value == {"valid": False, "login": None},
    "ott-needs-authorization": lambda bench: (
        bench.send("POST", "/external/token/verify", {"token": bench.mint()}).status == 401
    ),
    "pair-beside-login": lambda bench: bench.user_of(_verified(bench).get("accessToken")) == "alice",
    "patch-204": lambda bench: bench.set(ott=OTT - 1).status == 204,
    "settings-write-only": lambda bench: bench.send("GET", "/connectors/settings").status == 405,
    "null-error-on-success": lambda bench: "error" in bench.log_in().value,
}
