"""check: a formula for a derivative against difference quotients of the function in high precision, at points of every scale.

A second opinion: it works from the values of the two formulas alone and knows no rule of differentiation.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from itertools import islice
from typing import Any

from symdiff.checking.sampling import ROUND, Interval, drawn_points, read_intervals
from symdiff.checking.verdict import Verdict
from symdiff.errors import UsageError
from symdiff.evaluation import precise_context
from symdiff.evaluator import Evaluator
from symdiff.expr import NUMBER, Expr, Real
from symdiff.operations.op import as_expr
from symdiff.parsing.infix import parse
from symdiff.symbols import as_symbol
from symdiff.undefined import grew_too_large
from symdiff.walk import free_symbols, postorder

__all__ = ["check", "looks_rounded", "read_formulas"]

ENOUGH = 5
"""Points below which agreement is not reported."""
PATIENCE = 60
"""Points tried for each point wanted, before giving up."""
WORK = 1_000_000
"""Values of nodes computed at most, after a first few points."""
ROUNDED_DIGITS = 13
"""Digits compared where a formula holds floats that look rounded."""


def check(f: Expr | Real | str, df: Expr | Real | str, x: Expr | str | None = None, *, points: int = 12, digits: int = 25,
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
    sampled: agreed at 24 points to 25 digits (seed 0)
    >>> print(check("x^2", "3x"))
    refuted at x = 2.5488: the derivative is 5.0976, the formula gives 7.6464
    """
    function, slope, variable = read_formulas(f, df, x)
    if points < ENOUGH or not 5 <= digits <= 1_000:
        raise UsageError(f"check takes points from {ENOUGH} on and digits from 5 to 1000, not {points} and {digits}")
    rounded = looks_rounded(function, slope)
    tally = _Tally(seed, min(digits, ROUNDED_DIGITS) if rounded else digits)
    comparison = _Comparison(function, slope, variable, tally.digits)
    comparison.rounding = ROUNDED_DIGITS + 2 if rounded else None
    symbols = free_symbols(variable, function, slope)
    intervals, condition = _domain(domain, symbols)
    most = min(PATIENCE * points, max(ENOUGH + 3, WORK // (8 * comparison.size)))
    others = [symbol for symbol in symbols if symbol is not variable]
    for tried, point in enumerate(islice(drawn_points(variable, others, intervals, seed), most)):
        if tried >= ROUND and tally.usable >= points:
            break
        if condition is not None and not condition.floats(point) > 0:
            tally.enter(_Outcome(dropped="outside the domain asked for"), point)
        elif tried >= 3 * ROUND and comparison.has_no_float(point):
            tally.enter(_Outcome(dropped="f has no value"), point)
        elif (outcome := comparison.at(point)).refuted:
            return tally.refutation(outcome, point)
        else:
            tally.enter(outcome, point)
    return tally.verdict()


def read_formulas(f: Any, df: Any, x: Expr | str | None) -> tuple[Expr, Expr, Expr]:
    """The two formulas and the variable meant."""
    function, slope = _formula(f), _formula(df)
    return function, slope, _variable(function, slope, x)


def _domain(domain: Mapping[Any, Any] | Expr | str | None, symbols: list[Expr]) -> tuple[dict[Expr, Interval], Evaluator | None]:
    if domain is None or isinstance(domain, Mapping):
        return read_intervals(domain or {}, {str(symbol): symbol for symbol in symbols}), None
    condition = _formula(domain, relation=True)
    loose = [str(symbol) for symbol in free_symbols(condition) if symbol not in symbols]
    if loose:
        raise UsageError(f"the domain '{condition}' speaks of {', '.join(loose)}, which the formulas do not have")
    return {}, Evaluator(condition)


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


def looks_rounded(*formulas: Expr) -> bool:
    """Whether a float has so many digits that it is a rounded result rather than what someone wrote."""
    floats = [repr(node.value) for node in postorder(*formulas) if node.op is NUMBER and type(node.value) is float]
    return any(len(text.partition("e")[0].strip("-0.").replace(".", "")) > ROUNDED_DIGITS for text in floats)


@dataclass(frozen=True, slots=True)
class _Outcome:
    refuted: bool = False
    dropped: str = ""
    expected: Decimal | None = None
    found: Decimal | None = None


class _Tally:
    """What became of the points so far."""

    def __init__(self, seed: int, digits: int) -> None:
        self.seed, self.digits = seed, digits
        self.usable = 0
        self.dropped: Counter[str] = Counter()
        self.note = ""

    def enter(self, outcome: _Outcome, point: Mapping[Expr, float]) -> None:
        if not outcome.dropped:
            self.usable += 1
            return
        self.dropped[outcome.dropped] += 1
        if outcome.dropped == _GAP and not self.note:
            place = ", ".join(f"{symbol} = {value:.15g}" for symbol, value in point.items())
            self.note = f"df has no value at {place}, where f has a derivative"

    def refutation(self, outcome: _Outcome, point: Mapping[Expr, float]) -> Verdict:
        return Verdict(kind="refuted", points=self.usable, digits=self.digits, seed=self.seed, expected=outcome.expected,
                       found=outcome.found, point={str(symbol): value for symbol, value in point.items()})

    def verdict(self) -> Verdict:
        """What is left to say when no point refuted."""
        if self.usable >= ENOUGH:
            return Verdict(kind="sampled", points=self.usable, digits=self.digits, seed=self.seed, reason=self.note)
        reasons = "; ".join(f"{count} dropped: {why}" for why, count in self.dropped.most_common())
        return Verdict(kind="unknown", points=self.usable, digits=self.digits, seed=self.seed,
                       reason=f"{self.usable or 'no'} usable points ({reasons})")


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

    def __init__(self, function: Expr, slope: Expr, variable: Expr, digits: int) -> None:
        self.formulas = function, slope
        self.variable, self.digits = variable, digits
        self.rounding: int | None = None
        self.steps = 10 + digits * 2 // 5  # the error of a difference quotient is of order step^4, that of rounding 1/step
        self.rough = _Level(self.formulas, variable, self.steps, digits + 2 * self.steps + 45)
        self.size = len(self.rough.function.order) + len(self.rough.slope.order)

    @cached_property
    def fine(self) -> _Level:
        return _Level(self.formulas, self.variable, 2 * self.steps + 5, self.digits + 4 * self.steps + 105)

    def at(self, point: Mapping[Expr, float]) -> _Outcome:
        exact = self.rough.exact(point)
        first = self.rough.derivative(exact)
        if isinstance(first, str):
            return _Outcome(dropped=first)
        values = self.rough.slope.precise_values(exact, self.rough.mp)
        value = values[-1]
        if value is None and grew_too_large(self.rough.slope, values):
            return _Outcome(dropped="the numbers grow too large")
        if value is not None and not first.kink and self._close(first.value, value) and first.error <= abs(first.value):
            return _AGREED
        return self._looked_at_again(point, first, value)

    def _looked_at_again(self, point: Mapping[Expr, float], first: _Estimate, value: Any) -> _Outcome:
        exact = self.fine.exact(point)
        second = self.fine.derivative(exact)
        if isinstance(second, str):
            return _Outcome(dropped=second)
        if second.kink or first.kink:
            return _Outcome(dropped="f has a kink")
        if value is None:
            return self._without_value(second, exact)
        values = self.fine.slope.precise_values(exact, self.fine.mp)
        if values[-1] is None:
            return _Outcome(dropped="digits are lost")
        off = abs(value - values[-1])
        if self.rounding is not None:  # floats of df may be off in their last digit, which terms that cancel bring forward
            off += self.fine.largest(values) * self.fine.tolerance(self.rounding)
        return self._judged(second, values[-1], off)

    def has_no_float(self, point: Mapping[Expr, float]) -> bool:
        """A quick look, for formulas with values at few points."""
        return math.isnan(self.rough.function.floats(point))

    def _close(self, a: Any, b: Any) -> bool:
        return bool(abs(a - b) <= max(abs(a), abs(b)) * self.rough.tolerance(self.digits))

    def _judged(self, second: _Estimate, value: Any, off: Any) -> _Outcome:
        """Agreement and refutation where they are clear beyond all that rounding may have done; `off` is what it did to df."""
        if self._close(second.value, value) and second.error <= abs(second.value):
            return _AGREED
        small = self.fine.tolerance(self.digits)
        if abs(second.value) <= second.error <= small and abs(value) <= off <= small:
            return _AGREED  # both are 0: what is left of them goes with the precision
        if abs(second.value - value) > 1000 * (second.error + off) and not self._close(second.value, value):
            return self._refuted(second.value, value)
        return _Outcome(dropped="digits are lost")

    def _without_value(self, estimate: _Estimate, exact: Mapping[Expr, Any]) -> _Outcome:
        """df has no value: at this point alone, if it has one close by."""
        level = self.fine
        if estimate.error > abs(estimate.value) * level.tolerance(5) and estimate.error > level.tolerance(self.digits):
            return _Outcome(dropped="f has no steady difference quotient")
        for sign in (1, -1):  # all variables move, by different amounts
            near = {symbol: value + sign * level.step * (7 + index) for index, (symbol, value) in enumerate(exact.items())}
            if level.slope.precise_values(near, level.mp)[-1] is not None:
                return _Outcome(dropped=_GAP)
        return self._refuted(estimate.value, None)

    def _refuted(self, expected: Any, found: Any) -> _Outcome:
        return _Outcome(refuted=True, expected=self._decimal(expected), found=None if found is None else self._decimal(found))

    def _decimal(self, value: Any) -> Decimal:
        return Decimal(str(self.fine.mp.nstr(value, self.digits + 3)))


class _Level:
    """One working precision with its step: both formulas made ready for it, in a context of its own."""

    def __init__(self, formulas: tuple[Expr, Expr], variable: Expr, step: int, digits: int) -> None:
        self.function, self.slope = map(Evaluator, formulas)
        self.variable = variable
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

    def largest(self, values: list[Any]) -> Any:
        return max(abs(value) for value in values if type(value) is self.mp.mpf)

    def derivative(self, exact: Mapping[Expr, Any]) -> _Estimate | str:
        """The five-point difference quotient; a second one with twice the step, and the largest number on the way, tell its error."""
        centre, h, mp = exact[self.variable], self.step, self.mp
        values = self.function.precise_values(exact, mp)
        middle = values[-1]
        if middle is None:
            return "f has no value"
        largest = self.largest(values)
        side: dict[int, Any] = {}
        for shift in (1, -1, 2, -2, 4, -4):
            side[shift] = self.function.precise_again(values, self.variable, centre + shift * h, mp)[-1]
            if side[shift] is None:
                return "f has an edge"
        near = (8 * (side[1] - side[-1]) - (side[2] - side[-2])) / (12 * h)
        far = (8 * (side[2] - side[-2]) - (side[4] - side[-4])) / (24 * h)
        bend, wide = abs(side[1] - 2 * middle + side[-1]), abs(side[2] - 2 * middle + side[-2]) / 2
        slopes = abs(side[1] - middle) + abs(side[-1] - middle)
        kink = bend > slopes * self.tolerance(6) and wide < 1.5 * bend and bend > largest * self.noise
        return _Estimate(near, abs(near - far) + largest * self.noise / h, kink)
