"""Depth and width 100,000 at Python's own recursion limit, in time that grows with the size and no faster."""

from __future__ import annotations

import copy
import gc
import pickle
import sys
import time
from collections.abc import Callable

import pytest

from symdiff import Expr, LimitError, Symbol, diff, limits, number, parse
from symdiff.expr import interned_count
from symdiff.operations import TABLE
from symdiff.walk import graph_size, tree_size

DEPTH = 100_000
LIMIT = sys.getrecursionlimit()
x, y = Symbol("x"), Symbol("y")
sin, add, mul, div, neg, pow_, where, max_ = (TABLE[name] for name in ("sin", "add", "mul", "div", "neg", "pow", "where", "max"))

CHAINS: dict[str, Callable[[Expr], Expr]] = {
    "sin of sin": sin,
    "minus of minus": neg,
    "sums in sums, left": lambda e: add(e, y),
    "sums in sums, right": lambda e: add(y, e),
    "products in products, left": lambda e: mul(e, y),
    "products in products, right": lambda e: mul(number(-2), e),
    "powers of powers": lambda e: pow_(x, e),
    "powers to powers": lambda e: pow_(e, y),
    "quotients of quotients": lambda e: div(e, y),
    "quotients under quotients": lambda e: div(y, e),
    "choices in choices": lambda e: where(x > 0, y, e),
    "choices before choices": lambda e: where(x > 0, e, y),
    "conditions in conditions": lambda e: where(e > 0, x, y),
    "maxima of maxima": lambda e: max_(e, y, x),
}

TEXTS = {
    "nested calls": lambda n: "sin(" * n + "x" + ")" * n,
    "nested parentheses": lambda n: "(" * n + "x" + ")" * n,
    "nested parentheses in a sum": lambda n: "(" * n + "x" + " + y)" * n,
    "bare calls": lambda n: "sin " * n + "x",
    "nested bars": lambda n: "|" * n + "x" + "|" * n,
    "signs": lambda n: "-" * n + "x",
    "powers": lambda n: "x^" * n + "2",
    "choices": lambda n: "x if y < 1 else " * n + "2",
    "a wide sum": lambda n: " + ".join(f"x{k}" for k in range(n)),
    "a wide product": lambda n: "*".join(f"x{k}" for k in range(n)),
    "a wide quotient": lambda n: "/".join(f"x{k}" for k in range(n)),
    "many arguments": lambda n: "max(" + ", ".join(f"x{k}" for k in range(n)) + ")",
}


def built(step: Callable[[Expr], Expr], depth: int) -> Expr:
    expression = x
    for _ in range(depth):
        expression = step(expression)
    return expression


def seconds(work: Callable[[], object]) -> float:
    """The shortest of three runs, without the collector, which visits the nodes of other tests too."""
    times = []
    gc.collect()
    gc.disable()
    try:
        for _ in range(3):
            start = time.process_time()
            work()
            times.append(time.process_time() - start)
    finally:
        gc.enable()
    return min(times)


FULL_DEPTH = ("sin of sin", "sums in sums, left")


@pytest.mark.parametrize("shape", CHAINS)
def test_a_deep_formula_is_built_differentiated_compared_pickled_and_dropped(shape: str) -> None:
    depth = DEPTH if shape in FULL_DEPTH else DEPTH // 10
    expression = built(CHAINS[shape], depth)
    derivative = diff(expression, x)
    assert graph_size(derivative) < 20 * depth
    assert built(CHAINS[shape], depth) is expression
    assert expression == copy.deepcopy(expression)
    assert pickle.loads(pickle.dumps(expression)) is expression
    assert hash(expression) == hash(copy.copy(expression))
    assert expression.free_symbols <= {x, y}
    assert tree_size(expression) >= depth
    before = interned_count()
    del expression, derivative
    gc.collect()
    assert interned_count() < before - depth + 100
    assert sys.getrecursionlimit() == LIMIT


