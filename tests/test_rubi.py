"""300 antiderivatives of the Rubi integration rules: every derivative is the numeric one, by the high-precision values of the table."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import mpmath
from test_tables import NO_VALUE, exactly, value_at

from symdiff import Expr, Symbol, diff, parse
from symdiff.expr import NUMBER, SYMBOL
from symdiff.walk import fold, free_symbols

ENTRIES = [json.loads(line) for line in (Path(__file__).parent / "cases" / "rubi300.jsonl").read_text(encoding="utf-8").splitlines()]
mp = mpmath.MPContext()
mp.dps = 40
STEP = mp.mpf(10) ** -10


def value(root: Expr, bindings: dict[Expr, Any]) -> Any:
    def rule(node: Expr, args: list[Any]) -> Any:
        if node.op is SYMBOL:
            return bindings[node]
        if node.op is NUMBER:
            return exactly(node.value)
        if any(a is None or abs(a) > mp.mpf("1e60") for a in args):
            return None
        try:
            return value_at(node.op, tuple(args))
        except NO_VALUE:
            return None
    return fold(root, rule)


def numeric_slope(F: Expr, at: dict[Expr, Any], x: Expr) -> Any:
    """By five points; None where F or its smoothness is missing."""
    v = [value(F, {**at, x: at[x] + k * STEP}) for k in (-2, -1, 0, 1, 2)]
    if any(u is None for u in v):
        return None
    slope, coarse = (v[0] - 8 * v[1] + 8 * v[3] - v[4]) / (12 * STEP), (v[3] - v[1]) / (2 * STEP)
    return slope if abs(slope - coarse) < mp.mpf(10) ** -12 * (1 + abs(slope)) and abs(v[2]) < 1e8 else None


def judged(entry: dict[str, str], points: int = 2) -> int:
    """At how many random points the derivative was confirmed; fails where one differs."""
    F, x = parse(entry["F"]), Symbol(entry["var"])
    f = diff(F, x)
    rng = random.Random(entry["id"])
    met = 0
    for attempt in range(25):
        low = 0.1 if attempt % 2 else -3
        at = {s: mp.mpf(rng.randint(int(100 * low), 300)) / 100 for s in [*free_symbols(F), x]}
        expected = numeric_slope(F, at, x)
        if expected is None:
            continue
        got = value(f, at)
        assert got is not None, f"{entry['id']}: no value of {f} at {at}"
        assert abs(got - expected) <= mp.mpf(10) ** -9 * (1 + abs(expected)), f"{entry['id']}: {got} for {expected} at {at}"
        met += 1
        if met == points:
            break
    return met


def test_the_derivative_of_300_antiderivatives_is_the_numeric_one() -> None:
    met = [judged(entry) for entry in ENTRIES]
    assert len(met) == 300
    assert sum(count > 0 for count in met) >= 250  # the rest has no usable real point among 25
    assert sum(met) >= 500
