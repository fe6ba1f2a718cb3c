"""SVG text from a Drawing and the built-in layout: self-contained, readable on light and dark pages, every text escaped."""

from __future__ import annotations

import unicodedata
from html import escape
from itertools import pairwise

from symdiff.drawing.cards import Card, Drawing, Edge
from symdiff.drawing.kinds import KINDS, LINE, QUIET, Colours, Kind
from symdiff.drawing.labels import printable
from symdiff.drawing.layout import Layout, Point, place

__all__ = ["svg_of", "text_width"]

_FONTS = "'STIX Two Text', 'Times New Roman', 'Liberation Serif', 'Noto Serif', 'DejaVu Serif', serif"
_SIZE = 17.0
_SIGN_SIZE = 22.0
_SMALL = 12.0
_HEIGHT = 32.0
_MARGIN = 16.0
_WIDTHS = {  # of characters, in ems of the widest font that may stand in
    0.32: " .,ijl·'′|:;", 0.42: "-/\\f!()IJ[]tι²³¹⁰⁴⁵⁶⁷⁸⁹⁻₀₁₂₃₄₅₆₇₈₉⌊⌋⌈⌉\"", 0.54: "*_`rsε?cvxyzζξτ",
    0.78: "BCEKRDGOQψωΘΦ∧∨", 0.86: "#+<=>HU^w~ΠΩ×÷−≤≥≠¬∞&NΨ", 1.05: "%m@M…⋯W",
}
_WIDTH = {char: width for width, chars in _WIDTHS.items() for char in chars}


def text_width(text: str, size: float) -> float:
    """How wide a line of text may come out, in pixels; no font is asked, so the same text has the same width everywhere.

    >>> text_width("sin", 10) < text_width("cosh", 10)
    True
    """
    return size * sum(_WIDTH.get(char) or _other_width(char) for char in text)


def _other_width(char: str) -> float:
    if unicodedata.combining(char):
        return 0.0
    return 1.05 if unicodedata.east_asian_width(char) in "WF" or ord(char) > 0x2E80 else 0.68


def svg_of(drawing: Drawing) -> str:
    """The picture as SVG, placed by the built-in layout.

    >>> from symdiff import parse
    >>> from symdiff.drawing.cards import expression_drawing
    >>> svg_of(expression_drawing(parse("x^2")))[:30]
    '<svg xmlns="http://www.w3.org/'
    """
    links: list[list[int]] = [[] for _ in drawing.cards]
    for edge in drawing.edges:
        links[edge.start].append(edge.end)
    widths = [_box_width(card) for card in drawing.cards]
    layout = place(links, widths, _HEIGHT)
    footer, footer_width, footer_height = _footer(drawing, layout.height + 26)
    width = max(layout.width, footer_width) + 2 * _MARGIN
    height = layout.height + footer_height + 2 * _MARGIN
    aside = max(0.0, (footer_width - layout.width) / 2)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="symdiff" role="img" width="{_n(width)}" height="{_n(height)}" '
        f'viewBox="{_n(-_MARGIN)} {_n(-_MARGIN)} {_n(width)} {_n(height)}">',
        f"<title>{_text(drawing.title)}</title>",
        f"<style>{_style(sorted({card.kind for card in drawing.cards} | set(drawing.legend)))}</style>",
        f'<g transform="translate({_n(aside)} 0)">' if aside else "<g>",
        *_lines(drawing, layout),
        *(_box(card, centre, width) for card, centre, width in zip(drawing.cards, layout.centres, widths)),
        "</g>", *footer, "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _text(text: str) -> str:
    return escape(printable(text))


def _n(value: float) -> str:
    """A coordinate with one decimal, spelled the same on every machine."""
    text = f"{value:.1f}"
    return text[:-2] if text.endswith(".0") else text


def _style(kinds: list[str]) -> str:
    light = "".join(_rules(kind, KINDS[kind].light) for kind in kinds)
    dark = "".join(_rules(kind, KINDS[kind].dark) for kind in kinds)
    return (
        f".symdiff text{{font-family:{_FONTS};font-size:{_n(_SIZE)}px;text-anchor:middle}}"
        f".symdiff path{{fill:none;stroke:{LINE};stroke-width:1.4}}"
        f".symdiff .sign{{font-size:{_n(_SIGN_SIZE)}px}}.symdiff .name{{font-style:italic}}"
        f".symdiff .note{{font-size:{_n(_SMALL)}px;fill:{QUIET}}}.symdiff .key{{font-size:{_n(_SMALL)}px}}"
        f".symdiff .shape{{stroke-width:1.4}}.symdiff .dashed{{stroke-dasharray:4 3}}"
        f".symdiff .badge{{font-size:11px;font-weight:bold}}"
        f"{light}@media (prefers-color-scheme:dark){{{dark}.symdiff .note{{fill:#9ca3af}}}}"
    )


def _rules(kind: str, colours: Colours) -> str:
    return (
        f".symdiff .{kind} .shape{{fill:{colours.fill};stroke:{colours.border}}}.symdiff .{kind} text{{fill:{colours.text}}}"
        f".symdiff .{kind} .pill{{fill:{colours.border}}}.symdiff .{kind} .badge{{fill:{colours.fill}}}"
    )


