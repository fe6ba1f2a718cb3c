"""Generated PyTorch and JAX code, run for real: every row, gradients, branches not taken, large arguments, shapes, and their transforms."""

from __future__ import annotations

import importlib.util
import math
import re
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import moderate_expressions
from test_compilation import COMPILED_ROWS, POINTS, ULPS, _steps_with_bounds

import symdiff as sd
from symdiff.compilation.program import Program, program_of
from symdiff.errors import SymdiffError, UsageError
from symdiff.evaluation import evaluate
from symdiff.expr import Expr, symbol_node
from symdiff.operations.op import Op

x, y = sd.symbols("x y")
FRAMEWORKS = ["torch", "jax"]
frameworks = pytest.mark.parametrize("framework", FRAMEWORKS)


@pytest.fixture(autouse=True)
def _installed(request: pytest.FixtureRequest) -> None:
    """Nothing is run for a framework that is not here, and the skip says so."""
    if "framework" in request.fixturenames:
        framework = request.getfixturevalue("framework")
        if framework in FRAMEWORKS:
            pytest.importorskip(framework, reason=f"{framework} is not installed: its code is not run")
ARGUMENT_ULPS = 1
"""How far off the argument of a step may be besides: XLA takes sinh(u) by way of exp(u + ln(1/2))."""
FLUSHED = 2.0 ** -1022
"""Their kernels take smaller numbers, which have lost digits already, for 0."""
WITHOUT_CODE = {"torch": {"erfi"}, "jax": {"erfi"}}
"""Rows that have neither a function there nor a definition by others."""
LOOSE = {"torch": 1e-9, "jax": 1e-11}
"""What their gamma functions and their derivatives are good for: PyTorch's polygamma(1, u) is off by some 1e-10."""


def _module(framework: str) -> Any:
    """The framework; a test without it is skipped and says so."""
    module = pytest.importorskip(framework, reason=f"{framework} is not installed: its code is not run")
    if framework == "jax":
        module.config.update("jax_enable_x64", True)
    return module


def _array(framework: str, value: Any) -> Any:
    module = _module(framework)
    return module.tensor(value, dtype=module.float64, requires_grad=True) if framework == "torch" else module.numpy.asarray(value, dtype=float)


def _value_and_gradient(framework: str, f: Callable[..., Any], point: Sequence[float]) -> tuple[float, list[float]]:
    module = _module(framework)
    if framework == "jax":
        at = [module.numpy.asarray(value) for value in point]
        return float(f(*at)), [float(slope) for slope in module.grad(f, tuple(range(len(at))))(*at)]
    at = [_array(framework, value) for value in point]
    value = f(*at)
    if value.requires_grad:
        value.backward()
    return float(value), [0.0 if one.grad is None else float(one.grad) for one in at]


def _exactly(f: Expr, names: Sequence[str], point: Sequence[float]) -> float:
    return float(evaluate(f, dict(zip(names, point)), undefined="nan"))


def _points(arity: int) -> list[list[float]]:
    if arity == 1:
        return [[float(u)] for u in POINTS]
    return [[float(u), float(v), 2.0][:arity] for u in POINTS[1:-1:4] for v in POINTS[1:-1:4]]


@frameworks
@pytest.mark.parametrize("op", COMPILED_ROWS, ids=lambda op: op.name)
def test_every_row_has_its_value_and_its_slopes(op: Op, framework: str) -> None:
    _module(framework)
    names = ["x", "y", "z"][:op.arity]
    node = op(*[symbol_node(name) > 0 if place in op.conditions else symbol_node(name) for place, name in enumerate(names)])
    if op.relation:
        node = sd.where(node, 1, 0)
    if op.name == "polygamma":
        node, names = op(1, x), ["x"]
    if op.name in WITHOUT_CODE[framework]:
        with pytest.raises(UsageError, match="there is no"):
            sd.lambdify(names, node, framework)
        return
    f, slopes = sd.lambdify(names, node, framework), sd.gradient(node, names)
    special = "gamma" in op.name
    close = {"rel": LOOSE[framework] if special else 1e-13, "abs": 1e-12 if special else 1e-16}
    usable = 0
    for at in _points(len(names)):
        expected = _exactly(node, names, at)
        if not math.isfinite(expected) or (special and (framework == "jax" or op.name == "polygamma") and at[0] < 0):
            continue
        usable += 1
        value, found = _value_and_gradient(framework, f, at)
        assert value == pytest.approx(expected, **close), at
        for slope, formula in zip(found, slopes):
            right = _exactly(formula, names, at)
            if math.isfinite(right):
                assert slope == pytest.approx(right, **close), (at, str(formula))
    assert usable > 3


