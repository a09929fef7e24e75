"""A BO server without a socket: the API behind its rate limit, and what the tests ask beside it."""

import traceback

from .api import Api
from .dress import Dressed
from .limits import retry_after
from .messages import Answer, Request, Unreadable
from .refusals import Mistake
from .state import Options, State


class Service:
    """Answers requests from any thread."""

    def __init__(self, options: Options) -> None:
        self.state = State(options)
        self.handler = Api(self.state).answer
        for blind in self.state.on.blind():
            blind.install(self)
        self._dressed = Dressed(options.dresses, self.state)

    def answer(self, request: Request) -> Answer:
        """The answer to a request to the API, within the rate limit or not."""
        limiter, refusals = self.state.limiter, self.state.refusals
        seconds = limiter.wait(self._asker(request))
        if seconds:
            refused = refusals.of(Mistake.PACE)
            if limiter.says_when:
                refused.headers["Retry-After"] = retry_after(seconds)
            return refused
        try:
            return self._dressed.answer(request, self.handler)
        except Exception:
            traceback.print_exc()
            self.state.stats.count("crashes")
            return refusals.crash()

    def mint(self, request: Request) -> dict[str, object] | None:
        """A fresh one-time token for the login in the body; nothing when nobody has it."""
        login = str(request.json_object().get("login"))
        return {"minted": self.state.one_time.mint(login)} if self.state.users.knows(login) else None

    def stats(self) -> dict[str, object]:
        """What `GET /_stats` tells; lifetimes in seconds."""
        limiter, settings = self.state.limiter, self.state.settings
        return {
            **self.state.stats.shown(),
            "violations": limiter.violations,
            "blocked": limiter.blocked,
            "locked_logins": self.state.users.locked(),
            "lifetimes": vars(settings.now),
            "initial_lifetimes": vars(settings.initial),
        }

    def _asker(self, request: Request) -> str:
        token = request.header("Authorization") or request.header(self.state.dialect.refresh_header)
        if token:
            return token
        try:
            return f"login {request.json_object()['login']}"
        except (Unreadable, KeyError):
            return f"peer {request.peer}"
