"""Why a formula has no value at a point: the first step without one, its argument, and what it needs."""

from __future__ import annotations

import math
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from symdiff import limits, numbers
from symdiff.errors import DomainError, LimitError, SymdiffError, UsageError
from symdiff.evaluator import Evaluator, exact_rule, too_large
from symdiff.expr import SYMBOL, Expr, number, symbol_node
from symdiff.operations.arithmetic import pow as power_row
from symdiff.operations.op import Op
from symdiff.operations.piecewise import where
from symdiff.walk import free_symbols, outline

__all__ = ["grew_too_large", "undefined_error"]

ORDINALS = ("first", "second", "third")


def undefined_error(evaluator: Evaluator, values: list[Any], environment: Mapping[Expr, Any], exactly: bool = False) -> SymdiffError:
    """The error for a pass whose last value is missing (None or nan)."""
    node = _culprit(evaluator, values)
    arguments = [values[evaluator.place(child)] for child in node.args]
    shown = f"{brief(node)} has no real value{_at(node, environment)}"
    if exactly and node.op.name != "undefined":
        return _inexact(node, arguments, environment) or DomainError(f"{shown}: {_needs(node.op, arguments)}")
    if any(hasattr(value, "_mpc_") for value in values):
        shown = shown.replace(" real ", " ")
    if node.op is SYMBOL:
        return DomainError(f"the value given for {node} is no number: {said(environment[node])}")
    infinite = [str(symbol) for symbol in free_symbols(node) if isinstance(environment[symbol], float) and math.isinf(environment[symbol])]
    if infinite:
        return DomainError(f"{shown}: {infinite[0]} is no real number there")
    if _overflows(node.op, arguments):
        return DomainError(f"{brief(node)} overflowed floats{_at(node, environment)}; "
                           "with digits=30 evaluate finds its value, if it has one")
    if grew_too_large(evaluator, values):
        return DomainError(f"{brief(node)} was not evaluated{_at(node, environment)}: the numbers grow too large")
    return DomainError(f"{shown}: {_needs(node.op, arguments)}")


def grew_too_large(evaluator: Evaluator, values: list[Any]) -> bool:
    """Whether an mpmath pass without a result failed for the size of numbers rather than for want of a value."""
    arguments = [values[evaluator.place(child)] for child in _culprit(evaluator, values).args]
    return all(hasattr(a, "_mpf_") or hasattr(a, "_mpc_") for a in arguments) and too_large(arguments, 900)


def _is_missing(value: Any) -> bool:
    return value is None or (isinstance(value, float) and math.isnan(value))


def _culprit(evaluator: Evaluator, values: list[Any]) -> Expr:
    """The first node without a value on the way down from the root, all of whose arguments that matter have one."""
    node = evaluator.order[-1]
    while True:
        relevant = node.args
        if node.op is where:
            condition = values[evaluator.place(node.args[0])]
            relevant = node.args[:1] if _is_missing(condition) else node.args[1:2] if condition else node.args[2:]
        below = next((child for child in relevant if _is_missing(values[evaluator.place(child)])), None)
        if below is None:
            return node
        node = below


def _inexact(node: Expr, arguments: list[Any], environment: Mapping[Expr, Any]) -> SymdiffError | None:
    """Why an exact step failed, unless it is outside its domain."""
    try:
        exact_rule(node.op, arguments, limits.exact_bits) if node.args else None
    except LimitError as error:
        return error
    except (ValueError, ZeroDivisionError):
        return None
    if node.op.domain is not None:
        domain = Evaluator(node.op.domain(*map(number, arguments)))
        if domain.exact_values({}, limits.exact_bits)[-1] is False:
            return None
    return UsageError(f"{brief(node)} has no exact rational value{_at(node, environment)}, as {node.op.name} rarely has one; "
                      "evaluate with floats or with digits=30")


def _overflows(op: Op, arguments: list[Any]) -> bool:
    if any(isinstance(argument, float) and math.isinf(argument) for argument in arguments):
        return True
    if op.value is None or not all(isinstance(argument, float) for argument in arguments):
        return False
    try:
        op.value(*arguments)
    except OverflowError:
        return True
    except (ArithmeticError, ValueError):
        pass
    return False


def _needs(op: Op, arguments: list[Any]) -> str:
    """What the row asks of its arguments, in words."""
    name = op.symbol or op.name
    if not op.arity:
        return f"it says {name}"
    if op is power_row and arguments[0] == 0:
        return "0 has no negative powers"
    if op.domain is None:
        return f"{name} has none for {', '.join(map(said, arguments))}"
    names = ["its argument"] if op.arity == 1 else [f"its {ordinal} argument" for ordinal in ORDINALS[:op.arity]]
    text = str(op.domain(*map(symbol_node, names)))
    if len(text) > 100 and op.convention:
        return f"{name} has none for {' and '.join(map(said, arguments))} ({op.convention})"
    return f"{name} needs {text}" + (f", and it is {said(arguments[0])}" if op.arity == 1 else "")


def _at(node: Expr, environment: Mapping[Expr, Any]) -> str:
    symbols = free_symbols(node)
    if not symbols:
        return ""
    return " at " + ", ".join(f"{symbol} = {said(environment[symbol])}" for symbol in symbols[:6]) + (", ..." if len(symbols) > 6 else "")


def brief(node: Expr) -> str:
    """The formula's text, or its head alone where that would be long."""
    if len(outline(node, 41, lambda _: False)[0]) <= 40:
        return str(node)
    return f"{node.op.name}(...)" if node.op.symbol is None else f"a long formula's {node.op.symbol}"


def said(value: Any) -> str:
    """A number in a message, shortened."""
    if isinstance(value, float):
        return f"{value:.15g}"
    if isinstance(value, int | Fraction) and not isinstance(value, bool):
        text = numbers.text_of(value)
        return text if len(text) < 60 else f"{text[:20]}... ({len(text)} characters)"
    if hasattr(value, "_mpf_") or hasattr(value, "_mpc_"):
        return str(value.context.nstr(value, 15))
    return str(value)
