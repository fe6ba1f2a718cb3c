"""Rule: one identity as data, with its conditions and its stage; and the wildcards that identities are written with."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from symdiff.errors import DefinitionError
from symdiff.expr import SYMBOL, Expr, symbol_node
from symdiff.walk import free_symbols, postorder

__all__ = ["Rule", "Stage", "a", "b", "c", "d", "m", "marked", "n"]

a, b, c, d, m, n = (symbol_node(name) for name in "abcdmn")


class Stage(StrEnum):
    """Who applies a rule, and when."""

    BUILT_IN = "built in"
    """The canonical form or the rational stage does it by an algorithm; it stands here to be proved and documented."""
    ALWAYS = "always"
    """Applied wherever it matches: it removes functions, even where that costs arithmetic (sin(acos(x)) is sqrt(1 - x^2))."""
    SEARCH = "search"
    """Applied where the price of the whole falls."""
    EXPANSION = "expansion"
    """The dearer direction, for callers that ask for it; never searched."""
    ACCURACY = "accuracy"
    """For code: equal, and better in floating point."""


@dataclass(frozen=True, slots=True)
class Rule:
    """Wherever `needs` holds and `left` is defined, `right` is defined and equal: a refinement over the reals.

    left, right: expressions in which every symbol is a wildcard.  needs: what must be proved before the rule may fire.
    records: what holds exactly where `left` is defined, among the points where `right` is: the condition that the rewrite drops.
    Raises DefinitionError where right or a condition has a wildcard that left does not bind, and where nothing would change.

    >>> Rule("root of a square", (a**2).sqrt(), abs(a)).name
    'root of a square'
    """

    name: str
    left: Expr
    right: Expr
    needs: Expr | None = None
    records: Expr | None = None
    why: str = ""
    stage: Stage = Stage.SEARCH

    def __post_init__(self) -> None:
        bound = set(free_symbols(self.left))
        for part in (self.right, self.needs, self.records):
            loose = [] if part is None else [str(symbol) for symbol in free_symbols(part) if symbol not in bound]
            if loose:
                raise DefinitionError(f"the rule '{self.name}' does not bind {', '.join(loose)} on its left side, '{self.left}'")
        if self.left.op is SYMBOL or self.left is self.right:
            raise DefinitionError(f"the rule '{self.name}' would rewrite everything or nothing: '{self.left}' to '{self.right}'")

    def __str__(self) -> str:
        needs = "" if self.needs is None else f", needs {self.needs}"
        records = "" if self.records is None else f"   (for {self.records})"
        return f"{self.name}: {self.left} -> {self.right}{needs}{records}"

    @property
    def introduces(self) -> frozenset[str]:
        """The names of the functions that the right side has and the left has not."""
        return _function_names(self.right) - _function_names(self.left)


def _function_names(root: Expr) -> frozenset[str]:
    return frozenset(node.op.name for node in postorder(root) if node.args and node.op.symbol is None)


def marked(stage: Stage, *rules: Rule) -> Iterator[Rule]:
    """The same rules for another stage."""
    return (replace(rule, stage=stage) for rule in rules)
