"""Backpropagation as an aligned text table: the forward pass, then every derivative with its chain, formula and value."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from symdiff.calculus.backpropagation import Backpropagation, Place
from symdiff.printing.text import text_of
from symdiff.walk import tree_size

__all__ = ["table"]

LONGEST = 24
"""Operations of a formula up to which it is shown beside its chain."""


def table(back: Backpropagation) -> str:
    """Values forward, derivatives backward; without a point the values are left out."""
    forward = [["name", "formula", "value"]]
    for place in back.places.values():
        forward.append([place.name, "input" if place.formula is None else text_of(place.formula), _number(place.value)])
    backward = [["derivative", "chain rule", "formula", "value"]]
    formulas = [place for place in back.places.values() if place.formula is not None and place.name != back.output]
    for place in [*reversed(formulas), *[place for place in back.places.values() if place.formula is None]]:
        if place.users:
            backward += _derivatives(back, place)
    return "\n".join(["Forward pass", *_aligned(forward), "", "Backward pass", *_aligned(backward)])


def _derivatives(back: Backpropagation, place: Place) -> list[list[str]]:
    """The local derivatives by one name, and the output's, unless that is the same."""
    rows = [[link.name, "", text_of(link.derivative), _number(link.value)] for link in place.users]
    if len(rows) == 1 and place.users[0].of == back.output:
        return rows
    local = [row for row, link in zip(rows, place.users, strict=True) if link.of != back.output]
    chain = " + ".join(["*".join(way) for way in back.factors(place.name)])
    shown = text_of(place.adjoint) if tree_size(place.slope) <= LONGEST else ""
    return [*local, [f"d{back.output}/d{place.name}", chain, shown, _number(place.adjoint_value)]]


def _number(value: Any) -> str:
    return "" if value is None else f"{value:.6g}" if isinstance(value, float) else str(value)


def _aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    """Columns under each other, empty ones left out."""
    columns = [column for column in zip(*rows, strict=True) if any(column[1:])]
    widths = [max(map(len, column)) for column in columns]
    return ["  ".join([cell.ljust(width) for cell, width in zip(row, widths, strict=True)]).rstrip() for row in zip(*columns, strict=True)]
