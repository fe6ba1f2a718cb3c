"""Raw derivatives in readable shape: products of products that nobody shares become flat, numbers in front."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from operator import itemgetter

from symdiff.expr import NUMBER, SYMBOL, Expr
from symdiff.operations.arithmetic import add, mul
from symdiff.operations.arithmetic import pow as power_row
from symdiff.operations.folding import product, sum_of
from symdiff.walk import postorder, unnested

__all__ = ["all_tidied", "rank", "tidied"]


def tidied(root: Expr) -> Expr:
    """Flatten sums in sums and products in products where the inner node has one use; shared ones stay nodes of their own."""
    return _flattened([root], (), _together)[0]


def all_tidied(roots: Sequence[Expr], kept: Collection[Expr] = ()) -> list[Expr]:
    """The same for several roots at once, what they share staying shared, and in every product the symbols in front by name.

    A reverse sweep meets factors from the outside in, so that without an order x^2*y has the derivative 2*y*x.
    kept: nodes to leave as they are, with all below them: those of the formula itself, so that its derivatives share them.
    """
    return _flattened(roots, kept, _in_order)


def _flattened(roots: Sequence[Expr], kept: Collection[Expr], combine: Callable[[Expr, Sequence[Expr]], Expr]) -> list[Expr]:
    order = postorder(*roots, known=kept)
    inside = _absorbed(order, kept).difference(roots)
    tidy: dict[Expr, Expr] = {}  # of what changes; in a long chain of functions most nodes do not
    for node in order:
        op, args = node.op, node.args
        if op is mul or op is add:
            if node not in inside:  # what goes into its user is built there, once: level by level would be quadratic in depth
                parts = args if inside.isdisjoint(args) else unnested(node, inside)
                new = combine(node, [tidy.get(part, part) for part in parts])
                if new is not node:
                    tidy[node] = new
        elif tidy and not tidy.keys().isdisjoint(args):
            tidy[node] = Expr(op, tuple([tidy.get(part, part) for part in args]))
    return [tidy.get(root, root) for root in roots]


def _absorbed(order: Sequence[Expr], kept: Collection[Expr]) -> set[Expr]:
    """The sums that only another sum uses, and the products that only another product uses."""
    user: dict[Expr, Expr | None] = {}
    for node in order:
        op = node.op
        for child in node.args:
            if child.op is mul or child.op is add:
                user[child] = node if child.op is op and child not in user else None
    return {child for child, only in user.items() if only is not None and child not in kept}


def _together(node: Expr, parts: Sequence[Expr]) -> Expr:
    """The node with its parts in place of its arguments."""
    op, new = node.op, tuple(parts)
    if (op is mul or op is add) and (len(new) != len(node.args) or any(a.op is NUMBER for a in new[1:])):
        return (product if op is mul else sum_of)(*new)
    return node if new == node.args else Expr(op, new, node.value)


def _in_order(node: Expr, parts: Sequence[Expr]) -> Expr:
    if node.op is mul:
        ranks = [rank(part) for part in parts]
        if ranks != sorted(ranks):
            parts = [part for _, part in sorted(zip(ranks, parts, strict=True), key=itemgetter(0))]
    return _together(node, parts)


def rank(factor: Expr) -> tuple[int, str]:
    op = factor.op
    if op is power_row and factor.args[1].op is NUMBER:
        factor = factor.args[0]
        op = factor.op
    if op is SYMBOL:
        return 2, factor.value
    return (3, "") if factor.args else (0 if op is NUMBER else 1, "")
