"""Where an expression is defined, as a set of conditions on its parts; and which of them a simplification has lost.

The conditions are those the rows declare, brought to a form in which equal ones meet: u != 0, u > 0 or u >= 0 for canonical u.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction

from symdiff.errors import UsageError
from symdiff.evaluator import Evaluator
from symdiff.expr import NUMBER, ONE, SYMBOL, Expr, number
from symdiff.operations import TABLE
from symdiff.operations.arithmetic import E, add, mul
from symdiff.operations.arithmetic import pow as power_row
from symdiff.operations.piecewise import undefined
from symdiff.simplification.canonical import Canonical, coefficient_and_rest, factors_of, terms_of
from symdiff.simplification.display import Display
from symdiff.simplification.factoring import factor
from symdiff.simplification.polynomials import TooLarge
from symdiff.simplification.rational import Rational
from symdiff.simplification.ring import NotPolynomial, Ring
from symdiff.simplification.signs import Assumptions, Fact, Signs
from symdiff.simplification.vocabulary import VOCABULARIES, rewritten
from symdiff.walk import fold, postorder, spread, unnested

__all__ = ["Domain", "lost_conditions"]

MAX_FACTORED = 12
"""Terms of a sum whose factors are looked for, so that each factor's zeros become a condition of its own."""
MAX_COMPARED = 60
"""Conditions that are compared pair by pair, to leave out those that others imply."""
MAX_RELATION = 100
"""Parts of a relation as written out, beyond which it is not taken apart."""
SURELY = 1e-9
"""A constant so far from 0 in floats, beside the numbers it is made of, is not 0: 2 - sqrt(2)."""
FLIPPED = {"gt": "lt", "ge": "le"}

Condition = tuple[str, Expr]  # ("ne" | "gt" | "ge", u): u != 0, u > 0, u >= 0; ("other", relation) for any other shape


