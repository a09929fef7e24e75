"""All checks by the requirement they stand for."""

from collections.abc import Callable

from .bench import Bench

Check = Callable[[Bench], bool]
CHECKS: dict[str, list[Check]] = {}


def requirement(name: str) -> Callable[[Check], Check]:
    """Registers a check: given a fresh bench, whether the requirement holds."""

    def register(check: Check) -> Check:
        CHECKS.setdefault(name, []).append(check)
        return check

    return register


def broken(make: Callable[[], Bench]) -> set[str]:
    """The requirements that do not hold, each looked at on a fresh server."""
    return {name for name, checks in CHECKS.items() if not all(check(make()) for check in checks)}
