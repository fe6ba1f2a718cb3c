"""Numeric derivatives of a black box along a line, each with an estimate of its own error, and what is wrong with a point that has none.

Differences are extrapolated (Richardson, Ridders); a complex step sharpens the result where the function takes complex numbers and the
differences confirm it.  Source: Ridders, Accurate computation of F'(x) and F'(x)F''(x), Advances in Engineering Software 4 (1982);
the noise of a function from its differences: Moré and Wild, Estimating computational noise, SIAM J. Sci. Comput. 33 (2011).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

__all__ = ["Line", "Reference", "complex_step", "nearby", "noise_of", "richardson", "staircase", "trouble_at"]

Line = Callable[[float], float]
"""A function of one number, looked at around 0; nan where it has no value."""
LEVELS = 6
SCALES = (0.1, 0.01, 1e-3, 1e-4, 1e-6)
"""First steps tried, as parts of the scale of the point: wide ones lose no digits, narrow ones suit functions that vary fast."""
CONFIRMING = (0.0073, 0.0029)
"""The steps that confirm a value, as parts of the widest step it came from."""
CONFIRMED = 0.01
"""The relative error that differences may have and still confirm a complex step."""
GOOD = 1e-10
"""A relative error at which the search for better steps ends."""
NO_VALUE, OVERFLOW = "no value: f is not defined here", "overflow: f is infinite here"
EDGE = "edge: f has no value on one side"
KINK, JUMP = "kink: the slopes from both sides differ", "branch cut or jump: f is not continuous here"
STEEP = "vertical tangent or pole: the difference quotients grow without bound"


@dataclass(frozen=True, slots=True)
class Reference:
    """A derivative, what it may be off, how it was found; or the trouble that left none."""

    value: float = math.nan
    error: float = math.inf
    method: str = ""
    trouble: str = ""


def richardson(line: Line, scale: float, precision: float, *, size: float | None = None, order: int = 1, ratio: float = 0.5) -> Reference:
    """The first or second derivative at 0 by central differences with shrinking steps, extrapolated.

    scale: over which size of step the line is expected to bend.  precision: the relative rounding error of its values.
    size: of the largest coordinate that moves, by default the scale: it is what rounding of the input goes by.
    ratio: between one step and the next; another one gives a second opinion.

    >>> import math
    >>> found = richardson(lambda t: math.exp(1 + t), 1.0, 2.0**-52)
    >>> abs(found.value - math.e) <= found.error < 1e-9
    True
    """
    centre = line(0.0)
    if not math.isfinite(centre):
        return Reference(trouble=NO_VALUE if math.isnan(centre) else OVERFLOW)
    noise = noise_of(line, scale if size is None else size, precision)
    best = Reference(trouble=EDGE)
    for part in SCALES:
        found = _extrapolated(line, centre, part * scale, noise, precision, order, ratio)
        if found is not None and not found.error >= best.error and _confirmed(line, centre, found, part * scale, noise, order):
            best = found
        if best.error <= GOOD * abs(best.value):
            break
    return best


def _confirmed(line: Line, centre: float, found: Reference, widest: float, noise: float, order: int) -> bool:
    """Whether a much smaller step, of another ratio, gives about the same.

    Halved steps all agree on a wrong value where they are nearly multiples of a period: sin(1000*t) at steps of 1/10, 1/20, ...
    """
    def quotient(step: float) -> float:
        right, left = line(step), line(-step)
        return (right - left) / (2 * step) if order == 1 else (right - 2 * centre + left) / step / step
    wide = quotient(widest)
    for part in CONFIRMING:
        value = quotient(widest * part)
        curved = part * abs(wide) if math.isfinite(wide) else 0.0  # t^3 at 0 has slope 0, and no difference quotient is 0
        size = max(abs(value), abs(found.value))
        if not abs(value - found.value) <= 0.01 * size + curved + 4 * found.error + 10 * noise / (widest * part) ** order:
            return False
    return True


def noise_of(line: Line, size: float, precision: float) -> float:
    """The size of the rounding errors in the values: what is left of high differences over tiny steps."""
    spacing: float = precision ** -0.25  # in rounding errors of the input: 8192 for doubles, 54 for singles
    row = [line(place * size * precision * spacing) for place in range(-3, 4)]
    if not all(map(math.isfinite, row)):
        return precision * abs(line(0.0))
    from_input = max(abs(b - a) for a, b in pairwise(row)) / spacing  # the input is rounded too
    return max(precision * max(map(abs, row)), rough_part(row, 3), from_input)


def rough_part(row: list[float], least: int) -> float:
    """The part of equally spaced values that no smooth function has: their differences from that order on, scaled to one value."""
    found = 0.0
    for order in range(1, len(row)):
        row = [b - a for a, b in pairwise(row)]
        if order >= least:
            found = max(found, math.sqrt(sum(d * d for d in row) / len(row) / math.comb(2 * order, order)))
    return found


def nearby(scale: float) -> float:
    """The spacing at which values are looked at for cancellation: the part of a small point's own size, of 1 for large ones."""
    return 0.1 * scale if scale < 0.01 else 0.01 * min(scale, 1.0)


