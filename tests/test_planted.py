"""Planted bugs: every wrong derivative, gradient and rule is found and made small in the quick profile, and no correct twin is flagged."""

from __future__ import annotations

import warnings
from collections.abc import Iterator

import pytest
from case_files import cases
from planted import ENTRIES, HAS_JAX, HAS_TORCH, Planted
from planted_table import shrunk

from symdiff.testing import using

LINES = {(kind, name): line for kind, name, *line in cases("planted_bugs.txt")}
IDS = [f"{entry.kind}: {entry.name}" for entry in ENTRIES]
LARGEST = 8
"""Operations of a shrunk formula, and coordinates that are not 0 of a shrunk input."""


@pytest.fixture(autouse=True)
def quick() -> Iterator[None]:
    """The profile and the seed that the table was made with."""
    with using(profile="quick", seed=0):
        yield


@pytest.fixture(autouse=True, scope="module")
def loud() -> None:
    for name, there in (("torch", HAS_TORCH), ("jax", HAS_JAX)):
        if not there:
            warnings.warn(f"{name} is not installed: the bugs planted in its functions were not looked for (pip install 'symdiff[{name}]')",
                          stacklevel=1)


def test_there_are_enough_of_them_and_each_has_its_line_in_the_table() -> None:
    kinds = [kind for kind, _ in LINES]
    assert len(kinds) >= 60
    assert {kinds.count(kind) >= 3 for kind in ("derivative", "NumPy gradient", "PyTorch backward", "rewrite rule", "differentiator")} == {True}
    missing = {(entry.kind, entry.name) for entry in ENTRIES} - LINES.keys()
    assert not missing, f"run python tests/planted_table.py: {missing}"


@pytest.mark.parametrize("entry", ENTRIES, ids=IDS)
def test_the_wrong_one_is_found_and_made_small(entry: Planted) -> None:
    found = entry.wrong()
    assert found.verdict == "fail"
    assert found.report is not None
    assert (found.report.operations or 0) <= LARGEST, str(found)
    assert sum(bool(value) for value in found.report.point.values()) <= LARGEST, str(found)
    assert shrunk(found) == LINES[entry.kind, entry.name][2], "run python tests/planted_table.py"


@pytest.mark.parametrize("entry", ENTRIES, ids=IDS)
def test_the_correct_twin_is_not_flagged(entry: Planted) -> None:
    found = entry.right()
    assert found.verdict == "pass", str(found)


@pytest.mark.parametrize("entry", [entry for entry in ENTRIES if entry.others], ids=[f"{e.kind}: {e.name}" for e in ENTRIES if e.others])
def test_other_checkers_find_and_miss_what_the_table_says(entry: Planted) -> None:
    said = LINES[entry.kind, entry.name][3]
    for name, objects in entry.others.items():
        assert f"{name}: {'found' if objects(True) else 'missed'}" in said
        assert not objects(False)
