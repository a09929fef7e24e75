"""How a mistake is answered: the status, and the shape of the error's body."""

from __future__ import annotations

import datetime
import uuid
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from .messages import Answer

if TYPE_CHECKING:
    from .catalogue import Switches


@dataclass(frozen=True)
class Wording:
    """A refusal's status, the other status that is documented for it, and what its body says."""

    status: int
    other_status: int
    reason: str
    code: str


class Mistake(Enum):
    """Every mistake that this server tells apart."""

    CREDENTIALS = Wording(401, 400, "credentials-refused", "1.2.0.11")
    UNREADABLE = Wording(400, 406, "body-unreadable", "1.6.0.1")
    PARAMETER = Wording(406, 400, "parameter-missing", "1.6.2.2")
    UNAUTHORIZED = Wording(401, 401, "access-refused", "1.2.0.3")
    REFRESH = Wording(401, 406, "refresh-refused", "1.2.0.5")
    ONE_TIME = Wording(404, 400, "one-time-refused", "1.9.0.1")
    VALUE = Wording(406, 400, "value-impossible", "1.6.2.9")
    PATH = Wording(404, 404, "no-such-entity", "1.1.0.4")
    METHOD = Wording(405, 405, "method-refused", "1.1.0.5")
    PACE = Wording(429, 429, "too-fast", "2.147.1.27")


STACK_TRACE = {
    "exception": "java.lang.IllegalStateException: body",
    "trace": ["at com.example.bo.rest.AuthController.token(AuthController.java:118)", "at java.base/Thread.run"],
}


class Refusals:
    """Makes the answer to a mistake in the shape that the switches ask for."""

    def __init__(self, on: Switches) -> None:
        self._on = on

    def of(self, mistake: Mistake, told: str = "", extra: dict[str, object] | None = None) -> Answer:
        """The answer to a mistake. `told` is added to the reason, `extra` to the error's fields."""
        wording = mistake.value
        answer = Answer(self._status(mistake), headers=self._headers(wording))
        if self._on("html-errors"):
            answer.text = f"<html><body><h1>Error {answer.status}</h1></body></html>"
        elif self._on("empty-errors"):
            answer.without_body = True
        else:
            answer.value = self._body(wording, told, extra or {})
            if self._on("stack-trace") and mistake in (Mistake.UNREADABLE, Mistake.PARAMETER):
                answer.value = {"error": {"reason": wording.reason, **STACK_TRACE}}
        return answer

    def crash(self) -> Answer:
        """What is left to say when this server has failed itself."""
        return Answer(500, {"error": {"reason": "internal"}})

    def _status(self, mistake: Mistake) -> int:
        if self._on("methods-404") and mistake is Mistake.METHOD:
            return 404
        if self._on("undocumented-status") and mistake is Mistake.PARAMETER:
            return 418
        return mistake.value.other_status if self._on("other-statuses") else mistake.value.status

    def _headers(self, wording: Wording) -> dict[str, str]:
        names_scheme = wording.status == 401 and not self._on("no-www-authenticate")
        return {"WWW-Authenticate": 'Bearer realm="bo"'} if names_scheme else {}

    def _body(self, wording: Wording, told: str, extra: dict[str, object]) -> object:
        reason = f"{wording.reason}-{told}" if told else wording.reason
        if self._on("error-text"):
            return " ".join([reason, *map(str, extra.values())])
        if self._on("error-array"):
            return [{"errorCode": wording.code, "message": reason, **extra}]
        error: dict[str, object] = {"reason": reason, **extra}
        if self._on("error-trace"):
            error["traceId"] = uuid.uuid4().hex
            error["timestamp"] = datetime.datetime.now(datetime.UTC).isoformat()
        return {"error": error}
