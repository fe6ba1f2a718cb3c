"""symdiff demo: one formula through the whole library, with what each step took."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Callable
from time import perf_counter
from typing import TypeVar

from symdiff.calculus.forward import diff
from symdiff.checking.differences import check
from symdiff.cli.reading import the_variable
from symdiff.cli.reporting import FAILED, FINE
from symdiff.drawing.engines import draw
from symdiff.errors import DomainError, MissingDependency
from symdiff.evaluation import evaluate
from symdiff.expr import Expr
from symdiff.operations import TABLE
from symdiff.parsing.infix import parse
from symdiff.printing.latex import latex
from symdiff.symbols import Symbol
from symdiff.walk import graph_size

__all__ = ["run"]

Result = TypeVar("Result")
_CHAIN = 1_000


def run(options: Namespace) -> int:
    expression, reading = _timed(lambda: parse(options.formula))
    variable = the_variable(None, expression)
    derivative, differentiating = _timed(lambda: diff(expression, variable))
    _line("formula", f"f = {expression}", reading)
    _line("derivative", f"f' = {derivative}", differentiating)
    _line("in LaTeX", latex(derivative))
    _line(f"at {variable} = 2", _values(expression, derivative, variable))
    code = _checked(expression, derivative, variable)
    _, drawing = _timed(lambda: draw(expression, options.output))
    _line("picture", f"{options.output} (open it in a browser)", drawing)
    _chain()
    print('\nnext:  symdiff diff "exp(-x^2)*cos(3x)"     symdiff --help     python: import symdiff as sd')
    return code


def _timed(work: Callable[[], Result]) -> tuple[Result, float]:
    start = perf_counter()
    result = work()
    return result, perf_counter() - start


def _line(label: str, text: str, seconds: float | None = None) -> None:
    took = "" if seconds is None else f"  [{1_000 * seconds:.1f} ms]"
    print(f"{label:>12}   {text}{took}")


def _values(expression: Expr, derivative: Expr, variable: Expr) -> str:
    try:
        f, slope = (evaluate(node, {variable: 2.0}) for node in (expression, derivative))
    except DomainError as error:
        return str(error)
    return f"f = {f}, f' = {slope}"


def _checked(expression: Expr, derivative: Expr, variable: Expr) -> int:
    """The second opinion; a machine without mpmath is told so, which is no failure."""
    try:
        verdict, checking = _timed(lambda: check(expression, derivative, variable))
    except MissingDependency as error:
        _line("check", str(error))
        return FINE
    _line("check", str(verdict), checking)
    return FINE if verdict.ok else FAILED


def _chain() -> None:
    """What sharing is for: as text, the derivative of this chain repeats every inner sine in every factor outside it."""
    node: Expr = Symbol("x")
    sin = TABLE["sin"]
    for _ in range(_CHAIN):
        node = sin(node)
    derivative, differentiating = _timed(lambda: diff(node, "x"))
    _line("at scale", f"sin nested {_CHAIN:,} deep: its derivative is a graph of {graph_size(derivative):,} operations", differentiating)
    sys.stdout.flush()
