"""How tightly each kind of node binds when written, one table for all printers, and where a sign stands in front."""

from __future__ import annotations

import math

from symdiff.expr import NUMBER, SYMBOL, Expr
from symdiff.operations import TABLE
from symdiff.operations.arithmetic import add, div, mul, neg
from symdiff.operations.arithmetic import pow as power_row
from symdiff.operations.op import Op
from symdiff.operations.operators import negate
from symdiff.walk import postorder

__all__ = ["ATOM", "CHOICE", "POWER", "PRODUCT", "RELATION", "SUM", "Signs", "level", "signs_of"]

CHOICE, OR, AND, NOT, RELATION, SUM, PRODUCT, POWER, ATOM = range(9)

_LEVELS: dict[Op, int] = {
    add: SUM, neg: SUM, mul: PRODUCT, div: PRODUCT, power_row: POWER, TABLE["where"]: CHOICE,
    TABLE["or"]: OR, TABLE["and"]: AND, TABLE["not"]: NOT,
    **{TABLE[name]: RELATION for name in ("lt", "le", "gt", "ge", "eq", "ne")},
}


class Signs:
    """For each node of one formula: whether its text begins with a number, and whether that number is negative."""

    def __init__(self, first: dict[Expr, Expr]) -> None:
        self._first = first

    def leading_number(self, node: Expr) -> bool:
        return self._leading(node).op is NUMBER

    def leading_minus(self, node: Expr) -> bool:
        first = self._leading(node)
        return first.op is NUMBER and (first.value < 0 or (type(first.value) is float and math.copysign(1, first.value) < 0))

    def flipped(self, node: Expr) -> Expr:
        """The node without the minus it begins with."""
        result = spine = negate(node)
        first = negate(self._leading(node))
        while spine is not first:
            self._first[spine] = first
            spine = spine.args[0]
        return result

    def _leading(self, node: Expr) -> Expr:
        return self._first.get(node, node)


def signs_of(root: Expr) -> Signs:
    """The first leaf of every product and quotient that is written without parentheses before it."""
    first: dict[Expr, Expr] = {}
    for node in postorder(root):
        if node.op is div or node.op is mul:
            head = node.args[0]
            if node.op is div or head.op is not mul:
                first[node] = first.get(head, head)
    return Signs(first)


def level(node: Expr, signs: Signs) -> int:
    """How tightly a node binds as written: a leading minus makes it bind as a sum does."""
    op = node.op
    if op is SYMBOL:
        return ATOM
    if op is NUMBER:
        if signs.leading_minus(node):
            return SUM
        return ATOM if type(node.value) in (int, float) else PRODUCT
    found = _LEVELS.get(op, ATOM)
    return SUM if found == PRODUCT and signs.leading_minus(node) else found
