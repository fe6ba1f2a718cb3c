"""Where an expression is defined, as a set of conditions on its parts; and which of them a simplification has lost.

The conditions are those the rows declare, brought to a form in which equal ones meet: u != 0, u > 0 or u >= 0 for canonical u.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from symdiff.errors import UsageError
from symdiff.expr import NUMBER, Expr, number
from symdiff.operations import TABLE
from symdiff.operations.arithmetic import E
from symdiff.operations.arithmetic import pow as power_row
from symdiff.simplification.canonical import Canonical, coefficient_and_rest, factors_of
from symdiff.simplification.display import Display
from symdiff.simplification.rational import Rational
from symdiff.simplification.signs import Assumptions, Signs
from symdiff.walk import postorder

__all__ = ["Domain", "lost_conditions"]

Condition = tuple[str, Expr]  # ("ne" | "gt" | "ge", u): u != 0, u > 0, u >= 0; ("other", relation) for any other shape


class Domain:
    """Reads the conditions of expressions, with one memory of canonical forms."""

    def __init__(self, canonical: Canonical, rational: Rational, display: Display) -> None:
        self.canonical, self.rational, self.display = canonical, rational, display

    def of(self, root: Expr) -> dict[Condition, None]:
        """The conditions under which every part of a readable expression has a value; those that always hold are left out."""
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
        return {c: None for c in conditions if c[0] != "other" or not self._implied(c[1], conditions)}

    def _implied(self, relation: Expr, conditions: dict[Condition, None]) -> bool:
        """Whether one side of an 'or' is among the conditions already: x > 0 or ... goes where x > 0 stands."""
        if relation.op.name != "or":
            return False
        return any(self._implied(side, conditions) or all(c in conditions for c in self._normal(side)) for side in relation.args)

    def _normal(self, relation: Expr) -> Iterator[Condition]:
        name = relation.op.name
        if name == "and":
            for part in relation.args:
                yield from self._normal(part)
            return
        if name in ("ne", "gt", "ge", "lt", "le"):
            left, right = relation.args if name in ("ne", "gt", "ge") else relation.args[::-1]
            u = self.rational.of(self.canonical.sum([self.canonical.of(left), self.canonical.scaled(-1, self.canonical.of(right))]))
            yield from self._about_zero({"lt": "gt", "le": "ge"}.get(name, name), u)
            return
        yield "other", relation

    def _about_zero(self, name: str, u: Expr) -> Iterator[Condition]:
        if name == "ne":
            for base, exponent in factors_of(u):
                if exponent.op is not NUMBER or exponent.value > 0:
                    yield from self._unless_known("ne", self._zero_of(base))
            return
        coefficient, rest = coefficient_and_rest(u)
        positive = [b for b, e in factors_of(rest) if self.canonical.signs.of(b).positive] if rest.args else []
        kept = self.canonical.product([u, number(abs(Fraction(1) / Fraction(coefficient))) if coefficient else number(1),
                                       *[self.canonical.power(b, self.canonical.scaled(-1, e)) for b, e in factors_of(rest) if b in positive]])
        yield from self._unless_known(name, kept)

    def _zero_of(self, u: Expr) -> Expr:
        """Something simpler that is zero just where u is zero: x - 1 for ln(x), sin(x) for tan(x)."""
        while u.args:
            op = u.op
            if op.name in ("abs", "cbrt") or op.monotone is not None and op.exact is not None and op.exact(0) == 0:
                u = u.args[0]
            elif op.name == "ln":
                u = self.rational.of(self.canonical.sum([u.args[0], number(-1)]))
            elif op.name in ("tan", "cot"):
                return self.canonical.function(TABLE["sin" if op.name == "tan" else "cos"], [u.args[0]])
            else:
                break
        return u

    def _unless_known(self, name: str, u: Expr) -> Iterator[Condition]:
        fact = self.canonical.signs.of(u)
        known = {"ne": fact.never_zero, "gt": fact.positive, "ge": fact.nonnegative}[name]
        if not known:
            if name == "ne" and self.canonical.leading_sign(u) < 0:
                u = self.canonical.scaled(-1, u)
            yield name, u

    def holds(self, relation: Expr) -> bool:
        """Whether a condition is proved, wherever its parts are defined."""
        name, signs = relation.op.name, self.canonical.signs
        if name in ("and", "or"):
            return (all if name == "and" else any)(self.holds(part) for part in relation.args)
        if name == "not":
            return self.holds(_opposite(relation.args[0])) if relation.args[0].op.name != "not" else False
        left, right = (self.canonical.of(side) for side in relation.args)
        if name == "eq":
            return left is right or right.op.name == "floor" and right.args[0] is left and signs.of(left).integer
        if name in ("lt", "le"):
            left, right, name = right, left, {"lt": "gt", "le": "ge"}[name]
        fact = signs.of(self.canonical.sum([left, self.canonical.scaled(-1, right)]))
        return {"ne": fact.never_zero, "gt": fact.positive, "ge": fact.nonnegative}[name]

    def _follows(self, condition: Condition, guard: Expr) -> bool:
        """Whether the condition holds wherever the branch it guards is taken."""
        try:
            assumed = Signs(Assumptions.read(guard))
        except UsageError:
            return False
        name, u = condition
        fact = assumed.of(u)
        return {"ne": fact.never_zero, "gt": fact.positive, "ge": fact.nonnegative}.get(name, False)

    def shown(self, condition: Condition) -> Expr:
        """A condition as people write it: x != -1 rather than x + 1 != 0."""
        name, u = condition
        if name == "other":
            return u
        readable = self.display.of(u)
        if readable.op.name == "add" and len(readable.args) == 2:
            left, right = readable.args
            if right.op.name == "neg":
                return _compared(name, left, right.args[0])
            if right.op is NUMBER:
                return _compared(name, left, number(-right.value))
        return TABLE[name](readable, number(0))


def _compared(name: str, left: Expr, right: Expr) -> Expr:
    """left > right, numbers on the right: x < 1 for 1 > x."""
    if left.op is NUMBER:
        return TABLE[{"gt": "lt", "ge": "le"}.get(name, name)](right, left)
    return TABLE[name](left, right)


def _declared(node: Expr) -> Iterator[Expr]:
    """The domain its row declares for a node; for powers with a constant exponent just the case that applies."""
    op = node.op
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
        if _positive_number(base) or base.args and (base.op.range.low > 0 or base.op.range.low == 0 and base.op.range.low_open):
            return
    yield op.domain(*node.args)


def _positive_number(node: Expr) -> bool:
    return node is E or node.op is NUMBER and node.value > 0


def _guards(root: Expr) -> dict[Expr, Expr]:
    """For nodes that only a branch of a choice needs: the condition under which they are needed."""
    free: set[Expr] = set()
    guards: dict[Expr, Expr] = {}
    order = postorder(root)
    free.add(root)
    for node in reversed(order):
        needed = node in free
        for place, child in enumerate(node.args):
            if node.op.name == "where" and place > 0:
                condition = node.args[0]
                guard = condition if place == 1 else _opposite(condition)
                if needed and child not in free:
                    guards[child] = guard
            elif needed:
                free.add(child)
                guards.pop(child, None)
            elif node in guards and child not in free:
                guards.setdefault(child, guards[node])
    return {node: guard for node, guard in guards.items() if node not in free}


def _opposite(relation: Expr) -> Expr:
    opposite = {"lt": "ge", "ge": "lt", "gt": "le", "le": "gt", "eq": "ne", "ne": "eq"}.get(relation.op.name)
    return TABLE["not"](relation) if opposite is None else TABLE[opposite](*relation.args)


def _half_angles(u: Expr, canonical: Canonical) -> set[Condition]:
    """sin(2*v) is not zero: neither is sin(v) nor cos(v)."""
    half = canonical.scaled(Fraction(1, 2), u.args[0])
    return {("ne", canonical.function(TABLE[name], [half])) for name in ("sin", "cos")}


def lost_conditions(before: dict[Condition, None], after: dict[Condition, None], canonical: Canonical) -> list[Condition]:
    """The conditions of `before` that those of `after` do not imply, weaker ones dropped where a stronger one stays."""
    implied = set(after)
    for name, u in after:
        if name == "gt":
            implied |= {("ge", u), ("ne", u)}
        if name == "ne" and u.op.name == "sin":
            implied |= _half_angles(u, canonical)
    lost = [c for c in before if c not in implied]
    stronger = {u for name, u in lost if name == "gt"}
    both = {u for name, u in lost if name == "ge"} & {u for name, u in lost if name == "ne"}
    result = []
    for name, u in lost:
        if name in ("ge", "ne") and u in stronger:
            continue
        if u in both:
            name = "gt"
        if (name, u) not in result:
            result.append((name, u))
    return result
