"""DOT text, the language of Graphviz: written from a Drawing, every value quoted and escaped; nothing is rendered here."""

from __future__ import annotations

from html import escape
from itertools import groupby, pairwise
from typing import Any

from symdiff.drawing.cards import expression_drawing
from symdiff.drawing.kinds import GROUND, KINDS, LINE, MARK, QUIET, TONES, Kind
from symdiff.drawing.labels import printable
from symdiff.drawing.measuring import header_of
from symdiff.drawing.pieces import Card, Drawing, Group

__all__ = ["dot_of", "to_dot"]

_SHAPES = {"circle": "circle", "oval": "ellipse", "box": "box", "rounded": "box", "hexagon": "hexagon"}
_OPENING = f"""\
digraph {{{{
graph ["ordering"="out", "rankdir"="{{direction}}", "bgcolor"="transparent", "nodesep"="0.22", "ranksep"="{{space}}"];
node ["fontname"="Times", "fontsize"="17", "height"="0.42", "width"="0.42", "margin"="0.1,0.04", "penwidth"="1.3"];
edge ["arrowhead"="none", "color"="{LINE}", "fontcolor"="{QUIET}", "fontname"="Times", "fontsize"="12", "penwidth"="1.3"];
"""


def to_dot(expression: Any, *, shared: bool = True, folded: bool | None = None, legend: bool | None = None) -> str:
    """The expression as a graph in DOT, the text that Graphviz draws; children stand in the order they are written.

    shared: an operation used several times is one node with a badge ×n, and so is a variable in graphs of up to 24 nodes;
    else the graph is a tree.
    folded: whether short parts, such as x², are written into the node that uses them, and parts that occur several times get names;
    None for: in graphs of over 60 nodes.
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
    for number, group in enumerate(drawing.groups):
        lines += _cluster(number, group)
    lines += _edges(drawing)
    if drawing.note:
        lines.append(f"graph [{_attributes({'label': drawing.note, 'labelloc': 'b', 'fontname': 'Times', 'fontsize': '12', 'fontcolor': QUIET})}];")
    if drawing.legend or drawing.names:
        lines += _legend(drawing)
    space = "0.6" if drawing.sideways else "0.28" if not any(card.rows for card in drawing.cards) else "0.4"
    return _OPENING.format(direction="RL" if drawing.sideways else "TB", space=space) + "\n".join(lines) + "\n}\n"


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
    if card.rows:
        return f"{quoted(name)} [{_attributes({'shape': 'plain', 'margin': '0', 'tooltip': card.tooltip})}, \"label\"=<{_sheet(card)}>];"
    label = f"{header_of(card)}  {card.badge}" if card.badge else header_of(card)
    look = _look(KINDS[card.kind], label, card.cut)
    if card.mark:
        look |= {"fillcolor": MARK.fill, "color": MARK.border, "fontcolor": MARK.text, "penwidth": "3"}
    return f"{quoted(name)} [{_attributes({'label': label, 'tooltip': card.tooltip, **look})}];"


def _sheet(card: Card) -> str:
    """A card as Graphviz's own kind of HTML: a table of its header and rows."""
    colours = MARK if card.mark else KINDS[card.kind].light
    header = f"{header_of(card)}  {card.badge}" if card.badge else header_of(card)
    cells = [f'<tr><td bgcolor="{colours.fill}"><font color="{colours.text}" point-size="13"><b>{_cell(header)}</b></font></td></tr>']
    for row in card.rows:
        tone = TONES[row.tone]
        text = f"<b>{_cell(row.text)}</b>" if tone.bold else _cell(row.text)
        cells.append(f'<tr><td><font color="{tone.light}" point-size="16">{text}</font></td></tr>')
    look = f'style="rounded{",dashed" * card.cut}" border="{3 if card.mark else 1}" color="{colours.border}" bgcolor="{GROUND[0]}"'
    return f'<table {look} cellborder="0" cellspacing="0" cellpadding="4">{"".join(cells)}</table>'


def _cell(text: str) -> str:
    """Text in an HTML-like label; an empty one would be no label at all."""
    return escape(printable(text)) or " "


def _cluster(number: int, group: Group) -> list[str]:
    values = {"label": group.title, "style": "rounded,dashed", "color": LINE, "fontcolor": QUIET, "fontname": "Times", "fontsize": "15",
              "labeljust": "l"}
    members = " ".join(f'"n{card}";' for card in group.cards)
    return [f"subgraph {quoted(f'cluster{number}')} {{", f"graph [{_attributes(values)}];", members, "}"]


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
        corners = len(edges) == 2 and not drawing.cards[start].rows and any(drawing.cards[edge.end].badge for edge in edges)
        for edge, corner in zip(edges, ("sw", "se") if corners else [""] * len(edges)):
            values = _attributes({"label": f" {edge.label} " if edge.label else "", "tooltip": edge.tooltip, "labeltooltip": edge.tooltip,
                                  "tailport": corner})
            lines.append(f'"n{start}" -> "n{edge.end}"{f" [{values}]" if values else ""};')
    return lines


def _legend(drawing: Drawing) -> list[str]:
    """The kinds one below the other beside the picture, held in line by invisible edges.

    Not in a cluster, which would suit a legend: with one, Graphviz no longer keeps the children of the other nodes in order.
    """
    lines, names = [], []
    for kind in drawing.legend:
        names.append(f"legend_{kind}")
        values = {"label": KINDS[kind].title, **_look(KINDS[kind], KINDS[kind].title), "fontsize": "12"}
        lines.append(f"{quoted(names[-1])} [{_attributes(values)}];")
    for number, (short, meaning) in enumerate(drawing.names):
        names.append(f"name{number}")
        values = {"label": f"{short} = {meaning}", "shape": "plain", "fontsize": "15", "fontcolor": KINDS["part"].light.text}
        lines.append(f"{quoted(names[-1])} [{_attributes(values)}];")
    lines += [f'{quoted(above)} -> {quoted(below)} ["style"="invis"];' for above, below in pairwise(names)]
    return lines
