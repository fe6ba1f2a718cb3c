"""Raw derivatives in readable shape: products of products that nobody shares become flat, numbers in front."""

from __future__ import annotations

from symdiff.expr import NUMBER, Expr
from symdiff.operations.arithmetic import add, mul
from symdiff.operations.folding import product, sum_of
from symdiff.walk import fold, uses

__all__ = ["tidied"]


def tidied(root: Expr) -> Expr:
    """Flatten sums in sums and products in products where the inner node has one use; shared ones stay nodes of their own."""
    count = uses(root)

    def rule(node: Expr, args: list[Expr]) -> Expr:
        op = node.op
        if op is mul or op is add:
            flat: list[Expr] = []
            for before, after in zip(node.args, args, strict=True):
                if after.op is op and count[before] == 1:
                    flat += after.args
                else:
                    flat.append(after)
            if len(flat) != len(args) or any(a.op is NUMBER for a in flat[1:]):  # type: ignore[comparison-overlap]
                return (product if op is mul else sum_of)(*flat)
        new = tuple(args)
        return node if new == node.args else Expr(op, new, node.value)
    return fold(root, rule)