def staircase(line: Line, scale: float) -> float:
    """What the values near a point tremble by beyond rounding: cancellation makes smooth functions into stairs.

    >>> import math
    >>> staircase(lambda t: (1 - math.cos(9e-8 + t))/(9e-8 + t)**2, 9e-8) > 1e-3, staircase(math.exp, 1.0) < 1e-9
    (True, True)
    """
    row = [line(place * nearby(scale)) for place in range(-3, 4)]
    return rough_part(row, 6) if all(map(math.isfinite, row)) else 0.0


def _extrapolated(line: Line, centre: float, step: float, noise: float, precision: float, order: int, ratio: float) -> Reference | None:
    """The best entry of one table of differences; each is judged by its neighbours and by the rounding in it."""
    best: Reference | None = None
    above: list[float] = []
    rounding = 0.0
    for level in range(LEVELS):
        h = step * ratio ** level
        right, left = line(h), line(-h)
        if not (math.isfinite(right) and math.isfinite(left)):
            above = []
            continue
        row = [(right - left) / (2 * h) if order == 1 else (right - 2 * centre + left) / h / h]
        largest = max(noise, precision * max(abs(right), abs(left)))
        rounding = max(rounding / 3, largest / h if order == 1 else 4 * largest / h / h)  # older rows enter with weights below 1/3
        for place, older in enumerate(above):
            gain = ratio ** (-2 * (place + 1))
            row.append(row[place] + (row[place] - older) / (gain - 1))
            error = max(abs(row[-1] - row[-2]), abs(row[-1] - older)) + rounding
            if best is None or error < best.error:
                best = Reference(row[-1], error, "Richardson extrapolation")
        above = row
    return best


def complex_step(line: Callable[[complex], complex], found: Reference, scale: float, precision: float) -> Reference:
    """The derivative from one imaginary step, which loses no digits; taken only where the differences confirm it.

    A function that drops the imaginary part on the way (abs, a comparison of its own) is not confirmed, and the differences stand.

    >>> import cmath
    >>> rough = richardson(lambda t: cmath.exp(1 + t).real, 1.0, 2.0**-52)
    >>> complex_step(lambda t: cmath.exp(1 + t), rough, 1.0, 2.0**-52).method
    'complex step'
    """
    if found.trouble or found.error > CONFIRMED * abs(found.value):
        return found
    values = []
    for nudge in (0.0, 1.0, -1.0, 2.0):
        step = complex(nudge * scale * precision, 1e-30 * scale)
        try:
            values.append(line(step).imag / step.imag)
        except Exception:  # whatever a function raises that takes no complex numbers
            return found
    value = values[0]
    spread = max(abs(other - value) for other in values) + 4 * precision * abs(value)
    if not math.isfinite(spread) or spread > found.error or abs(value - found.value) > 4 * found.error:
        return found
    return Reference(value, spread, "complex step")


def trouble_at(line: Line, scale: float, precision: float) -> str:
    """Why a point has no derivative that differences could tell: a kink, a jump, an edge, a vertical tangent; '' for none of these.

    >>> trouble_at(abs, 1.0, 2.0**-52)
    'kink: the slopes from both sides differ'
    """
    centre = line(0.0)
    steps = [scale * part for part in (1e-3, 1e-4, 1e-5, 1e-6)]
    right, left = [line(h) - centre for h in steps], [centre - line(-h) for h in steps]
    if not all(map(math.isfinite, (*right, *left))):
        return EDGE
    clear = 50 * precision * max(map(abs, (centre, *right, *left)))
    if _stays([a + b for a, b in zip(right, left)], clear, 0.6):
        return JUMP
    slopes = [(abs(a) + abs(b)) / h for a, b, h in zip(right, left, steps)]
    gaps = [abs(a - b) / h for a, b, h in zip(right, left, steps)]
    kept = [place for place, h in enumerate(steps) if gaps[place] * h > clear and gaps[place] > 1e-6 * slopes[place]]
    if len(kept) >= 3 and all(gaps[b] > 0.5 * gaps[a] for a, b in pairwise(kept)):
        return KINK
    sizes = [size for size, h in zip(slopes, steps) if size * h > clear]
    return STEEP if len(sizes) >= 3 and all(b > 1.5 * a for a, b in pairwise(sizes)) else ""


def _stays(differences: list[float], clear: float, share: float) -> bool:
    """Whether a difference does not go to 0 with the step."""
    return all(abs(d) > clear for d in differences) and all(abs(b) > share * abs(a) for a, b in pairwise(differences))
