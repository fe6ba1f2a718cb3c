"""SVG text from a Drawing and the built-in layout: self-contained, readable on light and dark pages, every text escaped."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape

from symdiff.drawing.arranging import Arrangement, Frame, arranged
from symdiff.drawing.curves import Curve
from symdiff.drawing.kinds import GROUND, KINDS, LINE, MARK, MARK_DARK, QUIET, TONES, Colours, Kind
from symdiff.drawing.labels import printable
from symdiff.drawing.measuring import BADGE, HEADER, LINE_HEIGHT, SIGN, SIZE, SMALL, header_of, text_width
from symdiff.drawing.pieces import Card, Drawing, Edge

__all__ = ["FONTS", "SANS", "escaped", "num", "palette", "rectangle", "svg_of", "typeset"]

FONTS = "'STIX Two Text', 'Times New Roman', 'Liberation Serif', 'Noto Serif', 'DejaVu Serif', serif"
SANS = "system-ui, 'Segoe UI', 'Liberation Sans', 'DejaVu Sans', sans-serif"
_MARGIN = 16.0
_SET = re.compile(r"(?P<i>(?<![A-Za-zα-ωΑ-Ω_])(?!d/d)[A-Za-zα-ωΑ-Ω](?![A-Za-zα-ωΑ-Ω(_]))|(?P<up>[⁻⁰¹²³⁴-⁹]+)|(?P<down>[₀-₉]+)")
"""A letter standing alone is a variable and slanted; words and names of functions stand upright.  Raised and lowered digits are set small,
since many fonts have but three of them."""
_DIGITS = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹₀₁₂₃₄₅₆₇₈₉", "−01234567890123456789")
_SHIFT = {"up": -0.34, "down": 0.18}


def svg_of(drawing: Drawing) -> str:
    """The picture as SVG, placed by the built-in layout.

    >>> from symdiff import parse
    >>> from symdiff.drawing.cards import expression_drawing
    >>> svg_of(expression_drawing(parse("x^2")))[:30]
    '<svg xmlns="http://www.w3.org/'
    """
    layout = arranged(drawing)
    footer, footer_width, footer_height = _footer(drawing, layout.height + 26)
    width = max(layout.width, footer_width) + 2 * _MARGIN
    height = layout.height + footer_height + 2 * _MARGIN
    aside = max(0.0, (footer_width - layout.width) / 2)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="symdiff" role="img" width="{num(width)}" height="{num(height)}" '
        f'viewBox="{num(-_MARGIN)} {num(-_MARGIN)} {num(width)} {num(height)}">',
        f"<title>{escaped(drawing.title)}</title>",
        f"<style>{_style(drawing)}</style>",
        f'<g transform="translate({num(aside)} 0)">' if aside else "<g>",
        *(_group(group.title, frame) for group, frame in zip(drawing.groups, layout.groups)),
        *(_line(edge, line) for edge, line in zip(drawing.edges, layout.curves)),
        *(_box(card, frame) for card, frame in zip(drawing.cards, layout.boxes)),
        *_edge_labels(drawing, layout),
        "</g>", *footer, "</svg>",
    ]
    return "\n".join(parts) + "\n"


def escaped(text: str) -> str:
    """Text that shows these characters and is no markup."""
    return escape(printable(text))


def typeset(text: str) -> str:
    """Escaped text as formulas are set: variables slanted, exponents raised.

    >>> typeset("2·x·sin(y) < a")
    '2·<tspan class="i">x</tspan>·sin(<tspan class="i">y</tspan>) &lt; <tspan class="i">a</tspan>'
    >>> typeset("e²·k")
    '<tspan class="i">e</tspan><tspan class="s" dy="-0.49em">2</tspan><tspan dy="0.34em">·</tspan><tspan class="i">k</tspan>'
    """
    shown, pieces, at, shift = printable(text), [], 0, 0.0
    for found in _SET.finditer(shown):
        pieces += _stretch(shown[at:found.start()], "", -shift)
        shift = 0.0 if found.start() > at else shift
        look = str(found.lastgroup)
        lift = _SHIFT.get(look, 0.0)
        pieces += _stretch(found[0].translate(_DIGITS) if lift else found[0], "s" if lift else look, (lift - shift) / (0.7 if lift else 1.0))
        shift, at = lift, found.end()
    return "".join([*pieces, *_stretch(shown[at:], "", -shift)])


def _stretch(text: str, look: str, shift: float) -> list[str]:
    """Text of one look, moved up or down by ems of its own."""
    if not text:
        return []
    attributes = (f' class="{look}"' if look else "") + (f' dy="{shift:.2f}em"' if shift else "")
    return [f"<tspan{attributes}>{escape(text)}</tspan>" if attributes else escape(text)]


def num(value: float) -> str:
    """A coordinate with one decimal, spelled the same on every machine."""
    text = f"{value:.1f}"
    text = text[:-2] if text.endswith(".0") else text
    return "0" if text == "-0" else text


# Style


def _style(drawing: Drawing) -> str:
    tones = sorted({row.tone for card in drawing.cards for row in card.rows})
    plain = not tones and not drawing.groups and not any(edge.label for edge in drawing.edges)
    return palette(drawing, None if plain else tones)


def palette(drawing: Drawing, tones: Iterable[str] | None) -> str:
    """The style of all that is in a picture, for light and dark; tones: those of its rows, None where it has neither rows nor labels."""
    kinds = sorted({card.kind for card in drawing.cards} | set(drawing.legend))
    if drawing.names and "part" not in kinds:
        kinds.append("part")
    common = (
        f".symdiff text{{font-family:{FONTS};font-size:{num(SIZE)}px;text-anchor:middle}}"
        f".symdiff .i{{font-style:italic}}.symdiff .s{{font-size:.7em}}"
        f".symdiff path{{fill:none;stroke:{LINE};stroke-width:1.4}}"
        f".symdiff .sign{{font-size:{num(SIGN)}px}}.symdiff .name{{font-style:italic}}"
        f".symdiff .note{{font-size:{num(SMALL)}px;fill:{QUIET}}}.symdiff .key{{font-size:{num(SMALL)}px}}"
        f".symdiff .shape{{stroke-width:1.4}}.symdiff .dashed{{stroke-dasharray:4 3}}"
        f".symdiff .badge{{font-size:{num(BADGE)}px;font-weight:bold}}"
    )
    light = "".join(_rules(kind, KINDS[kind].light) for kind in kinds)
    night = "".join(_rules(kind, KINDS[kind].dark) for kind in kinds) + ".symdiff .note{fill:#9ca3af}"
    if any(card.mark for card in drawing.cards):
        light += _rules("mark", MARK) + ".symdiff .mark .shape{stroke-width:3}"
        night += _rules("mark", MARK_DARK)
    if any(card.changed for card in drawing.cards):
        light += ".symdiff .changed .shape{stroke-width:3.4}"
    if tones is not None:
        light += _card_rules(False, sorted(set(tones)))
        night += _card_rules(True, sorted(set(tones)))
    return f"{common}{light}@media (prefers-color-scheme:dark){{{night}}}"


def _card_rules(dark: bool, tones: list[str]) -> str:
    """What cards, labels on lines and groups need beyond plain boxes."""
    def ink(tone: str) -> str:
        return TONES[tone].dark if dark else TONES[tone].light
    ground, chip, group = (GROUND[1], "#cbd5e1", "#cbd5e1") if dark else (GROUND[0], "#374151", "#475569")
    rules = (
        f".symdiff .sheet{{fill:{ground}}}.symdiff .chip rect{{fill:{ground};stroke:{LINE};stroke-width:.8}}"
        f".symdiff .chip text{{font-size:{num(SMALL)}px;fill:{chip}}}"
        f".symdiff .group text{{font-size:{num(SIZE - 2)}px;fill:{group};text-anchor:start}}"
        f".symdiff .tick{{stroke:{ink('good')};stroke-width:2}}.symdiff .cross{{stroke:{ink('bad')};stroke-width:2}}"
    )
    rules += "".join(f".symdiff .{tone}{{fill:{ink(tone)}{';font-weight:bold' * TONES[tone].bold}}}" for tone in tones)
    return rules if dark else (
        f"{rules}.symdiff .head{{font-family:{SANS};font-size:{num(SMALL + 1)}px;font-weight:bold}}.symdiff .row{{font-size:{num(SIZE - 1)}px}}"
        ".symdiff .group rect{fill:#64748b;fill-opacity:.08;stroke:#64748b;stroke-opacity:.5;stroke-dasharray:5 4}"
    )


def _rules(kind: str, colours: Colours) -> str:
    return (
        f".symdiff .{kind} .shape{{fill:{colours.fill};stroke:{colours.border}}}.symdiff .{kind} .label{{fill:{colours.text}}}"
        f".symdiff .{kind} .pill{{fill:{colours.border}}}.symdiff .{kind} .badge{{fill:{colours.fill}}}"
    )


# Boxes


def _shape(kind: Kind, frame: Frame, cut: bool = False) -> str:
    look = 'class="shape dashed"' if cut else 'class="shape"'
    left, top, width, height = frame.left, frame.top, frame.width, frame.height
    if kind.shape == "hexagon":
        inset, y = height / 3, top + height / 2
        corners = ((left, y), (left + inset, top), (left + width - inset, top), (left + width, y),
                   (left + width - inset, top + height), (left + inset, top + height))
        return f'<polygon {look} points="{" ".join(f"{num(px)},{num(py)}" for px, py in corners)}"/>'
    radius = {"box": 2.0, "rounded": 9.0}.get(kind.shape, height / 2)
    return f"<rect {look} {rectangle(frame)} rx=\"{num(radius)}\"/>"


def rectangle(frame: Frame) -> str:
    """A frame as attributes."""
    return f'x="{num(frame.left)}" y="{num(frame.top)}" width="{num(frame.width)}" height="{num(frame.height)}"'


def _box(card: Card, frame: Frame) -> str:
    look = "mark" if card.mark else f"{card.kind} changed" if card.changed else card.kind
    body = _sheet(card, frame) if card.rows else _line_box(card, frame)
    return f'<g class="{look}"><title>{escaped(card.tooltip)}</title>{body}{_badge(card, frame.left + frame.width, frame.top)}</g>'


def _line_box(card: Card, frame: Frame) -> str:
    """A box with one line."""
    kind = KINDS[card.kind]
    sign = kind.shape in ("circle", "hexagon") and len(card.label) == 1 and not card.mark
    look = "label sign" if sign else "label name" if kind.italic else "label"
    line = frame.top + frame.height / 2 + (7.0 if sign else 5.6)
    text = escaped(header_of(card)) if kind.italic and not card.mark else typeset(header_of(card))
    return f'{_shape(kind, frame, card.cut)}<text class="{look}" x="{num(frame.left + frame.width / 2)}" y="{num(line)}">{text}</text>'


def _sheet(card: Card, frame: Frame) -> str:
    """A card: the header in its kind's colour, the rows on the ground of the page."""
    left, top, middle = frame.left, frame.top, frame.left + frame.width / 2
    look = "shape dashed" if card.cut else "shape"
    below = Frame(left + 0.7, top + HEADER, frame.width - 1.4, frame.height - HEADER - 0.7)
    parts = [
        f'<rect class="{look}" {rectangle(frame)} rx="8"/>',
        f'<path class="sheet" style="stroke:none" d="M{num(below.left)} {num(below.top)}h{num(below.width)}v{num(below.height - 7.3)}'
        f'q0 7.3 -7.3 7.3h{num(14.6 - below.width)}q-7.3 0 -7.3 -7.3z"/>',
        f'<text class="label head" x="{num(middle)}" y="{num(top + 16.8)}">{escaped(card.label)}</text>',
        _sign("✗", left + 15, top + 12) if card.mark else "",
    ]
    for number, row in enumerate(card.rows):
        y = top + HEADER + LINE_HEIGHT * (number + 0.5) + 2 + 5.6
        signed = row.tone in ("good", "bad") and row.text.startswith(("✓ ", "✗ "))
        words = escaped(row.text) if row.tone == "quiet" else typeset(row.text[2:] if signed else row.text)
        if signed:  # from the left, since the width is an upper bound: the sign and the words stay together in any font
            x = middle - 0.45 * text_width(row.text[2:], SIZE - 1) - 8
            parts.append(_sign(row.text[0], x, y - 5))
            parts.append(f'<text class="row {row.tone}" style="text-anchor:start" x="{num(x + 11)}" y="{num(y)}">{words}</text>')
        else:
            parts.append(f'<text class="row {row.tone}" x="{num(middle)}" y="{num(y)}">{words}</text>')
    return "".join(parts)


