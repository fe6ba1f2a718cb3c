"""Difference quotients: the derivative of a function from its values alone, in ordinary floats."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

from symdiff.errors import UsageError
from symdiff.evaluation import evaluate
from symdiff.evaluator import Evaluator
from symdiff.expr import Expr, Real
from symdiff.operations.op import as_expr
from symdiff.parsing.infix import parse
from symdiff.symbols import as_symbol
from symdiff.walk import free_symbols

__all__ = ["METHODS", "STEPS", "numeric_derivative", "read_function"]

Function = Callable[[Any], Any]
RICHARDSON_LEVELS = 3


def forward(f: Function, at: float, h: float) -> float:
    return float((f(at + h) - f(at)) / h)


def backward(f: Function, at: float, h: float) -> float:
    return float((f(at) - f(at - h)) / h)


def central(f: Function, at: float, h: float) -> float:
    return float((f(at + h) - f(at - h)) / (2 * h))


def richardson(f: Function, at: float, h: float) -> float:
    """Central quotients with h, h/2 and h/4, their errors in h^2 and h^4 eliminated (Richardson 1911; Romberg's scheme)."""
    column = [central(f, at, h / 2 ** level) for level in range(RICHARDSON_LEVELS)]
    for order in range(1, RICHARDSON_LEVELS):
        column = [(4 ** order * finer - coarser) / (4 ** order - 1) for coarser, finer in pairwise(column)]
    return column[0]


def complex_step(f: Function, at: float, h: float) -> float:
    """Im f(x + ih)/h: nothing is subtracted, so h may be tiny; f has to be analytic (Squire and Trapp 1998)."""
    return float(complex(f(complex(at, h))).imag / h)


METHODS: dict[str, tuple[Callable[[Function, float, float], float], int]] = {
    "forward": (forward, 1),
    "backward": (backward, 1),
    "central": (central, 2),
    "richardson": (richardson, 6),
    "complex": (complex_step, 2),
}
"""The rules, each with its order: the power of h that its error falls with, until rounding takes over."""

STEPS = {"forward": 1e-8, "backward": 1e-8, "central": 6e-6, "richardson": 1e-2, "complex": 1e-100}
"""Steps near the best for a function of size 1 that bends on the scale of 1: 2^-26, 2^-17.3, and tiny where nothing cancels."""


def numeric_derivative(f: Expr | Real | str | Function, x: Expr | str | None = None, at: float = 0.0, *, method: str = "central",
                       step: float | None = None) -> float:
    """The derivative of f at a point from its values in floats: what difference quotients can do, and no more.

    f: a formula of one variable, its text, or a Python function of one number.  x: its variable; by default the only one.
    method: "forward", "backward", "central", "richardson" (central quotients with h, h/2, h/4, extrapolated) or "complex" (the complex
    step: f has to be analytic and, where it is a Python function, take complex numbers; abs and where are not analytic).
    step: h > 0; by default one that is good for functions of moderate size.
    Gives nan where f has no value.  Raises UsageError for other methods and steps; "complex" of a formula needs mpmath.

    >>> import math
    >>> abs(numeric_derivative("sin(x)", at=1) - math.cos(1)) < 1e-10
    True
    >>> abs(numeric_derivative(math.exp, at=0, method="forward", step=0.5) - 1) > 0.2
    True
    """
    rule = _rule(method)
    h = STEPS[method] if step is None else float(step)
    if not 0 < h < float("inf"):
        raise UsageError(f"a step is a positive number, not {step!r}")
    return rule(read_function(f, x)[0], float(at), h)


def _rule(method: str) -> Callable[[Function, float, float], float]:
    if method not in METHODS:
        raise UsageError(f"the methods are {', '.join(METHODS)}, not {method!r}")
    return METHODS[method][0]


def read_function(f: Expr | Real | str | Function, x: Expr | str | None) -> tuple[Function, Expr | None, Expr | None]:
    """A function of one float or complex number; and, where f is a formula, that and its variable."""
    if callable(f) and not isinstance(f, Expr):
        return f, None, None
    formula = parse(f) if isinstance(f, str) else as_expr(f)
    names = free_symbols(formula)
    if x is None and len(names) > 1:
        raise UsageError(f"say by which variable; there are {', '.join(map(str, names))}")
    variable = as_symbol(x) if x is not None else names[0] if names else as_symbol("x")
    loose = [str(name) for name in names if name is not variable]
    if loose:
        raise UsageError(f"a difference quotient needs numbers for the other variables too: put them in with subs({loose[0]}=...)")
    evaluator = Evaluator(formula)

    def value(point: Any) -> Any:
        if isinstance(point, complex):
            return evaluate(formula, {variable: point}, undefined="nan")
        return evaluator.floats({variable: point})
    return value, formula, variable
