"""Values of formulas at exact points in high precision: a number, a truth, None where there is none, UNCLEAR where rounding would decide.

It knows where arithmetic of any precision may be wrong: just beside a jump, a pole or the end of a domain.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from functools import lru_cache
from typing import Any

from symdiff import limits
from symdiff.evaluation import precise_context
from symdiff.evaluator import Evaluator
from symdiff.expr import NUMBER, Expr
from symdiff.walk import postorder

__all__ = ["UNCLEAR", "Value", "agree", "broken", "context", "decimal", "value_at"]

DIGITS = 60
UNCLEAR = "unclear"
JUMPING = frozenset({"floor", "ceil", "sign", "step"})
COMPARING = frozenset({"lt", "le", "gt", "ge", "eq", "ne"})
PERIODIC = frozenset({"tan", "cot", "sec", "csc"})
Value = Any
"""A number or truth; None where there is no value; UNCLEAR where rounding or size would decide."""


@lru_cache(maxsize=1)
def context() -> Any:
    """The mpmath context that all values are computed in."""
    return precise_context(DIGITS * 10 // 3 + 1, "checking formulas")


@lru_cache(maxsize=512)
def _evaluator(expression: Expr) -> Evaluator:
    return Evaluator(expression)


def value_at(expression: Expr, point: Mapping[Expr, Any]) -> Value:
    """The value at a point of integers, fractions, floats (which mean just what they are) or mpmath numbers.

    >>> from symdiff import parse, Symbol
    >>> x = Symbol("x")
    >>> value_at(parse("x/3"), {x: 2}), value_at(parse("sqrt(x)"), {x: -1}), value_at(parse("floor(exp(ln(x)))"), {x: 2})
    (mpf('0.66666666...'), None, 'unclear')
    """
    mp = context()
    evaluator = _evaluator(expression)
    bindings = {symbol: _converted(point[symbol], mp) for _, symbol in evaluator.symbols}
    values = evaluator.precise_values(bindings, mp)
    rational = all(isinstance(point[symbol], int | Fraction | float) for _, symbol in evaluator.symbols)
    exact: list[Any] = [None] * len(values)
    if rational:
        exact = evaluator.exact_values({s: _normal(Fraction(point[s])) for _, s in evaluator.symbols}, limits.folded_bits)
    for node in _needed(evaluator, values):
        children = [evaluator.place(child) for child in node.args]
        sure = bool(children) and all(exact[place] is not None for place in children)
        if not sure and _is_unclear(node, [values[place] for place in children], values[evaluator.place(node)], mp):
            return UNCLEAR
    return values[-1]


def _normal(value: Fraction) -> int | Fraction:
    return value.numerator if value.denominator == 1 else value


def _converted(value: Any, mp: Any) -> Any:
    return mp.mpf(value.numerator) / value.denominator if isinstance(value, Fraction) else mp.mpf(value)


def _needed(evaluator: Evaluator, values: list[Any]) -> list[Expr]:
    """The nodes whose values matter: of a choice only the branch taken."""
    stack, met = [evaluator.order[-1]], dict[Expr, None]()
    while stack:
        node = stack.pop()
        if node in met:
            continue
        met[node] = None
        if node.op.name == "where":
            truth = values[evaluator.place(node.args[0])]
            stack += [node.args[0], *([] if truth is None else [node.args[1] if truth else node.args[2]])]
        else:
            stack += node.args
    return list(met)


def _is_unclear(node: Expr, arguments: list[Any], value: Any, mp: Any) -> bool:
    noise, large = mp.mpf(10) ** -40, mp.mpf(10) ** 40  # what is smaller and no zero may be a zero that rounding hid
    if node.op is NUMBER or not node.args:
        return False
    numbers = [a for a in (*arguments, value) if a is not None and type(a) is not bool]
    if any(0 < abs(a) < noise or abs(a) > large for a in numbers):
        return True
    name = node.op.name
    if any(a is None or type(a) is bool for a in arguments) or name == "where":
        return False
    if name in JUMPING or name == "mod" or "gamma" in name:
        u = arguments[0] if len(arguments) == 1 or name == "polygamma" else arguments[0] / arguments[1] if arguments[1] else mp.zero
        return bool(abs(u - mp.nint(u)) < noise or abs(u) > 1e6)
    if name in COMPARING:
        return bool(abs(arguments[0] - arguments[1]) < noise)
    if name == "pow":
        return bool(0 < abs(arguments[1] - mp.nint(arguments[1])) < noise or abs(arguments[1]) > 1e6)
    if node.op.arity == 1 and node.op.domain is not None:  # at the end of a domain, such as 1 for asin
        return any(0 < abs(abs(arguments[0]) - end) < noise for end in (0, 1)) or (name in PERIODIC and abs(arguments[0]) > 1e6)
    return False


def decimal(value: Value) -> str:
    """A value as people read it."""
    if value is None or isinstance(value, bool | str | int | Fraction):
        return "no value" if value is None else str(value)
    return str(context().nstr(value, 15))


def agree(a: Value, b: Value, digits: int = 25) -> bool:
    """Whether two values are the same to so many digits, absolute ones below 1."""
    if type(a) is bool or type(b) is bool:
        return bool(a == b)
    return bool(abs(a - b) <= context().mpf(10) ** -digits * (1 + abs(a)))


def broken(before: Expr, after: Expr, point: Mapping[Expr, Any]) -> str:
    """What is wrong with `after` as a refinement of `before` at a point: '' where before has no value, or both have the same.

    >>> from symdiff import parse, Symbol
    >>> broken(parse("sqrt(x^2)"), parse("x"), {Symbol("x"): -1}), broken(parse("x/x"), parse("1"), {Symbol("x"): 0})
    ('1.0 became -1.0', '')
    """
    old = value_at(before, point)
    if old is None or old is UNCLEAR:
        return ""
    new = value_at(after, point)
    if new is UNCLEAR:
        return ""
    if new is None:
        return f"{decimal(old)} vanished"
    rounded = any(type(node.value) is float for node in postorder(before, after))  # 1/3 + 0.1 folds to a float
    return "" if agree(old, new, 9 if rounded else 25) else f"{decimal(old)} became {decimal(new)}"
