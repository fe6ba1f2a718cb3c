"""Compiled functions side by side with what people use today, in one process; run with: pytest tests/benchmarks -s"""

from __future__ import annotations

import math
import resource
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import symdiff as sd
from symdiff.expr import Expr

pytestmark = pytest.mark.slow
POINTS = 1_000_000


def best(run: Callable[[], Any], times: int = 5) -> float:
    """Seconds of the fastest of several runs: the one least disturbed."""
    found = math.inf
    for _ in range(times):
        start = time.perf_counter()
        run()
        found = min(found, time.perf_counter() - start)
    return found


def spent() -> float:
    """Seconds of CPU that this process and the compilers it started have used: a busy machine does not change them."""
    own, children = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


def medium() -> Expr:
    """A formula of about 120 operations in two variables, with its powers, quotients and repeated parts."""
    x, y = sd.symbols("x y")
    f: Any = 0
    for k in range(1, 7):
        u = x ** 2 + k * y
        f = f + sd.sin(u) * sd.exp(-u / 20) / (1 + u ** 2) + (u * x ** 3 - y ** 2) / (k + y ** 4) + sd.sqrt(1 + u ** 2)
    return f


def network(hidden: int = 62, inputs: int = 14) -> tuple[Expr, list[Expr]]:
    """The squared error of a perceptron with one hidden layer: about 1,000 weights."""
    rng = np.random.default_rng(1)
    data = rng.normal(size=inputs)
    weights: list[Expr] = []

    def weight() -> Expr:
        weights.append(sd.Symbol(f"w{len(weights)}"))
        return weights[-1]
    layer = [sd.tanh(sd.TABLE["add"](*[weight() * float(value) for value in data], weight())) for _ in range(hidden)]
    output = sd.TABLE["add"](*[weight() * unit for unit in layer], weight())
    return (output - 0.5) ** 2, weights


def test_numpy_on_a_million_points_beats_sympys_lambdify() -> None:
    sympy = pytest.importorskip("sympy", reason="SymPy is not installed: nothing to compare with")
    slope = medium().diff("x")
    ours = sd.lambdify(["x", "y"], slope, "numpy")
    theirs = sympy.lambdify(sympy.symbols("x y", real=True), sd.to_sympy(slope), "numpy", cse=True)
    rng = np.random.default_rng(0)
    u, v = rng.uniform(0.1, 2, POINTS), rng.uniform(0.1, 2, POINTS)
    np.testing.assert_allclose(ours(u, v), theirs(u, v), rtol=1e-9)
    mine, other = best(lambda: ours(u, v)), best(lambda: theirs(u, v))
    print(f"\n{len(ours.program.steps)} steps, 1e6 points: NumPy {mine:.3f} s, SymPy's lambdify {other:.3f} s, ratio {mine / other:.2f}")
    assert mine <= 0.8 * other


def test_c_on_a_million_points_keeps_up_with_numba() -> None:
    numba = pytest.importorskip("numba", reason="numba is not installed: nothing to compare with")
    if shutil.which("cc") is None:
        pytest.skip("no C compiler")
    slope = medium().diff("x")
    ours = sd.lambdify(["x", "y"], slope, "c")
    namespace: dict[str, Any] = {}
    exec(sd.lambdify(["x", "y"], slope).source, namespace)
    scalar = numba.njit(namespace["f"], error_model="numpy")

    @numba.njit
    def theirs(u: Any, v: Any) -> Any:
        out = np.empty(u.size)
        for k in range(u.size):
            out[k] = scalar(u[k], v[k])[0]
        return out
    rng = np.random.default_rng(0)
    u, v = rng.uniform(0.1, 2, POINTS), rng.uniform(0.1, 2, POINTS)
    np.testing.assert_allclose(ours(u, v), theirs(u, v), rtol=1e-9)
    mine, other = best(lambda: ours(u, v)), best(lambda: theirs(u, v))
    print(f"\n1e6 points: C {mine:.3f} s, numba {other:.3f} s, ratio {mine / other:.2f}")
    assert mine <= 1.1 * other


def test_a_thousand_weights_in_python_and_in_c_against_symengine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))  # an empty cache: the compiler runs
    loss, weights = network()
    start = time.perf_counter()
    outputs = [loss, *sd.gradient(loss, weights)]
    derived = time.perf_counter() - start
    point = np.random.default_rng(2).normal(size=len(weights)) / 4

    start = spent()
    in_python = sd.lambdify([weights], outputs)
    ready_python = spent() - start
    print(f"\n{len(weights)} weights, gradient {derived:.3f} s; Python ready in {ready_python:.3f} s, a call takes "
          f"{best(lambda: in_python(point)) * 1e6:.0f} us")
    assert ready_python < 1.0

    if shutil.which("cc") is None:
        pytest.skip("no C compiler")
    start = spent()
    in_c = sd.lambdify([weights], outputs, "c")
    ready_c = spent() - start
    out = np.empty(len(outputs))

    def repeat() -> None:
        for _ in range(1000):
            in_c.fill(point, out)
    call = best(repeat) / 1000
    np.testing.assert_allclose(out, in_python(point), rtol=1e-9, atol=1e-12)
    print(f"C ready in {ready_c:.3f} s, a call takes {call * 1e6:.2f} us ({len(in_c.program.steps)} steps)")
    _against_symengine(outputs, weights, point, out, ready_c, call)


def _against_symengine(outputs: list[Expr], weights: list[Expr], point: Any, expected: Any, ready: float, call: float) -> None:
    symengine = pytest.importorskip("symengine", reason="SymEngine is not installed: nothing to compare with")
    names = [symengine.Symbol(str(weight)) for weight in weights]
    theirs_in = [_in_symengine(symengine, output) for output in outputs]
    start = spent()
    try:
        theirs = symengine.Lambdify(names, theirs_in, backend="llvm", cse=True)
    except (ValueError, RuntimeError) as error:
        pytest.skip(f"this SymEngine has no LLVM: {error}")
    other_ready = spent() - start
    out = np.empty(len(outputs))

    def repeat() -> None:
        for _ in range(1000):
            theirs.unsafe_eval(point, out)
    other = best(repeat) / 1000
    np.testing.assert_allclose(out, expected, rtol=1e-9, atol=1e-12)
    print(f"SymEngine's LLVM ready in {other_ready:.3f} s, a call takes {other * 1e6:.2f} us; "
          f"ratios: ready {ready / other_ready:.2f}, call {call / other:.2f}")
    assert ready <= 0.5 * other_ready
    assert call <= 1.0 * other


def _in_symengine(symengine: Any, formula: Expr) -> Any:
    return symengine.sympify(str(formula).replace("^", "**"))
