"""Where rules fit canonical expressions: a part of a sum, of a product or of a max, or a whole function; and what they make of it.

The search for a rule's place is bounded and its order depends on nothing but the expression.  Which rewrites to keep is rewriting.py's.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from symdiff.expr import NUMBER, ONE, SYMBOL, ZERO, Expr, Real, number
from symdiff.numbers import Exact
from symdiff.operations.arithmetic import E, add, mul
from symdiff.operations.arithmetic import pow as power_row
from symdiff.simplification.canonical import Canonical, canonical, coefficient_and_rest, factors_of, terms_of
from symdiff.simplification.patterns import EXTREMES, Bindings, Factor, Rest, Unifier, by_specificity, exact_ratio, is_bare
from symdiff.simplification.rule import Rule

__all__ = ["Matcher", "Pattern", "RuleIndex", "rewrites"]

ATTEMPTS = 600
"""Sub-patterns tried for one rule at one node; what would take more is not found."""
PLACES = 40
"""Terms of one sum in which one rule's leading term is tried."""
MULTIPLICITY = 12
"""How often a rule's product is taken out of one product at once."""

Holds = Callable[[Expr], bool]


@dataclass(frozen=True, slots=True, eq=False)
class Pattern:
    """A rule made ready: the canonical left side, its parts in the order of matching, and the heads its place must have."""

    rule: Rule
    left: Expr
    coefficient: Fraction
    core: Expr
    factors: tuple[Factor, ...]
    terms: tuple[Expr, ...]
    heads: frozenset[str]
    anchor_heads: frozenset[str]
    place: int
    kind: str
    """'sum', 'product' or 'function': the kind of node it is looked for in."""


class RuleIndex:
    """Rules by the heads of their left sides, so that a node meets only those that could fit it.

    >>> from symdiff.simplification.identities import rules_of_stage
    >>> from symdiff.simplification.rule import Stage
    >>> len(RuleIndex(rules_of_stage(Stage.SEARCH)).patterns) > 100
    True
    """

    def __init__(self, rules: Iterable[Rule]) -> None:
        self.patterns = tuple(pattern for place, rule in enumerate(rules) for pattern in _compiled(rule, place))
        self._by_kind: dict[str, dict[str, list[Pattern]]] = {}
        for pattern in self.patterns:
            heads = sorted(pattern.heads, key=lambda head: (head in ("exp", "root", "sum"), head)) or [""]
            self._by_kind.setdefault(pattern.kind, {}).setdefault(heads[0], []).append(pattern)

    def candidates(self, kind: str, heads: frozenset[str]) -> list[Pattern]:
        """The patterns that could fit a node of that kind with those heads, in the order of the rules."""
        groups = self._by_kind.get(kind, {})
        found = [pattern for head in (*heads, "") for pattern in groups.get(head, ()) if pattern.heads <= heads]
        return sorted(found, key=lambda pattern: pattern.place)


def _compiled(rule: Rule, place: int) -> Iterator[Pattern]:
    """A rule as a pattern; as two where the left side is a number times a function, found alone and as a factor of a product."""
    left = canonical(rule.left)
    front, core = coefficient_and_rest(left)
    kind = _kind(core)
    if kind == "sum":
        terms = by_specificity(left.args)
        each = [frozenset() if _is_free_power(term) else _heads_of_product(term, pattern=True) for term in terms]
        anchor, heads = each[0], _heads_of_sum(each)
        yield Pattern(rule, left, Fraction(1), left, (), tuple(terms), heads, anchor, place, kind)
        return
    if kind == "function":
        heads = _heads_of_function(core)
        yield Pattern(rule, left, Fraction(front), core, (), (), heads, heads, place, kind)
    if kind == "product" or front != 1:
        heads = _heads_of_product(core, pattern=True)
        yield Pattern(rule, left, Fraction(front), core, _factors_in_order(core), (), heads, heads, place, "product")


def _kind(node: Expr) -> str:
    if node.op is add:
        return "sum"
    return "product" if node.op is mul or node.op is power_row else "function"


def _factors_in_order(core: Expr) -> tuple[Factor, ...]:
    pairs = {(base if exponent is ONE else Expr(power_row, (base, exponent))): (base, exponent) for base, exponent in factors_of(core)}
    return tuple(pairs[part] for part in by_specificity(list(pairs)))


