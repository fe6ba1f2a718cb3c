"""Pickling: an expression travels as one flat list of its nodes, so that depth does not matter, and arrives as the same node."""

from __future__ import annotations

from typing import Any

from symdiff.errors import DefinitionError
from symdiff.expr import NUMBER, SYMBOL, Expr, number, symbol_node
from symdiff.functions import Function
from symdiff.operations import TABLE
from symdiff.operations.abstract import AbstractOp
from symdiff.walk import postorder

__all__ = ["reduced", "restored"]

Entry = tuple[str | AbstractOp, Any]


def reduced(expression: Expr) -> tuple[Any, tuple[list[Entry]]]:
    """What pickle keeps: for each node in postorder its operation's name (an abstract one's row) and arguments' places; or its value."""
    place: dict[Expr, int] = {}
    entries: list[Entry] = []
    for node in postorder(expression):
        place[node] = len(entries)
        leaf = node.op is NUMBER or node.op is SYMBOL
        name = node.op if isinstance(node.op, AbstractOp) else node.op.name
        entries.append((name, node.value if leaf else tuple(place[child] for child in node.args)))
    return restored, (entries,)


def restored(entries: list[Entry]) -> Expr:
    """The expression of such a list."""
    made: list[Expr] = []
    for name, content in entries:
        if name == "number":
            made.append(number(content))
        elif name == "symbol":
            made.append(symbol_node(content))
        elif isinstance(name, AbstractOp):
            Function(name.function)  # so that the text of what is loaded can be read back
            made.append(Expr(name, tuple([made[index] for index in content])))
        elif name in TABLE:
            made.append(Expr(TABLE[name], tuple([made[index] for index in content])))
        else:
            raise DefinitionError(f"the operation {name!r} is not defined in this process; define it before loading")
    return made[-1]
