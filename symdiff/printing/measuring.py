"""How much room a formula takes in text, found without writing it: what fits, what is raised in place, where lines break."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from symdiff.printing.boxes import laid_out

__all__ = ["LOWERED", "RAISED", "Size", "Sizes", "gap", "in_place", "printed_width", "shown"]

RAISED = dict(zip("0123456789+−n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿ", strict=True))
LOWERED = dict(zip("0123456789", "₀₁₂₃₄₅₆₇₈₉", strict=True))


@dataclass(frozen=True, slots=True)
class Size:
    """How much room a box takes: columns, lines above its base line, lines below."""

    width: int
    above: int = 0
    below: int = 0
    small: str = ""
    """The text of a box that fits into one line, while it is short; it tells whether it can be raised in place."""
    atom: bool = False

    @property
    def height(self) -> int:
        return self.above + self.below + 1


_SHORT = 12


class Sizes:
    """The layout that only measures, in constant time a box."""

    def text(self, kind: str, text: str) -> Size:
        line = shown(kind, text)
        return Size(len(line), small=line[:_SHORT], atom=True)

    def row(self, items: Sequence[tuple[str, Size]]) -> Size:
        if len(items) == 1:
            return items[0][1]
        gaps = sum(gap(left, right) for (left, _), (right, _) in pairwise(items))
        width = sum(size.width for _, size in items) + gaps
        above, below = max([s.above for _, s in items], default=0), max([s.below for _, s in items], default=0)
        small = "".join([s.small for _, s in items]) if all(s.small for _, s in items) and not gaps and width < _SHORT else ""
        return Size(width, above, below, small)

    def fraction(self, top: Size, bottom: Size) -> Size:
        return Size(max(top.width, bottom.width) + 2, top.height, bottom.height)

    def root(self, radicand: Size, degree: Size | None) -> Size:
        if degree is None and radicand.atom and radicand.width < 3:
            return Size(radicand.width + 1)
        beside, over = (max(0, degree.width - 2), max(0, degree.height - radicand.height)) if degree else (0, 0)
        return Size(beside + radicand.height + 1 + radicand.width, radicand.above + 1 + over, radicand.below)

    def raised(self, base: Size, exponent: Size) -> Size:
        if base.height == 1 and in_place(exponent.small, RAISED):
            return Size(base.width + exponent.width, small="", atom=False)
        return Size(base.width + exponent.width, base.above + exponent.height, base.below)

    def lowered(self, base: Size, index: Size) -> Size:
        return Size(base.width + index.width + (not in_place(index.small, LOWERED)), base.above, max(base.below, index.below))

    def fenced(self, left: str, inside: Size, right: str) -> Size:
        return Size(inside.width + 2, inside.above, inside.below)

    def cases(self, rows: Sequence[Sequence[Size]]) -> Size:
        columns = max(map(len, rows))
        width = sum(max([row[column].width for row in rows if column < len(row)]) for column in range(columns)) + 2 * columns
        height = max(3, sum(max(cell.above for cell in row) + max(cell.below for cell in row) + 1 for row in rows))
        return Size(width, height // 2, height - 1 - height // 2)


def shown(kind: str, text: str) -> str:
    line = "".join([char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in (text.strip() if kind == "text" else text)])
    return " " if kind == "times" else f" {line} " if kind in ("binary", "relation") else f"{line} " if kind == "comma" else line


def gap(left: str, right: str) -> int:
    """A space between the name of a function and an argument without parentheses, and beside words."""
    if "text" in (left, right):
        return int(left not in ("times", "relation", "binary") and right not in ("times", "relation", "binary"))
    return int(left == "word" and right in ("letter", "number", "word", "box"))


def in_place(text: str, small: dict[str, str]) -> bool:
    return bool(text) and all(char in small for char in text)


def printed_width(text: str) -> int:
    """About how many letters wide a formula is in print, given its LaTeX."""
    return laid_out(text, Sizes()).width
