"""From the canonical form back to what people write: quotients, minus signs, roots, exp, and terms in reading order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import Any

from symdiff.expr import NUMBER, ONE, SYMBOL, Expr, Real, number
from symdiff.operations import TABLE
from symdiff.operations.arithmetic import E, add, div, mul
from symdiff.operations.arithmetic import pow as power_row
from symdiff.operations.operators import negate
from symdiff.simplification.canonical import HALF, Canonical, coefficient_and_rest, factors_of, terms_of
from symdiff.simplification.cost import Prices
from symdiff.walk import postorder

__all__ = ["Display"]

SQRT, EXP = TABLE["sqrt"], TABLE["exp"]
Factor = tuple[Expr, Expr]


class Display:
    """Readable forms of canonical nodes, each made once."""

    def __init__(self, canonical: Canonical) -> None:
        self.canonical = canonical
        self._shown: dict[Expr, Expr] = {}
        self._keys: dict[Expr, tuple[Any, ...]] = {ONE: (2,)}
        self._sketches: dict[Expr, tuple[Any, ...]] = {}
        self.prices = Prices()

    def of(self, root: Expr) -> Expr:
        shown = self._shown
        if root not in shown:
            for node in postorder(root, known=shown):
                shown[node] = self._readable(node)
        return shown[root]

    def _readable(self, node: Expr) -> Expr:
        op = node.op
        if not node.args:
            return node
        if op is add:
            return self._sum(node)
        if op is mul or op is power_row:
            return self._product(node)
        children = node.args
        if op.parity == "even" and children[0].op is add and coefficient_and_rest(min(children[0].args, key=self._term_key))[0] < 0:
            children = (self.canonical.scaled(-1, children[0]),)
        args = [self.of(child) for child in children]
        if op.name in ("max", "min"):
            args.sort(key=lambda child: (child.op is NUMBER, self._sketch(child)))
        return Expr(op, tuple(args))

    # Sums: highest degree first, constants last, a positive term in front if there is one.

    def _sum(self, node: Expr) -> Expr:
        plain = self._ordered(node.args)
        denominators = [_denominator(term) for term in node.args]
        if len(node.args) > 200 or len(set(denominators)) == len(denominators) == 1:
            return plain
        return min([plain, *self._grouped(node, denominators)], key=self.prices.of)

    def _ordered(self, nodes: Iterable[Expr], extra: tuple[Expr, ...] = ()) -> Expr:
        terms = sorted(nodes, key=self._term_key)
        first = next((i for i, term in enumerate(terms) if coefficient_and_rest(term)[0] > 0), 0)
        terms.insert(0, terms.pop(first))
        shown = [*[self.of(term) for term in terms], *extra]
        return shown[0] if len(shown) == 1 else Expr(add, tuple(shown))

    def _grouped(self, node: Expr, denominators: list[int]) -> Iterator[Expr]:
        """Terms over a common number: all of them, times what their coefficients share, or those with one denominator."""
        content, primitive = self.canonical.content(node)
        if content != 1:
            inner = self._ordered(primitive.args)
            value = Fraction(content)
            top = inner if value.numerator == 1 else mul(number(value.numerator), inner)
            yield top if value.denominator == 1 else div(top, number(value.denominator))
        for n in sorted(set(denominators) - {1}):
            group = [term for term, d in zip(node.args, denominators, strict=True) if d == n]
            if 1 < len(group) < len(node.args):
                inner = self.canonical.scaled(n, self.canonical.sum(group))
                others = [term for term, d in zip(node.args, denominators, strict=True) if d != n]
                yield self._ordered(others, (div(self._ordered(terms_of(inner)), number(n)),))

    def _term_key(self, term: Expr) -> tuple[Any, ...]:
        _, rest = coefficient_and_rest(term)
        key = self._keys.get(rest)
        if key is None:
            names = tuple(sorted((_name(base) for base, _ in factors_of(rest))))
            symbols, kernels = _degrees(rest)
            key = int(symbols == kernels == 0), -symbols, -kernels, names, self._sketch(rest), self.canonical.digest(rest)
            self._keys[rest] = key
        return key

    # Products: number, constants, roots of numbers, symbols, functions, sums; negative exponents below the line.

    def _product(self, node: Expr) -> Expr:
        coefficient, rest = coefficient_and_rest(node)
        if isinstance(coefficient, float):
            front, top_number, bottom_number = coefficient, 1, 1
        else:
            front, top_number, bottom_number = 1, coefficient.numerator, coefficient.denominator
        above: list[Factor] = []
        below: list[Factor] = []
        roots: dict[Fraction, int] = {}
        for base, exponent in factors_of(rest):
            if base.op is NUMBER and type(base.value) is int and base.value > 0 and type(exponent.value) is Fraction:
                roots[exponent.value] = roots.get(exponent.value, 1) * base.value
            elif self._goes_below(base, exponent):
                below.append((base, self.canonical.scaled(-1, exponent)))
            else:
                above.append((base, exponent))
        bottom_number = _place_roots(roots, bottom_number, above, below)
        sign = self._settle_signs(-1 if top_number < 0 else 1, above, below)
        top = self._factors(number(abs(top_number)) if type(front) is not float else number(front), above)
        result = top if not below and bottom_number == 1 else div(top, self._factors(number(bottom_number), below))
        return negate(result) if sign < 0 else result

    def _goes_below(self, base: Expr, exponent: Expr) -> bool:
        """Whether a power is written as a divisor.  x^(-y) is none where both might be 0 or less: 0^2 has a value, and 1/0^(-2) has none."""
        if base is E or not _negative(exponent):
            return False
        signs = self.canonical.signs
        return exponent.op is NUMBER or signs.of(base).never_zero or signs.of(exponent).negative

    def _settle_signs(self, sign: int, above: list[Factor], below: list[Factor]) -> int:
        """Write sums in whole powers with a positive term of highest degree, and put a remaining minus where it is cheapest."""
        def flip(factors: list[Factor], index: int) -> int:
            base, exponent = factors[index]
            factors[index] = self.canonical.scaled(-1, base), exponent
            return -1 if exponent.value % 2 else 1

        sums = [(factors, i) for factors in (above, below) for i, (base, exponent) in enumerate(factors)
                if base.op is add and type(exponent.value) is int]
        for factors, i in sums:
            first = min(factors[i][0].args, key=self._term_key)
            if coefficient_and_rest(first)[0] < 0:
                sign *= flip(factors, i)
        if sign < 0:
            for factors, i in reversed(sums):
                base, exponent = factors[i]
                if exponent.value % 2 and any(coefficient_and_rest(term)[0] < 0 for term in base.args):
                    return sign * flip(factors, i)
        return sign

    def _factors(self, front: Expr, factors: list[Factor]) -> Expr:
        ordered = sorted(factors, key=self._factor_key)
        ordered = self._roots_merged(ordered)
        shown = [self._power(base, exponent) for base, exponent in ordered]
        if front is not ONE or not shown:
            shown.insert(0, front)
        return shown[0] if len(shown) == 1 else mul(*shown)

    def _roots_merged(self, factors: list[Factor]) -> list[Factor]:
        """sqrt(2)*sqrt(pi) as sqrt(2*pi), where all radicands but one are positive (else the domain would change)."""
        roots = [base for base, exponent in factors if exponent is HALF]
        if len(roots) < 2:
            return factors
        signs = self.canonical.signs
        known = [base for base in roots if signs.of(base).positive]
        if not known or any(base.op is add for base in known):
            return factors
        chosen = known + [base for base in roots if base not in known and base.op is not add][:1]
        if len(chosen) < 2:
            return factors
        product = mul(*chosen)
        self._shown[product] = mul(*[self.of(base) for base in chosen])
        merged: list[Factor] = []
        for base, exponent in factors:
            if base in chosen and exponent is HALF:
                if base is chosen[0]:
                    merged.append((product, HALF))
            else:
                merged.append((base, exponent))
        return merged

    def _factor_key(self, factor: Factor) -> tuple[Any, ...]:
        base, exponent = factor
        op = base.op
        rank = 0 if op is NUMBER else 1 if not base.args and op is not SYMBOL and base is not E else 2 if op is SYMBOL else 4 if op is add else 3
        whole = exponent.op is NUMBER
        return rank, _name(base), not whole, self._sketch(base), self.canonical.digest(base)

    def _sketch(self, node: Expr) -> tuple[Any, ...]:
        sketch = self._sketches.get(node)
        if sketch is None:
            sketch = self._sketches[node] = _sketch(node)
        return sketch

    def _power(self, base: Expr, exponent: Expr) -> Expr:
        if exponent is ONE:
            return self.of(base)
        if base is E:
            return EXP(self.of(exponent))
        shown = self.of(base)
        if exponent is HALF:
            return SQRT(shown)
        return power_row(shown, exponent if exponent.op is NUMBER else self.of(exponent))


def _sketch(node: Expr, depth: int = 3) -> tuple[Any, ...]:
    """What a reader sorts by: numbers by size, then names, then functions by their arguments, no deeper than three levels."""
    if node.op is NUMBER:
        return 0, node.value
    if not node.args:
        return 1, _name(node)
    inner = sorted(_sketch(child, depth - 1) for child in node.args[:4]) if depth else []
    return 2, node.op.name, tuple(inner)


def _degrees(rest: Expr) -> tuple[Real, Real]:
    """The degree of a term in its symbols, and in its function values (e^(3*x) being the cube of one)."""
    symbols: Real = 0
    kernels: Real = 0
    for base, exponent in factors_of(rest):
        coefficient = coefficient_and_rest(exponent)[0]
        if type(coefficient) is float:
            continue
        if base.op is SYMBOL:
            symbols += coefficient if exponent.op is NUMBER else 0
        elif base.args or base is E:
            kernels += coefficient
    return symbols, kernels


def _denominator(term: Expr) -> int:
    coefficient, _ = coefficient_and_rest(term)
    return 1 if isinstance(coefficient, float) else coefficient.denominator


def _name(base: Expr) -> str:
    return str(base.value) if base.op is SYMBOL else base.op.name


def _negative(exponent: Expr) -> bool:
    """Whether an exponent is written below the line: a negative number, or a term with a negative number in front."""
    coefficient, rest = coefficient_and_rest(exponent)
    return coefficient < 0 and (rest is ONE or len(terms_of(exponent)) == 1)


def _place_roots(roots: dict[Fraction, int], bottom: int, above: list[Factor], below: list[Factor]) -> int:
    """Roots of numbers: above the line, or below where that takes a number away (sqrt(2)/2 is 1/sqrt(2)); returns the number below."""
    for exponent, base in sorted(roots.items()):
        if exponent.denominator == 2 and exponent.numerator == 1 and bottom % base == 0:
            below.append((number(base), number(exponent)))
            bottom //= base
        else:
            above.append((number(base), number(exponent)))
    return bottom
