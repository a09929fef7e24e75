"""Defects and freedoms of clusters and restarts, written from the contract alone before the suite was run against them."""

from collections.abc import Callable
from dataclasses import dataclass

from .cluster import Cluster
from .events import Ask, Event, Token


@dataclass(frozen=True)
class Blind:
    """One variation of a cluster."""

    name: str
    kind: str
    """nodes, restart, or fair."""
    summary: str
    breaks: "tuple[str, ...]"
    make: "type[Cluster]"
    needs: "tuple[str, ...]" = ()
    """Freedoms that it shows with."""


REGISTRY: "dict[str, Blind]" = {}
Late = Callable[[Cluster, int, Event, str, "Token | None"], "bool | float"]
Skew = Callable[[Cluster, int, str, "Token | None"], float]
Call = Callable[[Ask], "tuple[int, object]"]
Odd = Callable[[Cluster, Ask, Call], "tuple[int, object]"]


def add(name: str, kind: str, breaks: str, summary: str, *needs: str, **methods: object) -> None:
    """Registers a variation that replaces methods of the cluster."""
    if name in REGISTRY:
        raise ValueError(f"two variations are called {name}")
    made = type(name, (Cluster,), {"freedoms": needs, **methods})
    REGISTRY[name] = Blind(name, kind, summary, tuple(breaks.split()), made, needs)


def late(name: str, breaks: str, summary: str, rule: Late, *needs: str) -> None:
    """Other nodes learn late of the events that the rule picks."""
    add(name, "nodes", breaks, summary, *needs, delay=rule)


def skewed(name: str, breaks: str, summary: str, rule: Skew, *needs: str) -> None:
    """A node's clock differs, always or for some tokens."""
    add(name, "nodes", breaks, summary, *needs, skew=rule)


def around(kind: str, breaks: str, *needs: str) -> Callable[[Odd], Odd]:
    """Registers a function around every call of a node; its name and text are the variation's."""

    def register(function: Odd) -> Odd:
        def respond(self: Cluster, ask: Ask) -> "tuple[int, object]":
            return function(self, ask, lambda other: Cluster.respond(self, other))

        add(function.__name__.replace("_", "-"), kind, breaks, " ".join((function.__doc__ or "").split()), *needs, respond=respond)
        return function

    return register


def load() -> "dict[str, Blind]":
    """All variations."""
    from . import blind_answers, blind_fair, blind_late, blind_restarts  # noqa: F401

    return REGISTRY