@frameworks
def test_a_branch_not_taken_gives_no_nan(framework: str) -> None:
    """JAX's and PyTorch's own where gives nan here: 0 times the infinite slope of the branch that was not taken."""
    f = sd.lambdify("x", sd.parse("where(x > 0, sqrt(x), 0)"), framework)
    for at, slope in ((-1.0, 0.0), (0.0, 0.0), (4.0, 0.25)):
        assert _value_and_gradient(framework, f, [at])[1] == [slope]
    g = sd.lambdify("x", sd.parse("where(x > 1, ln(x - 1), where(x < -1, ln(-1 - x), x^2))"), framework)
    assert [_value_and_gradient(framework, g, [at])[1] for at in (3.0, -3.0, 0.5)] == [[0.5], [-0.5], [1.0]]


@frameworks
@pytest.mark.parametrize("text", ["ln(1 + exp(x))", "1/(1 + exp(-x))", "softplus(2*x)", "silu(x)", "tanh(x)^2", "gelu(x)", "sech(x)"])
def test_large_arguments_stay_finite_in_value_and_gradient(text: str, framework: str) -> None:
    f = sd.parse(text)
    compiled = sd.lambdify("x", f, framework)
    for at in (800.0, -800.0, 40.0, -40.0):
        value, [slope] = _value_and_gradient(framework, compiled, [at])
        assert value == pytest.approx(float(evaluate(f, x=at, digits=30)), rel=1e-12, abs=1e-300)
        assert slope == pytest.approx(float(evaluate(sd.diff(f, x), x=at, digits=60)), rel=1e-12, abs=1e-16)


@frameworks
def test_arrays_broadcast_and_their_gradients_are_summed_to_their_shapes(framework: str) -> None:
    module = _module(framework)
    f = sd.lambdify(["x", "y"], x * y, framework)
    column, row = [[1.0], [2.0], [3.0]], [[0.0, 1.0, 2.0, 3.0]]
    if framework == "torch":
        a, b = _array(framework, column), _array(framework, row)
        f(a, b).sum().backward()
        found = a.grad.tolist(), b.grad.tolist()
    else:
        slopes = module.grad(lambda u, v: f(u, v).sum(), (0, 1))(_array(framework, column), _array(framework, row))
        found = slopes[0].tolist(), slopes[1].tolist()
    assert found == ([[6.0]] * 3, [[6.0] * 4])


@frameworks
def test_outputs_of_several_shapes_have_their_own_gradients(framework: str) -> None:
    """What is broadcast beside others counts once; what has no slope by one input has the shape of both all the same."""
    module = _module(framework)
    f = sd.lambdify(["x", "y"], [x * y, y, x + sd.floor(y)], framework)
    a, b = _array(framework, [[1.0], [2.0], [3.0]]), _array(framework, [[0.5, 1.5]])
    if framework == "torch":
        sum(value.sum() for value in f(a, b)).backward()
        found = a.grad.tolist(), b.grad.tolist()
    else:
        slopes = module.grad(lambda u, v: sum(value.sum() for value in f(u, v)), (0, 1))(a, b)
        found = slopes[0].tolist(), slopes[1].tolist()
    assert found == ([[4.0]] * 3, [[7.0] * 2])


@frameworks
def test_numbers_of_every_kind_go_in(framework: str) -> None:
    """An integer is taken for a float: 0.5 among integers would be 0."""
    _module(framework)
    f = sd.lambdify("x", sd.max(x, sd.number(0.5)) * 0.5, framework)
    assert float(f(0)) == 0.25 and float(f(0.25)) == 0.25 and float(f(_array(framework, 3.0))) == 1.5
    assert float(sd.lambdify("x", x, framework)(_array(framework, 2.0))) == 2.0
    assert float(sd.lambdify([], sd.parse("2 + 3"), framework)()) == 5.0
    u, v = sd.lambdify([["x", "y"]], [x * y, x + y], framework)(_array(framework, [2.0, 3.0]))
    assert (float(u), float(v)) == (6.0, 5.0)


def test_torch_transforms_and_its_own_gradient_check_work() -> None:
    torch = _module("torch")
    f = sd.lambdify("x", x ** 3, "torch")
    at = _array("torch", 2.0)
    [first] = torch.autograd.grad(f(at), at, create_graph=True)
    [second] = torch.autograd.grad(first, at)
    assert (float(first), float(second)) == (12.0, 12.0)
    assert torch.func.vmap(torch.func.grad(f))(torch.tensor([1.0, 2.0])).tolist() == [3.0, 12.0]
    g = sd.lambdify(["x", "y"], [sd.sin(x) * y, x / y, y], "torch")
    assert torch.autograd.gradcheck(g, (_array("torch", [1.0, 2.0]), _array("torch", [3.0])))
    assert f(torch.tensor([2.0])).dtype == torch.float32


