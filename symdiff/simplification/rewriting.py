"""The driver of the rules: greedy passes over the shared graph that keep what makes a node cheaper, and tell which rules fired."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from symdiff.expr import Expr
from symdiff.operations.arithmetic import add, mul
from symdiff.operations.arithmetic import pow as power_row
from symdiff.simplification.canonical import Canonical
from symdiff.simplification.matching import Holds, Matcher, RuleIndex
from symdiff.simplification.rule import Rule, Stage
from symdiff.walk import postorder

__all__ = ["Firing", "Rewriting", "apply_rules"]

BUDGET = 2_000
"""Rewrites that one call may try."""
PASSES = 8
WIDTH = 64
"""Arguments of a node that make a rewrite of it count once more against the budget."""


@dataclass(frozen=True, slots=True)
class Firing:
    """One use of a rule: the node before and after, both canonical, and the condition it recorded there, if any."""

    rule: Rule
    before: Expr
    after: Expr
    records: Expr | None = None


def apply_rules(
        expression: Expr, index: RuleIndex, holds: Holds, cost: Callable[[Expr], float], *, budget: int = BUDGET,
        form: Canonical | None = None) -> tuple[Expr, list[Firing]]:
    """A canonical expression made cheaper by rules, and the firings in order.

    holds: whether a condition is proved.  cost: the price of a canonical node.  budget: how many rewrites may be tried.
    form: the canonical form, with its assumptions.

    >>> from symdiff import parse
    >>> from symdiff.simplification.canonical import canonical
    >>> from symdiff.simplification.identities import rules_of_stage
    >>> index = RuleIndex(rules_of_stage(Stage.ALWAYS, Stage.SEARCH))
    >>> expression = canonical(parse("sin(acos(x))^2 + tan(y)*cos(y)"))
    >>> result, firings = apply_rules(expression, index, lambda condition: False, lambda node: len(str(node)))
    >>> result is canonical(parse("1 - x^2 + sin(y)")), [firing.rule.name for firing in firings]
    (True, ['sine of arccosine', 'tangent times cosine'])
    """
    return Rewriting(index, holds, cost, form or Canonical(), budget).of(expression)


class Rewriting:
    """Passes over one or several expressions with one budget; `exhausted` says whether it stopped the work."""

    def __init__(self, index: RuleIndex, holds: Holds, cost: Callable[[Expr], float], form: Canonical, budget: int = BUDGET) -> None:
        self.matcher = Matcher(index, holds, form)
        self.form, self.cost, self.budget = form, cost, budget
        self.exhausted = False
        self._stable: dict[Expr, Expr] = {}
        """The nodes in which no rule makes anything cheaper."""

    def of(self, root: Expr) -> tuple[Expr, list[Firing]]:
        """As `apply_rules`; a node met in an earlier call fires no rule again."""
        firings: list[Firing] = []
        for _ in range(PASSES):
            before = root
            root = self._pass(root, firings)
            if root is before or self.exhausted:
                break
        return root, firings

    def _pass(self, root: Expr, firings: list[Firing]) -> Expr:
        """Every distinct node once, arguments first; what a rule made is looked into by the next pass."""
        stable, made = self._stable, dict[Expr, Expr]()
        order = postorder(root, known=stable)
        alone = {child for node in order if node.op is not mul for child in node.args} | {root}
        settled: set[Expr] = set()
        for node in order:
            args = tuple([made.get(child, child) for child in node.args])
            result = node if args == node.args else self.form.of(Expr(node.op, args, node.value))
            factor = result.op is power_row and node not in alone  # 1/sin(x) in a product is for the product to judge
            if not factor:
                result = self._improved(result, firings)
            if result is not node:
                made[node] = result
            elif not self.exhausted and all(child in stable or child in settled for child in args):
                settled.add(node)
                if not factor:
                    stable[node] = node
        return made.get(root, root)

    def _improved(self, node: Expr, firings: list[Firing]) -> Expr:
        """The node after the best rewrite, again and again until none makes it cheaper."""
        seen = {node}
        while (firing := self._best(node)) is not None and firing.after not in seen:
            firings.append(firing)
            node = firing.after
            seen.add(node)
        return node

    def _best(self, node: Expr) -> Firing | None:
        best: Firing | None = None
        least = 0.0
        for rule, new, bindings in self.matcher.rewrites(node):
            if self.budget <= 0:
                self.exhausted = True
                return best
            self.budget -= 1 + len(node.args) // WIDTH
            if new.op is node.op is add and len(new.args) > len(node.args) and rule.stage is Stage.SEARCH:
                continue  # hardly ever cheaper, and long sums are slow to price
            if best is None:
                least = self.cost(node)
            price = self.cost(new)
            if price < least or rule.stage is Stage.ALWAYS:
                records = None if rule.records is None else self.matcher.condition(rule.records, bindings)
                best, least = Firing(rule, node, new, records), price
                if rule.stage is Stage.ALWAYS:
                    return best
        return best
