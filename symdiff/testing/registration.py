"""What Hypothesis calls when it is loaded: the type Expr gets its strategy, so that @given(e=...) and from_type(Expr) draw formulas.

Light: strategies are loaded when the first formula is drawn.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

from symdiff.expr import Expr

__all__ = ["register"]


def register() -> None:
    """Register the strategy of Expr and of Program; the entry point of the group "hypothesis"."""
    strategies = import_module("hypothesis.strategies")
    strategies.register_type_strategy(Expr, _drawn("expressions"))
    strategies.register_type_strategy(import_module("symdiff.programs").Program, _drawn("programs"))


def _drawn(name: str) -> Any:
    return lambda kind: getattr(import_module("symdiff.testing.strategies"), name)()
