"""What a picture shows, independent of any format or engine: boxes, edges between them, a legend and a note on what is left out."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

from symdiff import limits
from symdiff.drawing.kinds import KINDS
from symdiff.drawing.labels import Text, formula, pretty_names, sign_of
from symdiff.expr import NUMBER, SYMBOL, Expr
from symdiff.operations import TABLE
from symdiff.operations.op import as_expr
from symdiff.walk import fold, outline

__all__ = ["Card", "Drawing", "Edge", "expression_drawing"]

Choice: TypeAlias = Callable[[Expr], bool]

LEGEND_FROM = 40
"""Boxes from which on a picture has a legend; a smaller one explains itself."""
FOLDED_FROM = 60
"""Boxes above which an operation on leaves is one box."""
VARIABLES_ONCE_TO = 24
"""Boxes up to which a variable is one box for all its uses; in larger pictures the lines to it would cross everything."""
_COUNTED_TO = 10 ** 12
_CHOICE_EDGES = ("when", "then", "else")


@dataclass(frozen=True, slots=True)
class Card:
    """One box: the kind that gives its look, the text in it, the text a pointer brings up."""

    kind: str
    label: str
    tooltip: str
    badge: str = ""
    """×n for a box with n uses, if several."""
    cut: bool = False
    """Something below is left out."""


@dataclass(frozen=True, slots=True)
class Edge:
    """A line from a box to one that stands below it, by their positions."""

    start: int
    end: int
    label: str = ""


@dataclass(frozen=True, slots=True)
class Drawing:
    """A picture: edges grouped by the box they start from, left to right; every edge goes to an earlier card, the root is the last."""

    title: str
    cards: tuple[Card, ...]
    edges: tuple[Edge, ...]
    legend: tuple[str, ...] = ()
    note: str = ""


def expression_drawing(
    expression: Any, *, shared: bool = True, folded: bool | None = None, legend: bool | None = None, limit: int | None = None,
) -> Drawing:
    """The expression as boxes, one for each operation, number and variable.

    shared: an operation used several times is one box with a badge ×n, and so is a variable in pictures of up to 24 boxes;
    else the picture is a tree.
    folded: whether an operation on numbers and variables only, such as x², is one box; None for: in pictures of over 60 boxes.
    legend: whether the kinds of boxes are explained; None for: in pictures of 40 boxes or more.
    limit: the most boxes; beyond them the top is drawn and a note says what is left out.  None for `limits.drawn_nodes`.

    >>> from symdiff import parse
    >>> picture = expression_drawing(parse("x^2*sin(x)"))
    >>> [card.label for card in picture.cards]
    ['x', '2', '^', 'sin', '×']
    >>> [(edge.start, edge.end) for edge in picture.edges]
    [(2, 0), (2, 1), (3, 0), (4, 2), (4, 3)]
    >>> [card.label for card in expression_drawing(parse("x^2*sin(x)"), folded=True).cards]
    ['x²', 'sin(x)', '×']
    """
    root = as_expr(expression)
    most = max(1, limits.drawn_nodes if limit is None else limit)
    once, closed = _manner(root, most, shared, folded)
    places, links = outline(root, most, once, closed)
    names = pretty_names(node.value for place in places for node in (place, *place.args) if node.op is SYMBOL)
    texts = _formulas(places, links, names)
    uses = [0] * len(places)
    for below in links:
        for end in below:
            uses[end] += 1
    left_out = [0 if closed(node) else len(node.args) - len(below) for node, below in zip(places, links)]
    cards = tuple(
        Card(_kind(node), text if closed(node) else _label(node, missing, names), text, f"×{count}" if count > 1 else "", missing > 0)
        for node, missing, (text, _), count in zip(places, left_out, texts, uses)
    )
    edges = tuple(Edge(start, end, _edge_label(places[start], index))
                  for start, below in enumerate(links) for index, end in enumerate(below))
    shown = {card.kind for card in cards} if (len(cards) >= LEGEND_FROM if legend is None else legend) else set()
    note = _note(len(cards), _graph_count(root, once, closed) if shared else _tree_count(root, closed)) if any(left_out) else ""
    return Drawing(texts[-1][0], cards, edges, tuple(kind for kind in KINDS if kind in shown), note)


def _manner(root: Expr, most: int, shared: bool, folded: bool | None) -> tuple[Choice, Choice]:
    """Which nodes are one box for all their uses, and which stand for all below them, in a picture of this size."""
    once, closed = _no_number if shared else _none, _on_leaves if folded else _none
    if shared and len(outline(root, VARIABLES_ONCE_TO + 1, once, closed)[0]) > VARIABLES_ONCE_TO:
        once = _operation
    if folded is None and len(outline(root, min(most, FOLDED_FROM) + 1, once, closed)[0]) > FOLDED_FROM:
        closed = _on_leaves
    return once, closed


def _no_number(node: Expr) -> bool:
    """Numbers are written wherever they occur: that two exponents are both 2 says nothing."""
    return node.op is SYMBOL or bool(node.args)


def _operation(node: Expr) -> bool:
    return bool(node.args)


def _none(node: Expr) -> bool:
    return False


def _on_leaves(node: Expr) -> bool:
    return 0 < len(node.args) <= 2 and not any(child.args for child in node.args)


def _formulas(places: list[Expr], links: list[list[int]], names: dict[str, str]) -> list[Text]:
    texts: list[Text] = []
    for node, below in zip(places, links):
        parts: list[Text | None] = [texts[end] for end in below]
        for child in node.args[len(below):]:  # closed, or left out
            parts.append(None if child.args else formula(child, [], names))
        texts.append(formula(node, parts, names))
    return texts


def _kind(node: Expr) -> str:
    op = node.op
    if op is SYMBOL:
        return "variable"
    if op is NUMBER or not op.arity:
        return "number"
    if op.relation:
        return "relation"
    if op.conditions:
        return "choice"
    return "operator" if op.symbol is not None else "function"


def _label(node: Expr, missing: int, names: dict[str, str]) -> str:
    sign = sign_of(node, names)
    if not missing:
        return sign
    return f"{sign} ⋯" if missing == len(node.args) else f"{sign} ⋯ {missing} more"


def _edge_label(node: Expr, index: int) -> str:
    return _CHOICE_EDGES[index] if node.op is TABLE["where"] else ""


def _graph_count(root: Expr, once: Choice, closed: Choice) -> int:
    return len(outline(root, sys.maxsize, once, closed)[0])


def _tree_count(root: Expr, closed: Choice) -> int:
    def size(node: Expr, sizes: list[int]) -> int:
        return 1 if closed(node) else min(1 + sum(sizes), _COUNTED_TO)
    return fold(root, size)


def _note(drawn: int, total: int) -> str:
    count = f"more than {_COUNTED_TO:,}" if total >= _COUNTED_TO else f"{total:,}"
    return f"The top {drawn:,} of {count} boxes; ⋯ marks what is left out."
