"""Partial fractions in one variable, over the rational numbers; common denominators are rational.py's."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from symdiff.errors import UsageError
from symdiff.expr import ONE, SYMBOL, Expr, Real, number
from symdiff.operations.arithmetic import add
from symdiff.operations.op import as_expr
from symdiff.simplification import polynomials as poly
from symdiff.simplification.canonical import coefficient_and_rest, factors_of, terms_of
from symdiff.simplification.forms import Forms
from symdiff.simplification.polynomials import Polynomial, TooLarge
from symdiff.simplification.ring import NotPolynomial, Ring
from symdiff.symbols import Symbol
from symdiff.walk import free_symbols, paused_collector

__all__ = ["apart"]

Dense = list[Fraction]
"""A polynomial in one variable: its coefficients from the constant on, the last one not zero."""


def apart(expression: Expr | Real, x: Expr | str | None = None) -> Expr:
    """A fraction as polynomial plus partial fractions in x, whose denominators are powers of irreducible polynomials over the rationals.

    x: the variable; needed where the formula has several.  Other variables and functions may stand in the numerator, and in factors of the
    denominator that are free of x.  Raises UsageError where they stand in the denominator beside x (partial fractions of
    1/((x - a)*(x - b)) would be undefined at a = b, where the fraction has a value), and where the fraction is no quotient of polynomials.

    >>> from symdiff import parse
    >>> apart(parse("(x^3 + 1)/(x^2 - 1)")), apart(parse("a/(x^3 + x)"), "x")
    (Expr('x + 1/(x - 1)'), Expr('a/x - a*x/(x^2 + 1)'))
    """
    node = as_expr(expression)
    with paused_collector():
        return _Decomposition(node, _variable(node, x)).result()


def _variable(node: Expr, x: Expr | str | None) -> Expr:
    if x is None:
        symbols = free_symbols(node)
        if len(symbols) != 1:
            raise UsageError(f"'{_short(node)}' has {len(symbols)} variables; say which one: apart(f, x)")
        return symbols[0]
    variable = Symbol(x) if isinstance(x, str) else as_expr(x)
    if variable.op is not SYMBOL:
        raise UsageError(f"apart takes a variable, not '{_short(variable)}'")
    return variable


def _short(node: Expr) -> str:
    text = str(node)
    return text if len(text) < 60 else text[:57] + "..."


class _Decomposition:
    """The work on one fraction: N/(d*D) with D in x alone, and d free of x."""

    def __init__(self, node: Expr, x: Expr) -> None:
        self.node, self.x = node, x
        self.forms = Forms(plain=True)
        self.canonical = self.forms.canonical
        self.ring = Ring(self.canonical)

    def result(self) -> Expr:
        canonical, forms = self.canonical, self.forms
        product = forms.combined(self.node)
        top, bottom = forms.fraction(product)
        coefficient, top = coefficient_and_rest(top)
        top, bottom = forms.expansion.of_top(top), forms.factored(bottom)
        outside, divisors = self._divisors(bottom)
        if not divisors:
            return forms.display.of(forms.expansion.of_top(product))
        try:
            ring = self.ring
            ring.need_inside(top)
            ring.need(self.x, Fraction(1))
            scale, numerator = ring.of_sum(top)
            parts = self._dense_divisors(divisors)
        except (TooLarge, NotPolynomial) as error:
            raise UsageError(f"'{_short(self.node)}' has no denominator with rational coefficients in {self.x}, or is too large") from error
        sums: dict[Expr, list[Expr]] = {}  # the numerators over each denominator
        for monomial, inside in self._numerators(numerator):
            for below, above in _partial_fractions(inside, parts):
                denominator = canonical.product([canonical.power(self._sum(p), number(k)) for p, k in below])
                sums.setdefault(denominator, []).append(canonical.product([number(scale), monomial, self._sum(above)]))
        return self._shown(sums, canonical.product([number(coefficient), canonical.power(outside, number(-1))]))

    def _shown(self, sums: dict[Expr, list[Expr]], over: Expr) -> Expr:
        """The fractions side by side, all times what is free of x."""
        canonical, forms = self.canonical, self.forms
        terms = []
        for denominator, parts in sums.items():
            numerator = forms.expansion.of_top(canonical.sum(parts))
            if denominator is ONE:
                terms += [canonical.product([over, part]) for part in terms_of(numerator)]
            else:
                terms.append(canonical.product([over, numerator, canonical.power(denominator, number(-1))]))
        return forms.display.of(canonical.sum(terms))

    def _divisors(self, bottom: Expr) -> tuple[Expr, list[tuple[Expr, int]]]:
        """The denominator as what is free of x, and powers of factors with x."""
        outside, divisors = [number(coefficient_and_rest(bottom)[0])], []  # type: tuple[list[Expr], list[tuple[Expr, int]]]
        for base, exponent in factors_of(bottom):
            if self.x not in free_symbols(base, exponent):
                outside.append(self.canonical.power(base, exponent))
            elif type(exponent.value) is int and exponent.value > 0 and (base is self.x or base.op is add):
                if free_symbols(base) != [self.x]:
                    raise UsageError(f"the denominator '{_short(self.forms.display.of(base))}' has other variables beside {self.x}: "
                                     "its partial fractions would be undefined at some of their values")
                divisors.append((base, exponent.value))
            else:
                raise UsageError(f"'{_short(self.node)}' is no quotient of polynomials in {self.x}: '{_short(base)}' stands in its denominator")
        return self.canonical.product(outside), divisors

    def _dense_divisors(self, divisors: list[tuple[Expr, int]]) -> list[tuple[Dense, int]]:
        result = []
        for base, power in divisors:
            ring = Ring(self.canonical)
            ring.need(self.x, Fraction(1))
            ring.need_inside(base)
            if ring.size != 1 or ring.depth[self.x] != 1:
                raise NotPolynomial
            _, p = ring.of_sum(base)
            result.append((_dense(p, 0), power))
        return result

    def _numerators(self, numerator: Polynomial) -> Iterator[tuple[Expr, Dense]]:
        """The numerator as sum of (monomial free of x) * (polynomial in x)."""
        ring = self.ring
        place = ring.place[self.x]
        if ring.depth[self.x] != 1:
            raise UsageError(f"'{_short(self.node)}' has roots of {self.x}; partial fractions are for polynomials in it")
        groups: dict[tuple[int, ...], Polynomial] = {}
        for exponents, coefficient in poly.ordered(numerator):
            rest = tuple(0 if i == place else e for i, e in enumerate(exponents))
            groups.setdefault(rest, {})[(exponents[place],)] = coefficient
        for rest, p in groups.items():
            yield ring.term(rest), _dense(p, 0)

    def _sum(self, p: Dense) -> Expr:
        canonical = self.canonical
        return canonical.sum([canonical.product([number(c), canonical.power(self.x, number(n))]) for n, c in enumerate(p)])


def _partial_fractions(numerator: Dense, divisors: list[tuple[Dense, int]]) -> Iterator[tuple[list[tuple[Dense, int]], Dense]]:
    """([(p, k)], a) for each term a/p^k, and ([], a) for the polynomial, with the divisors' own leading coefficients kept."""
    product: Dense = [Fraction(1)]
    for p, k in divisors:
        product = _times(product, _power(p, k))
    whole, rest = _divided(numerator, product)
    if whole:
        yield [], whole
    for p, k in divisors:
        own = _power(p, k)
        others, _ = _divided(product, own)
        part = _divided(_times(rest, _inverse(others, own)), own)[1]  # rest/product = part/own + ...
        for exponent in range(k, 0, -1):
            part, digit = _divided(part, p)
            if digit:
                yield [(p, exponent)], digit


