"""Who may log in."""

import hmac
import re

from .catalogue import Switches

PLAIN_LOGIN = re.compile(r"[A-Za-z0-9_.@-]{1,64}")


class Users:
    """Logins with their passwords, and the lock that failed logins close."""

    def __init__(self, passwords: dict[str, str], lock_after: int, on: Switches) -> None:
        self._passwords = passwords
        self._lock_after = lock_after
        self._on = on
        self._failures: dict[str, int] = {}

    def knows(self, login: str) -> bool:
        """Whether somebody has this login."""
        return login in self._passwords

    def first(self) -> str:
        """The login that was configured first."""
        return next(iter(self._passwords))

    def other_than(self, login: str) -> str:
        """Some other user's login; the same one where there is no other."""
        return next((other for other in self._passwords if other != login), login)

    def locked(self) -> int:
        """How many logins too many wrong passwords have locked."""
        return sum(self._is_locked(login) for login in self._failures)

    def admits(self, login: str, password: str | None) -> bool:
        """Whether these credentials are right. Wrong ones in a row count towards the lock."""
        if not self.knows(login):
            return self._on("unknown-login-accepted") and PLAIN_LOGIN.fullmatch(login) is not None
        if self._is_locked(login):
            return False
        right = password is None or self._matches(login, password)
        self._failures[login] = 0 if right else self._failures.get(login, 0) + 1
        return right

    def _is_locked(self, login: str) -> bool:
        return 0 < self._lock_after <= self._failures.get(login, 0)

    def _matches(self, login: str, given: str) -> bool:
        right = self._passwords[login]
        if self._on("case-blind-password"):
            return given.casefold() == right.casefold()
        if self._on("longer-password"):
            return given.startswith(right)
        if self._on("any-users-password"):
            return given in self._passwords.values()
        return hmac.compare_digest(given.encode(errors="surrogatepass"), right.encode(errors="surrogatepass"))
