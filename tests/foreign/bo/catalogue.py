"""All variations, and the set of them that one server runs with."""

from collections.abc import Iterable
from dataclasses import asdict

from .blind import Blind
from .blind import listing as blind_listing
from .blind import load
from .defects import DEFECTS
from .dialect import OTHER
from .freedoms import FREEDOMS


class Switches:
    """The variations that are on. Asking for a name that no catalogue holds is an error, so no switch is ever dead."""

    def __init__(self, freedoms: Iterable[str] = (), defects: Iterable[str] = ()) -> None:
        known_freedoms = {freedom.name for freedom in FREEDOMS}
        known_defects = {defect.name for defect in DEFECTS}
        known_freedoms |= {name for name, blind in load().items() if not blind.breaks}
        known_defects |= {name for name, blind in load().items() if blind.breaks}
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

    def blind(self) -> list[Blind]:
        """The variations that are on and registered in `blind_*.py`."""
        return [blind for name, blind in load().items() if name in self._on]


def listing() -> dict[str, object]:
    """What `--list` prints: every variation, and the names that `--dialect` switches to."""
    return {
        "freedoms": [asdict(freedom) for freedom in FREEDOMS],
        "defects": [asdict(defect) for defect in DEFECTS],
        "blind": blind_listing(),
        "dialect": OTHER.as_configuration(),
    }
