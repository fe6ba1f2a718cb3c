"""Reverse accumulation: gradients agree with derivatives one by one, products with Jacobians are adjoint, sizes stay small."""

from __future__ import annotations

import math

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from strategies import SYMBOLS, moderate_expressions

import symdiff as sd
from symdiff.errors import SymdiffError
from symdiff.evaluator import Evaluator
from symdiff.walk import graph_size

X, Y, Z = SYMBOLS[:3]
POINT = {X: 0.7, Y: 1.3, Z: -0.45}
patient = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))


def value(node: sd.Expr) -> float:
    return float(Evaluator(node).floats(POINT))


def agree(a: float, b: float) -> bool:
    if math.isnan(a) or math.isnan(b) or math.isinf(a) or math.isinf(b):
        return True  # undefined at the point: nothing to compare
    return math.isclose(a, b, rel_tol=1e-7, abs_tol=1e-7 * max(1.0, abs(a)))


def or_discard(function, *arguments):
    """The result, or a discarded example where an operation has no derivative at all."""
    try:
        return function(*arguments)
    except SymdiffError:
        assume(False)


@patient
@given(moderate_expressions)
def test_the_gradient_is_the_derivatives_one_by_one(expression):
    slopes = or_discard(sd.gradient, expression, [X, Y, Z])
    for variable, slope in zip((X, Y, Z), slopes, strict=True):
        assert agree(value(slope), value(sd.diff(expression, variable))), (variable, slope)


@patient
@given(st.lists(moderate_expressions, min_size=1, max_size=3), st.tuples(*[st.integers(-3, 3)] * 3), st.tuples(*[st.integers(-3, 3)] * 3))
def test_cotangents_times_pushed_tangents_are_pulled_cotangents_times_tangents(expressions, tangents, cotangents):
    weights = cotangents[:len(expressions)]
    pushed = or_discard(sd.jvp, expressions, (X, Y, Z), tangents)
    pulled = or_discard(sd.vjp, expressions, (X, Y, Z), weights)
    left = [w * value(slope) for w, slope in zip(weights, pushed, strict=True) if w]
    right = [t * value(slope) for t, slope in zip(tangents, pulled, strict=True) if t]
    assume(all(map(math.isfinite, [*left, *right])))
    size = max([1.0, *map(abs, left), *map(abs, right)])
    assert abs(sum(left) - sum(right)) <= 1e-7 * size


@pytest.mark.parametrize(("formula", "variables", "slopes"), [
    ("x^2*y + 3*x*y^2", "xy", ("2*x*y + 3*y^2", "x^2 + 6*x*y")),
    ("x*y^2*z^3", "xyz", ("y^2*z^3", "2*x*y*z^3", "3*x*y^2*z^2")),
    ("x/y", "xy", ("1/y", "-x/y^2")),
    ("max(x, y)", "xy", ("1 - step(y - x)", "step(y - x)")),
    ("x if y > 0 else y", "xy", ("1 if y > 0 else 0", "0 if y > 0 else 1")),
    ("5", "xy", ("0", "0")),
])
def test_small_gradients_read_as_people_write_them(formula, variables, slopes):
    assert tuple(map(str, sd.gradient(sd.parse(formula), list(variables)))) == slopes


def test_the_neuron_of_the_textbook_to_the_digit():
    x, w, b, t = sd.symbols("x w b t")
    a = sd.sigmoid(w * x + b)
    loss, (slope, bias) = sd.value_and_gradient((a - t) ** 2, [w, b])
    at = {"x": 1, "w": 0.5, "b": 0, "t": 0.8}
    assert round(loss.evaluate(**at), 6) == 0.031521
    assert round(slope.evaluate(**at), 6) == round(bias.evaluate(**at), 6) == -0.083445
    stepped = loss.evaluate(**{**at, "w": 0.5 - slope.evaluate(**at)})
    assert round(stepped, 6) == 0.025008


def test_relu_unit_passes_its_gradient_only_where_it_is_active():
    x, w, b, y = sd.symbols("x w b y")
    slope, = sd.gradient((sd.relu(w * x + b) - y) ** 2, [w])
    assert slope.evaluate(x=2, w=1.5, b=0, y=1) == 2 * (3 - 1) * 2
    assert slope.evaluate(x=2, w=-1.5, b=0, y=1) == 0


def test_softmax_cross_entropy_has_probabilities_minus_the_class():
    v = sd.symbols("v0:3")
    slopes = sd.gradient(sd.ln(sum(sd.exp(t) for t in v)) - v[0], v)
    at = {"v0": 0.2, "v1": -1.0, "v2": 0.5}
    total = sum(math.exp(t) for t in at.values())
    for i, (slope, t) in enumerate(zip(slopes, at.values(), strict=True)):
        assert math.isclose(slope.evaluate(**at), math.exp(t) / total - (i == 0))


def test_the_value_and_its_gradient_share_their_parts():
    v = sd.symbols("v0:30")
    f = sd.exp(sum(sd.sin(t) for t in v))
    value_of_f, slopes = sd.value_and_gradient(f, v)
    assert value_of_f is f
    assert graph_size(f, *slopes) <= graph_size(f) + 2 * len(v)


def test_a_product_of_n_variables_costs_a_few_operations_a_factor():
    v = sd.symbols("v0:500")
    f = sd.mul(*v)
    assert graph_size(*sd.gradient(f, v)) <= 3 * 500


def test_hvp_is_the_hessian_times_the_vector():
    f, along = sd.parse("x^3*y + sin(x*y)"), [X, Y]
    product = sd.hvp(f, along, (2, -1))
    for i, row in enumerate(sd.hessian(f, along).todense()):
        assert agree(value(product[i]), 2 * value(row[0]) - value(row[1]))


def test_one_expression_may_stand_for_a_sequence():
    assert sd.jvp(sd.parse("x^2"), "x", 1) is sd.parse("2*x")
    assert sd.vjp(sd.parse("x^2"), "x", 3) == (sd.parse("6*x"),)
    assert sd.gradient(X, X) == (sd.number(1),)


@pytest.mark.parametrize(("call", "message"), [
    (lambda: sd.gradient(X, [X, X]), "the variable x is named twice"),
    (lambda: sd.gradient(X, [3]), "a variable is needed"),
    (lambda: sd.gradient(X > 0, [X]), "conditions have no derivative"),
    (lambda: sd.vjp([X, Y], [X], [1]), "2 expressions and 1 cotangents"),
    (lambda: sd.jvp([X], [X, Y], [1]), "2 variables and 1 tangents"),
])
def test_misuse_is_explained(call, message):
    with pytest.raises(sd.UsageError, match=message):
        call()


def test_a_chain_of_100000_functions_has_a_gradient():
    f = X
    for _ in range(100_000):
        f = sd.sin(f)
    slope, = sd.gradient(f, [X])
    assert graph_size(slope) <= 300_000
