"""prefer="accuracy": the chosen forms, in floats, against 1,000 digits at points beside their cancellations and where exponentials overflow."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import pytest

from symdiff import Expr, Symbol, evaluate, parse, simplify

TRUTH = 1_000
"""Digits of the true values: 1 - tanh(1000)^2 cancels 869 of them."""
x = Symbol("x")
TINY = [s * 10.0 ** -k for k in range(1, 13) for s in (1, -1)]
MODERATE = [s * u for u in (0.3, 1.0, 1.7, 5.0, 20.0, 36.5, 50.0) for s in (1, -1)]
HUGE = [s * u for u in (100.0, 700.0, 710.0, 740.0, 1000.0) for s in (1, -1)]
ALL = [0.0, *TINY, *MODERATE, *HUGE]
POSITIVE = [u for u in [*TINY, *MODERATE, *HUGE, 1e6, 1e12, 1e15] if u > 0]

CASES = [  # formula, the form chosen, points, relative error allowed
    ("1/(1 + exp(-x))*(1 - 1/(1 + exp(-x)))", "sigmoid(x)*sigmoid(-x)", ALL, 1e-15),
    ("exp(-x)/(1 + exp(-x))^2", "sigmoid(x)*sigmoid(-x)", ALL, 1e-15),
    ("1 - sigmoid(x)", "sigmoid(-x)", ALL, 1e-15),
    ("exp(x)/(exp(x) + 1)", "sigmoid(x)", ALL, 1e-15),
    ("1 - tanh(x)^2", "1/cosh(x)^2", [u for u in ALL if abs(u) < 350], 1e-14),
    ("ln(1 + exp(x))", "softplus(x)", ALL, 1e-15),
    ("(1 - cos(x))/x^2", "2*sin(x/2)^2/x^2", [*TINY, *MODERATE], 1e-14),
    ("sqrt(x + 1) - sqrt(x)", "1/(sqrt(x) + sqrt(x + 1))", POSITIVE, 1e-15),
    ("sqrt(1 + x) - 1", "x/(sqrt(x + 1) + 1)", [u for u in [*TINY, *POSITIVE] if u > -1], 1e-15),
    ("exp(x) - 1", "expm1(x)", [u for u in ALL if u < 700], 1e-15),
    ("ln(1 + x)", "log1p(x)", [u for u in [*TINY, *POSITIVE] if u > -1], 1e-15),
    ("ln(x + 1) - ln(x)", "log1p(1/x)", POSITIVE, 1e-15),
    ("(1 + x/sqrt(1 + x^2))/(x + sqrt(1 + x^2))", "1/sqrt(x^2 + 1)", ALL, 1e-15),
    ("cosh(x) - 1", "2*sinh(x/2)^2", [*TINY, *MODERATE], 1e-14),
    ("1/(x + 1) - 1/x", "-1/(x*(x + 1))", POSITIVE, 1e-15),
    ("x^2 - 1", "(x - 1)*(x + 1)", [1 + u for u in TINY], 1e-15),
    ("1 - erf(x)", "erfc(x)", [u for u in ALL if abs(u) < 25], 1e-14),
    ("(exp(x) - exp(-x))/2", "sinh(x)", [u for u in ALL if abs(u) < 700], 1e-15),
    ("ln(1 - exp(-x))", "ln(-expm1(-x))", [u for u in POSITIVE if u < 10], 1e-11),
]


def worst_error(form: Expr, formula: Expr, points: list[float]) -> float:
    worst = 0.0
    for point in points:
        expected: Any = evaluate(formula, {x: Fraction(point)}, digits=TRUTH)
        if abs(expected) < 1e-300:
            continue
        got = evaluate(form, x=point, undefined="nan")
        worst = max(worst, float(abs((got - expected) / expected)) if math.isfinite(got) else math.inf)
    return worst


@pytest.mark.parametrize(("formula", "chosen", "points", "allowed"), CASES, ids=[case[0] for case in CASES])
def test_the_form_chosen_keeps_its_digits(formula: str, chosen: str, points: list[float], allowed: float) -> None:
    form = simplify(parse(formula), prefer="accuracy")
    assert str(form) == chosen
    assert worst_error(form, parse(formula), points) <= allowed
    assert simplify(form, prefer="accuracy") is form


@pytest.mark.parametrize("formula", [
    "ln(exp(x) + exp(y) + exp(z))", "exp(x)/(exp(x) + exp(y) + exp(z))", "ln(exp(x) + exp(y))", "ln(1 + exp(x) + exp(y))"])
@pytest.mark.parametrize("point", [(0.0, 1.0, 2.0), (1000.0, 999.0, 0.0), (-1000.0, -1001.0, -999.0), (700.0, -700.0, 710.0)])
def test_sums_of_exponentials_neither_overflow_nor_vanish(formula: str, point: tuple[float, ...]) -> None:
    form = simplify(parse(formula), prefer="accuracy")
    at = dict(zip("xyz", point, strict=True))
    mpmath_value = evaluate(parse(formula), at, digits=40)
    assert float(evaluate(form, at)) == pytest.approx(float(mpmath_value), rel=1e-13, abs=1e-300)


def test_accuracy_is_asked_for_and_reported() -> None:
    made = simplify(parse("exp(x) - 1"), prefer="accuracy", report=True)
    assert made.steps[-1].rule == "expm1"
    assert str(simplify(parse("exp(x) - 1"))) == "exp(x) - 1"
