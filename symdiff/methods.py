"""The methods of Expr whose bodies live on lower floors, imported when first called."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

from symdiff.expr import Expr
from symdiff.walk import free_symbols

__all__ = ["attach"]

_METHODS = {  # method: the module and function it is
    "__str__": ("symdiff.printing.text", "text_of"),
    "__repr__": ("symdiff.printing.text", "repr_of"),
    "__format__": ("symdiff.printing.text", "formatted"),
    "_repr_latex_": ("symdiff.printing.formats", "notebook_latex"),
    "_repr_mimebundle_": ("symdiff.printing.formats", "notebook_bundle"),
    "diff": ("symdiff.calculus.forward", "diff"),
    "evaluate": ("symdiff.evaluation", "evaluate"),
    "simplify": ("symdiff.simplification.simplifying", "simplify"),
    "subs": ("symdiff.substitution", "subs"),
    "count_ops": ("symdiff.substitution", "count_ops"),
    "__reduce__": ("symdiff.storage", "reduced"),
}


def _later(method: str, module: str, function: str) -> Callable[..., Any]:
    def first_call(self: Expr, *args: Any, **options: Any) -> Any:
        body = getattr(import_module(module), function)
        setattr(Expr, method, body)
        return body(self, *args, **options)
    first_call.__name__ = method
    return first_call


def attach() -> None:
    for method, (module, function) in _METHODS.items():
        setattr(Expr, method, _later(method, module, function))
    setattr(Expr, "free_symbols", property(lambda self: frozenset(free_symbols(self)), doc="The variables of the expression, as a frozenset."))

