"""Formulas that other systems got wrong, slow or crashed on: all right at the points given, or refused with a reason, each within 2 s."""

from __future__ import annotations

import json
import math
import time
from pathlib import Path
from typing import Any

import pytest

import symdiff as sd
from symdiff import DomainError, Expr, ParseError, SymdiffError, parse

TRAPS = [json.loads(line) for line in (Path(__file__).parent / "cases" / "known_traps.jsonl").read_text(encoding="utf-8").splitlines()]
SECONDS = 2.0
NO_FUNCTIONS = {
    "Abs", "Mod", "Si", "Ci", "li", "besselj", "bessely", "beta", "binomial", "conjugate", "diff", "erfinv", "expint", "factorial", "Heaviside",
    "hypot", "im", "lambertw", "LambertW", "polylog", "re", "round", "sinc", "zeta", "fresnels", "fresnelc", "airyai", "Piecewise", "Derivative",
    "hermite", "nthRoot", "derivative", "dx", "n_link_pendulum_on_cart",
}
"""Functions this library does not have; a text that calls one is refused with its name."""
IN_WORDS = {"p11", "k17"}
"""Traps that are told in words; the words are refused as any text that is no formula."""


def real(value: str) -> float | None:
    """A recorded value, None where there is none or a complex one: formulas are real functions here (docs/decisions/real-domain.md)."""
    if value == "undefined":
        return None
    number = complex(value.replace(" ", ""))
    return number.real if abs(number.imag) < 1e-12 else None


def read(trap: dict[str, Any]) -> Expr | None:
    try:
        return parse(trap["input"])
    except ParseError as error:
        assert error.hint or error.reason
        called = error.reason.partition("'")[2].partition("'")[0]
        assert called in NO_FUNCTIONS or trap["id"] in IN_WORDS or "meaning" in error.reason, f"{trap['input']!r} was refused: {error}"
        return None


def forms_of(trap: dict[str, Any], expression: Expr) -> list[Expr]:
    """What is to have the recorded values: the derivative as it comes and simplified, or the formula and its simplified form."""
    if trap["op"] == "diff":
        slope = sd.diff(expression, trap["variable"], trap["order"])
        return [slope, sd.simplify(slope), sd.diff(sd.simplify(expression), trap["variable"], trap["order"])]
    return [expression, sd.simplify(expression)]


@pytest.mark.parametrize("trap", TRAPS, ids=lambda trap: f"{trap['id']}: {trap['input'][:40]}")
def test_a_formula_that_others_got_wrong_is_right_or_refused_with_a_reason(trap: dict[str, Any]) -> None:
    start = time.process_time()
    expression = read(trap)
    if expression is None or expression.op.relation:
        return
    forms = forms_of(trap, expression)
    for form in forms:
        for row in trap["values"]:
            expected, point = real(row["value"]), {name: float(value) for name, value in row["at"].items()}
            try:
                value = form.evaluate(point)
            except DomainError:
                as_it_comes = trap["op"] == "diff" and form is not forms[1]  # may divide by 0 where its simplified form does not
                assert expected is None or as_it_comes or _undefined(expression, point), f"{form} has no value at {point}, not {expected}"
                continue
            if expected is not None:
                assert math.isclose(value, expected, rel_tol=1e-8, abs_tol=1e-10), f"{form} at {point}"
    for write in (str, sd.latex):
        try:
            write(expression)
        except SymdiffError as error:
            assert str(error)
    assert time.process_time() - start < SECONDS


def _undefined(expression: Expr, point: dict[str, float]) -> bool:
    """Whether the formula itself has no real value there, whatever its complex one is."""
    try:
        expression.evaluate(point)
    except DomainError:
        return True
    return False
