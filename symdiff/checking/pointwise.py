"""Many formulas and their derivatives at one point at once: values, and difference quotients in high precision beside them.

A second opinion like `check`, for pictures that show a derivation part by part; it knows no rule of differentiation.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from symdiff.errors import UsageError
from symdiff.evaluation import precise_context
from symdiff.evaluator import Evaluator, exact_number
from symdiff.expr import Expr
from symdiff.operations.arithmetic import add
from symdiff.symbols import as_symbol

__all__ = ["Observation", "compared", "read_number", "read_point"]

_BITS = 400
"""Of precision, about 120 digits: the step loses 30 of them, and the error of the quotient is of order step^4."""
_STEP_DIGITS = 30
_SLACK = 1_000
"""How many times its own estimate of error a difference quotient may be off."""


@dataclass(frozen=True, slots=True)
class Observation:
    """One formula at the point: its value, that of its derivative as claimed, and what the difference quotient says.

    Numbers are of mpmath; None where there is none.  `agrees` is None where nothing can be said, and `reason` says why.
    """

    value: Any = None
    slope: Any = None
    numeric: Any = None
    agrees: bool | None = None
    reason: str = ""

    @property
    def error(self) -> Any:
        """How far the two derivatives are apart."""
        return abs(self.slope - self.numeric)


def read_point(at: Mapping[Any, Any], symbols: Sequence[Expr]) -> dict[Expr, Any]:
    """A point as symbols with numbers, every symbol having one.  Raises UsageError for missing and unknown names."""
    if not isinstance(at, Mapping):
        raise UsageError("a point is a mapping of names to numbers, such as at={'x': 2}")
    given = {as_symbol(name): value for name, value in at.items()}
    missing = [str(symbol) for symbol in symbols if symbol not in given]
    if missing:
        raise UsageError(f"the point lacks a value for {', '.join(missing)}; write at={{'{missing[0]}': 2}}")
    unknown = [str(symbol) for symbol in given if symbol not in symbols]
    if unknown:
        raise UsageError(f"the formula has no {', '.join(unknown)}; it has {', '.join(map(str, symbols)) or 'no variable'}")
    return {symbol: read_number(value, str(symbol)) for symbol, value in given.items()}


def read_number(value: Any, name: str) -> int | float | Fraction:
    """A finite real number: of Python, of a library whose numbers turn into floats, or an expression without variables.

    Raises UsageError for what is none.

    >>> from symdiff import pi
    >>> read_number(pi, "x"), read_number(2, "x")
    (3.141592653589793, 2)
    """
    if isinstance(value, Expr):
        value = value.evaluate()
    if isinstance(value, int | float | Fraction) and not isinstance(value, bool):
        number: int | float | Fraction = value
    elif hasattr(value, "__float__") and not isinstance(value, bool | complex):
        number = float(value)
    else:
        raise UsageError(f"the value of {name} is no real number: {value!r}")
    if isinstance(number, float) and not math.isfinite(number):
        raise UsageError(f"the value of {name} is no real number: {number}")
    return number


def compared(pairs: Sequence[tuple[Expr, Expr]], variable: Expr, point: Mapping[Expr, Any]) -> list[Observation]:
    """Each formula with its claimed derivative at a point, beside a five-point difference quotient of the formula.

    point: a number for every variable of the formulas; a float means the decimal number it is written as.
    Raises MissingDependency without mpmath.

    >>> from symdiff import parse, Symbol
    >>> x = Symbol("x")
    >>> right, wrong = compared([(parse("x^2"), parse("2*x")), (parse("x^2"), parse("3*x"))], x, {x: 2})
    >>> right.agrees, right.error < 1e-40, wrong.agrees, float(wrong.numeric)
    (True, True, False, 4.0)
    """
    mp = precise_context(_BITS, "comparing with a numeric derivative")
    exact = {symbol: _precise(value, mp) for symbol, value in point.items()}
    values = _Values([f for f, _ in pairs], exact, mp)
    slopes = _Values([df for _, df in pairs], exact, mp)
    step = mp.mpf(10) ** -_STEP_DIGITS
    sides = {shift: values.moved(variable, exact[variable] + shift * step) for shift in (1, -1, 2, -2, 4, -4)}
    found = []
    for f, df in pairs:
        middle, slope = values.here(f), slopes.here(df)
        found.append(_observed(middle, slope, {shift: side[f] for shift, side in sides.items()}, step, mp))
    return found


def _precise(value: Any, mp: Any) -> Any:
    if hasattr(value, "_mpf_"):  # of another context
        return mp.make_mpf(value._mpf_)
    number = exact_number(value)
    return mp.mpf(number.numerator) / number.denominator


class _Values:
    """Many formulas made ready for values: all in one pass, parts they share computed once."""

    def __init__(self, formulas: Sequence[Expr], exact: Mapping[Expr, Any], mp: Any) -> None:
        self.mp = mp
        distinct = list(dict.fromkeys(formulas))
        together = Evaluator(add(*distinct) if len(distinct) > 1 else distinct[0])
        inside = set(together.order)
        self.ready = [(together, [f for f in distinct if f in inside])]
        self.ready += [(Evaluator(f), [f]) for f in distinct if f not in inside]  # with operations of users, which are written out
        self.first = [evaluator.precise_values(exact, mp) for evaluator, _ in self.ready]
        self.values = self._picked(self.first)

    def _picked(self, passes: Sequence[Sequence[Any]]) -> dict[Expr, Any]:
        found = {}
        for (evaluator, formulas), values in zip(self.ready, passes):
            for formula in formulas:
                found[formula] = values[evaluator.place(formula)] if len(formulas) > 1 else self._only(evaluator, formula, values)
        return found

    @staticmethod
    def _only(evaluator: Evaluator, formula: Expr, values: Sequence[Any]) -> Any:
        return values[evaluator.place(formula)] if formula in evaluator.order else values[-1]

    def here(self, formula: Expr) -> Any:
        return self.values[formula]

    def moved(self, variable: Expr, value: Any) -> dict[Expr, Any]:
        return self._picked([evaluator.precise_again(first, variable, value, self.mp)
                             for (evaluator, _), first in zip(self.ready, self.first)])


def _observed(value: Any, slope: Any, side: Mapping[int, Any], step: Any, mp: Any) -> Observation:
    if value is None:
        return Observation(slope=slope, reason="no value here")
    if any(other is None for other in side.values()):
        return Observation(value, slope, reason="at the edge of the domain")
    near = (8 * (side[1] - side[-1]) - (side[2] - side[-2])) / (12 * step)
    far = (8 * (side[2] - side[-2]) - (side[4] - side[-4])) / (24 * step)
    bend, wide = abs(side[1] - 2 * value + side[-1]), abs(side[2] - 2 * value + side[-2]) / 2
    if bend > (abs(side[1] - value) + abs(value - side[-1])) * mp.mpf(10) ** -6:
        if abs(near - far) > abs(near) * mp.mpf(10) ** -6:
            return Observation(value, slope, reason="it changes too fast here, or jumps")
        if wide < 1.5 * bend:  # where it is smooth, twice the step bends four times as much
            return Observation(value, slope, reason="a kink here")
    if slope is None:
        return Observation(value, None, near, False, "the derivative has no value here")
    noise = mp.mpf(2) ** (20 - _BITS) * max(abs(value), 1) / step
    within = _SLACK * (abs(near - far) + noise) + abs(near) * mp.mpf(10) ** -12  # floats in the derivative are rounded
    return Observation(value, slope, near, bool(abs(slope - near) <= within))
