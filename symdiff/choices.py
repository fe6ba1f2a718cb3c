"""piecewise: formulas chosen by conditions, from pairs as SymPy's Piecewise takes them; the row `where` is in operations/piecewise.py."""

from __future__ import annotations

from typing import Any

from symdiff.errors import UsageError
from symdiff.expr import Expr
from symdiff.operations.op import as_expr
from symdiff.operations.piecewise import where

__all__ = ["piecewise"]


def piecewise(*branches: Any) -> Expr:
    """A formula for each condition; the first condition that holds decides.

    branches: pairs (value, condition), and last the value for all other points: alone, or in a pair with True.
    Conditions are relations such as x > 0, eq(x, 0) or (x > 0).and_(x < 1).  In text: a if c else b if d else e.
    Raises UsageError without a last value, and for a condition that is none (Python's x == 0 is just False).

    >>> from symdiff import Symbol
    >>> x = Symbol("x")
    >>> piecewise((x**2, x > 0), (-x, x < -1), 0)
    Expr('x^2 if x > 0 else -x if x < -1 else 0')
    >>> piecewise((x, x > 0), (0, True)).diff(x)
    Expr('1 if x > 0 else 0')
    """
    pairs: list[tuple[Expr, Expr]] = []
    for place, branch in enumerate(branches):
        if not isinstance(branch, tuple):
            if place + 1 < len(branches):
                raise UsageError(f"branch {place + 1} is a pair (value, condition), not {branch!r}; only the last may be a value alone")
            return _chosen(pairs, as_expr(branch))
        if len(branch) != 2:
            raise UsageError(f"branch {place + 1} is a pair (value, condition), not {branch!r}")
        value, condition = branch
        if condition is True:
            return _chosen(pairs, as_expr(value))
        if type(condition) is not Expr or not condition.op.relation:
            hint = "; Python's == and != compare identity, write eq(a, b) or ne(a, b)" if condition is False else ""
            raise UsageError(f"the condition of branch {place + 1} is a relation such as x > 0, not {condition!r}{hint}")
        pairs.append((as_expr(value), condition))
    raise UsageError("a last branch says what holds at all other points: a value alone, or (value, True)")


def _chosen(pairs: list[tuple[Expr, Expr]], last: Expr) -> Expr:
    result = last
    for value, condition in reversed(pairs):
        result = where(condition, value, result)
    return result
