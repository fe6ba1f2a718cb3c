"""derivative_table: the errors of difference quotients against the step, with their slope: the order first, then round-off."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from symdiff.calculus.forward import diff
from symdiff.errors import UsageError
from symdiff.evaluator import Evaluator
from symdiff.expr import Expr, Real
from symdiff.numerics.quotients import METHODS, numeric_derivative, read_function

__all__ = ["DerivativeTable", "Quotient", "derivative_table"]

DEFAULT_STEPS = tuple(10.0 ** -k for k in range(1, 13))
DEFAULT_METHODS = ("forward", "central", "richardson")


@dataclass(frozen=True, slots=True)
class Quotient:
    """One quotient: its step, value and error, and the slope of the error to the next larger step in a log-log plot (nan for the first)."""

    step: float
    value: float
    error: float
    slope: float


@dataclass(frozen=True, slots=True)
class DerivativeTable:
    """Errors against steps, by method; `str(table)` is the table as text.

    exact: the derivative.  columns: for every method its quotients, the largest step first.
    """

    exact: float
    columns: Mapping[str, tuple[Quotient, ...]]

    def best(self, method: str) -> Quotient:
        """The quotient with the smallest error."""
        return min(self.columns[method], key=lambda quotient: (math.isnan(quotient.error), quotient.error))

    def order(self, method: str) -> float:
        """The slope of the error in the steps before the best one: 1 for forward, 2 for central quotients; nan where there is none."""
        quotients = self.columns[method]
        before = quotients[:quotients.index(self.best(method))]
        slopes = [quotient.slope for quotient in before[1:] if math.isfinite(quotient.slope)]
        return median(slopes) if slopes else math.nan

    def round_off(self, method: str) -> float:
        """The slope in the steps after the best one: about -1, as rounding errors are divided by h; nan where there is none."""
        quotients = self.columns[method]
        after = [quotient for quotient in quotients[quotients.index(self.best(method)):] if quotient.error > 0]
        if len(after) < 3:
            return math.nan
        return math.log(after[-1].error / after[0].error) / math.log(after[-1].step / after[0].step)

    def rows(self) -> list[dict[str, float]]:
        """One mapping a step: "step", and for every method its error under its name and its slope under name + " slope"."""
        found = []
        for quotients in zip(*self.columns.values()):
            row = {"step": quotients[0].step}
            for method, quotient in zip(self.columns, quotients):
                row |= {method: quotient.error, f"{method} slope": quotient.slope}
            found.append(row)
        return found

    def __str__(self) -> str:
        lines = ["     h    " + "".join(f"{method:>12}  slope" for method in self.columns)]
        for quotients in zip(*self.columns.values()):
            lines.append(f"{quotients[0].step:9.1e} " + "".join(f"{q.error:12.1e} {_slope(q.slope):>6}" for q in quotients))
        for method in self.columns:
            best = self.best(method)
            lines.append(f"{method}: order {_slope(self.order(method))}, best {best.error:.1e} at h = {best.step:.1e}, "
                         f"then {_slope(self.round_off(method))}")
        return "\n".join(lines)


def _slope(slope: float) -> str:
    return "-" if not math.isfinite(slope) else f"{slope:.1f}".replace("-0.0", "0.0")


def derivative_table(f: Expr | Real | str | Callable[[Any], Any], x: Expr | str | None = None, at: float = 0.0,
                     steps: Sequence[float] = DEFAULT_STEPS, *, methods: Sequence[str] = DEFAULT_METHODS,
                     exact: float | None = None) -> DerivativeTable:
    """The error of difference quotients at a point against the step: it falls with the order of the method, then round-off raises it.

    f, x: a formula and its variable, or a Python function, which then needs `exact`, its derivative there.
    steps: positive numbers.  methods: names of `numeric_derivative`.
    The truncation error of the forward quotient is about h/2*f'', of the central one h^2/6*f'''; rounding adds about 1e-16*f/h to both.
    Errors below 1e-16 of the derivative are those of the reference.  Raises UsageError for bad steps or methods, or without `exact`.

    >>> table = derivative_table("exp(x)", "x", 1.0, [1e-1, 1e-2, 1e-3, 1e-4], methods=["forward", "central"])
    >>> round(table.order("forward"), 1), round(table.order("central"), 1)
    (1.0, 2.0)
    """
    function, formula, variable = read_function(f, x)
    if exact is None:
        if formula is None or variable is None:
            raise UsageError("the table of a Python function needs its exact derivative: exact=...")
        exact = Evaluator(diff(formula, variable)).floats({variable: float(at)})
    if math.isnan(exact) or math.isnan(function(float(at))):
        raise UsageError(f"there is no derivative at {at} to compare with")
    for method in methods:
        if method not in METHODS:
            raise UsageError(f"the methods are {', '.join(METHODS)}, not {method!r}")
    sizes = sorted({float(step) for step in steps}, reverse=True)
    if not sizes or not methods:
        raise UsageError("a table wants steps and methods")
    return DerivativeTable(float(exact), {method: _column(f, x, at, sizes, method, float(exact)) for method in methods})


def _column(f: Any, x: Any, at: float, sizes: Sequence[float], method: str, exact: float) -> tuple[Quotient, ...]:
    column: list[Quotient] = []
    for step in sizes:
        value = numeric_derivative(f, x, at, method=method, step=step)
        error = abs(value - exact)
        slope = math.nan
        if column and error > 0 and column[-1].error > 0:
            slope = math.log(column[-1].error / error) / math.log(column[-1].step / step)
        column.append(Quotient(step, value, error, slope))
    return tuple(column)
