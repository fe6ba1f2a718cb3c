"""Lines of pictures: smooth curves through points that run one way, as cubics, and points on them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

from symdiff.drawing.layout import Point

__all__ = ["Curve", "along", "curve"]

Cubic: TypeAlias = tuple[Point, Point, Point]
"""Two control points and the end."""


@dataclass(frozen=True, slots=True)
class Curve:
    """A start and cubics from there on; `straight` if they are one straight line."""

    start: Point
    parts: tuple[Cubic, ...]
    straight: bool = False


def curve(points: Sequence[Point], bow: float = 0.0) -> Curve:
    """A line down through all points that never swings wider than they do: a monotone cubic of x over y.

    bow: how far it bends sideways.

    >>> curve([(0.0, 0.0), (3.0, 9.0)]).parts
    (((1.0, 3.0), (2.0, 6.0), (3.0, 9.0)),)
    """
    slopes = [(after[0] - before[0]) / (after[1] - before[1] or 1.0) for before, after in pairwise(points)]
    leans = [slopes[0], *(_lean(before, after) for before, after in pairwise(slopes)), slopes[-1]]
    parts = []
    for (x, y), (to_x, to_y), out, into in zip(points, points[1:], leans, leans[1:]):
        third = (to_y - y) / 3
        parts.append(((x + out * third + bow, y + third), (to_x - into * third + bow, to_y - third), (to_x, to_y)))
    return Curve(points[0], tuple(parts), len(parts) == 1 and not bow)


def _lean(before: float, after: float) -> float:
    """The slope at a point between two stretches (their harmonic mean; upright where the line turns back)."""
    return 2 * before * after / (before + after) if before * after > 0 else 0.0


def along(line: Curve, part: int, share: float) -> Point:
    """The point of a curve at a share (0 to 1) of one of its parts.

    >>> along(curve([(0.0, 0.0), (3.0, 9.0)]), 0, 0.5)
    (1.5, 4.5)
    """
    start = line.parts[part - 1][2] if part else line.start
    weights = (1 - share) ** 3, 3 * share * (1 - share) ** 2, 3 * share**2 * (1 - share), share**3
    corners = (start, *line.parts[part])
    x, y = (sum(weight * corner[axis] for weight, corner in zip(weights, corners)) for axis in (0, 1))
    return x, y
