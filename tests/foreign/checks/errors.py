"""Checks of refusals."""

from .bench import Bench, Reply
from .registry import requirement

DOCUMENTED = {400, 401, 404, 405, 406}


def _mistakes(bench: Bench) -> list[Reply]:
    return [
        bench.log_in(password="quite wrong"),
        bench.send("POST", "/auth/token", {"login": "alice"}),
        bench.send("POST", "/auth/token", raw=b"{"),
        bench.send("PUT", "/auth/token"),
        bench.send("GET", "/auth/token/refresh"),
        bench.use("made-up-access-token"),
        bench.verify(7),
        bench.verify("made-up-one-time-token"),
    ]


@requirement("ERROR-1")
def documented_status(bench: Bench) -> bool:
    *others, one_time = _mistakes(bench)
    told_so = one_time.status == 200 and bench.verified("made-up-one-time-token") is None
    return all(reply.status in DOCUMENTED for reply in others) and (one_time.status in DOCUMENTED or told_so)


@requirement("ERROR-2")
def json_bodies(bench: Bench) -> bool:
    return not any(reply.text and reply.value is None for reply in _mistakes(bench))


@requirement("ERROR-3")
def unknown_path(bench: Bench) -> bool:
    return bench.send("GET", "/no/such/path").status == 404


@requirement("ERROR-4")
def nothing_repeated(bench: Bench) -> bool:
    told = ("made-up-access-token", "made-up-one-time-token", "quite wrong", ".java", "Exception")
    return not any(word in reply.text for word in told for reply in _mistakes(bench))
