"""symdiff demo: one formula through the whole library, with what each step took."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Callable
from time import perf_counter
from typing import TypeVar

from symdiff.calculus.derivation import derive
from symdiff.calculus.forward import diff
from symdiff.checking.certificates import certify
from symdiff.cli.reading import the_variable
from symdiff.cli.reporting import FAILED, FINE
from symdiff.errors import DomainError, MissingDependency, UsageError
from symdiff.evaluation import evaluate
from symdiff.expr import Expr
from symdiff.operations import TABLE
from symdiff.parsing.infix import parse
from symdiff.printing.latex import latex
from symdiff.printing.unicode import pretty
from symdiff.simplification.simplifying import simplify
from symdiff.symbols import Symbol
from symdiff.walk import free_symbols, graph_size

__all__ = ["run"]

Result = TypeVar("Result")
_CHAIN = 1_000
_INDENT = 15
"""The column where what is shown begins."""


def run(options: Namespace) -> int:
    expression, reading = _timed(lambda: parse(options.formula))
    if len(free_symbols(expression)) != 1:
        raise UsageError(f"the demo takes a formula of one variable, such as: symdiff demo \"x^2*sin(x)\"; this one is {expression}")
    variable = the_variable(None, expression)
    derivation, differentiating = _timed(lambda: derive(expression, variable))
    derivative, simplifying = _timed(lambda: simplify(derivation.result))
    _line("formula", f"f = {expression}", reading)
    _line("rules", ", ".join(dict.fromkeys([step.rule for step in derivation.steps()])), differentiating)
    _line("derivative", f"f' = {derivative}", simplifying)
    _line("on paper", pretty(derivative).replace("\n", "\n" + " " * _INDENT))
    _line("in LaTeX", latex(derivative))
    values = _values(expression, derivative, variable)
    _line(f"at {variable} = 2", values or "no real value")
    code = _checked(expression, derivative, variable)
    second, again = _timed(lambda: simplify(diff(expression, variable, 2)))
    _line("once more", f"f'' = {second}", again)
    _, drawing = _timed(lambda: derivation.draw(options.output, at={variable: 2} if values else None))
    _line("picture", f"{options.output}: every rule as a card (open it in a browser)", drawing)
    _chain()
    print('\nnext:  symdiff steps "exp(-x^2)*cos(3x)"     symdiff --help     python: import symdiff as sd')
    return code


def _timed(work: Callable[[], Result]) -> tuple[Result, float]:
    start = perf_counter()
    result = work()
    return result, perf_counter() - start


def _line(label: str, text: str, seconds: float | None = None) -> None:
    took = "" if seconds is None else f"  [{1_000 * seconds:.1f} ms]"
    print(f"{label:>{_INDENT - 3}}   {text}{took}")


def _values(expression: Expr, derivative: Expr, variable: Expr) -> str:
    """Value and slope at 2, or nothing where there are none."""
    try:
        f, slope = (evaluate(node, {variable: 2.0}) for node in (expression, derivative))
    except DomainError:
        return ""
    return f"f = {f}, f' = {slope}"


def _checked(expression: Expr, derivative: Expr, variable: Expr) -> int:
    """The second opinion; a machine without mpmath is told so, which is no failure."""
    try:
        verdict, checking = _timed(lambda: certify(expression, derivative, variable))
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
