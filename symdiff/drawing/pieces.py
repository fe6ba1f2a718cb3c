"""What every picture is made of: cards, lines between them, groups, a legend and a note; no formula, engine or format is known here."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Card", "Drawing", "Edge", "Group", "Row"]


@dataclass(frozen=True, slots=True)
class Row:
    """One line of text in a card, and what it says: plain, accent (a derivative), value, adjoint, good, bad or quiet."""

    text: str
    tone: str = "plain"


@dataclass(frozen=True, slots=True)
class Card:
    """One box: the kind that gives its look, the text in it (with rows: its header), the text a pointer brings up."""

    kind: str
    label: str
    tooltip: str
    badge: str = ""
    """×n for a box with n uses, if several."""
    cut: bool = False
    """Something below is left out."""
    rows: tuple[Row, ...] = ()
    mark: bool = False
    """Shown in red with a cross: something is wrong here."""
    changed: bool = False
    """Shown with a thick border: this is what differs from the picture beside it."""


@dataclass(frozen=True, slots=True)
class Edge:
    """A line from a box to one that stands below it, by their positions."""

    start: int
    end: int
    label: str = ""
    tooltip: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Cards that belong together, by their positions, the one all others lead to last; lines enter a group from others by that card only."""

    title: str
    cards: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Drawing:
    """A picture: edges grouped by the box they start from, left to right; every edge goes to an earlier card, the root is the last."""

    title: str
    cards: tuple[Card, ...]
    edges: tuple[Edge, ...]
    legend: tuple[str, ...] = ()
    note: str = ""
    groups: tuple[Group, ...] = ()
    """Only in pictures that run sideways."""
    sideways: bool = False
    """From left to right, the root at the right; else from top to bottom."""
    names: tuple[tuple[str, str], ...] = ()
    """Short names for parts that occur several times, with what they stand for."""
