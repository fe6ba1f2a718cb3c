"""Multiplying out: products and whole powers of canonical sums as sums, term by term, within a limit on the terms formed."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from math import comb

from symdiff import limits
from symdiff.expr import ONE, Expr, number
from symdiff.operations.arithmetic import add, mul
from symdiff.operations.arithmetic import pow as power_row
from symdiff.simplification.canonical import Canonical, coefficient_and_rest, factors_of, terms_of
from symdiff.walk import postorder

__all__ = ["Expansion", "over_arithmetic"]


def over_arithmetic(root: Expr, rule: Callable[[Expr], Expr], canonical: Canonical) -> Expr:
    """`rule` applied to the sums, products and whole powers that make up the outside of a canonical formula, from the inside out."""
    inside: set[Expr] = set()
    stack = [root]
    while stack:
        node = stack.pop()
        if node not in inside and (node.op is add or node.op is mul or (node.op is power_row and type(node.args[1].value) is int)):
            inside.add(node)
            stack += node.args
    made: dict[Expr, Expr] = {}
    for node in postorder(root):
        if node in inside:
            args = tuple([made.get(child, child) for child in node.args])
            made[node] = rule(node if args == node.args else canonical.of(Expr(node.op, args)))
    return made.get(root, root)


class Expansion:
    """Expanded forms of canonical nodes; all calls together form at most `limits.expanded_terms` terms, further powers stay whole."""

    def __init__(self, canonical: Canonical) -> None:
        self.canonical = canonical
        self.left = limits.expanded_terms

    def of(self, root: Expr) -> Expr:
        """Every product and power below the root multiplied out, those inside functions too."""
        made: dict[Expr, Expr] = {}
        for node in postorder(root):
            args = tuple([made[child] for child in node.args])
            made[node] = self._multiplied_out(node if args == node.args else self.canonical.of(Expr(node.op, args, node.value)))
        return made[root]

    def of_top(self, root: Expr) -> Expr:
        """The arithmetic outside of functions multiplied out."""
        return over_arithmetic(root, self._multiplied_out, self.canonical)

    def _multiplied_out(self, node: Expr) -> Expr:
        pending, done = [*terms_of(node)], []
        while pending:
            term = pending.pop()
            result = self._term(term) if term.op is mul or term.op is power_row else term
            if result is term or result.op is not add:
                done.append(result)
            else:
                pending += result.args  # roots that met in a product may have become sums again
        return self.canonical.sum(done)

    def _term(self, term: Expr) -> Expr:
        coefficient, rest = coefficient_and_rest(term)
        above: list[tuple[Expr, int]] = []
        below: list[tuple[Expr, int]] = []
        others = [number(coefficient)]
        for base, exponent in [] if rest is ONE else factors_of(rest):
            if base.op is add and type(exponent.value) is int:
                (above if exponent.value > 0 else below).append((base, abs(exponent.value)))
            else:
                others.append(self.canonical.power(base, exponent))
        if not above and (len(below) < 2 and not any(n > 1 for _, n in below)):
            return term
        bottom = self.canonical.power(self._product(below), number(-1))
        top = [self.canonical.product([*others, bottom, part]) for part in terms_of(self._product(above))]
        return self.canonical.sum(top)

    def _product(self, sums: list[tuple[Expr, int]]) -> Expr:
        """A product of powers of sums as one sum, but for those that would go over the limit."""
        result: Expr = ONE
        kept: list[Expr] = []
        for base, n in sums:
            power = self._power(base, n)
            product = None if power is None else self._times(result, power)
            if product is None:
                kept.append(self.canonical.power(base, number(n)))
            else:
                result = product
        return self.canonical.product([result, *kept]) if kept else result

    def _times(self, a: Expr, b: Expr) -> Expr | None:
        left, right = terms_of(a), terms_of(b)
        if not self._afford(len(left) * len(right)):
            return None
        return self.canonical.sum([self.canonical.product([s, t]) for s in left for t in right])

    def _power(self, base: Expr, n: int) -> Expr | None:
        if n == 1:
            return base
        if n > self.left:
            return None  # it has more than n terms
        if self._afford(comb(n + len(base.args) - 1, n)):
            return self._by_multinomials(base.args, n)
        result: Expr | None = base
        for _ in range(n - 1):
            result = None if result is None else self._times(result, base)
        return result

    def _by_multinomials(self, terms: tuple[Expr, ...], n: int) -> Expr:
        canonical = self.canonical
        partial: list[tuple[int, int, list[Expr]]] = [(n, 1, [])]  # what is left of n, the coefficient, the powers chosen
        for term, _ in pairwise(terms):
            powers = [canonical.power(term, number(k)) for k in range(n + 1)]
            partial = [(left - k, count * comb(left, k), [*chosen, powers[k]]) for left, count, chosen in partial for k in range(left + 1)]
        powers = [canonical.power(terms[-1], number(k)) for k in range(n + 1)]
        return canonical.sum([canonical.product([number(count), *chosen, powers[left]]) for left, count, chosen in partial])

    def _afford(self, count: int) -> bool:
        if count > self.left:
            return False
        self.left -= count
        return True
