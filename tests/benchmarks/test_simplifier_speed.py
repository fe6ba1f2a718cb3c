"""The simplifier's time: the textbook cases beside SymPy's simplify in one process, and ladders of derivatives."""

from __future__ import annotations

import statistics
import time
from pathlib import Path
from typing import Any

import pytest
from test_swell import operations

from symdiff import Expr, Symbol, diff, parse, simplify
from symdiff.walk import graph_size

TEXTBOOK = Path(__file__).parents[1] / "cases" / "textbook32.tsv"
FUNCTIONS = [line.split("\t")[1] for line in TEXTBOOK.read_text(encoding="utf-8").splitlines()[1:]]
LADDERS = {"exp(-x^2)": 10, "tanh(x)": 8, "1/(1 + exp(-x))": 8, "sin(x)/x": 8, "sqrt(1 + x^2)": 8, "exp(sin(x))": 8, "x^x": 6, "tan(tan(tan(x)))": 3}
LADDER_BAR, SIMPLIFIED_BAR = 0.02, 3.0
"""Seconds for all orders of one function: as `diff` collects them, and with `simplify` after each."""
x = Symbol("x")


def seconds(task: Any) -> float:
    start = time.process_time()
    task()
    return time.process_time() - start


def test_the_textbook_beside_sympy() -> None:
    """Both from the parsed function to the simplified derivative."""
    sympy = pytest.importorskip("sympy", reason="sympy is not installed, so nothing was compared: pip install symdiff[bench]")
    clear_cache = pytest.importorskip("sympy.core.cache").clear_cache
    ours = [parse(text) for text in FUNCTIONS]
    symbol = sympy.Symbol("x")
    theirs = [sympy.sympify(text.replace("^", "**"), locals={"x": symbol}) for text in FUNCTIONS]
    simplify(diff(ours[0], x))
    sympy.simplify(sympy.diff(theirs[0], symbol))
    mine = other = 0.0
    for f, g in zip(ours, theirs, strict=True):  # SymPy would look up its second round; symdiff keeps nothing from call to call
        rounds = [(seconds(lambda f=f: simplify(diff(f, x))), seconds(lambda g=g: sympy.simplify(sympy.diff(g, symbol))), clear_cache())
                  for _ in range(3)]
        mine += statistics.median(row[0] for row in rounds)
        other += statistics.median(row[1] for row in rounds)
    short = sum(operations(str(simplify(diff(f, x)))) for f in ours)
    theirs_short = sum(operations(str(sympy.simplify(sympy.diff(g, symbol)))) for g in theirs)
    print(f"textbook: {1000 * mine:.0f} ms beside {1000 * other:.0f} ms, ratio {mine / other:.4f}; "
          f"{short} operations beside {theirs_short}")
    assert mine <= 0.1 * other
    assert short <= theirs_short


@pytest.mark.parametrize("function", LADDERS)
def test_ladders_of_derivatives(function: str) -> None:
    def simplified() -> None:
        node = parse(function)
        for _ in range(LADDERS[function]):
            node = simplify(diff(node, x))

    root = parse(function)
    collected = min(seconds(lambda: [diff(root, x, order) for order in range(1, LADDERS[function] + 1)]) for _ in range(5))
    took = seconds(simplified)
    print(f"{function}, {LADDERS[function]} orders: {1000 * collected:.1f} ms, simplified at every order {1000 * took:.0f} ms")
    assert collected < LADDER_BAR
    assert took < SIMPLIFIED_BAR


def test_a_nest_of_products() -> None:
    node: Expr = x
    sin, exp = parse("sin(x)").op, parse("exp(x)").op
    for _ in range(14):
        node = sin(node) * exp(node)
    best = min(seconds(lambda: diff(node, x)) for _ in range(5))
    print(f"u -> sin(u)*exp(u) 14 deep: {graph_size(diff(node, x))} operations in {1000 * best:.1f} ms")
    assert best < 0.02
