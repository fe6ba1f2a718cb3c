"""How long derivatives become: 300 entries of the Rubi tables against the known short integrand, and repeated derivatives of eight functions."""

from __future__ import annotations

import ast
import json
import random
from pathlib import Path
from statistics import median
from typing import Any

import mpmath
import pytest
from test_rubi import ENTRIES, value

from symdiff import Expr, Symbol, diff, parse, simplify
from symdiff.walk import free_symbols, graph_size

CASES = Path(__file__).parent / "cases"
INTEGRANDS = {entry["id"]: entry["f"] for entry in map(json.loads, (CASES / "rubi300_integrands.jsonl").read_text(encoding="utf-8").splitlines())}
mp = mpmath.MPContext()
mp.dps = 40


def operations(text: str) -> int:
    """Operations of printed text as a tree, counted by Python's own parser: what a reader of the text counts."""
    tree = ast.parse(text.replace("^", "**"), mode="eval")
    return sum(isinstance(node, ast.BinOp | ast.Call) or (isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub)) for node in ast.walk(tree))


def confirmed(raw: Expr, short: Expr, seed: str, wanted: int = 2) -> int:
    """At how many random points the short form has the value of the long one; fails where it has another or none."""
    rng = random.Random(seed)
    met = 0
    for attempt in range(16):
        low = 10 if attempt % 2 else -300
        at: dict[Expr, Any] = {symbol: mp.mpf(rng.randint(low, 300)) / 100 for symbol in free_symbols(raw, short)}
        expected = value(raw, at)
        if expected is None or abs(expected) > 1e30:
            continue
        got = value(short, at)
        assert got is not None, f"{short} lost its value at {at}"
        assert abs(got - expected) <= mp.mpf(10) ** -9 * (1 + abs(expected)), f"{short}: {got} for {expected} at {at}"
        met += 1
        if met == wanted:
            break
    return met


def test_derivatives_of_300_antiderivatives_are_about_as_short_as_the_integrand() -> None:
    swells, met = [], 0
    for entry in ENTRIES:
        raw = diff(parse(entry["F"]), Symbol(entry["var"]))
        short = simplify(raw)
        met += confirmed(raw, short, entry["id"]) > 0
        swells.append(operations(str(short)) / max(1, operations(INTEGRANDS[entry["id"]])))
    swells.sort()
    print(f"{met} of 300 derivatives confirmed by value; operations beside the integrand's: median {median(swells):.2f}")
    assert met >= 250
    assert median(swells) <= 1.1
    assert swells[int(0.9 * len(swells))] <= 2.8
    assert sum(swell <= 1 for swell in swells) >= 0.6 * len(swells)


FAMILIES = {  # function: order and operations of the normal form as a tree
    "exp(-x^2)": (10, 33), "tanh(x)": (8, 33), "1/(1 + exp(-x))": (8, 61), "sin(x)/x": (8, 43), "sqrt(1 + x^2)": (8, 32),
    "exp(sin(x))": (8, 109), "x^x": (6, 233), "tan(tan(tan(x)))": (3, 146),
}


@pytest.mark.parametrize("function", FAMILIES)
def test_repeated_derivatives_stay_short(function: str) -> None:
    order, most = FAMILIES[function]
    x = Symbol("x")
    node = parse(function)
    for _ in range(order):
        raw = diff(node, x)
        node = simplify(raw)
        assert confirmed(raw, node, function) > 0
    assert operations(str(node)) <= most


def test_a_nest_of_products_stays_a_small_graph() -> None:
    node = x = Symbol("x")
    sin, exp = parse("sin(x)").op, parse("exp(x)").op
    for _ in range(14):
        node = sin(node) * exp(node)
    assert graph_size(diff(node, x)) <= 200
