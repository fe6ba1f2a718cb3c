"""Difference quotients: their errors have the order the textbooks prove, until rounding takes over."""

from __future__ import annotations

import math
import pickle

import pytest

from symdiff import Symbol, UsageError, derivative_table, numeric_derivative, parse
from symdiff.numerics.quotients import METHODS, STEPS

x = Symbol("x")
CASES = [("sin(x)", 1.0, math.cos(1)), ("exp(x)", 0.5, math.exp(0.5)), ("x^3 - x", 2.0, 11.0), ("ln(x)", 3.0, 1 / 3), ("1/x", -2.0, -0.25)]


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(("text", "at", "slope"), CASES)
def test_every_method_with_its_own_step_comes_close(method: str, text: str, at: float, slope: float) -> None:
    allowed = {"forward": 1e-6, "backward": 1e-6, "central": 1e-9, "richardson": 1e-10, "complex": 1e-15}[method]
    assert numeric_derivative(text, x, at, method=method) == pytest.approx(slope, rel=allowed)


@pytest.mark.parametrize(("method", "order"), [(name, order) for name, (_, order) in METHODS.items()])
def test_the_error_falls_with_the_order_of_the_method(method: str, order: int) -> None:
    steps = [0.4 / 2 ** k for k in range(5)]
    for text, at, _ in CASES[:2]:
        column = derivative_table(text, x, at, steps, methods=[method]).columns[method]
        slopes = [quotient.slope for quotient in column[1:] if quotient.error > 1e-12]
        assert slopes and all(abs(slope - order) < 0.25 for slope in slopes), (method, slopes)


def test_round_off_raises_the_error_again_where_differences_are_taken_and_nowhere_else() -> None:
    table = derivative_table("sin(x)", x, 1.0, methods=["forward", "central", "complex"])
    assert table.order("forward") == pytest.approx(1, abs=0.05) and table.order("central") == pytest.approx(2, abs=0.05)
    assert -1.3 < table.round_off("forward") < -0.7 and -1.5 < table.round_off("central") < -0.7
    assert 1e-9 < table.best("forward").step < 1e-7 and 1e-7 < table.best("central").step < 1e-4
    assert table.columns["complex"][-1].error < 1e-15
    assert "order 1.0" in str(table) and "order 2.0" in str(table)


def test_the_table_is_data_too() -> None:
    table = derivative_table("x^2", x, 3.0, [1e-2, 1e-1], methods=["forward", "central"])
    assert [row["step"] for row in table.rows()] == [1e-1, 1e-2]
    assert table.rows()[0]["forward"] == pytest.approx(0.1) and table.rows()[1]["forward slope"] == pytest.approx(1)
    assert table.exact == 6.0 and str(pickle.loads(pickle.dumps(table))) == str(table)
    assert len(str(table).splitlines()) == 1 + 2 + 2


def test_python_functions_are_differentiated_too() -> None:
    assert numeric_derivative(math.tan, at=0.5) == pytest.approx(1 / math.cos(0.5) ** 2)
    assert derivative_table(math.exp, at=0.0, exact=1.0).order("central") == pytest.approx(2, abs=0.1)
    with pytest.raises(UsageError, match="exact"):
        derivative_table(math.exp)


def test_the_complex_step_wants_an_analytic_function() -> None:
    """abs is not: its modulus of a complex number has no derivative, and the answer is wrong."""
    assert numeric_derivative("abs(x)", at=-2.0) == pytest.approx(-1)
    assert numeric_derivative("abs(x)", at=-2.0, method="complex") != pytest.approx(-1)


def test_where_there_is_no_value_the_quotient_is_nan() -> None:
    assert math.isnan(numeric_derivative("sqrt(x)", at=-1.0))
    assert math.isnan(numeric_derivative("ln(x)", at=0.0, method="backward"))


def test_bad_calls_are_refused() -> None:
    for call in (lambda: numeric_derivative("x*y"), lambda: numeric_derivative("x*y", "x"), lambda: numeric_derivative("x", method="magic"),
                 lambda: numeric_derivative("x", step=0), lambda: numeric_derivative("x", step=-1), lambda: derivative_table("x", steps=[]),
                 lambda: derivative_table("x", methods=["magic"]), lambda: derivative_table("ln(x)", at=-1.0)):
        with pytest.raises(UsageError):
            call()
    assert set(STEPS) == set(METHODS)
    assert numeric_derivative(parse("x*y").subs({"y": 2}), x, 1.0) == pytest.approx(2)
