"""What teaching material works out, to the digit; the laws of differentiation; and derivatives from other libraries' tests."""

from __future__ import annotations

import json
import math
import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import symdiff as sd

x, y, z = sd.symbols("x y z")


@pytest.mark.parametrize(("text", "by", "expected"), [
    ("(3x+1)^5", "x", "15*(3*x + 1)^4"), ("x^2 y + 3 x y^2", "x", "2*x*y + 3*y^2"), ("x^2 y + 3 x y^2", "y", "x^2 + 6*x*y"),
    ("ln(x^2+1)", "x", "2*x/(x^2 + 1)"), ("x y^2 z^3", "x", "y^2*z^3"), ("x y^2 z^3", "y", "2*x*y*z^3"), ("x y^2 z^3", "z", "3*x*y^2*z^2"),
    ("sin(e^x)", "x", "cos(e^x)*e^x"), ("sigmoid(x)", "x", "sigmoid(x)*(1 - sigmoid(x))"), ("tanh(x)", "x", "1 - tanh(x)^2"),
    ("relu(x)", "x", "step(x)"), ("x^2*sin(x)", "x", "2*x*sin(x) + x^2*cos(x)"), ("e^(2x)", "x", "2*e^(2*x)"),
])
def test_derivatives_as_the_book_writes_them(text: str, by: str, expected: str) -> None:
    assert str(sd.diff(sd.parse(text), by)) == expected


@pytest.mark.parametrize(("text", "at", "expected"), [
    ("(3x+1)^5", {"x": 2}, 36015), ("sin(e^x)", {"x": 0}, math.cos(1)), ("ln(x^2+1)", {"x": 3}, 0.6),
    ("x^2 y + 3 x y^2", {"x": 1, "y": 2}, 16),
    ("x y^2 z^3", {"x": 5, "y": 2, "z": 3}, 108), ("sigmoid(x)", {"x": 0}, 0.25), ("tanh(x)", {"x": 0}, 1), ("relu(x)", {"x": 3}, 1),
    ("relu(x)", {"x": -3}, 0), ("relu(x)", {"x": 0}, 0), ("gelu(x)", {"x": 0}, 0.5), ("gelu(x)", {"x": 1}, 1.0833154705876864),
    ("x/2*(1+erf(x/sqrt(2)))", {"x": 1}, 1.0833154705876864), ("-(y*ln(x) + (1-y)*ln(1-x))", {"x": 0.8, "y": 1}, -1.25),
    ("-ln(exp(x)/(exp(x)+exp(y)))", {"x": 0, "y": 0}, -0.5),
])
def test_values_of_derivatives_to_the_digit(text: str, at: dict[str, float], expected: float) -> None:
    assert sd.diff(sd.parse(text), x).evaluate(at) == pytest.approx(expected, rel=1e-15, abs=1e-15)


def test_an_exact_point_gives_an_exact_value() -> None:
    assert sd.diff(sd.parse("(3x+1)^5"), x).evaluate(x=2, exact=True) == 36015
    assert sd.diff(sd.parse("(3x+1)^5"), x).subs(x, 2).evaluate() == 36015


def test_the_network_of_one_neuron() -> None:
    """Input 1, weight 0.5, bias 0, target 0.8: every number of the lesson (reference values computed with 30 digits)."""
    neuron = sd.parse_program("z = w*x + b; a = sigmoid(z); L = (a - y)^2")
    at = {"x": 1, "w": 0.5, "b": 0, "y": 0.8}
    back = neuron.backpropagate("w", at)
    value = {link.name: link.value for name in ("a", "z", "w") for link in back[name].users}
    assert back["z"].value == 0.5
    assert back["a"].value == pytest.approx(0.622459331201854565, rel=1e-15)
    assert back.value == pytest.approx(0.0315206890772927721, rel=1e-14)
    assert value["dL/da"] == pytest.approx(-0.355081337596290871, rel=1e-14)
    assert value["da/dz"] == pytest.approx(0.235003712201594489, rel=1e-14)
    assert value["dz/dw"] == 1
    assert back.gradient_values["w"] == pytest.approx(-0.0834454324686359529, rel=1e-14)
    stepped = neuron.expression.evaluate({**at, "w": 0.5 - back.gradient_values["w"]})
    assert stepped == pytest.approx(0.0250083183091532633, rel=1e-14)
    assert back.factors("w") == [["dL/da", "da/dz", "dz/dw"]]
    assert str(back.gradient["w"]) == "2*(a - y)*a*(1 - a)*x"