def test_jax_transforms_work() -> None:
    jax = _module("jax")
    f = sd.lambdify("x", sd.parse("where(x > 0, sqrt(x), x^2)"), "jax")
    assert jax.jit(jax.vmap(jax.grad(f)))(jax.numpy.asarray([4.0, -3.0])).tolist() == [0.25, -6.0]
    assert float(jax.hessian(sd.lambdify("x", x ** 3, "jax"))(2.0)) == 12.0
    assert float(jax.jvp(f, (4.0,), (2.0,))[1]) == 0.5


@frameworks
def test_the_code_on_the_page_runs(framework: str) -> None:
    _module(framework)
    page = (Path(__file__).parent.parent / "docs" / "compiling.md").read_text(encoding="utf-8")
    blocks = [block for block in re.findall(r"^```python\n(.*?)^```", page, re.DOTALL | re.MULTILINE) if f"import {framework}\n" in block]
    assert len(blocks) == 1
    exec(compile(blocks[0], "docs/compiling.md", "exec"), {})


coordinates = st.sampled_from([-3.5, -1.25, -0.5, 0.0, 0.3, 1.0, 2.75, 40.0, 800.0, -800.0])


def _loose(program: Program) -> bool:
    """The gamma functions of the frameworks are good to 1e-9 only (see LOOSE)."""
    return any("gamma" in op.name for op, _ in program.steps)


def _within(framework: str, formulas: list[Expr], names: list[str], point: Sequence[float], found: Sequence[float]) -> int:
    """Compare with the rows' own values; how many outputs were decided by more than rounding."""
    program = program_of(formulas, names, framework)
    decided = 0
    for (reference, bound), value in zip(_steps_with_bounds(program, point, ULPS, ARGUMENT_ULPS), found, strict=True):
        if math.isfinite(reference) and bound < 1e-6 * abs(reference) + 1e-300 and not _loose(program):
            decided += 1
            flushed = FLUSHED if framework in FRAMEWORKS else 0.0
            assert abs(value - reference) <= bound + ULPS * math.ulp(reference) + flushed, ([str(f) for f in formulas], point, value, reference)
    return decided


@frameworks
@given(f=moderate_expressions, point=st.lists(coordinates, min_size=3, max_size=3))
def test_random_formulas_and_their_slopes_agree_within_the_ulps_stated(framework: str, f: Expr, point: list[float]) -> None:
    """Every step within 4 ulps of the row's value, for an argument 1 ulp off: what test_compilation asks of Python, NumPy and C, too."""
    _module(framework)
    names = ["x", "y", "z"]
    try:
        compiled, slopes = sd.lambdify(names, f, framework), list(sd.jacobian([f], names).nonzeros.items())
    except SymdiffError:
        return  # erfi has no code there, and polygamma no slope by its order
    value, found = _value_and_gradient(framework, compiled, point)
    _within(framework, [f], names, point, [value])
    _within(framework, [slope for _, slope in slopes], names, point, [found[j] for (_, j), _ in slopes])


KINKS = ["abs(x)", "sign(x)", "step(x)", "relu(x)", "floor(x)", "ceil(x)", "max(x, 0)", "min(x, 0)", "max(x, 1/2, -x)", "mod(x, 2)", "sqrt(x^2)",
         "where(x > 0, x^2, -x)", "where(x >= 1, 1, where(x <= -1, -1, x))", "where(x == 0, 1, sin(x)/x)"]
LARGE = ["sin(x)", "exp(-x)", "tanh(x)", "ln(1 + exp(x))", "sigmoid(x)", "softplus(x)", "atan(x)", "asinh(x)", "erf(x)", "x^2/(1 + x^2)",
         "ln(x^2 + 1)"]


@pytest.mark.parametrize("text", [*KINKS, *LARGE])
def test_all_five_back_ends_agree_at_kinks_and_at_large_arguments(text: str) -> None:
    """Values and slopes, within the ulps stated, at kinks and ties to the same side of them."""
    f = sd.parse(text)
    formulas = [f, *sd.gradient(f, ["x"])]
    points = [0.0, -0.0, 1.0, -1.0, 2.0, -2.0, 0.5, -3.0] if text in KINKS else [800.0, -800.0, 1e9, -1e9, 1e22, 710.5, -745.2, 1e150]
    decided = 0
    plain = {backend: sd.lambdify(["x"], formulas, backend) for backend in ("python", "numpy", *(["c"] if _has_compiler() else []))}
    for at in points:
        for backend, compiled in plain.items():
            decided += _within(backend, formulas, ["x"], [at], [float(value) for value in compiled(at)])
        for framework in FRAMEWORKS:
            if importlib.util.find_spec(framework) is not None:
                value, slopes = _value_and_gradient(framework, sd.lambdify(["x"], f, framework), [at])
                decided += _within(framework, formulas, ["x"], [at], [value, *slopes])
    assert decided >= 2 * len(points)


def _has_compiler() -> bool:
    return any(map(shutil.which, ("cc", "gcc", "clang")))
