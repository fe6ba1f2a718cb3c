"""A formula over NumPy arrays, elementwise: NumPy's functions where a row has one, the row's own value where it has none or may differ."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

from symdiff.errors import DomainError, MissingDependency, UsageError
from symdiff.evaluator import Evaluator, float_rule_of, float_value
from symdiff.expr import Expr
from symdiff.operations.arithmetic import add, div, mul, neg
from symdiff.operations.arithmetic import pow as power_row
from symdiff.operations.op import TABLE, Op
from symdiff.operations.operators import UFUNCS
from symdiff.operations.piecewise import where

__all__ = ["array_values"]

_NUMPY_NAMES: dict[Op, str] = {
    **{TABLE[row]: name for name, row in UFUNCS.items() if TABLE[row].arity == 1},  # arctan2(0, 0) is 0 to NumPy, undefined to the row
    add: "add", mul: "multiply", div: "divide", neg: "negative", power_row: "power",
    TABLE["lt"]: "less", TABLE["le"]: "less_equal", TABLE["gt"]: "greater", TABLE["ge"]: "greater_equal",
    TABLE["eq"]: "equal", TABLE["ne"]: "not_equal",
}


def array_values(evaluator: Evaluator, given: Mapping[Expr, Any], strict: bool, element: Callable[[Mapping[Expr, Any]], Any]) -> Any:
    """The values at all elements, nan or, if strict, a DomainError where there is none.

    element: evaluates at one element, for complex numbers and for the error.
    """
    try:
        np = import_module("numpy")
    except ImportError:
        raise MissingDependency("numpy", "evaluating arrays", "numpy") from None
    try:
        shape = np.broadcast_shapes(*[value.shape for value in given.values() if hasattr(value, "shape")])
    except ValueError:
        shapes = ", ".join(f"{symbol} {value.shape}" for symbol, value in given.items() if hasattr(value, "shape"))
        raise UsageError(f"the arrays do not broadcast to one shape: {shapes}") from None
    if any(np.iscomplexobj(value) for value in given.values()):
        columns = {symbol: np.broadcast_to(np.asarray(given[symbol], dtype=complex), shape) for _, symbol in evaluator.symbols}
        return _one_by_one(np, columns, shape, strict, element)
    environment = {symbol: np.asarray(given[symbol], dtype=np.float64) for _, symbol in evaluator.symbols}
    with np.errstate(all="ignore"):
        result = np.array(np.broadcast_to(_pass(np, evaluator, environment), shape))
    lost = np.isnan(result)
    if strict and lost.any():
        place = tuple(np.argwhere(lost)[0])
        element({symbol: float(np.broadcast_to(value, shape)[place]) for symbol, value in environment.items()})
        raise DomainError(f"there is no value in floats at element {place}")
    return result.astype(bool) if evaluator.order[-1].op.relation and not lost.any() else result


def _one_by_one(np: Any, columns: Mapping[Expr, Any], shape: tuple[int, ...], strict: bool, element: Callable[..., Any]) -> Any:
    result = np.empty(shape, dtype=complex)
    for place in np.ndindex(shape):
        try:
            result[place] = element({symbol: complex(column[place]) for symbol, column in columns.items()})
        except DomainError:
            if strict:
                raise
            result[place] = complex(math.nan, math.nan)
    return result


def _pass(np: Any, evaluator: Evaluator, environment: Mapping[Expr, Any]) -> Any:
    """One pass; an array is dropped after its last use, so that a deep formula needs little memory."""
    last_use = {child: place for place, _, children in evaluator.steps for child in children}
    values: list[Any] = list(evaluator.float_leaves())
    for place, symbol in evaluator.symbols:
        values[place] = environment[symbol]
    for place, op, children in evaluator.steps:
        values[place] = _elementwise(np, op, [values[child] for child in children])
        for child in children:
            if last_use[child] == place:
                values[child] = None
    return np.asarray(values[-1], dtype=np.float64)


def _elementwise(np: Any, op: Op, arguments: list[Any]) -> Any:
    if op is where:
        condition, value, other = arguments
        return np.where(np.isnan(condition), math.nan, np.where(np.asarray(condition) != 0, value, other))
    name = _NUMPY_NAMES.get(op)
    count = 2 if op.variadic else len(arguments)
    function = np.frompyfunc(_safe(op), count, 1) if name is None else getattr(np, name)
    result = function(*arguments[:count])
    for argument in arguments[count:]:
        result = function(result, argument)
    result = np.array(result, dtype=np.float64)
    return result if name is None else _checked(np, op, result, arguments)


def _checked(np: Any, op: Op, result: Any, arguments: list[Any]) -> Any:
    """Ask the row again where NumPy may mean something else: it says 1/0 = inf, nan^0 = 1 and that inf < inf is false."""
    doubtful = ~np.isfinite(result)
    if op is power_row or op.relation:
        for argument in arguments:
            doubtful |= ~np.isfinite(argument)
    if doubtful.any():
        rule = _safe(op)
        columns = [np.broadcast_to(argument, result.shape)[doubtful].tolist() for argument in arguments]
        result[doubtful] = [rule(*row) for row in zip(*columns, strict=True)]
    return result


def _safe(op: Op) -> Callable[..., Any]:
    rule = float_rule_of(op)

    def value(*arguments: Any) -> Any:
        return float_value(op, rule, [float(argument) for argument in arguments])
    return value
