"""The kinds of boxes pictures have: for each its name in the legend, its shape and its colours; no formula and no format is known here."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["KINDS", "LINE", "QUIET", "Colours", "Kind"]


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


KINDS = {
    "variable": Kind("variable", "oval", Colours("#dbeafe", "#2563eb", "#1e3a8a"), Colours("#172b4d", "#60a5fa", "#dbeafe"), italic=True),
    "number": Kind("number", "box", Colours("#f3f4f6", "#6b7280", "#1f2937"), Colours("#262b33", "#9ca3af", "#f3f4f6")),
    "operator": Kind("operator", "circle", Colours("#ffedd5", "#ea580c", "#6b240c"), Colours("#40230f", "#fb923c", "#ffedd5")),
    "function": Kind("function", "rounded", Colours("#dcfce7", "#16a34a", "#14532d"), Colours("#12331f", "#4ade80", "#dcfce7")),
    "relation": Kind("relation", "hexagon", Colours("#f3e8ff", "#9333ea", "#581c87"), Colours("#321a4d", "#c084fc", "#f3e8ff")),
    "choice": Kind("choice", "hexagon", Colours("#fce7f3", "#db2777", "#831843"), Colours("#431329", "#f472b6", "#fce7f3")),
}

LINE = "#8b95a5"
"""Edges: grey enough to be seen on white and on black."""
QUIET = "#6b7280"
"""Notes and legends, which stand on the page itself."""
