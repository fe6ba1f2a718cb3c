"""What a plot is made of: panels with lines, points, arrows and their ranges; no formula and no format is known here."""

from __future__ import annotations

import math
from dataclasses import dataclass

from symdiff.drawing.layout import Point

__all__ = ["INKS", "Arrow", "Axis", "Chart", "Ink", "Line", "Panel", "Spot", "ticks"]


@dataclass(frozen=True, slots=True)
class Ink:
    """How a line is drawn, on light and on dark: colour, width in pixels, and dashes, so that lines differ without colour."""

    light: str
    dark: str
    width: float = 2.2
    dashes: str = ""


INKS = {
    "function": Ink("#2563eb", "#60a5fa"),
    "slope": Ink("#c2410c", "#fb923c"),
    "tangent": Ink("#15803d", "#4ade80", 2.0, "9 4"),
    "secant": Ink("#7c3aed", "#a78bfa", 1.4, "2 3"),
    "level": Ink("#94a3b8", "#64748b", 1.0),
    "path": Ink("#c2410c", "#fb923c", 2.2),
    "field": Ink("#2563eb", "#60a5fa", 1.2),
    "second": Ink("#7c3aed", "#a78bfa", 2.2, "7 4"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """A line in pieces: where one ends and the next begins is a gap."""

    ink: str
    pieces: tuple[tuple[Point, ...], ...]
    label: str = ""


@dataclass(frozen=True, slots=True)
class Spot:
    """A point with what is said beside it."""

    ink: str
    at: Point
    label: str = ""


@dataclass(frozen=True, slots=True)
class Arrow:
    """An arrow between two points."""

    ink: str
    start: Point
    end: Point


@dataclass(frozen=True, slots=True)
class Axis:
    """The range of one direction; logarithmic ranges are positive."""

    low: float
    high: float
    name: str = ""
    logarithmic: bool = False

    def share(self, value: float) -> float:
        """Where a value stands: 0 at the low end, 1 at the high one."""
        if self.logarithmic:
            return (math.log10(value) - math.log10(self.low)) / (math.log10(self.high) - math.log10(self.low))
        return (value - self.low) / (self.high - self.low)


@dataclass(frozen=True, slots=True)
class Panel:
    """One frame with axes."""

    title: str
    x: Axis
    y: Axis
    lines: tuple[Line, ...] = ()
    spots: tuple[Spot, ...] = ()
    arrows: tuple[Arrow, ...] = ()
    square: bool = False
    """As high as wide."""


@dataclass(frozen=True, slots=True)
class Chart:
    """Panels one below the other."""

    title: str
    panels: tuple[Panel, ...]


def ticks(axis: Axis, most: int = 7) -> list[float]:
    """Round values inside a range: 1, 2 or 5 times a power of ten apart; powers of ten on a logarithmic axis.

    >>> ticks(Axis(-1.6, 1.7))
    [-1.5, -1.0, -0.5, 0.0, 0.5, 1.0, 1.5]
    >>> ticks(Axis(1e-16, 1.0, logarithmic=True))
    [1e-15, 1e-12, 1e-09, 1e-06, 0.001, 1.0]
    """
    if axis.logarithmic:
        low, high = math.ceil(math.log10(axis.low) - 1e-9), math.floor(math.log10(axis.high) + 1e-9)
        apart = next(step for step in (1, 2, 3, 5, 10, 20, 50, 100, 200) if (high - low) / step < most)
        return [float(f"1e{power}") for power in range(low, high + 1) if power % apart == 0]
    raw = (axis.high - axis.low) / most
    power = 10.0 ** math.floor(math.log10(raw))
    apart_by = next(step for step in (power, 2 * power, 5 * power, 10 * power) if step >= raw * 0.999)
    first, last = math.ceil(axis.low / apart_by - 1e-9), math.floor(axis.high / apart_by + 1e-9)
    return [float(f"{index * apart_by:.12g}") for index in range(first, last + 1)]
