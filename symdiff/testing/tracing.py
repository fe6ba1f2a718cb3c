"""The formula a function computes along one coordinate, found by calling it with symbols; None for functions that take none."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from types import BuiltinFunctionType, FunctionType
from typing import Any

from symdiff.errors import SymdiffError
from symdiff.evaluator import Evaluator
from symdiff.expr import Expr, number, symbol_node
from symdiff.operations import ALIASES, TABLE
from symdiff.operations.folding import apply
from symdiff.simplification.forms import expand
from symdiff.simplification.simplifying import simplify
from symdiff.testing.callables import Function, framework
from symdiff.walk import graph_size, tree_size

__all__ = ["traced"]

_OTHER_NAMES = {"absolute": "abs", "fabs": "abs", "log": "ln", "arctan2": "atan2", "power": "pow"}
_COMPOSED: dict[str, Callable[..., Any]] = {
    "square": lambda u: _made("pow", u, 2), "logaddexp": lambda u, v: _made("ln", _made("add", _made("exp", u), _made("exp", v))),
    "reciprocal": lambda u: _made("div", 1, u), "exp2": lambda u: _made("pow", 2, u),
}
SHORT = 8
"""Operations up to which a formula is left as the function computes it."""
LONG = 300
"""Nodes above which no shorter form is looked for."""


def traced(function: Function, values: Sequence[float], place: int, result: int = 0) -> Expr | None:
    """One result as a formula of one coordinate, called x, the others being numbers; of branches, the one taken at these values.

    Works for functions of operators, of the module math and of NumPy; a function that calls compiled code gives None.  The formula is
    compared with the function's own value before it is believed.
    """
    if function.formula is not None or function.arguments.kind not in ("python", "numpy"):
        return None
    x = symbol_node("x")
    marks = [Traced(x if index == place else number(_short(value)), value) for index, value in enumerate(values)]
    try:
        mark = _results(_opened(function.source)(*_packed(function, marks)))[result]
    except Exception:  # whatever a function does with what it did not expect
        return None
    expected = function(values)[result]
    for formula in _forms(mark.formula) if isinstance(mark, Traced) else []:
        if math.isclose(Evaluator(formula).floats({x: values[place]}), expected, rel_tol=1e-9, abs_tol=1e-12):
            return formula
    return None


def _forms(formula: Expr) -> list[Expr]:
    """The formula, and before it a shorter form where it is long."""
    if tree_size(formula) <= SHORT or graph_size(formula) > LONG:
        return [formula]
    forms = [formula]
    for shorten in (simplify, expand):
        with suppress(SymdiffError):
            forms.append(shorten(formula))
    return sorted(forms, key=tree_size)


def _short(value: float) -> int | float:
    return int(value) if value == math.floor(value) and abs(value) < 1e15 else value


def _packed(function: Function, marks: Sequence[Traced]) -> list[Any]:
    made: list[Any] = []
    start = 0
    for shape, size in zip(function.arguments.shapes, function.arguments.sizes):
        part = list(marks[start:start + size])
        start += size
        if not shape:
            made.append(part[0])
        elif function.arguments.kind == "python":
            made.append(part)
        else:
            array = framework("numpy").empty(size, dtype=object)
            array[:] = part
            made.append(array.reshape(shape))
    return made


def _results(found: Any) -> list[Any]:
    if isinstance(found, Traced):
        return [found]
    parts = found if isinstance(found, list | tuple) else [found]
    return [item for part in parts for item in (part.reshape(-1).tolist() if hasattr(part, "reshape") else [part])]


def _opened(source: Any) -> Any:
    """The function with another module math in its sight, one that takes symbols; the function itself is left alone."""
    if isinstance(source, BuiltinFunctionType):
        return _opened_value(source)
    if not isinstance(source, FunctionType):
        return source
    seen = {name: _opened_value(value) for name, value in source.__globals__.items()}
    copy = FunctionType(source.__code__, seen, source.__name__, source.__defaults__, source.__closure__)
    copy.__kwdefaults__ = source.__kwdefaults__
    return copy


def _opened_value(value: Any) -> Any:
    if value is math:
        return _Math()
    if isinstance(value, BuiltinFunctionType) and value.__module__ == "math":
        return getattr(_Math(), value.__name__)
    return value


class _Math:
    """The module math, whose functions take symbols too."""

    def __getattr__(self, name: str) -> Any:
        plain = getattr(math, name)
        if not callable(plain):
            return plain

        def either(*arguments: Any) -> Any:
            marks = [argument for argument in arguments if isinstance(argument, Traced)]
            return _method(name)(*arguments) if marks else plain(*arguments)
        return either


def _method(name: str) -> Callable[..., Traced]:
    """What NumPy's or math's function of a name does to symbols; AttributeError where no row of the table is meant."""
    if name in _COMPOSED:
        return _COMPOSED[name]
    row = _OTHER_NAMES.get(name, ALIASES.get(name, name))
    if row not in TABLE or not TABLE[row].arity or TABLE[row].relation or TABLE[row].conditions:
        raise AttributeError(name)
    return partial(_made, row)


class Traced:
    """A formula with its value, in ordinary arithmetic and in NumPy's, which asks elements of object arrays for their method.

    Comparisons are those of the values, so that a function takes the branch it takes there.
    """

    __slots__ = ("formula", "value")

    def __init__(self, formula: Expr, value: float) -> None:
        self.formula, self.value = formula, value

    def __getattr__(self, name: str) -> Callable[..., Traced]:
        return partial(_method(name), self)

    def __abs__(self) -> Traced:
        return _made("abs", self)

    def __neg__(self) -> Traced:
        return _made("neg", self)

    def __pos__(self) -> Traced:
        return self

    def __bool__(self) -> bool:
        return bool(self.value)

    __hash__ = None  # type: ignore[assignment]


def _operator(name: str, turned: bool) -> Callable[[Traced, Any], Traced]:
    return (lambda self, other: _made(name, other, self)) if turned else (lambda self, other: _made(name, self, other))


def _comparison(compare: Callable[[Any, Any], Any]) -> Callable[[Traced, Any], bool]:
    return lambda self, other: bool(compare(self.value, other.value if isinstance(other, Traced) else other))


for _name, _row in (("add", "add"), ("mul", "mul"), ("truediv", "div"), ("pow", "pow")):
    setattr(Traced, f"__{_name}__", _operator(_row, False))
    setattr(Traced, f"__r{_name}__", _operator(_row, True))
setattr(Traced, "__sub__", lambda self, other: _made("add", self, _made("neg", other)))
setattr(Traced, "__rsub__", lambda self, other: _made("add", other, _made("neg", self)))
for _name in ("lt", "le", "gt", "ge", "eq", "ne"):
    setattr(Traced, f"__{_name}__", _comparison(getattr(operator, _name)))


def _traced(value: Any) -> Traced:
    return value if isinstance(value, Traced) else Traced(number(_short(float(value))), float(value))


def _made(name: str, *arguments: Any) -> Traced:
    marks = [_traced(argument) for argument in arguments]
    formula = apply(TABLE[name], [mark.formula for mark in marks])
    if type(formula.value) is float:
        formula = number(_short(formula.value))  # 0.0 is left out of sums, as 0 is
    rule = TABLE[name].value
    assert rule is not None
    try:
        value = float(rule(*(mark.value for mark in marks)))
    except (ArithmeticError, ValueError):
        value = math.nan
    return Traced(formula, value)