def _heads_of_function(node: Expr) -> frozenset[str]:
    """The function's name, and behind a parenthesis what its only argument looks like: sin(2*atan(x)) has sin and (atan."""
    heads = {node.op.name}
    if len(node.args) == 1:
        argument = node.args[0]
        if argument.op is add:
            heads.add("(sum")
        for part in terms_of(argument):
            heads.update("(" + head for head in _heads_of_factors(part))
    return frozenset(heads)


def _heads_of_product(node: Expr, pattern: bool = False) -> frozenset[str]:
    """What a product's factors look like from outside.

    Function names, number, exp, raised for an exponent other than 1, root for a fractional one, sum; behind a plus what the terms of its
    sums look like and how many they are, and behind a hat what its other exponents do: (1 + e^x)*2^log2(y) has sum, +number, +exp, +2,
    number, raised and ^log2.
    """
    heads = _heads_of_factors(node)
    raised = 0
    for base, exponent in factors_of(node):
        if base.op is add:
            inner = [_heads_of_term(term, pattern) for term in base.args]
            heads.update("+" + head for head in _heads_of_sum(inner))
            if not (pattern and any(is_bare(term) for term in base.args)):  # a bare wildcard takes several terms
                heads.add(f"+{len(base.args)}")
        if exponent.op is add:
            heads.add("^sum")
        elif exponent.args:
            heads.update("^" + head for head in _heads_of_factors(exponent))
        raised += exponent is not ONE and base is not E
    if raised > 1:
        heads.update(f"raised {count}" for count in range(2, raised + 1))
    return frozenset(heads)


def _heads_of_term(term: Expr, pattern: bool) -> frozenset[str]:
    """The same of a term in a sum, a level further inside."""
    if pattern and _is_free_power(term):
        return frozenset()
    return frozenset(_heads_of_factors(term) or ("number",) * (term.op is NUMBER))


def _is_free_power(term: Expr) -> bool:
    """A number times a power of a wildcard, such as a^2: it is found in numbers too, as 4 is 2^2."""
    factors = factors_of(coefficient_and_rest(term)[1])
    return len(factors) == 1 and factors[0][0].op is SYMBOL and type(factors[0][1].value) is int


def _heads_of_factors(node: Expr) -> set[str]:
    heads = set()
    for base, exponent in factors_of(node):
        if base is E:
            heads.add("exp")
        elif base.op is add:
            heads.add("sum")
        elif base.op is not SYMBOL:
            heads.add(base.op.name)
        if exponent is not ONE and base is not E:
            heads.add("raised")
        if isinstance(exponent.value, Fraction):
            heads.add("root")
    return heads


def _heads_of_sum(terms: Iterable[frozenset[str]]) -> frozenset[str]:
    """All that the terms have, and with a number what two, three, ... of them have: sin, sin 2."""
    count = Counter(head for term in terms for head in term)
    return frozenset(head if k == 1 else f"{head} {k}" for head, times in count.items() for k in range(1, times + 1))


def rewrites(node: Expr, index: RuleIndex, holds: Holds, form: Canonical | None = None) -> Iterator[tuple[Rule, Expr, Bindings]]:
    """Every rewrite of a canonical node by a rule of the index: the rule, the new canonical node, and what its wildcards are.

    holds: whether a condition is proved.  form: the canonical form, with its assumptions; by default without any.

    >>> from symdiff import parse
    >>> from symdiff.simplification.identities import rules_of_stage
    >>> from symdiff.simplification.rule import Stage
    >>> found = rewrites(canonical(parse("3*sin(x)^2 + 3*cos(x)^2 + z")), RuleIndex(rules_of_stage(Stage.SEARCH)), lambda condition: False)
    >>> [str(new) for rule, new, _ in found if rule.name == "Pythagoras"]
    ['3 + z']
    """
    return Matcher(index, holds, form or Canonical()).rewrites(node)


