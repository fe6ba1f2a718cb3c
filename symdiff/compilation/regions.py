"""Which steps of a program only one branch of a `where` needs, so that scalar code computes no branch it does not take."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum

from symdiff.compilation.program import Program
from symdiff.operations.piecewise import where

__all__ = ["Mark", "structured"]

DEEPEST = 40
"""Nested branches in generated code (Python allows 100 levels); what lies deeper is computed whether taken or not."""


class Mark(Enum):
    """What comes next in structured code: a step, the beginnings of the branches of a `where`, or their end."""

    STEP = "step"
    IF = "if"
    ELSE = "else"
    END = "end"


class _Region:
    """The whole program, or one branch of one `where`."""

    __slots__ = ("depth", "parent")

    def __init__(self, parent: _Region | None = None) -> None:
        self.parent = parent
        self.depth: int = parent.depth + 1 if parent else 0


def structured(program: Program) -> Iterator[tuple[Mark, int]]:
    """The steps in an order for code with branches: (mark, number of the step's value).

    >>> from symdiff import parse
    >>> from symdiff.compilation.program import program_of
    >>> [f"{mark.value} {k}" for mark, k in structured(program_of([parse("where(x > 0, ln(x), 1)")], ["x"]))]
    ['step 3', 'if 5', 'step 4', 'else 5', 'end 5']
    """
    whole = _Region()
    region, branches = _placed(program, whole)
    content: dict[_Region, list[int]] = {}
    for k in range(program.first, program.first + len(program.steps)):
        if k in region:
            content.setdefault(region[k], []).append(k)
    stack: list[tuple[Mark | None, int, _Region]] = [(None, 0, whole)]
    while stack:
        mark, k, inside = stack.pop()
        if mark is not None:
            yield mark, k
            continue
        found: list[tuple[Mark | None, int, _Region]] = []
        for k in content.get(inside, ()):
            if k in branches:
                taken, other = branches[k]
                found += [(Mark.IF, k, inside), (None, k, taken), (Mark.ELSE, k, inside), (None, k, other), (Mark.END, k, inside)]
            else:
                found.append((Mark.STEP, k, inside))
        stack += reversed(found)


def _placed(program: Program, whole: _Region) -> tuple[dict[int, _Region], dict[int, tuple[_Region, _Region]]]:
    """The innermost region that holds all uses of each value; and the two branches of each `where` that has some of its own."""
    region: dict[int, _Region] = dict.fromkeys(program.outputs, whole)
    branches: dict[int, tuple[_Region, _Region]] = {}
    for offset in range(len(program.steps) - 1, -1, -1):
        k = program.first + offset
        op, args = program.steps[offset]
        here = region.get(k)
        if here is None:
            continue
        places = [here] * len(args)
        if op is where and here.depth < DEEPEST:
            branches[k] = taken, other = _Region(here), _Region(here)
            places[1:] = [taken, other]
        for a, place in zip(args, places, strict=True):
            region[a] = _common(region[a], place) if a in region else place
    return region, branches


def _common(one: _Region, other: _Region) -> _Region:
    """The innermost region around both."""
    while one is not other:
        if one.depth >= other.depth:
            assert one.parent is not None
            one = one.parent
        else:
            assert other.parent is not None
            other = other.parent
    return one
