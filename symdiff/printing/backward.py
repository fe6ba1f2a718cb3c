"""Backpropagation as an aligned text table: the forward pass, then every derivative with its chain, formula and value."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from symdiff.calculus.backpropagation import Backpropagation, Place
from symdiff.expr import Expr
from symdiff.printing.text import text_of
from symdiff.walk import postorder

__all__ = ["table"]

SHOWN = 40
"""Nodes of a formula up to which it is shown beside its chain."""


def table(back: Backpropagation) -> str:
    """Values forward, derivatives backward; without a point the values are left out."""
    forward = [["name", "formula", "value"]]
    for place in back.places.values():
        forward.append([place.name, "input" if place.formula is None else text_of(place.formula), _number(place.value)])
    backward = [["derivative", "chain rule", "formula", "value"]]
    size: dict[Expr, int] = {}
    for node in postorder(*[place.slope for place in back.places.values()]):
        size[node] = min(1 + sum(size[child] for child in node.args), SHOWN + 1)
    formulas = [place for place in back.places.values() if place.formula is not None and place.name != back.output]
    for place in [*reversed(formulas), *[place for place in back.places.values() if place.formula is None]]:
        if place.users:
            backward += _derivatives(back, place, size[place.slope] <= SHOWN)
    return "\n".join(["Forward pass", *_aligned(forward), "", "Backward pass", *_aligned(backward)])


def _derivatives(back: Backpropagation, place: Place, short: bool) -> list[list[str]]:
    """The local derivatives by one name, and the output's, unless that is the same."""
    rows = [[link.name, "", text_of(link.derivative), _number(link.value)] for link in place.users]
    if len(rows) == 1 and place.users[0].of == back.output:
        return rows
    chain = " + ".join(["*".join(way) for way in back.factors(place.name)])
    shown = text_of(place.adjoint) if short else ""
    return [*rows, [f"d{back.output}/d{place.name}", chain, shown, _number(place.adjoint_value)]]


def _number(value: Any) -> str:
    return "" if value is None else f"{value:.6g}" if isinstance(value, float) else str(value)


def _aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    """Columns under each other, empty ones left out."""
    columns = [column for column in zip(*rows, strict=True) if any(column[1:])]
    widths = [max(map(len, column)) for column in columns]
    return ["  ".join([cell.ljust(width) for cell, width in zip(row, widths, strict=True)]).rstrip() for row in zip(*columns, strict=True)]