def test_a_relu_neuron_learns_only_where_it_is_active() -> None:
    """dL/dw = 2*(a - y)*1[z > 0]*x."""
    program = sd.parse_program("z = w*x + b; a = relu(z); L = (a - y)^2")
    assert str(program.backpropagate("w").gradient["w"]) == "2*(a - y)*step(z)*x"
    slope = sd.diff(program.expression, "w")
    for w, b in ((0.7, 0.2), (-0.7, 0.1), (0.5, -1.0)):
        a = max(w * 2 + b, 0.0)
        expected = 2 * (a - 3) * (w * 2 + b > 0) * 2
        assert slope.evaluate(w=w, x=2, b=b, y=3) == pytest.approx(expected)


@pytest.mark.parametrize(("i", "j"), [(i, j) for i in range(3) for j in range(3)])
def test_softmax(i: int, j: int) -> None:
    """ds_i/dx_j = s_i*(delta_ij - s_j)."""
    names = sd.symbols("x0:3")
    exponentials = [sd.exp(name) for name in names]
    point = {"x0": 0.3, "x1": -1.2, "x2": 0.9}
    s = [(e / sd.add(*exponentials)) for e in exponentials]
    values = [e.evaluate(point) for e in s]
    assert sd.diff(s[i], names[j]).evaluate(point) == pytest.approx(values[i] * ((i == j) - values[j]), rel=1e-13)


def test_cross_entropy_of_softmax_has_the_residual_as_gradient() -> None:
    """L = -ln(s_k): dL/dx_j = s_j - delta_jk."""
    names = sd.symbols("x0:3")
    total = sd.add(*[sd.exp(name) for name in names])
    point = {"x0": 0.3, "x1": -1.2, "x2": 0.9}
    loss = -sd.log(sd.exp(names[1]) / total)
    for j, name in enumerate(names):
        expected = (sd.exp(name) / total).evaluate(point) - (j == 1)
        assert sd.diff(loss, name).evaluate(point) == pytest.approx(expected, rel=1e-12)


def test_binary_cross_entropy_of_a_sigmoid() -> None:
    """L = -(y*ln(a) + (1 - y)*ln(1 - a)) with a = sigmoid(z): dL/dz = a - y."""
    p = sd.parse_program("a = sigmoid(z); L = -(y*ln(a) + (1 - y)*ln(1 - a))")
    back = p.backpropagate("z", {"z": 0.4, "y": 0.25})
    assert back.gradient_values["z"] == pytest.approx(back["a"].value - 0.25, rel=1e-13)


# The laws, on formulas that are smooth everywhere and of moderate size

_FORMS = ["sin({})", "cos({})", "tanh({})", "atan({})", "sigmoid({})", "erf({})/2", "exp(sin({}))", "ln(1 + ({})^2)", "sqrt(1 + ({})^2)",
          "({})^3/4"]
_leaves = st.sampled_from(["x", "y", "1", "2", "1/3", "x*y", "x^2", "(x - y)"])
smooth = st.recursive(_leaves, lambda inner: st.one_of(
    st.tuples(st.sampled_from(_FORMS), inner).map(lambda p: p[0].format(p[1])),
    st.tuples(st.sampled_from(["({}) + ({})", "({})*({})", "({}) - ({})"]), inner, inner).map(lambda p: p[0].format(p[1], p[2]))),
    max_leaves=6).map(sd.parse)
coordinates = st.fractions(-2, 2, max_denominator=8)