class Domain:
    """Reads the conditions of expressions, with one memory of canonical forms."""

    def __init__(self, canonical: Canonical, rational: Rational, display: Display) -> None:
        self.canonical, self.rational, self.display = canonical, rational, display
        self._known: dict[Expr, dict[Condition, None]] = {}
        self._sizes: dict[Expr, int] = {}

    def of(self, root: Expr) -> dict[Condition, None]:
        """The conditions under which every part of a readable expression has a value; those that always hold are left out."""
        if root in self._known:
            return self._known[root]
        guarded = _guards(root)
        conditions: dict[Condition, None] = {}
        for node in postorder(root):
            for relation in _declared(node):
                for condition in self._normal(relation):
                    guard = guarded.get(node)
                    if guard is not None:
                        if self._follows(condition, guard):
                            continue
                        condition = "other", TABLE["or"](TABLE["not"](guard), self.shown(condition))
                    conditions[condition] = None
        self._known[root] = {c: None for c in conditions if c[0] != "other" or not self._implied(c[1], conditions)}
        return self._known[root]

    def lost(self, before: Expr, after: Expr) -> list[Condition]:
        """The conditions of one expression that those of another do not imply."""
        kept = self.of(after)
        nonzero = {condition: None for name, u in kept if name == "gt" and u.op is mul for condition in self._about_zero("ne", u)}
        return lost_conditions(self.of(before), kept | nonzero, self.canonical)

    def _implied(self, relation: Expr, conditions: dict[Condition, None]) -> bool:
        """Whether one side of an 'or' is among the conditions already: x > 0 or ... goes where x > 0 stands."""
        if relation.op.name != "or" or not self._is_small(relation):
            return False
        return any(self._implied(side, conditions) or all(c in conditions for c in self._normal(side)) for side in relation.args)

    def _normal(self, relation: Expr) -> Iterator[Condition]:
        if relation.op.name == "and":
            for part in unnested(relation, {node for node in postorder(relation) if node.op is relation.op}):
                yield from self._normal(part)
            return
        name = relation.op.name
        if name in ("ne", "gt", "ge", "lt", "le"):
            left, right = relation.args if name in ("ne", "gt", "ge") else relation.args[::-1]
            u = self.canonical.sum([self.canonical.of(left), self.canonical.scaled(-1, self.canonical.of(right))])
            if name == "ne":  # a + b*tan(x) and a*cos(x) + b*sin(x) are zero at the same points
                u = rewritten(u, VOCABULARIES["sines and cosines"], self.canonical)
            u = self.rational.of(u)
            yield from self._about_zero({"lt": "gt", "le": "ge"}.get(name, name), u)
        elif not self.holds(relation):
            yield "other", self.display.of(self.rational.of(self.canonical.of(relation))) if self._is_small(relation) else relation

    def _about_zero(self, name: str, u: Expr) -> Iterator[Condition]:
        if u.op is NUMBER:
            if not {"ne": u.value != 0, "gt": u.value > 0, "ge": u.value >= 0}[name]:
                yield name, u  # nowhere
            return
        if _surely(name, u):
            return
        if name == "ne":
            for base, exponent in [factor for part in spread(u, _in_roots) for factor in factors_of(part)]:
                if exponent.op is not NUMBER or exponent.value > 0:
                    for factor in self._factors(self._zero_of(base)):
                        yield from self._unless_known("ne", self._zero_of(factor))
            return
        coefficient, rest = coefficient_and_rest(u)
        kept = [number(-1 if coefficient < 0 else 1)]
        for base, exponent in factors_of(rest) if coefficient and rest is not ONE else []:
            sign = self.canonical.signs.of(base)
            odd = type(exponent.value) is int and exponent.value % 2 == 1
            never_negative = sign.nonnegative or (exponent.op is NUMBER and type(exponent.value) is not float and not odd)
            if sign.positive:
                continue
            if never_negative and (name == "gt" or (exponent.op is NUMBER and exponent.value < 0)):
                if name == "gt":  # below the line, the quotient's own condition says that it is not zero
                    yield from self._about_zero("ne", base)
            else:
                kept.append(self._sign_of(base) if odd else self.canonical.power(base, exponent))
        yield from self._unless_known(name, self.canonical.content(self.canonical.product(kept))[1] if coefficient else u)

    def _factors(self, u: Expr) -> list[Expr]:
        """The factors of a sum: x^2 - 1 is zero where x - 1 or x + 1 is."""
        if u.op is not add:
            return [u]
        try:
            ring = Ring(self.canonical)
            ring.need_inside(u)
            _, p = ring.of_sum(u)
            if len(p) > MAX_FACTORED:
                return [u]
            return [ring.expression(part) for part, _ in factor(p)[1]]
        except (TooLarge, NotPolynomial):
            return [u]

    def _zero_of(self, u: Expr) -> Expr:
        """Something simpler that is zero just where u is zero: x - 1 for ln(x), sin(x) for tan(x)."""
        while u.args:
            op, simpler = u.op, self._sign_of(u)
            if simpler is not u:
                u = simpler
            elif op.name == "abs":
                u = u.args[0]
            elif op.name in ("tan", "cot"):
                return self.canonical.function(TABLE["sin" if op.name == "tan" else "cos"], [u.args[0]])
            else:
                break
        return u

    def _sign_of(self, u: Expr) -> Expr:
        """Something simpler with the same sign, zero where u is: x for sinh(x), x - 1 for ln(x), x for e^x - 1."""
        op = u.op
        if not u.args:
            return u
        if op.monotone == "increasing" and op.exact is not None and op.exact(0) == 0:
            return u.args[0]
        if op.name == "ln":
            return self.rational.of(self.canonical.sum([u.args[0], number(-1)]))
        if op is add and len(u.args) == 2:
            for term, other in (u.args, u.args[::-1]):
                coefficient, rest = coefficient_and_rest(term)
                if rest.op is power_row and rest.args[0] is E and other.op is NUMBER and other.value == -coefficient:
                    return self.canonical.scaled(1 if coefficient > 0 else -1, rest.args[1])
        return u

    def _unless_known(self, name: str, u: Expr) -> Iterator[Condition]:
        fact = self.canonical.signs.of(u)
        if not _settles(name, fact):
            if name == "ne" and self.canonical.leading_sign(u) < 0:
                u = self.canonical.scaled(-1, u)
            yield name, u

    def holds(self, relation: Expr) -> bool:
        """Whether a condition is proved, wherever its parts are defined."""
        name, signs = relation.op.name, self.canonical.signs
        if not self._is_small(relation):
            return False
        if name in ("and", "or"):
            return (all if name == "and" else any)(self.holds(part) for part in relation.args)
        if name == "not":
            opposite = _opposite(relation.args[0])
            return opposite.op.name != "not" and self.holds(opposite)
        left, right = (self.canonical.of(side) for side in relation.args)
        if name == "eq":
            return left is right or (right.op.name == "floor" and right.args[0] is left and signs.of(left).integer)
        if name in ("lt", "le"):
            left, right, name = right, left, {"lt": "gt", "le": "ge"}[name]
        total = self.canonical.sum([left, self.canonical.scaled(-1, right)])
        return _settles(name, signs.of(total)) or (total.op is add and _settles(name, signs.of(self.rational.of(total))))

    def _is_small(self, relation: Expr) -> bool:
        return fold(relation, lambda _, sizes: 1 + sum(sizes), self._sizes) <= MAX_RELATION

    def _follows(self, condition: Condition, guard: Expr) -> bool:
        """Whether the condition holds wherever the branch it guards is taken."""
        if not self._is_small(guard):
            return False
        try:
            assumed = Signs(Assumptions.read(guard))
        except UsageError:
            return False
        name, u = condition
        return name != "other" and _settles(name, assumed.of(u))

    def shown(self, condition: Condition) -> Expr:
        """A condition as people write it: x != -1 rather than x + 1 != 0."""
        name, u = condition
        if name == "other":
            return u
        readable = self.display.of(u)
        if readable.op.name == "neg":
            return TABLE[FLIPPED.get(name, name)](readable.args[0], number(0))
        if readable.op.name == "add" and len(readable.args) == 2:
            left, right = readable.args
            if right.op.name == "neg":
                return _compared(name, left, right.args[0])
            if right.op is NUMBER:
                return _compared(name, left, number(-right.value))
        return TABLE[name](readable, number(0))


