"""Compiled functions: every row in every back end, all back ends on random formulas, branches, names, sources, pickling, depth."""

from __future__ import annotations

import math
import pickle
import re
import subprocess
import sys
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import expressions, moderate_expressions

import symdiff as sd
from symdiff.cli.main import main
from symdiff.compilation import toolchain
from symdiff.compilation.c import c_header, c_source
from symdiff.compilation.frameworks import jax_source, torch_source
from symdiff.compilation.numpy import numpy_source
from symdiff.compilation.program import Program, program_of
from symdiff.compilation.python import python_function, python_source
from symdiff.compilation.stability import stable
from symdiff.errors import CompilerError, UsageError
from symdiff.evaluation import evaluate
from symdiff.evaluator import float_rule_of, float_value
from symdiff.expr import Expr, symbol_node
from symdiff.operations import TABLE
from symdiff.operations.op import Op
from symdiff.walk import free_symbols

ULPS = 4
"""Every step of every back end is within this many ulps of the row's own value."""
BACK_ENDS = ["python", "numpy", "c"]
needs_compiler = pytest.mark.skipif(not any(map(toolchain.shutil.which, ("cc", "gcc", "clang"))), reason="no C compiler on this machine")
back_ends = pytest.mark.parametrize("backend", ["python", "numpy", pytest.param("c", marks=needs_compiler)])
x, y = symbol_node("x"), symbol_node("y")


@pytest.fixture(scope="module", autouse=True)
def _a_cache_of_its_own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        yield


def _steps_with_bounds(program: Program, point: Sequence[float], ulps: int = ULPS, argument_ulps: int = 0) -> list[tuple[float, float]]:
    """Each output and how far rounding of so many ulps in every step can move it, found by moving each argument by its own bound.

    argument_ulps: every step may be that of arguments so far off, too: a sinh by way of exp(u + ln(1/2)) is.
    """
    values: list[Any] = [*point, *program.constants]
    bounds = [0.0] * len(values)
    inexact = {op for op, _ in program.steps if op.smooth is None and op.arity == 1}
    for op, args in program.steps:
        rule = float_rule_of(op)
        at = [values[a] for a in args]
        value = float_value(op, rule, at)
        bound = ulps * math.ulp(value) if math.isfinite(value) and not op.relation else 0.0
        for place, a in enumerate(args):
            shift = max(bounds[a], argument_ulps * math.ulp(at[place]) if op in inexact else 0.0)
            steps = (shift, -shift) if shift else ()
            moved = [float_value(op, rule, [*at[:place], at[place] + step, *at[place + 1:]]) for step in steps]
            bound += max((abs(other - value) if other == other else math.inf for other in moved), default=0.0)
        values.append(value)
        bounds.append(bound if bound == bound else math.inf)
    return [(float(values[output]), 2 * bounds[output]) for output in program.outputs]


def _value(f: Expr, point: dict[str, float]) -> float:
    return float(evaluate(f, point, undefined="nan"))


def _numbers(found: Any) -> list[float]:
    return [float(value) for value in found]


POINTS = [-1e9, -800.0, -30.25, -3.0, -1.0, -0.7, -0.5, -0.0, 0.0, 1e-9, 0.3, 0.5, 1.0, 1.5, 2.0, 3.0, 7.5, 40.0, 710.5, 800.0, 1e9, 1e300]
COMPILED_ROWS = [op for op in TABLE.values() if op.arity and op.body is None and op.value is not None]


