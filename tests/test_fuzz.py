"""A short fuzz, the findings of long ones, and the differential one: whatever is switched on or off, the values agree."""

from __future__ import annotations

import importlib.util
import math
import subprocess
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest
from case_files import cases
from hypothesis import given
from hypothesis import strategies as st
from strategies import SYMBOLS, moderate_expressions

from symdiff import Expr, SymdiffError, diff, limits, parse, simplify
from symdiff.evaluation import evaluate
from symdiff.expr import SYMBOL, symbol_node
from symdiff.operations import TABLE
from symdiff.operations.folding import sum_of
from symdiff.walk import graph_size, postorder, substitute, tree_size

FOLDER = Path(__file__).parent / "fuzz"
sys.path.insert(0, str(FOLDER))
import targets  # noqa: E402  the folder is no package: run.py there is a program of its own

x = SYMBOLS[0]
POINT = {str(symbol): 0.37 + 0.21 * place for place, symbol in enumerate(SYMBOLS)}


@pytest.fixture(autouse=True)
def short_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in targets.SHORT_LIMITS.items():
        monkeypatch.setattr(limits, name, value)


@pytest.mark.parametrize("text", [row[0] for row in cases("fuzz_findings.txt")], ids=ascii)
def test_what_a_fuzz_once_found_stays_mended(text: str) -> None:
    targets.road(text)


@given(st.lists(st.sampled_from(targets.ALPHABET), max_size=25).map("".join))
def test_any_pieces_of_formulas_are_a_formula_or_refused_at_a_place(text: str) -> None:
    targets.read(text)


@given(st.lists(st.sampled_from(targets.LATEX_ALPHABET), max_size=14).map("".join))
def test_any_pieces_of_latex_are_a_formula_that_is_written_and_read_again_or_refused_at_a_place(text: str) -> None:
    targets.latex_road(text)


@given(st.text(max_size=30))
def test_any_text_is_a_formula_or_refused_at_a_place(text: str) -> None:
    targets.read(text)


@given(st.lists(st.sampled_from(targets.ALPHABET), max_size=12).map("".join))
def test_the_whole_road_from_text_and_back_holds_its_promises(text: str) -> None:
    targets.road(text)


def value(expression: Expr) -> float | None:
    """The value at the point, None where there is none or where floats say nothing about it."""
    try:
        rough, fine = evaluate(expression, POINT), evaluate(expression, POINT, digits=40)
    except SymdiffError:
        return None
    return float(fine) if math.isfinite(rough) and math.isclose(rough, fine, rel_tol=1e-6) and abs(fine) < 1e12 else None


def unshared(expression: Expr) -> tuple[Expr, list[Expr]]:
    """The formula as a tree in which every x is a variable of its own, so that no part that depends on x appears twice."""
    fresh: list[Expr] = []
    values: list[Expr] = []
    stack: list[tuple[Expr, bool]] = [(expression, False)]
    while stack:
        node, done = stack.pop()
        if node is x:
            fresh.append(symbol_node(f"x_{len(fresh)}"))
            values.append(fresh[-1])
        elif not node.args:
            values.append(node)
        elif not done:
            stack.append((node, True))
            stack += [(child, False) for child in reversed(node.args)]
        else:
            count = len(node.args)
            values[-count:] = [Expr(node.op, tuple(values[-count:]))]
    return values[0], fresh


@given(moderate_expressions)
def test_the_derivative_is_the_same_with_and_without_shared_parts(expression: Expr) -> None:
    if tree_size(expression) > 200:
        return
    tree, places = unshared(expression)
    assert substitute(tree, dict.fromkeys(places, x)) is expression
    try:
        shared, apart = diff(expression, x), [diff(tree, place) for place in places]
    except SymdiffError:
        return
    expected = value(substitute(sum_of(*apart), dict.fromkeys(places, x)))
    found = value(shared)
    assert expected is None or found is None or math.isclose(found, expected, rel_tol=1e-9, abs_tol=1e-9)


@given(moderate_expressions)
def test_the_derivative_is_the_same_whether_simplified_before_after_or_not_at_all(expression: Expr) -> None:
    if graph_size(expression) > 60:
        return
    try:
        if simplify(expression) is parse("undefined"):
            return  # cot(pi) has no value, whatever floats say of it
        forms = [diff(expression, x), simplify(diff(expression, x)), diff(simplify(expression), x)]
    except SymdiffError:
        return
    found = [one for one in map(value, forms) if one is not None]
    if value(forms[0]) is not None:
        assert value(forms[1]) is not None or value(expression) is None
    assert all(math.isclose(one, found[0], rel_tol=1e-9, abs_tol=1e-9) for one in found[1:])


@pytest.fixture
def cold_rows() -> Iterator[None]:
    kept = {op: dict(op.cache) for op in TABLE.values()}
    yield
    for op, cache in kept.items():
        op.cache.clear()
        op.cache.update(cache)


@pytest.mark.usefixtures("cold_rows")
def test_derivatives_are_the_identical_objects_with_cold_and_with_warm_tables() -> None:
    texts = ["x^2*sin(x)/tanh(x)", "gamma(x)*atan2(x, y)", "max(x, y)^x", "sigmoid(x)*erf(x)/cosh(x)", "log(x, 2) + mod(x, 3)"]
    warm = [(diff(parse(text), x), simplify(diff(parse(text), x))) for text in texts]
    for op in TABLE.values():
        op.cache.clear()
    assert all(diff(parse(text), x) is raw and simplify(diff(parse(text), x)) is short for text, (raw, short) in zip(texts, warm, strict=True))


def test_a_short_run_of_the_fuzz_finds_nothing(request: pytest.FixtureRequest) -> None:
    if importlib.util.find_spec("atheris") is None:
        warnings.warn("atheris is not installed: the coverage-guided fuzz was not run (pip install 'symdiff[fuzz]')", stacklevel=1)
        pytest.skip("LOUD: no atheris")
    for target, runs in (("parser", 1_500), ("road", 150)):
        done = subprocess.run([sys.executable, str(FOLDER / "run.py"), target, f"-runs={runs}", "-seed=1", "-len_control=0", "-max_len=30"],
                              capture_output=True, text=True, timeout=300, check=False)
        assert done.returncode == 0, done.stdout[-2_000:] + done.stderr[-3_000:]


def test_every_variable_of_a_tree_without_shared_parts_appears_once() -> None:
    tree, places = unshared(parse("x^2*sin(x) + x*y"))
    assert [node for node in postorder(tree) if node.op is SYMBOL and node in places] == places
    assert str(tree) == "x_0^2*sin(x_1) + x_2*y"
