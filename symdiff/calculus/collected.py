"""Sums of products of powers of kernels, and their derivatives: the form in which like terms meet between orders of differentiation.

A kernel is whatever is not taken apart: a symbol, a function value, or a sum that stands in a product or under a power (never expanded).
A collected expression is `{monomial: coefficient}`, a monomial the sorted tuple of (kernel's place, exponent).
"""

from __future__ import annotations

from fractions import Fraction
from math import gcd, lcm
from typing import TypeAlias

from symdiff import numbers
from symdiff.calculus.chain import expanded, local_slope
from symdiff.calculus.tidying import rank
from symdiff.expr import NUMBER, ONE, Expr, Real, number
from symdiff.operations.arithmetic import add, div, mul, neg
from symdiff.operations.arithmetic import pow as power_row
from symdiff.operations.elementary import ln, sqrt
from symdiff.operations.folding import power, product, quotient, sum_of
from symdiff.operations.piecewise import where
from symdiff.walk import postorder

__all__ = ["Collected", "Collector", "Swollen"]

Monomial: TypeAlias = tuple[tuple[int, Real], ...]
Collected: TypeAlias = dict[Monomial, Real]

MOST_TERMS = 400
MOST_KERNELS = 60
HALF = Fraction(1, 2)


class Swollen(ArithmeticError):
    """An expression has too many terms in this form, or a part it has no form for (a division by 0)."""


