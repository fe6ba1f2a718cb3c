"""Substitution and size, as users call them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from symdiff.errors import UsageError
from symdiff.expr import Expr
from symdiff.operations.op import as_expr
from symdiff.symbols import Symbol
from symdiff.walk import graph_size, substitute, tree_size

__all__ = ["count_ops", "subs"]


def subs(expression: Expr, *pairs: Any) -> Expr:
    """Replace nodes by others, all at once, and build what is then written (nothing is computed).

    pairs: a mapping {old: new}, or old and new, as in SymPy; a string names a symbol.
    Raises UsageError for other arguments.

    >>> from symdiff import parse, Symbol
    >>> x = Symbol("x")
    >>> subs(parse("x^2 + y"), {x: 2})
    Expr('2^2 + y')
    >>> parse("x + y").subs("x", parse("y"))
    Expr('y + y')
    """
    if len(pairs) == 1 and isinstance(pairs[0], Mapping):
        mapping = pairs[0]
    elif len(pairs) == 2:
        mapping = {pairs[0]: pairs[1]}
    else:
        raise UsageError("subs takes a mapping {old: new} or two arguments old, new")
    replacement = {Symbol(old) if isinstance(old, str) else as_expr(old): as_expr(new) for old, new in mapping.items()}
    for old, new in replacement.items():
        if old.op.relation is not new.op.relation:
            raise UsageError(f"'{old}' cannot become '{new}': a condition takes the place of a condition only, a number that of a number")
    return substitute(expression, replacement)


def count_ops(expression: Expr, shared: bool = False) -> int:
    """How many operations the formula has as written; shared=True counts every distinct one once, as a program runs them.

    >>> from symdiff import parse
    >>> count_ops(parse("x*sin(x) + 1")), count_ops(parse("sin(x)*sin(x)"), shared=True)
    (3, 2)
    """
    return graph_size(expression) if shared else tree_size(expression)