@back_ends
@pytest.mark.parametrize("op", COMPILED_ROWS, ids=lambda op: op.name)
def test_every_row_has_code_and_it_gives_the_rows_value(op: Op, backend: str) -> None:
    names = ["x", "y", "z"][:op.arity]
    arguments = [symbol_node(name) > 0 if place in op.conditions else symbol_node(name) for place, name in enumerate(names)]
    node = op(*arguments)
    f = sd.lambdify(names, sd.where(node, 1, 0) if op.relation else node, backend)
    reference = sd.where(node, 1, 0) if op.relation else node
    usable = 0
    for at in [[u] for u in POINTS] if op.arity == 1 else [[u, v, 2.0][:op.arity] for u in POINTS[1:-1:2] for v in POINTS[1:-1:2]]:
        expected = _value(reference, dict(zip(names, at, strict=True)))
        if (math.isfinite(expected) and abs(expected) > 1e-300) or expected == 0:
            usable += 1
            found = float(f(*at))
            # scipy's digamma family and rows through a quotient lose a few more digits than math's functions
            relative, absolute = (1e-12, 1e-13) if "gamma" in op.name else (2e-15, 1e-300)
            assert found == pytest.approx(expected, rel=relative, abs=absolute), at
    assert usable > 3


def _agreement(f: Expr, points: list[float]) -> None:
    names = [str(symbol.value) for symbol in free_symbols(f)]
    point = dict(zip(names, points, strict=False))
    expected = _value(f, point)
    for backend in BACK_ENDS:
        program = program_of([f], names, backend)
        [(reference, bound)] = _steps_with_bounds(program, list(point.values()))
        if not math.isfinite(reference) or not bound < 1e-6 * abs(reference) + 1e-300:
            continue  # rounding alone decides the value, or there is none
        [exact_bound] = [bound + ULPS * math.ulp(reference)]
        if math.isfinite(expected):
            assert abs(reference - expected) <= exact_bound + 1e-6 * abs(expected) * (bound > 0), (backend, str(f), point)
        if backend == "c":
            continue  # a compilation each would be slow: see the next test, which compiles many formulas at once
        found = _numbers(python_function(program, python_source(program))(*point.values()) if backend == "python"
                         else [sd.lambdify(names, f, backend)(*point.values())])
        assert abs(found[0] - reference) <= exact_bound, (backend, str(f), point)


coordinates = st.one_of(st.floats(-4, 4), st.sampled_from([0.0, -0.0, 1.0, -1.0, 2.0, 0.5, -0.5, 800.0, -800.0, 1e6, 1e22]))


@given(moderate_expressions, st.lists(coordinates, min_size=12, max_size=12))
def test_python_and_numpy_agree_with_evaluation(f: Expr, points: list[float]) -> None:
    _agreement(f, points)


@given(expressions, st.lists(coordinates, min_size=12, max_size=12))
def test_python_and_numpy_agree_with_evaluation_on_awkward_formulas(f: Expr, points: list[float]) -> None:
    _agreement(f, points)


@needs_compiler
@given(st.lists(moderate_expressions, min_size=20, max_size=20), st.lists(coordinates, min_size=3, max_size=3))
def test_c_agrees_with_the_rows(formulas: list[Expr], point: list[float]) -> None:
    names = ["x", "y", "z"]
    program = program_of(formulas, names, "c")
    found = sd.lambdify(names, formulas, "c")(*point)
    for (reference, bound), value in zip(_steps_with_bounds(program, point), found, strict=True):
        if math.isfinite(reference) and bound < 1e-6 * abs(reference) + 1e-300:
            assert abs(value - reference) <= bound + ULPS * math.ulp(reference)


@back_ends
def test_shared_parts_are_computed_once(backend: str) -> None:
    f = x
    for _ in range(200):
        f = sd.sin(f) * f  # 2^200 operations as a tree
    g = sd.lambdify("x", [f, f.diff(x)], backend)
    assert len(g.program.steps) < 2000
    assert _numbers(g(1.25)) == pytest.approx([_value(f, {"x": 1.25}), _value(f.diff(x), {"x": 1.25})])


@back_ends
def test_only_the_branch_taken_counts(backend: str) -> None:
    f = sd.lambdify("x", sd.parse("where(x > 0, sqrt(x)*ln(x), where(x < -1, 1/(x + 1), exp(-1000*x)))"), backend)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert float(f(4.0)) == pytest.approx(2 * math.log(4))
        assert float(f(-2.0)) == -1.0
        assert float(f(0.0)) == 1.0
        assert math.isnan(f(math.nan))
        if backend != "python":
            assert f(np.array([4.0, -2.0, 0.0])).tolist() == pytest.approx([2 * math.log(4), -1.0, 1.0])


