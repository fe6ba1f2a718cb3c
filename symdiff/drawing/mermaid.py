"""Mermaid text, which many pages of text turn into pictures: written from a Drawing, every character that could mean something encoded."""

from __future__ import annotations

from symdiff.drawing.kinds import KINDS, MARK, Colours
from symdiff.drawing.labels import printable
from symdiff.drawing.measuring import header_of
from symdiff.drawing.pieces import Card, Drawing

__all__ = ["mermaid_of"]

_SHAPES = {"circle": ("((", "))"), "oval": ("([", "])"), "box": ("[", "]"), "rounded": ("(", ")"), "hexagon": ("{{", "}}")}
_SAFE = frozenset(" .,:=+·×−≤≥≠⋯□′′″∂°√→∧∨¬")


def mermaid_of(drawing: Drawing) -> str:
    """The picture as a flowchart in the language of Mermaid.

    >>> from symdiff import parse
    >>> from symdiff.drawing.cards import expression_drawing
    >>> print(mermaid_of(expression_drawing(parse("sin(x)"))).partition("classDef")[0])
    flowchart TB
    n0(["x"]):::variable
    n1("sin"):::function
    n1 --- n0
    <BLANKLINE>
    """
    lines = [f"flowchart {'RL' if drawing.sideways else 'TB'}"]
    inside = {card for group in drawing.groups for card in group.cards}
    lines += [_node(index, card) for index, card in enumerate(drawing.cards) if index not in inside]
    for number, group in enumerate(drawing.groups):
        lines += [f"subgraph g{number}[{_quoted(group.title)}]", *(_node(card, drawing.cards[card]) for card in group.cards), "end"]
    for edge in drawing.edges:
        label = f"|{_quoted(edge.label)}|" if edge.label else ""
        lines.append(f"n{edge.start} ---{label} n{edge.end}")
    texts = [f"{short} = {meaning}" for short, meaning in drawing.names] + ([drawing.note] if drawing.note else [])
    lines += [f"t{number}[{_quoted(text)}]:::note" for number, text in enumerate(texts)]
    used = {card.kind for card in drawing.cards}
    lines += [_style(name, kind.light) for name, kind in KINDS.items() if name in used]
    if any(card.mark for card in drawing.cards):
        lines.append(_style("mark", MARK))
    if texts:
        lines.append("classDef note fill:none,stroke:none")
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    """Text in quotes, all but letters, digits and a few signs as their numbers: quotes, brackets, markup and Markdown mean nothing then.

    >>> _quoted('a"]--<b>')
    '"a#34;#93;#45;#45;#60;b#62;"'
    """
    coded = "".join(char if char.isalnum() or char in _SAFE else f"#{ord(char)};" for char in printable(text))
    return f'"{coded or " "}"'


def _node(index: int, card: Card) -> str:
    left, right = _SHAPES["rounded" if card.rows else KINDS[card.kind].shape]
    header = f"{header_of(card)}  {card.badge}" if card.badge else header_of(card)
    label = "<br/>".join([_quoted(header)[1:-1], *(_quoted(row.text)[1:-1] for row in card.rows)])
    return f'n{index}{left}"{label}"{right}:::{"mark" if card.mark else card.kind}'


def _style(name: str, colours: Colours) -> str:
    return f"classDef {name} fill:{colours.fill},stroke:{colours.border},color:{colours.text}"
