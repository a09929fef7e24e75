"""The two kinds of variation. What each one does is in the module it changes."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Freedom:
    """A way of conforming that differs from the usual one.

    `warns`: `should` requirements it goes against. `tension`: `must` requirements that, read to the letter, forbid
    what another place of the documentation allows; a fair judge does not blame the server for them.
    """

    name: str
    summary: str
    warns: tuple[str, ...] = ()
    tension: tuple[str, ...] = ()


@dataclass(frozen=True)
class Defect:
    """One way of being wrong.

    `caught_by`: requirements that must catch it; none for trouble of the connection, which is never a verdict on the
    server. `echoes`: requirements that may fail along, since a client cannot tell the causes apart.
    """

    name: str
    summary: str
    caught_by: tuple[str, ...] = ()
    echoes: tuple[str, ...] = ()
