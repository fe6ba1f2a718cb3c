"""The kinds of boxes pictures have: for each its name in the legend, its shape and its colours; no formula and no format is known here."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["GROUND", "KINDS", "LINE", "MARK", "MARK_DARK", "QUIET", "RULE_KINDS", "TONES", "Colours", "Kind", "Tone"]


@dataclass(frozen=True, slots=True)
class Colours:
    """The fill, border and text of a box; text on fill has a contrast of at least 7 to 1."""

    fill: str
    border: str
    text: str


@dataclass(frozen=True, slots=True)
class Kind:
    """How one kind of box looks; the shape tells it from others without colour."""

    title: str
    shape: str
    """circle, oval, box, rounded or hexagon."""
    light: Colours
    dark: Colours
    italic: bool = False


def _rule(title: str, light: Colours, dark: Colours) -> Kind:
    return Kind(title, "rounded", light, dark)


KINDS = {
    "variable": Kind("variable", "oval", Colours("#dbeafe", "#2563eb", "#1e3a8a"), Colours("#172b4d", "#60a5fa", "#dbeafe"), italic=True),
    "number": Kind("number", "box", Colours("#f3f4f6", "#6b7280", "#1f2937"), Colours("#262b33", "#9ca3af", "#f3f4f6")),
    "operator": Kind("operator", "circle", Colours("#ffedd5", "#ea580c", "#6b240c"), Colours("#40230f", "#fb923c", "#ffedd5")),
    "function": Kind("function", "rounded", Colours("#dcfce7", "#16a34a", "#14532d"), Colours("#12331f", "#4ade80", "#dcfce7")),
    "relation": Kind("relation", "hexagon", Colours("#f3e8ff", "#9333ea", "#581c87"), Colours("#321a4d", "#c084fc", "#f3e8ff")),
    "choice": Kind("choice", "hexagon", Colours("#fce7f3", "#db2777", "#831843"), Colours("#431329", "#f472b6", "#fce7f3")),
    "part": Kind("named part", "box", Colours("#fef9c3", "#a16207", "#543a05"), Colours("#3a2f0b", "#facc15", "#fef9c3"), italic=True),
    "linear": _rule("sums and multiples", Colours("#fef3c7", "#d97706", "#6b2f06"), Colours("#42290a", "#fbbf24", "#fef3c7")),
    "products": _rule("products", Colours("#ede9fe", "#7c3aed", "#4c1d95"), Colours("#2b1a52", "#a78bfa", "#ede9fe")),
    "quotients": _rule("quotients", Colours("#fae8ff", "#c026d3", "#701a75"), Colours("#421046", "#e879f9", "#fae8ff")),
    "powers": _rule("powers", Colours("#d1fae5", "#059669", "#064e3b"), Colours("#08301f", "#34d399", "#d1fae5")),
    "chain": _rule("functions of functions", Colours("#e0e7ff", "#4f46e5", "#312e81"), Colours("#1e1d55", "#818cf8", "#e0e7ff")),
    "standard": _rule("standard derivatives", Colours("#cffafe", "#0891b2", "#134553"), Colours("#0a2f3a", "#22d3ee", "#cffafe")),
    "pieces": _rule("pieces", Colours("#fce7f3", "#db2777", "#831843"), Colours("#431329", "#f472b6", "#fce7f3")),
    "leaf": _rule("variables and constants", Colours("#f3f4f6", "#6b7280", "#1f2937"), Colours("#262b33", "#9ca3af", "#f3f4f6")),
}

RULE_KINDS = {  # the rule of a row: the kind of its card
    "sum rule": "linear", "constant multiple rule": "linear", "product rule": "products", "quotient rule": "quotients",
    "reciprocal rule": "quotients", "power rule": "powers", "exponential rule": "powers", "general power rule": "powers",
    "chain rule": "chain", "outer function": "chain", "standard derivative": "standard", "piecewise rule": "pieces",
    "constant rule": "leaf", "variable": "leaf",
}


@dataclass(frozen=True, slots=True)
class Tone:
    """The colours of a row's text, on a light and on a dark card."""

    light: str
    dark: str
    bold: bool = False


TONES = {
    "plain": Tone("#111827", "#f3f4f6"),
    "accent": Tone("#1d4ed8", "#93c5fd"),
    "value": Tone("#166534", "#86efac"),
    "adjoint": Tone("#b91c1c", "#fca5a5"),
    "good": Tone("#166534", "#86efac"),
    "bad": Tone("#b91c1c", "#fca5a5", bold=True),
    "quiet": Tone("#4b5563", "#9ca3af"),
}

LINE = "#8b95a5"
"""Edges: grey enough to be seen on white and on black."""
QUIET = "#6b7280"
"""Notes and legends, which stand on the page itself."""
MARK, MARK_DARK = Colours("#fee2e2", "#dc2626", "#7f1d1d"), Colours("#450a0a", "#f87171", "#fee2e2")
"""A card where something is wrong, on light and on dark."""
GROUND = ("#ffffff", "#14171c")
"""What a card's rows stand on, light and dark."""