def _in_roots(node: Expr) -> tuple[Expr, ...] | None:
    """A product's factors, and those of a product under a root: where the root is zero, one of them is."""
    if node.op is mul:
        return node.args
    rooted = node.op is power_row and node.args[0].op is mul and node.args[1].op is NUMBER and node.args[1].value > 0
    return (node.args[0],) if rooted else None


def _settles(name: str, fact: Fact) -> bool:
    """Whether a fact about u proves u != 0, u > 0 or u >= 0."""
    return {"ne": fact.never_zero, "gt": fact.positive, "ge": fact.nonnegative}[name]


def _compared(name: str, left: Expr, right: Expr) -> Expr:
    """left > right, numbers on the right: x < 1 for 1 > x."""
    if left.op is NUMBER:
        return TABLE[FLIPPED.get(name, name)](right, left)
    return TABLE[name](left, right)


def _declared(node: Expr) -> Iterator[Expr]:
    """The domain its row declares for a node; for powers with a constant exponent just the case that applies."""
    op = node.op
    if node is undefined:
        yield TABLE["ne"](0, 0)
    if not node.args or op.domain is None:
        return
    if op is power_row:
        base, exponent = node.args
        if exponent.op is NUMBER:
            value = exponent.value
            whole = value == int(value)
            if value < 0:
                yield TABLE["ne" if whole else "gt"](base, number(0))
            elif not whole:
                yield TABLE["ge"](base, number(0))
            return
        if base.op is NUMBER and base.value <= 0:
            yield TABLE["eq"](exponent, TABLE["floor"](exponent)) if base.value else TABLE["ge"](exponent, number(0))
            return
        if _positive_number(base) or (base.args and (base.op.range.low > 0 or (base.op.range.low == 0 and base.op.range.low_open))):
            return
    yield op.domain(*node.args)


def _positive_number(node: Expr) -> bool:
    return node is E or (node.op is NUMBER and node.value > 0)


def _guards(root: Expr) -> dict[Expr, Expr]:
    """For nodes that only branches of choices need: the condition under which one of them does."""
    needed: dict[Expr, Expr | None] = {root: None}  # None: always
    for node in reversed(postorder(root)):
        outer = needed[node]
        for place, child in enumerate(node.args):
            guard = outer
            if node.op.name == "where" and place > 0:
                chosen = node.args[0] if place == 1 else _opposite(node.args[0])
                guard = chosen if outer is None else TABLE["and"](outer, chosen)
            old = needed.get(child, guard)
            needed[child] = guard if old is guard else None if old is None or guard is None else TABLE["or"](old, guard)
    return {node: guard for node, guard in needed.items() if guard is not None}


