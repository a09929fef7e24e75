"""Tests of the test server: `python3 -m unittest discover -s tests/foreign`.

What `--list` says of a variation is held against what it does: a freedom breaks nothing but the `should`s it names, a
defect breaks what it names and nothing beyond its echoes.
"""

import random
import sys
import unittest

sys.dont_write_bytecode = True

from bo.catalogue import Switches  # noqa: E402
from bo.defects import DEFECTS  # noqa: E402
from bo.dialect import OTHER  # noqa: E402
from bo.freedoms import FREEDOMS  # noqa: E402
from checks import errors, issue, one_time, refresh, settings, use  # noqa: E402, F401
from checks.bench import Bench  # noqa: E402
from checks.registry import CHECKS, broken  # noqa: E402


def ids(names: set[str]) -> set[str]:
    """Requirement ids, whichever part of the requirement was checked."""
    return {name.removesuffix(" should") for name in names}


class Conforming(unittest.TestCase):
    """The server as it is meant to be, in all its freedoms."""

    def test_the_usual_server_breaks_nothing(self) -> None:
        self.assertEqual(broken(Bench), set())

    def test_the_other_dialect_breaks_nothing(self) -> None:
        self.assertEqual(broken(lambda: Bench(dialect=OTHER)), set())

    def test_a_freedom_breaks_only_what_it_says(self) -> None:
        for freedom in FREEDOMS:
            with self.subTest(freedom.name):
                found = ids(broken(lambda: Bench(freedoms=[freedom.name])))
                self.assertEqual(found, {*freedom.warns, *freedom.tension})

    def test_freedoms_together_break_only_what_each_says(self) -> None:
        dice = random.Random(20260101)
        for _ in range(12):
            chosen = dice.sample(FREEDOMS, 5)
            names = [freedom.name for freedom in chosen]
            with self.subTest(" + ".join(names)):
                allowed = {each for freedom in chosen for each in (*freedom.warns, *freedom.tension)}
                self.assertLessEqual(ids(broken(lambda: Bench(freedoms=names))), allowed)


class Defective(unittest.TestCase):
    """The server with one defect."""

    def test_a_defect_breaks_what_it_says_and_at_most_its_echoes(self) -> None:
        for defect in DEFECTS:
            with self.subTest(defect.name):
                found = ids(broken(lambda: Bench(defects=[defect.name])))
                self.assertLessEqual(set(defect.caught_by), found)
                self.assertLessEqual(found, {*defect.caught_by, *defect.echoes})

    def test_every_catcher_has_a_check(self) -> None:
        named = {each for defect in DEFECTS for each in defect.caught_by}
        self.assertLessEqual(named, ids(set(CHECKS)))

    def test_an_unknown_name_is_refused(self) -> None:
        with self.assertRaisesRegex(ValueError, "ott-reusible"):
            Switches(defects=["ott-reusible"])


if __name__ == "__main__":
    unittest.main()
