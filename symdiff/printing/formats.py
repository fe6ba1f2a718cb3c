"""The forms a formula is written in, by name, and what a notebook shows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from symdiff.errors import LimitError
from symdiff.expr import Expr
from symdiff.printing.latex import latex
from symdiff.printing.mathml import mathml
from symdiff.printing.text import SHOWN, repr_of, text_of
from symdiff.printing.unicode import pretty
from symdiff.walk import tree_size

__all__ = ["FORMATS", "notebook_bundle", "notebook_latex"]

FORMATS: dict[str, Callable[[Expr], str]] = {"text": text_of, "latex": latex, "unicode": pretty, "mathml": mathml}
"""The forms a formula is written in, by the names that f-strings and the command take."""

def notebook_latex(expression: Expr) -> str | None:
    """What a notebook sets; None for a formula too large to set, which then shows as its repr."""
    if tree_size(expression) > SHOWN:
        return None
    try:
        return rf"$\displaystyle {latex(expression)}$"
    except LimitError:
        return None


def notebook_bundle(expression: Expr, include: Any = None, exclude: Any = None) -> dict[str, str]:
    """The forms among which a notebook chooses, by their MIME types."""
    shown = notebook_latex(expression)
    bundle = {"text/plain": repr_of(expression)} | ({} if shown is None else {"text/latex": shown})
    return {kind: text for kind, text in bundle.items() if (not include or kind in include) and not (exclude and kind in exclude)}
