"""Results on the terminal, with the conditions they hold under."""

from __future__ import annotations

from collections.abc import Sequence

from symdiff.expr import Expr
from symdiff.printing.latex import latex

__all__ = ["show"]


def show(result: Expr, conditions: Sequence[Expr], form: str) -> None:
    """Print a formula as text or LaTeX: x + 1   (for x != 1)."""
    write = latex if form == "latex" else str
    joined = (r",\ " if form == "latex" else ", ").join(write(c) for c in conditions)
    where = "" if not conditions else rf" \quad \text{{for }} {joined}" if form == "latex" else f"   (for {joined})"
    print(f"{write(result)}{where}")
