"""One claimed derivative along one line against a numeric one: agreement, disagreement beyond all errors, or why neither can be said."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from symdiff.testing.references import Line, Reference, complex_step, nearby, richardson, staircase, trouble_at

__all__ = ["Comparison", "Slope", "compared"]

USEFUL = 1e-3
"""The relative error up to which agreement says something."""
SURE = 20.0
"""By how many times all estimated errors values must differ before they are called different."""
CANCELLATION, OVERFLOW = "cancellation: too few digits are left to compare", "overflow: the derivative is beyond the floats"


@dataclass(frozen=True, slots=True)
class Comparison:
    """verdict: pass, fail or inconclusive; the claimed and the numeric value, what the latter may be off, and the reason."""

    verdict: str
    claimed: float
    reference: Reference
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Slope:
    """What is compared at a point: the line through it, its extension to complex numbers if there is one, and the claimed derivative.

    claim: takes a shift along the line, so that it can be asked beside the point too.  scale: the size of the steps that suit the point.
    size: of the largest coordinate that moves.
    exact: a reference of high precision, where the function is a formula.
    """

    line: Line
    claim: Callable[[float], float]
    scale: float
    size: float
    precision: float
    order: int = 1
    complex_line: Callable[[complex], complex] | None = None
    exact: Callable[[], Reference] | None = None


def compared(slope: Slope) -> Comparison:
    """The comparison at the point; a disagreement is looked at again before it is believed."""
    claimed = slope.claim(0.0)
    reference = _reference(slope)
    if reference.trouble:
        return Comparison("inconclusive", claimed, reference, reference.trouble)
    if abs(reference.value) > 1e300:
        return Comparison("inconclusive", claimed, reference, OVERFLOW)
    rounding = slope.precision * abs(slope.line(0.0)) / slope.scale ** slope.order  # a derivative below it is nothing beside f itself
    bound = 4 * (reference.error + slope.precision * abs(reference.value) + rounding)
    if abs(claimed - reference.value) <= bound:
        return _agreement(slope, claimed, reference, bound)
    return _looked_at_again(slope, claimed, reference)


def _reference(slope: Slope, ratio: float = 0.5, part: float = 1.0) -> Reference:
    if slope.exact is not None:
        return slope.exact()
    found = richardson(slope.line, slope.scale * part, slope.precision, size=slope.size, order=slope.order, ratio=ratio)
    if slope.complex_line is not None and slope.order == 1:
        return complex_step(slope.complex_line, found, slope.size, slope.precision)
    return found


def _agreement(slope: Slope, claimed: float, reference: Reference, bound: float) -> Comparison:
    size = max(abs(claimed), abs(reference.value), 1e-3 * abs(slope.line(0.0)) / slope.scale ** slope.order)
    if bound <= USEFUL * size or (claimed == 0 and reference.value == 0):
        return Comparison("pass", claimed, reference)
    small = bound <= USEFUL * slope.scale ** -slope.order and slope.line(0.0) == 0
    reason = "" if small else trouble_at(slope.line, slope.scale, slope.precision) or CANCELLATION
    return Comparison("inconclusive" if reason else "pass", claimed, reference, reason)


def _looked_at_again(slope: Slope, claimed: float, reference: Reference) -> Comparison:
    """Other steps, the two sides of the point, and how much the claim itself trembles, before values are called different."""
    trouble = trouble_at(slope.line, slope.scale, slope.precision)
    if trouble:
        return Comparison("inconclusive", claimed, reference, trouble)
    second = reference if slope.exact is not None else _reference(slope, 0.43, 0.31)
    if second.trouble or abs(second.value - reference.value) > 10 * (second.error + reference.error):
        return Comparison("inconclusive", claimed, reference, CANCELLATION)
    best = min(reference, second, key=lambda found: found.error)
    if not math.isfinite(claimed):
        clear = best.error <= USEFUL * max(abs(best.value), abs(slope.line(0.0)) / slope.scale ** slope.order)
        return Comparison("fail" if clear else "inconclusive", claimed, best, "" if clear else CANCELLATION)
    nudges = [slope.size * slope.precision * step for step in (1, -1, 3, -3, 8)]
    beside = [value for value in map(slope.claim, nudges) if math.isfinite(value)]
    trembling = max(beside) - min(beside) if beside else 0.0
    trembling += staircase(slope.claim, slope.scale)
    if slope.exact is None:
        trembling += staircase(slope.line, slope.scale) / nearby(slope.scale) ** slope.order
    rounding = slope.precision * (abs(claimed) + abs(best.value) + abs(slope.line(0.0)) / slope.scale ** slope.order)
    errors = best.error + trembling + 4 * rounding
    if abs(claimed - best.value) > SURE * errors:
        return Comparison("fail", claimed, best)
    if errors <= USEFUL * max(abs(claimed), abs(best.value)):
        return Comparison("pass", claimed, best)
    return Comparison("inconclusive", claimed, best, CANCELLATION)
