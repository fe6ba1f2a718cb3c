"""The choice of forms that keep their digits in floating point: what is risky in a formula, and rewriting until less is.

The identities are data in identities/accuracy.py; which of two equal forms is better is decided here, by what can go wrong in it.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from symdiff.expr import NUMBER, ONE, Expr, number
from symdiff.operations import TABLE
from symdiff.operations.arithmetic import E, add, mul
from symdiff.operations.arithmetic import pow as power_row
from symdiff.simplification.canonical import HALF, Canonical, coefficient_and_rest, factors_of, terms_of
from symdiff.simplification.canonical import canonical as canonical_form
from symdiff.simplification.display import Display
from symdiff.simplification.identities import rules_of_stage
from symdiff.simplification.matching import Holds, RuleIndex
from symdiff.simplification.rewriting import Firing, Rewriting
from symdiff.simplification.rule import Stage
from symdiff.walk import fold, postorder

__all__ = ["Accuracy"]

CANCELLATION = 1.0
"""Terms of a sum that may nearly cancel after they were rounded."""
EXACT_DIFFERENCE = 0.1
"""The same where the terms are inputs, whose difference is as exact as they are."""
OVERFLOW = 0.8
"""An exponential of something that may be large."""
SQUARED = 0.3
"""The root of a sum of squares, which leave the floats before their root does."""
LOST_UNIT = 1.0
"""The logarithm of one plus something that may be small."""


class Accuracy:
    """Forms of least risk, under one canonical form and its assumptions."""

    def __init__(self, canonical: Canonical, display: Display, holds: Holds) -> None:
        self.canonical, self.display, self.holds = canonical, display, holds
        self._risk: dict[Expr, float] = {}

    def cost(self, form: Expr) -> float:
        """Risk first, then the price of reading."""
        return 1_000 * self.risk(form) + self.display.prices.of(self.display.of(form))

    def risk(self, form: Expr) -> float:
        """What may go wrong in a canonical form, every place counted where it stands."""
        return fold(form, lambda node, parts: self._risk_at(node) + sum(parts), self._risk)

    def better(self, form: Expr) -> tuple[Expr, list[Firing]]:
        """A canonical form rewritten while that lowers the cost, and the rules that did it."""
        form = self._shifted(form)
        firings: list[Firing] = []
        for rules in _rules():
            form, fired = Rewriting(rules, self.holds, self.cost, self.canonical).of(form)
            firings += fired
        return form, firings

    def _risk_at(self, node: Expr) -> float:
        signs = self.canonical.signs
        if node.op is add:
            facts = [signs.of(term) for term in node.args]
            if all(fact.nonnegative for fact in facts) or all(fact.nonpositive for fact in facts):
                return 0.0
            total = signs.of(node)
            if (total.low is not None and total.low > 0) or (total.high is not None and total.high < 0):
                return EXACT_DIFFERENCE  # what is left is no small part of the terms
            return EXACT_DIFFERENCE if all(_is_input(coefficient_and_rest(term)[1]) for term in node.args) else CANCELLATION
        if node.op is power_row and node.args[0] is E and node.args[1].op is not NUMBER:
            return 0.0 if signs.of(node.args[1]).nonpositive or _is_below_largest(node.args[1]) else OVERFLOW
        if node.op is power_row and node.args[1] is HALF and _is_sum_of_squares(node.args[0]):
            return SQUARED
        if node.op.name == "ln" and node.args[0].op is add and any(term is ONE for term in node.args[0].args):
            return LOST_UNIT
        return 0.0

    # Sums of exponentials, of any length: the largest exponent is taken out.

    def _shifted(self, root: Expr) -> Expr:
        """ln(e^a + e^b + ...) and e^a/(e^a + e^b + ...) with the largest exponent taken out, for three exponentials and more."""
        made: dict[Expr, Expr] = {}
        for node in postorder(root):
            args = tuple([made[child] for child in node.args])
            made[node] = self._without_overflow(node if args == node.args else self.canonical.of(Expr(node.op, args, node.value)))
        return made[root]

    def _without_overflow(self, node: Expr) -> Expr:
        canonical = self.canonical
        if node.op.name == "ln":
            largest = self._largest_exponent(node.args[0])
            if largest is not None:
                return canonical.sum([largest, canonical.function(TABLE["ln"], [self._scaled_down(node.args[0], largest, 1)])])
        if node.op is mul:
            for base, exponent in factors_of(node):
                largest = self._largest_exponent(base) if type(exponent.value) is int and exponent.value < 0 else None
                if largest is not None:
                    below = canonical.power(self._scaled_down(base, largest, 1), exponent)
                    rest = canonical.product([node, canonical.power(base, canonical.scaled(-1, exponent))])
                    return canonical.product([below, self._scaled_down(rest, largest, -exponent.value)])
        return node

    def _largest_exponent(self, total: Expr) -> Expr | None:
        """max(a, b, ...) for a sum of at least three exponentials with positive coefficients, one of which may be a number."""
        if total.op is not add or len(total.args) < 3:
            return None
        exponents = list(self._exponents(total))
        if len(exponents) != len(total.args) or any(e.op.name == "max" for e in exponents):
            return None
        return self.canonical.function(TABLE["max"], exponents)

    @staticmethod
    def _exponents(total: Expr) -> Iterator[Expr]:
        for term in terms_of(total):
            coefficient, rest = coefficient_and_rest(term)
            if coefficient > 0 and rest is ONE:
                yield number(0)
            elif coefficient > 0 and rest.op is power_row and rest.args[0] is E:
                yield rest.args[1]

    def _scaled_down(self, total: Expr, largest: Expr, times: int) -> Expr:
        """A sum or product times e^(-times*largest), taken into its exponentials."""
        down = self.canonical.power(E, self.canonical.scaled(-times, largest))
        return self.canonical.sum([self.canonical.product([term, down]) for term in terms_of(total)])


def _is_sum_of_squares(node: Expr) -> bool:
    squares = [exponent.value == 2 for term in terms_of(node) for _, exponent in factors_of(coefficient_and_rest(term)[1])]
    return node.op is add and len(node.args) == 2 and any(squares)


def _is_input(node: Expr) -> bool:
    """A symbol or number, or one chosen among some."""
    return not node.args or (node.op.name in ("abs", "max", "min") and all(not child.args for child in node.args))


def _is_below_largest(exponent: Expr) -> bool:
    """a - max(a, b, ...)."""
    largest = [term.args[1] for term in terms_of(exponent) if term.op is mul and term.args[0].value == -1 and term.args[1].op.name == "max"]
    if len(largest) != 1:
        return False
    rest = [term for term in terms_of(exponent) if term.op is not mul or term.args[1] is not largest[0]]
    return not rest or any(set(rest) == set(terms_of(argument)) for argument in largest[0].args)


@cache
def _rules() -> tuple[RuleIndex, RuleIndex]:
    """Differences first, as wholes: what is rewritten inside them may hide that they are one; then all."""
    rules = rules_of_stage(Stage.ACCURACY)
    differences = [rule for rule in rules if canonical_form(rule.left).op is add and rule.name != "difference of squares as factors"]
    return RuleIndex(differences), RuleIndex(rules)
