"""Results on the terminal, with the conditions they hold under."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib import import_module
from shutil import get_terminal_size

from symdiff.expr import Expr

__all__ = ["show"]


_WHERE = {  # form: what stands before the conditions, between them, and behind
    "text": ("   (for ", ", ", ")"), "latex": (r" \quad \text{for } ", r",\ ", ""), "unicode": ("\nfor ", ", ", ""), "mathml": (" for ", ", ", ""),
}


def show(result: Expr, conditions: Sequence[Expr], form: str) -> None:
    """Print a formula as text or in another form of `printing.formats`, with the conditions it holds under: x + 1   (for x != 1)."""
    write = _writer(form)
    shown = write(result)
    if conditions:
        before, between, behind = _WHERE[form]
        shown += before + between.join([write(condition) for condition in conditions]) + behind
    print(shown)


def _writer(form: str) -> Callable[[Expr], str]:
    """What writes a form, loaded when it is asked for."""
    if form == "text":
        return str
    if form == "unicode":
        columns = max(20, get_terminal_size((100, 24)).columns)
        pretty = import_module("symdiff.printing.unicode").pretty
        return lambda expression: str(pretty(expression, width=columns))
    write: Callable[[Expr], str] = import_module("symdiff.printing.formats").FORMATS[form]
    return write
