"""Matching of a pattern against a whole canonical node: wildcards bind, sums and products match in any order.

What matches a part of a sum or product, and what a match becomes, is in matching.py.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from functools import cache, lru_cache
from typing import TypeAlias

from symdiff import numbers
from symdiff.expr import NUMBER, ONE, SYMBOL, ZERO, Expr, Real, number
from symdiff.numbers import Exact
from symdiff.operations import TABLE
from symdiff.operations.arithmetic import E, add, mul
from symdiff.operations.arithmetic import pow as power_row
from symdiff.simplification.canonical import Canonical, coefficient_and_rest, factors_of, terms_of
from symdiff.walk import free_symbols, postorder, substitute, tree_size

__all__ = ["Bindings", "Unifier", "by_specificity", "is_bare", "wildcards"]

Bindings: TypeAlias = Mapping[Expr, Expr]
Factor: TypeAlias = tuple[Expr, Expr]
Rest: TypeAlias = dict[Expr, Expr]
"""Factors still to be matched, as {base: exponent}."""

SPLIT_TERMS = 5
"""Terms of the longest sum that a pattern a + b, of two unknown wildcards, is tried on."""
EXTREMES = (TABLE["max"], TABLE["min"])


@cache
def wildcards(pattern: Expr) -> frozenset[Expr]:
    return frozenset(free_symbols(pattern))


def is_bare(pattern: Expr) -> bool:
    """A wildcard with at most a number in front: it would match anything."""
    return coefficient_and_rest(pattern)[1].op is SYMBOL


def by_specificity(parts: Sequence[Expr]) -> list[Expr]:
    """Parts in the order to match them in: what binds most from the least formula first, bare wildcards last."""
    return sorted(parts, key=_specificity)


@lru_cache(maxsize=1 << 13)
def _specificity(part: Expr) -> tuple[bool, int, bool, int, str]:
    return is_bare(part), -len(wildcards(part)), _has_sum(part), tree_size(part), str(part)


def _has_sum(part: Expr) -> bool:
    """A sum inside: a + 1 is found in x + 1 and missed in x + 2, so other parts bind first."""
    return any(node.op is add for node in postorder(part))


class Unifier:
    """Matches patterns under one canonical form; `attempts` bounds the work of all its matches together."""

    def __init__(self, form: Canonical) -> None:
        self.form = form
        self.attempts = 0

    def instance(self, pattern: Expr, bindings: Bindings) -> Expr:
        """The pattern with its wildcards replaced, in canonical form."""
        return self.form.of(substitute(pattern, bindings))

    @staticmethod
    def knows(pattern: Expr, bindings: Bindings) -> bool:
        return wildcards(pattern) <= bindings.keys()

    def whole(self, pattern: Expr, node: Expr, bindings: Bindings) -> Iterator[Bindings]:
        """Every way in which the pattern is the node."""
        self.attempts -= 1
        if self.attempts < 0:
            return
        op = pattern.op
        if op is SYMBOL:
            if bindings.get(pattern, node) is node:
                yield {**bindings, pattern: node}
        elif self.knows(pattern, bindings):
            if self.instance(pattern, bindings) is node:
                yield bindings
        elif op is add:
            if node.op is add:
                yield from self._terms(by_specificity(pattern.args), node.args, bindings)
        elif op is mul or op is power_row:
            yield from self._product(pattern, node, bindings)
        elif op is node.op and len(pattern.args) == len(node.args):
            yield from self._arguments(pattern, node, bindings)

    def _arguments(self, pattern: Expr, node: Expr, bindings: Bindings) -> Iterator[Bindings]:
        if pattern.op in EXTREMES:
            yield from self.in_any_order(pattern.args, node.args, bindings, exact=True)
            return
        yield from self._in_order(pattern.args, node.args, bindings)
        if pattern.op.parity == "even" and pattern.args[0].op is add:
            yield from self.whole(pattern.args[0], self.form.scaled(-1, node.args[0]), bindings)

    def _in_order(self, patterns: Sequence[Expr], nodes: Sequence[Expr], bindings: Bindings) -> Iterator[Bindings]:
        if not patterns:
            yield bindings
            return
        for found in self.whole(patterns[0], nodes[0], bindings):
            yield from self._in_order(patterns[1:], nodes[1:], found)

    def in_any_order(self, patterns: Sequence[Expr], nodes: Sequence[Expr], bindings: Bindings, exact: bool) -> Iterator[Bindings]:
        """Each pattern is another node; exact: no node is left over."""
        if not patterns:
            if not (exact and nodes):
                yield bindings
            return
        for place, node in enumerate(nodes):
            for found in self.whole(patterns[0], node, bindings):
                yield from self.in_any_order(patterns[1:], (*nodes[:place], *nodes[place + 1:]), found, exact)

    # Sums

    def _terms(self, patterns: Sequence[Expr], terms: Sequence[Expr], bindings: Bindings) -> Iterator[Bindings]:
        """Each pattern is a term of its own; the last bare wildcard takes all that is left."""
        if not patterns or not terms:
            if not patterns and not terms:
                yield bindings
            return
        self.attempts -= 1
        if self.attempts < 0:
            return
        pattern, later = patterns[0], patterns[1:]
        if self.knows(pattern, bindings):
            taken = self.instance(pattern, bindings)
            left = self.form.sum([*terms, self.form.scaled(-1, taken)])
            remaining = () if left is ZERO else terms_of(left)
            if len(remaining) == len(terms) - len(terms_of(taken)):
                yield from self._terms(later, remaining, bindings)
        elif is_bare(pattern) and not later:
            yield from self._bound(pattern, self.form.sum(terms), bindings)
        elif not is_bare(pattern) or len(terms) <= SPLIT_TERMS:
            for place, term in enumerate(terms):
                matches = self._bound(pattern, term, bindings) if is_bare(pattern) else self.whole(pattern, term, bindings)
                for found in matches:
                    yield from self._terms(later, (*terms[:place], *terms[place + 1:]), found)

    def _bound(self, pattern: Expr, node: Expr, bindings: Bindings) -> Iterator[Bindings]:
        """A bare wildcard bound to the node over its number."""
        coefficient, wildcard = coefficient_and_rest(pattern)
        value = self.form.scaled(exact_ratio(1, coefficient), node)
        if bindings.get(wildcard, value) is value:
            yield {**bindings, wildcard: value}

    # Products

    def _product(self, pattern: Expr, node: Expr, bindings: Bindings) -> Iterator[Bindings]:
        if is_bare(pattern):
            yield from self._bound(pattern, node, bindings)
            return
        coefficient, core = coefficient_and_rest(pattern)
        factors = factors_of(core)
        (base, exponent), *others = factors
        if not others and base.op is SYMBOL and isinstance(exponent.value, int):
            reduced = self.form.scaled(exact_ratio(1, coefficient), node)
            for root in self._roots(reduced, exponent.value):
                if bindings.get(base, root) is root:
                    yield {**bindings, base: root}
            return
        front, rest = coefficient_and_rest(node)
        if isinstance(front, float):
            return
        yield from self._consumed_whole(factors, dict(factors_of(rest)), exact_ratio(front, coefficient), bindings)

    def _consumed_whole(self, factors: Sequence[Factor], rest: Rest, ratio: Exact, bindings: Bindings) -> Iterator[Bindings]:
        named = [factor for factor in factors if factor[1] is not ONE or factor[0].op is not SYMBOL]
        bare = [base for base, exponent in factors if exponent is ONE and base.op is SYMBOL]
        for found, left, remaining in self.consumed(named, rest, ratio, bindings):
            yield from self._shared_out(bare, left, remaining, found)

    def _shared_out(self, bare: Sequence[Expr], rest: Rest, ratio: Exact, bindings: Bindings) -> Iterator[Bindings]:
        """Bare wildcards take what is left of a product: known ones their value, the first unknown a factor, the last the rest."""
        if not bare:
            if not rest and ratio == 1:
                yield bindings
            return
        known = [wildcard for wildcard in bare if wildcard in bindings]
        if known:
            left = self.divided(rest, ratio, bindings[known[0]])
            if left is not None:
                yield from self._shared_out([w for w in bare if w is not known[0]], *left, bindings)
        elif len(bare) == 1:
            yield {**bindings, bare[0]: self.joined(ratio, rest)}
        else:
            for base, exponent in rest.items():
                one = self.form.power(base, exponent)
                left_over = {other: e for other, e in rest.items() if other is not base}
                yield from self._shared_out(bare[1:], left_over, ratio, {**bindings, bare[0]: one})

    def consumed(self, factors: Sequence[Factor], rest: Rest, ratio: Exact, bindings: Bindings,
                 ) -> Iterator[tuple[Bindings, Rest, Exact]]:
        """Every way to take the pattern factors out of a product, with the factors and the number that stay."""
        self.attempts -= 1
        if self.attempts < 0:
            return
        if not factors:
            yield bindings, rest, ratio
            return
        (base, exponent), later = factors[0], factors[1:]
        if self.knows(base, bindings) and self.knows(exponent, bindings):
            value = self.form.power(self.instance(base, bindings), self.instance(exponent, bindings))
            left = self.divided(rest, ratio, value)
            if left is not None:
                yield from self.consumed(later, *left, bindings)
            return
        for other, other_exponent in rest.items():
            for found, sign, remaining in self._factor(base, exponent, other, other_exponent, bindings):
                smaller = {b: e for b, e in rest.items() if b is not other}
                if remaining is not ZERO:
                    smaller[other] = remaining
                yield from self.consumed(later, smaller, ratio * sign, found)

    def _factor(self, base: Expr, exponent: Expr, other: Expr, other_exponent: Expr, bindings: Bindings,
                ) -> Iterator[tuple[Bindings, int, Expr]]:
        """One pattern factor in one factor: the bindings, a sign, and the exponent that stays."""
        if base is E or other is E:
            if base is other:
                for found in self.whole(exponent, other_exponent, bindings):
                    yield found, 1, ZERO
        elif exponent.op is NUMBER:
            remaining = left_exponent(other_exponent, exponent)
            if remaining is None:
                return
            for found in self.whole(base, other, bindings):
                yield found, 1, remaining
            if base.op is add and isinstance(exponent.value, int):  # the canonical form turns the sign of such a sum as it likes
                for found in self.whole(base, self.form.scaled(-1, other), bindings):
                    yield found, -1 if exponent.value % 2 else 1, remaining
        elif other_exponent is not ONE:
            for found in self.whole(base, other, bindings):
                for settled in self.whole(exponent, other_exponent, found):
                    yield settled, 1, ZERO

    def divided(self, rest: Rest, ratio: Exact, value: Expr) -> tuple[Rest, Exact] | None:
        """A product without one factor `value`; None where that would leave a pole or is no part of it."""
        if value.op is add:
            content, value = self.form.content(value)
            if value not in rest:
                content, value = -content, self.form.scaled(-1, value)
            front: Real = content
            core = value
        else:
            front, core = coefficient_and_rest(value)
        if isinstance(front, float) or front == 0:
            return None
        left = dict(rest)
        for base, exponent in [] if core is ONE else factors_of(core):
            if base not in left:
                return None
            remaining = self.form.sum([left[base], self.form.scaled(-1, exponent)]) if base is E else left_exponent(left[base], exponent)
            if remaining is None:
                return None
            left[base] = remaining
        return {base: exponent for base, exponent in left.items() if exponent is not ZERO}, exact_ratio(ratio, front)

    def joined(self, ratio: Exact, rest: Rest) -> Expr:
        return self.form.product([number(ratio), *[self.form.power(base, exponent) for base, exponent in rest.items()]])

    def _roots(self, node: Expr, degree: int) -> Iterator[Expr]:
        """Values w with w^degree = node wherever the node is defined: of x^4 for degree 2 these are x^2 and -x^2."""
        front, core = coefficient_and_rest(node)
        if isinstance(front, float) or front == 0:
            return
        magnitude = numbers.exact_root(abs(Fraction(front)), abs(degree))
        if magnitude is None or (front < 0 and degree % 2 == 0):
            return
        exponents: Rest = {}
        for base, exponent in [] if core is ONE else factors_of(core):
            part = self.form.scaled(Fraction(1, degree), exponent)
            if base is not E and not (part.op is NUMBER and part.value > 0
                                      and isinstance(part.value, int) == isinstance(exponent.value, int)):
                return
            exponents[base] = part
        signed = Fraction(magnitude) if degree > 0 else 1 / Fraction(magnitude)
        root = self.joined(-signed if front < 0 else signed, exponents)
        yield root
        if degree % 2 == 0:
            yield self.form.scaled(-1, root)


def exact_ratio(top: Exact, bottom: Real) -> Exact:
    """top/bottom, both exact."""
    return top if bottom == 1 else Fraction(top) / Fraction(bottom)


def left_exponent(whole: Expr, part: Expr) -> Expr | None:
    """What stays of a power when another of the same base is taken out of it; None where that is not sound over the reals.

    x^3 holds x^2 and leaves x; x^-1 does not hold x, which would leave x^-2; x does not hold x^(1/2), which has no value below 0.
    """
    if whole is part:
        return ZERO
    if whole.op is not NUMBER or part.op is not NUMBER:
        return None
    if isinstance(whole.value, float) or isinstance(part.value, float):
        return None
    if whole.value * part.value < 0 or abs(whole.value) < abs(part.value):
        return None
    if isinstance(whole.value, int) and not isinstance(part.value, int):
        return None
    return number(whole.value - part.value)
