"""Adapters that put SymPy and SymEngine to symdiff.testing's laws: how they read, differentiate, evaluate and simplify."""

from __future__ import annotations

import operator
from fractions import Fraction
from functools import reduce
from importlib import import_module
from typing import Any

from symdiff import Expr, diff, evaluate, parse, simplify, to_sympy
from symdiff.expr import NUMBER, SYMBOL
from symdiff.testing.laws import System
from symdiff.walk import fold

__all__ = ["FUNCTIONS", "SYSTEMS", "formulas_of", "system_of_symengine", "system_of_sympy"]

FUNCTIONS = [
    "sin", "cos", "tan", "cot", "sec", "csc", "asin", "acos", "atan", "sinh", "cosh", "tanh", "asinh", "acosh", "atanh", "exp", "ln", "sqrt",
    "abs", "sign", "floor", "ceil", "max", "min", "erf", "gamma", "digamma", "atan2", "where",
]
"""Functions that these systems have too."""


class Unevaluated(Exception):
    """A derivative or a function was left standing without a value."""


def system_of_sympy() -> System:
    """SymPy with real symbols; a formula is read by building it operation by operation, as its users write it in Python."""
    sympy = import_module("sympy")

    def diff(formula: Any, name: str) -> Any:
        return sympy.diff(formula, sympy.Symbol(name, real=True))

    def evaluate(formula: Any, point: dict[str, float]) -> Any:
        values = {sympy.Symbol(name, real=True): sympy.Float(value, 30) if value != int(value) else sympy.Integer(int(value))
                  for name, value in point.items()}
        found = formula.subs(values)
        if found.has(sympy.Derivative, sympy.Subs):
            raise Unevaluated(str(found))
        return complex(found.evalf(20))
    return System(_as_sympy, diff, evaluate, sympy.simplify, None)


def _as_sympy(text: str) -> Any:
    return to_sympy(parse(text))


def system_of_symengine() -> System:
    """SymEngine through its Python wrapper; a formula is read by building it operation by operation."""
    symengine, sympy = import_module("symengine"), import_module("sympy")

    def read(text: str) -> Any:
        return fold(parse(text), lambda node, args: _built(symengine, node, args))

    def diff(formula: Any, name: str) -> Any:
        return symengine.diff(formula, symengine.Symbol(name))

    def evaluate(formula: Any, point: dict[str, float]) -> Any:
        found = symengine.sympify(formula).subs({symengine.Symbol(name): sympy.Rational(str(value)) for name, value in point.items()})
        if "Derivative" in str(found) or "Subs" in str(found):
            raise Unevaluated(str(found))
        return complex(sympy.sympify(str(found)).evalf(20))  # SymEngine's own numbers are doubles here, and tanh(-20) would be -1
    return System(read, diff, evaluate)


def _built(symengine: Any, node: Expr, args: list[Any]) -> Any:
    """One operation in SymEngine; NotImplementedError for what it has not."""
    name = node.op.name
    if node.op is SYMBOL:
        return symengine.Symbol(str(node.value))
    if node.op is NUMBER:
        value = node.value
        return symengine.Rational(value.numerator, value.denominator) if isinstance(value, Fraction) else symengine.sympify(value)
    if name == "where":
        return symengine.Piecewise((args[1], args[0]), (args[2], True))
    if name in _OPERATORS:
        return reduce(_OPERATORS[name], args)
    if name == "neg":
        return -args[0]
    function = getattr(symengine, _SYMENGINE_NAMES.get(name, name), None)
    if function is None:
        raise NotImplementedError(name)
    return function(*args) if args else function


_OPERATORS = {"add": operator.add, "mul": operator.mul, "div": operator.truediv, "pow": operator.pow}
_SYMENGINE_NAMES = {
    "abs": "Abs", "max": "Max", "min": "Min", "ceil": "ceiling", "ln": "log", "e": "E", "lt": "Lt", "le": "Le", "gt": "Gt", "ge": "Ge", "eq": "Eq",
    "ne": "Ne", "and": "And", "or": "Or", "not": "Not",
}


def system_of_symdiff() -> System:
    """symdiff itself, for comparison."""
    return System(parse, diff, evaluate, simplify, str)


SYSTEMS = {"SymPy": system_of_sympy, "SymEngine": system_of_symengine, "symdiff": system_of_symdiff}
"""What makes the system of a name; needs the package of that name."""


def formulas_of(text: str) -> tuple[Expr, ...]:
    """The formulas of a line of findings, which are separated by bars between spaces."""
    return tuple(parse(part) for part in text.split(" | "))
