"""taylor: the Taylor polynomial as users ask for it; the arithmetic is in series.py."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from symdiff import limits
from symdiff.calculus.collected import Collector, Swollen
from symdiff.calculus.forward import differentiable
from symdiff.calculus.series import Series
from symdiff.errors import LimitError, UsageError
from symdiff.expr import NUMBER, ONE, ZERO, Expr, number
from symdiff.operations.arithmetic import add, mul
from symdiff.operations.folding import difference, opposite, power, product, quotient, sum_of
from symdiff.operations.op import as_expr
from symdiff.symbols import as_symbol
from symdiff.walk import free_symbols, paused_collector, tree_size

__all__ = ["taylor"]


def taylor(expression: Expr | float, variable: Expr | str, at: Any = 0, order: int = 6) -> Expr:
    """The Taylor polynomial of an expression around a point, exact, lowest powers first.

    variable: a symbol or its name.  at: a number or an expression without the variable.  order: the highest power, from 0 on.
    Raises DomainError where the expression has no value or no derivative at the point (ln(x) at 0, abs(x) at 0), UsageError for what is
    no variable or no order, LimitError above `limits.derivative_order`.

    >>> from symdiff import parse
    >>> taylor(parse("exp(x)*sin(x)"), "x", 0, 5)
    Expr('x + x^2 + x^3/3 - x^5/30')
    >>> taylor(parse("sqrt(x)"), "x", 4, 2)
    Expr('2 + (x - 4)/4 - (x - 4)^2/64')
    """
    root, symbol, point = differentiable(expression), as_symbol(variable), as_expr(at)
    if isinstance(order, bool) or not hasattr(order, "__index__") or order < 0:
        raise UsageError(f"the order of a Taylor polynomial is a whole number from 0 on, not {order!r}")
    if order > limits.derivative_order:
        raise LimitError(f"a Taylor polynomial of order {order}", "derivative_order", limits.derivative_order)
    if symbol in free_symbols(point):
        raise UsageError(f"the point '{point}' contains the variable {symbol} itself; expand around another symbol or a number")
    with paused_collector():
        coefficients = [_collected(c, symbol) for c in Series(symbol, point).coefficients(root, int(order))]
        step = difference(symbol, point)
        return _sum([_term(coefficient, power(step, number(k))) for k, coefficient in enumerate(coefficients)])


def _collected(coefficient: Expr, variable: Expr) -> Expr:
    """A coefficient with like terms collected, where that makes it shorter."""
    try:
        collector = Collector(variable)
        found = collector.expression(collector.of(coefficient))
    except Swollen:
        return coefficient
    return min(coefficient, found, key=tree_size)


def _sum(terms: list[Expr]) -> Expr:
    """The sum as it stands, the constant first where there is one."""
    kept = [term for term in terms if term is not ZERO]
    if kept and kept[0].op is NUMBER and len(kept) > 1:
        return Expr(add, tuple(kept))  # sum_of would put the number last
    return sum_of(*kept)


def _term(coefficient: Expr, factor: Expr) -> Expr:
    """coefficient*factor as people write it: -x^3/6."""
    value = coefficient.value if coefficient.op is NUMBER else None
    if value == 0:
        return ZERO
    if factor is ONE or type(value) is not Fraction:
        return product(*(coefficient.args if coefficient.op is mul else (coefficient,)), factor)
    top = quotient(product(number(abs(value.numerator)), factor), number(value.denominator))
    return opposite(top) if value < 0 else top
