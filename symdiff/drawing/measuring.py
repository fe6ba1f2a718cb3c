"""How wide texts and how large boxes come out; no font is asked, so the same picture has the same measures everywhere."""

from __future__ import annotations

import unicodedata

from symdiff.drawing.kinds import KINDS
from symdiff.drawing.pieces import Card

__all__ = ["BADGE", "HEADER", "HEIGHT", "LINE_HEIGHT", "SIGN", "SIZE", "SMALL", "box_size", "header_of", "text_width"]

SIZE, SIGN, SMALL, BADGE = 17.0, 22.0, 12.0, 11.0
"""Heights of letters: in boxes, of single signs, in notes and headers, in badges."""
HEIGHT = 32.0
"""Of a box with one line."""
HEADER, LINE_HEIGHT = 24.0, 23.0
"""Of a card's header and of each row below it."""
_FOOT = 6.0
_WIDTHS = {  # of characters, in ems of the widest font that may stand in
    0.32: " .,ijl·'′|:;", 0.42: "-/\\f!()IJ[]tι²³¹⁰⁴⁵⁶⁷⁸⁹⁻₀₁₂₃₄₅₆₇₈₉⌊⌋⌈⌉\"", 0.54: "*_`rsε?cvxyzζξτ",
    0.78: "BCEKRDGOQψωΘΦ∧∨", 0.86: "#+<=>HU^w~ΠΩ×÷−≤≥≠¬∞&NΨ", 1.05: "%m@M…⋯W",
}
_WIDTH = {char: width for width, chars in _WIDTHS.items() for char in chars}


def text_width(text: str, size: float) -> float:
    """How wide a line of text may come out, in pixels.

    >>> text_width("sin", 10) < text_width("cosh", 10)
    True
    """
    return size * sum(_WIDTH.get(char) or _other_width(char) for char in text)


def _other_width(char: str) -> float:
    if unicodedata.combining(char):
        return 0.0
    return 1.05 if unicodedata.east_asian_width(char) in "WF" or ord(char) > 0x2E80 else 0.68


def header_of(card: Card) -> str:
    """The text of a card's header: a card that is marked says so without colour too."""
    return f"✗ {card.label}" if card.mark else card.label


def box_size(card: Card) -> tuple[float, float]:
    """The width and height of a card's box."""
    if card.rows:
        header = text_width(header_of(card), SMALL + 1) * 1.08  # it is bold
        width = max(header + 20, *(text_width(row.text, SIZE - 1) + 26 for row in card.rows))
        return max(width, 46.0), HEADER + LINE_HEIGHT * len(card.rows) + _FOOT
    kind = KINDS[card.kind]
    if kind.shape == "circle" and len(card.label) == 1:
        return HEIGHT, HEIGHT
    room = {"oval": 22.0, "hexagon": 26.0}.get(kind.shape, 18.0)
    return max(HEIGHT, text_width(header_of(card), SIZE) + room), HEIGHT
