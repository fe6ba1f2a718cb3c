"""The expression as cards: one for each operation, number and variable; in large pictures short parts are written into their user's card."""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any

from symdiff import limits
from symdiff.drawing.kinds import KINDS
from symdiff.drawing.labels import FORMULA_LENGTH, Text, formula, formulas, line_of, pretty_names, sign_of
from symdiff.drawing.pieces import Card, Drawing, Edge
from symdiff.expr import NUMBER, SYMBOL, Expr
from symdiff.operations import TABLE
from symdiff.operations.op import as_expr
from symdiff.printing.precedence import ATOM
from symdiff.walk import fold, free_symbols, outline, uses

__all__ = ["count_note", "expression_drawing", "kind_of", "marked"]

LEGEND_FROM = 40
"""Boxes from which on a picture has a legend; a smaller one explains itself."""
FOLDED_FROM = 60
"""Boxes above which short parts are written into the boxes that use them."""
VARIABLES_ONCE_TO = 24
"""Boxes up to which a variable is one box for all its uses; in larger pictures the lines to it would cross everything."""
SHORT, LABEL = 12, 30
"""Characters of a part that is written into its user's box, and of such a box's label."""
NAMED, NAMED_LENGTH, NAMED_NODES = 8, 44, 1_000
"""Parts that get a name in one folded picture, the characters of such a part, and the nodes of a formula beyond which none does."""
_COUNTED_TO = 10 ** 12
_CHOICE_EDGES = ("when", "then", "else")
_HOLE = ("□", ATOM)
"""Stands in a label for a part that has a box of its own."""


def expression_drawing(
    expression: Any, *, shared: bool = True, folded: bool | None = None, legend: bool | None = None, limit: int | None = None,
    top: int | None = None, mark: Any = (), changed: Collection[Expr] = (),
) -> Drawing:
    """The expression as boxes, one for each operation, number and variable.

    shared: an operation used several times is one box with a badge ×n, and so is a variable in pictures of up to 24 boxes;
    else the picture is a tree.
    folded: whether short parts, such as x², are written into the box that uses them (2·x²·□, the square being another box), and parts
    that occur several times get names a₁ = ... below the picture; None for: in pictures of over 60 boxes.
    legend: whether the kinds of boxes are explained; None for: in pictures of 40 boxes or more.
    limit: the most boxes; beyond them the top is drawn and a note says what is left out.  None for `limits.drawn_nodes`.
    top: how many boxes are drawn where there are more than the limit; None for as many as the limit.
    mark: a part, or several, to be shown in red with a cross.  changed: parts to be shown with a thick border.

    >>> from symdiff import parse
    >>> picture = expression_drawing(parse("x^2*sin(x)"))
    >>> [card.label for card in picture.cards]
    ['x', '2', '^', 'sin', '×']
    >>> [(edge.start, edge.end) for edge in picture.edges]
    [(2, 0), (2, 1), (3, 0), (4, 2), (4, 3)]
    >>> [card.label for card in expression_drawing(parse("x^2*sin(1 + exp(x^2))"), folded=True).cards]
    ['sin(1 + exp(x²))', 'x²·□']
    """
    root = as_expr(expression)
    most = max(1, limits.drawn_nodes if limit is None else limit)
    manner = _manner(root, most, shared, folded)
    places, links = outline(root, most, manner.once, manner.below)
    if top is not None and len(places) == most and any(len(manner.below(node)) > len(ends) for node, ends in zip(places, links)):
        places, links = outline(root, max(1, top), manner.once, manner.below)
    names = pretty_names(str(symbol.value) for symbol in free_symbols(root))
    texts = _texts(places, links, names, manner)
    count = [0] * len(places)
    for ends in links:
        for end in ends:
            count[end] += 1
    missing = [len(manner.below(node)) - len(ends) for node, ends in zip(places, links)]
    marks = marked(mark)
    cards = tuple(
        Card(kind_of(node), manner.label(node, absent, names), text, f"×{used}" if used > 1 else "", absent > 0,
             mark=node in marks, changed=node in changed)
        for node, absent, text, used in zip(places, missing, texts, count)
    )
    edges = tuple(Edge(start, end, _edge_label(places[start], place))
                  for start, ends in enumerate(links) for place, end in zip(manner.shown(places[start]), ends))
    shown = {card.kind for card in cards} if (len(cards) >= LEGEND_FROM if legend is None else legend) else set()
    note = count_note(len(cards), _graph_count(root, manner) if shared else _tree_count(root, manner)) if any(missing) else ""
    return Drawing(texts[-1], cards, edges, tuple(kind for kind in KINDS if kind in shown), note, names=manner.legend(names))


