"""Lines of functions for plots: pieces between gaps (poles, jumps, where there is no value), ranges that show them, and level lines."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import pairwise

from symdiff.drawing.charts import Axis
from symdiff.drawing.layout import Point

__all__ = ["clipped", "interesting", "level_lines", "traced", "view"]

Function = Callable[[float], float]
_POINTS = 240
_HALVINGS = 14
_BEND = 0.002
"""How far a line may be off its chord, as a share of the height shown, before more points are put in."""
_JUMP = 0.02
"""A step of this share of the height shown, over a stretch too short to be seen, is a jump."""


def traced(f: Function, x: Axis, y: Axis) -> tuple[tuple[Point, ...], ...]:
    """The line of a function in pieces, with more points where it bends; poles, jumps and undefined ranges are gaps.

    f: gives nan where it has no value.

    >>> pieces = traced(lambda x: 1/(x - 0.001), Axis(-1, 1), Axis(-10, 10))
    >>> len(pieces), pieces[0][-1][0] < 0.001 < pieces[1][0][0]
    (2, True)
    """
    height = y.high - y.low
    points = [_at(f, x.low + (x.high - x.low) * index / _POINTS) for index in range(_POINTS + 1)]
    pieces: list[list[Point]] = [[points[0]]] if _finite(points[0]) else []
    for start, end in pairwise(points):
        stack = [(start, end, 0)]
        while stack:
            a, b, depth = stack.pop()
            if depth < _HALVINGS and _bends(a, b, middle := _at(f, (a[0] + b[0]) / 2), height, y):
                stack += [(middle, b, depth + 1), (a, middle, depth + 1)]
                continue
            broken = depth == _HALVINGS and _finite(a) and _finite(b) and abs(b[1] - a[1]) > _JUMP * height
            if _finite(b):
                if broken or not _finite(a) or not pieces:
                    pieces.append([])
                pieces[-1].append(b)
    return tuple(tuple(piece) for piece in pieces if len(piece) > 1)


def _at(f: Function, x: float) -> Point:
    return x, f(x)


def _finite(point: Point) -> bool:
    return math.isfinite(point[1])


def _bends(a: Point, b: Point, middle: Point, height: float, y: Axis) -> bool:
    """Whether the stretch needs more points: it bends where it can be seen, or has no value somewhere."""
    known = [_finite(point) for point in (a, middle, b)]
    if not all(known):
        return any(known)
    below, above = y.low - height, y.high + height
    if all(point[1] < below for point in (a, middle, b)) or all(point[1] > above for point in (a, middle, b)):
        return False
    return abs(middle[1] - (a[1] + b[1]) / 2) > _BEND * height or abs(b[1] - a[1]) > 0.5 * height


def clipped(pieces: Sequence[Sequence[Point]], y: Axis) -> tuple[tuple[Point, ...], ...]:
    """The parts of lines inside a range of heights, cut exactly at its ends.

    >>> clipped([[(0.0, 0.0), (1.0, 4.0)]], Axis(0, 2))
    (((0.0, 0.0), (0.5, 2.0)),)
    """
    kept: list[list[Point]] = []
    for piece in pieces:
        fresh = True
        for a, b in pairwise(piece):
            part = _inside(a, b, y)
            if part is None:
                fresh = True
                continue
            if fresh or part[0] != kept[-1][-1]:
                kept.append([part[0]])
            kept[-1].append(part[1])
            fresh = False
    return tuple(tuple(piece) for piece in kept)


def _inside(a: Point, b: Point, y: Axis) -> tuple[Point, Point] | None:
    low, high = 0.0, 1.0
    rise = b[1] - a[1]
    for edge, sign in ((y.low, 1.0), (y.high, -1.0)):
        room_a, room_b = sign * (a[1] - edge), sign * (b[1] - edge)
        if room_a < 0 and room_b < 0:
            return None
        if room_a < 0:
            low = max(low, (edge - a[1]) / rise)
        elif room_b < 0:
            high = min(high, (edge - a[1]) / rise)
    if low >= high:
        return None
    start = a if low == 0.0 else (a[0] + low * (b[0] - a[0]), a[1] + low * rise)
    end = b if high == 1.0 else (a[0] + high * (b[0] - a[0]), a[1] + high * rise)
    return start, end


def view(values: Sequence[float], name: str, also: Sequence[float] = ()) -> Axis:
    """The range of heights that shows a function: all of it, or where it has poles its quiet part.

    >>> axis = view([1 / (x + 0.5) for x in range(-50, 50)], "y")
    >>> -3 < axis.low < axis.high < 3
    True
    """
    known = sorted(value for value in values if math.isfinite(value))
    if not known:
        return Axis(-1.0, 1.0, name)
    low, high = known[0], known[-1]
    quiet_low, quiet_high = known[len(known) // 14], known[-1 - len(known) // 14]
    if high - low > 5 * (quiet_high - quiet_low) > 0:
        room = quiet_high - quiet_low
        low, high = max(low, quiet_low - room), min(high, quiet_high + room)
    low, high = min([low, *also]), max([high, *also])
    if high - low < 1e-9 * max(1.0, abs(low)):
        low, high = low - 1, high + 1
    margin = 0.07 * (high - low)
    return Axis(low - margin, high + margin, name)


def interesting(functions: Sequence[Function], points: Sequence[float] = ()) -> tuple[float, float]:
    """A range of x that shows where functions change their signs or stop having values, and the points given.

    >>> low, high = interesting([lambda x: x**3 - x, lambda x: 3*x**2 - 1])
    >>> -2.5 < low < -1 and 1 < high < 2.5
    True
    """
    grid = [index / 20 + 0.003 for index in range(-200, 200)]  # off the round values, where formulas like to be undefined
    found = list(points)
    for f in functions:
        values = [f(x) for x in grid]
        for before, after, a, b in zip(grid, grid[1:], values, values[1:]):
            if math.isfinite(a) != math.isfinite(b) or a * b < 0:
                found.append((before + after) / 2)
    if not found:
        return -3.0, 3.0
    low, high = min(found), max(found)
    if len(found) > 24:  # it goes on for ever
        low, high = max(low, -2 * math.pi), min(high, 2 * math.pi)
        return low, high
    room = max(0.5 * (high - low), 1.0 if high > low else 3.0)
    low, high = low - room, high + room
    known = [x for x in grid if math.isfinite(functions[0](x))]
    if known and known[0] > low and not math.isfinite(functions[0](low)):
        low = known[0] - 0.06 * (high - known[0])
    if known and known[-1] < high and not math.isfinite(functions[0](high)):
        high = known[-1] + 0.06 * (known[-1] - low)
    return _round(low), _round(high)


def _round(value: float) -> float:
    return float(f"{value:.2g}")


def level_lines(values: Sequence[Sequence[float]], xs: Sequence[float], ys: Sequence[float], level: float) -> list[tuple[Point, ...]]:
    """Where a function given on a grid (values[row][column]) has one height, as short lines: marching squares.

    >>> level_lines([[0.0, 1.0], [0.0, 1.0]], [0.0, 1.0], [0.0, 1.0], 0.25)
    [((0.25, 0.0), (0.25, 1.0))]
    """
    lines: list[tuple[Point, ...]] = []
    for row in range(len(ys) - 1):
        for column in range(len(xs) - 1):
            corners = [(xs[column], ys[row], values[row][column]), (xs[column + 1], ys[row], values[row][column + 1]),
                       (xs[column + 1], ys[row + 1], values[row + 1][column + 1]), (xs[column], ys[row + 1], values[row + 1][column])]
            if not all(math.isfinite(corner[2]) for corner in corners):
                continue
            crossed = []
            for a, b in zip(corners, [*corners[1:], corners[0]]):
                if (a[2] < level) != (b[2] < level):
                    share = (level - a[2]) / (b[2] - a[2])
                    crossed.append((a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1])))
            lines += [(crossed[i], crossed[i + 1]) for i in range(0, len(crossed) - 1, 2)]
    return lines