@back_ends
def test_gradients_take_no_nan_from_the_branch_not_taken(backend: str) -> None:
    f = sd.parse("where(x > 0, sqrt(x)*ln(x)*y, sigmoid(x)*y)^2")
    for slope in (f.diff("x"), sd.gradient(f)[0]):
        g = sd.lambdify(["x", "y"], slope, backend)
        at = 1 / (1 + math.exp(0.5))
        assert float(g(-0.5, 2.0)) == pytest.approx(8 * at * at * (1 - at))
        assert float(g(4.0, 2.0)) == pytest.approx(8 * (2 * math.log(4)) * (math.log(4) / 4 + 0.5))


def test_python_does_not_run_the_other_branch() -> None:
    lines = sd.lambdify("x", sd.parse("where(x > 0, ln(x), sqrt(-x))")).source.splitlines()
    assert [line for line in lines if " = log(" in line or " = sqrt(" in line] == ["        v3 = log(x)", "        v5 = sqrt(v4)"]


@back_ends
def test_a_hundred_pieces_and_a_branch_in_a_branch(backend: str) -> None:
    f = sd.number(100)
    for k in reversed(range(100)):
        f = sd.where(x < k, x * k, f)
    g = sd.lambdify("x", f, backend)
    assert [float(g(u)) for u in (-1.0, 0.5, 41.5, 98.5, 500.0)] == [-0.0, 0.5, 41.5 * 42, 98.5 * 99, 100.0]


@back_ends
@pytest.mark.parametrize("text", ["ln(1 + exp(x))", "ln(exp(x) + 1)", "3*ln(1 + exp(x))", "sigmoid(x)", "1/(1 + exp(-x))", "1/(1 + e^x)",
                                  "softplus(2x)^2", "silu(x)", "ln(1 + exp(x))*ln(1 + exp(-x))"])
@pytest.mark.parametrize("at", [800.0, -800.0, 30.0, 0.0])
def test_logistic_shapes_and_their_slopes_stay_finite(text: str, at: float, backend: str) -> None:
    f = sd.parse(text)
    found = sd.lambdify("x", [f, sd.diff(f, "x"), sd.gradient(f)[0]], backend)(at)
    for value, formula in zip(found, [f, sd.diff(f, "x"), sd.gradient(f)[0]], strict=True):
        assert float(value) == pytest.approx(float(evaluate(formula, x=at, digits=30)), rel=1e-12, abs=1e-300)


@given(moderate_expressions)
def test_stable_shapes_have_the_same_value(f: Expr) -> None:
    g = sd.ln(1 + sd.exp(f)) * x + sd.exp(f) / (1 + sd.exp(f)) - y * (1 / (1 + sd.exp(f)) ** 2 * sd.exp(f))
    point = dict.fromkeys("xyz", 0.75)
    expected = _value(g, point)
    if math.isfinite(expected) and abs(expected) < 1e6:
        assert _value(stable([g])[0], point) == pytest.approx(expected, rel=1e-9, abs=1e-9)


def test_what_has_no_value_is_nan_or_inf_and_no_exception() -> None:
    f = sd.lambdify(["x"], [sd.parse("ln(x)"), sd.parse("x + 1"), sd.parse("exp(1000*x)")])
    first, second, third = f(-1.0)
    assert math.isnan(first) and second == 0.0 and third == 0.0
    assert sd.lambdify("x", sd.exp(1000 * x))(1.0) == math.inf
    assert math.isnan(sd.lambdify("x", x ** 0.5)(-4.0))


NASTY = ["x", "lambda", "α", "np", "out", "v1", "double", "print", "__class__", "T", "a0", "special", "w", "xp", "n", "math"]