class _Plain:
    """Every node has a box."""

    def __init__(self, once: Callable[[Expr], bool]) -> None:
        self.once = once

    def shown(self, node: Expr) -> Sequence[int]:
        """The places of the arguments that have boxes."""
        return range(len(node.args))

    def below(self, node: Expr) -> Sequence[Expr]:
        return node.args

    def label(self, node: Expr, missing: int, names: dict[str, str]) -> str:
        return _cut(sign_of(node, names), missing, len(node.args))

    def unboxed(self, node: Expr, names: dict[str, str]) -> Text | None:
        """The formula of a part without a box; None where it is left out."""
        return None if node.args else formula(node, [], names)

    def legend(self, names: dict[str, str]) -> tuple[tuple[str, str], ...]:
        return ()


class _Folded(_Plain):
    """Short parts are written into their user's box, and parts that occur several times go by names."""

    def __init__(self, root: Expr, shared: bool) -> None:
        super().__init__(self._has_box_once if shared else _never)
        self.sizes: dict[Expr, int] = {}
        fold(root, lambda _, sizes: min(1 + sum(sizes), SHORT), self.sizes)
        self.lengths: dict[Expr, int] = {}
        self.long: dict[Expr, list[int]] = {}
        self.named: dict[Expr, str] = {}
        if shared and len(self.sizes) <= NAMED_NODES:
            self.named = self._names(root)

    def _names(self, root: Expr) -> dict[Expr, str]:
        """Names for the parts that save most when they are written once."""
        count = uses(root)
        letters = {str(node.value).rstrip("0123456789_") for node in self.sizes if node.op is SYMBOL}
        letter = next(one for one in "abcdfghkmnpqrstuvwxyz" + "A" if one not in letters or one == "A")
        worth: dict[Expr, int] = {}
        for node in [one for one in self.sizes if one.args]:
            length = len(line_of(node, {}))
            if node is not root and count[node] > 1 and SHORT < length <= NAMED_LENGTH and not node.op.relation:
                worth[node] = count[node] * length
        chosen = set(sorted(worth, key=lambda node: -worth[node])[:NAMED])
        return {node: f"{letter}{number}" for number, node in enumerate((node for node in worth if node in chosen), 1)}

    def _has_box_once(self, node: Expr) -> bool:
        return bool(node.args) and not self._short(node)

    def _short(self, node: Expr) -> bool:
        if node in self.named:
            return True
        if self.sizes[node] >= SHORT:
            return False
        if node not in self.lengths:
            self.lengths[node] = len(line_of(node, {}))
        return self.lengths[node] <= SHORT

    def _name(self, node: Expr) -> str:
        """The name of a part, with its number lowered."""
        return pretty_names([self.named[node]])[self.named[node]]

    def _split(self, node: Expr) -> list[int]:
        """The arguments that have boxes of their own: the long ones, or all where the label would be too long."""
        long = self.long.get(node)
        if long is None:
            everything = list(range(len(node.args)))
            long = everything if len(everything) > LABEL else [place for place in everything if not self._short(node.args[place])]
            if long is not everything and len(self._written(node, long, {})) > LABEL:
                long = everything
            self.long[node] = long
        return long

    def _written(self, node: Expr, long: Collection[int], names: dict[str, str]) -> str:
        return formula(node, [_HOLE if place in long else self.unboxed(child, names) for place, child in enumerate(node.args)], names)[0]

    def unboxed(self, node: Expr, names: dict[str, str]) -> Text | None:
        if node in self.named:
            return self._name(node), ATOM
        if not self._short(node):
            return None
        places, links = outline(node, SHORT, _never)
        return formulas(places, links, names)[-1]

    def shown(self, node: Expr) -> Sequence[int]:
        return () if node in self.named else self._split(node)

    def below(self, node: Expr) -> Sequence[Expr]:
        return [node.args[place] for place in self.shown(node)]

    def label(self, node: Expr, missing: int, names: dict[str, str]) -> str:
        if node in self.named:
            return self._name(node)
        long = self._split(node)
        text = sign_of(node, names) if len(long) == len(node.args) else self._written(node, long, names)
        return _cut(text, missing, len(long))

    def legend(self, names: dict[str, str]) -> tuple[tuple[str, str], ...]:
        """What the names stand for, in terms of each other."""
        return tuple((self._name(node), self._definition(node, names)) for node in self.named)

    def _definition(self, node: Expr, names: dict[str, str]) -> str:
        inner = self.named.keys() - {node}
        places, links = outline(node, NAMED_LENGTH, _never, lambda part: () if part in inner else part.args)
        texts: list[Text] = []
        for part, ends in zip(places, links):
            texts.append((self._name(part), ATOM) if part in inner else formula(part, [texts[end] for end in ends], names))
        return texts[-1][0]