def _sign(sign: str, x: float, y: float) -> str:
    """A tick or a cross as a shape: few fonts have them, and what follows one in a text is then set in another font."""
    path = f"M{num(x - 4.5)} {num(y + 0.5)}l3.2 3.6l6 -8" if sign == "✓" else f"M{num(x - 3.6)} {num(y - 3.6)}l7.2 7.2m0 -7.2l-7.2 7.2"
    return f'<path class="{"tick" if sign == "✓" else "cross"}" d="{path}"/>'


def _badge(card: Card, x: float, y: float) -> str:
    """A pill on the upper right corner."""
    if not card.badge:
        return ""
    width = text_width(card.badge, BADGE) + 7
    return (f'<rect class="pill" x="{num(x - width / 2 - 1)}" y="{num(y - 7)}" width="{num(width)}" height="15" rx="7.5"/>'
            f'<text class="badge" x="{num(x - 1)}" y="{num(y + 4)}">{escaped(card.badge)}</text>')


# Lines and groups


def _line(edge: Edge, line: Curve) -> str:
    """An edge, to be covered by the boxes at both ends."""
    x, y = line.start
    path = f"M{num(x)} {num(y)}"
    if line.straight:
        x, y = line.parts[-1][2]
        path += f"L{num(x)} {num(y)}"
    else:
        path += "".join(f"C{' '.join(f'{num(x)} {num(y)}' for x, y in part)}" for part in line.parts)
    return f'<path d="{path}"><title>{escaped(edge.tooltip)}</title></path>' if edge.tooltip else f'<path d="{path}"/>'