@back_ends
def test_names_of_symbols_never_reach_code_that_minds(backend: str) -> None:
    names = [*NASTY, "x);import os;(", '"""', "*/ int main(", "\n"]
    f = sum((k + 1) * symbol_node(name) ** 2 for k, name in enumerate(names))
    g = sd.lambdify([symbol_node(name) if name in NASTY else name for name in NASTY], sum(
        (k + 1) * symbol_node(name) for k, name in enumerate(NASTY)), backend)
    assert float(g(*range(1, len(NASTY) + 1))) == sum(k * k for k in range(1, len(NASTY) + 1))
    program = program_of([sd.TABLE["add"](f, 0)] if not isinstance(f, Expr) else [f], names, backend)  # names no parser lets through
    for source in (python_source(program), c_source(program, doc="*/ evil \\\n/*"), numpy_source(program)):
        assert "import os" not in source and "int main" not in source and '"""' not in source.replace('"""1 or 0', "")
    assert python_function(program, python_source(program))(*[1.0] * len(names))[0] == sum(range(1, len(names) + 1))


@back_ends
def test_compiled_functions_pickle_and_carry_what_they_are(backend: str) -> None:
    f = sd.lambdify(["x", ["y", "z"]], sd.jacobian([sd.parse("x*y"), sd.parse("z^2")], ["x", "y", "z"]), backend)
    g = pickle.loads(pickle.dumps(f))
    for h in (f, g):
        assert np.asarray(h(2.0, [3.0, 4.0])).tolist() == [[3.0, 2.0, 0.0], [0.0, 0.0, 8.0]]
        assert h.names == ("x", ("y", "z")) and h.sparsity == ((0, 0), (0, 1), (1, 2)) and h.backend == backend
        assert h.source == f.source and "a matrix of 2 x 3" in h.__doc__


def test_results_come_in_the_arrangement_of_the_formulas() -> None:
    f = sd.lambdify(("x", "y"), [x, (y, x + y), 3])
    assert f(1, 2) == [1.0, (2.0, 3.0), 3.0]
    assert sd.lambdify([], sd.parse("2 + 3"))() == 5.0
    assert sd.lambdify(["x", "y"], [])(1, 2) == []


def test_wrong_calls_say_what_to_write() -> None:
    with pytest.raises(UsageError, match="add y to the arguments"):
        sd.lambdify("x", x + y)
    with pytest.raises(UsageError, match="choose one of"):
        sd.lambdify("x", x, "fortran")
    with pytest.raises(UsageError, match="abstract function"):
        sd.lambdify("x", sd.Function("unknown_f")(x))
    with pytest.raises(UsageError, match="backend='numpy'"):
        sd.lambdify("x", x)(np.ones(3))
    with pytest.raises(UsageError, match="takes 1"):
        sd.lambdify("x", x)(1, 2)
    with pytest.raises(UsageError, match="vector of 3"):
        sd.lambdify([["x", "y"]], x)([1, 2, 3])


def test_users_functions_are_compiled_from_their_formulas() -> None:
    sd.define("compiled_square(u) = u^2 + 1")
    sd.define("compiled_twice(u) = compiled_square(compiled_square(u))")
    f = sd.lambdify("x", sd.parse("compiled_twice(x)"))
    assert f(2.0) == 26.0 and "compiled" not in f.source.partition("\n        ")[0].replace(f.__doc__, "").replace("symdiff", "")


@back_ends
def test_depth_does_not_matter(backend: str) -> None:
    f = x
    for k in range(100_000 if backend == "python" else 5_000):
        f = Expr(TABLE["sin"], (f,)) if k % 2 else Expr(TABLE["add"], (f, x))
    assert math.isfinite(sd.lambdify("x", f, backend)(0.5))


@back_ends
def test_wide_sums_do_not_nest(backend: str) -> None:
    f = sd.TABLE["add"](*[x * k for k in range(5_000)])
    assert float(sd.lambdify("x", f, backend)(1.0)) == 5_000 * 4_999 / 2


# arrays

