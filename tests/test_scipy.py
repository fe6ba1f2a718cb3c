"""SciPy and SymPy for real: optimisers, root finders, stiff equations, the NIST regressions; conversions there and back."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import sympy
from hypothesis import given
from scipy import optimize
from scipy.integrate import solve_ivp
from strategies import moderate_expressions

import symdiff as sd
from symdiff.errors import DomainError, UsageError
from symdiff.evaluation import evaluate
from symdiff.expr import Expr, symbol_node
from symdiff.operations import TABLE

ROSENBROCK = "100*(y - x^2)^2 + (1 - x)^2"
NIST = [json.loads(line) for line in (Path(__file__).parent / "cases" / "nist.jsonl").read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("backend", ["python", "numpy"])
def test_rosenbrock_by_trust_ncg_with_hessian_and_with_its_products(backend: str) -> None:
    o = sd.objective(ROSENBROCK, ["x", "y"], backend=backend)
    for more in ({"hess": o.hess}, {"hessp": o.hessp}):
        found = optimize.minimize(o.fun, [-1.2, 1.0], jac=o.jac, method="trust-ncg", **more)
        assert found.success and found.x == pytest.approx([1, 1], abs=1e-6)


def test_derivatives_of_objectives_are_those_scipy_finds_numerically() -> None:
    o = sd.objective("exp(-a*x)*sin(y*x) + ln(1 + exp(x))", ["x", "y"], parameters=["a"])
    point = np.array([0.3, -1.2])
    assert optimize.check_grad(o.fun, o.jac, point, 0.7) < 1e-6
    numeric = np.array([(o.jac(point + step, 0.7) - o.jac(point - step, 0.7)) / 2e-5 for step in np.eye(2) * 1e-5])
    np.testing.assert_allclose(o.hess(point, 0.7), numeric, atol=1e-8)
    np.testing.assert_allclose(o.hessp(point, np.array([2.0, -1.0]), 0.7), o.hess(point, 0.7) @ [2, -1], rtol=1e-12)


def test_bounds_and_softplus_far_out() -> None:
    o = sd.objective("(x - 3)^2 + ln(1 + exp(800*y)) + y^2", bounds={"x": (None, 2.0)})
    found = optimize.minimize(o.fun, [0.0, 1.0], jac=o.jac, bounds=o.bounds, method="L-BFGS-B")
    assert found.x[0] == 2.0 and o.bounds == [(None, 2.0), (None, None)] and np.isfinite(o.hess([0.0, 1.0])).all()
    with pytest.raises(UsageError, match="does not vary"):
        _ = sd.objective("x", bounds={"z": (0, 1)}).bounds


def test_least_squares_and_root_take_systems() -> None:
    o = sd.objective(["x^2 + y^2 - 4", "x*y - 1"], ["x", "y"])
    for found in (optimize.root(o.fun, [2.0, 0.3], jac=o.jac), optimize.least_squares(o.fun, [2.0, 0.3], o.jac)):
        assert found.success and o.fun(found.x) == pytest.approx([0, 0], abs=1e-8)
    with pytest.raises(UsageError, match="one formula"):
        o.hess([1.0, 2.0])


def test_a_stiff_equation_with_its_exact_jacobian() -> None:
    robertson = ["-0.04*a + 1e4*b*c", "0.04*a - 1e4*b*c - 3e7*b^2", "3e7*b^2"]
    o = sd.objective(robertson, ["a", "b", "c"], time="t")
    found = solve_ivp(o.fun, (0, 4e5), [1.0, 0.0, 0.0], method="BDF", jac=o.jac, rtol=1e-8, atol=1e-12)
    assert found.success and found.y[:, -1] == pytest.approx([4.9383e-3, 1.98500e-8, 0.99506], rel=1e-3)
    assert found.njev < 200
    oscillator = sd.objective(["v", "mu*(1 - u^2)*v - u + 0*t"], ["u", "v"], time="t", parameters=["mu"])
    assert solve_ivp(oscillator.fun, (0, 2000), [2.0, 0.0], method="Radau", jac=oscillator.jac, args=(1000.0,)).success


@pytest.mark.parametrize("start", ["start1", "start2"])
@pytest.mark.parametrize("problem", NIST, ids=lambda problem: problem["id"])
def test_nist_regressions_reach_the_certified_parameters(problem: dict[str, Any], start: str) -> None:
    columns = {name: np.array([row[k] for row in problem["data"]]) for k, name in enumerate(problem["columns"])}
    fit = sd.curve_fit(problem["formula"], {name: columns[name] for name in problem["predictors"]}, columns[problem["response"]],
                       dict(zip(problem["params"], problem[start], strict=True)))
    assert list(fit.parameters.values()) == pytest.approx(problem["certified"], rel=1e-6)
    assert fit.rss == pytest.approx(problem["rss"], rel=1e-6)
    assert list(fit.standard_errors.values()) == pytest.approx(problem["certified_sd"], rel=1e-4)


def test_fits_with_weights_bounds_and_wrong_data() -> None:
    u = np.linspace(0, 4, 30)
    v = 3 * np.exp(-0.5 * u)
    fit = sd.curve_fit("a*exp(-k*t)", {"t": u}, v, sigma=0.1 + 0 * u)
    assert fit.parameters == pytest.approx({"a": 3.0, "k": 0.5}) and fit.success and "a = 3" in str(fit)
    assert sd.curve_fit("a*exp(-k*t)", {"t": u}, v, bounds={"a": (0, 2)}).parameters["a"] == pytest.approx(2.0)
    with pytest.raises(UsageError, match="by name"):
        sd.curve_fit("a*t", u, v)
    with pytest.raises(UsageError, match="parameters of the model"):
        sd.curve_fit("a*x", u, v, {"b": 1})
    with pytest.raises(UsageError, match="ydata has"):
        sd.curve_fit("a*x", u, v[1:])
    with pytest.raises(DomainError, match="another p0"):
        sd.curve_fit("a*ln(b*x)", u + 1, v, {"a": 1, "b": -1})


# SymPy

@given(moderate_expressions)
def test_there_and_back_keeps_the_value(f: Expr) -> None:
    point = dict.fromkeys("xyz", 0.625)
    expected = evaluate(f, point, undefined="nan")
    if not math.isfinite(expected) or abs(expected) > 1e6:
        return
    there = sd.to_sympy(f)
    if there.has(sympy.zoo, sympy.nan, sympy.oo, sympy.I):
        return  # over the complex numbers it means something else
    try:
        back = sd.from_sympy(there)
    except UsageError:
        assert there.has(sympy.re, sympy.im, sympy.arg, sympy.Derivative, sympy.Subs)  # SymPy's own steps over the complex numbers
        return
    found = evaluate(back, point, undefined="nan")
    close = found == pytest.approx(expected, rel=1e-6, abs=1e-9)
    assert close or abs(evaluate(f, point, digits=40) - evaluate(back, point, digits=40)) < 1e-20


@pytest.mark.parametrize("text", [
    "x^2*sin(x)/3", "exp(-x)*ln(x)", "sqrt(x) + x^(1/3)", "pi*e^2", "abs(x) + sign(x)", "max(x, y)", "erf(x)*gamma(x)", "atan2(y, x)",
    "x if x > 0 else y", "x if x > 0 and y < 1 else 2", "1/(x*y^2)", "floor(x) + ceil(y)", "0.5*x", "digamma(x)", "tanh(x)", "asin(x/10)"])
def test_what_comes_back_from_sympy_is_the_same_formula(text: str) -> None:
    f = sd.parse(text)
    assert sd.check is not None and sd.to_sympy(sd.from_sympy(sd.to_sympy(f))) == sd.to_sympy(f)
    assert float(evaluate(sd.from_sympy(sd.to_sympy(f)), x=0.5, y=0.75)) == pytest.approx(float(evaluate(f, x=0.5, y=0.75)))


@pytest.mark.parametrize("name", [op.name for op in TABLE.values() if op.arity and not op.relation and op.body is None])
def test_every_row_goes_to_sympy(name: str) -> None:
    op = TABLE[name]
    arguments = [symbol_node("x") > 0 if place in op.conditions else symbol_node("xyz"[place]) for place in range(op.arity)]
    point = {"x": 0.5, "y": 1.5, "z": 0.25} if name not in ("acosh", "acoth", "asec", "acsc") else {"x": 1.5}
    if name == "polygamma":
        point["x"] = 1.0
    f = op(*arguments)
    value = sd.to_sympy(f).subs({sympy.Symbol(symbol, real=True): number for symbol, number in point.items()}).evalf()
    assert float(value) == pytest.approx(float(evaluate(f, point)), rel=1e-9)


def test_what_no_formula_holds_is_refused() -> None:
    u = sympy.Symbol("u")
    for item in (sympy.I, sympy.oo, sympy.Integral(sympy.sin(u) / u, (u, 0, 1)), sympy.besselj(0, u)):
        with pytest.raises(UsageError, match="no formula holds"):
            sd.from_sympy(item)
    f = u
    for _ in range(3000):
        f = sympy.sin(f, evaluate=False)
    assert sd.from_sympy(f).op is TABLE["sin"]