def _box_width(card: Card) -> float:
    kind = KINDS[card.kind]
    if kind.shape == "circle" and len(card.label) == 1:
        return _HEIGHT
    room = {"oval": 22.0, "hexagon": 26.0}.get(kind.shape, 18.0)
    return max(_HEIGHT, text_width(card.label, _SIZE) + room)


def _shape(kind: Kind, centre: Point, width: float, height: float, cut: bool = False) -> str:
    look = 'class="shape dashed"' if cut else 'class="shape"'
    x, y = centre
    left, top = x - width / 2, y - height / 2
    if kind.shape == "hexagon":
        inset = height / 3
        corners = ((left, y), (left + inset, top), (left + width - inset, top), (left + width, y),
                   (left + width - inset, top + height), (left + inset, top + height))
        return f'<polygon {look} points="{" ".join(f"{_n(px)},{_n(py)}" for px, py in corners)}"/>'
    radius = {"box": 2.0, "rounded": 9.0}.get(kind.shape, height / 2)
    return (f'<rect {look} x="{_n(left)}" y="{_n(top)}" width="{_n(width)}" height="{_n(height)}" '
            f'rx="{_n(radius)}"/>')


def _box(card: Card, centre: Point, width: float) -> str:
    kind = KINDS[card.kind]
    x, y = centre
    sign = kind.shape in ("circle", "hexagon") and len(card.label) == 1
    look = ' class="sign"' if sign else ' class="name"' if kind.italic else ""
    line = y + (7.0 if sign else 5.6)
    return (
        f'<g class="{card.kind}"><title>{_text(card.tooltip)}</title>{_shape(kind, centre, width, _HEIGHT, card.cut)}'
        f'<text{look} x="{_n(x)}" y="{_n(line)}">{_text(card.label)}</text>{_badge(card, x + width / 2, y - _HEIGHT / 2)}</g>'
    )


def _badge(card: Card, x: float, y: float) -> str:
    """A pill on the upper right corner."""
    if not card.badge:
        return ""
    width = text_width(card.badge, 11.0) + 7
    return (f'<rect class="pill" x="{_n(x - width / 2 - 1)}" y="{_n(y - 7)}" width="{_n(width)}" height="15" rx="7.5"/>'
            f'<text class="badge" x="{_n(x - 1)}" y="{_n(y + 4)}">{_text(card.badge)}</text>')


def _lines(drawing: Drawing, layout: Layout) -> list[str]:
    """Edges from centre to centre, to be covered by the boxes at both ends; a second one between the same two bows out."""
    lines: list[str] = []
    seen: dict[tuple[int, int], int] = {}
    for edge, route in zip(drawing.edges, layout.routes):
        again = seen[edge.start, edge.end] = seen.get((edge.start, edge.end), -1) + 1
        points = [layout.centres[edge.start], *route, layout.centres[edge.end]]
        lines.append(f'<path d="{_curve(points, 14.0 * ((again + 1) // 2) * (-1) ** again)}"/>')
        if edge.label:
            lines.append(_edge_label(edge, points))
    return lines


def _curve(points: list[Point], bow: float) -> str:
    """A line down through all points that never swings wider than they do: a monotone cubic of x over y."""
    (x, y), *others = points
    path = f"M{_n(x)} {_n(y)}"
    if len(points) == 2 and not bow:
        return f"{path}L{_n(others[0][0])} {_n(others[0][1])}"
    slopes = [(after[0] - before[0]) / (after[1] - before[1]) for before, after in pairwise(points)]
    leans = [slopes[0], *(_lean(before, after) for before, after in pairwise(slopes)), slopes[-1]]
    for (to_x, to_y), out, into in zip(others, leans, leans[1:]):
        third = (to_y - y) / 3
        path += f"C{_n(x + out * third + bow)} {_n(y + third)} {_n(to_x - into * third + bow)} {_n(to_y - third)} {_n(to_x)} {_n(to_y)}"
        x, y = to_x, to_y
    return path


def _lean(before: float, after: float) -> float:
    """The slope at a point between two stretches (their harmonic mean; upright where the line turns back)."""
    return 2 * before * after / (before + after) if before * after > 0 else 0.0


def _edge_label(edge: Edge, points: list[Point]) -> str:
    (x, y), (to_x, to_y) = points[0], points[1]
    side = 4 + text_width(edge.label, _SMALL) / 2
    aside = -side if to_x < x else side
    return f'<text class="note" x="{_n(x + (to_x - x) * 0.52 + aside)}" y="{_n(y + (to_y - y) * 0.52)}">{_text(edge.label)}</text>'


def _footer(drawing: Drawing, top: float) -> tuple[list[str], float, float]:
    """The legend in one row and the note below it, with the width and height they take."""
    parts: list[str] = []
    x, height = 0.0, 0.0
    for name in drawing.legend:
        width = text_width(KINDS[name].title, _SMALL) + 18
        middle = x + width / 2
        text = f'<text class="key" x="{_n(middle)}" y="{_n(top + 4)}">{_text(KINDS[name].title)}</text>'
        parts.append(f'<g class="{name}">{_shape(KINDS[name], (middle, top), width, 22.0)}{text}</g>')
        x += width + 10
        height = 40.0
    if drawing.note:
        width = text_width(drawing.note, _SMALL)
        parts.append(f'<text class="note" x="{_n(width / 2)}" y="{_n(top + height)}">{_text(drawing.note)}</text>')
        x, height = max(x, width), height + 22
    return parts, x, height