class Matcher:
    """Rewrites under one canonical form and one prover."""

    def __init__(self, index: RuleIndex, holds: Holds, form: Canonical) -> None:
        self.index, self.holds, self.form = index, holds, form
        self.unifier = Unifier(form)

    def rewrites(self, node: Expr) -> Iterator[tuple[Rule, Expr, Bindings]]:
        """As the function of that name."""
        if not node.args:
            return
        kind = _kind(node)
        if kind == "sum":
            places = [_heads_of_product(term) for term in node.args]
            heads = _heads_of_sum(places)
        else:
            places = []
            heads = _heads_of_product(node) if kind == "product" else _heads_of_function(node)
        for pattern in self.index.candidates(kind, heads):
            self.unifier.attempts = ATTEMPTS
            found = {"sum": self._in_sum, "product": self._in_product, "function": self._in_function}[kind](pattern, node, places)
            seen = {node}
            for new, bindings in found:
                if new not in seen:
                    seen.add(new)
                    yield pattern.rule, new, bindings

    def condition(self, relation: Expr, bindings: Bindings) -> Expr:
        """A rule's condition at its place."""
        return self.unifier.instance(relation, bindings)

    def _right(self, rule: Rule, bindings: Bindings) -> Expr | None:
        """The right side at its place, if what the rule needs is proved there."""
        if rule.needs is not None and not self.holds(self.condition(rule.needs, bindings)):
            return None
        return self.unifier.instance(rule.right, bindings)

    # Functions

    def _in_function(self, pattern: Pattern, node: Expr, _: object) -> Iterator[tuple[Expr, Bindings]]:
        for bindings, sign, others in self._function_matches(pattern.core, node):
            right = self._right(pattern.rule, bindings)
            if right is not None:
                made = self.form.scaled(sign / pattern.coefficient, right)
                yield (self.form.function(node.op, [made, *others]) if others else made), bindings

    def _function_matches(self, core: Expr, node: Expr) -> Iterator[tuple[Bindings, int, tuple[Expr, ...]]]:
        if core.op in EXTREMES:
            yield from self._extreme_matches(core.args, node.args, {}, ())
            return
        for bindings in self.unifier.whole(core, node, {}):
            yield bindings, 1, ()
        if core.op.parity == "odd" and core.args[0].op is add:
            for bindings in self.unifier.whole(core.args[0], self.form.scaled(-1, node.args[0]), {}):
                yield bindings, -1, ()

    def _extreme_matches(self, patterns: Sequence[Expr], nodes: Sequence[Expr], bindings: Bindings, passed: tuple[Expr, ...],
                         ) -> Iterator[tuple[Bindings, int, tuple[Expr, ...]]]:
        """max(a, b) in max(x, y, z): the arguments it takes, and those it leaves."""
        if not patterns:
            yield bindings, 1, tuple(nodes)
            return
        for place, node in enumerate(nodes):
            for found in self.unifier.whole(patterns[0], node, bindings):
                yield from self._extreme_matches(patterns[1:], (*nodes[:place], *nodes[place + 1:]), found, passed)

    # Products

    def _in_product(self, pattern: Pattern, node: Expr, _: object) -> Iterator[tuple[Expr, Bindings]]:
        """left^k times the rest becomes right^k times the rest, for the largest k and for 1."""
        front, core = coefficient_and_rest(node)
        if isinstance(front, float):
            return
        ratio = exact_ratio(front, pattern.coefficient)
        for bindings, rest, left_ratio in self.unifier.consumed(pattern.factors, dict(factors_of(core)), ratio, {}):
            right = self._right(pattern.rule, bindings)
            if right is None:
                continue
            if rest:
                count, remaining, smaller = self._taken_out(pattern, bindings, rest, left_ratio)
                if count > 1:
                    yield self._product_with(right, count, remaining, smaller), bindings
            yield self._product_with(right, 1, rest, left_ratio), bindings

    def _taken_out(self, pattern: Pattern, bindings: Bindings, rest: Rest, ratio: Exact) -> tuple[int, Rest, Exact]:
        """How often the left side is in the product, having been taken out once."""
        taken = self.unifier.instance(pattern.left, bindings)
        for count in range(1, MULTIPLICITY):
            left = self.unifier.divided(rest, ratio, taken)
            if left is None or len(left[0]) > len(rest) or not self._shorter(left[0], rest):
                return count, rest, ratio
            rest, ratio = left
        return MULTIPLICITY, rest, ratio

    @staticmethod
    def _shorter(left: Mapping[Expr, Expr], rest: Mapping[Expr, Expr]) -> bool:
        """An exponential can be taken out for ever; only what makes a power smaller counts."""
        return any(base is not E and left.get(base) is not exponent for base, exponent in rest.items())

    def _product_with(self, right: Expr, count: int, rest: Rest, ratio: Exact) -> Expr:
        power = right if count == 1 else self.form.power(right, number(count))
        return self.form.product([number(ratio), power, *[self.form.power(base, exponent) for base, exponent in rest.items()]])

    # Sums

    def _in_sum(self, pattern: Pattern, node: Expr, places: Sequence[frozenset[str]]) -> Iterator[tuple[Expr, Bindings]]:
        """scale * left plus the rest becomes scale * right plus the rest; the scale is what the leading term leaves of a term."""
        leading, *others = pattern.terms
        front, core = coefficient_and_rest(leading)
        factors = _factors_in_order(core)
        places_left, present = PLACES, _parts(node)
        for term, heads in zip(node.args, places):
            if not pattern.anchor_heads <= heads:
                continue
            places_left -= 1
            if places_left < 0:
                return
            coefficient, rest_of_term = coefficient_and_rest(term)
            if isinstance(coefficient, float):
                continue
            found = self.unifier.consumed(factors, dict(factors_of(rest_of_term)), exact_ratio(coefficient, front), {})
            for bindings, scale, ratio in found:
                place = _Place(node, present, scale, ratio)
                for settled in self._settled(place, others, (term,), bindings):
                    yield from self._replaced(pattern, place, settled)

    def _replaced(self, pattern: Pattern, place: _Place, bindings: Bindings) -> Iterator[tuple[Expr, Bindings]]:
        """The sum with the pattern's terms replaced: as often as the leading term has it, and as often as each other term has it."""
        left = self._scaled(self.unifier.instance(pattern.left, bindings), place)
        needed = _parts(left)
        if any(rest not in place.present for rest in needed):
            return
        right = self._right(pattern.rule, bindings)
        if right is None:
            return
        change = self.form.sum([self._scaled(right, place), self.form.scaled(-1, left)])
        amounts = [Fraction(place.present[rest]) / Fraction(amount) for rest, amount in needed.items()]
        for factor in dict.fromkeys([Fraction(1), *amounts]):
            yield self.form.sum([place.node, self.form.scaled(factor, change)]), bindings

    def _scaled(self, side: Expr, place: _Place) -> Expr:
        """The side times the scale, term by term, so that it meets the terms of the sum it came from."""
        factors = [self.form.power(base, exponent) for base, exponent in place.factors.items()]
        return self.form.sum([self.form.product([number(place.ratio), term, *factors]) for term in terms_of(side)])

    def _settled(self, place: _Place, others: Sequence[Expr], used: tuple[Expr, ...], bindings: Bindings) -> Iterator[Bindings]:
        """Bindings of the wildcards that only the other terms of the pattern hold."""
        loose = [pattern for pattern in others if not self.unifier.knows(pattern, bindings)]
        if not loose:
            yield bindings
            return
        for term in place.node.args[:PLACES]:
            if term in used:
                continue
            front, core = coefficient_and_rest(term)
            if isinstance(front, float):
                continue
            rest = self._without(dict(factors_of(core)), place.factors)
            if rest is None:
                continue
            for found in self.unifier.whole(loose[0], self.unifier.joined(exact_ratio(front, place.ratio), rest), bindings):
                yield from self._settled(place, loose[1:], (*used, term), found)

    def _without(self, rest: Rest, factors: Mapping[Expr, Expr]) -> Rest | None:
        for base, exponent in factors.items():
            left = self.unifier.divided(rest, Fraction(1), self.form.power(base, exponent))
            if left is None:
                return None
            rest = left[0]
        return rest


@dataclass(frozen=True, slots=True)
class _Place:
    """A sum, its terms as {rest: coefficient}, and what a sum pattern is multiplied by there: factors and a number."""

    node: Expr
    present: Mapping[Expr, Real]
    factors: Rest
    ratio: Exact


def _parts(node: Expr) -> dict[Expr, Real]:
    """The exact terms of a canonical sum as {rest: coefficient}."""
    pairs = () if node is ZERO else map(coefficient_and_rest, terms_of(node))
    return {rest: coefficient for coefficient, rest in pairs if not isinstance(coefficient, float)}


