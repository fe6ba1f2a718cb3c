"""Enclosures: the largest difference between f' and a formula on a whole interval, by Taylor models in balls and bisection.

On a box m + t, |t| <= r, a function is its first coefficients at m plus the next one, taken over the whole box, times t^ORDER (Taylor's
theorem with Lagrange's remainder).  The coefficients of f' - df at m are thin, so the bound falls with the sixth power of the width.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from symdiff.checking.balls import Balls, as_ball, finite
from symdiff.expr import Expr

__all__ = ["BITS", "ORDER", "Enclosure", "Gap", "Pair", "Splitter"]

ORDER = 6
"""The power of the remainder: the model of f' has six thin coefficients before it."""
BITS = 200
"""Precision of the balls; a thin coefficient is off by some 10^-58 of the numbers it came from."""
NARROWEST = 2 ** 16
"""A box this many times narrower than the interval is split no further; it is a gap."""
WIDEST_GAPS = Fraction(1, 4)
"""Of the interval: above it nothing is said of the rest."""

Gap = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Pair:
    """f' and df at one point, each a ball, or None where it has no certain value."""

    derivative: Any
    formula: Any

    @property
    def differ(self) -> bool:
        """Whether no number is in both."""
        return self.derivative is not None and self.formula is not None and not self.derivative.overlaps(self.formula)


@dataclass(frozen=True, slots=True)
class Enclosure:
    """What an attempt on one interval gave.

    bound: the largest difference relative to the larger of `scale` and |f'|, None where none was shown.  gaps: where nothing is said.
    differs: a point where the enclosures are disjoint.  reason: why no bound was shown.
    """

    bound: float | None = None
    scale: float = 1.0
    boxes: int = 0
    gaps: tuple[Gap, ...] = ()
    differs: Fraction | None = None
    reason: str = ""


class Splitter:
    """f and df on intervals of one variable, the others having the series given.

    rounded: numbers in the formulas may be off in their last digit, so that disjoint enclosures say nothing.
    """

    def __init__(self, flint: Any, function: Balls, slope: Balls, variable: Expr, others: Mapping[Expr, Any], rounded: bool = False) -> None:
        self.flint, self.function, self.slope = flint, function, slope
        self.variable, self.others, self.rounded = variable, others, rounded

    def at(self, point: Fraction) -> Pair:
        """f' and df at a point."""
        f, df = self._expanded(self.flint.arb_series([as_ball(self.flint, point), 1]))
        return Pair(None if f is None else f[1], None if df is None else df[0])

    def value(self, point: Fraction) -> Pair:
        """The same with what it takes and no more: two coefficients of f, which both have to be finite, and one of df."""
        environment = {**self.others, self.variable: self.flint.arb_series([as_ball(self.flint, point), 1])}
        f = finite(self.flint, self.function.series(self.flint, environment), 2)
        df = finite(self.flint, self.slope.series(self.flint, environment), 1)
        return Pair(None if f is None else f[1], None if df is None else df[0])

    def enclosed(self, low: Fraction, high: Fraction, eps: float, budget: int) -> Enclosure:
        """Split until the difference is below eps*max(scale, |f'|) on every box, or a box is too narrow or the budget is spent.

        The scale is the largest |f'| met at points of the interval (1 where it is 0 at all of them).
        """
        scale = self._scale(low, high)
        if isinstance(scale, Fraction):
            return Enclosure(differs=scale)
        if scale is None:
            return Enclosure(reason="f has no certain value at most of its points")
        stack, boxes, worst = [(low, high)], 0, self.flint.arb(0)
        gaps: list[tuple[Fraction, Fraction]] = []
        narrow, unfit = (high - low) / NARROWEST, Fraction(0)
        while stack:
            left, right = stack.pop()
            boxes += 1
            if boxes > budget:
                return Enclosure(boxes=boxes, reason=f"{budget} boxes were not enough; at {float(left):.6g} one of width "
                                                     f"{float(right - left):.3g} is not narrow enough")
            bound, point = self._bound(left, right, scale)
            if point is not None:
                return Enclosure(boxes=boxes, differs=point)
            if bound is not None and bound < eps:
                worst = worst.max(bound)
            elif right - left > narrow and not (bound is None and self._hopeless(left, right, high - low)):
                middle = (left + right) / 2
                stack += [(middle, right), (left, middle)]
            else:
                unfit += right - left
                _add_gap(gaps, left, right)
        if unfit > WIDEST_GAPS * (high - low):
            return Enclosure(boxes=boxes, reason="f or the formula has no certain value on much of it")
        return Enclosure(bound=_up(worst), scale=_up(scale), boxes=boxes, gaps=tuple((float(a), float(b)) for a, b in gaps))

    def _scale(self, low: Fraction, high: Fraction) -> Any:
        """The largest |f'| at nine points; a point where the enclosures are disjoint; None where few points have a value."""
        sizes = []
        for k in range(9):
            point = low + (high - low) * Fraction(2 * k + 1, 18)
            pair = self.at(point)
            if pair.differ and not self.rounded:
                return point
            if pair.derivative is not None and pair.formula is not None:
                sizes.append(pair.derivative.abs_lower())
        if len(sizes) < 5:
            return None
        largest = max(sizes)
        return largest if largest > 0 else self.flint.arb(1)

    def _bound(self, left: Fraction, right: Fraction, scale: Any) -> tuple[Any, Fraction | None]:
        """How far f' and df are apart on a box at most, by the larger of f' and the scale; and a point where they differ for certain."""
        middle = (left + right) / 2
        centre = as_ball(self.flint, middle)
        radius = (as_ball(self.flint, right - left) / 2).upper()
        thin_f, thin_df = self._expanded(self.flint.arb_series([centre, 1]))
        if thin_f is None or thin_df is None:
            return None, None
        gaps = [(k + 1) * thin_f[k + 1] - thin_df[k] for k in range(ORDER)]
        if not self.rounded and not gaps[0].overlaps(self.flint.arb(0)):
            return None, middle
        wide_f, wide_df = self._expanded(self.flint.arb_series([centre + self.flint.arb(0, radius), 1]))
        if wide_f is None or wide_df is None:
            return None, None
        total = abs((ORDER + 1) * wide_f[ORDER + 1] - wide_df[ORDER]).upper()
        for gap in reversed(gaps):
            total = (total * radius + abs(gap).upper()).upper()
        return (total / scale.max(wide_f[1].abs_lower())).upper(), None

    def _expanded(self, series: Any) -> tuple[list[Any] | None, list[Any] | None]:
        """The coefficients of f to ORDER + 1 and of df to ORDER; None unless every one is finite."""
        environment = {**self.others, self.variable: series}
        f = finite(self.flint, self.function.series(self.flint, environment), ORDER + 2)
        df = finite(self.flint, self.slope.series(self.flint, environment), ORDER + 1)
        return f, df

    def _hopeless(self, left: Fraction, right: Fraction, width: Fraction) -> bool:
        """A box outside the domain, by its ends and its middle, is not split to the end."""
        if right - left > width / 256:
            return False
        return all(None in (self.at(point).derivative, self.at(point).formula) for point in (left, (left + right) / 2, right))


def _add_gap(gaps: list[tuple[Fraction, Fraction]], left: Fraction, right: Fraction) -> None:
    """Boxes come from left to right; neighbours are one gap."""
    if gaps and gaps[-1][1] == left:
        gaps[-1] = gaps[-1][0], right
    else:
        gaps.append((left, right))


def _up(ball: Any) -> float:
    """A float that is certainly not below."""
    value = float(ball.upper())
    return value * (1 + 1e-15) if value else 0.0
