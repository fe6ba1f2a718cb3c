"""The derivatives people look up, each against the shortest form known: together no longer than a textbook prints them."""

from __future__ import annotations

from pathlib import Path

import pytest
from test_swell import confirmed, operations

from symdiff import Symbol, diff, equivalent, parse, simplify

CASES = [line.split("\t") for line in (Path(__file__).parent / "cases" / "textbook32.tsv").read_text(encoding="utf-8").splitlines()[1:]]
x = Symbol("x")


@pytest.mark.parametrize(("name", "function", "shortest"), CASES, ids=[case[0] for case in CASES])
def test_the_derivative_is_right_and_never_costlier_than_it_was(name: str, function: str, shortest: str) -> None:
    raw = diff(parse(function), x)
    made = simplify(raw, report=True)
    assert confirmed(raw, made.result, name) > 0
    assert equivalent(made.result, parse(shortest)).ok, f"{made.result} is not shown to be {shortest}"
    assert made.cost_after <= made.cost_before
    assert simplify(made.result) is made.result


def test_all_together_are_no_longer_than_the_best_known_forms() -> None:
    assert sum(operations(str(simplify(diff(parse(function), x)))) for _, function, _ in CASES) <= 150