@pytest.mark.parametrize("backend", ["numpy", pytest.param("c", marks=needs_compiler)])
def test_arrays_broadcast_and_come_out_in_their_shape(backend: str) -> None:
    f = sd.lambdify(["x", "y"], [sd.parse("x*y + 1"), sd.parse("sin(x)"), y, 7], backend)
    u, v = np.linspace(0, 1, 30_000).reshape(300, 100), np.arange(100.0)
    found = f(u, v)
    for value, expected in zip(found, [u * v + 1, np.sin(u), v + 0 * u, 7 + 0 * u], strict=True):
        assert value.shape == (300, 100)
        np.testing.assert_allclose(value, expected, rtol=1e-15)
    assert [np.shape(value) for value in f(1.0, 2.0)] == [(), (), (), ()]
    assert f(u[::2, ::3], 1.0)[0].tolist() == (u[::2, ::3] + 1).tolist()


def test_numpy_fills_arrays_given_and_asks_other_namespaces() -> None:
    f = sd.lambdify("x", sd.parse("x^2 + where(x > 1, max(x, 2), step(x))"), "numpy")
    u = np.linspace(-1, 3, 50)
    expected = f(u)
    target = np.empty(50)
    assert f(u, out=target) is target and target.tolist() == expected.tolist()
    assert f(u, xp=np).tolist() == expected.tolist()
    with pytest.raises(ValueError, match="contiguous"):
        f(u, out=np.empty(100)[::2])
    with pytest.raises(UsageError, match="array API standard has no erf"):
        sd.lambdify("x", sd.erf(x), "numpy")(u, xp=np)


def test_vectors_of_arrays_give_matrices_of_arrays() -> None:
    f = sd.lambdify([["x", "y"]], sd.hessian(sd.parse("x^2*y"), ["x", "y"]), "numpy")
    assert f(np.ones((2, 5))).shape == (2, 2, 5)


# C