def agree(one: sd.Expr, other: sd.Expr, px: Any, py: Any) -> None:
    """The same value at a point, to 25 of 40 digits."""
    a, b = (e.evaluate({"x": px, "y": py}, digits=40) for e in (one, other))
    assert abs(a - b) <= 1e-25 * max(1, abs(a))


@given(smooth, smooth, st.tuples(st.integers(-5, 5), st.fractions(-3, 3, max_denominator=5)), coordinates, coordinates)
def test_linearity(u: sd.Expr, v: sd.Expr, factors: tuple[int, Any], px: Any, py: Any) -> None:
    a, b = factors
    agree(sd.diff(a * u + b * v, x), a * sd.diff(u, x) + b * sd.diff(v, x), px, py)


@given(smooth, smooth, coordinates, coordinates)
def test_leibniz(u: sd.Expr, v: sd.Expr, px: Any, py: Any) -> None:
    agree(sd.diff(u * v, x), sd.diff(u, x) * v + u * sd.diff(v, x), px, py)


@given(smooth, smooth, coordinates, coordinates)
def test_quotients(u: sd.Expr, v: sd.Expr, px: Any, py: Any) -> None:
    below = 1 + v**2
    agree(sd.diff(u / below, x), (sd.diff(u, x) * below - u * sd.diff(below, x)) / below**2, px, py)


@given(smooth, smooth, coordinates, coordinates)
def test_the_chain_rule(outer: sd.Expr, inner: sd.Expr, px: Any, py: Any) -> None:
    """d/dx f(g(x, y), y) = f_1(g, y)*g_x, f's partial derivative being taken before g is put in."""
    agree(sd.diff(outer.subs(x, inner), x), sd.diff(outer, x).subs(x, inner) * sd.diff(inner, x), px, py)


@given(smooth, coordinates, coordinates)
@settings(max_examples=30)
def test_mixed_partial_derivatives_are_symmetric(u: sd.Expr, px: Any, py: Any) -> None:
    agree(sd.diff(u, x, y), sd.diff(u, y, x), px, py)


@given(smooth)
def test_the_derivation_gives_what_diff_gives(u: sd.Expr) -> None:
    assert sd.derive(u, x).result is sd.diff(u, x)


# Derivatives from the unit tests of other libraries

PEERS = [json.loads(line) for line in (Path(__file__).parent / "cases" / "peer_derivatives.jsonl").read_text(encoding="utf-8").splitlines()]
UNKNOWN = ["appellf1", "besselj", "besselk", "bessely", "beta", "erfcinv", "erfinv", "exp2", "factorial", "gammainc", "sinc", "sinpi"]


@pytest.mark.parametrize("case", PEERS, ids=lambda case: f"{case['expr']}-{case['wrt']}")
def test_peers_derivatives_are_right_or_refused_with_a_reason(case: dict[str, Any]) -> None:
    try:
        f = sd.parse(case["expr"])
    except sd.ParseError as error:
        assert error.reason in {f"{name!r} is no known function" for name in UNKNOWN}
        return
    derived, expected = sd.diff(f, *[tuple(pair) for pair in case["wrt"]]), sd.parse(case["expected"])
    names = sorted({str(symbol) for e in (f, derived, expected) for symbol in e.free_symbols})
    source, met = random.Random(case["expr"]), 0
    for attempt in range(40):
        low, high = ((0.05, 0.95), (-2.5, 2.5))[attempt % 2]
        point = {name: source.uniform(low, high) for name in names}
        try:
            found, wanted = (e.evaluate(point, digits=25) for e in (derived, expected))
        except sd.DomainError:
            continue
        met += 1
        assert abs(found - wanted) <= 1e-15 * max(1, abs(wanted))
        if met == 5:
            break
    assert met


def test_most_of_the_peers_derivatives_are_in_the_language() -> None:
    assert len(PEERS) == 97
    assert sum(not any(f"{name}(" in case["expr"] for name in UNKNOWN) for case in PEERS) == 84