def _opposite(relation: Expr) -> Expr:
    if relation.op.name == "not":
        return relation.args[0]
    opposite = {"lt": "ge", "ge": "lt", "gt": "le", "le": "gt", "eq": "ne", "ne": "eq"}.get(relation.op.name)
    return TABLE["not"](relation) if opposite is None else TABLE[opposite](*relation.args)


def _half_angles(u: Expr, canonical: Canonical) -> set[Condition]:
    """sin(2*v) is not zero: neither is sin(v) nor cos(v)."""
    half = canonical.scaled(Fraction(1, 2), u.args[0])
    return {("ne", canonical.function(TABLE[name], [half])) for name in ("sin", "cos")}


def _surely(name: str, constant: Expr) -> bool:
    """Whether a formula without variables is so far from 0 in floats, beside all that it is made of, that the condition holds."""
    if any(node.op is SYMBOL for node in postorder(constant)):
        return False
    evaluator = Evaluator(constant)
    *parts, value = evaluator.float_values({})
    sizes = [abs(part) for part in parts if part]
    if not all(SURELY < size < 1 / SURELY for size in sizes):
        return False  # a part may be the remainder of larger ones, or make a small error large
    margin = SURELY * max(sizes, default=1.0)
    return value > margin or (name == "ne" and value < -margin)


def lost_conditions(before: dict[Condition, None], after: dict[Condition, None], canonical: Canonical) -> list[Condition]:
    """The conditions of `before` that those of `after` do not imply, weaker ones dropped where a stronger one stays."""
    implied = set(after)
    for name, u in after:
        if name == "gt":
            implied |= {("ge", u), ("ne", u)}
        if name == "ne" and u.op.name == "sin":
            implied |= _half_angles(u, canonical)
    lost = [c for c in before if c not in implied]
    both = {u for name, u in lost if name == "ge" and (("ne", u) in lost or ("ne", canonical.scaled(-1, u)) in lost)}
    for u in [u for name, u in lost if name == "ge" and u.op is mul]:  # a*b >= 0 where neither is 0 is a*b > 0
        factors = {("ne", base) for base, _ in factors_of(u)}
        if factors <= set(lost):
            both.add(u)
            lost = [c for c in lost if c not in factors]
    lost = list(dict.fromkeys(("gt", u) if name == "ge" and u in both else (name, u) for name, u in lost))
    if len(lost) + len(after) > MAX_COMPARED:
        return lost
    result: list[Condition] = []
    for place, (name, u) in enumerate(lost):
        others = [*after, *result, *lost[place + 1:]]
        known = name != "other" and _settles(name, Signs(_bounds(others, canonical)).of(u))
        if not known and not any(_implies(other, (name, u), canonical) for other in others):
            result.append((name, u))
    return result


def _bounds(conditions: Iterable[Condition], canonical: Canonical) -> Assumptions:
    """What conditions say of single symbols: x - 1 > 0 and 2 - abs(y) >= 0 bound x and y."""
    result = Assumptions(canonical.signs.assumptions.facts)
    for name, u in conditions:
        terms = {rest: Fraction(c) for c, rest in map(coefficient_and_rest, terms_of(u))} if name != "other" else {}
        constant = terms.pop(ONE, Fraction(0))
        if len(terms) != 1:
            continue
        (what, slope), = terms.items()
        bound, open_end = -constant / slope, name == "gt"
        if name == "ne":
            if what.op is SYMBOL and not bound:
                result.restrict(what, Fact(nonzero=True))
        elif what.op is SYMBOL:
            result.restrict(what, Fact(low=bound, low_open=open_end) if slope > 0 else Fact(high=bound, high_open=open_end))
        elif what.op.name == "abs" and what.args[0].op is SYMBOL and slope < 0:
            result.restrict(what.args[0], Fact(-bound, bound, open_end, open_end))
    return result


def _implies(known: Condition, wanted: Condition, canonical: Canonical) -> bool:
    """Whether a bound implies another condition because their difference has a sign: x >= 1 implies x > -1, and x != -1."""
    (name, u), (other, v) = known, wanted
    if name not in ("gt", "ge") or other == "other":
        return False
    for target in (v, canonical.scaled(-1, v)) if other == "ne" else (v,):
        fact = canonical.signs.of(canonical.sum([target, canonical.scaled(-1, u)]))
        if fact.positive or (fact.nonnegative and (name == "gt" or other == "ge")):
            return True
    return False
