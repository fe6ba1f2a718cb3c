"""Roots with whole powers of what they are of, as one power: sqrt(a*u)*a*u is (a*u)^(3/2), and sqrt(a*u)/(a*u) is 1/sqrt(a*u)."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from symdiff.expr import Expr, number
from symdiff.operations.arithmetic import mul
from symdiff.operations.arithmetic import pow as power_row
from symdiff.simplification.canonical import Canonical, coefficient_and_rest, factors_of
from symdiff.walk import fold

__all__ = ["gathered"]


def gathered(root: Expr, canonical: Canonical, price: Callable[[Expr], float], known: dict[Expr, Expr]) -> Expr:
    """A canonical form in which every root of a product has taken such factors in, where that is cheaper.

    The domain stays what it is: powers above the line only make a root's power larger, and powers below the line were not 0 before.
    """
    def rule(node: Expr, args: list[Expr]) -> Expr:
        if not args:
            return node
        if tuple(args) != node.args:
            node = canonical.of(Expr(node.op, tuple(args)))
        while node.op is mul:
            shorter = min([node, *_with_one_root_raised(node, canonical)], key=price)
            if shorter is node:
                break
            node = shorter
        return node
    return fold(root, rule, known)


def _with_one_root_raised(node: Expr, canonical: Canonical) -> list[Expr]:
    factors = factors_of(node)
    powers = dict(factors)
    found = []
    for base, exponent in factors:
        sign, core = coefficient_and_rest(base)
        if base.op is not mul or type(exponent.value) is not Fraction or sign not in (1, -1):
            continue
        for direction in (1, -1) if exponent.value > 0 else (-1,):
            taken = _times_taken(factors_of(core), powers, direction)
            if taken:
                left = [canonical.power(member, number(powers[member].value - taken * inner.value)) for member, inner in factors_of(core)]
                raised = Expr(power_row, (base, number(exponent.value + taken)))
                members = {member for member, _ in factors_of(core)}
                others = [canonical.power(b, e) for b, e in factors if b is not base and b not in members]
                front = coefficient_and_rest(node)[0] * (sign if taken % 2 else 1)
                found.append(canonical.product([number(front), raised, *left, *others]))
    return found


def _times_taken(members: list[tuple[Expr, Expr]], powers: dict[Expr, Expr], direction: int) -> int:
    """How often the product of the members is in the product of these powers, without a power changing sides of the line; negative below."""
    most: int | None = None
    for member, inner in members:
        power = powers.get(member)
        if type(inner.value) is not int or power is None or type(power.value) is not int:
            return 0
        times = power.value * direction // inner.value if power.value % inner.value == 0 else int(power.value * direction / inner.value)
        if times <= 0:
            return 0
        most = times if most is None else min(most, times)
    return direction * (most or 0)
