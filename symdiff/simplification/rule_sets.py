"""What must hold of a set of rules together, beyond each one's truth: none makes formulas dearer, and no two undo each other."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from symdiff.expr import Expr
from symdiff.simplification.canonical import Canonical
from symdiff.simplification.display import Display
from symdiff.simplification.matching import Matcher, RuleIndex
from symdiff.simplification.rule import Rule, Stage
from symdiff.walk import fold, postorder, substitute

__all__ = ["dearer_rules", "rule_loops"]

ALGEBRAIC = frozenset({"sqrt", "cbrt", "abs", "sign"})
"""Functions a rule that is always applied may bring in for the ones it removes."""


def dearer_rules(rules: Sequence[Rule], price: Callable[[Expr], float]) -> list[Rule]:
    """The rules that no place can want: a searched rule whose right side costs more, one always applied that removes no function.

    price: what a written expression costs; wildcards count as symbols.
    """
    return [rule for rule in rules if (
        price(rule.right) > price(rule.left) + 1e-9 if rule.stage is Stage.SEARCH
        else rule.stage is Stage.ALWAYS and _functions(rule.right) >= _functions(rule.left))]


def _functions(root: Expr) -> int:
    return fold(root, lambda node, counts: sum(counts) + int(bool(node.args) and node.op.symbol is None and node.op.name not in ALGEBRAIC))


def rule_loops(rules: Sequence[Rule]) -> list[tuple[Rule, Rule]]:
    """Pairs of rules of which the second leads from the first's right side back to its left side, all conditions granted.

    Where a way back is dearer it is no loop: no searched rule goes there.
    """
    form = Canonical()
    display = Display(form)
    matcher = Matcher(RuleIndex(rules), lambda condition: True, form)
    loops = []
    for rule in rules:
        start, end = form.of(rule.left), form.of(rule.right)
        rise = display.prices.of(display.of(start)) - display.prices.of(display.of(end))
        if start is end or (rule.stage is Stage.SEARCH and rise < -1e-9):
            continue
        for node in postorder(end):
            for other, new, _ in matcher.rewrites(node):
                if (other.stage is Stage.ALWAYS or rise < 1e-9) and form.of(substitute(end, {node: new})) is start:
                    loops.append((rule, other))
    return loops