def _dense(p: Polynomial, place: int) -> Dense:
    result = [Fraction(0)] * (poly.degree(p, place) + 1)
    for exponents, coefficient in p.items():
        result[exponents[place]] = Fraction(coefficient)
    return result


def _trimmed(p: Dense) -> Dense:
    while p and not p[-1]:
        p.pop()
    return p


def _times(a: Dense, b: Dense) -> Dense:
    result = [Fraction(0)] * max(len(a) + len(b) - 1, 0)
    for i, u in enumerate(a):
        for j, v in enumerate(b):
            result[i + j] += u * v
    return _trimmed(result)


def _power(p: Dense, n: int) -> Dense:
    result: Dense = [Fraction(1)]
    for _ in range(n):
        result = _times(result, p)
    return result


def _divided(a: Dense, b: Dense) -> tuple[Dense, Dense]:
    """Quotient and remainder."""
    rest, quotient = [*a], [Fraction(0)] * max(len(a) - len(b) + 1, 0)
    for shift in range(len(a) - len(b), -1, -1):
        factor_ = quotient[shift] = rest[shift + len(b) - 1] / b[-1]
        for i, v in enumerate(b):
            rest[shift + i] -= factor_ * v
    return _trimmed(quotient), _trimmed(rest[:len(b) - 1])


def _inverse(a: Dense, modulus: Dense) -> Dense:
    """The polynomial b with a*b = 1 modulo a polynomial that a is coprime to (extended Euclid)."""
    old, new = modulus, _divided(a, modulus)[1]
    b_old: Dense = []
    b_new: Dense = [Fraction(1)]
    while new:
        quotient, rest = _divided(old, new)
        step = _times(quotient, b_new)
        width = max(len(b_old), len(step))
        difference = [(b_old[i] if i < len(b_old) else 0) - (step[i] if i < len(step) else 0) for i in range(width)]
        old, new, b_old, b_new = new, rest, b_new, _trimmed([Fraction(c) for c in difference])
    return [c / old[0] for c in b_old]
