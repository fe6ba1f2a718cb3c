"""Jacobians and Hessians, sparse: entries that are zero by structure are never built."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from symdiff.calculus.forward import differentiable, slopes_through
from symdiff.calculus.matrix import Matrix
from symdiff.calculus.reverse import as_variables, gradient, pullback
from symdiff.calculus.tidying import all_tidied
from symdiff.expr import ONE, SYMBOL, ZERO, Expr
from symdiff.walk import Graph, free_symbols, needed, paused_collector, postorder

__all__ = ["hessian", "jacobian"]

Entries = dict[tuple[int, int], Expr]


def jacobian(expressions: Any, variables: Any = None) -> Matrix:
    """The matrix of first derivatives: entry (i, j) is that of expression i by variable j.

    expressions: a sequence of expressions, or one.
    variables: symbols or their names, or one of them; by default all free variables in the order of their names.
    Works forward (a pass a variable) or in reverse (a pass an expression), whichever visits fewer nodes.
    Raises UsageError for conditions and for what is no variable.

    >>> from symdiff import parse
    >>> print(jacobian([parse("x^2*y"), parse("sin(y)")], ["x", "y"]))
    [2*x*y     x^2]
    [    0  cos(y)]
    """
    roots = [differentiable(item) for item in ([expressions] if isinstance(expressions, (Expr, int, float)) else expressions)]
    with paused_collector():
        along = as_variables(variables) if variables is not None else tuple(free_symbols(*roots))
        graph = Graph(roots)
        forward, reverse = sum(len(graph.above(variable)) for variable in along), sum(len(postorder(root)) for root in roots)
        raw = _by_columns(graph, roots, along) if forward <= reverse else _by_rows(graph, roots, along)
        return Matrix((len(roots), len(along)), _tidied(raw, graph.order))


def hessian(expression: Expr | float, variables: Any = None) -> Matrix:
    """The symmetric matrix of second derivatives: forward passes over the reverse sweep, each entry and its mirror image once.

    variables: symbols or their names; by default all free variables in the order of their names.
    Raises UsageError for conditions and for what is no variable.

    >>> from symdiff import parse
    >>> print(hessian(parse("x^2*y + z"), ["x", "y", "z"]))
    [2*y  2*x  0]
    [2*x    0  0]
    [  0    0  0]
    """
    root = differentiable(expression)
    with paused_collector():
        along = as_variables(variables) if variables is not None else tuple(free_symbols(root))
        slopes = gradient(root, along)
        graph = Graph(slopes)
        half = _tidied(_by_columns(graph, slopes, along, symmetric=True), graph.order)
        return Matrix((len(along), len(along)), {**half, **{(j, i): entry for (i, j), entry in half.items()}})


def _by_columns(graph: Graph, roots: Sequence[Expr], along: Sequence[Expr], symmetric: bool = False) -> Entries:
    """A forward pass for each variable, through the nodes that depend on it only; symmetric: no entries right of the diagonal."""
    entries: Entries = {}
    rows: dict[Expr, list[int]] = {}
    for i, root in enumerate(roots):
        rows.setdefault(root, []).append(i)
    for j, variable in enumerate(along):
        dependent = graph.above(variable)
        wanted = [node for node in dependent if node in rows and (not symmetric or rows[node][-1] >= j)]
        if symmetric:
            dependent = needed(wanted, dependent)
        slopes = slopes_through(dependent, {variable: ONE})
        for node in wanted:
            if slopes[node] is not ZERO:
                entries.update(((i, j), slopes[node]) for i in rows[node] if not symmetric or i >= j)
    return entries


def _by_rows(graph: Graph, roots: Sequence[Expr], along: Sequence[Expr]) -> Entries:
    """A reverse sweep for each expression, through the nodes it depends on only."""
    entries: Entries = {}
    column = {variable: j for j, variable in enumerate(along)}
    for i, root in enumerate(roots):
        order = postorder(root)
        present = [node for node in order if node.op is SYMBOL and node in column]
        for variable, slope in zip(present, pullback(order, {root: ONE}, present), strict=True):
            if slope is not ZERO:
                entries[i, column[variable]] = slope
    return entries


def _tidied(entries: Entries, kept: Iterable[Expr]) -> Entries:
    return dict(zip(entries, all_tidied(list(entries.values()), kept=set(kept)), strict=True))
