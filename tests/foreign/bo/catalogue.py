"""All variations, and the set of them that one server runs with."""

from collections.abc import Iterable
from dataclasses import asdict

from .defects import DEFECTS
from .dialect import OTHER
from .freedoms import FREEDOMS


class Switches:
    """The variations that are on. Asking for a name that no catalogue holds is an error, so no switch is ever dead."""

    def __init__(self, freedoms: Iterable[str] = (), defects: Iterable[str] = ()) -> None:
        known_freedoms = {freedom.name for freedom in FREEDOMS}
        known_defects = {defect.name for defect in DEFECTS}
        self._known = known_freedoms | known_defects
        self._on = frozenset(freedoms) | frozenset(defects)
        unknown = (frozenset(freedoms) - known_freedoms) | (frozenset(defects) - known_defects)
        if unknown:
            raise ValueError(f"unknown variation: {', '.join(sorted(unknown))}; --list shows them all")

    def __call__(self, name: str) -> bool:
        """Whether this variation is on."""
        if name not in self._known:
            raise KeyError(name)
        return name in self._on


def listing() -> dict[str, object]:
    """What `--list` prints: every variation, and the names that `--dialect` switches to."""
    return {
        "freedoms": [asdict(freedom) for freedom in FREEDOMS],
        "defects": [asdict(defect) for defect in DEFECTS],
        "dialect": OTHER.as_configuration(),
    }
