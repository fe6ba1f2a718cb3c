"""Where formulas are tried: corner values, then random points on every scale, the same ones for the same seed."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from random import Random
from typing import Any

from symdiff.errors import UsageError
from symdiff.expr import Expr

__all__ = ["ROUND", "Interval", "drawn_points", "read_intervals"]

Interval = tuple[float, float]

_CORNERS = (0.0, 1.0, -1.0, 0.5, 2.0, -2.0, -0.5, 3.0, -3.0)
_RANGES = (  # every sign and scale, so that a formula wrong only for negative, large or small arguments is met
    (0.1, 3.0), (-3.0, -0.1), (3.0, 12.0), (100.0, 400.0), (-12.0, -3.0), (-400.0, -100.0), (0.001, 0.1), (-0.1, -0.001),
    (12.0, 100.0), (-100.0, -12.0), (1e3, 1e6), (-1e6, -1e3), (0.0, 1.0), (-1.0, 0.0), (1.0, 3.0),
)
ROUND = len(_CORNERS) + len(_RANGES)
"""Points after which every corner and range was tried once."""


def drawn_points(variable: Expr, others: Sequence[Expr], intervals: Mapping[Expr, Interval], seed: int) -> Iterator[dict[Expr, float]]:
    """Points without end: the variable goes through the corners and ranges, the others take mostly moderate values, often positive.

    Every coordinate is a short decimal, so that a point can be told and tried again.
    """
    random = Random(seed)
    while True:
        for index in range(ROUND):
            point = {variable: _fitted(_scheduled(random, index), intervals.get(variable), random)}
            for other in others:
                point[other] = _fitted(_moderate(random), intervals.get(other), random)
            yield point


def _scheduled(random: Random, index: int) -> float:
    """Corners and ranges by turns, so that few points see both."""
    if index < 2 * len(_CORNERS):
        turn, corner = divmod(index, 2)
        return _CORNERS[turn] if corner else _within(random, *_RANGES[turn])
    return _within(random, *_RANGES[index - len(_CORNERS)])


def _moderate(random: Random) -> float:
    choice = random.random()
    if choice < 0.55:
        return _within(random, 0.3, 3.0)
    if choice < 0.8:
        return _within(random, -3.0, 3.0)
    if choice < 0.9:
        return _CORNERS[1 + int(random.random() * (len(_CORNERS) - 1))]
    return _within(random, *_RANGES[int(random.random() * len(_RANGES))])


def _within(random: Random, low: float, high: float) -> float:
    if low > 0 and high / low > 50:
        return _short(low * (high / low) ** random.random())
    if high < 0 and low / high > 50:
        return _short(high * (low / high) ** random.random())
    return _short(low + (high - low) * random.random())


def _fitted(value: float, interval: Interval | None, random: Random) -> float:
    """The value moved inside the interval; one that is in it already stays."""
    if interval is None or interval[0] < value < interval[1]:
        return value
    low, high = interval
    if math.isinf(high):
        return value if math.isinf(low) else low + abs(value) if value else low + 1
    if math.isinf(low):
        return high - abs(value) if value else high - 1
    return low + (high - low) * (0.001 + 0.998 * _short(random.random()))


def _short(value: float) -> float:
    return float(f"{value:.5g}")


def read_intervals(domain: Mapping[Any, Any], symbols: Mapping[str, Expr]) -> dict[Expr, Interval]:
    """Check a mapping of variables to (low, high)."""
    intervals: dict[Expr, Interval] = {}
    for key, bounds in domain.items():
        try:
            low, high = map(float, bounds)
        except (TypeError, ValueError):
            raise UsageError(f"the domain of {key} is a pair (low, high), not {bounds!r}") from None
        if not low < high:
            raise UsageError(f"the domain of {key} is empty: {low} to {high}")
        if str(key) in symbols:
            intervals[symbols[str(key)]] = (low, high)
    return intervals
