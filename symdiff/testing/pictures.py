"""Drawings of failures: the derivation as cards with the values at the failing point, the card at which it parts in red."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from symdiff.calculus.derivation import derive
from symdiff.drawing.engines import draw
from symdiff.errors import SymdiffError
from symdiff.expr import Expr, symbol_node
from symdiff.walk import free_symbols

__all__ = ["draw_failure"]


def draw_failure(formula: Expr, node: Expr, variable: str | None, point: Mapping[str, Any], path: Path) -> Path:
    """Write the drawing and return its path; folders are made as needed.

    variable: by which the formula was differentiated; None for rewrite rules, whose formula is drawn instead, as one without a
    derivative is.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    if variable is not None:
        names = {str(symbol) for symbol in free_symbols(formula)} | {variable}
        at = {name: point[name] for name in names} if names <= point.keys() else None
        try:
            return draw(derive(formula, symbol_node(variable)), path, engine="builtin", at=at, mark=node)
        except SymdiffError:  # a part has no derivative, or no value there
            pass
    return draw(formula, path, engine="builtin", mark=node)
