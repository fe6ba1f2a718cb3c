"""Raw derivatives in readable shape: products of products that nobody shares become flat, numbers in front."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from symdiff.expr import NUMBER, Expr
from symdiff.operations.arithmetic import add, mul
from symdiff.operations.folding import product, sum_of
from symdiff.walk import postorder, unnested, users

__all__ = ["all_tidied", "tidied"]


def tidied(root: Expr) -> Expr:
    """Flatten sums in sums and products in products where the inner node has one use; shared ones stay nodes of their own."""
    return all_tidied([root])[0]


def all_tidied(roots: Sequence[Expr], kept: Collection[Expr] = ()) -> list[Expr]:
    """The same for several roots at once, what they share staying shared.

    kept: nodes to leave as they are, with all below them: those of the formula itself, so that its derivatives share them.
    """
    order = postorder(*roots, known=kept)
    outputs = set(roots)
    inside = {node for node, user in users(order).items() if user is not None and user.op is node.op and (node.op is mul or node.op is add)}
    inside -= outputs
    inside.intersection_update(order)
    tidy: dict[Expr, Expr] = {}
    for node in order:
        if node not in inside:  # what goes into its user is built there, once: flattening level by level would be quadratic in depth
            tidy[node] = _rebuilt(node, [tidy.get(part, part) for part in unnested(node, inside)])
    return [tidy.get(root, root) for root in roots]


def _rebuilt(node: Expr, parts: list[Expr]) -> Expr:
    op = node.op
    if (op is mul or op is add) and (len(parts) != len(node.args) or any(a.op is NUMBER for a in parts[1:])):
        return (product if op is mul else sum_of)(*parts)
    new = tuple(parts)
    return node if new == node.args else Expr(op, new, node.value)