@pytest.mark.parametrize("shape", CHAINS)
def test_a_deep_formula_is_written_and_read_back(shape: str) -> None:
    expression = built(CHAINS[shape], DEPTH // 10)
    assert parse(str(expression)) is expression


@pytest.mark.parametrize("shape", TEXTS)
def test_deep_and_wide_text_is_read(shape: str) -> None:
    expression = parse(TEXTS[shape](DEPTH if shape in ("nested calls", "nested parentheses") else DEPTH // 10))
    assert parse(str(expression)) is expression
    assert sys.getrecursionlimit() == LIMIT


def test_a_sum_of_100000_terms_is_differentiated_by_each_kind_of_variable() -> None:
    terms = [Symbol(f"x{k}") ** 2 for k in range(DEPTH)]
    total = add(*terms)
    assert str(diff(total, "x7")) == "2*x7"
    assert diff(add(*[mul(number(k), pow_(x, number(2))) for k in range(2, DEPTH)]), x).args


def test_a_product_of_100000_factors_has_a_derivative_of_a_few_operations_a_factor() -> None:
    factors = mul(*[add(x, number(k)) for k in range(1, DEPTH // 5)])
    assert graph_size(diff(factors, x)) < 5 * DEPTH // 5


def test_a_shared_graph_too_long_for_text_is_a_clear_error(monkeypatch: pytest.MonkeyPatch) -> None:
    expression = x
    for _ in range(100):
        expression = mul(expression, expression)
    monkeypatch.setattr(limits, "printed_length", 100_000)
    with pytest.raises(LimitError, match="printed_length"):
        str(expression)
    assert graph_size(diff(expression, x)) < 4 * 100


STEPS = {
    "diff": lambda shape, n: _with(built(CHAINS[shape], n), lambda e: diff(e, x)),
    "str": lambda shape, n: _with(built(CHAINS[shape], n), str),
    "pickle": lambda shape, n: _with(built(CHAINS[shape], n), lambda e: pickle.loads(pickle.dumps(e))),
}


def _with(expression: Expr, work: Callable[[Expr], object]) -> Callable[[], object]:
    return lambda: work(expression)


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("shape", CHAINS)
def test_time_grows_with_depth_and_not_with_its_square(shape: str, step: str) -> None:
    small, large = 500, 4_000
    once = seconds(STEPS[step](shape, small))
    assert seconds(STEPS[step](shape, large)) < 3 * (large / small) * once + 0.05  # the square would be 8 times as much again


WIDE = {
    "a product of sums": lambda n: mul(*[add(x, number(k)) for k in range(1, n + 1)]),
    "a sum of products": lambda n: add(*[mul(number(k), x, y) for k in range(2, n + 2)]),
    "a maximum of powers": lambda n: max_(*[pow_(x, number(k)) for k in range(2, n + 2)]),
}


@pytest.mark.parametrize("shape", WIDE)
def test_time_of_a_derivative_grows_with_width_and_not_with_its_square(shape: str) -> None:
    small, large = WIDE[shape](500), WIDE[shape](4_000)
    once = seconds(lambda: diff(small, x))
    assert seconds(lambda: diff(large, x)) < 3 * 8 * once + 0.05


@pytest.mark.parametrize("shape", TEXTS)
def test_reading_time_grows_with_length_and_not_with_its_square(shape: str) -> None:
    small, large = TEXTS[shape](400), TEXTS[shape](3_200)
    once = seconds(lambda: parse(small))
    assert seconds(lambda: parse(large)) < 3 * 8 * once + 0.05


@pytest.mark.parametrize(("before", "behind"), [("1/(1+", ")"), ("(", "^2+1)"), ("(", "/2)"), ("2*(", ")")])
def test_a_derivative_of_a_deep_chain_takes_linear_time(before: str, behind: str) -> None:
    def seconds(depth: int) -> float:
        formula = parse(before * depth + "x" + behind * depth)
        start = time.process_time()
        diff(formula, "x")
        return time.process_time() - start

    assert seconds(16_000) < 30 * max(seconds(2_000), 0.02)
