"""Functions over a differential field: how each is built of independent kernels, and the slopes of the kernels.

A kernel stands for a function of which the field knows its slope and one algebraic relation at most: exp(u), ln(u), a root of u, an
angle.  All else is written with them, so that tanh, sigmoid and sinh meet in exp(u).  The slopes of kernels are stated here a second time;
tests/test_certificates.py proves every row against the table's own slopes and, without any rule, by Taylor arithmetic in balls.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from typing import Any

from symdiff.checking.balls import Balls, evaluator_over
from symdiff.evaluator import exact_number
from symdiff.expr import NUMBER, SYMBOL, Expr
from symdiff.walk import free_symbols

__all__ = ["KERNELS", "Nowhere", "Outside", "elements"]

NONNEGATIVE, POSITIVE = "nonnegative", "positive"
"""What a kernel asks of its argument."""
LARGEST_POWER = 1_000


class Outside(Exception):
    """The formula, or the work it takes, is outside what the field can hold; the message says why."""


class Nowhere(Outside):
    """The formula has no value at any point."""


def elements(field: Any, balls: Balls, variable: Expr) -> Any:
    """The formula as an element of the field; Outside where it has a function without kernels.

    What does not depend on the variable may be any function: it is a constant, known by its text alone.
    """
    values: dict[Expr, Any] = {}
    moving: set[Expr] = set()
    order = evaluator_over(balls.order[-1], KERNELS).order
    for node in order:
        if node is variable or not moving.isdisjoint(node.args):
            moving.add(node)
        if node.op is SYMBOL:
            values[node] = field.symbol(node)
        elif node.op is NUMBER:
            values[node] = field.number(exact_number(node.value))
        elif node.op.name in KERNELS and not any(values[child] is None for child in node.args):
            values[node] = KERNELS[node.op.name](field, *[values[child] for child in node.args])
        elif node in moving:
            raise Outside(f"{node.op.name} is no algebraic function of independent kernels")
        elif node.op.relation:
            values[node] = None
        else:
            values[node] = field.atom(node, bool(free_symbols(node)))
    return values[order[-1]]


def _power(F: Any, u: Any, v: Any) -> Any:
    exponent = F.constant(v)
    if exponent is None:
        return F.power(u, v)
    if abs(exponent) > LARGEST_POWER:
        raise Outside(f"a power of {exponent}")
    whole, part = divmod(exponent, 1)
    result = u ** int(whole)
    return result * F.root(u, part.denominator, NONNEGATIVE) ** part.numerator if part else result


def _logarithm(F: Any, u: Any) -> Any:
    return F.integral("ln", u, lambda: 1 / u, POSITIVE, u)


def _binary(F: Any, u: Any, base: int) -> Any:
    return _logarithm(F, u) / _logarithm(F, F.number(base))


def _inverse_sine(F: Any, u: Any) -> Any:
    return F.integral("asin", u, lambda: 1 / F.root(1 - u ** 2, 2), NONNEGATIVE, 1 - u ** 2)


def _inverse_cosine(F: Any, u: Any) -> Any:
    return F.integral("acos", u, lambda: -1 / F.root(1 - u ** 2, 2), NONNEGATIVE, 1 - u ** 2)


def _area_cosine(F: Any, u: Any) -> Any:
    """Needs u >= 1, and so u^2 - 1 >= 0; the condition recorded is the stronger one, which sqrt(u^2 - 1) alone does not imply."""
    F.needs(NONNEGATIVE, u ** 2 - 1)
    return F.integral("acosh", u, lambda: 1 / F.root(u ** 2 - 1, 2), NONNEGATIVE, u - 1)


def _error_function(F: Any, u: Any, sign: int) -> Any:
    """erf (sign -1) or erfi (sign 1): slope 2/sqrt(pi)*exp(sign*u^2)."""
    name = "erf" if sign < 0 else "erfi"
    return F.integral(name, u, lambda: 2 * F.exp(sign * u ** 2) / F.root(F.pi(), 2))


def _angle(F: Any, u: Any, v: Any) -> Any:
    return F.integral_of_two("atan2", u, v, lambda: (v / (u ** 2 + v ** 2), -u / (u ** 2 + v ** 2)))


KERNELS: dict[str, Callable[..., Any]] = {
    "pi":  lambda F: F.pi(),
    "e":   lambda F: F.exp(F.number(1)),
    "add": lambda F, *terms: reduce(lambda u, v: u + v, terms),
    "mul": lambda F, *factors: reduce(lambda u, v: u * v, factors),
    "neg": lambda F, u: -u,
    "div": lambda F, u, v: u / v,
    "pow": _power,

    "exp":   lambda F, u: F.exp(u),
    "expm1": lambda F, u: F.exp(u) - 1,
    "ln":    _logarithm,
    "log":   lambda F, u, v: _logarithm(F, u) / _logarithm(F, v),
    "log2":  lambda F, u: _binary(F, u, 2),
    "log10": lambda F, u: _binary(F, u, 10),
    "log1p": lambda F, u: _logarithm(F, 1 + u),
    "sqrt":  lambda F, u: F.root(u, 2, NONNEGATIVE),
    "cbrt":  lambda F, u: F.root(u, 3),

    "sin": lambda F, u: F.circle(u)[0],
    "cos": lambda F, u: F.circle(u)[1],
    "tan": lambda F, u: F.circle(u)[0] / F.circle(u)[1],
    "cot": lambda F, u: F.circle(u)[1] / F.circle(u)[0],
    "sec": lambda F, u: 1 / F.circle(u)[1],
    "csc": lambda F, u: 1 / F.circle(u)[0],

    "asin":  _inverse_sine,
    "acos":  _inverse_cosine,
    "atan":  lambda F, u: F.integral("atan", u, lambda: 1 / (1 + u ** 2)),
    "acot":  lambda F, u: F.integral("acot", u, lambda: -1 / (1 + u ** 2)),
    "atan2": _angle,

    "sinh": lambda F, u: (F.exp(u) - 1 / F.exp(u)) / 2,
    "cosh": lambda F, u: (F.exp(u) + 1 / F.exp(u)) / 2,
    "tanh": lambda F, u: (F.exp(2 * u) - 1) / (F.exp(2 * u) + 1),
    "coth": lambda F, u: (F.exp(2 * u) + 1) / (F.exp(2 * u) - 1),
    "sech": lambda F, u: 2 / (F.exp(u) + 1 / F.exp(u)),
    "csch": lambda F, u: 2 / (F.exp(u) - 1 / F.exp(u)),

    "asinh": lambda F, u: F.integral("asinh", u, lambda: 1 / F.root(u ** 2 + 1, 2), NONNEGATIVE, u ** 2 + 1),
    "acosh": _area_cosine,
    "atanh": lambda F, u: F.integral("atanh", u, lambda: 1 / (1 - u ** 2), POSITIVE, 1 - u ** 2),
    "acoth": lambda F, u: F.integral("acoth", u, lambda: 1 / (1 - u ** 2), POSITIVE, u ** 2 - 1),

    "erf":  lambda F, u: _error_function(F, u, -1),
    "erfc": lambda F, u: 1 - _error_function(F, u, -1),
    "erfi": lambda F, u: _error_function(F, u, 1),

    "sigmoid":  lambda F, u: 1 / (1 + 1 / F.exp(u)),
    "softplus": lambda F, u: F.integral("ln", 1 + F.exp(u), lambda: 1 / (1 + F.exp(u))),
    "silu":     lambda F, u: u / (1 + 1 / F.exp(u)),
    "relu":     lambda F, u: (u + F.absolute(u)) / 2,
    "gelu":     lambda F, u: u * (1 + _error_function(F, u / F.root(F.number(2), 2), -1)) / 2,

    "abs":  lambda F, u: F.absolute(u),
    "sign": lambda F, u: F.absolute(u) / u,
    "step": lambda F, u: (1 + F.absolute(u) / u) / 2,
    "max":  lambda F, *values: reduce(lambda u, v: (u + v + F.absolute(u - v)) / 2, values),
    "min":  lambda F, *values: reduce(lambda u, v: (u + v - F.absolute(u - v)) / 2, values),
}
"""For rows that are algebraic over kernels, their element from those of their arguments; one that is not here goes by its definition."""

