"""Derivatives of higher order: like terms collected, sizes polynomial in the order, values those of repeated differentiation."""

from __future__ import annotations

import mpmath
import pytest
from hypothesis import given
from strategies import moderate_expressions
from test_gradients import X, Y, agree, or_discard, patient, value

import symdiff as sd
from symdiff.walk import graph_size, tree_size


def nested(function, times: int) -> sd.Expr:
    f = X
    for _ in range(times):
        f = function(f)
    return f


@pytest.mark.parametrize(("formula", "order", "derivative"), [
    ("x^2*sin(x)", 2, "2*sin(x) + 4*x*cos(x) - x^2*sin(x)"),
    ("sqrt(1 + x^2)", 2, "1/(x^2 + 1)^(3/2)"),
    ("1/(1 + x^2)", 2, "(6*x^2 - 2)/(x^2 + 1)^3"),
    ("sigmoid(x)", 3, "sigmoid(x)*(1 - sigmoid(x))*(1 - 6*sigmoid(x) + 6*sigmoid(x)^2)"),
    ("tanh(x)", 2, "-2*tanh(x)*(1 - tanh(x)^2)"),
    ("x^x", 2, "x^x*((ln(x) + 1)^2 + 1/x)"),
    ("(3*x + 1)^5", 2, "180*(3*x + 1)^3"),
    ("(x^2 + 1)^10", 1, "20*(x^2 + 1)^9*x"),
    ("x/(x + 1)", 3, "6/(x + 1)^4"),
    ("x^3 if x > 0 else sin(x)", 2, "6*x if x > 0 else -sin(x)"),
    ("sin(x)^2 + cos(x)^2", 2, "0"),
    ("x^3*y^2", 3, "6*y^2"),
])
def test_small_orders_read_as_people_write_them(formula, order, derivative):
    assert str(sd.diff(sd.parse(formula), "x", order)) == derivative


@pytest.mark.parametrize(("formula", "tree", "graph"), [
    ("exp(-x^2)*sin(3*x)/(1 + x^2)", 2509, 645),
    ("tan(sin(x))", 1164, 406),
    ("x^x", 228, 127),
])
def test_twelfth_derivatives_stay_small_and_are_right(formula, tree, graph):
    f = sd.parse(formula)
    derivative = sd.diff(f, X, 12)
    assert tree_size(derivative) <= tree
    assert graph_size(derivative) <= graph
    with mpmath.workdps(40):
        compiled = {"exp(-x^2)*sin(3*x)/(1 + x^2)": lambda t: mpmath.exp(-t ** 2) * mpmath.sin(3 * t) / (1 + t ** 2),
                    "tan(sin(x))": lambda t: mpmath.tan(mpmath.sin(t)), "x^x": lambda t: t ** t}[formula]
        expected = mpmath.taylor(compiled, mpmath.mpf("0.7"), 12)[12] * mpmath.factorial(12)
    assert abs(derivative.evaluate(x=0.7) / float(expected) - 1) < 1e-8


def test_sines_in_sines_go_by_taylor_arithmetic():
    derivative = sd.diff(nested(sd.sin, 6), X, 12)
    assert graph_size(derivative) <= 3262
    with mpmath.workdps(40):
        def f(t):
            for _ in range(6):
                t = mpmath.sin(t)
            return t
        expected = float(mpmath.taylor(f, mpmath.mpf("0.7"), 12)[12] * mpmath.factorial(12))
    assert abs(derivative.evaluate(x=0.7) / expected - 1) < 1e-8


def test_the_size_grows_like_a_polynomial_of_the_order():
    sizes = [graph_size(sd.diff(nested(sd.sin, 6), X, order)) for order in (12, 24)]
    assert sizes[1] <= 5 * sizes[0]


@patient
@given(moderate_expressions)
def test_the_second_derivative_is_that_of_the_first(expression):
    twice = or_discard(lambda: sd.diff(sd.diff(expression, X), X))
    assert agree(value(sd.diff(expression, X, 2)), value(twice))


@patient
@given(moderate_expressions)
def test_mixed_partials_commute(expression):
    assert agree(value(or_discard(sd.diff, expression, X, Y)), value(or_discard(sd.diff, expression, Y, X)))


def test_many_variables_beside_the_one_do_no_harm():
    v = sd.symbols("v0:300")
    f = sum(t * X ** 2 + sd.sin(t * X) for t in v)
    assert graph_size(sd.diff(f, X, 2)) <= 3 * graph_size(f)