@needs_compiler
def test_c_source_stands_alone_and_compiles_without_warnings(tmp_path: Path) -> None:
    f = sd.parse("digamma(x)*sigmoid(y) + mod(x, y) + where(x > y, erfi(x), x^y)")
    source = c_source(program_of([f, x], ["x", "y"], "c"), "g")
    (tmp_path / "g.c").write_text('#include "g.h"\n' + source)
    (tmp_path / "g.h").write_text(c_header("g"))
    command = [toolchain.compiler(), "-std=c99", "-Wall", "-Wextra", "-pedantic", "-Werror", "-c", "g.c"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@needs_compiler
def test_the_c_program_on_the_page_prints_what_it_shows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = (Path(__file__).parent.parent / "docs" / "compiling.md").read_text(encoding="utf-8")
    [source] = re.findall(r"^```c\n(.*?)^```", page, re.DOTALL | re.MULTILINE)
    [shown] = re.findall(r"^cc .*\n(.*)\n", page, re.MULTILINE)
    monkeypatch.chdir(tmp_path)
    assert main(["compile", "x^2*sin(y)", "--grad", "--to", "c", "--name", "wave", "-o", "wave.c"]) == 0
    Path("main.c").write_text(source, encoding="utf-8")
    subprocess.run([toolchain.compiler(), "-O2", "main.c", "wave.c", "-lm", "-o", "wave"], check=True)
    assert subprocess.run(["./wave"], capture_output=True, text=True, check=True).stdout.strip() == shown


@needs_compiler
def test_compiled_libraries_are_kept_and_found_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    f = sd.lambdify("x", x ** 2 + 41, "c")
    kept = list((tmp_path / "symdiff" / "c").iterdir())
    assert len(kept) == 1 and f(1.0) == 42.0
    before = kept[0].stat().st_mtime_ns
    assert sd.lambdify("x", x ** 2 + 41, "c")(2.0) == 45.0 and kept[0].stat().st_mtime_ns == before
    assert pickle.loads(pickle.dumps(f))(3.0) == 50.0


def test_without_a_compiler_the_error_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(toolchain.shutil, "which", lambda command: None)
    with pytest.raises(CompilerError, match="backend='numpy'"):
        sd.lambdify("x", x + 12345.5, "c")


@needs_compiler
def test_fill_reads_and_writes_arrays_and_refuses_others() -> None:
    f = sd.lambdify([["x", "y"]], [x * y, x + y], "c")
    out = np.empty(2)
    f.fill(np.array([3.0, 4.0]), out)
    assert out.tolist() == [12.0, 7.0]
    for point, target in ((np.ones(3), out), (np.ones(2, dtype=np.float32), out), (np.ones(4)[::2], out), (np.ones(2), np.empty(1))):
        with pytest.raises(UsageError):
            f.fill(point, target)


# JAX and PyTorch

def _framework_sources() -> tuple[str, str]:
    f = [sd.parse("where(x > 0, sqrt(x)*y, sigmoid(x))"), sd.parse("softplus(x) + max(y, 2)")]
    sources = []
    for name, write in (("jax", jax_source), ("torch", torch_source)):
        matrix = sd.jacobian(f, ["x", "y"])
        program, slopes = (program_of(list(g), ["x", "y"], name) for g in (f, matrix.nonzeros.values()))
        sources.append(write(program, slopes, tuple(matrix.nonzeros)))
    return sources[0], sources[1]


def test_sources_for_frameworks_are_python() -> None:
    for source in _framework_sources():
        compile(source, "<source>", "exec")


@pytest.mark.parametrize("at", [(0.7, 1.0), (-800.0, 3.0), (0.0, 2.5)])
def test_torch_gets_the_exact_gradient(at: tuple[float, float]) -> None:
    torch = pytest.importorskip("torch", reason="PyTorch is not installed: its code is not run")
    f = sd.parse("where(x > 0, sqrt(x)*y, sigmoid(x))*softplus(y)")
    point = [torch.tensor([value], dtype=torch.float64, requires_grad=True) for value in at]
    value = sd.lambdify(["x", "y"], f, "torch")(*point)
    value.sum().backward()
    expected = sd.lambdify(["x", "y"], [f, *sd.gradient(f)])(*at)
    assert [float(value), *[float(u.grad) for u in point]] == pytest.approx(expected)


@pytest.mark.parametrize("at", [(0.7, 1.0), (-800.0, 3.0), (0.0, 2.5)])
def test_jax_gets_the_exact_gradient(at: tuple[float, float]) -> None:
    jax = pytest.importorskip("jax", reason="JAX is not installed: its code is not run")
    jax.config.update("jax_enable_x64", True)
    f = sd.parse("where(x > 0, sqrt(x)*y, sigmoid(x))*softplus(y)")
    g = sd.lambdify(["x", "y"], f, "jax")
    expected = sd.lambdify(["x", "y"], [f, *sd.gradient(f)])(*at)
    assert [float(g(*at)), *map(float, jax.grad(g, (0, 1))(*at))] == pytest.approx(expected)


def test_sources_run_as_modules_of_their_own(tmp_path: Path) -> None:
    for backend in ("python", "numpy"):
        (tmp_path / "module.py").write_text(sd.lambdify("x", sd.parse("x^2 + where(x > 1, ln(x), 0)"), backend).source)
        done = subprocess.run([sys.executable, "-c", "import module; print(float(module.f(3.0)[0]))"], cwd=tmp_path,
                              capture_output=True, text=True, check=True)
        assert float(done.stdout) == pytest.approx(9 + math.log(3))


# the command

def test_the_command_writes_code_that_runs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compile", "x^2*sin(y)", "--grad"]) == 0
    namespace: dict[str, Any] = {}
    exec(capsys.readouterr().out, namespace)
    assert namespace["f"](3.0, 0.5) == pytest.approx((9 * math.sin(0.5), 6 * math.sin(0.5), 9 * math.cos(0.5)))
    assert main(["compile", "x*y", "--to", "c", "--name", "area", "-o", str(tmp_path / "area.c")]) == 0
    assert "void area(" in (tmp_path / "area.c").read_text() and "void area(" in (tmp_path / "area.h").read_text()
    for words in (["--name", "int"], ["--name", "x y"], ["--args", "x"]):
        assert main(["compile", "x*y", *words]) == 2
    capsys.readouterr()
