"""Polynomials in kernels: which parts of canonical sums become variables, and the way there and back.

A kernel is what the polynomial core treats as a variable: a symbol, a function value, a root, an exponential.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from math import lcm
from typing import TypeAlias

from symdiff.expr import NUMBER, ONE, Expr, Real, number
from symdiff.numbers import Exact
from symdiff.operations.arithmetic import E, add, mul
from symdiff.operations.arithmetic import pow as power_row
from symdiff.simplification import polynomials as poly
from symdiff.simplification.canonical import Canonical, coefficient_and_rest, factors_of, terms_of
from symdiff.simplification.polynomials import Polynomial, TooLarge

__all__ = ["Monomial", "NotPolynomial", "Offsets", "Ring", "split"]

MAX_VARIABLES = 14
MAX_TERMS = 400
MAX_LEVELS = 20
"""Of sums within sums, which a ring multiplies out."""
LIMITS = poly.Limits(terms=MAX_TERMS, bits=2_000)


Offsets: TypeAlias = dict[tuple[Expr, Expr], Exact]
"""For powers b^(s + m) with a symbolic part s, by b and s the least m."""


class NotPolynomial(ArithmeticError):
    """A part that no polynomial over the rationals can hold, such as a float coefficient."""


@dataclass(slots=True)
class Monomial:
    """A canonical term as rational number times kernels and sums to rational powers."""

    coefficient: Exact
    powers: dict[Expr, Exact] = field(default_factory=dict)

    def times(self, base: Expr, exponent: Exact) -> None:
        old = self.powers.get(base)
        total = exponent if old is None else old + exponent
        if total:
            self.powers[base] = total
        else:
            self.powers.pop(base, None)


def split(term: Expr, canonical: Canonical, offsets: Offsets | None = None) -> Monomial:
    """Take a canonical term apart.

    offsets: for powers b^(s + m) with a symbolic part s, the least m met with that b and s: the kernel is b^(s + least m), the rest whole
    powers of b.  Splitting x^(s + 1) into x^s*x instead would lose x = 0 for s between -1 and 0.
    """
    coefficient, rest = coefficient_and_rest(term)
    result = Monomial(_exact(coefficient))
    for base, exponent in [] if rest is ONE else factors_of(rest):
        if base is E and exponent.op is not NUMBER:
            for part in terms_of(exponent):
                factor, what = coefficient_and_rest(part)
                result.times(Expr(power_row, (E, what)) if what is not ONE else E, _exact(factor))
        elif exponent.op is NUMBER:
            _numeric_power(result, base, _exact(exponent.value), canonical)
        else:
            _symbolic_power(result, base, exponent, canonical, offsets)
    return result


def _numeric_power(result: Monomial, base: Expr, exponent: Exact, canonical: Canonical) -> None:
    if exponent.denominator != 1 and base.op is mul:
        whole = exponent.numerator // exponent.denominator
        result.times(base, exponent - whole)  # an opaque root: its whole powers go to the factors it consists of
        if whole:
            _whole_power(result, base, whole, canonical)
    else:
        result.times(base, exponent)


def _whole_power(result: Monomial, base: Expr, whole: Exact, canonical: Canonical, offsets: Offsets | None = None) -> None:
    """A whole power of a product, of each of its factors."""
    if base.op is add:
        result.times(base, whole)
        return
    inner = split(base, canonical, offsets)
    result.coefficient *= Fraction(inner.coefficient) ** int(whole)
    for factor, power in inner.powers.items():
        result.times(factor, power * whole)


def _symbolic_power(result: Monomial, base: Expr, exponent: Expr, canonical: Canonical, offsets: Offsets | None) -> None:
    symbolic, offset = parted(exponent, canonical)
    least = (offsets or {}).get((base, symbolic), offset)
    kernel = canonical.power(base, canonical.sum([symbolic, number(least)]))
    if kernel.op is not power_row or kernel.args[0] is not base:
        kernel, least = Expr(power_row, (base, exponent)), offset
    result.times(kernel, 1)
    if offset != least:
        _whole_power(result, base, offset - least, canonical, offsets)


def parted(exponent: Expr, canonical: Canonical) -> tuple[Expr, Exact]:
    """An exponent as symbolic part and number."""
    numbers = [t for t in terms_of(exponent) if t.op is NUMBER]
    symbolic = canonical.sum([t for t in terms_of(exponent) if t.op is not NUMBER])
    return symbolic, _exact(numbers[0].value) if numbers else 0


def _exact(value: Real) -> Exact:
    if isinstance(value, float):
        raise NotPolynomial
    return value


class Ring:
    """The polynomial ring of the kernels below some canonical sums."""

    def __init__(self, canonical: Canonical) -> None:
        self.canonical = canonical
        self.place: dict[Expr, int] = {}
        self.depth: dict[Expr, int] = {}
        self._sums: dict[Expr, tuple[Fraction, Polynomial]] = {}
        self._split: dict[Expr, list[Monomial]] = {}
        self._level = 0

    @property
    def size(self) -> int:
        return len(self.place)

    def need(self, base: Expr, exponent: Exact) -> None:
        """Make room for a power of a kernel or sum."""
        if base.op is add and exponent.denominator == 1:
            self.need_inside(base)
            return
        if base not in self.place:
            if len(self.place) >= MAX_VARIABLES:
                raise TooLarge("too many kernels")
            self.place[base] = len(self.place)
            self.depth[base] = 1
            if base.op is add or base.op is mul:
                self.need_inside(base)
        self.depth[base] = lcm(self.depth[base], exponent.denominator)
        if self.depth[base] > 60:
            raise TooLarge("roots of too many degrees")

    def need_inside(self, node: Expr) -> None:
        if node in self._split:
            return
        if self._level == MAX_LEVELS:
            raise TooLarge("sums in sums in sums")
        parts = self._split[node] = [split(term, self.canonical) for term in terms_of(node)]
        self._level += 1
        try:
            for part in parts:
                for base, exponent in part.powers.items():
                    if exponent < 0:
                        raise NotPolynomial
                    self.need(base, exponent)
        finally:
            self._level -= 1

    def of_sum(self, node: Expr) -> tuple[Fraction, Polynomial]:
        """A sum (or product) that was needed, as rational number times primitive polynomial."""
        known = self._sums.get(node)
        if known is None:
            known = self._sums[node] = self.of_terms(self._split[node])
        return known

    def of_terms(self, terms: Iterable[Monomial]) -> tuple[Fraction, Polynomial]:
        """The sum of monomials with nonnegative powers: a rational number and a polynomial with whole coefficients."""
        terms = list(terms)
        bottom = lcm(*[t.coefficient.denominator for t in terms])
        total: Polynomial = {}
        for term in terms:
            exponents = [0] * self.size
            product: Polynomial = poly.constant(int(term.coefficient * bottom), self.size)
            scale = Fraction(1)
            for base, exponent in term.powers.items():
                if (base.op is add and base not in self.place) or (base.op is add and exponent.denominator == 1):
                    content, inner = self.of_sum(base)
                    scale *= content ** int(exponent)
                    product = poly.multiply(product, poly.power(inner, int(exponent), LIMITS), LIMITS)
                else:
                    exponents[self.place[base]] += int(exponent * self.depth[base])
            if scale != 1:
                if scale.denominator != 1:
                    raise NotPolynomial
                product = poly.scale(product, int(scale))
            total = poly.add(total, poly.multiply_monomial(product, tuple(exponents)))
            if len(total) > MAX_TERMS:
                raise TooLarge("too many terms")
        return Fraction(1, bottom), self.reduced(total)

    def reduced(self, p: Polynomial) -> Polynomial:
        """Whole powers of roots replaced by what the root is of: (sqrt(u))^2 is u."""
        for base, index in self.place.items():
            depth = self.depth[base]
            rooted = depth > 1 and (base.op is add or base.op is mul or base.op is NUMBER)
            if rooted and poly.degree(p, index) >= depth:
                p = self._replaced(p, index, depth, self._radicand(base))
        return p

    def _radicand(self, base: Expr) -> Polynomial:
        if base.op is NUMBER:
            return poly.constant(int(base.value), self.size)
        content, inner = self.of_sum(base)
        if content.denominator != 1:
            raise NotPolynomial
        return poly.scale(inner, int(content))

    def _replaced(self, p: Polynomial, index: int, depth: int, radicand: Polynomial) -> Polynomial:
        result: Polynomial = {}
        for exponents, coefficient in p.items():
            whole, rest = divmod(exponents[index], depth)
            term: Polynomial = {(*exponents[:index], rest, *exponents[index + 1:]): coefficient}
            result = poly.add(result, poly.multiply(term, poly.power(radicand, whole, LIMITS), LIMITS) if whole else term)
        return self.reduced(result) if any(e[index] >= depth for e in result) else result

    def expression(self, p: Polynomial) -> Expr:
        """The canonical sum of a polynomial."""
        return self.canonical.sum([self.term(exponents, coefficient) for exponents, coefficient in p.items()])

    def term(self, exponents: tuple[int, ...], coefficient: int = 1) -> Expr:
        factors = [number(coefficient)]
        for base, index in self.place.items():
            if exponents[index]:
                depth = self.depth[base]
                exponent = exponents[index] if depth == 1 else Fraction(exponents[index], depth)
                factors.append(self.canonical.power(base, number(exponent)))
        return self.canonical.product(factors)
