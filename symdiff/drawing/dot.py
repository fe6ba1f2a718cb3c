"""DOT text, the language of Graphviz: written from a Drawing, every value quoted and escaped; nothing is rendered here."""

from __future__ import annotations

from itertools import groupby, pairwise
from typing import Any

from symdiff.drawing.cards import Card, Drawing, expression_drawing
from symdiff.drawing.kinds import KINDS, LINE, QUIET, Kind
from symdiff.drawing.labels import printable

__all__ = ["dot_of", "to_dot"]

_SHAPES = {"circle": "circle", "oval": "ellipse", "box": "box", "rounded": "box", "hexagon": "hexagon"}
_OPENING = f"""\
digraph {{
graph ["ordering"="out", "rankdir"="TB", "bgcolor"="transparent", "nodesep"="0.22", "ranksep"="0.28"];
node ["fontname"="Times", "fontsize"="17", "height"="0.42", "width"="0.42", "margin"="0.1,0.04", "penwidth"="1.3"];
edge ["arrowhead"="none", "color"="{LINE}", "fontcolor"="{QUIET}", "fontname"="Times", "fontsize"="12", "penwidth"="1.3"];
"""


def to_dot(expression: Any, *, shared: bool = True, folded: bool | None = None, legend: bool | None = None) -> str:
    """The expression as a graph in DOT, the text that Graphviz draws; children stand in the order they are written.

    shared: an operation used several times is one node with a badge ×n, and so is a variable in graphs of up to 24 nodes;
    else the graph is a tree.
    folded: whether an operation on numbers and variables only, such as x², is one node; None for: in graphs of over 60 nodes.
    legend: whether the kinds of nodes are explained; None for: in graphs of 40 nodes or more.
    Above `limits.drawn_nodes` nodes the top is drawn and a note says what is left out.

    >>> from symdiff import parse
    >>> for line in to_dot(parse("sin(x)^2")).splitlines()[-4:]:
    ...     print(line)
    "n1" -> "n0";
    "n3" -> "n1";
    "n3" -> "n2";
    }
    """
    return dot_of(expression_drawing(expression, shared=shared, folded=folded, legend=legend))


def dot_of(drawing: Drawing) -> str:
    """The DOT text of a picture."""
    lines = [_node(f"n{index}", card) for index, card in enumerate(drawing.cards)]
    lines += _edges(drawing)
    if drawing.legend or drawing.note:
        lines += _legend(drawing)
    return _OPENING + "\n".join(lines) + "\n}\n"


def quoted(text: str) -> str:
    """Text as a DOT string that shows exactly these characters.

    Graphviz reads escapes (\\N, \\l) and HTML entities in labels; doubled backslashes and &amp; keep it from both.

    >>> print(quoted('a"b' + chr(92) + 'N&lt;'))
    "a\\"b\\\\N&amp;lt;"
    """
    escaped = printable(text).replace("\\", "\\\\").replace('"', '\\"').replace("&", "&amp;")
    return f'"{escaped}"'


def _attributes(values: dict[str, str]) -> str:
    return ", ".join(f"{quoted(key)}={quoted(value)}" for key, value in values.items() if value)


def _node(name: str, card: Card) -> str:
    label = f"{card.label}  {card.badge}" if card.badge else card.label
    return f"{quoted(name)} [{_attributes({'label': label, 'tooltip': card.tooltip, **_look(KINDS[card.kind], label, card.cut)})}];"


def _look(kind: Kind, label: str, cut: bool = False) -> dict[str, str]:
    shape = "ellipse" if kind.shape == "circle" and len(label) > 1 else _SHAPES[kind.shape]
    styles = ["filled"] + ["rounded"] * (kind.shape == "rounded") + ["dashed"] * cut
    return {
        "shape": shape, "style": ",".join(styles), "fillcolor": kind.light.fill, "color": kind.light.border, "fontcolor": kind.light.text,
        "fontname": "Times-Italic" if kind.italic else "", "fontsize": "22" if shape == "circle" else "",
        "margin": "0,0" if kind.shape in ("circle", "hexagon") else "",
    }


def _edges(drawing: Drawing) -> list[str]:
    """Two lines of which one goes to a shared box leave at the lower corners: the first child's line is the left one, wherever it ends."""
    lines: list[str] = []
    for start, family in groupby(drawing.edges, key=lambda edge: edge.start):
        edges = list(family)
        corners = len(edges) == 2 and any(drawing.cards[edge.end].badge for edge in edges)
        for edge, corner in zip(edges, ("sw", "se") if corners else [""] * len(edges)):
            values = _attributes({"label": f" {edge.label} " if edge.label else "", "tailport": corner})
            lines.append(f'"n{start}" -> "n{edge.end}"{f" [{values}]" if values else ""};')
    return lines


def _legend(drawing: Drawing) -> list[str]:
    """The kinds one below the other beside the picture, held in line by invisible edges; the note below them.

    Not in a cluster, which would suit a legend: with one, Graphviz no longer keeps the children of the other nodes in order.
    """
    lines, names = [], []
    for kind in drawing.legend:
        names.append(f"legend_{kind}")
        values = {"label": KINDS[kind].title, **_look(KINDS[kind], KINDS[kind].title), "fontsize": "12"}
        lines.append(f"{quoted(names[-1])} [{_attributes(values)}];")
    if drawing.note:
        names.append("note")
        lines.append(f"{quoted('note')} [{_attributes({'label': drawing.note, 'shape': 'plain', 'fontsize': '12', 'fontcolor': QUIET})}];")
    lines += [f'{quoted(above)} -> {quoted(below)} ["style"="invis"];' for above, below in pairwise(names)]
    return lines
