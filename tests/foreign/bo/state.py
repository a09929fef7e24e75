"""Everything that one server holds, put together from its options."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from .catalogue import Switches
from .clock import Clock
from .dialect import USUAL, Dialect
from .limits import Limit, Limiter
from .one_time import OneTimeTokens
from .refusals import Refusals
from .sessions import Sessions
from .settings import Lifetimes, Settings
from .stats import Stats
from .tokens import Forge
from .users import Users


@dataclass(frozen=True)
class Options:
    """How a server is to behave."""

    users: dict[str, str]
    lifetimes: Lifetimes = Lifetimes()
    minimum_lifetime: float = 0
    limit: Limit | None = None
    lock_after: int = 0
    dialect: Dialect = USUAL
    dresses: tuple[str, ...] = ()
    on: Switches = field(default_factory=Switches)
    seconds: Callable[[], float] = time.monotonic


class State:
    """The parts of one server; each guards itself against threads."""

    def __init__(self, options: Options) -> None:
        self.on, self.dialect = options.on, options.dialect
        clock, forge = Clock(self.on, options.seconds), Forge(self.on)
        self.users = Users(options.users, options.lock_after, self.on)
        self.settings = Settings(options.lifetimes, options.minimum_lifetime, self.dialect, self.on)
        self.sessions = Sessions(self.on, clock, self.settings, forge, self.users)
        self.one_time = OneTimeTokens(self.on, clock, self.settings, forge, self.users, self.sessions)
        self.limiter = Limiter(options.limit, options.seconds)
        self.stats = Stats(options.seconds)
        self.refusals = Refusals(self.on)