def _manner(root: Expr, most: int, shared: bool, folded: bool | None) -> _Plain:
    """What has a box in a picture of this size."""
    plain = _Plain(_no_number if shared else _never)
    if shared and len(outline(root, VARIABLES_ONCE_TO + 1, plain.once)[0]) > VARIABLES_ONCE_TO:
        plain = _Plain(_operation)
    if folded is None:
        folded = len(outline(root, min(most, FOLDED_FROM) + 1, plain.once)[0]) > FOLDED_FROM
    return _Folded(root, shared) if folded else plain


def _no_number(node: Expr) -> bool:
    """Numbers are written wherever they occur: that two exponents are both 2 says nothing."""
    return node.op is SYMBOL or bool(node.args)


def _operation(node: Expr) -> bool:
    return bool(node.args)


def _never(node: Expr) -> bool:
    return False


def _texts(places: list[Expr], links: list[list[int]], names: dict[str, str], manner: _Plain) -> list[str]:
    """The whole formula of every box, for the pointer that rests on it."""
    texts: list[Text] = []
    for node, ends in zip(places, links):
        drawn = dict(zip(manner.shown(node), ends))
        parts = [texts[drawn[place]] if place in drawn else manner.unboxed(child, names)
                 for place, child in enumerate(node.args[:FORMULA_LENGTH])]
        texts.append(formula(node, parts, names))
    return [text for text, _ in texts]


def kind_of(node: Expr) -> str:
    """The kind of a node's box."""
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


def marked(mark: Any) -> set[Expr]:
    """The parts to be marked, given as one or as several."""
    return {as_expr(mark)} if isinstance(mark, Expr) or not isinstance(mark, Iterable) else {as_expr(part) for part in mark}


def _cut(label: str, missing: int, of: int) -> str:
    if not missing:
        return label
    return f"{label} ⋯" if missing == of else f"{label} ⋯ {missing} more"


def _edge_label(node: Expr, index: int) -> str:
    return _CHOICE_EDGES[index] if node.op is TABLE["where"] else ""


def _graph_count(root: Expr, manner: _Plain) -> int:
    return len(outline(root, sys.maxsize, manner.once, manner.below)[0])


def _tree_count(root: Expr, manner: _Plain) -> int:
    def size(node: Expr, sizes: list[int]) -> int:
        return min(1 + sum(sizes[place] for place in manner.shown(node)), _COUNTED_TO)
    return fold(root, size)


def count_note(drawn: int, total: int) -> str:
    """What is left out, as a picture says it."""
    count = f"more than {_COUNTED_TO:,}" if total >= _COUNTED_TO else f"{total:,}"
    return f"The top {drawn:,} of {count} boxes; ⋯ marks what is left out."