class Collector:
    """The kernels met so far, their derivatives by one variable, and the way there and back."""

    def __init__(self, variable: Expr) -> None:
        self.variable = variable
        self.kernels: list[Expr] = []
        self._place: dict[Expr, int] = {}
        self._sums: dict[int, Collected] = {}
        self._negated: dict[Expr, int] = {}
        self._forms: dict[Expr, Collected] = {}
        self._derivatives: dict[int, Collected] = {}
        self._shown: dict[int, Expr] = {}

    # There

    def of(self, root: Expr) -> Collected:
        """An expression collected.  Raises Swollen."""
        forms = self._forms
        for node in postorder(root, known=forms):
            forms[node] = self._form(node, [forms[child] for child in node.args])
        return forms[root]

    def _form(self, node: Expr, args: list[Collected]) -> Collected:
        op = node.op
        if op is NUMBER:
            return {(): node.value} if node.value != 0 else {}
        if op is add:
            return total(args)
        if op is neg:
            return scaled(args[0], -1)
        if op is mul:
            return self.product(args)
        if op is div:
            return self.product([args[0], self._power(args[1], -1)])
        if op is sqrt:
            return self._power(args[0], HALF)
        if op is power_row and node.args[1].op is NUMBER and type(node.args[1].value) is not float:
            return self._power(args[0], node.args[1].value)
        return self._kernel(node)

    def _kernel(self, node: Expr, exponent: Real = 1) -> Collected:
        place = self._place.get(node)
        if place is None:
            place = self._place[node] = len(self.kernels)
            self.kernels.append(node)
            if place >= MOST_KERNELS:
                raise Swollen
        return {((place, exponent),): 1}

    def _sum_kernel(self, form: Collected, exponent: Real) -> Collected:
        """A sum as one factor, its content outside; 1 - x and x - 1 are one kernel where the exponent is whole."""
        content = content_of(form)
        primitive = scaled(form, 1 / Fraction(content)) if content != 1 else form
        node = self._flat(primitive)
        sign = 1
        if node in self._negated and type(exponent) is int and node not in self._place:
            place, sign = self._negated[node], -1 if exponent % 2 else 1
        else:
            self._kernel(node)
            place = self._place[node]
            if place not in self._sums:
                self._sums[place] = primitive
                self._negated.setdefault(self._flat(scaled(primitive, -1)), place)
        front = numbers.power(content, exponent) if content != 1 else 1
        if front is None:
            return self._kernel(self.expression(form), exponent)
        return {((place, exponent),): front * sign}

    def _power(self, form: Collected, exponent: Real) -> Collected:
        if not form:
            raise Swollen
        if len(form) > 1:
            return self._sum_kernel(form, exponent)
        (monomial, coefficient), = form.items()
        if type(exponent) is int:
            front = numbers.power(coefficient, exponent)
            if front is None:
                raise Swollen
            return {tuple([(place, e * exponent) for place, e in monomial]): front}
        if coefficient == 1 and len(monomial) == 1 and monomial[0][1] == 1:
            return {((monomial[0][0], exponent),): 1}
        return self._kernel(self.expression(form), exponent)  # (x^2)^(1/2) is not x

    def product(self, factors: list[Collected]) -> Collected:
        """A sum beside other factors than numbers becomes a kernel."""
        coefficient: Real = 1
        monomials: list[Monomial] = []
        sums: list[Collected] = []
        for factor in factors:
            if not factor:
                return {}
            if len(factor) > 1:
                sums.append(factor)
            else:
                (monomial, front), = factor.items()
                coefficient = times(coefficient, front)
                if monomial:
                    monomials.append(monomial)
        if len(sums) == 1 and not monomials:
            return scaled(sums[0], coefficient)
        for factor in sums:
            (monomial, front), = self._sum_kernel(factor, 1).items()
            coefficient = times(coefficient, front)
            monomials.append(monomial)
        return {joined(monomials): coefficient}

    # Derivatives

    def derivative(self, form: Collected) -> Collected:
        """The derivative of a collected expression, collected.  Raises Swollen."""
        result: Collected = {}
        for monomial, coefficient in form.items():
            for at, (place, exponent) in enumerate(monomial):
                slope = self._kernel_derivative(place)
                if not slope:
                    continue
                rest = monomial[:at] + (() if exponent == 1 else ((place, whole(exponent - 1)),)) + monomial[at + 1:]
                front = times(coefficient, exponent)
                if len(slope) > 1 and rest:
                    slope = self._sum_kernel(slope, 1)
                for inner, weight in slope.items():
                    accumulate(result, joined([rest, inner]), times(front, weight))
            if len(result) > MOST_TERMS:
                raise Swollen
        return {monomial: coefficient for monomial, coefficient in result.items() if coefficient != 0}

    def _kernel_derivative(self, place: int) -> Collected:
        known = self._derivatives
        pending = [place]
        while pending:
            top = pending[-1]
            missing = [other for other in self._inside(top) if other not in known] if top not in known else []
            if missing:
                pending += missing
            else:
                pending.pop()
                if top not in known:
                    known[top] = self._derived(top)
        return known[place]

    def _inside(self, place: int) -> set[int]:
        """The kernels that a kernel is made of."""
        if place in self._sums:
            forms = [self._sums[place]]
        else:
            node = self.kernels[place]
            forms = [self.of(child) for child in node.args if not child.op.relation]
        return {inner for form in forms for monomial in form for inner, _ in monomial if inner != place}

    def _derived(self, place: int) -> Collected:
        node = self.kernels[place]
        if place in self._sums:
            return self.derivative(self._sums[place])
        if node is self.variable:
            return {(): 1}
        if node.op.relation or not node.args:
            return {}
        inner = [{} if child.op.relation else self.derivative(self.of(child)) for child in node.args]
        if not any(inner):
            return {}
        pairs = expanded(node)
        if pairs is not node:  # max(u, v, w) as max(max(u, v), w), whose kernels are derived here; their arguments' are known by now
            return self.derivative(self.of(pairs))
        if node.op is where:
            u, v = (self.expression(slope) for slope in inner[1:])
            return self.of(u if u is v else where(node.args[0], u, v))
        if node.op is power_row:
            return self._power_derivative(node, place, inner)
        return total([self.product([self.of(local_slope(node, at)), slope]) for at, slope in enumerate(inner) if slope])

    def _power_derivative(self, node: Expr, place: int, inner: list[Collected]) -> Collected:
        """(u^v)' = u^v*(v*u'/u + v'*ln(u)); `_merged` joins u^v/u to u^(v - 1), which is defined where u is 0 too."""
        u, v = node.args
        logarithmic = [self.product([self.of(v), inner[0], self._power(self.of(u), -1)])] if inner[0] else []
        if inner[1]:
            logarithmic.append(self.product([inner[1], self.of(ln(u))]))
        return self.product([{((place, 1),): 1}, total(logarithmic)])

    # Back

    def expression(self, form: Collected) -> Expr:
        """The sum as an expression, powers that all terms share in front, sums multiplied out where terms meet then."""
        shared = self._shared(form) if len(form) > 1 else ()
        inverse = tuple([(place, -e) for place, e in shared])
        inner = self._multiplied_out({joined([monomial, inverse]): coefficient for monomial, coefficient in form.items()}, bool(shared))
        if len(inner) < 2 and shared:
            return self.expression({joined([shared, monomial]): coefficient for monomial, coefficient in inner.items()})
        return self._term(shared, 1, self._grouped(inner)) if shared else self._grouped(inner)

    @staticmethod
    def _shared(form: Collected) -> Monomial:
        shared = dict(next(iter(form)))
        for monomial in form:
            powers = dict(monomial)
            shared = {place: min(e, powers[place]) for place, e in shared.items() if place in powers}
        return tuple(sorted(shared.items()))

    def _multiplied_out(self, form: Collected, even_if_equal: bool) -> Collected:
        """Replace each sum in whole powers by its terms, where that leaves fewer terms: 6*(x + 1) - 6*x is 6."""
        for place, terms in self._sums.items():
            powers = [dict(monomial).get(place, 0) for monomial in form]
            if len(form) > 1 and any(powers) and all(type(e) is int and e >= 0 for e in powers):
                found: Collected = {}
                power_of_sum: list[Collected] = [{(): 1}]
                while len(power_of_sum) <= max(powers) and len(power_of_sum[-1]) <= MOST_TERMS:
                    power_of_sum.append(expanded_product(power_of_sum[-1], terms))
                if len(power_of_sum) <= max(powers):
                    continue
                for (monomial, coefficient), exponent in zip(form.items(), powers, strict=True):
                    rest = tuple([pair for pair in monomial if pair[0] != place])
                    for inner, weight in power_of_sum[int(exponent)].items():
                        accumulate(found, joined([rest, inner]), times(coefficient, weight))
                found = {monomial: coefficient for monomial, coefficient in found.items() if coefficient != 0}
                if len(found) < len(form) + even_if_equal:
                    form = found
        return form

    def _flat(self, form: Collected) -> Expr:
        return sum_of(*[self._term(monomial, coefficient) for monomial, coefficient in form.items()])

    def _grouped(self, form: Collected) -> Expr:
        """A long sum by the powers of the kernel that most of its terms have, and so on in each group."""
        if len(form) <= SHOWN_FLAT:
            return self._flat(form)
        count: dict[int, int] = {}
        for monomial in form:
            for place, _ in monomial:
                count[place] = count.get(place, 0) + 1
        if not count:
            return self._flat(form)
        main = max(count, key=lambda place: (count[place], -place))
        groups: dict[Real, Collected] = {}
        for monomial, coefficient in form.items():
            exponent = next((e for place, e in monomial if place == main), 0)
            groups.setdefault(exponent, {})[tuple([pair for pair in monomial if pair[0] != main])] = coefficient
        if len(groups) == len(form):
            return self._flat(form)
        return sum_of(*[self._term(((main, e),) if e else (), 1, self._grouped(group)) for e, group in groups.items()])

    def _term(self, monomial: Monomial, coefficient: Real, inner: Expr = ONE) -> Expr:
        """coefficient * powers * inner, negative powers below the line."""
        above: list[Expr] = []
        below: list[Expr] = []
        for base, exponent in self._merged(monomial):
            negative = exponent.op is NUMBER and exponent.value < 0
            (below if negative else above).append(shown_power(base, number(-exponent.value) if negative else exponent))
        if type(coefficient) is Fraction:
            below.insert(0, number(coefficient.denominator))
            coefficient = coefficient.numerator
        factors = sorted([number(coefficient), *above, inner], key=rank)
        return quotient(product(*factors), product(*below)) if below else product(*factors)

    def _merged(self, monomial: Monomial) -> list[tuple[Expr, Expr]]:
        """Bases and exponents; u^v times u^m becomes u^(v + m) where v is a symbolic constant."""
        pairs = [(self.kernels[place], number(e)) for place, e in monomial]
        for at, (base, exponent) in enumerate(pairs):
            if base.op is power_row and exponent is ONE and self.variable not in postorder(base.args[1]):
                for other, (inner, offset) in enumerate(pairs):
                    if inner is base.args[0]:
                        pairs[at] = inner, sum_of(base.args[1], offset)
                        del pairs[other]
                        return pairs
        return pairs


