"""Formulas for a terminal: Unicode text in two dimensions, or in one line where that would not fit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from symdiff.errors import UsageError
from symdiff.expr import Expr, Real
from symdiff.operations.op import as_expr
from symdiff.printing.boxes import laid_out
from symdiff.printing.latex import latex
from symdiff.printing.measuring import LOWERED, RAISED, Size, Sizes, gap, in_place, shown
from symdiff.printing.text import text_of

__all__ = ["pretty"]

HEIGHT = 40
"""Lines above which a formula is written in one line."""


def pretty(expression: Expr | Real, width: int = 100) -> str:
    """The formula as text in two dimensions: fractions stacked, powers raised, roots and parentheses as tall as what they hold.

    width: columns there are.  A formula that is wider, or taller than 40 lines, comes out in one line as `str` writes it.
    Raises LimitError above `limits.printed_length`.

    >>> from symdiff import parse
    >>> print(pretty(parse("(x^2 + 1)/sqrt(2*pi)")))
     x² + 1
    ────────
       ___
     ╲╱2 π
    """
    if not isinstance(width, int) or width < 1:
        raise UsageError(f"width is a number of columns from 1, not {width!r}")
    root = as_expr(expression)
    text = latex(root)
    size = laid_out(text, Sizes())
    if size.width > width or size.height > HEIGHT:
        return text_of(root)
    return "\n".join([line.rstrip() for line in laid_out(text, _Drawing()).lines])


@dataclass(frozen=True, slots=True)
class Block:
    """Lines of one width, one of them being the base line."""

    lines: list[str]
    base: int
    size: Size

    @property
    def width(self) -> int:
        return len(self.lines[0])


class _Drawing:
    """The boxes with their text; their sizes decide as they did alone."""

    def __init__(self) -> None:
        self.sizes = Sizes()

    def text(self, kind: str, text: str) -> Block:
        return Block([shown(kind, text)], 0, self.sizes.text(kind, text))

    def row(self, items: Sequence[tuple[str, Block]]) -> Block:
        size = self.sizes.row([(kind, block.size) for kind, block in items])
        if len(items) == 1:
            return items[0][1]
        columns: list[list[str]] = []
        for place, (kind, block) in enumerate(items):
            free = gap(items[place - 1][0], kind) if place else 0
            columns.append(_lines(block, size.above, size.below, " " * free))
        return Block(["".join(line) for line in zip(*columns)] or [""], size.above, size)

    def fraction(self, top: Block, bottom: Block) -> Block:
        size = self.sizes.fraction(top.size, bottom.size)
        return Block([*_centred(top, size.width), "─" * size.width, *_centred(bottom, size.width)], size.above, size)

    def root(self, radicand: Block, degree: Block | None) -> Block:
        size = self.sizes.root(radicand.size, None if degree is None else degree.size)
        if size.height == 1:
            return Block(["√" + radicand.lines[0]], 0, size)
        height = len(radicand.lines)
        beside = size.width - radicand.width - height - 1
        strokes = [" " * (height - line) + "╱" + " " * line for line in range(height - 1)] + ["╲╱" + " " * (height - 1)]
        signs = [" " * (height + 1)] * (size.height - height) + strokes
        lines = [" " * beside + sign for sign in signs]
        for place, text in enumerate(reversed(degree.lines if degree else [])):  # its right end above the hook
            at = len(lines) - 2 - place
            lines[at] = text.rjust(beside + 2) + lines[at][beside + 2:]
        roof = [" " * radicand.width] * (size.height - height - 1) + ["_" * radicand.width]
        return Block([a + b for a, b in zip(lines, roof + radicand.lines)], size.above, size)

    def raised(self, base: Block, exponent: Block) -> Block:
        size = self.sizes.raised(base.size, exponent.size)
        if size.height == 1:
            return Block([base.lines[0] + "".join([RAISED[char] for char in exponent.lines[0]])], 0, size)
        lines = [" " * base.width + line for line in exponent.lines] + [line + " " * exponent.width for line in base.lines]
        return Block(lines, size.above, size)

    def lowered(self, base: Block, index: Block) -> Block:
        size = self.sizes.lowered(base.size, index.size)
        small = in_place(index.size.small, LOWERED)
        below = "".join([LOWERED[char] for char in index.lines[0]]) if small else "_" + index.lines[0]
        return Block([line + (below if place == base.base else " " * len(below)) for place, line in enumerate(base.lines)], size.above, size)

    def fenced(self, left: str, inside: Block, right: str) -> Block:
        size = self.sizes.fenced(left, inside.size, right)
        height = len(inside.lines)
        lines = [a + line + b for a, line, b in zip(_tall(left, height), inside.lines, _tall(right, height))]
        return Block(lines, size.above, size)

    def cases(self, rows: Sequence[Sequence[Block]]) -> Block:
        size = self.sizes.cases([[cell.size for cell in row] for row in rows])
        columns = max(map(len, rows))
        widths = [max([row[column].width for row in rows if column < len(row)]) for column in range(columns)]
        lines: list[str] = []
        for row in rows:
            above, below = max(cell.size.above for cell in row), max(cell.size.below for cell in row)
            cells = [_lines(cell, above, below, "") for cell in row]
            lines += ["".join([cell.ljust(widths[place] + 2) for place, cell in enumerate(line)]) for line in zip(*cells)]
        lines += [""] * (size.height - len(lines))
        return Block([brace + line.ljust(size.width - 1) for brace, line in zip(_tall("{", size.height), lines)], size.above, size)


def _lines(block: Block, above: int, below: int, free: str) -> list[str]:
    """The lines of a block between empty ones, so that it has so many above and below its base line."""
    empty = free + " " * block.width
    return [empty] * (above - block.size.above) + [free + line for line in block.lines] + [empty] * (below - block.size.below)


def _centred(block: Block, width: int) -> list[str]:
    return [line.center(width) for line in block.lines]


_TALL = {  # top, middle, bottom, and for a brace its centre
    "(": "⎛⎜⎝", ")": "⎞⎟⎠", "|": "│││", "⌊": "⎢⎢⎣", "⌋": "⎥⎥⎦", "⌈": "⎡⎢⎢", "⌉": "⎤⎥⎥", "{": "⎧⎪⎩",
}


def _tall(fence: str, height: int) -> list[str]:
    if height == 1:
        return [fence]
    top, middle, bottom = (*_TALL[fence],)
    lines = [top, *[middle] * (height - 2), bottom]
    if fence == "{":
        lines[height // 2 if height > 2 else 0] = "⎨" if height > 2 else top
    return lines
