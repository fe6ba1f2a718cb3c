"""What a reader pays for a formula: one table of prices, and the sum over the formula as written.

The smallest price wins among equivalent forms; the graph size breaks ties.  Prices are in units of one operation.
"""

from __future__ import annotations

from fractions import Fraction

from symdiff.expr import NUMBER, Expr
from symdiff.operations.arithmetic import add, div, mul, neg
from symdiff.operations.arithmetic import pow as power_row
from symdiff.walk import fold, graph_size, postorder

__all__ = ["Prices", "cost", "occurrences", "price"]

RARE = frozenset({"sec", "csc", "cot", "sech", "csch", "coth", "asec", "acsc", "acot", "asech", "acsch", "acoth", "polygamma"})
RARE_FUNCTION = 0.2
"""Added for a function fewer readers know: 1/cos(x)^2 becomes sec(x)^2 only where that saves an operation."""
GROUP = 0.3
"""Added for a sum in parentheses, which the eye has to open and close."""
MINUS = 0.6
"""A leading minus; one between two terms is part of the sum."""
LONG_DIGIT = 0.15
"""Added for each digit of a number beyond the second."""
NESTED_FRACTION = 0.5
"""Added for a quotient inside a quotient or power."""


def price(root: Expr) -> float:
    """The price of a readable expression as written out; shared parts count each time they appear."""
    return fold(root, _node_price)


class Prices:
    """Prices of many expressions that share parts, each node's once."""

    def __init__(self) -> None:
        self._known: dict[Expr, float] = {}

    def of(self, root: Expr) -> float:
        known = self._known
        if root not in known:
            for node in postorder(root, known=known):
                known[node] = _node_price(node, [known[child] for child in node.args])
        return known[root]


def occurrences(root: Expr) -> int:
    """How often symbols and constants stand in the formula as written: 2*x names its variable once, x + x twice."""
    return fold(root, lambda node, counts: sum(counts) if counts else int(node.op is not NUMBER))


def cost(root: Expr) -> tuple[float, int]:
    """Price, then operations of the shared graph: compare these to choose between forms."""
    return round(price(root), 6), graph_size(root)


def _node_price(node: Expr, parts: list[float]) -> float:
    op = node.op
    if not parts:
        return _number_price(node.value) if op is NUMBER else 0.0
    total = sum(parts)
    if op is add:
        return total + len(parts) - 1 - sum(_absorbed_minus(child) for child in node.args[1:])
    if op is neg:
        return total + MINUS
    if op is mul or op is div or op is power_row:
        groups = sum(child.op is add for child in node.args)
        nested = NESTED_FRACTION * (op is not mul) * sum(child.op is div for child in node.args)
        return total + len(parts) - 1 + GROUP * groups + nested
    return total + (len(parts) - 1 if op.variadic else 1) + RARE_FUNCTION * (op.name in RARE)


def _absorbed_minus(term: Expr) -> float:
    """A minus in front of a later term of a sum is the sign between them."""
    while term.op is mul or term.op is div:
        term = term.args[0]
    return MINUS if term.op is neg or (term.op is NUMBER and term.value < 0) else 0.0


def _number_price(value: object) -> float:
    if isinstance(value, Fraction):
        return 1 + _number_price(value.numerator) + _number_price(value.denominator)
    text = str(value) if not isinstance(value, int) or value.bit_length() < 10_000 else "9" * (value.bit_length() // 3)
    negative = text.startswith("-")
    return MINUS * negative + LONG_DIGIT * max(0, len(text) - negative - 2)
