"""check: a formula for a derivative against difference quotients of the function in high precision, at points of every scale.

A second opinion: it works from the values of the two formulas alone and knows no rule of differentiation.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice
from typing import Any

from symdiff.checking.sampling import ROUND, drawn_points, read_intervals
from symdiff.checking.verdict import Verdict
from symdiff.errors import UsageError
from symdiff.evaluation import precise_context
from symdiff.evaluator import Evaluator
from symdiff.expr import NUMBER, Expr, Real
from symdiff.operations.op import as_expr
from symdiff.parsing.infix import parse
from symdiff.symbols import as_symbol
from symdiff.undefined import grew_too_large
from symdiff.walk import free_symbols

__all__ = ["check"]

ENOUGH = 5
"""Points below which agreement is not reported."""
PATIENCE = 60
"""Points tried for each point wanted, before giving up."""
WORK = 3_000_000
"""Values of nodes computed at most, after a first few points."""
ROUNDED_DIGITS = 13
"""Digits compared where a formula holds floats that look rounded."""


def check(f: Expr | Real | str, df: Expr | Real | str, x: Expr | str | None = None, *, points: int = 12, digits: int = 25,  # noqa: PLR0913
          seed: int = 0, domain: Mapping[Any, Any] | Expr | str | None = None) -> Verdict:
    """Compare df with a numeric derivative of f by x, at corner values and at random points on every scale.

    f, df: expressions or text; both are real, and decimals in them mean just that decimal number.  Where one has 14 digits or more it
    may be rounded (folding in derivatives rounds so), and 13 digits are compared.
    x: the variable; by default the only one there is.  Other variables take random values too.
    points: usable points wanted; more are used where a full round over all scales has more.  digits: to which they must agree.
    domain: where to look, {variable: (low, high)} or a condition such as "x > y"; by default all reals.
    A point is dropped where f has no derivative (no value, an edge, a kink, a jump) or digits are lost.  df without a value where f
    has a derivative is refuted, unless it lacks the value at single points only.
    Gives a Verdict: sampled, refuted or unknown.  Raises UsageError for several variables without x; MissingDependency without mpmath.

    >>> print(check("x^2*sin(x)", "2x*sin(x) + x^2*cos(x)"))
    agreed at 24 points to 25 digits (seed 0)
    >>> print(check("x^2", "3x"))
    refuted at x = 1.6...: the derivative is 3.3..., the formula gives 5.0...
    """
    function, slope = _formula(f), _formula(df)
    if points < ENOUGH or not 5 <= digits <= 1_000:
        raise UsageError(f"check takes points from {ENOUGH} on and digits from 5 to 1000, not {points} and {digits}")
    variable = _variable(function, slope, x)
    condition = None if domain is None or isinstance(domain, Mapping) else _formula(domain, relation=True)
    symbols = {str(s): s for s in free_symbols(variable, function, slope, *([] if condition is None else [condition]))}
    intervals = read_intervals(domain, symbols) if isinstance(domain, Mapping) else {}
    others = [s for s in symbols.values() if s is not variable]
    compared = min(digits, ROUNDED_DIGITS) if _looks_rounded(function, slope) else digits
    comparison = _Comparison(function, slope, variable, compared, condition)
    usable = 0
    dropped: Counter[str] = Counter()
    notes: list[str] = []
    effort = max(ENOUGH + 3, WORK // (8 * comparison.size))
    for tried, point in enumerate(islice(drawn_points(variable, others, intervals, seed), min(PATIENCE * points, effort))):
        if tried >= ROUND and usable >= points:
            break
        if tried >= 3 * ROUND and comparison.has_no_float(point):
            dropped["f has no value"] += 1
            continue
        outcome = comparison.at(point)
        if outcome.refuted:
            return Verdict(kind="refuted", points=usable, digits=compared, seed=seed, point={str(s): v for s, v in point.items()},
                           expected=outcome.expected, found=outcome.found)
        if outcome.dropped:
            dropped[outcome.dropped] += 1
            if outcome.dropped == _GAP and not notes:
                notes.append("df has no value at " + ", ".join(f"{s} = {v:.15g}" for s, v in point.items()) + ", where f has a derivative")
        else:
            usable += 1
    if usable >= ENOUGH:
        return Verdict(kind="sampled", points=usable, digits=compared, seed=seed, reason="".join(notes))
    reasons = "; ".join(f"{count} dropped: {why}" for why, count in dropped.most_common())
    return Verdict(kind="unknown", points=usable, digits=compared, seed=seed, reason=f"{usable or 'no'} usable points ({reasons})")


def _formula(value: Any, relation: bool = False) -> Expr:
    node = parse(value) if isinstance(value, str) else as_expr(value)
    if node.op.relation is not relation:
        raise UsageError(f"'{node}' is {'no ' if relation else 'a '}condition; check compares a function and its derivative"
                         + (", domain is a condition such as x > 0 or {x: (low, high)}" if relation else ""))
    return node


def _variable(function: Expr, slope: Expr, x: Expr | str | None) -> Expr:
    if x is not None:
        return as_symbol(x)
    names = free_symbols(function) or free_symbols(slope)
    if len(names) > 1:
        raise UsageError(f"say by which variable: check(f, df, x); there are {', '.join(map(str, names))}")
    return names[0] if names else as_symbol("x")


def _looks_rounded(*formulas: Expr) -> bool:
    """Whether a float has so many digits that it is a rounded result rather than what someone wrote."""
    return any(node.op is NUMBER and type(node.value) is float and len(repr(node.value).partition("e")[0].strip("-0.").replace(".", "")) >= 14  # type: ignore[comparison-overlap]
               for formula in formulas for node in Evaluator(formula).order)


@dataclass(frozen=True, slots=True)
class _Outcome:
    refuted: bool = False
    dropped: str = ""
    expected: Decimal | None = None
    found: Decimal | None = None


@dataclass(frozen=True, slots=True)
class _Estimate:
    """A numeric derivative with what it may be off, and whether the two sides of the point differ."""

    value: Any
    error: Any
    kink: bool


_AGREED = _Outcome()
_GAP = "df lacks its value at a single point"


class _Comparison:
    """f and df at one point after another, in two precisions: what looks wrong in the first is looked at again in the second."""

    def __init__(self, function: Expr, slope: Expr, variable: Expr, digits: int, condition: Expr | None) -> None:  # noqa: PLR0913, PLR0917
        self.function, self.slope = Evaluator(function), Evaluator(slope)
        self.condition = None if condition is None else Evaluator(condition)
        self.size = len(self.function.order) + len(self.slope.order)
        self.variable, self.digits = variable, digits
        step = 10 + digits * 2 // 5  # the stencil's error is of order step^4, that of rounding 1/step
        self.levels = [_Level(step, digits + 2 * step + 45), _Level(2 * step + 5, digits + 4 * step + 105)]

    def at(self, point: Mapping[Expr, float]) -> _Outcome:
        rough, fine = self.levels
        if self.condition is not None and self.condition.precise(rough.exact(point), rough.mp) is not True:
            return _Outcome(dropped="outside the domain asked for")
        first = rough.derivative(self.function, point, self.variable)
        if isinstance(first, str):
            return _Outcome(dropped=first)
        values = self.slope.precise_values(rough.exact(point), rough.mp)
        value = values[-1]
        if value is None and grew_too_large(self.slope, values):
            return _Outcome(dropped="the numbers grow too large")
        if value is not None and not first.kink and self._close(first.value, value) and first.error <= abs(first.value):
            return _AGREED
        second = fine.derivative(self.function, point, self.variable)
        if isinstance(second, str):
            return _Outcome(dropped=second)
        if second.kink or first.kink:
            return _Outcome(dropped="f has a kink")
        if value is None:
            return self._without_value(second, point)
        return self._judged(first, second, value, self.slope.precise_values(fine.exact(point), fine.mp)[-1])

    def has_no_float(self, point: Mapping[Expr, float]) -> bool:
        """A quick look, for formulas with values at few points."""
        return math.isnan(self.function.floats(point))

    def _close(self, a: Any, b: Any) -> bool:
        return bool(abs(a - b) <= max(abs(a), abs(b)) * self.levels[0].tolerance(self.digits))

    def _judged(self, first: _Estimate, second: _Estimate, rough: Any, value: Any) -> _Outcome:
        """Agreement and refutation where both precisions tell it, beyond all that rounding may have done."""
        if value is None:
            return _Outcome(dropped="digits are lost")
        off = abs(rough - value)
        if self._close(second.value, value) and second.error <= abs(second.value):
            return _AGREED
        if abs(second.value) <= second.error and (value == 0 or abs(value) <= off) and off <= max(first.error, abs(first.value)):
            return _AGREED  # both are 0: what is left of them goes with the precision
        if abs(second.value - value) > 1000 * (second.error + off) and not self._close(second.value, value):
            return self._refuted(second.value, value)
        return _Outcome(dropped="digits are lost")

    def _without_value(self, estimate: _Estimate, point: Mapping[Expr, float]) -> _Outcome:
        level = self.levels[1]
        if estimate.error > abs(estimate.value) * level.tolerance(5) and estimate.error > level.tolerance(self.digits):
            return _Outcome(dropped="f has no steady difference quotient")
        for sign in (1, -1):  # all variables move, by different amounts
            near = {s: v + sign * level.step * (7 + index) for index, (s, v) in enumerate(level.exact(point).items())}
            if self.slope.precise_values(near, level.mp)[-1] is not None:
                return _Outcome(dropped=_GAP)
        return self._refuted(estimate.value, None)

    def _refuted(self, expected: Any, found: Any) -> _Outcome:
        return _Outcome(refuted=True, expected=self._decimal(expected), found=None if found is None else self._decimal(found))

    def _decimal(self, value: Any) -> Decimal:
        return Decimal(str(self.levels[1].mp.nstr(value, self.digits + 3)))


class _Level:
    """One working precision with its step: difference quotients in a context of their own."""

    def __init__(self, step: int, digits: int) -> None:
        self.mp = precise_context(digits * 10 // 3 + 1, "checking")
        self.step = self.mp.mpf(10) ** -step
        self.noise = self.mp.mpf(10) ** (10 - digits)
        self._tolerances: dict[int, Any] = {}

    def tolerance(self, digits: int) -> Any:
        if digits not in self._tolerances:
            self._tolerances[digits] = self.mp.mpf(10) ** -digits
        return self._tolerances[digits]

    def exact(self, point: Mapping[Expr, float]) -> dict[Expr, Any]:
        """The decimals of the point as numbers of this precision."""
        return {symbol: self.mp.mpf(repr(value)) for symbol, value in point.items()}

    def derivative(self, function: Evaluator, point: Mapping[Expr, float], variable: Expr) -> _Estimate | str:
        """The five-point difference quotient, its error judged by a second one with twice the step and by the largest number on the way."""
        environment = self.exact(point)
        centre, h, mp = environment[variable], self.step, self.mp
        values = function.precise_values(environment, mp)
        middle = values[-1]
        if middle is None:
            return "f has no value"
        largest = max([abs(value) for value in values if type(value) is mp.mpf])
        side: dict[int, Any] = {}
        for shift in (1, -1, 2, -2, 4, -4):
            environment[variable] = centre + shift * h
            side[shift] = function.precise_values(environment, mp)[-1]
            if side[shift] is None:
                return "f has an edge"
        near = (8 * (side[1] - side[-1]) - (side[2] - side[-2])) / (12 * h)
        far = (8 * (side[2] - side[-2]) - (side[4] - side[-4])) / (24 * h)
        bend, wide = abs(side[1] - 2 * middle + side[-1]), abs(side[2] - 2 * middle + side[-2]) / 2
        slopes = abs(side[1] - middle) + abs(side[-1] - middle)
        kink = bend > slopes * self.tolerance(6) and wide < 1.5 * bend and bend > largest * self.noise
        return _Estimate(near, abs(near - far) + largest * self.noise / h, kink)
