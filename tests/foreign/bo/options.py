"""The command line."""

import argparse
import os
from dataclasses import dataclass

from .catalogue import Switches
from .dialect import OTHER, USUAL
from .limits import Limit
from .settings import Lifetimes
from .state import Options

USERS_VARIABLE = "BO_FOREIGN_USERS"
"""Users from the environment: LOGIN:PASSWORD, one on each line."""


@dataclass(frozen=True)
class Place:
    """Where and how the server listens; `after` is the number of requests before connection trouble begins."""

    port: int
    after: int
    tls: tuple[str, str] | None
    client_ca: str | None


def parser() -> argparse.ArgumentParser:
    """The command line's parser."""
    line = argparse.ArgumentParser(prog="bo_server.py", description="A BO server for tests, on loopback.")
    line.add_argument("--list", action="store_true", help="print freedoms, defects and the other dialect as JSON")
    line.add_argument("--port", type=int, default=0, help="0: any free one")
    line.add_argument("--user", action="append", default=[], metavar="LOGIN:PASSWORD",
                      help=f"repeatable; also one on each line of {USERS_VARIABLE}")
    line.add_argument("--access-lifetime", type=_seconds, default=4)
    line.add_argument("--refresh-lifetime", type=_seconds, default=8)
    line.add_argument("--ott-lifetime", type=_seconds, default=4)
    line.add_argument("--min-lifetime", type=_seconds, default=0, help="a PATCH below it is refused with 406")
    line.add_argument("--rate", type=float, help="requests a second for the whole server")
    line.add_argument("--burst", type=int, default=8)
    line.add_argument("--block", type=_seconds, default=0, help="seconds for a token or login after 5 violations")
    line.add_argument("--retry-after", action="store_true", help="a 429 says when to come back")
    line.add_argument("--lock-after", type=int, default=0, help="wrong passwords in a row that lock a login; 0: never")
    line.add_argument("--tls", nargs=2, metavar=("CERT", "KEY"))
    line.add_argument("--client-ca", metavar="CA", help="with --tls: clients must show a certificate of this CA")
    line.add_argument("--dialect", action="store_true", help="other names for fields, header and settings")
    line.add_argument("--dress", action="append", default=[], metavar="NAME", help="another form of requests or answers")
    line.add_argument("--freedom", action="append", default=[], metavar="NAME")
    line.add_argument("--defect", action="append", default=[], metavar="NAME")
    line.add_argument("--after", type=int, default=0, metavar="N",
                      help="connection trouble begins after N requests to the API")
    return line


def options(arguments: argparse.Namespace) -> Options:
    """How the server is to behave. Raises ValueError for unknown variations and users that are none."""
    limit = None
    if arguments.rate:
        limit = Limit(arguments.rate, arguments.burst, arguments.block, arguments.retry_after)
    return Options(
        users=_users(arguments.user or os.environ.get(USERS_VARIABLE, "").splitlines()),
        lifetimes=Lifetimes(arguments.access_lifetime, arguments.refresh_lifetime, arguments.ott_lifetime),
        minimum_lifetime=arguments.min_lifetime,
        limit=limit,
        lock_after=arguments.lock_after,
        dresses=tuple(arguments.dress),
        dialect=OTHER if arguments.dialect else USUAL,
        on=Switches(arguments.freedom, arguments.defect),
    )


def place(arguments: argparse.Namespace) -> Place:
    """Where the server listens."""
    tls = (arguments.tls[0], arguments.tls[1]) if arguments.tls else None
    return Place(arguments.port, arguments.after, tls, arguments.client_ca)


def _seconds(text: str) -> float:
    value = float(text)
    return int(value) if value == int(value) else value


def _users(lines: list[str]) -> dict[str, str]:
    users = dict(line.split(":", 1) for line in lines if ":" in line)
    if not users:
        raise ValueError(f"no users: give --user LOGIN:PASSWORD or set {USERS_VARIABLE}")
    return users