def _edge_labels(drawing: Drawing, layout: Arrangement) -> list[str]:
    labels = []
    for edge, frame in zip(drawing.edges, layout.labels):
        if frame is not None:
            title = f"<title>{escaped(edge.tooltip)}</title>" if edge.tooltip else ""
            labels.append(f'<g class="chip">{title}<rect {rectangle(frame)} rx="8.5"/>'
                          f'<text x="{num(frame.left + frame.width / 2)}" y="{num(frame.top + 12.4)}">{typeset(edge.label)}</text></g>')
    return labels


def _group(title: str, frame: Frame) -> str:
    return (f'<g class="group"><rect {rectangle(frame)} rx="12"/>'
            f'<text x="{num(frame.left + 12)}" y="{num(frame.top + 20)}">{typeset(title)}</text></g>')


def _footer(drawing: Drawing, top: float) -> tuple[list[str], float, float]:
    """The legend in one row, the names of parts, and the note below them, with the width and height they take."""
    parts: list[str] = []
    x, height = 0.0, 0.0
    for name in drawing.legend:
        width = text_width(KINDS[name].title, SMALL) + 18
        frame = Frame(x, top - 11, width, 22.0)
        text = f'<text class="label key" x="{num(x + width / 2)}" y="{num(top + 4)}">{escaped(KINDS[name].title)}</text>'
        parts.append(f'<g class="{name}">{_shape(KINDS[name], frame)}{text}</g>')
        x += width + 10
        height = 40.0
    for short, meaning in drawing.names:
        line = f"{short} = {meaning}"
        parts.append(f'<g class="part"><text class="label" style="text-anchor:start" x="0" y="{num(top + height + 2)}">{typeset(line)}</text></g>')
        x, height = max(x, text_width(line, SIZE)), height + 25
    for line in [drawing.note] if drawing.note else []:
        width = text_width(line, SMALL)
        parts.append(f'<text class="note" x="{num(width / 2)}" y="{num(top + height)}">{escaped(line)}</text>')
        x, height = max(x, width), height + 22
    return parts, x, height
