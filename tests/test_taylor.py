"""Taylor polynomials: exact coefficients, refused where there are none."""

from __future__ import annotations

from fractions import Fraction
from math import comb, factorial

import pytest
from hypothesis import assume, given
from strategies import moderate_expressions
from test_gradients import X, agree, or_discard, patient, value

import symdiff as sd


@pytest.mark.parametrize(("formula", "at", "order", "polynomial"), [
    ("exp(x)*sin(x)", 0, 5, "x + x^2 + x^3/3 - x^5/30"),
    ("sin(x)", 0, 7, "x - x^3/6 + x^5/120 - x^7/5040"),
    ("tan(x)", 0, 7, "x + x^3/3 + 2*x^5/15 + 17*x^7/315"),
    ("1/(1 - x)", 0, 3, "1 + x + x^2 + x^3"),
    ("x^x", 1, 4, "1 + (x - 1) + (x - 1)^2 + (x - 1)^3/2 + (x - 1)^4/3"),
    ("sqrt(x)", 4, 2, "2 + (x - 4)/4 - (x - 4)^2/64"),
    ("(x^2 + x)^7", 0, 9, "x^7 + 7*x^8 + 21*x^9"),
    ("x^3", 0, 8, "x^3"),
    ("1 if x > 1 else x^2", 0, 3, "x^2"),
    ("abs(x)", -2, 3, "2 - (x + 2)"),
    ("sin(y)*x", 0, 3, "sin(y)*x"),
    ("7", 0, 3, "7"),
])
def test_known_polynomials(formula, at, order, polynomial):
    assert str(sd.taylor(sd.parse(formula), "x", at, order)) == polynomial


def test_expansions_at_a_symbolic_point():
    a = sd.Symbol("a")
    assert str(sd.taylor(sd.parse("cos(x)"), "x", a, 2)) == "cos(a) - sin(a)*(x - a) - cos(a)/2*(x - a)^2"
    assert str(sd.taylor(sd.parse("x^3"), "x", a, 3)) == "a^3 + 3*a^2*(x - a) + 3*a*(x - a)^2 + (x - a)^3"


def test_binomial_coefficients_of_a_high_order_are_exact():
    polynomial = sd.taylor(sd.parse("(1 + x)^60"), "x", 0, 60)
    assert sum(comb(60, k) for k in range(61)) == polynomial.evaluate(x=1, exact=True)
    tail = sd.taylor(sd.exp(X), "x", 0, 30).args[-1]
    assert tail == X ** 30 / factorial(30)


def test_the_derivative_of_a_polynomial_is_the_polynomial_of_the_derivative():
    f = sd.parse("ln(1 + sin(x))*exp(x)")
    left = sd.diff(sd.taylor(f, "x", 0, 7), "x")
    right = sd.taylor(sd.diff(f, "x"), "x", 0, 6)
    for t in (Fraction(1, 3), Fraction(-2, 7), 2):
        assert left.evaluate(x=t) == right.evaluate(x=t)


@patient
@given(moderate_expressions)
def test_coefficients_are_derivatives_over_factorials(expression):
    polynomial = or_discard(sd.taylor, expression, X, sd.number(Fraction(7, 10)), 2)
    at_the_point = {1: sd.diff(polynomial, X), 2: sd.diff(polynomial, X, 2)}
    for order, found in at_the_point.items():
        expected = sd.diff(expression, X, order)
        assume(expected is not None)
        assert agree(value(found), value(expected)), order


@pytest.mark.parametrize("formula", ["abs(x)", "ln(x)", "sqrt(x)", "1/x", "x^(1/2)", "x if x > 0 else 0", "max(x, 2*x)", "x^x"])
def test_points_without_a_polynomial_are_refused(formula):
    with pytest.raises(sd.DomainError, match="no Taylor polynomial at x = 0"):
        sd.taylor(sd.parse(formula), "x", 0, 3)


@pytest.mark.parametrize(("arguments", "error"), [
    ((X, "x", 0, -1), sd.UsageError), ((X, "x", 0, 1.5), sd.UsageError), ((X, "x", X, 2), sd.UsageError),
    ((X, "x", 0, 10 ** 9), sd.LimitError), ((X > 0, "x", 0, 2), sd.UsageError), ((X, 3, 0, 2), sd.UsageError),
])
def test_misuse_is_explained(arguments, error):
    with pytest.raises(error):
        sd.taylor(*arguments)
