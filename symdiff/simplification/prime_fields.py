"""Identity testing over prime fields: whether a formula, as a rational function of its kernels, is zero at random points modulo primes.

A kernel (a symbol, a function of something, a root, an exponential) is a variable of its own.  If the rational function is zero, so is
the formula, wherever it is defined; if it is not, kernels that depend on each other may still make the formula zero.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from random import Random

from symdiff.evaluator import exact_number
from symdiff.expr import NUMBER, ONE, Expr
from symdiff.operations.arithmetic import E, add, div, mul, neg
from symdiff.operations.arithmetic import pow as power_row
from symdiff.simplification.canonical import Canonical, coefficient_and_rest, terms_of
from symdiff.walk import postorder

__all__ = ["MERSENNE", "FieldTest"]

MERSENNE = 2 ** 61 - 1
ARITHMETIC = frozenset({add, mul, div, neg, power_row})
LARGEST_EXPONENT = 1 << 20
LARGEST_DEGREE = 1 << 40
"""Above it the test would say too little."""

Exponents = list[tuple[Expr, Fraction]]


@dataclass(slots=True)
class _Kernels:
    """For every node that is no sum, product or whole power: the kernels it is a product of, with their rational exponents."""

    powers: dict[Expr, Exponents]
    depth: dict[Expr, int]
    """What the exponents of a kernel have in common as denominator: its variable is that root of it."""


class FieldTest:
    """A formula made ready; `bound` is the chance at most that one point modulo one prime is zero though the function is not.

    It is None where the formula has no place in a field: exponents or degrees too large, or a constant without value.
    """

    def __init__(self, expression: Expr, canonical: Canonical) -> None:
        self.order = postorder(expression)
        self.canonical = canonical
        self.kernels = _Kernels({}, {})
        self.bound = self._prepared()

    def _prepared(self) -> float | None:
        inside = set(self._arithmetic(self.order[-1]))
        for node in self.order:
            if node in inside and not self._is_ring_step(node):
                if node.op is NUMBER:
                    continue
                self.kernels.powers[node] = powers = self._powers(self.canonical.of(node))
                for base, exponent in powers:
                    self.kernels.depth[base] = lcm(self.kernels.depth.get(base, 1), exponent.denominator)
        self.order = [node for node in self.order if node in inside]
        degree = self._degree()
        return None if degree is None else degree / MERSENNE

    def _arithmetic(self, root: Expr) -> Iterator[Expr]:
        """The nodes that stand outside all kernels."""
        met, stack = {root}, [root]
        while stack:
            node = stack.pop()
            yield node
            if self._is_ring_step(node):
                for child in node.args if node.op is not power_row else node.args[:1]:
                    if child not in met:
                        met.add(child)
                        stack.append(child)

    @staticmethod
    def _is_ring_step(node: Expr) -> bool:
        if node.op is power_row:
            exponent = node.args[1].value
            return type(exponent) is int and abs(exponent) <= LARGEST_EXPONENT
        return node.op in ARITHMETIC

    def _powers(self, form: Expr) -> Exponents:
        """A kernel's canonical form as powers: e^(2*x + y/2) is (e^x)^2*(e^y)^(1/2), x^(3/2) is x to the 3/2."""
        if form.op is power_row:
            base, exponent = form.args
            if exponent.op is NUMBER:
                if type(exponent.value) is not float:
                    return [(base, Fraction(exponent.value))]
            elif base is E or (base.op is NUMBER and base.value > 0):
                parts = [coefficient_and_rest(term) for term in terms_of(exponent)]
                if not any(type(coefficient) is float for coefficient, _ in parts):
                    return [(Expr(power_row, (base, rest)) if rest is not ONE else base, Fraction(coefficient)) for coefficient, rest in parts]
        return [(form, Fraction(1))]

    def _degree(self) -> int | None:
        """A bound on the degree of the numerator of the whole; None where it is too large."""
        top: dict[Expr, tuple[int, int]] = {}
        for node in self.order:
            if node.op is NUMBER:
                made = 0, 0
            elif node in self.kernels.powers:
                sizes = [int(abs(e) * self.kernels.depth[base]) for base, e in self.kernels.powers[node]]
                made = sum(sizes), sum(sizes)
            else:
                made = self._degree_of_step(node, top)
            if max(made) > LARGEST_DEGREE:
                return None
            top[node] = made
        return max(1, top[self.order[-1]][0])

    @staticmethod
    def _degree_of_step(node: Expr, top: dict[Expr, tuple[int, int]]) -> tuple[int, int]:
        if node.op is power_row:
            (n, d), k = top[node.args[0]], node.args[1].value
            return (n * k, d * k) if k >= 0 else (d * -k, n * -k)
        parts = [top[child] for child in node.args]
        if node.op is div:
            (n, d), (m, e) = parts
            return n + e, d + m
        below = sum(d for _, d in parts)
        return (max(n + below - d for n, d in parts), below) if node.op is add else (sum(n for n, _ in parts), below)

    def is_zero(self, prime: int, random: Random) -> bool | None:
        """Whether the function is zero modulo a prime at a random point; None where a denominator is zero there."""
        variable: dict[Expr, int] = {}
        for node in self.order:
            for base, _ in self.kernels.powers.get(node, ()):
                if base not in variable:
                    variable[base] = random.randrange(1, prime)
        value: dict[Expr, int] = {}
        try:
            for node in self.order:
                value[node] = self._value(node, value, variable, prime)
        except ValueError:  # no inverse
            return None
        return value[self.order[-1]] == 0

    def _value(self, node: Expr, value: dict[Expr, int], variable: dict[Expr, int], p: int) -> int:
        if node.op is NUMBER:
            exact = Fraction(exact_number(node.value))
            return exact.numerator * pow(exact.denominator, -1, p) % p
        powers = self.kernels.powers.get(node)
        if powers is not None:
            result = 1
            for base, exponent in powers:
                result = result * pow(variable[base], int(exponent * self.kernels.depth[base]), p) % p
            return result
        if node.op is power_row:
            return pow(value[node.args[0]], node.args[1].value, p)
        parts = [value[child] for child in node.args]
        if node.op is add:
            return sum(parts) % p
        if node.op is neg:
            return -parts[0] % p
        if node.op is div:
            return parts[0] * pow(parts[1], -1, p) % p
        result = 1
        for part in parts:
            result = result * part % p
        return result