SHOWN_FLAT = 6
"""A sum of up to so many terms is written term by term."""


def shown_power(base: Expr, exponent: Expr) -> Expr:
    return sqrt(base) if exponent.value == HALF else power(base, exponent)


def times(a: Real, b: Real) -> Real:
    if type(a) is int and type(b) is int:
        return a * b
    made = numbers.multiply(a, b)
    if made is None:
        raise Swollen
    return made


def whole(value: Real) -> Real:
    return value.numerator if type(value) is Fraction and value.denominator == 1 else value


def accumulate(form: Collected, monomial: Monomial, coefficient: Real) -> None:
    old = form.get(monomial)
    if old is None:
        form[monomial] = coefficient
    else:
        made = numbers.add(old, coefficient)
        if made is None:
            raise Swollen
        form[monomial] = made


def joined(monomials: list[Monomial]) -> Monomial:
    powers: dict[int, Real] = {}
    for monomial in monomials:
        for place, exponent in monomial:
            powers[place] = powers[place] + exponent if place in powers else exponent
    return tuple(sorted([(place, whole(e)) for place, e in powers.items() if e != 0]))


def expanded_product(left: Collected, right: Collected) -> Collected:
    result: Collected = {}
    for first, a in left.items():
        for second, b in right.items():
            accumulate(result, joined([first, second]), times(a, b))
    return result


def total(forms: list[Collected]) -> Collected:
    result: Collected = {}
    for form in forms:
        for monomial, coefficient in form.items():
            accumulate(result, monomial, coefficient)
    if len(result) > MOST_TERMS:
        raise Swollen
    return {monomial: coefficient for monomial, coefficient in result.items() if coefficient != 0}


def scaled(form: Collected, factor: Real) -> Collected:
    return form if factor == 1 else {monomial: times(factor, coefficient) for monomial, coefficient in form.items()}


def content_of(form: Collected) -> Real:
    """The positive rational number that leaves whole coefficients without common factor."""
    if any(type(c) is float for c in form.values()):
        return 1
    fractions = [Fraction(c) for c in form.values()]
    return whole(Fraction(gcd(*[c.numerator for c in fractions]), lcm(*[c.denominator for c in fractions])))
