"""Formulas in high precision: directional derivatives with an error bound, and values with a word on whether rounding could decide them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from symdiff.evaluation import precise_context
from symdiff.evaluator import Evaluator
from symdiff.expr import Expr
from symdiff.testing.references import EDGE, JUMP, KINK, NO_VALUE, STEEP, Reference

__all__ = ["precise_slope", "prepared"]

DIGITS, STEP = 100, 16
"""Digits carried, and the power of ten of the step: the difference quotient is off by step^4, rounding by 10^-digits/step."""


@lru_cache(maxsize=256)
def prepared(formula: Expr) -> Evaluator:
    return Evaluator(formula)


@lru_cache(maxsize=1)
def _context() -> Any:
    return precise_context(DIGITS * 10 // 3, "checking formulas")


def precise_slope(formula: Expr, names: Sequence[Expr], values: Sequence[float], direction: Sequence[float]) -> Reference:
    """The derivative along a direction from a five-point difference quotient in high precision; floats mean just what they are.

    A kink, an edge of the domain and a point without value are told apart.

    >>> from symdiff import parse, Symbol
    >>> precise_slope(parse("x^3"), [Symbol("x")], [2.0], [1.0]).value
    12.0
    """
    mp = _context()
    evaluator = prepared(formula)
    step = mp.mpf(10) ** -STEP * max([1.0, *(abs(v) for v in values)])

    def at(shift: int) -> Any:
        return evaluator.precise_values({name: mp.mpf(v) + shift * step * d for name, v, d in zip(names, values, direction)}, mp)[-1]
    middle = at(0)
    if middle is None:
        return Reference(trouble=NO_VALUE)
    side = {shift: at(shift) for shift in (1, -1, 2, -2, 4, -4)}
    if None in side.values():
        return Reference(trouble=EDGE)
    near = (8 * (side[1] - side[-1]) - (side[2] - side[-2])) / (12 * step)
    far = (8 * (side[2] - side[-2]) - (side[4] - side[-4])) / (24 * step)
    bend, wide = abs(side[1] - 2 * middle + side[-1]), abs(side[2] - 2 * middle + side[-2])
    noise = abs(middle) * mp.mpf(10) ** (20 - DIGITS)
    if bend > noise and bend > 1e-6 * (abs(side[1] - middle) + abs(side[-1] - middle)) and wide < 3 * bend:
        return Reference(trouble=KINK)
    if abs(side[1] - side[-1]) > max(noise, 0.4 * abs(side[4] - side[-4])):
        return Reference(trouble=STEEP if abs(side[1] - side[-1]) < 0.9 * abs(side[4] - side[-4]) else JUMP)
    error = abs(near - far) + noise / step
    value = float(near)
    return Reference(value, float(error) + abs(value) * 2.0 ** -52, f"differences in {DIGITS} digits")
